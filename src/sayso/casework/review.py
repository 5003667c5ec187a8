"""Offices advise, the policy owner consolidates, the final authority decides: each in its turn."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar, assert_never

from sayso.casework import case
from sayso.casework.case import (
    Advising,
    Case,
    Consolidating,
    Deciding,
    Dossier,
    Granted,
    On,
    Refused,
    Returned,
    Stamp,
)
from sayso.casework.events import Advice, Consolidation, Decision, Outcome, Review
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Damaged


def check(state: State, act: Review, mark: Stamp) -> Refusal | None:
    """Return why what an office says of a case is out of order; None if it is not."""
    match act:
        case Advice():
            return check_advice(state, act)
        case Consolidation():
            return check_consolidation(state, act)
        case Decision():
            return check_decision(state, act, mark.at)
        case _:
            assert_never(act)


def apply(state: State, act: Review, mark: Stamp) -> State:
    """Return what stands once an office has said it."""
    match act:
        case Advice():
            return apply_advice(state, act, mark)
        case Consolidation():
            return apply_consolidation(state, act, mark)
        case Decision():
            return apply_decision(state, act, mark)
        case _:
            assert_never(act)


def check_advice(state: State, act: Advice) -> Refusal | None:
    """Return why not: the case does not wait for this office's advice."""
    found = state.case(act.case)
    if isinstance(found, Advising) and act.office in found.waiting:
        return None
    return _out_of_turn(found, act.office, "advise on")


def apply_advice(state: State, act: Advice, stamp: Stamp) -> State:
    """Return the state in which the advice is given; the last one moves the case on."""
    found = _in(Advising, state.case(act.case), stamp)
    dossier = replace(found.dossier, advice=(*found.dossier.advice, On(act, stamp)))
    return state.keep(case.arrive(dossier, found.step))


def check_consolidation(state: State, act: Consolidation) -> Refusal | None:
    """Return why not: out of turn, or an advice is not cited; none is merged away."""
    found = state.case(act.case)
    if not isinstance(found, Consolidating) or found.office != act.office:
        return _out_of_turn(found, act.office, "consolidate")
    given = tuple(each.stamp.index for each in found.dossier.current_advice)
    if act.cites != given:
        entries = ", ".join(str(index) for index in given)
        return Refusal("uncited", "a consolidation cites every advice", f"cite {entries}")
    return None


def apply_consolidation(state: State, act: Consolidation, stamp: Stamp) -> State:
    """Return the state in which the advice is consolidated, and the case moves on."""
    found = _in(Consolidating, state.case(act.case), stamp)
    before = found.dossier
    dossier = replace(before, consolidations=(*before.consolidations, On(act, stamp)))
    return state.keep(case.arrive(dossier, found.step + 1))


def check_decision(state: State, act: Decision, at: Instant) -> Refusal | None:
    """Return why not: out of turn, signed on other grounds, or more than was asked."""
    found = state.case(act.case)
    if not isinstance(found, Deciding) or found.office != act.office:
        return _out_of_turn(found, act.office, "decide")
    dossier = found.dossier
    if (act.request, act.verdict) != grounds(dossier):
        return Refusal(
            "other-grounds",
            f"the decision was signed on another request or verdict than `{act.case}` stands on",
            "read the case again and sign anew",
        )
    return _outgrows(dossier, act, at) or next(_conditions(state, dossier, act, at), None)


def _conditions(state: State, dossier: Dossier, act: Decision, at: Instant) -> Iterator[Refusal]:
    """Yield why a condition cannot be imposed: on nobody, too late, or in another's name."""
    advised = {each.said.office for each in dossier.current_advice}
    for each in act.conditions:
        if each.binds not in {PARTNER, END_USER}:
            state.office(each.binds)
        if each.by is not None and each.by <= at:
            yield Refusal("past", f"a condition due by {each.by} cannot be met at {at}")
        if each.imposed_by is not None and each.imposed_by not in advised:
            yield Refusal("not-advised", f"`{each.imposed_by}` has not advised on `{act.case}`")


def grounds(dossier: Dossier) -> tuple[str, str]:
    """Return the digests of the request and of the verdict that a decision must be signed on."""
    return dossier.request.stamp.digest, dossier.verdict.stamp.digest


def _outgrows(dossier: Dossier, act: Decision, at: Instant) -> Refusal | None:
    asked = dossier.asked
    if act.uses is not None and not 1 <= act.uses <= asked.uses:
        return Refusal("outgrows", f"{act.uses} uses were decided on, {asked.uses} asked for")
    if act.window is None:
        return None
    if not asked.window.encloses(act.window):
        return Refusal("outgrows", f"the window {act.window} exceeds the one asked, {asked.window}")
    if act.window.end is not None and act.window.end <= at:
        return Refusal("over", f"the window {act.window} is over at {at}")
    return None


def apply_decision(state: State, act: Decision, stamp: Stamp) -> State:
    """Return the state in which the case is decided."""
    before = _in(Deciding, state.case(act.case), stamp).dossier
    dossier = replace(before, decisions=(*before.decisions, On(act, stamp)))
    if act.outcome.grants:
        return state.keep(Granted(dossier))
    closed = Returned(dossier) if act.outcome is Outcome.RETURN else Refused(dossier)
    return state.keep(closed)


S = TypeVar("S", Advising, Consolidating, Deciding)


def _in(stage: type[S], found: Case, stamp: Stamp) -> S:
    """Return `found` as the `stage` it must be in, for an entry that was let onto the record."""
    if not isinstance(found, stage):
        raise Damaged(
            f"entry {stamp.index} does not follow from the entries before it: "
            f"`{found.dossier.id}` is {case.name(found)}",
            hint="run `sayso record verify`",
        )
    return found


def _out_of_turn(found: Case, office: str, act: str) -> Refusal:
    waiting = case.waits_for(found)
    stands = f"`{found.dossier.id}` is {case.name(found)}"
    if not waiting:
        return Refusal("closed", f"{stands}, so `{office}` cannot {act} it")
    names = ", ".join(f"`{each}`" for each in waiting)
    return Refusal(
        "out-of-turn", f"{stands}, so `{office}` cannot {act} it now", f"it waits for {names}"
    )
