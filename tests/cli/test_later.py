"""Every act after a decision and beside a route, once, by its command: and what it does."""

from pathlib import Path

import pytest

from tests.cli.terminal import (
    ADVISERS,
    EXAMPLES,
    LIAISON,
    OWNER,
    SECRETARY,
    SPAN,
    USE,
    Terminal,
)

OF = ("--agreement", "aid-packages", "--article", "atacms")
WHY = ("--reason", "as it happens")
BELGOROD = (*USE, "--place", "Belgorod")
STAFF = "joint-staff"


def granted(at: Terminal) -> str:
    """Let the Secretary grant ukraine-5, a use at Belgorod."""
    at.asks("decide", "ukraine-5", "--outcome", "grant", by=SECRETARY)
    assert at.asks("check", *BELGOROD)["case"] == "ukraine-5"
    return "ukraine-5"


def stage(at: Terminal, case: str) -> str:
    """Return where a case stands."""
    return str(at.asks("request", "show", case)["stage"])


def filed(at: Terminal) -> str:
    """Return a case that waits for the advisers."""
    return str(at.asks("request", "submit", *USE, "--place", "Kursk", *SPAN, by=LIAISON)["case"])


# --- the things themselves -----------------------------------------------------------------------


def account(at: Terminal, *reader: str) -> dict[str, object]:
    """Return what the books say of the missiles."""
    (found,) = at.asks("stock", "show", "--agreement", "aid-packages", *reader)
    return dict(found)


def test_what_is_delivered_used_lost_and_counted_is_reconciled(at: Terminal) -> None:
    before = account(at)
    more = ("--tranche", "third", "--serial", "M57-0006", "--serial", "M57-0007")
    at.asks("stock", "deliver", *OF, *more, by="registrar")
    now = account(at)
    assert (now["delivered"], now["expected"]) == (
        int(str(before["delivered"])) + 2,
        int(str(before["expected"])) + 2,
    )
    assert "`M57-0006` was delivered" in at.refused("stock", "deliver", *OF, *more, by="registrar")
    lost = ("--when", "2025-08-20T00:00:00Z", "--account", "the depot burned")
    at.asks("stock", "lose", *OF, *lost, "--serial", "M57-0006", by=LIAISON)
    left = [f"M57-000{number}" for number in (2, 3, 4, 5, 7)]
    serials = [word for each in left for word in ("--serial", each)]
    at.asks("stock", "count", *OF, *serials, by=LIAISON)
    adds_up = account(at)
    assert (adds_up["lost"], adds_up["held"], adds_up["differs"]) == (1, len(left), [])
    at.asks("stock", "count", *OF, *serials[2:], by=LIAISON)
    assert any("M57-0002" in each for each in account(at)["differs"])  # type: ignore[attr-defined]  # JSON
    assert "M57-0002" in at.run("stock", "show", "--agreement", "aid-packages").out


def test_an_end_use_check_is_the_offices_and_shows_to_no_partner(at: Terminal) -> None:
    found = ("--unsound", "--findings", "one crate was open", "--serial", "M57-0003")
    at.asks("stock", "check", *OF, *found, by=STAFF)
    assert account(at)["unsound_checks"] == 1
    assert account(at, "--reader", "partner:ukraine")["unsound_checks"] == 0
    theirs = at.refused("stock", "check", *OF, *found, "--office", STAFF, by=LIAISON)
    assert "not for a partner to do" in theirs


@pytest.mark.parametrize(
    ("words", "by", "said"),
    [
        (("count",), "registrar", "belongs to `ukraine-liaison`"),
        (("deliver", "--tranche", "x"), LIAISON, "not for a partner to do"),
        (
            ("lose", "--when", "2025-08-20T00:00:00Z", "--account", "x"),
            SECRETARY,
            "belongs to `ukraine-liaison`",
        ),
    ],
)
def test_each_side_speaks_of_the_things_for_itself(
    at: Terminal, words: tuple[str, ...], by: str, said: str
) -> None:
    assert said in at.refused("stock", *words, *OF, "--count", 1, by=by)
    assert at.run("stock", *words, *OF, by=by).status == 2  # how many is not said


# --- what becomes of a decision ------------------------------------------------------------------


def test_a_grant_is_suspended_reinstated_and_revoked(at: Terminal) -> None:
    case = granted(at)
    for command, then, covered in (
        ("suspend", "suspended", False),
        ("reinstate", "granted", True),
        ("revoke", "revoked", False),
    ):
        assert at.asks(command, case, *WHY, by=SECRETARY)["stage"] == then
        assert (at.run("check", *BELGOROD).status == 0) is covered
    assert "is revoked" in at.refused("reinstate", case, *WHY, by=SECRETARY)
    told = at.run("request", "show", case, "--reader", "partner:ukraine").out
    assert "revoked" in told
    assert "as it happens" not in told


