"""A literal and all that it depends on, as one question to z3.

The gates of CaDiCaL are taken over as they are. What differs are the leaves: there a condition is
a pair of free literals, here it is what it means.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import z3

from sayso.dates import Instant
from sayso.policy.evaluate import Given
from sayso.policy.question import World
from sayso.policy.smt.encoder import Beyond, Encoder
from sayso.policy.terms import Term, facts

Expr = Any


@dataclass(frozen=True, slots=True)
class Found:
    """A request and a moment for which the literal holds."""

    member: dict[str, Given]
    at: Instant


def solve(world: World, literal: int, *, seconds: float) -> Found | str | None:
    """Return a request for which a literal holds, none if there is none, or why nobody knows."""
    cone = _Cone(world)
    try:
        solver = cone.solver(literal, seconds)
    except Beyond:
        return "a condition is beyond what the solvers understand"
    found = solver.check()
    if found == z3.unsat and cone.encoder.exact:
        return None
    if found != z3.sat:
        return "the solvers could not find out"
    return Found(cone.encoder.facts(solver.model()), cone.moment(solver.model()))


def smtlib(world: World, literal: int) -> str:
    """Return a question in SMT-LIB: satisfiable if a request exists for which the literal holds."""
    return str(_Cone(world).solver(literal, 1).to_smt2())


class _Cone:
    """What a literal depends on, as a z3 expression over the facts themselves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.encoder = Encoder()
        self.gates = world.gates.inputs
        self.terms: dict[int, tuple[Term, int]] = {}
        for term, pair in (*world.facts.pairs.items(), *world.facts.loose.items()):
            if facts(term) and not _is_of_verdict(term):
                for place, literal in enumerate(pair):
                    self.terms.setdefault(literal, (term, place))
        self.moments = [z3.Bool(f"at {moment}") for moment in world.moments]
        self.made: dict[int, Expr] = {}

    def solver(self, literal: int, seconds: float) -> z3.Solver:
        self.encoder.learn(self.used(literal))
        solver = z3.Solver()
        solver.set("timeout", max(1, int(seconds * 1000)))
        solver.add(self.expression(literal))
        solver.add(z3.Or(self.moments))
        solver.add([z3.Not(z3.And(pair)) for pair in combinations(self.moments, 2)])
        solver.add(self.encoder.side)
        return solver

    def used(self, literal: int) -> Iterable[Term]:
        """Return the conditions that a literal depends on."""
        found: dict[Term, None] = {}
        seen: set[int] = set()
        waiting = [literal]
        while waiting:
            each = waiting.pop()
            if abs(each) in seen:
                continue
            seen.add(abs(each))
            leaf = self.terms.get(each) or self.terms.get(-each)
            if leaf is not None:
                found[leaf[0]] = None
            else:
                waiting.extend(self.gates.get(abs(each), ()))
        return tuple(found)

    def expression(self, literal: int) -> Expr:
        """Return a literal as an expression."""
        known = self.made.get(literal)
        if known is None:
            known = self.made[literal] = self.make(literal)
        return known

    def make(self, literal: int) -> Expr:
        if abs(literal) == self.world.gates.yes:
            return z3.BoolVal(literal > 0)
        if literal in self.terms:
            term, place = self.terms[literal]
            return self.encoder.pair(term)[place]
        if literal < 0 or -literal in self.terms:
            return z3.Not(self.expression(-literal))
        if literal in self.world.literals:
            return self.moments[self.world.literals.index(literal)]
        if literal not in self.gates:
            raise Beyond(literal)
        return z3.Or([self.expression(each) for each in self.gates[literal]])

    def moment(self, model: z3.ModelRef) -> Instant:
        chosen = zip(self.world.moments, self.moments, strict=True)
        return next(at for at, there in chosen if z3.is_true(model.eval(there)))


def _is_of_verdict(term: Term) -> bool:
    return any(fact.path.startswith("verdict.") for fact in facts(term))
