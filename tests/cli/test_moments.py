"""Law 14 at the terminal: every question takes `--at` and `--known-at`, and answers as of them."""

import pytest

from tests.cli.terminal import OWNER, SECRETARY, USE, Terminal
from tests.cli.test_surface import ALL, found

BEFORE, MARCH, JULY = "2020-01-01T00:00:00Z", "2025-03-01T00:00:00Z", "2025-07-01T00:00:00Z"
LATER = "2025-12-01T00:00:00Z"
YEAR = ("--since", "2025-01-01T00:00:00Z", "--until", "2026-01-01T00:00:00Z")

NONE = {
    "init": "begins a record",
    "demo": "plays one",
    "submit": "acts",
    "clock": "acts: it records what is due",
    "request draft": "begins an act",
    "policy impact": "says what an act would do that is not done yet",
    "policy check": "reads a draft; the record lends it words and places",
    "policy verdict": "reads files, as of --at",
    "policy prove": "reads files",
    "policy diff": "reads files",
    "policy rehearse": "tries files on every past request there is, as of --at",
    "policy sql": "reads files, as of --at",
    "place": "asks maps; `compare` of every place that was ever judged",
    "key": "makes or shows a key that is here",
    "report pack": "proves one state of the record, which --known-at names",
    "record show": "shows the entries: each says when it was recorded",
    "record verify": "proves all of it",
    "record export": "gives all of it",
    "record trust": "is for who verifies it",
    "record witness": "acts",
    "record watch": "compares it with what was seen",
    "witness": "is a witness of records",
    "store": "keeps the store",
}
"""The commands that ask the record nothing, or not as of a moment, each with what it does."""


def acts(path: tuple[str, ...]) -> bool:
    return any("--prepare" in each.opts for each in found(path).params)


def excepted(path: tuple[str, ...]) -> bool:
    return " ".join(path) in NONE or path[0] in NONE


READING = [path for path in ALL if not acts(path) and not excepted(path)]


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_every_question_takes_both_times(path: tuple[str, ...]) -> None:
    assert {"--at", "--known-at"} <= {name for each in found(path).params for name in each.opts}


def test_no_exception_is_named_in_vain() -> None:
    for name in NONE:
        under = [path for path in ALL if name in (" ".join(path), path[0])]
        assert under, name
        for path in under:
            options = {each for one in found(path).params for each in one.opts}
            assert not acts(path)
            assert not {"--at", "--known-at"} <= options


GIVEN: dict[tuple[str, ...], list[tuple[object, ...]]] = {
    ("policy", "show"): [(), ("long-range-fires@2",)],
    ("authority", "who"): [("ukraine-5",)],
    ("authority", "chain"): [(OWNER,), (OWNER, "--case", "ukraine-5")],
    ("inbox",): [("--office", SECRETARY)],
    ("request", "screen"): [("ukraine-5",)],
    ("request", "show"): [("ukraine-5",), ("ukraine-5", "--reader", "partner:ukraine")],
    ("attachment", "list"): [("ukraine-5",)],
    ("attachment", "save"): [("00", "--to", "paper")],
    ("brief",): [("ukraine-5",)],
    ("obligation", "list"): [(), ("ukraine-4",)],
    ("stock", "show"): [("--agreement", "aid-packages")],
    ("violation", "show"): [(), ("violation-1",)],
    ("check",): [(*USE, "--place", "Kursk")],
    ("report", "numbers"): [YEAR],
    ("report", "effect"): [("long-range-fires@2",)],
}
TIMES = [
    ("--at", BEFORE),
    ("--at", MARCH),
    ("--at", JULY),
    ("--at", LATER),
    ("--known-at", BEFORE),
    ("--known-at", JULY),
    ("--at", MARCH, "--known-at", JULY),
    ("--at", LATER, "--known-at", MARCH),
]


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_every_question_is_answered_at_every_moment(demo: Terminal, path: tuple[str, ...]) -> None:
    """With an answer, or with one line that says that there was no such thing."""
    for given in GIVEN.get(path, [()]):
        for times in TIMES:
            ran = demo.run(*path, *given, *times)
            assert ran.status in {0, 1}, ran
            if ran.err:
                assert ran.err.startswith("error: "), ran
                assert len(ran.err.strip().splitlines()) == 1
            else:
                assert ran.out.strip() or path == ("record", "signers")


