"""What was made fast says what the slow and obvious way says, and a change of policy is not slow.

The oracles are the slow ways themselves: `bench.judge_plainly`, `inforce.worked_out`, and impact as
it was, which applies everything that follows and asks again.
"""

import dataclasses
import doctest
import gc
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from sayso import cycles, replaced
from sayso.casework import adoption, bench, inforce, replay, same, stretches, verdicts
from sayso.casework.bench import Bench
from sayso.casework.dossier import DUE, Stamp
from sayso.casework.events import Adoption, Judgement, Move, Opening, Rescission
from sayso.casework.roster import Term
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.queries import impact
from sayso.queries.disclosure import OFFICE
from tests.casework.texts import advises, asks, governed, to_be_decided
from tests.house import LIAISON, OWNER, House, Table

HARDER = """
policy: harder
version: 1
title: Uses near Kursk
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-07-01T00:00:00Z, until: 2025-08-01T00:00:00Z}
clauses:
  - {id: near, when: 'place.touches("RU") && use.count > 1', prohibit: true}
  - {id: far, when: 'article.range_km > 300 && has(use.until)', refer: short}
routes:
  short:
    - {decide: secretary-of-defense}
"""

KEEPING = (
    HARDER.replace("policy: harder", "policy: keeping")
    .replace("2025-07-01", "2025-01-01")
    .replace("clauses:", "transition: {pending: keep, permits: keep}\nclauses:")
)


def crowd(house: House) -> None:
    """File requests that differ in all that a policy may ask of, and let some be advised on."""
    to_be_decided(house)
    for uses in (1, 2, 3):
        for place in ("Kursk", "Dzhankoi"):
            window = Period(house.now, house.now + timedelta(days=30 * uses))
            house.do(LIAISON, asks(uses=uses, place=place, window=window))
    house.do("europe-desk", advises("ukraine-2", "europe-desk"))


def slowly(state: State, at: Instant) -> tuple[Judgement, ...]:
    """Return the judgements that follow, each of them applied, until nothing more does."""
    state, found = dataclasses.replace(state, unproven=()), list[Judgement]()
    while due := verdicts.settle(state, at=at, atlas=Table()):
        for said in due:
            state = verdicts.apply(state, said, Stamp(state.size, at, None, DUE))
        found += [each for each in due if isinstance(each, Judgement)]
    return tuple(found)


def test_a_case_is_judged_at_the_bench_as_it_is_alone(house: House) -> None:
    crowd(house)
    house.do(OWNER, Adoption(HARDER))
    house.do(OWNER, Adoption(KEEPING))
    house.do(LIAISON, asks(place="Dzhankoi"))
    seen = set()
    for days in (0, 40, 90):
        at = house.now + timedelta(days=days)
        ready = Bench(house.state, inforce.in_force(house.state, at), at, Table())
        for case in house.state.cases.values():
            one = ready.judgement(case.dossier, Move.FILE, ready.reach(case))
            assert one == bench.judge_plainly(ready, case, Move.FILE)
            seen.add((one.outcome, one.policies))
    assert len(seen) > 4


def test_impact_is_what_would_follow_one_after_the_other(house: House) -> None:
    crowd(house)
    at = house.now
    mark = Stamp(house.state.size, at, None, "")
    after = adoption.apply_adoption(house.state, Adoption(HARDER), mark)
    then = Instant.parse("2025-07-01T00:00:00Z")
    found = impact.impact(house.state, HARDER, reader=OFFICE, at=at, atlas=Table())
    assert found == slowly(after, then)
    assert len(found) > 3
    house.do(OWNER, Adoption(HARDER))
    house.now = then
    ended = Rescission("harder@1", "", "asked")
    mark = Stamp(house.state.size, then, None, "")
    after = adoption.apply_rescission(house.state, ended, mark)
    gone = impact.without(house.state, "harder@1", reader=OFFICE, at=then, atlas=Table())
    assert gone == slowly(after, then)


