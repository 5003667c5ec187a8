"""What is kept in a compartment, at the terminal: told only to who reads it on the record."""

import pytest

from tests.cli.terminal import ADVISERS, LIAISON, OWNER, SECRETARY, SPAN, USE, Terminal

KEPT = "longshot"
YEAR = ("--since", "2025-01-01T00:00:00Z", "--until", "2026-01-01T00:00:00Z")
READ = ("--purpose", "the yearly report")
NUMBERS = ("report", "numbers", *YEAR)
EFFECT = ("report", "effect", "long-range-fires@2", "--days", 365)
USED = ("check", *USE, "--place", "Bryansk", "--at", "2025-08-26T00:00:00Z")
QUESTIONS = (NUMBERS, EFFECT, ("violation", "show"), ("hold", "list"), USED)


def granted(at: Terminal) -> str:
    """Return a case that was granted, with a docket on it."""
    case = f"ukraine-{at.next_request().rpartition('-')[2]}"
    at.asks("request", "submit", *USE, *SPAN, "--place", "Bryansk", by=LIAISON)
    for office in ADVISERS:
        at.asks("advise", case, "--outcome", "grant", "--reason", "needed", by=office)
    at.asks("consolidate", case, "--outcome", "grant", "--reason", "needed", by=OWNER)
    at.asks("decide", case, "--outcome", "grant", "--reason", "needed", by=SECRETARY)
    alleged = ("--partner", "ukraine", "--case", case, "--text", "two were seen")
    at.asks("violation", "open", *alleged, by="joint-staff")
    return case


def answers(at: Terminal) -> list[object]:
    """Return what anybody in the office is answered, for people and for programs."""
    return [at.run(*each, as_json=as_json) for each in QUESTIONS for as_json in (False, True)]


@pytest.fixture
def kept(at: Terminal) -> tuple[Terminal, str, list[object]]:
    """Return a record with a case that is kept, its name, and what was answered without it."""
    before = answers(at)
    case = granted(at)
    assert all(one != other for one, other in zip(before[:2], answers(at)[:2], strict=True))
    at.asks("compartment", "open", KEPT, "--title", "Long shot", by=OWNER)
    for person in (OWNER, SECRETARY, *ADVISERS):
        at.asks("compartment", "clear", KEPT, person, by=OWNER)
    at.asks("compartment", "mark", KEPT, "--case", case, by=OWNER)
    return at, case, before


def test_a_case_that_is_kept_is_counted_and_named_to_nobody_who_may_not_know(
    kept: tuple[Terminal, str, list[object]],
) -> None:
    at, case, before = kept
    assert answers(at) == before
    shown = at.run("violation", "show", "violation-1")
    assert "no docket is named" in shown.err
    assert at.run("violation", "show", "violation-1", *READ, by="registrar") == shown
    assert "no case is named" in at.run("authority", "chain", OWNER, "--case", case).err
    assert "no case is named" in at.run("request", "draft", at.folder / "x", "--like", case).err
    theirs = ("--like", case, "--reader", "partner:ukraine")
    at.asks("request", "draft", at.folder / "x.json", *theirs)
    stranger = at.run(*NUMBERS, *READ, by="registrar")
    assert stranger == before[0]
    assert "has no part there" in at.run(*NUMBERS, *READ, by=LIAISON).err


def test_who_is_cleared_is_told_the_whole_and_the_reading_is_on_the_record(
    kept: tuple[Terminal, str, list[object]],
) -> None:
    at, case, before = kept
    assert at.run(*NUMBERS, by=SECRETARY).status == 2  # the purpose is wanted
    for words in ((*NUMBERS, *READ), (*EFFECT, *READ), ("violation", "show", "violation-1", *READ)):
        count = len(at.acts("reading"))
        told = at.run(*words, by=SECRETARY)
        assert told.status == 0
        assert told not in before
        assert [each["said"]["case"] for each in at.acts("reading")[count:]] == [case]
    count = len(at.acts("reading"))
    assert at.run(*USED).status == 1
    covered = at.run(*USED, "--reading", "before the flight", by=SECRETARY, as_json=True)
    assert (covered.status, covered.value["case"]) == (0, case)
    assert len(at.acts("reading")) == count + 1


def test_that_a_case_waits_for_who_may_not_see_it_is_told_to_who_may(at: Terminal) -> None:
    """A new holder of an office is not cleared: the office that can clear them learns of it."""
    case = "ukraine-5"
    at.asks("compartment", "open", KEPT, "--title", "Long shot", by=OWNER)
    for person in (OWNER, SECRETARY, *ADVISERS):
        at.asks("compartment", "clear", KEPT, person, by=OWNER)
    at.asks("compartment", "mark", KEPT, "--case", case, by=OWNER)
    at.asks("compartment", "debrief", KEPT, SECRETARY, by=OWNER)
    why = f"`{SECRETARY}` is not cleared for `{KEPT}`"
    assert why in at.run("authority", "who", case, by=OWNER).out
    before = at.run("authority", "who", case, "--at", "2025-08-24T11:00:00Z", by=OWNER)
    assert f"decide for {SECRETARY}: {SECRETARY}, appointed" in before.out, "nothing was kept then"
    page = at.asks("brief", case, "--purpose", "to see what it waits for", by=OWNER)
    assert any(why in words for each in page["turns"] for words in each.get("why_not", ()))
    told = at.asks("inbox", "--office", OWNER, by=OWNER)
    assert ("waits for who may not see it", case) in [(e["why"], e.get("case")) for e in told]
    for reader in (None, SECRETARY):
        told = at.asks("inbox", "--office", OWNER, by=reader)
        assert all(each.get("case") != case for each in told)
