"""What binds at a moment: the policies in force, and the circumstances that are known.

Both change only when somebody says something, or when a period begins or ends. So what binds is
worked out once for each stretch of time, and kept for the states that share the same policies and
claims, as nearly all do that follow one another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from sayso.casework import circumstances
from sayso.casework.events import Bound, Circumstances
from sayso.casework.same import Same
from sayso.casework.state import Claims, Policies, State
from sayso.casework.stretches import Stretches
from sayso.dates import Instant, Period
from sayso.policy import decide
from sayso.policy.policy import Policy

Grounds = Same[Policies, Claims, frozenset[int]]
"""What it depends on."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies that bind, by name, also as the record writes them, and what is known."""

    policies: tuple[Policy, ...]
    bound: tuple[Bound, ...]
    known: Circumstances


def in_force(state: State, at: Instant) -> InForce:
    """Return what binds at `at` by what stands in `state`."""
    return _timeline(Same(state.policies, state.claims, state.retracted)).at(at)


def worked_out(state: State, at: Instant) -> InForce:
    """Return the same, with nothing kept; a policy binds nobody before it was recorded."""
    adopted = (each.policy for each in state.policies.values() if each.stamp.at <= at)
    standing = decide.in_force(adopted, at)
    policies = tuple(each for each in standing if not state.policies[each.name].ended(at))
    bound = tuple(Bound(policy.name, policy.digest) for policy in policies)
    return InForce(policies, bound, circumstances.standing(state, at))


@lru_cache(maxsize=16)
def _timeline(grounds: Grounds) -> Stretches[InForce]:
    policies, claims, retracted = grounds.parts
    state = State(policies=policies, claims=claims, retracted=retracted)
    return Stretches(_moments(state), partial(worked_out, state))


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
