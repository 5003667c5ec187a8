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

    What is spared takes the place of none, unless another that does exist has taken its own. It
    exists after all once what it followed is in force no more.
    """
    line = _Line.of(state, at)
    absent = line.absent(spared)
    found = (name for name in line.in_place(absent) if name not in absent)
    return tuple(line.begun[name].policy for name in found)


def retained(state: State, at: Instant) -> tuple[Policy, ...]:
    """Return the policies that bind at `at`, by name, only what those that follow them keep."""
    line = _Line.of(state, at)
    keepers = (name for name, each in line.begun.items() if each.policy.transition.keeps)
    found = line.in_place(line.absent(frozenset(keepers)))
    replaced = set(line.took.values())
    return tuple(line.begun[name].policy for name in found if name in replaced)


def bound(policy: Policy, at: Instant) -> Bound:
    """Return how the record names a policy that binds at `at`."""
    dated = [(each.id, each.in_force) for each in policy.clauses if each.in_force is not None]
    clauses = tuple(name for name, period in dated if period.holds(at))
    return Bound(policy.name, policy.digest, clauses if dated else None)


@dataclass(frozen=True, slots=True)
class _Line:
    """The policies that have begun to bind by `at`, and of each, whose place it `took`.

    One that another took the place of before it began has never bound: that other took the place
    of what it would have followed. `follows` names, of each, the last before it that bound, if that
    was in force until it began.
    """

    at: Instant
    begun: Mapping[str, Adopted]
    took: Mapping[str, str | None]
    follows: Mapping[str, str | None]

    @classmethod
    def of(cls, state: State, at: Instant) -> "_Line":
        """Return the line of a state at a moment."""
        adopted = ((name, each) for name, each in state.policies.items() if each.begins <= at)
        begun = {name: each for name, each in adopted if not each.never_bound}
        forestalled = {
            each.policy.supersedes
            for each in begun.values()
            if not _bound_before(begun.get(each.policy.supersedes or ""), each)
        }
        took: dict[str, str | None] = {}
        for name, each in sorted(begun.items()):
            before = each.policy.supersedes
            while before is not None and before in forestalled:
                before = begun[before].policy.supersedes
            if name not in forestalled:
                took[name] = before
        follows: dict[str, str | None] = dict.fromkeys(took)
        for name in took:
            before = begun[name].policy.supersedes
            while before is not None and before not in took:
                skipped = state.policies.get(before)
                before = None if skipped is None else skipped.policy.supersedes
            if before is not None and begun[before].lasted(begun[name].begins):
                follows[name] = before
        return cls(at, begun, took, follows)

    def absent(self, spared: frozenset[str]) -> frozenset[str]:
        """Return those of `spared` that leave a case to others.

        None has taken their place but such as leave it, too, and what they followed still binds it,
        or leaves it. What followed none leaves it for good.
        """
        absent = spared
        while True:
            there, leaving = set(self.in_place(absent)), absent - self._gone(absent)
            leaving = frozenset(
                name
                for name in leaving
                if (before := self.follows.get(name)) is None or before in there | absent
            )
            if leaving == absent:
                return absent
            absent = leaving

    def in_place(self, absent: frozenset[str]) -> Iterator[str]:
        """Yield those that last, and whose place none has taken but such as are `absent`."""
        gone = self._gone(absent)
        for name in self.took:
            found = self.begun[name]
            lasts = found.policy.in_force.holds(self.at) and not found.ended(self.at)
            if lasts and name not in gone:
                yield name

    def _gone(self, absent: frozenset[str]) -> set[str | None]:
        """Return those whose place one took that is not absent."""
        return {before for name, before in self.took.items() if name not in absent}


def _bound_before(adopted: Adopted | None, successor: Adopted) -> bool:
    """Return whether a policy, if there is one, began to bind before its successor did.

    A successor that binds from when it was recorded was recorded after it.
    """
    if adopted is None or adopted.begins < successor.begins:
        return True
    return adopted.begins == successor.begins == successor.stamp.at


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
