"""What its author may not know is, for an act, not there.

An act is judged on what stands. But it is refused in words that are found where its author looks:
on what they know (`seen`), which is the same whether or not there is anything else. So a refusal
tells nothing of what is kept from them (law 13), and it suggests no name that they may not hear. An
act that only what is kept stands against is refused in words that say nothing.
"""

from collections.abc import Callable

from sayso.casework.events import Act
from sayso.casework.footing import Footing, footing
from sayso.casework.inside import Inside, holds_nothing_back, nothing_is_kept
from sayso.casework.outside import NO_PART, Outside
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import SaysoError, Unknown

__all__ = ["NO_PART", "judged", "of", "outsider", "seen"]

Judging = Callable[[State], Refusal | None]


def judged(state: State, act: Act, judging: Judging, *, person: str, at: Instant) -> Refusal | None:
    """Return why `person` may not do `act` at `at`, as far as they may know it."""
    if holds_nothing_back(state, person, at):
        return judging(state)
    stands = footing(state, person, at)
    if stands.inside:
        if nothing_is_kept(state, stands):
            return judging(state)
        limits: Inside | Outside = Inside(state, stands, person)
    else:
        limits = Outside(state, stands, person)
        if not limits.may(act):
            return limits.refusal()
    if limits.knows_of(act) and _holds(state, judging):
        return None
    return _told(limits, judging) or _kept(person)


def _told(limits: Inside | Outside, judging: Judging) -> Refusal | None:
    """Return the refusal by what is known; outside, what is not known is refused, and no error."""
    if isinstance(limits, Inside):
        return judging(limits.seen())
    try:
        return judging(limits.seen())
    except Unknown as error:
        return Refusal("unknown", error.what, error.hint)


def _holds(state: State, judging: Judging) -> bool:
    try:
        return judging(state) is None
    except SaysoError:
        return False  # the words of that error may name what is kept


def _kept(person: str) -> Refusal:
    return Refusal(
        "kept",
        f"something stands against it that `{person}` may not know",
        "ask whoever answers for it inside",
    )


def seen(state: State, person: str, at: Instant) -> State:
    """Return what stands, as far as `person` may know it at `at`."""
    stands = footing(state, person, at)
    return of(state, stands, person)


def of(state: State, stands: Footing, person: str = "") -> State:
    """Return what stands, as far as it is known to `person`, who is on that footing."""
    if stands.inside:
        return Inside(state, stands, person).seen()
    return Outside(state, stands, person).seen()


def outsider(state: State, person: str, at: Instant) -> Refusal | None:
    """Return the answer to whatever is not for `person` to do; None if they have a part inside."""
    stands = footing(state, person, at)
    return None if stands.inside else Outside(state, stands, person).refusal()