def test_what_binds_is_the_same_whether_it_was_kept_or_worked_out(house: House) -> None:
    governed(house)
    house.do(OWNER, Adoption(HARDER))
    found = set()
    for moment in ("2024-01-01", "2025-06-30", "2025-07-01", "2025-07-31", "2025-08-01"):
        for micros in (-1, 0, 1):
            at = Instant.parse(f"{moment}T00:00:00Z") + timedelta(microseconds=micros)
            for _ in range(2):
                kept = inforce.in_force(house.state, at)
                assert kept == inforce.worked_out(house.state, at)
            found.add(kept.bound)
    assert len(found) > 2


@given(st.integers(0, 10**6), st.text(), st.booleans())
def test_replacing_gives_what_the_library_gives(size: int, origin: str, both: bool) -> None:  # noqa: FBT001  # drawn
    changes: dict[str, Any] = {"size": size, "origin": origin} if both else {"size": size}
    one = replaced.replace(State(), **changes)
    assert one == dataclasses.replace(State(), **changes)
    assert replaced.replace(one) == one


def test_what_stands_is_what_will_be_read_to_the_letter(house: House) -> None:
    crowd(house)
    read = replay.fold(house.store.entries())
    stands = house.memory.past.state
    assert {name: repr(stands.cases[name]) for name in stands.cases} == {
        name: repr(case) for name, case in read.cases.items()
    }


@given(st.text(), st.none() | st.text())
def test_replacing_a_slotted_thing_gives_what_the_library_gives(text: str, by: str | None) -> None:
    one = Stamp(3, Instant(0), "ann", "00")
    for changes in ({"digest": text, "by": by}, {"digest": text}, {"by": by}):
        assert replaced.replace(one, **changes) == dataclasses.replace(one, **changes)
    assert one == Stamp(3, Instant(0), "ann", "00")


HOURS = st.integers(0, 12).map(lambda hour: Instant(3_600_000_000 * hour))
PERIODS = st.builds(
    lambda start, hours: Period(start, None if hours is None else start + timedelta(hours=hours)),
    HOURS,
    st.none() | st.integers(1, 6),
)
OFFICES = st.sampled_from(["desk", "head", "liaison"])
TERMS = st.lists(st.tuples(OFFICES, st.sampled_from(["ann", "bob"]), PERIODS), max_size=8)


@given(TERMS, st.lists(HOURS, min_size=1))
def test_who_holds_what_is_the_same_whether_it_was_kept_or_asked_of_each_term(
    given_out: list[tuple[str, str, Period]], asked: list[Instant]
) -> None:
    terms: Map[str, tuple[Term, ...]] = Map()
    for number, (office, person, period) in enumerate(given_out):
        term = Term(person, period, Stamp(number, Instant(0), None, ""))
        terms = terms.set(office, (*terms.get(office, ()), term))
    offices = {
        "desk": Opening("desk", "Desk", 2, "head", 1),
        "head": Opening("head", "Head", 1, "head", 1),
        "liaison": Opening("liaison", "Liaison", 3, "registrar", 1, "ukraine"),
    }
    state = State(offices=Map(offices), terms=terms)
    for at in (*asked, *asked):
        for office in offices:
            holding = tuple(each for each in terms.get(office, ()) if each.period.holds(at))
            assert state.holders(office, at) == holding
        for person in ("ann", "bob"):
            held = {
                office
                for office, ever in terms.items()
                if any(each.person == person and each.period.holds(at) for each in ever)
            }
            assert set(state.seats(at).held.get(person, ())) == held
    assert state.roster.partners == {"ukraine": ("liaison",)}


@pytest.mark.parametrize("module", [cycles, same, stretches])
def test_the_worked_example_of_a_module_runs(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)


def test_cycles_are_looked_for_again_whatever_happens() -> None:
    with pytest.raises(ValueError, match="midway"), cycles.unsought(), cycles.unsought():
        raise ValueError("midway")
    assert gc.isenabled()
    gc.disable()
    try:
        with cycles.unsought():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
