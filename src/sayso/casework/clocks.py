"""What time does to a case: the consequences that are due because a moment has come."""

from collections.abc import Iterator

from sayso.casework import case, deadlines, emergencies, obligations
from sayso.casework.case import Case, Expired, Lapsed, Live, Suspended
from sayso.casework.dossier import On, Stamp
from sayso.casework.events import Consequence, Expiry, Lapse, Overdue, Unratified
from sayso.casework.events.conditions import USE_REPORT
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.replaced import replace


def due(state: State, ringing: tuple[str, ...], at: Instant) -> tuple[Consequence, ...]:
    """Return what time has brought about by `at`, by the names of the cases whose timers rang.

    A timer only says that a case must be looked at: what it rang for may be over by then.
    """
    if not ringing:  # as at nearly every moment
        return ()
    found = (state.cases[name] for name in ringing)
    return tuple(said for each in found for said in _follows(each, at))


def _follows(found: Case, at: Instant) -> Iterator[Consequence]:
    name = found.dossier.id
    asked = found.dossier.asked.window.end
    if isinstance(found, case.Open) and asked is not None and asked <= at:
        yield Expiry(name)
    end = deadlines.window_end(found)
    if isinstance(found, Live | Suspended) and end is not None and end <= at:
        yield Lapse(name)
    ratify = emergencies.due(found.dossier)
    if ratify is not None and ratify <= at:
        yield Unratified(name)
    for moment, number in obligations.coming(found.dossier):
        if moment <= at:
            yield Overdue(name, number)


def apply_expiry(state: State, said: Expiry, stamp: Stamp) -> State:
    """Return the state in which the case is expired."""
    dossier = state.case(said.case).dossier
    return state.keep(Expired(replace(dossier, expiries=(*dossier.expiries, On(said, stamp)))))


def apply_lapse(state: State, said: Lapse, stamp: Stamp) -> State:
    """Return the state in which the authorization is over; what it owes is still owed."""
    return state.keep(Lapsed(state.case(said.case).dossier.heard(said, stamp)))


def apply_overdue(state: State, said: Overdue, stamp: Stamp) -> State:
    """Return the state in which the obligation is overdue; a report stops further requests."""
    found = state.case(said.case)
    dossier = found.dossier.heard(said, stamp)
    owed = obligations.of(dossier)[said.obligation - 1].condition
    if owed.evidence == USE_REPORT:
        state = state.owes(dossier)
    return state.keep(replace(found, dossier=dossier))
