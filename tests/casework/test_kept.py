"""Law 13 over every query: what is kept from a reader does not change one byte of any answer.

Two records that differ only in what is kept in a compartment, asked the same by readers who are not
cleared. Each module of `queries` is asked here, or says below why it answers no such reader.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from immutables import Map

from sayso import queries
from sayso.casework.events import (
    Adoption,
    Advice,
    Allegation,
    Assertion,
    Clearance,
    Comment,
    Compartment,
    Confidence,
    Finding,
    Hold,
    Item,
    Marking,
    Outcome,
    UseReport,
)
from sayso.casework.policies import parsed
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.queries import impact
from sayso.queries.disclosure import OFFICE, Circle, Reader, view
from sayso.queries.moment import as_of
from sayso.queries.pack import Asked, pack
from sayso.queries.trustfile import TrustFile
from tests.casework.questions import YEAR, answers
from tests.casework.test_circumstances import says, worded
from tests.casework.texts import (
    MECHANISM,
    advises,
    asks,
    decides,
    governed,
    refuses,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House, Table

KEPT = "longshot"
OPEN = "ukraine-1"

NO_READER = {
    "disclosure": "it is what cuts, and is asked by all others",
    "cosigned": "the log's own state",
    "enclosed": "counts of what was given",
    "exported": "verifies",
    "projected": "the store's own",
    "publication": "the record itself, which is whole",
    "moment": "the whole state of a moment, which is then cut",
    "pared": "it cuts a dossier, for disclosure",
    "recall": "the whole state, which is then cut",
    "report": "verifies",
    "sent": "verifies",
    "stored": "counts of what a store has",
    "trustfile": "the trust",
    "verification": "verifies",
    "watching": "verifies",
    "words": "opens what another query names",
}
ASKED = {
    "brief",
    "coverage",
    "dossier",
    "giving",
    "impact",
    "inbox",
    "mandates",
    "numbers",
    "owed",
    "pace",
    "pack",
    "papers",
    "screening",
    "stock",
    "wanted",
    "ways",
}


def test_every_query_is_asked() -> None:
    modules = {each.name for each in pkgutil.iter_modules(queries.__path__)}
    assert modules == ASKED | set(NO_READER)


# --- the readers, and the record -----------------------------------------------------------------

INSIDE = ("office", "stranger")
OUTSIDE = ("partner:poland", "public")
THEIRS = "partner:ukraine"


def reader_of(name: str, at: Instant) -> Reader:
    """Return the reader called so: `stranger` is in the office, and not cleared."""
    if name == "stranger":
        return Reader(Circle.OFFICE, person="registrar", at=at)
    return Reader.parse(name)


def same(house: House, one: State, other: State, *readers: str) -> None:
    """Check that no answer of the two states to any of these readers differs."""
    assert one != other
    for name in readers:
        reader = reader_of(name, house.now)
        first, second = (answers(house.store, each, reader, house.now) for each in (one, other))
        differing = [key for key in {*first, *second} if first.get(key) != second.get(key)]
        assert not differing, (name, differing, [(first.get(k), second.get(k)) for k in differing])


@pytest.fixture
def kept(house: House) -> House:
    """Return a record with an open case, and a compartment that all who act are cleared for."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    return house


# --- what is kept --------------------------------------------------------------------------------


def _filed(house: House) -> str:
    house.do(LIAISON, asks(place="Belgorod", note="the second depot"))
    return "ukraine-2"


def _advised(house: House) -> str:
    case = _filed(house)
    house.do("joint-staff", advises(case, "joint-staff"))
    return case


def _decided(house: House) -> str:
    case = to_be_decided(house, place="Belgorod")
    house.do(SECRETARY, decides(house, case))
    return case


def _used(house: House) -> str:
    case = _decided(house)
    house.do(LIAISON, UseReport(case, 1, house.now))
    return case


def _refused(house: House) -> str:
    case = to_be_decided(house, place="Kursk")
    house.do(SECRETARY, refuses(house, case))
    return case


