"""Diff: what a policy says otherwise than another, over every possible request.

Both are taken as if they were in force at the same moment; only their clauses' own dates count. The
second is *equivalent* if every verdict is the same, *stricter* if every verdict that differs is
stricter, *looser* if every one is looser, and else *incomparable*. A referral to another route,
whatever it is that is otherwise about it, is a change that is neither stricter nor looser.

What changes is told family by family, for each pair of outcomes, up to `MOST` of them for each.
Requests of which every fact is known are looked at first, and settle the relation if any verdict on
them differs: what a policy makes of unknown facts is no matter of how strict it means to be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

from sayso import wire
from sayso.dates import Instant, Period
from sayso.policy import routes
from sayso.policy.decide import verdict
from sayso.policy.facts import Facts
from sayso.policy.family import Family, family
from sayso.policy.judge import Answer, Doubt, ask
from sayso.policy.policy import Level, Policy
from sayso.policy.question import Question, world
from sayso.policy.routes import Route
from sayso.policy.types import EARLIEST
from sayso.policy.verdicts import Outcome, Verdict

MOST = 3
FEW = 6  # routes: all that some of them come to is worked out beforehand
TRIES = 200  # of more routes, how often those that come to the same are set aside


class Relation(Enum):
    """How the second policy relates to the first."""

    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    INCOMPARABLE = "incomparable"


STRICTNESS = (Outcome.PERMITTED, Outcome.REFERRED, Outcome.PROHIBITED)


@dataclass(frozen=True, slots=True)
class Change:
    """A family of requests, and the verdict on it before and after."""

    before: Verdict
    after: Verdict
    family: Family

    @property
    def words(self) -> str:
        """Return the change in words."""
        before, after = said(self.before), said(self.after)
        way = " by another route" if before == after else ""
        return f"{before} becomes {after}{way} where {self.family.words}"

    def value(self) -> dict[str, wire.Value]:
        """Return the change as it is printed."""
        return {
            **self.family.value(),
            "before": self.before.value(),
            "after": self.after.value(),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """How two policies differ; `relation` is none if that could not be found out."""

    relation: Relation | None
    families: tuple[Change, ...]
    words: str

    def value(self) -> dict[str, object]:
        """Return the difference as it is printed."""
        return {
            "relation": self.relation.value if self.relation is not None else None,
            "families": [each.value() for each in self.families],
            "words": self.words,
        }


def diff(before: Policy, after: Policy, *, ranks: Mapping[str, int], seconds: float = 10.0) -> Diff:
    """Return how `after` differs from `before`, with so many `seconds` for each question."""
    one, other = _undated(before), _undated(after)
    if _says(one) == _says(other):
        words = _words(before, after, Relation.EQUIVALENT, [])
        return Diff(Relation.EQUIVALENT, (), words)
    here = world((one, other))
    pair = (Question(here, (one,), ranks), Question(here, (other,), ranks))
    changes: list[Change] = []
    for known in (here.facts.known(), here.gates.yes):
        for literal, ways in () if changes else _differences(pair):
            for found in _families(pair, (literal, known), ways, seconds):
                if isinstance(found, Doubt):
                    return Diff(None, tuple(changes), f"not found out: {found.why}")
                changes.append(found)
    relation = _relation(changes)
    return Diff(relation, tuple(changes), _words(before, after, relation, changes))


def _undated(policy: Policy) -> Policy:
    return replace(policy, in_force=Period(Instant(EARLIEST)), supersedes=None)


def _says(policy: Policy) -> frozenset[tuple[object, ...]]:
    """Return what the verdict depends on: its clauses, whatever their names and their order."""
    return frozenset(
        (each.level, each.when, policy.routes.get(each.route or "", ()), each.in_force)
        for each in policy.clauses
    )


def _outcomes(question: Question) -> tuple[int, ...]:
    return (question.permitted, question.referred, question.prohibited)


_Pair = tuple[Question, Question]
_Ways = Sequence[Route]


def _differences(pair: _Pair) -> Iterator[tuple[int, _Ways]]:
    """Yield the literal of each way in which the verdicts can differ.

    With one come the routes that must be looked at, if that they differ is not all of it.
    """
    gates = pair[0].world.gates
    for before, one in enumerate(_outcomes(pair[0])):
        for after, other in enumerate(_outcomes(pair[1])):
            if before != after:
                yield gates.all_of((one, other)), ()
    both = (pair[0].referred, pair[1].referred)
    ways = sorted({each.rule.route for one in pair for each in one.levels[Level.REFER]}, key=repr)
    if len(ways) <= FEW:
        yield gates.all_of((*both, _routes_differ(pair, ways))), ()
    else:
        apart = gates.any_of(
            gates.differ(*(each.refers_to({way}) for each in pair)) for way in ways
        )
        yield gates.all_of((*both, apart)), ways


def _routes_differ(pair: _Pair, ways: _Ways) -> int:
    """Return the literal that the routes joined before are not what those joined after come to."""
    gates = pair[0].world.gates
    alike: dict[object, list[frozenset[Route]]] = {}
    for size in range(1, len(ways) + 1):
        for chosen in combinations(ways, size):
            come_to = routes.join(chosen, ranks=pair[0].ranks)
            alike.setdefault(come_to, []).append(frozenset(chosen))
    apart = []
    for sets in alike.values():
        before, after = (gates.any_of(_exactly(each, ways, one) for one in sets) for each in pair)
        apart.append(gates.all_of((before, -after)))
    return gates.any_of(apart)


def _exactly(question: Question, ways: _Ways, chosen: frozenset[Route]) -> int:
    """Return the literal that of these routes just the chosen ones are referred to."""
    asked = ((way in chosen, question.refers_to({way})) for way in ways)
    return question.world.gates.all_of(literal if wanted else -literal for wanted, literal in asked)


def _families(
    pair: _Pair, asked: tuple[int, int], ways: _Ways, seconds: float
) -> Iterator[Change | Doubt]:
    """Yield the families for which a literal holds, each without those before it.

    Only requests for which the second literal `asked` holds as well are looked for. With `ways`, a
    family is all referred to the same of them, before and after; those that come to the same route
    are no change.
    """
    here = pair[0].world
    gates = here.gates
    literal, known = asked
    left = MOST
    for _ in range(MOST if not ways else TRIES):
        answer = ask(here, gates.all_of((literal, known)), seconds=seconds)
        if isinstance(answer, Doubt):
            yield answer
        if not isinstance(answer, Answer):
            return
        same = gates.all_of(_referred(pair, ways, answer))
        found = family(here, answer, gates.all_of((literal, same)))
        change = _change(pair, found)
        left -= isinstance(change, Change)
        if not ways or here.facts.loose or isinstance(change, Change):
            yield change
        if here.facts.loose or not left:
            return
        told = gates.all_of(found.literals) if isinstance(change, Change) else same
        literal = gates.all_of((literal, -told))
    if ways:
        yield Doubt("the routes join in too many ways to look at each")


def _referred(pair: _Pair, ways: _Ways, answer: Answer) -> list[int]:
    """Return the literals that tell which of the routes an answer is referred to."""
    asked = [each.refers_to({way}) for each in pair for way in ways]
    return [each if each in answer.model else -each for each in asked]


def _change(pair: tuple[Question, Question], found: Family) -> Change | Doubt:
    before, after = (
        verdict(each.policies, Facts(found.member), at=found.at, ranks=each.ranks) for each in pair
    )
    if (before.outcome, before.route) == (after.outcome, after.route):
        return Doubt("a difference found did not stand when it was judged again")
    return Change(before, after, found)


def _relation(changes: list[Change]) -> Relation:
    steps = {
        STRICTNESS.index(each.after.outcome) - STRICTNESS.index(each.before.outcome)
        for each in changes
    }
    if not steps:
        return Relation.EQUIVALENT
    if min(steps) > 0:
        return Relation.STRICTER
    return Relation.LOOSER if max(steps) < 0 else Relation.INCOMPARABLE


def said(judged: Verdict) -> str:
    """Return a verdict's outcome in a word or two."""
    return f"{judged.outcome.value} to {judged.decider}" if judged.decider else judged.outcome.value


def _words(before: Policy, after: Policy, relation: Relation, changes: list[Change]) -> str:
    names = {
        Relation.EQUIVALENT: "says the same as",
        Relation.STRICTER: "is stricter than",
        Relation.LOOSER: "is looser than",
        Relation.INCOMPARABLE: "is neither stricter nor looser than",
    }
    lead = f"{after.name} {names[relation]} {before.name}"
    return "\n".join([lead + ("." if not changes else ":"), *(f"- {c.words}" for c in changes)])
