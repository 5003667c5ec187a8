"""A policy is adopted: by its issuer's office, checked, and over nobody's head.

Law 15, changing who may decide needs what deciding needs, has two sides here. A policy has heads:
the office that issued it and those that decide under it. It is superseded only by whoever is each
of them or outranks it. And no policy makes a decider of an office that a lower one fills, nor is a
policy of another superseded by one: whoever could appoint to it could decide.
"""

from collections.abc import Iterator
from dataclasses import replace

from sayso.casework import proving
from sayso.casework.case import Stamp
from sayso.casework.events import Adoption
from sayso.casework.facts import Lookup
from sayso.casework.policies import parsed
from sayso.casework.refusal import Refusal
from sayso.casework.state import Adopted, State
from sayso.errors import Unknown
from sayso.policy import examples
from sayso.policy.policy import Policy
from sayso.policy.routes import Advise, Decide


def check_adoption(state: State, act: Adoption, lookup: Lookup) -> Refusal | None:
    """Return the first reason against adopting the policy of `act.text`."""
    policy = parsed(act.text, state.schema)
    return next(_reasons(state, policy, lookup), None)


def _reasons(state: State, policy: Policy, lookup: Lookup) -> Iterator[Refusal]:
    if policy.name in state.policies:
        yield Refusal("adopted", f"`{policy.name}` is adopted already", "a change is a new version")
    for office in sorted(offices(policy)):
        state.office(office)
    yield from _of_partners(state, policy)
    yield from _over_a_head(state, policy)
    for office in sorted(deciders(policy)):
        yield from _fillable_from_below(state, office, "would decide")
    for result in examples.run(policy, lookup, schema=state.schema):
        if not result.passed:
            yield Refusal("example-fails", f"`{policy.name}` fails its example: {result.words}")
    unproven = proving.check(state, policy)
    if unproven is not None:
        yield unproven


def _of_partners(state: State, policy: Policy) -> Iterator[Refusal]:
    for office in sorted(offices(policy) | {policy.issuer}):
        if state.office(office).partner is not None:
            yield Refusal(
                "partners",
                f"`{office}` is an office of the partner `{state.office(office).partner}`, "
                "and nobody decides on their own request",
                "name an office of the supplier's",
            )


def offices(policy: Policy) -> set[str]:
    """Return the offices that `policy` sends requests to."""
    stages = [stage for route in policy.routes.values() for stage in route]
    advising = {office for each in stages if isinstance(each, Advise) for office in each.offices}
    return advising | {each.office for each in stages if not isinstance(each, Advise)}


def deciders(policy: Policy) -> set[str]:
    """Return the offices that decide under `policy`."""
    stages = (stage for route in policy.routes.values() for stage in route)
    return {each.office for each in stages if isinstance(each, Decide)}


def heads(policy: Policy) -> set[str]:
    """Return the offices over whose heads `policy` is not changed: its issuer and its deciders."""
    return {policy.issuer} | deciders(policy)


def _over_a_head(state: State, policy: Policy) -> Iterator[Refusal]:
    if policy.supersedes is None:
        return
    before = state.policies.get(policy.supersedes)
    if before is None:
        raise Unknown.named("policy", policy.supersedes, state.policies)
    issuer = state.office(policy.issuer)
    for head in sorted(heads(before.policy) - {issuer.office}):
        if issuer.rank >= state.office(head).rank:
            does = "decides" if head in deciders(before.policy) else "issued it"
            yield Refusal(
                "outranked",
                f"under `{policy.supersedes}` `{head}` {does}, and `{issuer.office}` "
                "does not outrank it",
                f"only `{head}`, or who outranks it, may supersede that policy",
            )
    if issuer.office != before.policy.issuer:
        yield from _fillable_from_below(state, issuer.office, "would supersede another's policy")


def _fillable_from_below(state: State, office: str, does: str) -> Iterator[Refusal]:
    if state.filled_from_below(office):
        by = state.office(office).appointed_by
        yield Refusal(
            "filled-from-below",
            f"`{office}` {does}, and is filled by `{by}`, which does not outrank it",
            "whoever fills it could do that too; let a higher office or itself fill it",
        )


def apply_adoption(state: State, act: Adoption, stamp: Stamp) -> State:
    """Return the state in which the policy is adopted; it binds from its own date on."""
    policy = parsed(act.text, state.schema)
    return replace(
        state,
        policies=state.policies.set(policy.name, Adopted(policy, stamp)),
        unproven=(*state.unproven, policy.name),
    )
