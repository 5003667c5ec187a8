"""The story through the command line alone, with the keys and the verifier of stock OpenSSH."""

import json
import os
import pty
import subprocess
from pathlib import Path

from tests.cli.terminal import (
    ADVISERS,
    EXAMPLES,
    LIAISON,
    OWNER,
    SAYSO,
    SECRETARY,
    USE,
    Terminal,
    keygen,
)

PASSPHRASE = "correct horse"
KINDS = {  # whose key is made by whom
    "registrar": None,
    SECRETARY: ("ed25519", ""),
    OWNER: ("ecdsa", ""),
    "europe-desk": ("ed25519", PASSPHRASE),
    "joint-staff": ("ecdsa", ""),
    "general-counsel": ("ed25519", ""),
    LIAISON: ("ed25519", ""),
}


def opened_house(tmp_path: Path) -> Terminal:
    """Return a record with offices and people, begun by the installed program."""
    at = Terminal(tmp_path, now="2024-11-11T09:00:00Z")
    at.key("").mkdir()
    for person, made in KINDS.items():
        if made is None:
            assert at.installed("key", "new", at.key(person)).status == 0
        else:
            keygen("-q", "-t", made[0], "-N", made[1], "-C", "", "-f", at.key(person))
    founding = ("--origin", "sayso.example/story", "--registrar", "registrar", "--rehearsal")
    begun = at.installed("init", *founding, by="registrar")
    assert begun.status == 0, begun
    assert "registrar key" in begun.out
    for rank, office in enumerate((SECRETARY, OWNER, *ADVISERS), start=1):
        filled_by = SECRETARY if office in {SECRETARY, OWNER} else "registrar"
        titled = ("--title", office, "--rank", rank, "--appointed-by", filled_by)
        at.asks("office", "open", office, *titled, by="registrar")
    titled = ("--title", "Liaison", "--rank", 9, "--partner", "ukraine")
    at.asks("office", "open", LIAISON, *titled, by="registrar")
    for person in (SECRETARY, OWNER, *ADVISERS, LIAISON):
        enrol = ("person", "enrol", person, "--public", f"{at.key(person)}.pub")
        if KINDS[person] == ("ed25519", PASSPHRASE):  # the new key proves itself
            assert typed(at, *enrol, by="registrar", secret=PASSPHRASE) == 0
        else:
            at.asks(*enrol, by="registrar")
        filler = SECRETARY if person == OWNER else "registrar"
        at.asks("office", "appoint", person, person, by=filler)
    about = ("--title", "ATACMS", "--range-km", 305, "--supplier", "US")
    at.asks("article", "add", "atacms", *about, by="registrar")
    parties = ("--supplier", "US", "--partner", "ukraine", "--article", "atacms")
    at.asks("agreement", "add", "aid-packages", "--title", "Aid", *parties, by="registrar")
    return at