def _held(house: House) -> str:
    case = _filed(house)
    house.do(SECRETARY, Hold("pause", SECRETARY, "until it is clear", case=case))
    return case


def _alleged(house: House) -> str:
    case = _decided(house)
    said = Allegation("joint-staff", "ukraine", "two were seen", "atacms", case)
    house.do("joint-staff", said)
    house.do("joint-staff", Finding("violation-1", "joint-staff", "by mistake"))
    return case


@pytest.mark.parametrize("more", [_filed, _advised, _decided, _used, _refused, _held, _alleged])
def test_a_case_more_that_is_kept_changes_no_answer(
    kept: House, more: Callable[[House], str]
) -> None:
    before = kept.state
    case = more(kept)
    shown = answers(kept.store, kept.state, OFFICE, kept.now)
    assert shown != answers(kept.store, before, OFFICE, kept.now), "not kept, it does"
    kept.do(OWNER, Marking(OWNER, KEPT, case=case))
    same(kept, before, kept.state, *INSIDE, *OUTSIDE)
    cleared = Reader(Circle.OFFICE, person=OWNER, at=kept.now)
    assert case in view(kept.state, cleared).cases


def test_an_item_that_is_kept_is_not_shown_beside_the_others(kept: House) -> None:
    items = tuple(Item("atacms", place, 2) for place in ("Belgorod", "Kursk"))
    kept.do(LIAISON, replace(asks(), items=items))
    kept.do(OWNER, Marking(OWNER, KEPT, case="ukraine-2.1"))
    seen = view(kept.state, OFFICE).case("ukraine-2.2").dossier
    assert seen.request.said.items == (Item("withheld", "withheld", 1), items[1])
    assert seen.asked.place == "Kursk"


def test_a_request_does_not_name_what_it_replaces_or_follows_if_that_is_kept(kept: House) -> None:
    kept.do(LIAISON, asks(replaces=OPEN))
    kept.do(LIAISON, asks(replaces="ukraine-2"))
    kept.do(OWNER, Marking(OWNER, KEPT, case="ukraine-2"))
    seen = view(kept.state, OFFICE).case("ukraine-3").dossier
    assert seen.request.said.replaces is None
    said = answers(kept.store, kept.state, OFFICE, kept.now)
    assert not [name for name, answer in said.items() if b"ukraine-2'" in answer]


def test_a_partner_is_told_of_its_own_case_as_if_it_were_not_kept(kept: House) -> None:
    case = _decided(kept)
    before = kept.state
    kept.do(OWNER, Marking(OWNER, KEPT, case=case))
    same(kept, before, kept.state, THEIRS)


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": Outcome.REFUSE, "reasons": "no"},
        {"reasons": "other words"},
        {"codes": ("escalation",), "instructions": "by night"},
    ],
)
def test_other_words_in_advice_that_is_kept_change_no_answer(
    kept: House, other: dict[str, object]
) -> None:
    said = Advice(OPEN, "joint-staff", Outcome.GRANT, "stocks allow it", ())
    entry = kept.do("joint-staff", said).index
    kept.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    state = kept.state
    case = state.cases[OPEN]
    (on,) = case.dossier.advice
    changed = replace(on, said=replace(on.said, **other))  # type: ignore[arg-type]  # any field
    told = replace(case, dossier=replace(case.dossier, advice=(changed,)))
    after = replace(state, cases=state.cases.set(OPEN, told))
    same(kept, state, after, *INSIDE, *OUTSIDE, THEIRS)


