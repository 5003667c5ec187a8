"""A policy is adopted: by its issuer's office, checked, and over nobody's head.

Law 15, changing who may decide needs what deciding needs, has two sides here. A policy has heads:
the office that issued it and those that decide under it. It is superseded only by whoever is each
of them or outranks it. And no head of a policy is an office that a lower one fills, nor is a policy
of another superseded by one: whoever could appoint to it could permit, prohibit, or decide.

A policy is rescinded, ended without a successor, by whoever could supersede it, and only if what
was proven still holds of the policies that are left.
"""

from collections.abc import Iterator
from dataclasses import replace

from sayso.casework import proving
from sayso.casework.dossier import Stamp
from sayso.casework.events import Adoption, Rescission
from sayso.casework.facts import Lookup
from sayso.casework.policies import parsed
from sayso.casework.refusal import Refusal
from sayso.casework.state import Adopted, State
from sayso.dates import Instant
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
    yield from _of_one_supplier(state, policy)
    yield from _over_a_head(state, policy)
    yield from _fillable_from_below(state, policy.issuer, "would issue it")
    for office in sorted(deciders(policy)):
        yield from _fillable_from_below(state, office, "would decide")
    for stage in deciding(policy):
        yield from _unfit(state, stage)
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
    beside = {office for each in deciding(policy) for office in _beside(each)}
    return advising | beside | {each.office for each in stages if not isinstance(each, Advise)}


def deciders(policy: Policy) -> set[str]:
    """Return the offices that decide under `policy`."""
    return {each.office for each in deciding(policy)}


def deciding(policy: Policy) -> tuple[Decide, ...]:
    """Return the stages that decide, by the names of their routes."""
    routes = (route for _, route in sorted(policy.routes.items()))
    return tuple(stage for route in routes for stage in route if isinstance(stage, Decide))


def _beside(stage: Decide) -> tuple[str, ...]:
    """Return who countersigns a decision, and who may decide in an emergency."""
    urgent = stage.emergency
    return stage.countersign if urgent is None else (*stage.countersign, urgent.by)


def _unfit(state: State, stage: Decide) -> Iterator[Refusal]:
    """Yield why nobody could decide as the stage says, or somebody could who should not."""
    seats = state.office(stage.office).seats
    if stage.quorum > seats:
        yield Refusal(
            "quorum",
            f"{stage.quorum} holders of `{stage.office}` would have to agree, and it has {seats} "
            "seats",
            "ask for fewer, or open an office with more seats",
        )
    for office in stage.countersign:
        yield from _fillable_from_below(state, office, "would countersign")
    if stage.emergency is not None:
        yield from _fillable_from_below(state, stage.emergency.by, "would decide in an emergency")


def heads(policy: Policy) -> set[str]:
    """Return the offices over whose heads `policy` is not changed: its issuer and its deciders."""
    return {policy.issuer} | deciders(policy)


def binding_heads(state: State, supplier: str | None) -> set[str]:
    """Return the heads of the policies of `supplier` that bind; None: the record keeper's."""
    bound = (state.policies.get(each.policy) for each in state.binding)
    found = {head for each in bound if each is not None for head in heads(each.policy)}
    return {head for head in found if state.supplier_of(head) == supplier}


def _of_one_supplier(state: State, policy: Policy) -> Iterator[Refusal]:
    """Each supplier's consent is its own: no policy sends a request to another's offices."""
    own = state.supplier_of(policy.issuer)
    for office in sorted(offices(policy)):
        if state.supplier_of(office) != own:
            yield Refusal(
                "another-supplier",
                f"`{office}` and the issuer, `{policy.issuer}`, are of different suppliers",
                "each supplier decides by its own policies",
            )


def _over_a_head(state: State, policy: Policy) -> Iterator[Refusal]:
    if policy.supersedes is not None:
        yield from _ended_by(state, policy.supersedes, policy.issuer, "supersede")


def _ended_by(state: State, name: str, office: str, does: str) -> Iterator[Refusal]:
    """Yield why `office` may not end the policy called `name`: it is not each head, nor above."""
    before = adopted(state, name).policy
    ending = state.office(office)
    if state.supplier_of(office) != state.supplier_of(before.issuer):
        yield Refusal(
            "another-supplier",
            f"`{name}` is of another supplier than `{office}`",
            "each supplier lays down its own policies",
        )
    for head in sorted(heads(before) - {office}):
        if ending.rank >= state.office(head).rank:
            part = "decides" if head in deciders(before) else "issued it"
            yield Refusal(
                "outranked",
                f"under `{name}` `{head}` {part}, and `{office}` does not outrank it",
                f"only `{head}`, or who outranks it, may {does} that policy",
            )
    if office != before.issuer:
        yield from _fillable_from_below(state, office, f"would {does} another's policy")


def adopted(state: State, name: str) -> Adopted:
    """Return the policy called `name` on the record, or raise `Unknown`."""
    found = state.policies.get(name)
    if found is None:
        raise Unknown.named("policy", name, state.policies)
    return found


def check_rescission(state: State, act: Rescission, at: Instant) -> Refusal | None:
    """Return the first reason against ending the policy without a successor."""
    return next(_against(state, act, at), None)


def _against(state: State, act: Rescission, at: Instant) -> Iterator[Refusal]:
    found = adopted(state, act.policy)
    if found.ended(at):
        yield Refusal("rescinded", f"`{act.policy}` was rescinded at {found.rescinded}")
    yield from _ended_by(state, act.policy, act.office, "rescind")
    broken = proving.check_without(state, act.policy)
    if broken is not None:
        yield broken


def apply_rescission(state: State, act: Rescission, stamp: Stamp) -> State:
    """Return the state in which the policy has ended, and none takes its place."""
    ended = replace(state.policies[act.policy], rescinded=stamp.at)
    return replace(state, policies=state.policies.set(act.policy, ended))


def _fillable_from_below(state: State, office: str, does: str) -> Iterator[Refusal]:
    if not state.filled_from_below(office):
        return
    yield Refusal(
        "filled-from-below",
        f"`{office}` {does}, and {_filled(state, office)}",
        "whoever fills it could do that too; let a higher office or itself fill it",
    )


def _filled(state: State, name: str) -> str:
    """Return how an office is filled from below, in words."""
    office = state.office(name)
    by = state.office(office.appointed_by)
    if by == office:
        return "keeps the record, and decides nothing"
    if by.rank >= office.rank or state.supplier_of(by.office) != office.supplier:
        return f"is filled by `{by.office}`, which does not outrank it"
    return f"is filled by `{by.office}`, which is itself filled from below"


def apply_adoption(state: State, act: Adoption, stamp: Stamp) -> State:
    """Return the state in which the policy is adopted; it binds from its own date on."""
    policy = parsed(act.text, state.schema)
    return replace(
        state,
        policies=state.policies.set(policy.name, Adopted(policy, stamp)),
        unproven=(*state.unproven, policy.name),
    )
