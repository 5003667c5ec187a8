"""Prove: what holds of the verdict on every possible request, or the requests that break it.

A property of a policy is asked of the verdict of all given policies together, at every moment at
which that policy is in force, for requests of which any fact may be unknown. It is broken if its
`when` is true and its `then` is not. Beside the properties: whether deciders can conflict; a
request, with every fact known, that no clause covers; and the clauses that can never be true, or
whose removal would change no verdict.

Every counterexample is judged again by `decide` before it is shown. What could not be found out in
time is not proven: it neither holds nor fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sayso.policy.decide import verdict
from sayso.policy.evaluate import function
from sayso.policy.facts import Facts
from sayso.policy.family import Family, family
from sayso.policy.idle import idle
from sayso.policy.judge import Answer, Asked, Doubt, ask
from sayso.policy.policy import Policy, Property
from sayso.policy.question import Question, World, world
from sayso.policy.terms import TRUE
from sayso.policy.verdicts import Verdict, as_facts


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one question: `holds` is none if it is not proven either way."""

    policy: str
    id: str
    holds: bool | None
    family: Family | None
    verdict: Verdict | None
    words: str

    def value(self) -> dict[str, object]:
        """Return the proof as it is printed; `holds` may be null."""
        found: dict[str, object] = {"id": self.id, "holds": self.holds, "words": self.words}
        found |= {"policy": self.policy} if self.policy else {}
        found |= {"family": self.family.value()} if self.family is not None else {}
        found |= {"verdict": self.verdict.printed()} if self.verdict is not None else {}
        return found


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was asked of a set of policies."""

    properties: tuple[Proof, ...]
    deciders: Proof
    uncovered: Family | None
    unreachable: tuple[str, ...]
    without_effect: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Return whether every property is proven, and that no deciders conflict."""
        return all(each.holds is True for each in (*self.properties, self.deciders))

    def value(self) -> dict[str, object]:
        """Return the report as it is printed."""
        return {
            "holds": self.holds,
            "properties": [each.value() for each in self.properties],
            "deciders": self.deciders.value(),
            "uncovered": self.uncovered.value() if self.uncovered is not None else None,
            "unreachable": list(self.unreachable),
            "without_effect": list(self.without_effect),
        }


def prove(
    policies: Iterable[Policy],
    *,
    ranks: Mapping[str, int],
    seconds: float = 10.0,
    clauses: bool = True,
) -> Report:
    """Return the report on these policies, with at most so many `seconds` for each question.

    Without `clauses`, each clause's own effect is not looked into.
    """
    case = case_of(policies, ranks=ranks)
    unreachable, without = idle(case.question, seconds=seconds) if clauses else ((), ())
    return Report(
        properties=tuple(
            _property(case, policy, each, seconds)
            for policy in case.question.policies
            for each in policy.always
        ),
        deciders=_deciders(case, seconds),
        uncovered=_uncovered(case, seconds),
        unreachable=unreachable,
        without_effect=without,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """Policies, and the question of their verdict."""

    world: World
    question: Question


def case_of(
    policies: Iterable[Policy], *, ranks: Mapping[str, int], asked: Property | None = None
) -> Case:
    """Return what every question about these policies is asked of.

    With a property `asked`, whether it is broken is all that may be: that takes fewer clauses.
    """
    given = tuple(sorted(set(policies), key=lambda policy: policy.name))
    properties = [asked] if asked else [each for policy in given for each in policy.always]
    conditions = [term for each in properties for term in (each.when, each.then)]
    here = world(given, conditions, where=asked.when if asked else TRUE)
    return Case(here, Question(here, given, ranks))


def broken(case: Case, policy: Policy, asked: Property) -> int:
    """Return the literal that a property is broken."""
    case.question.bind(asked.then)
    when, _ = case.world.facts.pair(asked.when)
    then, _ = case.world.facts.pair(asked.then)
    return case.world.gates.all_of((case.question.stands(policy), when, -then))


def smtlib(policy: Policy, property_id: str, *, ranks: Mapping[str, int]) -> str:
    """Return, in SMT-LIB, whether a request breaks a property: unsatisfiable if it holds."""
    from sayso.policy.smt import cone  # noqa: PLC0415  # z3 is an extra, and seldom needed

    asked = next(each for each in policy.always if each.id == property_id)
    case = case_of([policy], ranks=ranks, asked=asked)
    return cone.smtlib(case.world, broken(case, policy, asked))


# --- the questions -----------------------------------------------------------------------------


def _property(case: Case, policy: Policy, asked: Property, seconds: float) -> Proof:
    literal = broken(case, policy, asked)
    answer = ask(case.world, literal, seconds=seconds)
    if not isinstance(answer, Answer):
        return _settled(answer, policy.name, asked.id, "it holds for every request")
    found = family(case.world, answer, literal)
    judged = _judge(case, found)
    facts = {**found.member, **as_facts(judged)}
    stands = function(asked.when)(facts) is True and function(asked.then)(facts) is not True
    if not stands:
        return Proof(policy.name, asked.id, None, None, None, _UNCONFIRMED)
    words = f"it is broken where {found.words}: such a request is {_outcome(judged)}"
    return Proof(policy.name, asked.id, False, found, judged, words)


_UNCONFIRMED = "not proven: the counterexample found did not stand when it was judged again"


def _settled(answer: Doubt | None, policy: str, name: str, words: str) -> Proof:
    if answer is None:
        return Proof(policy, name, True, None, None, words)
    return Proof(policy, name, None, None, None, f"not proven: {answer.why}")


def _outcome(judged: Verdict) -> str:
    decided = f", decided by {judged.decider}" if judged.decider else ""
    because = ", ".join((*judged.because, *judged.possible))
    return f"{judged.outcome.value}{decided}" + (f" ({because})" if because else "")


def _judge(case: Case, found: Family) -> Verdict:
    question = case.question
    return verdict(question.policies, Facts(found.member), at=found.at, ranks=question.ranks)


def _deciders(case: Case, seconds: float) -> Proof:
    name = "one-decider"
    literal = case.question.conflict
    answer = ask(case.world, literal, seconds=seconds)
    if not isinstance(answer, Answer):
        return _settled(answer, "", name, "no two offices can both have the last word")
    found = family(case.world, answer, literal)
    judged = _judge(case, found)
    if not judged.conflict:
        return Proof("", name, None, None, None, _UNCONFIRMED)
    both = " and ".join(judged.conflict)
    words = f"{both} would each decide, none above the other, where {found.words}"
    return Proof("", name, False, found, judged, words)


def _uncovered(case: Case, seconds: float) -> Family | None:
    """Return requests, every fact of them known, that no clause covers."""
    gates = case.world.gates
    none = gates.all_of(-each.possible for each in case.question.ruled)
    standing = gates.any_of(case.question.stands(each) for each in case.question.policies)
    literal = gates.all_of((none, standing, case.world.facts.known()))
    answer: Asked = ask(case.world, literal, seconds=seconds)
    if not isinstance(answer, Answer):
        return None
    return family(case.world, answer, gates.all_of((none, standing)))
