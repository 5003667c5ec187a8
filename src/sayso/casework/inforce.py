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
from sayso.casework.state import Adopted, Claims, Policies, State
from sayso.casework.stretches import Stretches
from sayso.dates import Instant, Period
from sayso.policy import decide
from sayso.policy.policy import Policy

Grounds = Same[Policies, Claims, frozenset[int]]
"""What it depends on."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies that bind, by name, also as the record writes them, and what is known.

    `adopted` are those that bind or have bound before.
    """

    policies: tuple[Policy, ...]
    bound: tuple[Bound, ...]
    known: Circumstances
    adopted: tuple[Adopted, ...]


def in_force(state: State, at: Instant) -> InForce:
    """Return what binds at `at` by what stands in `state`."""
    return _timeline(Same(state.policies, state.claims, state.retracted)).at(at)


def worked_out(state: State, at: Instant) -> InForce:
    """Return the same, with nothing kept."""
    policies, known = standing(state, at), circumstances.standing(state, at)
    adopted = tuple(each for each in _recorded(state, at) if each.policy.in_force.start <= at)
    return InForce(policies, tuple(bound(each, at) for each in policies), known, adopted)


def standing(state: State, at: Instant, spared: frozenset[str] = frozenset()) -> tuple[Policy, ...]:
    """Return the policies that bind at `at`, by name, where those named in `spared` do not exist.

    What is spared takes the place of none, unless another that does exist has taken its own.
    """
    recorded = tuple(each.policy for each in _recorded(state, at))
    absent = _not_replaced(recorded, spared, at)
    found = decide.in_force((each for each in recorded if each.name not in absent), at)
    return tuple(each for each in found if not state.policies[each.name].ended(at))


def bound(policy: Policy, at: Instant) -> Bound:
    """Return how the record names a policy that binds at `at`."""
    dated = [each for each in policy.clauses if each.in_force is not None]
    clauses = tuple(each.id for each in dated if each.in_force is None or each.in_force.holds(at))
    return Bound(policy.name, policy.digest, clauses if dated else None)


def _recorded(state: State, at: Instant) -> Iterator[Adopted]:
    """Yield the policies on the record at `at`: none binds anybody before."""
    return (each for each in state.policies.values() if each.stamp.at <= at)


def _not_replaced(
    recorded: tuple[Policy, ...], spared: frozenset[str], at: Instant
) -> frozenset[str]:
    """Return those of `spared` whose place no policy that is not spared has taken by `at`."""
    started = [each for each in recorded if each.in_force.start <= at]
    while taken := spared.intersection(e.supersedes for e in started if e.name not in spared):
        spared -= taken
    return spared


@lru_cache(maxsize=16)
def _timeline(grounds: Grounds) -> Stretches[InForce]:
    policies, claims, retracted = grounds.parts
    state = State(policies=policies, claims=claims, retracted=retracted)
    return Stretches(_moments(state), partial(worked_out, state))


def _moments(state: State) -> Iterator[Instant]:
    """Yield every moment from which something else may bind."""
    for each in state.policies.values():
        yield from _ends(each.policy.in_force)
        for clause in each.policy.clauses:
            if clause.in_force is not None:
                yield from _ends(clause.in_force)
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