def test_what_was_decided_is_for_no_lower_office_to_undo(at: Terminal) -> None:
    case = granted(at)
    for command in ("suspend", "revoke"):
        said = at.refused(command, case, *WHY, "--office", STAFF, by=STAFF)
        assert SECRETARY in said or "two parts" in said, said


def test_a_partner_surrenders_what_is_left(at: Terminal) -> None:
    case = granted(at)
    assert "belongs to" in at.refused("surrender", case, *WHY, by="registrar")
    assert at.asks("surrender", case, *WHY, by=LIAISON)["stage"] == "surrendered"
    assert at.run("check", *BELGOROD).status == 1


def test_a_refusal_is_appealed_once_and_advised_on_anew(at: Terminal) -> None:
    at.asks("decide", "ukraine-5", "--outcome", "refuse", *WHY, by=SECRETARY)
    paper = at.folder / "grounds.txt"
    paper.write_text("The depot has moved.")
    at.asks("appeal", "ukraine-5", *WHY, "--attach", paper, by=LIAISON)
    assert stage(at, "ukraine-5") == "advising"
    for office in ADVISERS:
        at.asks("advise", "ukraine-5", "--outcome", "grant", *WHY, by=office)
    at.asks("consolidate", "ukraine-5", "--outcome", "grant", *WHY, by=OWNER)
    at.asks("decide", "ukraine-5", "--outcome", "refuse", *WHY, by=SECRETARY)
    assert "appeal" in at.refused("appeal", "ukraine-5", *WHY, by=LIAISON)


def test_a_breach_is_found_and_an_obligation_of_an_office_met(at: Terminal) -> None:
    conditions = (
        "after:joint-staff:2025-08-26T00:00:00Z:brief the committee",
        "after:partner:PT24H:report the use",
    )
    given = [word for each in conditions for word in ("--condition", each)]
    at.asks("decide", "ukraine-5", "--outcome", "grant-with-conditions", *given, by=SECRETARY)
    assert "belongs to" in at.refused(
        "obligation", "meet", "ukraine-5", 1, "--evidence", "done", by=LIAISON
    )
    at.asks("obligation", "meet", "ukraine-5", 1, "--evidence", "done on Monday", by=STAFF)
    at.asks("obligation", "breach", "ukraine-5", 2, *WHY, by=SECRETARY)
    standing = [each["standing"] for each in at.asks("obligation", "list", "ukraine-5")]
    assert standing == ["met", "breached"]


def test_a_use_elsewhere_or_of_what_was_never_delivered_is_told_as_it_was(at: Terminal) -> None:
    case = granted(at)
    photo = at.folder / "photo"
    photo.write_bytes(b"\x89PNG")
    told = ("--when", "2025-08-24T10:00:00Z", "--serial", "X-1", "--place", "Shebekino")
    beside = ("--remark", "the wind had turned", "--attach", photo)
    assert at.asks("use", "report", case, *told, *beside, by=LIAISON)["stage"] == "exhausted"
    assert "X-1 was never delivered" in account(at)["differs"]  # type: ignore[operator]  # JSON
    assert "Shebekino" in at.run("request", "show", case).out


# --- violations ----------------------------------------------------------------------------------


def test_a_violation_from_the_allegation_to_the_closing_of_its_docket(at: Terminal) -> None:
    case = granted(at)
    photo = at.folder / "photo"
    photo.write_bytes(b"\x89PNG")
    about = ("--partner", "ukraine", "--article", "atacms", "--case", case)
    said = ("--text", "two seen beyond the border", "--attach", photo)
    at.asks("violation", "open", *about, *said, by=STAFF)
    docket = "violation-1"
    text = ("--text", "until it is cleared up")
    assert "does not stand above" in at.refused("violation", "freeze", docket, *text, by=STAFF)
    at.asks("violation", "freeze", docket, *text, by=SECRETARY)
    assert stage(at, case) == "suspended"
    assert at.run("check", *BELGOROD).status == 1
    other = filed(at)
    assert docket in at.run("brief", other).out
    for office in ADVISERS:
        at.asks("advise", other, "--outcome", "grant", *WHY, by=office)
    at.asks("consolidate", other, "--outcome", "grant", *WHY, by=OWNER)
    assert "frozen" in at.refused("decide", other, "--outcome", "grant", by=SECRETARY)
    at.asks("violation", "find", docket, "--text", "one was, by mistake", by=STAFF)
    at.asks("violation", "remedy", docket, "--text", "crews are trained anew", by=STAFF)
    closed = ("violation", "close", docket, "--confirmed", "--text", "remedied")
    assert "was frozen by" in at.refused(*closed, by=STAFF)
    at.asks(*closed, by=SECRETARY)
    shown = at.asks("violation", "show", docket)
    assert len(shown["said"]) == 5
    assert "confirmed" in at.run("violation", "show", docket).out
    assert [each["docket"] for each in at.asks("violation", "show")] == [docket]
    assert at.asks("reinstate", case, *WHY, by=SECRETARY)["stage"] == "granted"
    assert "no docket is named `violation-2`" in at.refused("violation", "show", "violation-2")
    told = at.run("request", "show", case, "--reader", "partner:ukraine").out
    assert "border" not in told


