"""An office whose keys are in tokens: begun, acted in and verified, with no key in any file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sayso.cli import main
from sayso.record.signature import PublicKey
from tests.cli.terminal import Ran, Terminal, keygen
from tests.tokens.conftest import PIN, Hsm
from tests.verify.test_alone import ran
from tests.witness.served import served

OFFICE = ("office", "open", "desk", "--title", "Desk", "--rank", 3)


@pytest.fixture
def at(softhsm: Hsm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal in an empty folder, with the PIN of the tokens in its environment."""
    del softhsm
    monkeypatch.setenv("SAYSO_PIN", PIN)
    return Terminal(tmp_path, now=None)


def made(at: Terminal, hsm: Hsm, name: str, *more: str) -> str:
    """Return the name of a new key in a token."""
    uri = str(hsm.uri(name))
    at.asks("key", "new", uri, *more)
    return uri


def begun(at: Terminal, key: object, *more: str) -> Ran:
    named = ("--origin", "sayso.example/token", "--registrar", "ann", "--key", key)
    return at.installed("init", *named, *more)


@pytest.mark.parametrize("more", [(), ("--ecdsa",)], ids=["ed25519", "ecdsa"])
def test_a_person_acts_with_a_key_in_a_token(
    at: Terminal, softhsm: Hsm, more: tuple[str, ...]
) -> None:
    ann = made(at, softhsm, f"ann{len(more)}", *more)
    assert begun(at, ann).status == 0
    done = at.installed(*OFFICE, "--key", ann, as_json=True)
    assert done.status == 0, done
    assert at.run("record", "verify").status == 0
    shown = at.asks("record", "show", done.value["entry"])
    allowed, sig = at.folder / "allowed", at.folder / "sig"
    allowed.write_text(at.run("record", "signers").out)
    sig.write_text(shown["signatures"][0]["sig"])
    verify = ("-Y", "verify", "-f", allowed, "-I", "ann", "-n", shown["namespace"], "-s", sig)
    assert b"Good" in keygen(*verify, given=shown["payload"].encode()).stdout


def test_the_public_line_is_what_the_registrar_enrols(at: Terminal, softhsm: Hsm) -> None:
    at.asks("key", "new", at.folder / "ann")
    assert begun(at, at.folder / "ann").status == 0
    bob = made(at, softhsm, "bob", "--ecdsa")
    line = at.run("key", "public", bob).out
    assert PublicKey.parse(line).fingerprint == at.asks("key", "public", bob)["fingerprint"]
    public, proof = at.folder / "bob.pub", at.folder / "bob.proof"
    public.write_text(line)
    at.asks("key", "prove", bob, "--person", "bob", "--out", proof)
    enrolled = ("person", "enrol", "bob", "--public", public, "--proof", proof)
    at.asks(*enrolled, "--key", at.folder / "ann")
    own = made(at, softhsm, "cid")
    at.asks("person", "enrol", "cid", "--new-key", own, "--key", at.folder / "ann")
    assert at.asks("key", "public", at.folder / "ann")["public"] in (
        (at.folder / "ann.pub").read_text()
    )


@pytest.mark.parametrize("more", [(), ("--classical",)], ids=["both", "classical"])
def test_a_log_whose_key_is_in_a_token(at: Terminal, softhsm: Hsm, more: tuple[str, ...]) -> None:
    at.asks("key", "new", at.folder / "ann")
    log = made(at, softhsm, f"log{len(more)}")
    told = begun(at, at.folder / "ann", "--log-token", log, *more)
    assert told.status == 0, told
    file = Path(f"{at.store}.log-key").read_text()
    assert file.startswith(f"{log}\n")
    assert file.count("BEGIN PRIVATE KEY") == 1 - len(more)
    assert at.installed(*OFFICE, "--key", at.folder / "ann").status == 0
    folder, trust = at.folder / "exported", f"{at.store}.trust.json"
    at.asks("record", "export", folder)
    away = ran(folder, "--trust", trust, "--json")
    assert away.returncode == 0, away
    assert len(json.loads(away.stdout)["signed"]) == 2 - len(more)


