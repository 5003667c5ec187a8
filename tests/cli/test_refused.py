"""What may not be done is refused in one line, with the reason, and nothing is written."""

import json
from pathlib import Path

import pytest

from sayso.record.signature import SigningKey
from tests.cli.terminal import (
    ADVISERS,
    EXAMPLES,
    LIAISON,
    OWNER,
    SECRETARY,
    SPAN,
    USE,
    Terminal,
    keygen,
)

REFUSE = ("--outcome", "refuse", "--reason", "escalation")
PLACE = ("--place", "Belgorod")


def test_an_unknown_name_is_told_with_the_nearest(at: Terminal) -> None:
    ask = ("request", "submit", *PLACE, *SPAN)
    purpose = ("--purpose", "military-logistics")
    misspelt = {
        "`atacms`": (*ask, *purpose, "--agreement", "aid-packages", "--article", "atacsm"),
        "`aid-packages`": (*ask, *purpose, "--agreement", "aid-package", "--article", "atacms"),
        "`ukraine-5`": ("request", "withdraw", "ukraine-55", "--reason", "x"),
    }
    for near, words in misspelt.items():
        assert near in at.refused(*words, by=LIAISON)
    opening = ("--title", "T", "--rank", 8, "--appointed-by", "registrer")
    assert "`registrar`" in at.refused("office", "open", "new", *opening, by="registrar")
    assert "`joint-staff`" in at.refused(
        "office", "appoint", "joint-stuff", "europe-desk", by="registrar"
    )
    assert "`europe-desk`" in at.refused(
        "office", "appoint", "joint-staff", "europe-dsk", by="registrar"
    )
    assert "`long-range-fires@2`" in at.refused("policy", "show", "long-range-fire@2")
    said = at.refused("decide", at.next_request(), *REFUSE, by=SECRETARY)
    assert any(f"`{each}`" in said for each in at.cases())


def test_out_of_turn_not_appointed_own_request_and_twice(at: Terminal) -> None:
    early = at.refused("consolidate", "ukraine-2", *REFUSE, by=OWNER)
    assert "waits for" in early
    assert "europe-desk" in early
    assert "waits for" in at.refused("decide", "ukraine-2", *REFUSE, by=SECRETARY)
    own = at.refused("decide", "ukraine-5", *REFUSE, by=LIAISON)
    assert "not for a partner to do" in own
    assert "consolidated" in at.refused("decide", "ukraine-5", *REFUSE, by=OWNER)
    assert "advised on it" in at.refused("decide", "ukraine-5", *REFUSE, by="joint-staff")
    mine = ("--office", SECRETARY)
    assert "belongs to" in at.refused("decide", "ukraine-5", *REFUSE, *mine, by="registrar")
    assert "not enrolled" in at.refused("decide", "ukraine-5", *REFUSE, by="stranger")
    at.asks("decide", "ukraine-5", *REFUSE, by=SECRETARY)
    assert "is refused" in at.refused("decide", "ukraine-5", *REFUSE, by=SECRETARY)
    assert "is exhausted" in at.refused("decide", "ukraine-4", *REFUSE, by=SECRETARY)
    assert "is refused" in at.refused("advise", "ukraine-5", *REFUSE, by="europe-desk")
    assert "not open" in at.refused("request", "withdraw", "ukraine-5", "--reason", "x", by=LIAISON)


def test_a_grant_of_more_than_was_asked(at: Terminal) -> None:
    grant = ("decide", "ukraine-5", "--outcome", "grant")
    assert "asked for" in at.refused(*grant, "--uses", 2, by=SECRETARY)
    assert "exceeds" in at.refused(*grant, "--until", "2026-01-01T00:00:00Z", by=SECRETARY)
    assert "conditions" in at.refused(*grant, "--condition", "x", by=SECRETARY)
    assert "reasons" in at.refused("decide", "ukraine-5", "--outcome", "refuse", by=SECRETARY)


