"""Ten thousand open cases: an act on one costs what it costs among ten, and so does time's work.

The cases are made by the functions that apply a request and a verdict, with no entries beneath:
that is all that is not real here. What is counted are the program's function calls, which no other
load on the machine changes.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from types import FrameType
from typing import Any

import pytest

from sayso.casework import judge, replay, requests, statement, verdicts
from sayso.casework.dossier import Stamp
from sayso.casework.events import Act, Expiry, Request, Withdrawal, kind_of
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.dates import Instant, Period
from sayso.record import entry as entries
from sayso.record.entry import Entry
from tests.casework.texts import advises, asks, governed
from tests.house import LIAISON, House, Table

FEW, MANY = 10, 10_000
SOON = Period.parse("2025-06-01T00:00:00Z/2025-06-01T20:00:00Z")


def said(state: State, by: str | None, event: Any, at: Instant) -> Entry:
    """Return the entry of an event that nobody signed."""
    nonce = entries.nonce(state.size.to_bytes(16, "big"))
    words = Statement(state.origin, by, at, nonce, event)
    return Entry(kind_of(event), statement.write(words), (), at)


@cache
def crowded(count: int) -> tuple[State, Instant]:
    """Return a state of that many open cases, the first of which is soon over; and its time."""
    house = House.furnished()
    governed(house)
    state = house.do(LIAISON, asks(window=SOON)).state
    asked = asks()
    (judged,) = state.cases["ukraine-1"].dossier.judgements
    for number in range(2, count + 1):
        filed = Stamp(state.size, house.now, LIAISON, f"{2 * number:064x}")
        state = requests.apply(state, asked, filed)
        given = Stamp(state.size + 1, house.now, None, f"{2 * number + 1:064x}")
        state = verdicts.apply(state, replace(judged.said, case=f"ukraine-{number}"), given)
        state = replace(state, size=state.size + 2)
    assert len(state.cases) == count
    return state, house.now


def calls(work: Callable[[], object]) -> int:
    """Return how many Python functions, and steps of generators, `work` enters."""
    entered = 0

    def seen(_: FrameType, event: str, __: object) -> None:
        nonlocal entered
        entered += event == "call"

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return entered


def acts(state: State) -> Iterator[tuple[str, Act]]:
    """Yield an act of each kind that moves a single case."""
    yield LIAISON, asks()
    yield LIAISON, Withdrawal("ukraine-2", "no longer needed")
    yield LIAISON, replace(asks(), replaces="ukraine-2")
    yield "joint-staff", advises("ukraine-2", "joint-staff")
    assert len(state.cases) >= FEW


def cost(count: int, by: str, act: Act) -> int:
    """Return the calls it takes to judge an act, to apply it and to settle what follows."""
    state, at = crowded(count)
    taken = replay.Replay(state, Table())
    entry = said(state, by, act, at)

    def work() -> None:
        nonlocal taken
        assert taken.due(at) is None
        judge.judge(taken.state, entry, Table())  # refused as unsigned, after a look at who it is
        judge._theirs(taken.state, act, by, at)
        judge._in_order(taken.state, act, judge.stamp(taken.state, entry, by), Table())
        taken = replay.Replay(judge.apply(taken.state, entry), Table())
        while (due := taken.due(at)) is not None:
            taken.follow(due, at, entries.nonce(bytes(16)))

    return calls(work)


@pytest.mark.parametrize("which", range(4))
def test_an_act_costs_among_ten_thousand_cases_what_it_costs_among_ten(which: int) -> None:
    by, act = list(acts(crowded(FEW)[0]))[which]
    cost(FEW, by, act)  # what is made once, and kept
    few, many = cost(FEW, by, act), cost(MANY, by, act)
    assert few > 50
    assert many < 1.5 * few, f"{many} calls among {MANY} cases, {few} among {FEW}"


def test_time_touches_only_the_case_that_it_rings_for() -> None:
    costs = {}
    for count in (FEW, MANY):
        state, _ = crowded(count)
        at = SOON.end
        assert at is not None
        assert verdicts.settle(state, at=at, atlas=Table()) == (Expiry("ukraine-1"),)
        after = verdicts.foreseen(state, at=at, atlas=Table())
        moved = [name for name in state.cases if after.cases[name] is not state.cases[name]]
        assert moved == ["ukraine-1"]
        costs[count] = calls(partial(verdicts.settle, state, at=at, atlas=Table()))
    assert costs[MANY] <= 2 * costs[FEW]
    assert isinstance(crowded(FEW)[0].cases["ukraine-1"].dossier.request.said, Request)
