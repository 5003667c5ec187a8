"""Enclosures that are erased: by whom, and what must stay.

Words that were weighed are evidence, so none below the highest office of the house lets them go;
and nothing of a case that is open, or of a grant that may still be used, goes at all.
"""

from collections.abc import Iterator
from dataclasses import replace

from sayso.casework import sealing
from sayso.casework.case import (
    Advising,
    Consolidating,
    Countersigning,
    Deciding,
    Granted,
    Suspended,
    Unjudged,
)
from sayso.casework.dossier import Stamp
from sayso.casework.events import Erasure, Event
from sayso.casework.refusal import Refusal
from sayso.casework.state import State

IN_USE = (Unjudged, Advising, Consolidating, Deciding, Countersigning, Granted, Suspended)


def check(state: State, act: Erasure) -> Refusal | None:
    """Return why an erasure is out of order; None if it is not."""
    return next(_reasons(state, act), None)


def apply(state: State, act: Erasure, mark: Stamp) -> State:
    """Return the state that knows what was erased, and by which entry."""
    erased = state.erased.update(dict.fromkeys(act.digests, mark.index))
    return replace(state, erased=erased)


def handed_in_again(state: State, said: Event) -> State:
    """Return the state in which what is named anew is erased no longer."""
    if not state.erased or isinstance(said, Erasure):
        return state
    named = {each.hex() for each in sealing.enclosed(said)}
    left = [each for each in named if each in state.erased]
    kept = state.erased
    for each in left:
        kept = kept.delete(each)
    return replace(state, erased=kept) if left else state


def _reasons(state: State, act: Erasure) -> Iterator[Refusal]:
    office = state.office(act.office)
    ours = [each for each in state.offices.values() if each.partner is None is each.supplier]
    if office not in ours or any(each.rank < office.rank for each in ours):
        yield Refusal("too-low", f"`{act.office}` is not the highest office of the house")
    for digest in act.digests:
        if digest in state.erased:
            yield Refusal("erased", f"{digest} was erased by entry {state.erased[digest]}")
    going = frozenset(bytes.fromhex(each) for each in act.digests)
    for name, case in sorted(state.cases.items()):
        if isinstance(case, IN_USE) and going.intersection(sealing.enclosed(case.dossier)):
            yield Refusal("in-use", f"something of it belongs to `{name}`, which is not closed")