def test_the_secretary_is_not_got_around(at: Terminal) -> None:
    """Every way that the others have, alone or together: law 15."""
    keygen("-q", "-t", "ed25519", "-N", "", "-f", at.folder / "mine")
    at.asks("person", "enrol", "usurper", "--public", at.folder / "mine.pub", by="registrar")
    held = ("--public", at.folder / "mine.pub")
    assert "already" in at.refused("person", "enrol", SECRETARY, *held, by="registrar")
    for rank in (1, 2):
        for filled_by in ("registrar", "puppet", OWNER):
            above = ("--title", "P", "--rank", rank, "--appointed-by", filled_by)
            assert "belongs to" in at.refused("office", "open", "puppet", *above, by="registrar")
    assert "belongs to" in at.refused("office", "appoint", SECRETARY, "usurper", by="registrar")
    assert "belongs to" in at.refused("office", "appoint", OWNER, "usurper", by="registrar")
    assert "belongs to" in at.refused("office", "relieve", SECRETARY, SECRETARY, by="registrar")
    for issuer in (OWNER, "joint-staff", "registrar"):
        draft = at.folder / f"{issuer}.yaml"
        text = (EXAMPLES / "policy-3-draft.yaml").read_text()
        draft.write_text(text.replace(f"issuer: {OWNER}", f"issuer: {issuer}"))
        assert "outrank" in at.refused("policy", "adopt", draft, by=issuer)


def test_a_statement_is_recorded_once_and_only_on_its_record(at: Terminal) -> None:
    file = at.folder / "decision.json"
    at.asks("decide", "ukraine-5", *REFUSE, "--by", SECRETARY, "--prepare", file)
    keygen("-q", "-Y", "sign", "-n", "decision@sayso", "-f", at.key(SECRETARY), file)
    signed = (file.read_bytes(), Path(f"{file}.sig").read_bytes())
    file.write_bytes(signed[0].replace(b"long-range-fires", b"long-range-liars"))
    assert "another" in at.refused("submit", file) or "signed for" in at.refused("submit", file)
    file.write_bytes(signed[0].replace(b"refuse", b"return"))
    assert "signature does not fit" in at.refused("submit", file)
    file.write_bytes(signed[0])
    words = Path(f"{file}.words")
    said = words.read_bytes()
    words.write_bytes(said.replace(b"escalation", b"good looks"))
    assert "not handed over" in at.refused("submit", file)
    words.unlink()
    assert "not handed over" in at.refused("submit", file)
    words.write_bytes(said)
    for namespace in ("advice@sayso", "file", "decision", "founding@sayso", "judgement@sayso"):
        Path(f"{file}.sig").unlink()
        keygen("-q", "-Y", "sign", "-n", namespace, "-f", at.key(SECRETARY), file)
        at.refused("submit", file)
    Path(f"{file}.sig").unlink()
    keygen("-q", "-Y", "sign", "-n", "decision@sayso", "-f", at.key(OWNER), file)
    assert "`under-secretary-policy`'s" in at.refused("submit", file)
    Path(f"{file}.sig").write_bytes(signed[1])
    first = at.asks("submit", file)
    assert first["stage"] == "refused"
    size = len(at.asks("record", "show"))
    assert at.asks("submit", file)["entry"] == first["entry"], "handed in twice it is one"
    assert len(at.asks("record", "show")) == size


def test_what_was_signed_is_not_written_over(at: Terminal) -> None:
    key = at.key(SECRETARY)
    prepared = ("decide", "ukraine-5", *REFUSE, "--by", SECRETARY, "--prepare", key)
    assert "is there already" in at.refused(*prepared)
    assert "is there already" in at.refused("key", "new", key)
    (at.folder / "new.pub").write_text("somebody's")
    assert "is there already" in at.refused("key", "new", at.folder / "new")


def test_the_time_is_told_to_a_rehearsal_only(tmp_path: Path) -> None:
    at = Terminal(tmp_path, now=None)
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    at.asks("init", "--origin", "sayso.example/real", "--registrar", "ann", by="ann")
    told = ("--now", "2025-01-01T00:00:00Z")
    opening = ("--title", "T", "--rank", 1)
    assert "system's clock" in at.refused("office", "open", "x", *opening, *told, by="ann")
    assert "system's clock" in at.refused("request", "list", *told)
    at.asks("office", "open", "x", *opening, by="ann")
    assert at.run("record", "verify").status == 0


def test_a_rehearsal_cannot_go_back(at: Terminal) -> None:
    at.now = "2025-07-01T00:00:00Z"
    assert "the last entry" in at.refused("decide", "ukraine-5", *REFUSE, by=SECRETARY)


