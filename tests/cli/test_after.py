"""What follows on a decision, at the command line: obligations, the brief, several signatures."""

import json

import pytest

from sayso.casework.events import Condition, Phase, Since
from sayso.cli.conditions import phrase, read
from tests.cli.terminal import ADVISERS, LIAISON, OWNER, SECRETARY, Terminal

GRANT = ("--outcome", "grant-with-conditions", "--reason", "as advised")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("no press", Condition("no press", Phase.DURING, "partner")),
        (
            "after:partner:PT24H:report the use",
            Condition(
                "report the use", Phase.AFTER, "partner", "PT24H", Since.USE, None, "use-report"
            ),
        ),
        (
            "before:end-user:PT12H@grant:sign; evidence: the paper",
            Condition("sign", Phase.BEFORE, "end-user", "PT12H", Since.GRANT, None, "the paper"),
        ),
        ("during:end-user::keep: 10 km", Condition("keep: 10 km", Phase.DURING, "end-user")),
        (
            "after:joint-staff:P2D@window-end:brief",
            Condition("brief", Phase.AFTER, "joint-staff", "P2D", Since.WINDOW_END),
        ),
    ],
)
def test_a_condition_is_typed_in_one_line(typed: str, meant: Condition) -> None:
    assert read(typed) == meant
    assert meant.text in phrase(meant)
    if meant != Condition.plain(meant.text):
        assert meant.binds in phrase(meant)


def test_a_condition_that_looks_typed_and_is_none_is_wrong_use(at: Terminal) -> None:
    for wrong in (
        "after:partner:soon:report",
        "before:x",
        "during:a:PT0S@use:y",
        "after:p:PT1H@x:y",
    ):
        ran = at.run("decide", "ukraine-5", *GRANT, "--condition", wrong, by=SECRETARY)
        assert ran.status == 2, wrong
    at.refused("decide", "ukraine-5", *GRANT, "--condition", "after:nobody::x", by=SECRETARY)


def test_obligations_are_met_and_judged_at_the_command_line(at: Terminal) -> None:
    pledge = "before:partner:PT12H:sign the undertaking; evidence: the signed paper"
    at.asks("decide", "ukraine-5", *GRANT, "--condition", pledge, by=SECRETARY)
    paper = at.folder / "undertaking.txt"
    paper.write_text("We undertake.")
    said = ("--evidence", "signed today", "--attach", paper)
    assert "not-appointed" in str(
        at.run("obligation", "meet", "ukraine-5", 1, *said, by=OWNER, as_json=True).value
    )
    at.asks("obligation", "meet", "ukraine-5", 1, *said, by=LIAISON)
    told = at.asks("obligation", "list", "ukraine-5")
    assert [each["standing"] for each in told] == ["told", "open"]
    at.asks("obligation", "accept", "ukraine-5", 1, by=SECRETARY)
    at.asks("obligation", "breach", "ukraine-5", 1, "--reason", "forged", by=SECRETARY)
    seen = at.run("obligation", "list", "--open", "--reader", "partner:ukraine").out
    assert "breached" in seen
    assert SECRETARY not in seen
    assert at.run("obligation", "list", "--reader", "partner:poland").out.startswith("No ")


def test_a_condition_is_reconsidered_at_the_command_line(at: Terminal) -> None:
    at.asks("decide", "ukraine-5", *GRANT, "--condition", "no press", by=SECRETARY)
    why = ("--reason", "the embargo is over")
    at.refused("obligation", "vary", "ukraine-5", 1, "--keep", *why, by=SECRETARY)
    at.asks("obligation", "reconsider", "ukraine-5", 1, *why, by=LIAISON)
    assert "the embargo is over" in at.run("request", "show", "ukraine-5").out
    assert "reconsidered" in at.run("inbox", "--office", SECRETARY).out
    assert f"reconsider for {SECRETARY}: {SECRETARY}" in at.run("authority", "who", "ukraine-5").out
    unclear = ("obligation", "vary", "ukraine-5", 1, "--end", "--keep", *why)
    assert at.run(*unclear, by=SECRETARY).status == 2
    worded = ("--condition", "no press before noon")
    at.asks("obligation", "vary", "ukraine-5", 1, *worded, *why, by=SECRETARY)
    seen = at.run("request", "show", "ukraine-5", "--reader", "partner:ukraine").out
    assert "condition 1 (no press): the embargo is over; it has another wording" in seen
    assert "on condition: no press before noon" in seen
    assert "on condition: no press before noon" in at.run("request", "show", "ukraine-5").out


def test_the_brief_is_one_screen_of_what_there_is_to_know(at: Terminal) -> None:
    page = at.run("brief", "ukraine-5").out
    lines = page.splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 98
    for each in ("Belgorod", "inside-russia", "the reports of August 2025", *ADVISERS, "denied"):
        assert each in page
    assert page == at.run("brief", "ukraine-5").out
    value = at.asks("brief", "ukraine-5")
    assert [each["name"] for each in value["options"]] == [
        "grant",
        "grant-with-conditions",
        "refuse",
        "return",
    ]
    (atacms,) = (each for each in at.asks("article", "list") if each["article"] == "atacms")
    stock = value["stock"]
    assert (stock["on_hand"], stock["used"]) == (atacms["facts"]["stock"], 1)
    assert stock["left"] == stock["on_hand"] - stock["granted"] - stock["used"]
    assert value["precedents"][1] | {"denied": True} == value["precedents"][1]


def test_options_are_laid_side_by_side_and_one_is_chosen(at: Terminal) -> None:
    span = ("--since", "2025-08-25T00:00:00Z", "--until", "2025-08-30T00:00:00Z")
    use = ("--agreement", "aid-packages", "--article", "atacms", "--place", "Kursk")
    asked = ("--purpose", "military-logistics", "--uses", 2)
    case = at.asks("request", "submit", *use, *asked, *span, by=LIAISON)["case"]
    for office in ADVISERS:
        at.asks("advise", case, "--outcome", "grant", "--reason", "stocks", by=office)
    options = at.folder / "options.json"
    one = {"name": "one-use", "outcome": "grant-with-conditions", "text": "a single one", "uses": 1}
    options.write_text(json.dumps([{**one, "conditions": ["after:partner:PT24H:report it"]}]))
    laid = ("--outcome", "grant", "--reason", "either would do", "--options", options)
    at.asks("consolidate", case, *laid, by=OWNER)
    assert "one-use" in at.run("brief", case).out
    assert "one-use" in at.refused("decide", case, "--outcome", "grant", by=SECRETARY)
    assert "option" in at.refused("decide", case, "--option", "two-uses", by=SECRETARY)
    done = at.asks("decide", case, "--option", "one-use", "--code", "necessity", by=SECRETARY)
    assert (done["said"]["uses"], done["said"]["option"]) == (1, "one-use")
    told = str(at.asks("request", "show", case, "--reader", "partner:ukraine"))
    for secret in ("one-use", "necessity", "either would do", "stocks"):
        assert secret not in told
    assert "report it" in told


def test_nothing_waits_for_a_second_signature_unless_the_route_says_so(at: Terminal) -> None:
    assert "another signature" in at.refused("countersign", "ukraine-5", "--yes", by=OWNER)
    assert "another signature" in at.refused("ratify", "ukraine-5", "--yes", by=SECRETARY)
    assert at.asks("request", "list", "--skipped", "joint-staff") == []
