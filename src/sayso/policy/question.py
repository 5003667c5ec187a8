"""The verdict on every possible request at once, as literals.

`Question` holds, for a set of policies, the literals that the verdict is permitted, referred or
prohibited, that an office decides it or advises on it, and that its deciders conflict. Time is a
choice among the stretches within which no policy and no clause begins or ends; those in which no
policy is in force are left out.

Several questions may share one `World`: then they speak of the same request at the same moment.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sayso.dates import Instant
from sayso.policy import routes
from sayso.policy.abstract import Abstraction, Pair
from sayso.policy.atoms import choices, conjuncts, sole_fact
from sayso.policy.boxes import Boxes
from sayso.policy.evaluate import Plain
from sayso.policy.policy import Level, Policy
from sayso.policy.routes import Route
from sayso.policy.rules import Rule, Rules, in_force, timeline
from sayso.policy.sat import Gates
from sayso.policy.terms import TRUE, Compare, Const, Fact, In, Term, walk
from sayso.policy.types import EARLIEST

_Offices = Callable[[Route], str | tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class World:
    """The requests and moments that a question is about."""

    gates: Gates
    facts: Abstraction
    moments: tuple[Instant, ...]
    literals: tuple[int, ...]
    boxes: Boxes
    """What gates come to; its first axes are the facts that are split, in their order."""
    judged: frozenset[Term]
    """The conditions of clauses that are not left out."""

    def at(self, model: frozenset[int]) -> Instant:
        """Return the moment of an answer."""
        chosen = zip(self.moments, self.literals, strict=True)
        return next(moment for moment, literal in chosen if literal in model)


def world(
    policies: Iterable[Policy], conditions: Iterable[Term] = (), *, where: Term = TRUE
) -> World:
    """Return the world in which all these policies, and some more conditions, can be judged.

    Clauses that are plainly false `where` a condition is true are left out of it.
    """
    given = tuple(policies)
    gates = Gates()
    abstraction = Abstraction(gates)
    allowed = _allowed(where)
    every = dict.fromkeys(each.when for policy in given for each in policy.clauses)
    whens = [when for when in every if not _plainly_false(when, allowed)]
    abstraction.learn([*whens, *conditions])
    firsts = [Instant(first) for first in sorted({EARLIEST, *timeline(given).cuts})]
    moments = tuple(first for first in firsts if in_force(given, first)) or (firsts[0],)
    literals = gates.one_of(len(moments))
    axes = [split.literals for split in abstraction.splits.values()]
    boxes = Boxes(gates, [*axes, literals] if len(literals) > 1 else axes)
    return World(gates, abstraction, moments, literals, boxes, frozenset(whens))


_Allowed = Mapping[Fact, frozenset[Plain]]


def _allowed(where: Term) -> _Allowed:
    """Return the values that facts can have where a condition is true, as far as it names them."""
    found: dict[Fact, frozenset[Plain]] = {}
    for part in conjuncts(where):
        fact = sole_fact(part)
        values = choices(part, fact) if fact is not None else None
        if fact is not None and values is not None:
            found[fact] = found.get(fact, values) & values
    return found


def _plainly_false(when: Term, allowed: _Allowed) -> bool:
    """Return whether a condition asks for values only that its fact is not allowed."""
    for part in conjuncts(when) if allowed else ():
        for fact, values in allowed.items():
            asked = choices(part, fact)
            if asked is not None and asked.isdisjoint(values):
                return True
    return False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A clause, and the literals that it is true in force, and that it is not false in force."""

    rule: Rule
    true: int
    possible: int

    @property
    def counts(self) -> int:
        """Return the literal that the clause counts."""
        return self.true if self.rule.clause.level is Level.PERMIT else self.possible


