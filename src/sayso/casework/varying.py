"""One condition of a live grant is considered again: the partner asks, and who decided answers.

The answer is part of the decision and takes what that took: the office that decided, which decides
under the policies now, by a personal signature and the power to decide. It reaches conditions and
nothing else: uses and window are those that were decided (law 12). What several signed is not
varied by one of them. What was handed in, met or found breached stays as it is.
"""

from collections.abc import Iterator

from sayso.casework import case, decisions, holds, obligations, violations
from sayso.casework.case import Case, Granted, Suspended
from sayso.casework.dossier import Dossier, On
from sayso.casework.events import (
    Assent,
    Change,
    Condition,
    Decision,
    Reconsideration,
    Variation,
)
from sayso.casework.events.conditions import USE_REPORT
from sayso.casework.obligations import Obligation, Standing
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant

Act = Reconsideration | Variation
OWED = {Standing.OPEN, Standing.OVERDUE}


def check_asked(state: State, act: Reconsideration) -> Refusal | None:
    """Return why not: no live grant, no such condition, or it waits for an answer already."""
    return next(_asked_faults(state.case(act.case), act), None)


def check_answered(state: State, act: Variation, at: Instant) -> Refusal | None:
    """Return why not: what the partner may not ask, another office, or a wording that cannot be."""
    stopped = _stopped(state, state.case(act.case).dossier, at)
    return stopped or next(_answer_faults(state, act, at), None)


def asked(found: Case) -> tuple[int, ...]:
    """Return the numbers of the conditions that wait for whoever decided to answer about them.

    None of them is one that was met since, or found breached.
    """
    if not isinstance(found, Granted | Suspended):
        return ()
    waiting = obligations.to_reconsider(found.dossier)
    owed = {each.number for each in obligations.of(found.dossier) if each.standing in OWED}
    return tuple(number for number in waiting if number in owed)


def unanswerable(state: State, dossier: Dossier, at: Instant) -> Refusal | None:
    """Return why nobody may answer in a granted case at `at`; None if who decided it may."""
    return _stopped(state, dossier, at) or next(_anew(dossier, dossier.decisions[-1].said), None)


def _stopped(state: State, dossier: Dossier, at: Instant) -> Refusal | None:
    return holds.stops(state, dossier.id, at) or violations.frozen(state, dossier)


def _asked_faults(found: Case, act: Reconsideration) -> Iterator[Refusal]:
    yield from _faults(found, act)
    if act.obligation in obligations.to_reconsider(found.dossier):
        yield Refusal(
            "asked-already", f"condition {act.obligation} of `{act.case}` waits for an answer"
        )


def _answer_faults(state: State, act: Variation, at: Instant) -> Iterator[Refusal]:
    found = state.case(act.case)
    yield from _faults(found, act)
    dossier = found.dossier
    decided = dossier.decisions[-1].said
    if act.office != decided.office:
        yield Refusal("not-decider", f"`{act.case}` was decided by `{decided.office}`")
    yield from _anew(dossier, decided)
    if act.obligation not in obligations.to_reconsider(dossier):
        yield Refusal(
            "not-asked",
            f"nobody asks for condition {act.obligation} of `{act.case}` to be reconsidered",
            "its partner asks: sayso obligation reconsider",
        )
    before = obligations.of(dossier)[act.obligation - 1]
    yield from _report_stays(before, act)
    if act.condition is not None:
        yield from _wording(state, dossier, before.condition, act.condition, at=at)


def _faults(found: Case, act: Act) -> Iterator[Refusal]:
    granted = obligations.grant(found.dossier)
    if granted is None or not isinstance(found, Granted | Suspended):
        yield Refusal(
            "not-live", f"`{act.case}` is {case.stands(found)}, and no grant that conditions bind"
        )
        return
    if not 1 <= act.obligation <= len(granted.said.conditions):
        count = len(granted.said.conditions)
        yield Refusal(
            "no-condition",
            f"the decision on `{act.case}` has no condition {act.obligation}",
            f"it has {count}, counted from 1",
        )
        return
    yield from _several(found.dossier, granted.said)
    stands = obligations.of(found.dossier)[act.obligation - 1].standing
    if stands not in OWED:
        yield Refusal("settled", f"condition {act.obligation} of `{act.case}` is {stands.value}")


def _anew(dossier: Dossier, decided: Decision | Assent) -> Iterator[Refusal]:
    """Yield why no answer will do, and it takes a new decision: by several, or by another."""
    yield from _several(dossier, decided)
    now = dossier.verdict.said.decider
    if now != decided.office:
        yield Refusal(
            "not-decider",
            f"by the policies now `{now or 'nobody'}` decides `{dossier.id}`",
            "file a new request, to be decided anew",
        )


def _several(dossier: Dossier, decided: Decision | Assent) -> Iterator[Refusal]:
    """Yield why not, if the decision took several signatures, or would take them now."""
    urgent = isinstance(decided, Decision) and decided.emergency is not None
    legs = (case.leg_of(dossier, decided), *dossier.verdict.said.route[-1:])
    if urgent or any((leg.quorum or 1) > 1 or leg.countersign for leg in legs):
        yield Refusal(
            "several-signed",
            f"what several signed on `{dossier.id}` is not varied by one of them",
            "file a new request, to be decided anew",
        )


def _report_stays(before: Obligation, act: Variation) -> Iterator[Refusal]:
    """Yield why not: every grant owes a use report, and one that is overdue is to be made."""
    reported = before.condition.evidence == USE_REPORT
    if act.change is Change.KEEP:
        return
    if reported and before.standing is Standing.OVERDUE:
        yield Refusal("report-owed", "the use report is overdue", "sayso use report")
    after = act.condition is not None and act.condition.evidence == USE_REPORT
    if reported != after:
        yield Refusal(
            "report-stays",
            "every grant owes one use report, which is reworded and neither ended nor added",
            "write it as after:partner:PT24H:TEXT",
        )


def _wording(
    state: State, dossier: Dossier, before: Condition, after: Condition, *, at: Instant
) -> Iterator[Refusal]:
    """Yield why a new wording cannot be: it binds nobody, is in another's name, or is too late."""
    yield from decisions.bound(state, dossier, after)
    if after.imposed_by not in {None, before.imposed_by}:
        yield Refusal("not-advised", f"`{after.imposed_by}` did not impose this condition")
    granted: On[Decision | Assent] = dossier.decisions[-1]
    due = obligations.due(dossier, granted, after)
    if due is not None and due <= at:
        yield Refusal("past", f"a condition due by {due} cannot be met at {at}")
