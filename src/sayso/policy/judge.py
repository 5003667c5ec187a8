"""Asking: whether a literal of a `World` can hold, and for which request.

CaDiCaL answers first. If the literal cannot hold even with the loose conditions bound to nothing,
it cannot hold. If it can and none is loose, its answer is a request. Otherwise z3, which knows
what the loose conditions mean, is asked the same question; and if it cannot say, nobody knows.
"""

from dataclasses import dataclass

from sayso.dates import Instant
from sayso.policy.evaluate import Compiler, Given, Known
from sayso.policy.question import World
from sayso.policy.terms import facts


@dataclass(frozen=True, slots=True)
class Answer:
    """A request and a moment for which a literal holds, and the model they come from."""

    member: dict[str, Given]
    at: Instant
    model: frozenset[int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """There was no time, or no means, to find out."""

    why: str


Asked = Answer | Doubt | None


def ask(world: World, literal: int, *, seconds: float) -> Asked:
    """Return a request for which a literal holds, none if there is none, or a doubt.

    One of which every fact is known is preferred.
    """
    known = world.facts.known()
    for assumed in ((literal, known), (literal,)):
        found = world.gates.ask(*assumed, seconds=seconds)
        if found is None:
            return Doubt("the time was too short to find out")
        if found:
            model = world.gates.model()
            if not world.facts.loose:
                return Answer(world.facts.facts(model), world.at(model), model)
            return _by_theory(world, literal, seconds)
        if known not in world.gates.core():
            return None
    return None


def _by_theory(world: World, literal: int, seconds: float) -> Asked:
    try:
        from sayso.policy.smt import cone  # noqa: PLC0415  # z3 is an extra, and seldom needed
    except ModuleNotFoundError:
        return Doubt("a condition over several facts needs z3: pip install 'sayso[prove]'")
    found = cone.solve(world, literal, seconds=seconds)
    if not isinstance(found, cone.Found):
        return None if found is None else Doubt(found)
    model = _model(world, found.member, found.at)
    if not model:
        return Doubt("the solvers contradict each other")
    return Answer(found.member, found.at, model)


def _model(world: World, member: Known, at: Instant) -> frozenset[int]:
    """Return a model in which every condition is what it is for these facts."""
    compiler = Compiler()
    assumed = [world.literals[world.moments.index(at)]]
    for term, (true, false) in (*world.facts.pairs.items(), *world.facts.loose.items()):
        if any(fact.path.startswith("verdict.") for fact in facts(term)):
            continue
        value = compiler.function(term)(member)
        assumed += [true if value is True else -true, false if value is False else -false]
    return world.gates.model() if world.gates.possible(assumed) else frozenset()