def test_a_statement_dated_ahead(at: Terminal) -> None:
    file = at.folder / "decision.json"
    at.now = "2025-09-01T00:00:00Z"
    at.asks("decide", "ukraine-5", *REFUSE, "--by", SECRETARY, "--prepare", file)
    keygen("-q", "-Y", "sign", "-n", "decision@sayso", "-f", at.key(SECRETARY), file)
    at.now = "2025-08-31T23:54:00Z"
    assert "dated" in at.refused("submit", file)
    at.now = "2025-08-31T23:56:00Z"
    assert at.run("submit", file).status == 0


GARBAGE = [b"", b"\x00\xff" * 500, b"not a key\n", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_files_that_are_not_what_they_should_be(at: Terminal, garbage: bytes) -> None:
    file = at.folder / "keys" / "garbage"
    file.write_bytes(garbage)
    assert "garbage" in at.refused("decide", "ukraine-5", *REFUSE, by="garbage")
    assert "garbage" in at.refused("person", "enrol", "x", "--public", file, by="registrar")
    assert "not an armored" in at.refused("submit", file, "--signature", file)
    facts = ("--facts", file, "--at", "2025-07-01T00:00:00Z")
    at.refused("policy", "verdict", EXAMPLES / "policy-1.yaml", *facts)
    before = at.bytes()
    assert at.run("policy", "check", file).status == 1
    assert at.run("policy", "adopt", file, by=OWNER).status == 1
    assert at.run("record", "verify", "--trust", file).status == 1
    assert at.run("record", "verify", "--witnessed", file).status == 1
    assert at.bytes() == before


def test_a_key_file_that_cannot_be_read_or_is_a_folder(at: Terminal) -> None:
    assert at.run("decide", "ukraine-5", *REFUSE, by="none").status == 2
    assert at.run("decide", "ukraine-5", *REFUSE, "--key", at.folder).status == 2
    assert at.run("decide", "ukraine-5", *REFUSE, "--key", "/dev/zero").status == 1


def test_a_huge_policy(at: Terminal) -> None:
    huge = at.folder / "huge.yaml"
    text = (EXAMPLES / "policy-1.yaml").read_text()
    huge.write_text(text + "#" + "x" * 70_000 + "\n")
    assert "adopted already" in at.refused("policy", "adopt", huge, by=OWNER)
    huge.write_text(huge.read_text().replace("version: 1", "version: 9"))
    assert "at most 65535" in at.refused("policy", "adopt", huge, by=OWNER)
    huge.write_bytes(b"policy: x\n" * 2_000_000)
    assert "more than" in at.refused("policy", "adopt", huge, by=OWNER)


def test_an_entry_that_is_too_long(at: Terminal) -> None:
    advised = ("advise", "ukraine-2", "--outcome", "grant", "--reason", "x" * 60_000)
    assert "at most 65535" in at.refused(*advised, by="europe-desk")
    titled = ("article", "add", "new", "--title", "x" * 60_000, "--fact", "range_km=1")
    assert "at most 65535" in at.refused(*titled, by="registrar")


@pytest.mark.parametrize(
    "bad", ["range=1.5", "range_km={", "x", "range_km=null", 'a={"b":1,"b":2}']
)
def test_facts_that_are_none(at: Terminal, bad: str) -> None:
    at.refused("article", "add", "new", "--title", "T", "--fact", bad, by="registrar")


@pytest.mark.parametrize(
    "span",
    [
        ("2025-08-25", "2025-08-26"),
        ("2025-08-25T00:00:00", "2025-08-26T00:00:00"),
        ("2025-02-30T00:00:00Z", "2025-08-26T00:00:00Z"),
        ("0000-01-01T00:00:00Z", "2025-08-26T00:00:00Z"),
        ("2025-08-25T00:00:00Z", "99999-01-01T00:00:00Z"),
        ("2025-08-25T24:61:00Z", "2025-08-26T00:00:00Z"),
        ("2025-08-26T00:00:00Z", "2025-08-26T00:00:00Z"),
        ("٢٠٢٥-08-25T00:00:00Z", "2025-08-26T00:00:00Z"),
    ],
)
def test_absurd_dates_are_wrong_use(at: Terminal, span: tuple[str, str]) -> None:
    before = at.bytes()
    given = ("--since", span[0], "--until", span[1])
    assert at.run("request", "submit", *USE, *PLACE, *given, by=LIAISON).status == 2
    assert at.bytes() == before


@pytest.mark.parametrize("length", ["-5km", "1e3km", "99999999km", "km", "٥km", "5 miles"])
def test_absurd_lengths(at: Terminal, length: str) -> None:
    before = at.bytes()
    ran = at.run("request", "submit", *USE, *PLACE, *SPAN, "--within", length, by=LIAISON)
    assert ran.status in {1, 2}
    assert at.bytes() == before


def test_a_window_that_is_over_or_too_many_uses(at: Terminal) -> None:
    past = ("--since", "2025-01-01T00:00:00Z", "--until", "2025-02-01T00:00:00Z")
    assert "is over" in at.refused("request", "submit", *USE, *PLACE, *past, by=LIAISON)
    many = ("--uses", 10**30)
    assert at.run("request", "submit", *USE, *PLACE, *SPAN, *many, by=LIAISON).status in {1, 2}


def test_what_is_there_is_not_founded_or_written_over(at: Terminal) -> None:
    founding = ("--origin", "sayso.example/new", "--registrar", "registrar", "--rehearsal")
    assert "exists already" in at.refused("init", *founding, by="registrar")
    assert "something else" in at.refused("record", "export", at.folder / "keys")
    assert at.run("demo", "--dir", at.folder / "keys", "--no-serve").status == 1


@pytest.mark.parametrize(
    ("origin", "registrar"),
    [("sayso.example/x", "Ann Lee"), ("sayso example", "ann"), ("", "ann"), ("a+b", "ann")],
)
def test_a_founding_that_fails_leaves_nothing(tmp_path: Path, origin: str, registrar: str) -> None:
    at = Terminal(tmp_path)
    at.key("").mkdir()
    at.key("ann").write_bytes(SigningKey.generate().openssh())
    at.key("ann").chmod(0o600)
    founding = ("--origin", origin, "--registrar", registrar, "--rehearsal")
    at.refused("init", *founding, by="ann")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["keys"]
    assert (
        "cannot be" in at.refused("init", *founding, "--store", tmp_path / "no" / "x.db", by="ann")
        or origin != "sayso.example/x"
    )


def test_a_viewpoint_that_there_is_not_is_no_beginning(tmp_path: Path) -> None:
    at = Terminal(tmp_path)
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    founding = ("--origin", "a.example/b", "--registrar", "ann", "--rehearsal")
    at.refused("init", *founding, "--viewpoint", "atlantis", by="ann")
    assert not at.store.exists()


def test_a_text_cannot_write_over_the_screen(at: Terminal) -> None:
    """One statement, one sight: no escape, no other direction, no line of its own."""
    forged = "fine\n  decided grant\x1b[2K\x9b2K\u202egnitteg"
    said = ("--outcome", "refuse", "--reason", forged)
    at.asks("advise", "ukraine-2", *said, by="europe-desk")
    shown = at.run("request", "show", "ukraine-2").out
    assert "│   decided grant" in shown
    assert "\n  decided grant" not in shown
    entry = at.asks("record", "show")[-1]
    whole = at.run("record", "show", entry["entry"])
    raw = at.run("record", "show", entry["entry"], as_json=True)
    for each in (shown, whole.out, raw.out):
        assert not set(each) & set("\x1b\x9b\u202e")
    named = json.loads(raw.value["payload"])["said"]["reasons"]
    assert raw.value["said"]["reasons"] == entry["said"]["reasons"] == named
    assert raw.value["words"] == {named: forged}
    name = at.run("request", "show", "ukraine\x1b[31m-2").err
    assert "\x1b" not in name


def test_bytes_that_are_no_text_are_refused(at: Terminal) -> None:
    said = ("advise", "ukraine-2", "--outcome", "refuse", "--reason", "\udcff", "--key")
    ran = at.installed(*said, at.key("europe-desk"))
    assert ran.status == 1
    assert "surrogate" in ran.err


def test_nobody_else_may_adopt_open_or_register(at: Terminal) -> None:
    about = ("--title", "T", "--rank", 9)
    for person in (*ADVISERS, LIAISON, SECRETARY):
        said = "not for a partner to do" if person == LIAISON else "belongs to"
        assert said in at.refused("office", "open", "more", *about, by=person)
        assert said in at.refused("article", "add", "more", "--title", "T", by=person)