def test_other_words_in_a_decision_or_a_comment_that_is_kept_change_no_answer_inside(
    kept: House,
) -> None:
    case = to_be_decided(kept, place="Belgorod")
    noted = kept.do("joint-staff", Comment(case, "joint-staff", "as in May")).index
    decided = kept.do(SECRETARY, decides(kept, case)).index
    for entry in (noted, decided):
        kept.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    state = kept.state
    found = state.cases[case]
    dossier = found.dossier
    (decision,) = dossier.signings
    other = replace(decision, said=replace(decision.said, reasons="others"))
    (comment,) = (on for on in dossier.aside if on.stamp.index == noted)
    words = replace(comment, said=Comment(case, "joint-staff", "as in June"))
    told = replace(dossier, decisions=(other,), signings=(other,), aside=(words,))
    after = replace(state, cases=state.cases.set(case, replace(found, dossier=told)))
    same(kept, state, after, *INSIDE, *OUTSIDE)


def test_other_words_in_a_policy_that_is_kept_change_no_answer(kept: House) -> None:
    kept.do(OWNER, Marking(OWNER, KEPT, policy="long-range-fires@2"))
    state = kept.state
    text = MECHANISM.replace("a memorandum", "a cable").replace("The review mechanism", "A pause")
    adopted = replace(state.policies["long-range-fires@2"], policy=parsed(text))
    after = replace(state, policies=state.policies.set("long-range-fires@2", adopted))
    same(kept, state, after, *INSIDE, *OUTSIDE, THEIRS)


def test_other_words_in_a_docket_that_is_kept_change_no_answer(kept: House) -> None:
    kept.do("joint-staff", Allegation("joint-staff", "ukraine", "two were seen", "atacms", None))
    kept.do("joint-staff", Finding("violation-1", "joint-staff", "by mistake"))
    state = kept.state
    docket = state.dockets["violation-1"]
    (found,) = docket.said
    kept.do(OWNER, Marking(OWNER, KEPT, entry=found.stamp.index))
    state = kept.state
    other = replace(docket, said=(replace(found, said=replace(found.said, text="on purpose")),))
    after = replace(state, dockets=Map({"violation-1": other}))
    same(kept, state, after, *INSIDE, *OUTSIDE, THEIRS)
    whole = Marking(OWNER, KEPT, entry=docket.opened.stamp.index)
    kept.do(OWNER, whole)
    same(kept, kept.state, replace(kept.state, dockets=Map()), *INSIDE, *OUTSIDE, THEIRS)


def test_other_words_of_a_circumstance_that_are_kept_change_no_answer(house: House) -> None:
    worded(house)
    entry = says(house, "joint-staff", True)
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    house.do(OWNER, Clearance(OWNER, KEPT, OWNER, Period(house.now)))
    house.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    (first,) = house.state.claims["talks_under_way"]
    assert isinstance(first.said, Assertion)
    sure = replace(first.said, source="an intercept", confidence=Confidence.LOW)
    other = replace(first, said=sure)
    claims = house.state.claims.set("talks_under_way", (other,))
    same(house, house.state, replace(house.state, claims=claims), *INSIDE, *OUTSIDE, THEIRS)


def test_what_is_kept_now_is_kept_of_the_record_as_it_was(kept: House) -> None:
    case = _decided(kept)
    then = kept.now
    kept.later()
    for each in (as_of(kept.store, then, until=until, atlas=Table()) for until in (then, None)):
        assert case in view(each, OFFICE).cases
    kept.do(OWNER, Marking(OWNER, KEPT, case=case))
    for each in (as_of(kept.store, then, until=until, atlas=Table()) for until in (then, None)):
        assert case not in view(each, OFFICE).cases


def test_the_pack_counts_and_names_what_its_reader_may_know(kept: House) -> None:
    before = _told(kept, OFFICE)
    case = _decided(kept)
    kept.do(OWNER, Marking(OWNER, KEPT, case=case))
    assert _told(kept, OFFICE) == before
    cleared = _told(kept, Reader(Circle.OFFICE, person=OWNER, at=kept.now))
    assert case.encode() in cleared["decisions.json"]
    assert cleared["report.json"] != before["report.json"]


def _told(house: House, reader: Reader) -> dict[str, bytes]:
    files = dict(pack(house.store, TrustFile.of(house.trust), Asked(YEAR, reader=reader)))
    return {name: files[name] for name in ("report.json", "decisions.json")}


