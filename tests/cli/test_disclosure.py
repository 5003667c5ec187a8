"""Law 13: what a reader may not know does not change one byte of what the reader sees."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.terminal import ADVISERS, OWNER, SECRETARY, SPAN, USE, Terminal

READERS = ("partner:ukraine", "partner:poland", "public")
WITHIN = ("--purpose", "military-logistics")


def questions() -> Iterator[tuple[str, ...]]:
    """Yield what a reader may ask, with names that are right, wrong, and of others."""
    yield ("request", "list")
    yield ("request", "list", "--open")
    yield ("policy", "show")
    for case in ("ukraine-2", "ukraine-4", "ukraine-9", "poland-1", "polnd-1"):
        yield ("request", "show", case)
    for name in ("long-range-fires@1", "long-range-fires@2", "for-poland@1", "unreleased@1"):
        yield ("policy", "show", name)
    for agreement, article, place in (
        ("aid-packages", "atacms", "Kursk"),
        ("aid-packages", "atacms", "Belgorod"),
        ("aid-packages", "atacmz", "Kursk"),
        ("aid-package", "atacms", "Kursk"),
        ("aid-to-poland", "harpoon", "Kursk"),
    ):
        yield ("check", "--agreement", agreement, "--article", article, "--place", place, *WITHIN)


def seen(at: Terminal, reader: str) -> list[tuple[tuple[str, ...], bool, object]]:
    """Return every answer that a reader gets, byte for byte; of uses as a program gets it."""
    asked = [(words, words[0] == "check") for words in questions()]
    return [
        (words, as_json, at.run(*words, "--reader", reader, as_json=as_json))
        for words, as_json in (*asked, (("request", "list"), True), (("policy", "show"), True))
    ]


def another_partner(at: Terminal) -> None:
    """Register another partner, its article and its agreement, and let it ask."""
    for name in ("harpoon", "atacmz"):
        about = ("--title", name, "--range-km", 120, "--supplier", "US")
        at.asks("article", "add", name, *about, by="registrar")
    parties = ("--title", "Aid", "--supplier", "US", "--partner", "poland")
    for name in ("aid-to-poland", "aid-package"):
        carried = ("--article", "atacmz", "--article", "atacms")
        at.asks("agreement", "add", name, *parties, *carried, by="registrar")
    opening = ("--title", "Liaison", "--rank", 9, "--partner", "poland")
    at.asks("office", "open", "poland-liaison", *opening, by="registrar")
    at.asks("key", "new", at.key("poland-liaison"))
    public = f"{at.key('poland-liaison')}.pub"
    at.asks("person", "enrol", "poland-liaison", "--public", public, by="registrar")
    at.asks("office", "appoint", "poland-liaison", "poland-liaison", by="registrar")
    use = ("--agreement", "aid-package", "--article", "atacms", "--place", "Kursk")
    at.asks("request", "submit", *use, *WITHIN, *SPAN, by="poland-liaison")


def advice_within(at: Terminal) -> None:
    """Advise on and consolidate the partner's own request: it stays under review."""
    for office in ADVISERS:
        said = ("--outcome", "refuse", "--reason", f"{office} is against it")
        at.asks("advise", "ukraine-2", *said, by=office)
    said = ("--outcome", "refuse", "--reason", "all are against it")
    at.asks("consolidate", "ukraine-2", *said, by=OWNER)


def unreleased_policies(at: Terminal) -> None:
    """Adopt a policy that is released to nobody and concerns another partner only."""
    hidden = at.folder / "unreleased.yaml"
    hidden.write_text(
        "policy: unreleased\nversion: 1\ntitle: Nobody's\nissuer: under-secretary-policy\n"
        "instrument: none\nin_force: {from: 2025-01-01T00:00:00Z}\nclauses:\n"
        "  - {id: never, when: 'partner.id == \"latvia\"', prohibit: true}\n"
    )
    at.asks("policy", "adopt", hidden, by=OWNER)


def more_offices(at: Terminal) -> None:
    """Open an office and enrol a person."""
    at.asks("office", "open", "ukraine-desk", "--title", "A desk", "--rank", 7, by="registrar")
    public = f"{at.key('stranger')}.pub"
    at.asks("person", "enrol", "stranger", "--public", public, by="registrar")
    at.asks("office", "appoint", "ukraine-desk", "stranger", by="registrar")


HIDDEN: tuple[Callable[[Terminal], None], ...] = (
    another_partner,
    advice_within,
    unreleased_policies,
    more_offices,
)


@pytest.fixture(scope="session")
def before(demo: Terminal) -> dict[str, list[tuple[tuple[str, ...], bool, object]]]:
    return {reader: seen(demo, reader) for reader in READERS}


