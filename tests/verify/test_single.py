"""A single decision, handed on with its proof, and nobody's word but the trust's for it."""

import json
import subprocess
from pathlib import Path

import pytest

from sayso.queries import trustfile
from tests.cli.conftest import at, demo
from tests.cli.terminal import Terminal
from tests.verify.test_alone import VERIFY, ran
from tests.witness.test_cosigning import Installation

__all__ = ["at", "demo"]


def proven(file: object, entry: object, trust: object, *more: str) -> tuple[int, str]:
    words = [*VERIFY, "proof", str(file), "--entry", str(entry), "--trust", str(trust), *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


class Handed:
    """A proof, and the entry that it is of, as the office hands them on."""

    def __init__(self, at: Terminal, index: int) -> None:
        self.at, self.index = at, index
        self.trust = Path(f"{at.store}.trust.json")
        at.asks("record", "export", at.folder / "exported", "--proof", index)
        self.file = at.folder / "exported" / "proofs" / f"{index}.tlog-proof"
        self.entry = at.folder / f"{index}.entry"
        shown = at.installed("record", "show", index, "--raw")
        assert shown.status == 0, shown
        self.entry.write_text(shown.out)

    def value(self) -> dict[str, object]:
        status, out = proven(self.file, self.entry, self.trust, "--json")
        assert status == (0 if json.loads(out)["proves"] else 1)
        return dict(json.loads(out))


def test_the_exact_bytes_of_an_entry_are_written_and_proven(at: Terminal) -> None:
    handed = Handed(at, 20)
    shown = at.asks("record", "show", 20)
    assert at.asks("record", "show", 20, "--raw") == {"entry": 20, "raw": handed.entry.read_text()}
    value = handed.value()
    assert (value["entry"], value["kind"]) == (20, shown["kind"])
    assert value["recorded_at"] == shown["recorded_at"]
    assert value["keys"] == [each["keyid"] for each in shown["signatures"]]
    status, out = proven(handed.file, handed.entry, handed.trust)
    assert status == 0
    assert f"It is entry 20 of {value['origin']}" in out


def test_another_entry_or_another_trust_is_not_proven(at: Terminal) -> None:
    handed, other = Handed(at, 20), Handed(at, 21)
    good = handed.entry.read_bytes()
    for bad in (other.entry.read_bytes(), good[:-1], good + b"\n", b"", b"x" * 2**21):
        handed.entry.write_bytes(bad)
        assert handed.value()["proves"] is False
    handed.entry.write_bytes(good)
    raw = handed.file.read_bytes()
    for bad in (b"", raw[:-1], raw.replace(b"index 20", b"index 21"), b"x" * 2_000_001):
        handed.file.write_bytes(bad)
        assert handed.value()["proves"] is False
    handed.file.write_bytes(raw)
    assert handed.value()["proves"] is True
    for trust in (at.folder / "nowhere", handed.entry, at.folder):
        assert proven(handed.file, handed.entry, trust)[0] == 1
    assert proven(handed.file, at.folder / "nowhere", handed.trust)[0] == 1


def test_a_proof_is_cosigned_as_the_trust_demands(at: Terminal) -> None:
    before = Handed(at, 20)
    both = Installation(at)
    with both.stack:
        assert "cosigned by 0 of 2" in str(before.value()["why"])
        at.asks("record", "witness")
        value = Handed(at, 21).value()
        assert value["cosigned"] == {"entries": value["entries"], "by": ["w1", "w2"], "of": 2}


def test_raw_is_for_one_entry(at: Terminal) -> None:
    for words in (("--raw",), ("3", "--raw", "--checkpoint")):
        assert at.run("record", "show", *words).status == 2
    size = len(at.asks("record", "show"))
    assert f"0 to {size - 1}" in at.refused("record", "show", size, "--raw")


# --- what an export sends along ----------------------------------------------------------------


def test_a_proof_that_was_sent_along_and_does_not_hold_is_named(at: Terminal) -> None:
    handed = Handed(at, 20)
    folder = at.folder / "exported"
    told = json.loads(ran(folder, "--trust", handed.trust, "--json").stdout)
    assert told["sent"] == {"proofs": 1, "others": False}
    assert "Proofs sent along, all of which hold: 1." in ran(folder, "--trust", handed.trust).stdout
    raw = handed.file.read_bytes()
    renamed = handed.file.with_name("19.tlog-proof")
    for file, data in (
        (handed.file, raw.replace(b"index 20", b"index 19")),
        (handed.file, raw.replace(b"index 20", b"extra AAAA\nindex 20")),
        (handed.file, b""),
        (renamed, raw),
    ):
        file.write_bytes(data)
        done = ran(folder, "--trust", handed.trust, "--json")
        told = json.loads(done.stdout)
        assert (done.returncode, f"`proofs/{file.name}` is no proof" in told["problem"]) == (
            1,
            True,
        )
        assert (
            told == at.run("record", "verify", folder, "--trust", handed.trust, as_json=True).value
        )
        renamed.unlink(missing_ok=True)
        handed.file.write_bytes(raw)
    (handed.file.with_name("first.tlog-proof")).write_bytes(raw)
    assert "not named after" in ran(folder, "--trust", handed.trust).stdout


def test_a_trust_that_was_sent_along_is_the_one_given_or_is_told(at: Terminal) -> None:
    handed = Handed(at, 20)
    folder, sent = at.folder / "exported", at.folder / "exported" / "trust.json"
    given = at.folder / "given"
    given.write_bytes(sent.read_bytes())
    both = Installation(at)
    with both.stack:
        at.asks("record", "witness")
        at.asks("record", "export", folder)
        done = ran(folder, "--trust", given, "--json")
        assert (done.returncode, json.loads(done.stdout)["sent"]["others"]) == (0, True)
        assert "names others to cosign" in ran(folder, "--trust", given).stdout
        assert "names others" not in ran(folder, "--trust", handed.trust).stdout
    sent.unlink()
    assert ran(folder, "--trust", given).returncode == 0


@pytest.mark.parametrize("change", ["origin", "registrars", "text", "none"])
def test_a_strangers_trust_that_was_sent_along_is_refused(at: Terminal, change: str) -> None:
    folder, given = at.folder / "exported", Path(f"{at.store}.trust.json")
    at.asks("record", "export", folder)
    sent = folder / "trust.json"
    value = json.loads(sent.read_bytes())
    other = (at.key("ann") if at.key("ann").exists() else at.key("registrar")).with_suffix(".x")
    at.asks("key", "new", other)
    if change == "registrars":
        value["registrars"] = [at.asks("key", "public", other)["public"]]
    if change == "origin":
        value["origin"] = "log.example/other"
    text = json.dumps(value)
    if change == "registrars":
        text = trustfile.write(trustfile.read(text.encode())).decode()
    sent.write_text("{}" if change == "none" else text)
    done = ran(folder, "--trust", given)
    assert (done.returncode, "`trust.json`, sent along" in done.stdout) == (1, True), done
