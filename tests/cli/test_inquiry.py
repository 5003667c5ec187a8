"""Beside the route, at the command line: queries, holds, calendars, the inbox and the clock."""

from tests.cli.terminal import LIAISON, OWNER, SECRETARY, SPAN, USE, Terminal


def filed(at: Terminal) -> str:
    """Return a case that waits for the advisers."""
    asked = at.asks("request", "submit", *USE, "--place", "Kursk", *SPAN, by=LIAISON)
    return str(asked["case"])


def test_a_query_and_its_answer(at: Terminal) -> None:
    case = filed(at)
    at.asks("query", case, "Which unit?", by="europe-desk")
    at.asks("comment", case, "They will not say", by="europe-desk")
    shown = at.run("request", "show", case, "--reader", "partner:ukraine").out
    assert "europe-desk asks: Which unit?" in shown
    assert "They will not say" not in shown
    at.asks("answer", case, "The third brigade", by=LIAISON)
    assert "no query" in at.refused("answer", case, "Again", by=LIAISON)
    assert "The third brigade" in at.run("request", "show", case).out
    at.refused("object", case, "--reason", "no", by="europe-desk")


def test_a_hold_from_first_to_last(at: Terminal) -> None:
    case = filed(at)
    at.refused("hold", "case", case, "--reason", "no", by=OWNER)
    at.asks("hold", "case", case, "--reason", "talks", "--name", "talks", by=SECRETARY)
    at.asks("hold", "class", "--article", "atacms", "--reason", "a fault", by=SECRETARY)
    assert len(at.asks("hold", "list")) == 2
    covered = at.run("check", *USE, "--place", "Kursk")
    assert covered.status == 1
    assert "it is on hold by hold-" in covered.out
    partner = at.run("check", *USE, "--place", "Kursk", "--reader", "partner:ukraine").out
    assert "it is on hold." in partner
    at.asks("hold", "release", "talks", "--reason", "over", by=SECRETARY)
    assert len(at.asks("hold", "list")) == 1
    assert at.run("hold", "class", "--reason", "no", by=SECRETARY).status == 2


def test_who_is_late_is_told_by_the_clock(at: Terminal) -> None:
    hours = ("--zone", "America/New_York", "--hours", "mon-fri 09:00-17:00")
    at.asks("calendar", "set", "europe-desk", *hours, "--holiday", "2025-12-25", by="registrar")
    assert "mon 09:00-17:00" in at.run("calendar", "list").out
    case = filed(at)
    due = {
        office: at.asks("inbox", "--office", office)[-1]["due"]
        for office in ("joint-staff", "europe-desk")
    }
    assert due["joint-staff"] == "2025-08-25T12:00:00Z"
    assert due["europe-desk"] == "2025-08-27T21:00:00Z"  # the 24th is a Sunday
    at.now = "2025-08-25T13:00:00Z"
    recorded = at.asks("clock")["recorded"]
    assert any(f"joint-staff for {case} is over" in each for each in recorded)
    assert at.asks("clock")["recorded"] == []
    assert "overdue below" in at.run("inbox", "--office", OWNER).out
    assert at.run("record", "verify").status == 0


def test_advice_with_its_risk_and_reasons(at: Terminal) -> None:
    case = filed(at)
    said = ("--outcome", "refuse", "--reason", "no", "--risk", "high", "--code", "no-stocks")
    at.asks("advise", case, *said, "--legal", by="general-counsel")
    shown = at.run("request", "show", case).out
    assert "general-counsel advises legally on" in shown
    assert "refuse, high risk (no-stocks)" in shown
