"""An office's calendar: by it the time is counted that policies give the office.

It only ever lengthens: whatever a calendar says, an office has no less time than the policy's own
measure. So no silence grants sooner by one. It counts for the turns that begin after it.
"""

from dataclasses import replace

from sayso.casework.events import Timekeeping
from sayso.casework.refusal import Refusal
from sayso.casework.state import State


def check(state: State, act: Timekeeping) -> Refusal | None:
    """Return why it is out of order: a partner's office has no turn."""
    if state.office(act.office).partner is None:
        return None
    return Refusal(
        "partners", f"`{act.office}` is a partner's office, and no time of it is counted"
    )


def apply(state: State, act: Timekeeping) -> State:
    """Return the state in which the office works by this calendar."""
    return replace(state, calendars=state.calendars.set(act.office, act))