LISTS = tuple(path[0] for path in READING if path[1:] == ("list",) and path[0] != "attachment")


def test_what_was_not_there_yet_is_listed_nowhere(demo: Terminal) -> None:
    for path in LISTS:
        assert demo.asks(path, "list", "--at", BEFORE) == []
        assert demo.asks(path, "list", "--known-at", BEFORE) == []
    assert demo.asks("policy", "show", "--at", BEFORE) == []
    assert demo.asks("violation", "show", "--at", BEFORE) == []


def test_a_request_is_shown_as_it_stood(demo: Terminal) -> None:
    (line,) = (each for each in demo.asks("request", "list") if each["case"] == "ukraine-5")
    entries = [e for e in demo.asks("record", "show") if "ukraine-5" in str(e["said"].get("case"))]
    moments = sorted({each["recorded_at"] for each in entries})
    for at in moments:
        shown = demo.asks("request", "show", "ukraine-5", "--at", at)
        listed = demo.asks("request", "list", "--known-at", at)
        assert all(each["at"] <= at for each in shown["history"])
        assert shown["stage"] == next(e["stage"] for e in listed if e["case"] == "ukraine-5")
    last = demo.asks("request", "show", "ukraine-5", "--at", moments[-1])
    assert (last["stage"], line["stage"]) == ("deciding", "deciding")


def test_the_text_says_as_of_when_and_as_known_when(demo: Terminal) -> None:
    asked = ("request", "list", "--at", MARCH, "--known-at", JULY)
    assert demo.run(*asked).out.startswith(f"As of {MARCH}, as known at {JULY}:\n")
    assert demo.run("hold", "list", "--known-at", JULY).out.startswith(f"As of {JULY}, as known")
    assert not demo.run("request", "list").out.startswith("As of")


def test_a_key_of_then_opens_nothing_by_now(at: Terminal) -> None:
    """Who reads is told by the record as it stands: not by a time when they were cleared."""
    then = at.now
    at.asks("compartment", "open", "longshot", "--title", "Long shot", by=OWNER)
    for person in (OWNER, SECRETARY, "europe-desk", "joint-staff", "general-counsel"):
        at.asks("compartment", "clear", "longshot", person, by=OWNER)
    at.asks("compartment", "mark", "longshot", "--case", "ukraine-5", by=OWNER)
    at.now = "2025-08-24T13:00:00Z"
    when = ("--at", then, "--key", at.key("joint-staff"))
    asked = ("authority", "who", "ukraine-5", *when)
    assert at.run(*asked).status == 0
    at.asks("compartment", "debrief", "longshot", "joint-staff", by=OWNER)
    assert "no case is named" in at.refused(*asked)
    assert "no case is named" in at.refused("brief", "ukraine-5", *when, "--purpose", "to know")
    chain = ("authority", "chain", SECRETARY, "--case", "ukraine-5", *when)
    assert "no case is named" in at.refused(*chain)
    cleared = at.asks("compartment", "list", "--at", then)
    assert "joint-staff" in next(e["cleared"] for e in cleared if e["compartment"] == "longshot")


def test_reading_of_a_time_before_there_was_the_case_records_nothing(at: Terminal) -> None:
    when = ("--at", MARCH, "--key", at.key(SECRETARY), "--purpose", "to know")
    assert "no case is named" in at.refused("brief", "ukraine-5", *when)


def test_a_hold_stands_from_its_entry_to_its_end(at: Terminal) -> None:
    before = at.now
    at.now = "2025-08-24T13:00:00Z"
    until = ("--until", "2025-08-25T00:00:00Z", "--name", "a-day", "--reason", "a fault")
    at.asks("hold", "class", "--territory", "RU", *until, by=SECRETARY)
    for when, held in ((before, []), (at.now, ["a-day"]), (LATER, [])):
        assert [each["hold"] for each in at.asks("hold", "list", "--at", when)] == held