def typed(at: Terminal, *words: object, by: str, secret: str) -> int:
    """Run the installed program at a terminal where a person types a passphrase."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(SAYSO, [str(SAYSO), *at.words(words, by, as_json=False)])  # noqa: S606  # a real terminal needs a real fork
    seen = b""
    while b"Passphrase" not in seen:
        seen += os.read(terminal, 4096)
    os.write(terminal, f"{secret}\n".encode())
    try:
        while more := os.read(terminal, 4096):
            seen += more
    except OSError:  # the other end of a terminal is gone
        pass
    os.close(terminal)
    assert secret.encode() not in seen
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def signed_elsewhere(at: Terminal, *words: object, by: str) -> str:
    """Prepare a statement, sign it with stock ssh-keygen, and submit it."""
    file = at.folder / f"{words[0]}.json"
    prepared = at.asks(*words, "--by", by, "--prepare", file)
    assert prepared["prepared"] == str(file)
    keygen("-q", "-Y", "sign", "-n", prepared["namespace"], "-f", at.key(by), file)
    done = at.installed("submit", file)
    assert done.status == 0, done
    return done.out


def test_the_whole_story(tmp_path: Path) -> None:
    at = opened_house(tmp_path)
    at.now = "2024-11-17T12:00:00Z"
    assert at.asks("policy", "check", EXAMPLES / "policy-1.yaml")["ok"] is True
    assert at.installed("policy", "adopt", EXAMPLES / "policy-1.yaml", by=OWNER).status == 0
    at.now = "2025-05-30T10:00:00Z"
    at.asks("policy", "adopt", EXAMPLES / "policy-2.yaml", by=OWNER)

    at.now = "2025-07-02T08:00:00Z"
    asked = (*USE, "--place", "Belgorod")
    span = ("--since", "2025-07-03T00:00:00Z", "--until", "2025-07-10T00:00:00Z")
    filed = at.installed("request", "submit", *asked, *span, by=LIAISON)
    assert filed.status == 0
    assert "ukraine-1 is under review" in filed.out
    assert "europe-desk" not in filed.out
    said = ("--outcome", "grant", "--reason", "stocks allow it")
    assert typed(at, "advise", "ukraine-1", *said, by="europe-desk", secret=PASSPHRASE) == 0
    signed_elsewhere(at, "advise", "ukraine-1", *said, by="joint-staff")
    at.asks("advise", "ukraine-1", *said, by="general-counsel")
    assert "ukraine-1" in at.run("request", "list", "--waits-for", OWNER).out
    summed = ("--outcome", "grant", "--reason", "nobody objects")
    at.asks("consolidate", "ukraine-1", *summed, by=OWNER)
    limits = ("--outcome", "grant-with-conditions", "--condition", "tell us", "--uses", 1)
    until = ("--until", "2025-07-05T00:00:00Z")
    told = signed_elsewhere(at, "decide", "ukraine-1", *limits, *until, by=SECRETARY)
    assert "ukraine-1 is granted" in told

    at.now = "2025-07-04T00:00:00Z"
    covered = at.installed("check", *asked)
    assert covered.status == 0
    assert "Covered" in covered.out
    assert "tell us" in covered.out
    at.now = "2025-07-05T00:00:00Z"
    assert at.run("check", *asked).status == 1
    seen = at.asks("request", "show", "ukraine-1", "--reader", "partner:ukraine")
    assert seen["decision"]["window"] == "2025-07-03T00:00:00Z/2025-07-05T00:00:00Z"

    assert at.run("record", "verify").status == 0
    export = at.folder / "export"
    at.asks("record", "export", export)
    trust = at.folder / "record.db.trust.json"
    nowhere = ("--store", at.folder / "none.db")
    away = at.installed("record", "verify", export, "--trust", trust, *nowhere, as_json=True)
    found = away.value
    assert found["enclosed"] == {"named": 5, "shown": 0, "withheld": 5, "erased": 0, "lingering": 0}
    assert (found["ok"], found["problem"]) == (True, None)
    assert found["entries"] == len(at.asks("record", "show"))
    assert [each.split()[0] for each in found["signed"]] == ["Ed25519", "ML-DSA-44"]
    personal_signatures_verify(at)


def test_stock_openssh_verifies_every_signature_of_the_demo(at: Terminal) -> None:
    personal_signatures_verify(at)


def personal_signatures_verify(at: Terminal) -> None:
    """Verify each act with stock ssh-keygen, from what the record shows and nothing else."""
    signers, signature = at.folder / "allowed_signers", at.folder / "one.sig"
    signers.write_text(at.run("record", "signers").out)
    acts = [each for each in at.asks("record", "show") if "by" in each]
    assert len(acts) > 20
    for each in acts:
        (made,) = each["signatures"]
        signature.write_text(made["sig"])
        verify = ("-Y", "verify", "-f", signers, "-I", each["by"], "-n", each["namespace"])
        keygen(*verify, "-s", signature, given=each["payload"].encode())
        assert json.loads(each["payload"])["said"] == each["said"]
    decision = next(each for each in acts if each["kind"] == "decision")
    signature.write_text(decision["signatures"][0]["sig"])
    forged = decision["payload"].replace("refuse", "grants").replace("grant", "refus").encode()
    verify = ("-Y", "verify", "-f", signers, "-I", SECRETARY, "-n", "decision@sayso")
    bad = subprocess.run(
        ["ssh-keygen", *map(str, (*verify, "-s", signature))],
        input=forged,
        capture_output=True,
        check=False,
    )
    assert bad.returncode != 0