# --- a policy that bears the name of one that is kept ---------------------------------------------

NEW = """
policy: {name}
version: {version}
title: A new one
issuer: under-secretary-policy
instrument: a cable
in_force: {{from: 2025-05-30T00:00:00Z}}
transition: {{pending: {pending}, permits: suspend}}
{supersedes}clauses:
  - {{id: few, when: 'use.count <= 6', refer: staff}}
  - {{id: many, when: 'use.count > 6', prohibit: true, in_force: {{from: 2025-05-30T00:00:00Z}}}}
routes:
  staff:
    - {{advise: [general-counsel]}}
    - {{decide: under-secretary-policy}}
"""
KEEPS = NEW.replace("general-counsel", "joint-staff").format(
    name="{name}", version=1, pending="reroute", supersedes=""
)


def text(name: str, *, version: int = 1, supersedes: str = "", pending: str = "reroute") -> str:
    """Return a policy by which the counsel advises on a few uses, and many are prohibited."""
    ends = f"supersedes: {supersedes}\n" if supersedes else ""
    return NEW.format(name=name, version=version, pending=pending, supersedes=ends)


def named_so(house: House, name: str) -> House:
    """Return a record on which a policy of that name is kept, and binds."""
    governed(house)
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    house.do(OWNER, Clearance(OWNER, KEPT, OWNER, Period(house.now)))
    house.do(OWNER, Adoption(KEEPS.replace("{name}", name)))
    house.do(OWNER, Marking(OWNER, KEPT, policy=f"{name}@1"))
    for place, uses in (("Dzhankoi", 4), ("Kursk", 4), ("Dzhankoi", 9)):
        house.do(LIAISON, asks(place=place, uses=uses))
    return house


def told_of(house: House, asked: str, reader: Reader) -> object:
    """Return what a reader is told that adopting a policy would change."""
    at = house.now
    moved = impact.impact(house.state, asked, reader=reader, at=at, atlas=Table())
    shown = impact.shown(house.state, moved, reader)
    return [(each.case, each.move, each.outcome, each.because, each.possible) for each in shown], [
        [(bound.policy, bound.clauses) for bound in each.policies] for each in shown
    ]


@pytest.mark.parametrize("pending", ["reroute", "return"])
@pytest.mark.parametrize(
    "asked",
    [("staffed", 1, ""), ("staffed", 2, "staffed@1"), ("afar", 1, ""), ("tame", 1, "")],
)
@pytest.mark.parametrize("reader", INSIDE)
def test_a_policy_s_impact_is_the_same_whatever_one_that_is_kept_is_called(
    reader: str, asked: tuple[str, int, str], pending: str
) -> None:
    """Law 13: who may not know of a policy does not learn its name by proposing another so."""
    name, version, supersedes = asked
    given = text(name, version=version, supersedes=supersedes, pending=pending)
    one, other = (named_so(House.furnished(), each) for each in ("staffed", "staffee"))
    who = reader_of(reader, one.now)
    answer = told_of(one, given, who)
    assert answer != ([], [])
    assert answer == told_of(other, given, who)
    assert "\0" not in repr(answer)
    assert f"('{name}@{version}', ('many',))" in repr(answer)


def test_the_very_text_of_a_policy_that_is_kept_is_no_oracle() -> None:
    """Nor do they by handing in its text, letter for letter: it would change something, or not."""
    house = named_so(House.furnished(), "staffed")
    given = KEEPS.replace("{name}", "staffed").replace("pending: reroute", "pending: return")
    other = named_so(House.furnished(), "staffee")
    assert told_of(house, given, OFFICE) == told_of(other, given, OFFICE)


def test_who_may_know_a_policy_is_told_what_another_of_its_name_would_change() -> None:
    house = named_so(House.furnished(), "staffed")
    cleared = Reader(Circle.OFFICE, person=OWNER, at=house.now)
    given = text("staffed", version=2, supersedes="staffed@1")
    assert told_of(house, given, cleared) != told_of(house, given, OFFICE)
