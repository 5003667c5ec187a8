"""What is proven of a policy before it binds: the gate that an adoption passes.

The properties of all adopted policies, and of the new one with them, are asked for every possible
request and every moment, and whether deciders could conflict. What was found is a consequence of
the adoption: it stands on the record beside it, and whoever verifies the record proves it again.
So it holds only what every prover must agree on: which properties hold, which clauses never matter.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from sayso.casework.dossier import Stamp
from sayso.casework.events import Proof
from sayso.casework.policies import parsed
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.policy import prove
from sayso.policy.policy import Policy
from sayso.policy.prove import Report
from sayso.policy.schema import Schema

SECONDS = 60.0
"""How long each question may take; an answer that takes longer is "not proven", and refuses."""


def check(state: State, policy: Policy) -> Refusal | None:
    """Return why `policy` may not join those adopted: what is broken by it, or not proven."""
    return _faulty(_report(state, policy), f"with `{policy.name}`")


def check_without(state: State, name: str) -> Refusal | None:
    """Return why the policy called `name` may not end: what is broken without it, or not proven."""
    found = state.policies[name]
    ended = replace(found, rescinded=found.stamp.at)
    rest = replace(state, policies=state.policies.set(name, ended))
    policies = rest.adopted(state.supplier_of(found.policy.issuer))
    if not policies:
        return None
    return _faulty(_proved(state, policies), f"without `{name}`")


def _faulty(report: Report, when: str) -> Refusal | None:
    for each in (*report.properties, report.deciders):
        if each.holds is not True:
            name = f"{each.policy}/{each.id}" if each.policy else each.id
            return Refusal(
                "not-proven",
                f"{when}, `{name}` does not hold: {each.words}",
                "`sayso policy prove` shows it as an example",
            )
    return None


def proof(state: State, name: str) -> Proof:
    """Return what was proven when the policy called `name` was adopted."""
    policy = state.policies[name].policy
    report = _report(state, policy)
    return Proof(
        policy=name,
        digest=policy.digest,
        examples=len(policy.examples),
        properties=tuple(f"{each.policy}/{each.id}" for each in report.properties),
        complete=report.uncovered is None,
        unreachable=report.unreachable,
        without_effect=report.without_effect,
    )


def apply_proof(state: State, said: Proof, stamp: Stamp) -> State:
    """Return the state in which what was proven of the policy stands on the record."""
    del stamp
    waiting = tuple(name for name in state.unproven if name != said.policy)
    return replace(state, unproven=waiting)


def _report(state: State, policy: Policy) -> Report:
    return _proved(state, (*state.adopted(state.supplier_of(policy.issuer)), policy))


def _proved(state: State, policies: Iterable[Policy]) -> Report:
    texts = tuple(sorted({each.text for each in policies}))
    return _proven(texts, tuple(sorted(state.ranks().items())), state.schema)


@lru_cache(maxsize=64)
def _proven(texts: tuple[str, ...], ranks: tuple[tuple[str, int], ...], schema: Schema) -> Report:
    """Return the report on policies; proving the same twice is spared."""
    policies = [parsed(text, schema) for text in texts]
    return prove.prove(policies, ranks=dict(ranks), seconds=SECONDS)
