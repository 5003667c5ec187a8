"""An authorization is suspended, revoked, reinstated or surrendered; a refusal is appealed against.

What was decided is undone only by the office that decided it or by one above. An appeal is decided
by the final authority again, but on new advice: the case is judged anew and goes through its whole
route, with the first decision left in the dossier. There is one appeal in a case.
"""

from typing import assert_never

from sayso.casework import case, deadlines, obligations, violations
from sayso.casework.case import (
    Case,
    Granted,
    Live,
    Refused,
    Revoked,
    Surrendered,
    Suspended,
    Unjudged,
)
from sayso.casework.dossier import Dossier, Stamp
from sayso.casework.events import (
    Appeal,
    Lifetime,
    Reinstatement,
    Revocation,
    Surrender,
    Suspension,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant, duration
from sayso.replaced import replace

APPEAL_WITHIN = "P28D"
"""How long after a refusal an appeal may be made, if the policy's route does not say."""


def check(state: State, act: Lifetime, mark: Stamp) -> Refusal | None:
    """Return why what becomes of a decision is out of order; None if it is not."""
    found = state.case(act.case)
    match act:
        case Suspension():
            return _stands(found, Live) or _not_above(state, found, act.office)
        case Revocation():
            return _stands(found, Live | Suspended) or _not_above(state, found, act.office)
        case Reinstatement():
            return check_reinstatement(state, act, mark.at)
        case Surrender():
            return _stands(found, Granted | Suspended)
        case Appeal():
            return check_appeal(found, mark.at)
        case _:
            assert_never(act)


def apply(state: State, act: Lifetime, mark: Stamp) -> State:
    """Return what stands once it is said."""
    dossier = state.case(act.case).dossier.heard(act, mark)
    match act:
        case Suspension():
            return state.keep(Suspended(dossier))
        case Revocation():
            return state.keep(Revoked(dossier))
        case Reinstatement():
            return state.keep(Granted(dossier))
        case Surrender():
            return state.keep(Surrendered(dossier))
        case Appeal():
            again = state.keep(Unjudged(dossier))
            return replace(again, unjudged=(*again.unjudged, act.case))
        case _:
            assert_never(act)


def _stands(found: Case, wanted: type | object) -> Refusal | None:
    if isinstance(found, wanted):  # type: ignore[arg-type]  # a class or a union of them
        return None
    stands = case.stands(found)
    return Refusal("not-live", f"`{found.dossier.id}` is {stands}, so this cannot be done to it")


def _decider(found: Case) -> str | None:
    """Return the office that decided the case, or would have under its verdict."""
    granted = obligations.grant(found.dossier)
    return found.dossier.verdict.said.decider if granted is None else granted.said.office


def _not_above(state: State, found: Case, office: str) -> Refusal | None:
    """Return why `office` may not undo what was decided, or what the policies permit."""
    decider = _decider(found)
    heads = _issuers(state, found) if decider is None else {decider}
    if any(state.reaches(office, head) for head in heads):
        return None
    whose = f"`{decider}`" if decider is not None else "an issuer of the policies that permit it"
    return Refusal(
        "not-above",
        f"`{found.dossier.id}` was decided by {whose}, and `{office}` does not stand above",
        "whoever decided it, or stands above, may do this",
    )


def _issuers(state: State, found: Case) -> set[str]:
    digests = {bound.digest for bound in found.dossier.verdict.said.policies}
    adopted = (each.policy for each in state.policies.values())
    return {policy.issuer for policy in adopted if policy.digest in digests}


def check_reinstatement(state: State, act: Reinstatement, at: Instant) -> Refusal | None:
    """Return why not: it is not suspended, was never granted, or its window is over.

    Where a change of policy suspended it, whoever decides under the new one must stand behind it.
    """
    found = state.case(act.case)
    refusal = _stands(found, Suspended) or _not_above(state, found, act.office)
    if refusal is not None:
        return refusal
    if obligations.grant(found.dossier) is None:
        return Refusal(
            "never-granted", f"`{act.case}` was permitted by policy, and no more", "ask anew"
        )
    verdict = found.dossier.verdict.said
    if verdict.decider is None or not state.reaches(act.office, verdict.decider):
        return Refusal(
            "not-above",
            f"by the policies now `{verdict.decider or 'nobody'}` decides `{act.case}`",
            "a new request is judged by them",
        )
    halted = violations.frozen(state, found.dossier)
    if halted is not None:
        return halted
    end = deadlines.window_end(found)
    if end is not None and end <= at:
        return Refusal("over", f"the window of `{act.case}` is over at {at}")
    return None


def check_appeal(found: Case, at: Instant) -> Refusal | None:
    """Return why not: it was not refused, was appealed already, or it is too late."""
    name = found.dossier.id
    if found.dossier.since(Appeal):
        return Refusal("appealed", f"`{name}` was appealed already, and there is one appeal")
    if not isinstance(found, Refused):
        return Refusal("not-refused", f"`{name}` is {case.stands(found)}, and was not refused")
    last = appealable_until(found.dossier)
    if at > last:
        return Refusal("too-late", f"`{name}` could be appealed until {last}", "file a new request")
    end = found.dossier.asked.window.end
    if end is not None and end <= at:
        return Refusal("over", f"the time asked for in `{name}` is over", "file a new request")
    return None


def appealable_until(dossier: Dossier) -> Instant:
    """Return until when the refusal of a case may be appealed, as the route it was decided on says.

    A change of policy since does not move that day.
    """
    refused = dossier.decisions[-1]
    within = case.leg_of(dossier, refused.said).appeal
    return refused.stamp.at + duration(within or APPEAL_WITHIN)