# --- beside a route ------------------------------------------------------------------------------


def test_a_query_its_answer_and_a_comment(at: Terminal) -> None:
    case = filed(at)
    at.asks("query", case, "Which unit will use it?", by="europe-desk")
    told = at.run("request", "show", case, "--reader", "partner:ukraine").out
    assert "europe-desk asks: Which unit will use it?" in told
    assert "still open" in at.refused("query", case, "And when?", by="europe-desk")
    assert "belongs to" in at.refused("answer", case, "The third", by=STAFF)
    at.asks("answer", case, "The third brigade", by=LIAISON)
    assert "no query" in at.refused("answer", case, "Again", by=LIAISON)
    at.asks("comment", case, "Compare ukraine-3", by="europe-desk")
    inside = at.run("request", "show", case).out
    assert "Compare ukraine-3" in inside
    assert "Compare" not in at.run("request", "show", case, "--reader", "partner:ukraine").out


def test_an_objection_and_a_calendar_are_set_by_who_may(at: Terminal, tmp_path: Path) -> None:
    """Silence grants under this route; a person who objects makes a person decide."""
    text = (EXAMPLES / "policy-2.yaml").read_text()
    silent = text.replace("version: 2", "version: 3").replace(
        "supersedes: long-range-fires@1", "supersedes: long-range-fires@2"
    )
    silent = silent.replace("2025-05-30T00", "2025-08-24T00").replace(
        "reserved: true, consent: positive", "consent: no-objection, within: PT8H"
    )
    policy = tmp_path / "policy-4.yaml"
    policy.write_text(silent.replace("issuer: under-secretary-policy", f"issuer: {SECRETARY}"))
    at.asks("policy", "adopt", policy, by=SECRETARY)
    week = ("--zone", "America/New_York", "--hours", "mon-fri 09:00-17:00")
    assert "belongs to" in at.refused("calendar", "set", SECRETARY, *week, by=STAFF)
    at.asks("calendar", "set", SECRETARY, *week, by=SECRETARY)
    assert "America/New_York" in at.run("calendar", "list").out
    case = filed(at)
    for office in ADVISERS:
        at.asks("advise", case, "--outcome", "grant", *WHY, by=office)
    at.asks("consolidate", case, "--outcome", "grant", *WHY, by=OWNER)
    (task,) = (e for e in at.asks("inbox", "--office", SECRETARY) if e["case"] == case)
    assert task["due"] == "2025-08-25T21:00:00Z"  # 24 August 2025 is a Sunday
    at.asks("object", case, *WHY, by=STAFF)
    at.now = "2025-08-29T23:00:00Z"
    done = at.asks("clock")["recorded"]
    assert any(f"the time of {SECRETARY} for {case} is over" in each for each in done)
    assert stage(at, case) == "deciding"
    assert at.asks("clock") == {"recorded": []}


def test_holds_stand_are_listed_and_end(at: Terminal) -> None:
    case = granted(at)
    at.asks("hold", "case", case, *WHY, "--name", "pause", by=SECRETARY)
    assert at.run("check", *BELGOROD).status == 1
    assert [each["hold"] for each in at.asks("hold", "list")] == ["pause"]
    assert "is not" in at.refused("hold", "class", "--article", "atacms", *WHY, by=STAFF)
    at.asks("hold", "release", "pause", *WHY, by=SECRETARY)
    assert at.run("check", *BELGOROD).status == 0
    until = ("--until", "2025-08-25T00:00:00Z", "--name", "a-day")
    at.asks("hold", "class", "--territory", "RU", *WHY, *until, by=SECRETARY)
    assert at.run("check", *BELGOROD, as_json=True).value["holds"] == ["a-day"]
    at.now = "2025-08-25T00:00:00Z"
    assert at.asks("check", *BELGOROD)["covered"] is True
    assert "`a-day`" in at.refused("hold", "release", "a-dya", *WHY, by=SECRETARY)


