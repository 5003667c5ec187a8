"""Holds: nothing is granted, and nothing granted is used, while one stands.

A hold stops what somebody may decide, so it takes whoever could have decided it (law 15): of a case
its decider or who outranks it; of a whole class, who is or outranks every head of the policies that
bind. It is released by its own office or from above, or ends by itself at its date. Each supplier
stops its own consent, and no other's; a partner stops none.
"""

from collections.abc import Iterator

from sayso.casework import adoption
from sayso.casework.asked import Asked
from sayso.casework.case import Case, Live, Open
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import Hold, HoldRelease
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Unknown
from sayso.replaced import replace


def on_case(state: State, dossier: Dossier, at: Instant) -> tuple[Hold, ...]:
    """Return the holds that stand on a case at `at`: its own, and those of its class."""
    return tuple(
        hold
        for hold in _standing(state, at)
        if hold.case == dossier.id
        or (
            hold.case is None
            and _stops_consent(state, hold, dossier.supplier)
            and _reaches(hold, dossier.asked, dossier.touches)
        )
    )


def of_case(state: State, name: str, at: Instant) -> tuple[Hold, ...]:
    """Return the holds that stand at `at` on that one case, and not on its class."""
    return tuple(hold for hold in _standing(state, at) if hold.case == name)


def on_use(
    state: State, asked: Asked, touches: tuple[str, ...], at: Instant, *, supplier: str | None
) -> tuple[Hold, ...]:
    """Return the blanket holds that stand at `at` on a supplier's consent to such a use.

    `touches` are the territories that its place touches.
    """
    standing = (hold for hold in _standing(state, at) if hold.case is None)
    stopping = (hold for hold in standing if _stops_consent(state, hold, supplier))
    return tuple(hold for hold in stopping if _reaches(hold, asked, touches))


def _stops_consent(state: State, hold: Hold, supplier: str | None) -> bool:
    """Return whether a hold is that supplier's; one told of without its office may be anybody's."""
    return not hold.office or state.supplier_of(hold.office) == supplier


def _standing(state: State, at: Instant) -> tuple[Hold, ...]:
    return tuple(on.said for on in standing(state, at))


def _reaches(hold: Hold, asked: Asked, touches: tuple[str, ...]) -> bool:
    return (
        hold.partner in {None, asked.partner}
        and hold.article in {None, asked.article}
        and (hold.territory is None or hold.territory in touches)
    )


def stops(state: State, name: str, at: Instant) -> Refusal | None:
    """Return the refusal to decide a case on which a hold stands."""
    held = on_case(state, state.case(name).dossier, at)
    if not held:
        return None
    by = ", ".join(f"`{hold.hold}` of `{hold.office}`" for hold in held)
    return Refusal("held", f"`{name}` is on hold by {by}", "it can be decided once released")


def check_hold(state: State, act: Hold, at: Instant) -> Refusal | None:
    """Return why not: the name is taken, it is over, nothing to stop, or not theirs to stop."""
    return next(_faults(state, act, at), None)


def _faults(state: State, act: Hold, at: Instant) -> Iterator[Refusal]:
    if act.hold in state.holds:
        yield Refusal("hold-exists", f"a hold is named `{act.hold}` already")
    if act.until is not None and act.until <= at:
        yield Refusal("over", f"{act.until} is past at {at}")
    if state.office(act.office).partner is not None:
        yield Refusal("partners", f"`{act.office}` is a partner's office, and stops nobody's say")
    if act.article is not None:
        state.article(act.article)
    if act.case is not None:
        yield from _faults_of_case(state, act, state.case(act.case))
    for head in sorted(_stopped(state, act)):
        if not state.above(act.office, head):
            yield Refusal(
                "outranked",
                f"`{act.office}` is not `{head}`, whose say this would stop, and does not "
                "outrank it",
                "let whoever could decide it hold it",
            )


def _faults_of_case(state: State, act: Hold, found: Case) -> Iterator[Refusal]:
    if not isinstance(found, Open | Live):
        yield Refusal("closed", f"`{act.case}` is closed, and there is nothing to stop")
    if state.supplier_of(act.office) != found.dossier.supplier:
        yield Refusal("another-supplier", f"`{act.case}` seeks the consent of another supplier")


def _stopped(state: State, act: Hold) -> set[str]:
    """Return the offices whose say a hold would stop."""
    supplier = state.supplier_of(act.office)
    if act.case is None:
        return adoption.binding_heads(state, supplier)
    verdict = state.case(act.case).dossier.verdict.said
    if verdict.decider is not None:
        return {verdict.decider}
    names = {bound.policy for bound in verdict.policies}
    policies = (state.policies[name].policy for name in names if name in state.policies)
    heads = {head for policy in policies for head in adoption.heads(policy)}
    return {head for head in heads if state.supplier_of(head) == supplier}


def apply_hold(state: State, act: Hold, stamp: Stamp) -> State:
    """Return the state in which the hold stands."""
    after = replace(state, holds=state.holds.set(act.hold, On(act, stamp)))
    if act.case is None:
        return after
    found = state.case(act.case)
    return after.keep(replace(found, dossier=found.dossier.noted(act, stamp)))


def hold(state: State, name: str) -> Hold:
    """Return the hold called `name`, or raise `Unknown`."""
    found = state.holds.get(name)
    if found is None:
        raise Unknown.named("hold", name, state.holds)
    return found.said


def check_release(state: State, act: HoldRelease) -> Refusal | None:
    """Return why not: neither the office that holds it, nor above it."""
    held = hold(state, act.hold)
    if state.above(act.office, held.office):
        return None
    return Refusal("outranked", f"`{act.hold}` is of `{held.office}`, not below `{act.office}`")


def apply_release(state: State, act: HoldRelease, stamp: Stamp) -> State:
    """Return the state in which it stands no more."""
    held = hold(state, act.hold)
    after = replace(state, holds=state.holds.delete(act.hold))
    if held.case is None:
        return after
    found = state.case(held.case)
    return after.keep(replace(found, dossier=found.dossier.noted(act, stamp)))


def standing(state: State, at: Instant) -> tuple[On[Hold], ...]:
    """Return the holds that stand at `at`, each with its entry, by name."""
    held = (on for _, on in sorted(state.holds.items()))
    return tuple(on for on in held if on.said.until is None or at < on.said.until)
