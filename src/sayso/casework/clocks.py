"""What time does to a case: the consequences that are due because a moment has come."""

from dataclasses import replace

from sayso.casework import case
from sayso.casework.case import Case, Expired, On, Stamp
from sayso.casework.events import Consequence, Expiry
from sayso.casework.state import State
from sayso.casework.timers import rung
from sayso.dates import Instant


def due(state: State, at: Instant) -> tuple[Consequence, ...]:
    """Return what time has brought about by `at`, by the cases' names.

    A timer only says that a case must be looked at: what it rang for may be over by then.
    """
    found = (state.cases[name] for name in rung(state.timers, at))
    return tuple(_follows(each) for each in found if _is_due(each, at))


def _is_due(found: Case, at: Instant) -> bool:
    end = found.dossier.asked.window.end
    return isinstance(found, case.Open) and end is not None and end <= at


def _follows(found: Case) -> Consequence:
    return Expiry(found.dossier.id)


def apply_expiry(state: State, said: Expiry, stamp: Stamp) -> State:
    """Return the state in which the case is expired."""
    dossier = state.case(said.case).dossier
    return state.keep(Expired(replace(dossier, expiries=(*dossier.expiries, On(said, stamp)))))