@dataclass(slots=True)
class Question:
    """The literals of the verdict of these policies."""

    world: World
    policies: tuple[Policy, ...]
    ranks: Mapping[str, int]
    ruled: tuple[Ruled, ...] = field(init=False)
    deciders: dict[str, int] = field(init=False)
    levels: dict[Level, tuple[Ruled, ...]] = field(init=False)
    counted: dict[Level, int] = field(init=False)

    def __post_init__(self) -> None:
        standing = [timeline(self.policies).at(moment) for moment in self.world.moments]
        rules = [each for each in _distinct(standing) if each.clause.when in self.world.judged]
        self.ruled = tuple(self.rule(each, standing) for each in rules)
        levels = [(level, self.at_level(level)) for level in Level]
        self.levels = dict(levels)
        self.counted = {
            level: self.world.gates.any_of(each.counts for each in found) for level, found in levels
        }
        referring = self.levels[Level.REFER]
        offices = sorted({routes.decider(each.rule.route) or "" for each in referring})
        self.deciders = {office: self.referring(office, routes.decider) for office in offices}

    def rule(self, rule: Rule, standing: list[Rules]) -> Ruled:
        """Return a clause's literals."""
        gates = self.world.gates
        chosen = zip(standing, self.world.literals, strict=True)
        during = gates.any_of(literal for rules, literal in chosen if rule.name in rules.names)
        true, false = self.world.facts.pair(rule.clause.when)
        return Ruled(rule, gates.all_of((during, true)), gates.all_of((during, -false)))

    def at_level(self, level: Level) -> tuple[Ruled, ...]:
        """Return the clauses of a level."""
        return tuple(each for each in self.ruled if each.rule.clause.level is level)

    def referring(self, office: str, of: _Offices) -> int:
        """Return the literal that a clause counts whose route names an office in some part."""
        return self.world.gates.any_of(
            each.counts
            for each in self.levels[Level.REFER]
            if office in _offices(of(each.rule.route))
        )

    def refers_to(self, ways: Collection[Route]) -> int:
        """Return the literal that a clause counts that refers to any of these routes."""
        referring = self.levels[Level.REFER]
        return self.world.gates.any_of(each.counts for each in referring if each.rule.route in ways)

    # --- the verdict ---

    @property
    def refers(self) -> int:
        """Return the literal that the strictest clause that counts refers."""
        counted = self.counted[Level.REFER]
        return self.world.gates.all_of((-self.counted[Level.PROHIBIT], counted))

    def decides(self, office: str) -> int:
        """Return the literal that an office has the last word."""
        others = [
            -literal
            for other, literal in self.deciders.items()
            if other != office and not routes.outranks(office, other, self.ranks)
        ]
        named = self.deciders.get(office, -self.world.gates.yes)
        return self.world.gates.all_of((self.refers, named, *others))

    @property
    def referred(self) -> int:
        """Return the literal that the verdict is referred."""
        return self.world.gates.any_of(self.decides(office) for office in self.deciders)

    @property
    def conflict(self) -> int:
        """Return the literal that several offices would decide, none above all others."""
        return self.world.gates.all_of((self.refers, -self.referred))

    @property
    def permitted(self) -> int:
        """Return the literal that the verdict is permitted."""
        stricter = (-self.counted[Level.PROHIBIT], -self.counted[Level.REFER])
        return self.world.gates.all_of((*stricter, self.counted[Level.PERMIT]))

    @property
    def prohibited(self) -> int:
        """Return the literal that the verdict is prohibited."""
        return self.world.gates.all_of((-self.permitted, -self.referred))

    def stands(self, policy: Policy) -> int:
        """Return the literal that a policy is in force."""
        chosen = zip(self.world.moments, self.world.literals, strict=True)
        return self.world.gates.any_of(
            literal for at, literal in chosen if policy in in_force(self.policies, at)
        )

    def bind(self, then: Term) -> None:
        """Make the literals of what a property says of the verdict."""
        given = self.world.facts.given
        for part in walk(then):
            pair = self.of_verdict(part)
            if pair is not None:
                given[part] = pair

    def of_verdict(self, part: Term) -> Pair | None:
        """Return the pair of a condition on the verdict, if it is one."""
        match part:
            case Fact("verdict.permitted"):
                literal = self.permitted
            case Fact("verdict.referred"):
                literal = self.referred
            case Fact("verdict.prohibited"):
                literal = self.prohibited
            case Compare("==", Fact("verdict.decider"), Const(office)):
                literal = self.decides(str(office))
            case In(Const(office), Fact("verdict.advisers")):
                advising = self.referring(str(office), routes.advisers)
                literal = self.world.gates.all_of((self.referred, advising))
            case _:
                return None
        return literal, -literal


def _offices(found: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else found or ()


def _distinct(standing: Iterable[Rules]) -> list[Rule]:
    found = {rule.name: rule for rules in standing for rule in rules.rules}
    return [found[name] for name in sorted(found)]