def test_a_witness_whose_key_is_in_a_token(at: Terminal, softhsm: Hsm) -> None:
    at.asks("key", "new", at.folder / "ann")
    assert begun(at, at.folder / "ann").status == 0
    folder = at.folder / "london"
    own = made(at, softhsm, "london")
    vkey = at.asks("witness", "key", folder, "--name", "witness.example/l", "--token", own)["vkey"]
    assert (folder / "key").read_text() == f"{own}\n"
    logs = at.asks("record", "trust")["log"]
    with served(folder, logs=logs) as running:
        assert str(running.key) == vkey
        policy = at.folder / "policy"
        named = "".join(f"log {log}\n" for log in logs)
        policy.write_text(f"{named}witness l {vkey} {running.url}\nquorum l\n")
        at.asks("record", "trust", "--policy", policy)
        assert at.asks("record", "witness")["cosigned"]["by"] == ["l"]
    assert at.asks("record", "verify")["cosigned"]["by"] == ["l"]
    again = at.run("witness", "key", folder, "--token", own)
    assert (again.status, "has a key already" in again.err) == (1, True)


def test_a_log_signs_with_ed25519_and_not_with_ecdsa(at: Terminal, softhsm: Hsm) -> None:
    at.asks("key", "new", at.folder / "ann")
    log = made(at, softhsm, "log-ecdsa", "--ecdsa")
    told = begun(at, at.folder / "ann", "--log-token", log)
    assert (told.status, "must be an Ed25519 key" in told.err) == (1, True)
    assert not at.store.exists()


def test_a_registrar_does_not_act_with_the_logs_key(at: Terminal, softhsm: Hsm) -> None:
    log = made(at, softhsm, "log-both")
    told = begun(at, log, "--log-token", log)
    assert (told.status, "is the key of the log already" in told.said) == (1, True)
    assert not at.store.exists()
    assert list(at.folder.glob("record*")) == []


def test_another_key_in_the_place_of_the_logs_signs_nothing(at: Terminal, softhsm: Hsm) -> None:
    at.asks("key", "new", at.folder / "ann")
    log, other = made(at, softhsm, "log-right"), made(at, softhsm, "log-wrong")
    assert begun(at, at.folder / "ann", "--log-token", log).status == 0
    file = Path(f"{at.store}.log-key")
    file.write_text(file.read_text().replace(log, other))
    assert "not the log key" in at.refused(*OFFICE, "--key", at.folder / "ann")


def test_a_wrong_pin_does_nothing_and_is_tried_once(
    at: Terminal, softhsm: Hsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = made(at, softhsm, "ann-pin")
    monkeypatch.setenv("SAYSO_PIN", "000000")
    told = begun(at, ann)
    assert (told.status, "PIN of the token is not right" in told.err) == (1, True)
    assert "000000" not in told.said
    assert not at.store.exists()


def test_whoever_gives_no_pin_is_asked_for_it(
    at: Terminal, softhsm: Hsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = made(at, softhsm, "ann-asked")
    monkeypatch.delenv("SAYSO_PIN")
    asked = CliRunner().invoke(main, ["key", "public", ann], input=f"{PIN}\n")
    assert asked.exit_code == 0, asked
    assert "PIN of the token office" in asked.stderr
    assert PIN not in asked.output


def test_a_token_that_cannot_sign_so_says_which_mechanism_it_lacks(
    at: Terminal, softhsm: Hsm, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = made(at, softhsm, "ann-poor")
    poor = at.folder / "poor.conf"
    rich = (softhsm.folder / "softhsm2.conf").read_text()
    # named twice, since SoftHSM 2.6.1 passes over the first of the mechanisms to be left out
    poor.write_text(f"{rich}slots.mechanisms = -CKM_EDDSA,CKM_EDDSA\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(poor))
    told = begun(at, ann)
    assert (told.status, "cannot do CKM_EDDSA" in told.err) == (1, True)
    assert not at.store.exists()


def test_a_pin_on_the_command_line_is_wrong_use(at: Terminal, softhsm: Hsm) -> None:
    uri = f"{softhsm.uri('any')}&pin-value={PIN}"
    told = at.run("key", "public", uri)
    assert (told.status, "not written into a URI" in told.err) == (2, True)
    assert PIN not in told.said
