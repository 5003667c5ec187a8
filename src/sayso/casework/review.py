"""Offices advise and the policy owner consolidates, each in its turn."""

from typing import TypeVar, assert_never

from sayso.casework import case, turns
from sayso.casework.case import Advising, Case, Consolidating
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import Advice, Consolidation, Nature, Outcome, Review
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.replaced import replace


def check(state: State, act: Review) -> Refusal | None:
    """Return why what an office says of a case is out of order; None if it is not."""
    match act:
        case Advice():
            return check_advice(state, act)
        case Consolidation():
            return check_consolidation(state, act)
        case _:
            assert_never(act)


def apply(state: State, act: Review, mark: Stamp) -> State:
    """Return what stands once an office has said it."""
    match act:
        case Advice():
            return apply_advice(state, act, mark)
        case Consolidation():
            return apply_consolidation(state, act, mark)
        case _:
            assert_never(act)


def check_advice(state: State, act: Advice) -> Refusal | None:
    """Return why not: the case does not wait for this office's advice."""
    found = state.case(act.case)
    if isinstance(found, Advising) and act.office in _advising(found):
        return turns.out_of_place(found, act.office, act.superior)
    return out_of_turn(found, act.office, "advise on")


def _advising(found: Advising) -> tuple[str, ...]:
    """Return who may advise: who is waited for, and who has and the case still waits for others."""
    given = {on.said.office for on in found.dossier.current_advice}
    leg = found.dossier.verdict.said.route[found.step]
    return (*found.waiting, *(office for office in leg.offices if office in given))


def apply_advice(state: State, act: Advice, stamp: Stamp) -> State:
    """Return the state in which the advice is given; the last one moves the case on."""
    found = _in(Advising, state.case(act.case), stamp)
    dossier = replace(found.dossier, advice=(*found.dossier.advice, On(act, stamp)))
    if act.office not in found.waiting:  # a new version: the case still waits for others
        return state.keep(replace(found, dossier=dossier))
    if len(found.waiting) > 1:
        return state.keep(turns.without(replace(found, dossier=dossier), act.office))
    return state.keep(turns.arrive(state, dossier, found.step + 1, stamp.at))


def check_consolidation(state: State, act: Consolidation) -> Refusal | None:
    """Return why not: out of turn, or an advice is not cited; none is merged away."""
    found = state.case(act.case)
    if not isinstance(found, Consolidating) or found.office != act.office:
        return out_of_turn(found, act.office, "consolidate")
    misplaced = turns.out_of_place(found, act.office, act.superior)
    if misplaced is not None:
        return misplaced
    given = tuple(each.stamp.index for each in found.dossier.current_advice)
    if act.cites != given:
        entries = ", ".join(str(index) for index in given)
        return Refusal("uncited", "a consolidation cites every advice", f"cite {entries}")
    against = dissents(found.dossier, act.outcome)
    if act.dissents != against:
        entries = ", ".join(str(index) for index in against) or "none"
        return Refusal("dissent", "a consolidation names the advice that dissents", entries)
    return None


def dissents(dossier: Dossier, outcome: Outcome) -> tuple[int, ...]:
    """Return the entries of the advice that comes to something else; legal advice takes no side."""
    return tuple(
        on.stamp.index
        for on in dossier.current_advice
        if on.said.nature is not Nature.LEGAL and _side(on.said.outcome) is not _side(outcome)
    )


def _side(outcome: Outcome) -> Outcome:
    return Outcome.GRANT if outcome.grants else outcome


def apply_consolidation(state: State, act: Consolidation, stamp: Stamp) -> State:
    """Return the state in which the advice is consolidated, and the case moves on."""
    found = _in(Consolidating, state.case(act.case), stamp)
    before = found.dossier
    dossier = replace(before, consolidations=(*before.consolidations, On(act, stamp)))
    return state.keep(turns.arrive(state, dossier, found.step + 1, stamp.at))


S = TypeVar("S", Advising, Consolidating)


def _in(stage: type[S], found: Case, stamp: Stamp) -> S:
    """Return `found` as the `stage` it must be in, for an entry that was let onto the record."""
    if not isinstance(found, stage):
        raise case.astray(found, stamp)
    return found


def out_of_turn(found: Case, office: str, act: str) -> Refusal:
    """Return the refusal of what an office would do to a case that does not wait for it."""
    waiting = case.waits_for(found)
    stands = f"`{found.dossier.id}` is {case.name(found)}"
    if not waiting:
        return Refusal("closed", f"{stands}, so `{office}` cannot {act} it")
    names = ", ".join(f"`{each}`" for each in waiting)
    return Refusal(
        "out-of-turn", f"{stands}, so `{office}` cannot {act} it now", f"it waits for {names}"
    )
