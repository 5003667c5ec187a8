"""A granted use is reported and drawn down, and what the grant obliges to is followed up.

A use that several suppliers consented to is one use: its report draws down each of their grants.
Which serial numbers it names is the partner's word, and taken as it is: one that was never
delivered, or was told used or lost before, does not add up, and `queries.stock` says so. To refuse
the report would be not to know of the use.
"""

from collections.abc import Iterator
from typing import assert_never

from sayso.casework import case, obligations, requests, varying
from sayso.casework.case import Case, Exhausted, Granted, Lapsed, Permitted
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Acceptance,
    Breach,
    Duty,
    Fulfilment,
    Reconsideration,
    UseReport,
    Variation,
)
from sayso.casework.events.conditions import USE_REPORT
from sayso.casework.obligations import Obligation, Standing
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.replaced import replace


def check(state: State, act: Duty, mark: Stamp) -> Refusal | None:
    """Return why what is said after a grant is out of order; None if it is not."""
    match act:
        case UseReport():
            return next(_report_faults(state, act, mark.at), None)
        case Fulfilment():
            return check_fulfilment(state, act)
        case Acceptance() | Breach():
            return check_ruling(state, act)
        case Reconsideration():
            return varying.check_asked(state, act)
        case Variation():
            return varying.check_answered(state, act, mark.at)
        case _:
            assert_never(act)


def apply(state: State, act: Duty, mark: Stamp) -> State:
    """Return what stands once it is said."""
    if isinstance(act, UseReport):
        return apply_report(state, act, mark)
    found = state.case(act.case)
    return state.keep(replace(found, dossier=found.dossier.heard(act, mark)))


def _report_faults(state: State, act: UseReport, at: Instant) -> Iterator[Refusal]:
    found = state.case(act.case)
    yield from _unauthorized(found)
    for each in together(state, found):
        yield from _overdrawn(each, act)
    yield from _untimely(found, act, at)


def _unauthorized(found: Case) -> Iterator[Refusal]:
    if not isinstance(found, Permitted) and obligations.grant(found.dossier) is None:
        yield Refusal(
            "not-granted",
            f"`{found.dossier.id}` is {case.stands(found)}: no use of it was granted",
            "a use that nothing covers is told as a violation",
        )


def _overdrawn(found: Case, act: UseReport) -> Iterator[Refusal]:
    name, left = found.dossier.id, obligations.left(found.dossier)
    if isinstance(found, Exhausted) and (act.uses or name == act.case):
        yield Refusal("exhausted", f"`{name}` is exhausted: every use granted was reported")
    elif act.uses > left:
        yield Refusal("outgrows", f"{act.uses} uses were reported on `{name}`, and {left} are left")


def _untimely(found: Case, act: UseReport, at: Instant) -> Iterator[Refusal]:
    granted = obligations.grant(found.dossier)
    window = found.dossier.asked.window
    if granted is not None:
        window = granted.said.window or window
    over = window.end if granted is None else obligations.over(found.dossier)
    if act.used_at is None:
        if over is None or at < over:
            yield Refusal(
                "too-early",
                f"the window of `{act.case}` is not over, so that none was used is not final",
            )
        return
    if act.used_at > at:
        yield Refusal("ahead", f"a use at {act.used_at} cannot be reported at {at}")
    if not window.holds(act.used_at):
        yield _outside(act, f"lies outside the window {window} of `{act.case}`")
    elif over is not None and over <= act.used_at:
        yield _outside(act, f"comes after `{act.case}` was given back at {over}")


def _outside(act: UseReport, why: str) -> Refusal:
    hint = "a use that nothing covers is told as a violation"
    return Refusal("outside", f"a use at {act.used_at} {why}", hint)


def together(state: State, found: Case) -> tuple[Case, ...]:
    """Return `found` and what the further suppliers granted, or permit, for the same use."""
    return tuple(
        each
        for each in requests.consents(state, found.dossier)
        if each.dossier.id == found.dossier.id
        or isinstance(each, Permitted)
        or obligations.grant(each.dossier) is not None
    )


def apply_report(state: State, act: UseReport, stamp: Stamp) -> State:
    """Return the state in which the uses are drawn down; the last exhausts the authorization."""
    for found in together(state, state.case(act.case)):
        dossier = found.dossier.heard(act, stamp)
        used_up = isinstance(found, Granted | Lapsed) and obligations.left(dossier) == 0
        moved = Exhausted(dossier) if used_up else replace(found, dossier=dossier)
        if dossier.id in state.owing.get((dossier.asked.partner, dossier.asked.article), ()):
            state = state.owes(dossier)
        state = state.keep(moved)
    return state


def check_fulfilment(state: State, act: Fulfilment) -> Refusal | None:
    """Return why not: no such obligation, or one that is met already."""
    found = _obligation(state, act)
    if isinstance(found, Refusal):
        return found
    if found.condition.evidence == USE_REPORT:
        return Refusal("by-report", "this is met by reporting the use", "sayso use report")
    if found.standing is Standing.MET:
        return Refusal("met", f"obligation {act.obligation} of `{act.case}` is met already")
    return _ended(found, act)


def check_ruling(state: State, act: Acceptance | Breach) -> Refusal | None:
    """Return why not: another office imposed it, or there is nothing to accept."""
    found = _obligation(state, act)
    if isinstance(found, Refusal):
        return found
    imposing = obligations.imposed_by(state.case(act.case).dossier, act.obligation)
    if not any(state.reaches(act.office, each) for each in imposing):
        names = " or ".join(f"`{each}`" for each in imposing)
        return Refusal("not-imposed", f"`{act.office}` did not impose this; {names} did")
    if isinstance(act, Acceptance) and found.standing is not Standing.TOLD:
        stands = found.standing.value
        return Refusal("nothing-told", f"obligation {act.obligation} of `{act.case}` is {stands}")
    if isinstance(act, Breach) and found.standing is Standing.BREACHED:
        return Refusal("breached", f"obligation {act.obligation} is breached already")
    return _ended(found, act)


def _ended(found: Obligation, act: Fulfilment | Acceptance | Breach) -> Refusal | None:
    if found.standing is not Standing.ENDED:
        return None
    return Refusal("ended", f"obligation {act.obligation} of `{act.case}` has ended")


def _obligation(state: State, act: Fulfilment | Acceptance | Breach) -> Obligation | Refusal:
    found = obligations.of(state.case(act.case).dossier)
    if not 1 <= act.obligation <= len(found):
        return Refusal(
            "no-obligation",
            f"`{act.case}` has no obligation {act.obligation}",
            f"it has {len(found)}, counted from 1",
        )
    return found[act.obligation - 1]
