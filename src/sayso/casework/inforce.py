"""What binds at a moment: the policies in force, and the circumstances that are known.

Both change only when somebody says something, or when a period begins or ends. So what binds is
worked out once for each stretch of time, and kept for the states that share the same policies and
claims, as nearly all do that follow one another.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sayso.casework import circumstances
from sayso.casework.events import Bound, Circumstances
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.policy import decide
from sayso.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies that bind, by name, also as the record writes them, and what is known."""

    policies: tuple[Policy, ...]
    bound: tuple[Bound, ...]
    known: Circumstances


def in_force(state: State, at: Instant) -> InForce:
    """Return what binds at `at` by what stands in `state`."""
    return _timeline(_Grounds(state)).at(at)


def worked_out(state: State, at: Instant) -> InForce:
    """Return the same, with nothing kept; a policy binds nobody before it was recorded."""
    adopted = (each.policy for each in state.policies.values() if each.stamp.at <= at)
    standing = decide.in_force(adopted, at)
    policies = tuple(each for each in standing if not state.policies[each.name].ended(at))
    bound = tuple(Bound(policy.name, policy.digest) for policy in policies)
    return InForce(policies, bound, circumstances.standing(state, at))


class _Grounds:
    """What it depends on: two states have the same grounds if they share the very same parts."""

    __slots__ = ("key", "parts")

    def __init__(self, state: State) -> None:
        self.parts = state.policies, state.claims, state.retracted
        self.key = tuple(map(id, self.parts))  # of nothing else, as long as this is kept

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Grounds) and self.key == other.key

    def state(self) -> State:
        """Return the state in which nothing else stands."""
        policies, claims, retracted = self.parts
        return State(policies=policies, claims=claims, retracted=retracted)


class _Timeline:
    """What binds at any moment on the same grounds, by the stretches between two cuts."""

    def __init__(self, state: State) -> None:
        self.state = state
        moments = {each.micros for each in _moments(state)}
        self.cuts = sorted(moments)
        self.known: dict[int, InForce] = {}

    def at(self, at: Instant) -> InForce:
        """Return what binds at a moment."""
        place = bisect_right(self.cuts, at.micros)
        found = self.known.get(place)
        if found is None:
            found = self.known[place] = worked_out(self.state, at)
        return found


@lru_cache(maxsize=16)
def _timeline(grounds: _Grounds) -> _Timeline:
    return _Timeline(grounds.state())


def _moments(state: State) -> Iterator[Instant]:
    """Yield every moment from which something else may bind."""
    for each in state.policies.values():
        yield from _ends(each.policy.in_force)
        yield each.stamp.at
        if each.rescinded is not None:
            yield each.rescinded
    for claims in state.claims.values():
        for on in claims:
            yield from _ends(on.said.holds)


def _ends(period: Period) -> Iterator[Instant]:
    yield period.start
    if period.end is not None:
        yield period.end