def test_several_signatures_by_their_commands(at: Terminal, tmp_path: Path) -> None:
    """An office decides at once and is ratified; another decision takes effect countersigned."""
    text = (EXAMPLES / "policy-2.yaml").read_text()
    text = text.replace("version: 2", "version: 3").replace("2025-05-30T00", "2025-08-24T00")
    text = text.replace("supersedes: long-range-fires@1", "supersedes: long-range-fires@2")
    text = text.replace(
        "reserved: true, consent: positive",
        "countersign: chief-counsel, emergency: {by: duty-officer, ratify: PT24H}",
    )
    policy = tmp_path / "policy-4.yaml"
    policy.write_text(text.replace("issuer: under-secretary-policy", f"issuer: {SECRETARY}"))
    for office in ("chief-counsel", "duty-officer"):
        titled = ("--title", office, "--rank", 3, "--appointed-by", SECRETARY)
        at.asks("office", "open", office, *titled, by="registrar")
        at.asks("key", "new", at.key(office))
        public = f"{at.key(office)}.pub"
        at.asks("person", "enrol", office, "--public", public, by="registrar")
        at.asks("office", "appoint", office, office, by=SECRETARY)
    at.asks("policy", "adopt", policy, by=SECRETARY)
    case = filed(at)
    assert {each["power"] for each in at.asks("authority", "who", case)} == {
        "advise",
        "decide at once",
    }
    urgent = ("--emergency", "under fire", "--reason", "no time")
    at.asks("decide", case, "--outcome", "grant", *urgent, by="duty-officer")
    waits = {each["office"]: each["power"] for each in at.asks("authority", "who", case)}
    assert waits == {SECRETARY: "ratify", "chief-counsel": "ratify"}
    assert at.asks("request", "list", "--skipped", STAFF)[0]["case"] == case
    (told,) = (e for e in at.asks("inbox", "--office", STAFF) if e["case"] == case)
    assert told["about"] == "duty-officer could not wait: under fire"
    for words in (("request", "show", case), ("brief", case), ("record", "show")):
        assert "under fire" in at.run(*words).out, words
    assert at.asks("brief", case)["at_once"]["emergency"] == "under fire"
    assert at.asks("brief", "ukraine-5").get("at_once") is None
    for office in (SECRETARY, "chief-counsel"):
        (task,) = (e for e in at.asks("inbox", "--office", office) if e["case"] == case)
        assert (task["why"], task["able"]) == ("to be ratified", [office])
        at.asks("ratify", case, "--yes", by=office)
    assert at.asks("authority", "who", case) == []
    second = filed(at)
    for office in ADVISERS:
        at.asks("advise", second, "--outcome", "grant", *WHY, by=office)
    at.asks("consolidate", second, "--outcome", "grant", *WHY, by=OWNER)
    at.asks("decide", second, "--outcome", "grant", by=SECRETARY)
    assert stage(at, second) == "countersigning"
    at.asks("countersign", second, "--no", "--reason", "no basis in law", by="chief-counsel")
    assert stage(at, second) == "deciding"
    at.asks("decide", second, "--outcome", "grant", "--uses", 1, by=SECRETARY)
    (task,) = at.asks("inbox", "--office", "chief-counsel")
    assert (task["does"], task["able"]) == ("countersign", ["chief-counsel"])
    at.asks("countersign", second, "--yes", by="chief-counsel")
    assert stage(at, second) == "granted"
    assert at.asks("record", "verify")["ok"] is True


# --- what is known, and by whom ------------------------------------------------------------------


def test_an_assertion_is_taken_back_and_a_clearance_ends(at: Terminal) -> None:
    said = ("--source", "a cable")
    entry = at.asks("fact", "assert", "guarantees_adopted", "true", *said, by=STAFF)["entry"]
    (before,) = {
        each["counts"] for each in at.asks("fact", "list") if each["fact"] == "guarantees_adopted"
    }
    assert before == "unknown"  # the Europe desk says that they are not
    assert "to take back" in at.refused("fact", "retract", entry, *WHY, by="europe-desk")
    at.asks("fact", "retract", entry, *WHY, by=STAFF)
    (after,) = (each for each in at.asks("fact", "list") if each["fact"] == "guarantees_adopted")
    assert (after["counts"], after["by"]) == ("false", "europe-desk")
    at.asks("compartment", "open", "longshot", "--title", "Long shot", by=OWNER)
    at.asks("compartment", "clear", "longshot", STAFF, by=OWNER)
    assert STAFF in at.run("compartment", "list").out
    at.asks("compartment", "debrief", "longshot", STAFF, by=OWNER)
    (longshot,) = (e for e in at.asks("compartment", "list") if e["compartment"] == "longshot")
    assert longshot["cleared"] == ""
    assert "is not cleared" in at.refused("compartment", "debrief", "longshot", STAFF, by=OWNER)
