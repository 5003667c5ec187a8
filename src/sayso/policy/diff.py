"""Diff: what a policy says otherwise than another, over every possible request.

Both are taken as if they were in force at the same moment; only their clauses' own dates count. The
second is *equivalent* if every verdict is the same, *stricter* if every verdict that differs is
stricter, *looser* if every one is looser, and else *incomparable*. A referral to another route,
whatever it is that is otherwise about it, is a change that is neither stricter nor looser.

What changes is told family by family, for each pair of outcomes, up to `MOST` of them for each.
Requests of which every fact is known are looked at first, and settle the relation if any verdict on
them differs: what a policy makes of unknown facts is no matter of how strict it means to be.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from sayso import wire
from sayso.dates import Instant, Period
from sayso.policy import routes
from sayso.policy.decide import verdict
from sayso.policy.facts import Facts
from sayso.policy.family import Family, family
from sayso.policy.judge import Answer, Doubt, ask
from sayso.policy.policy import Level, Policy
from sayso.policy.question import Question, world
from sayso.policy.routes import STRICTEST_FIRST, Advise, Consolidate, Decide, Route
from sayso.policy.types import EARLIEST
from sayso.policy.verdicts import Outcome, Verdict

MOST = 3


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
        for literal in () if changes else _differences(pair):
            for found in _families(pair, literal, known, seconds):
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


def _differences(pair: tuple[Question, Question]) -> Iterator[int]:
    """Yield the literal of each way in which the verdicts can differ."""
    gates = pair[0].world.gates
    for before, one in enumerate(_outcomes(pair[0])):
        for after, other in enumerate(_outcomes(pair[1])):
            if before != after:
                yield gates.all_of((one, other))
    both = (pair[0].referred, pair[1].referred)
    yield gates.all_of((*both, gates.any_of(_routes_differ(pair))))


def _routes_differ(pair: tuple[Question, Question]) -> Iterator[int]:
    """Yield the literals of which one holds if two referrals are not to the same route.

    Where several clauses refer, their routes join, and what each of them asks for is asked for.
    One alone stays as it was written, which may not be how joined routes are put.
    """
    gates = pair[0].world.gates
    for office in sorted(pair[0].deciders.keys() | pair[1].deciders.keys()):
        yield gates.differ(*(each.decides(office) for each in pair))
    ways = {each.rule.route for one in pair for each in one.levels[Level.REFER]}
    times = {_time(stage) for way in ways for stage in way if isinstance(stage, Advise)}
    asked = {way: frozenset(_asked(way, times)) for way in ways}
    for part in frozenset().union(*asked.values()):
        having = frozenset(way for way in ways if part in asked[way])
        yield gates.differ(*(each.refers_to(having) for each in pair))
    for way in ways:
        if routes.joined([way], ranks=pair[0].ranks) != way:
            others = ways - {way}
            yield gates.differ(
                *(gates.all_of((one.refers_to({way}), -one.refers_to(others))) for one in pair)
            )


def _asked(way: Route, times: Iterable[timedelta]) -> Iterator[tuple[object, ...]]:
    """Yield all that a route asks for, beside who decides: of several, each that any asks for."""
    for stage in way:
        match stage:
            case Advise(offices):
                longer = [time for time in times if _time(stage) <= time]
                yield from (("advise", office, time) for office in offices for time in longer)
            case Consolidate(office):
                yield "consolidate", office
            case Decide(_, reserved, consent):
                first = STRICTEST_FIRST.index(consent)
                yield from (("consent", laxer) for laxer in STRICTEST_FIRST[first:])
                if reserved:
                    yield ("reserved",)


def _time(stage: Advise) -> timedelta:
    return timedelta.max if stage.within is None else stage.within


def _families(
    pair: tuple[Question, Question], literal: int, known: int, seconds: float
) -> Iterator[Change | Doubt]:
    """Yield the families for which a literal holds, each without those before it."""
    here = pair[0].world
    gates = here.gates
    for _ in range(MOST):
        answer = ask(here, gates.all_of((literal, known)), seconds=seconds)
        if isinstance(answer, Doubt):
            yield answer
        if not isinstance(answer, Answer):
            return
        found = family(here, answer, literal)
        yield _change(pair, found)
        if here.facts.loose:
            return
        literal = gates.all_of((literal, -gates.all_of(found.literals)))


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
