"""A policy's own examples, run as tests before it is adopted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sayso import wire
from sayso.policy.decide import Outcome, Verdict, verdict
from sayso.policy.explain import words
from sayso.policy.facts import Facts
from sayso.policy.policy import Example, Level, Policy
from sayso.policy.schema import BUILT_IN, Schema

Lookup = Callable[[Mapping[str, wire.Value]], Facts]

_EXPECTED = {
    Level.PERMIT: Outcome.PERMITTED,
    Level.REFER: Outcome.REFERRED,
    Level.PROHIBIT: Outcome.PROHIBITED,
}


@dataclass(frozen=True, slots=True)
class Result:
    """An example, the verdict on it, and whether that is the one expected."""

    example: Example
    verdict: Verdict
    passed: bool
    words: str


def run(
    policy: Policy,
    lookup: Lookup,
    *,
    schema: Schema = BUILT_IN,
    ranks: Mapping[str, int] | None = None,
) -> tuple[Result, ...]:
    """Return the result of each example, the policy judged alone.

    `lookup` gives the facts of the names in `given`. An example that gives no moment is judged
    at the moment the policy comes into force.
    """
    return tuple(_result(policy, each, lookup, schema, ranks or {}) for each in policy.examples)


def _result(
    policy: Policy, example: Example, lookup: Lookup, schema: Schema, ranks: Mapping[str, int]
) -> Result:
    if example.facts is not None:
        facts = Facts.read(example.facts, schema)
    else:
        facts = lookup(example.given)
    at = example.at or policy.in_force.start
    found = verdict((policy,), facts, at=at, ranks=ranks)
    passed = _passed(policy, example, found)
    lead = "as expected" if passed else f"expected {_wanted(example)}"
    return Result(example, found, passed, f"line {example.line}: {lead}. {words(found)}")


def _passed(policy: Policy, example: Example, found: Verdict) -> bool:
    if found.outcome is not _EXPECTED[example.level]:
        return False
    if example.decider is not None and found.decider != example.decider:
        return False
    return example.route is None or found.route == policy.routes[example.route]


def _wanted(example: Example) -> str:
    outcome = _EXPECTED[example.level].value
    route = f" to `{example.route}`" if example.route else ""
    return outcome + route + (f", decided by `{example.decider}`" if example.decider else "")