@settings(max_examples=2, deadline=None, database=None)
@given(acts=st.permutations(HIDDEN).flatmap(lambda all_: st.integers(1, 3).map(lambda n: all_[:n])))
def test_hidden_matter_changes_no_byte(
    demo: Terminal,
    before: dict[str, list[tuple[tuple[str, ...], bool, object]]],
    acts: list[Callable[[Terminal], None]],
) -> None:
    with TemporaryDirectory() as folder:
        at = demo.copied(Path(folder) / "copy")
        for act in acts:
            act(at)
        for reader in ("partner:ukraine", "public"):
            assert seen(at, reader) == before[reader]
        if another_partner not in acts:
            assert seen(at, "partner:poland") == before["partner:poland"]


def test_no_answer_to_a_partner_holds_a_word_from_within(at: Terminal) -> None:
    for act in HIDDEN:
        act(at)
    told = "".join(str(answer) for _, _, answer in seen(at, "partner:ukraine"))
    said_by_the_reader = {"for-poland@1", "aid-to-poland", "poland-1", "polnd-1", "unreleased@1"}
    for each in said_by_the_reader:
        told = told.replace(each, "")
    secrets = ("europe-desk", "general-counsel", SECRETARY, "against", "talks", "inside-russia")
    others = ("harpoon", "poland", "latvia")
    assert [each for each in (*secrets, *others) if each in told] == []


def test_a_partner_is_told_of_its_own_requests_and_not_misled_by_what_it_may_not_know(
    at: Terminal,
) -> None:
    """The policy it knows permits Kursk; that its request was suspended it knows as well."""
    ask = ("check", *USE, "--reader", "partner:ukraine")
    may = at.run(*ask, "--place", "Kursk", "--at", "2025-04-01T00:00:00Z")
    assert (may.status, "as far as partner:ukraine may know" in may.out) == (0, True)
    suspended = at.run(*ask, "--place", "Kursk", "--at", "2025-07-01T00:00:00Z")
    assert suspended.status == 1
    assert "ukraine-2, for this use, is not granted" in suspended.out
    granted = at.asks(*ask, "--place", "Kursk", "--at", "2025-07-16T00:00:00Z")
    assert granted["covered"] is True


def test_an_article_released_to_nobody_is_unknown_outside(at: Terminal) -> None:
    another_partner(at)
    ask = ("check", "--agreement", "aid-to-poland", "--article", "atacmz", "--place", "Kursk")
    unknown = at.run(*ask, *WITHIN, "--reader", "partner:ukraine")
    theirs = [e["agreement"] for e in at.asks("agreement", "list") if e["partner"] == "ukraine"]
    known = ", ".join(f"`{each}`" for each in theirs)
    assert unknown.err == f"error: no agreement is named `aid-to-poland`; known are {known}\n"
    assert at.run(*ask, *WITHIN, "--reader", "partner:poland").status == 0


@pytest.mark.parametrize("place", ["Belgorod", "Dzhankoi"])
def test_a_partners_receipt_says_where_its_request_stands_and_no_more(
    at: Terminal, place: str
) -> None:
    ask = ("request", "submit", *USE, "--place", place, *SPAN)
    shown = at.run(*ask, by="ukraine-liaison").out
    told = at.run(*ask, by="ukraine-liaison", as_json=True)
    case = told.value["case"]
    taken = at.run("request", "withdraw", case, "--reason", "x", by="ukraine-liaison").out
    stage = {"Belgorod": "under review", "Dzhankoi": "permitted"}[place]
    assert f"is {stage}" in shown
    assert told.value["stage"] == stage
    for answer in (shown, told.out, taken):
        inside = ("long-range-fires@", "inside-russia", "elsewhere", "desk", "joint", SECRETARY)
        assert [each for each in inside if each in answer] == []


def test_an_error_told_to_a_partner_suggests_no_name_of_anothers(at: Terminal) -> None:
    another_partner(at)
    ask = ("request", "submit", *WITHIN, *SPAN, "--place", "Kursk")
    mistyped = ("--agreement", "aid-package", "--article", "atacms")
    said = at.refused(*ask, *mistyped, by="ukraine-liaison")
    assert said.endswith("no agreement is named `aid-package`; did you mean `aid-packages`?")
    mistyped = ("--agreement", "aid-packages", "--article", "atacmz")
    said = at.refused(*ask, *mistyped, by="ukraine-liaison")
    assert said.endswith("no article is named `atacmz`; did you mean `atacms`?")
    said = at.refused("request", "withdraw", "poland-1", "--reason", "x", by="ukraine-liaison")
    assert said.startswith("error: no case is named `poland-1`")
    assert said.count("poland") == 1
