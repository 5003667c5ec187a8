"""The clauses of all policies in force at a moment, as one set.

The order of policies and clauses means nothing (law 3), so they are put into one order: the
strictest last, and those of one level by name. A clause is then a place in the set, and any number
of clauses is one whole number with a bit for each place. Every engine answers with two such
numbers: the clauses that are true, and those that are not false.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sayso.dates import Instant
from sayso.policy.policy import Clause, Level, Policy
from sayso.policy.routes import Route


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause in its policy."""

    name: str
    clause: Clause
    route: Route


@dataclass(frozen=True, eq=False)
class Rules:
    """The clauses that count at one moment, as a rule in the order that the module describes."""

    rules: tuple[Rule, ...]
    policies: tuple[tuple[str, str], ...]

    @cached_property
    def levels(self) -> dict[Level, int]:
        """Return, for each level, the clauses of it."""
        found = dict.fromkeys(Level, 0)
        for place, rule in enumerate(self.rules):
            found[rule.clause.level] |= 1 << place
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names of the clauses."""
        return frozenset(rule.name for rule in self.rules)

    @cached_property
    def routes(self) -> tuple[tuple[Route, int], ...]:
        """Return each route with the clauses that refer to it."""
        found: dict[Route, int] = {}
        for place, rule in enumerate(self.rules):
            if rule.clause.level is Level.REFER:
                found[rule.route] = found.get(rule.route, 0) | 1 << place
        return tuple(found.items())

    @cached_property
    def floors(self) -> tuple[int, int]:
        """Return the places at which the clauses that refer begin, and those that prohibit.

        So the highest bit that is set in a set of clauses tells the strictest level in it.
        """
        found = [rule.clause.level for rule in self.rules]
        if found != sorted(found):
            raise ValueError("the clauses are not in the order of their levels")
        return bisect_left(found, Level.REFER), bisect_left(found, Level.PROHIBIT)

    def chosen(self, bits: int) -> tuple[Rule, ...]:
        """Return the clauses whose bits are set."""
        return tuple(self.rules[place] for place in places(bits))

    @cached_property
    def marks(self) -> tuple[tuple[str, int], ...]:
        """Return the name of each clause, and the bit of its route if it refers."""
        bits = {route: 1 << place for place, (route, _) in enumerate(self.routes)}
        return tuple(
            (rule.name, bits[rule.route] if rule.clause.level is Level.REFER else 0)
            for rule in self.rules
        )

    def marked(self, bits: int, floor: int) -> tuple[tuple[str, ...], int]:
        """Return the names of the clauses that are set, from a place on, and their routes' bits."""
        marks, names, routes = self.marks, [], 0
        bits >>= floor
        while bits:  # as in `places`, but this is where a verdict spends its time
            place = bits.bit_length() - 1
            bits ^= 1 << place
            name, route = marks[floor + place]
            names.append(name)
            routes |= route
        names.reverse()
        return tuple(names), routes


def places(bits: int) -> list[int]:
    """Return the places of the bits that are set, lowest first."""
    found = []
    while bits:  # from the top, for then the number that is left gets shorter
        place = bits.bit_length() - 1
        found.append(place)
        bits ^= 1 << place
    found.reverse()
    return found


def in_force(policies: Iterable[Policy], at: Instant) -> tuple[Policy, ...]:
    """Return the policies in force at a moment, by name.

    A policy is out of force once one that supersedes it has come into force, and stays so.
    """
    given = tuple(policies)
    past = {each.supersedes for each in given if each.in_force.start <= at}
    found = {each.name: each for each in given if each.in_force.holds(at) and each.name not in past}
    return tuple(found[name] for name in sorted(found))


def _rules(policies: tuple[Policy, ...], at: Instant) -> Rules:
    standing = in_force(policies, at)
    found = [
        Rule(f"{policy.name}/{clause.id}", clause, policy.routes.get(clause.route or "", ()))
        for policy in standing
        for clause in policy.clauses
        if clause.in_force is None or clause.in_force.holds(at)
    ]
    found.sort(key=lambda rule: (rule.clause.level, rule.name))
    return Rules(tuple(found), tuple((each.name, each.digest) for each in standing))


class Timeline:
    """The rules of a set of policies, at any moment; they change only where a period has an end.

    Where the same clauses stand again, so do the same rules, with all that is kept for them.
    """

    def __init__(self, policies: tuple[Policy, ...]) -> None:
        self.policies = policies
        periods = [each.in_force for each in policies]
        dated = (clause.in_force for each in policies for clause in each.clauses)
        periods += [each for each in dated if each is not None]
        ends = {each.end for each in periods if each.end is not None}
        self.cuts = sorted(each.micros for each in ends | {each.start for each in periods})
        self.known: dict[int, Rules] = {}
        self.distinct: dict[tuple[object, ...], Rules] = {}

    def place(self, at: Instant) -> int:
        """Return which of the stretches of time between two cuts a moment lies in."""
        return bisect_right(self.cuts, at.micros)

    def at(self, at: Instant) -> Rules:
        """Return the rules at a moment."""
        place = self.place(at)
        found = self.known.get(place)
        if found is None:
            made = _rules(self.policies, at)
            key = made.policies, tuple(rule.name for rule in made.rules)
            found = self.known[place] = self.distinct.setdefault(key, made)
        return found


@lru_cache(maxsize=32)
def timeline(policies: tuple[Policy, ...]) -> Timeline:
    """Return the timeline of these policies."""
    return Timeline(policies)
