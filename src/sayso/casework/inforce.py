"""What binds at a moment: the policies in force, and the circumstances that are known.

Both change only when somebody says something, or when a period begins or ends. So what binds is
worked out once for each stretch of time, and kept for the states that share the same policies and
claims, as nearly all do that follow one another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from sayso.casework import circumstances
from sayso.casework.events import Bound, Circumstances
from sayso.casework.same import Same
from sayso.casework.state import Adopted, Claims, Policies, State
from sayso.casework.stretches import Stretches
from sayso.dates import Instant, Period
from sayso.policy.policy import Policy

Grounds = Same[Policies, Claims, frozenset[int]]
"""What it depends on."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies that bind, by name, also as the record writes them, and what is known.

    `retained` are those that others took the place of and that bind what those others keep.
    """

    policies: tuple[Policy, ...]
    bound: tuple[Bound, ...]
    retained: tuple[Bound, ...]
    known: Circumstances


def in_force(state: State, at: Instant) -> InForce:
    """Return what binds at `at` by what stands in `state`."""
    return _timeline(Same(state.policies, state.claims, state.retracted)).at(at)


def worked_out(state: State, at: Instant) -> InForce:
    """Return the same, with nothing kept."""
    policies = standing(state, at)
    return InForce(
        policies,
        tuple(bound(each, at) for each in policies),
        tuple(bound(each, at) for each in retained(state, at)),
        circumstances.standing(state, at),
    )


def standing(state: State, at: Instant, spared: frozenset[str] = frozenset()) -> tuple[Policy, ...]:
    """Return the policies that bind at `at`, by name, where those named in `spared` do not exist.

    What is spared takes the place of none, unless another that does exist has taken its own.
    """
    begun = _begun(state, at)
    absent = _absent(begun, spared)
    return tuple(each for each in _in_place(begun, absent, at) if each.name not in absent)


def retained(state: State, at: Instant) -> tuple[Policy, ...]:
    """Return the policies that bind at `at`, by name, only what those that follow them keep."""
    begun = _begun(state, at)
    keepers = frozenset(name for name, each in begun.items() if each.policy.transition.keeps)
    replaced = {each.policy.supersedes for each in begun.values()}
    found = _in_place(begun, _absent(begun, keepers), at)
    return tuple(each for each in found if each.name in replaced)


def bound(policy: Policy, at: Instant) -> Bound:
    """Return how the record names a policy that binds at `at`."""
    dated = [(each.id, each.in_force) for each in policy.clauses if each.in_force is not None]
    clauses = tuple(name for name, period in dated if period.holds(at))
    return Bound(policy.name, policy.digest, clauses if dated else None)


def _begun(state: State, at: Instant) -> dict[str, Adopted]:
    """Return the policies that bind at `at`, or have bound before, by name."""
    return {
        name: each
        for name, each in state.policies.items()
        if each.begins <= at and not each.never_bound
    }


def _absent(begun: Mapping[str, Adopted], spared: frozenset[str]) -> frozenset[str]:
    """Return those of `spared` whose place no policy that is not spared has taken."""
    absent = spared
    while True:
        there = {each.policy.supersedes for name, each in begun.items() if name not in absent}
        if absent.isdisjoint(there):
            return absent
        absent -= there


def _in_place(
    begun: Mapping[str, Adopted], absent: frozenset[str], at: Instant
) -> Iterator[Policy]:
    """Yield those that last until `at` and whose place none has taken but such as are absent."""
    successors: dict[str | None, list[Adopted]] = {}
    for each in begun.values():
        successors.setdefault(each.policy.supersedes, []).append(each)
    for name, each in sorted(begun.items()):
        over = successors.get(name, ())
        lasts = each.policy.in_force.holds(at) and not each.ended(at)
        if lasts and all(o.policy.name in absent and _bound_before(each, o) for o in over):
            yield each.policy


def _bound_before(adopted: Adopted, successor: Adopted) -> bool:
    """Return whether a policy began to bind before its successor did, recorded after it."""
    at_once = successor.begins == successor.stamp.at
    return adopted.begins < successor.begins or (at_once and adopted.begins == successor.begins)


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
        yield each.begins
        if each.rescinded is not None:
            yield each.rescinded
    for claims in state.claims.values():
        for on in claims:
            yield from _ends(on.said.holds)


def _ends(period: Period) -> Iterator[Instant]:
    yield period.start
    if period.end is not None:
        yield period.end
