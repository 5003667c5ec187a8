"""What a grant obliges to: the obligations that follow from its conditions, and how each stands.

    open → told → met            told: handed in, and to be accepted where evidence was wanted
    open → overdue → told → met  nothing is forgiven by its day going by, but by a new wording
    any  → breached              until what is handed in since is accepted
    open → ended                 the office that decided has let the condition end

An obligation is derived and never stored: from the decision's conditions and what was said since.
Where a condition was given another wording, that one counts, under the same number.
Every grant owes a use report. Where no condition asks for one it is due a time after the window, or
after the grant was given back, which the policy's route sets, or `REPORT_WITHIN`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sayso.casework.case import leg_of
from sayso.casework.dossier import Dossier, On
from sayso.casework.events import (
    Acceptance,
    Assent,
    Breach,
    Change,
    Condition,
    Decision,
    Fulfilment,
    Overdue,
    Phase,
    Reconsideration,
    Since,
    Surrender,
    UseReport,
    Variation,
)
from sayso.casework.events.conditions import PARTNER, USE_REPORT
from sayso.dates import Instant, duration
from sayso.replaced import replace

REPORT_WITHIN = "PT72H"
"""How long after a grant's window its use report is due, if neither condition nor policy says."""


class Standing(Enum):
    """How an obligation stands."""

    OPEN = "open"
    OVERDUE = "overdue"
    TOLD = "told"
    MET = "met"
    BREACHED = "breached"
    ENDED = "ended"

    @property
    def owed(self) -> bool:
        """Return whether something is still to be done about it."""
        return self not in {Standing.MET, Standing.ENDED}


@dataclass(frozen=True, slots=True)
class Obligation:
    """A condition of a grant as a duty: its number there from 1, when it is due, how it stands."""

    number: int
    condition: Condition
    due: Instant | None
    standing: Standing


def grant(dossier: Dossier) -> On[Decision | Assent] | None:
    """Return the decision, or the silence, that granted the case, if one did."""
    if not dossier.decisions or not dossier.decisions[-1].said.outcome.grants:
        return None
    return dossier.decisions[-1]


def reported(dossier: Dossier) -> int:
    """Return how many uses were reported."""
    return sum(each.said.uses for each in dossier.since(UseReport))


def left(dossier: Dossier) -> int:
    """Return how many uses of the authorization are left, as far as they were reported."""
    granted = grant(dossier)
    allowed = dossier.asked.uses if granted is None else granted.said.uses or 0
    return allowed - reported(dossier)


def over(dossier: Dossier) -> Instant | None:
    """Return when the time for uses ends or ended: with the window, or when it was given back."""
    given_back = tuple(on.stamp.at for on in dossier.since(Surrender))
    end = _window_end(dossier)
    return min((*given_back, *(() if end is None else (end,))), default=None)


def _window_end(dossier: Dossier) -> Instant | None:
    granted = grant(dossier)
    return granted.said.window.end if granted is not None and granted.said.window else None


def accounted(dossier: Dossier) -> bool:
    """Return whether every use is accounted for: all reported, or the rest once no more could be.

    What the partner gives back it still accounts for: whatever was used until then.
    """
    if grant(dossier) is None or left(dossier) == 0:
        return True
    reports, end = dossier.since(UseReport), _window_end(dossier)
    back = {on.stamp.index for on in dossier.since(Surrender)}
    if back and any(each.stamp.index > min(back) for each in reports):
        return True
    return end is not None and any(each.stamp.at >= end for each in reports)


def of(dossier: Dossier) -> tuple[Obligation, ...]:
    """Return the obligations of a case, by number; none unless it was granted."""
    granted = grant(dossier)
    if granted is None:
        return ()
    return tuple(
        Obligation(
            number,
            condition,
            due(dossier, granted, condition),
            _standing(dossier, number, condition),
        )
        for number, condition in enumerate(_conditions(dossier, granted), start=1)
    )


def unmet_before(dossier: Dossier) -> tuple[Obligation, ...]:
    """Return what must be met before the use, and is not."""
    return tuple(
        each for each in of(dossier) if each.condition.phase is Phase.BEFORE and each.standing.owed
    )


def coming(dossier: Dossier) -> Iterator[tuple[Instant, int]]:
    """Yield when each obligation that is open and has a day will be overdue, with its number."""
    for each in of(dossier):
        if each.due is not None and _awaited(dossier, each):
            yield each.due, each.number


def _awaited(dossier: Dossier, each: Obligation) -> bool:
    """Return whether its day still matters: to find a report breached is not to have it."""
    if each.standing is Standing.OPEN:
        return True
    owed = each.condition.evidence == USE_REPORT and not accounted(dossier)
    return owed and _last(dossier, each.number, Overdue) is None


def imposed_by(dossier: Dossier, number: int) -> tuple[str, ...]:
    """Return the offices that may accept obligation `number`: who imposed it, and who decided."""
    granted = grant(dossier)
    found = next((each for each in of(dossier) if each.number == number), None)
    if granted is None or found is None:
        return ()
    office = found.condition.imposed_by
    return (granted.said.office,) if office is None else (office, granted.said.office)


def standing_conditions(dossier: Dossier) -> tuple[Condition, ...]:
    """Return the conditions of a grant as they are worded now, without those that have ended."""
    granted = grant(dossier)
    if granted is None:
        return ()
    worded = enumerate(_worded(dossier, granted), start=1)
    return tuple(each for number, each in worded if not _ended(dossier, number))


def reconsidered(dossier: Dossier) -> Iterator[tuple[On[Reconsideration], Variation | None]]:
    """Yield what the partner asked to be considered again, with the answer if there is one."""
    for asked in dossier.since(Reconsideration):
        number = asked.said.obligation
        answers = (
            each.said
            for each in dossier.since(Variation)
            if each.said.obligation == number and each.stamp.index > asked.stamp.index
        )
        yield asked, next(answers, None)


def to_reconsider(dossier: Dossier) -> tuple[int, ...]:
    """Return the numbers of the conditions that wait to be considered again."""
    return tuple(on.said.obligation for on, answer in reconsidered(dossier) if answer is None)


def asked_about(dossier: Dossier, asked: On[Reconsideration]) -> Condition:
    """Return the condition that is to be considered again, as it was worded when that was asked."""
    before = tuple(on for on in dossier.after if on.stamp.index < asked.stamp.index)
    earlier = replace(dossier, after=before)
    return _worded(earlier, earlier.decisions[-1])[asked.said.obligation - 1]


def _worded(dossier: Dossier, granted: On[Decision | Assent]) -> tuple[Condition, ...]:
    """Return the decision's conditions, in order, each as it was worded last."""
    worded = list(granted.said.conditions)
    for each in dossier.since(Variation):
        if each.said.condition is not None:
            worded[each.said.obligation - 1] = each.said.condition
    return tuple(worded)


def _changed(dossier: Dossier, number: int) -> On[Variation] | None:
    """Return by what condition `number` was changed last, if it was."""
    changes = (
        each
        for each in reversed(dossier.since(Variation))
        if each.said.obligation == number and each.said.change is not Change.KEEP
    )
    return next(changes, None)


def _ended(dossier: Dossier, number: int) -> bool:
    changed = _changed(dossier, number)
    return changed is not None and changed.said.change is Change.END


def imposer(dossier: Dossier, number: int) -> str | None:
    """Return the office on whose advice obligation `number` rests, if it rests on any."""
    found = (each.condition.imposed_by for each in of(dossier) if each.number == number)
    return next(found, None)


def _conditions(dossier: Dossier, granted: On[Decision | Assent]) -> tuple[Condition, ...]:
    conditions = _worded(dossier, granted)
    if any(each.evidence == USE_REPORT for each in conditions):
        return conditions
    within = _report_within(dossier, granted)
    text = "report the uses, or that there were none"
    owed = Condition(text, Phase.AFTER, PARTNER, within, Since.WINDOW_END, evidence=USE_REPORT)
    return (*conditions, owed)


def _report_within(dossier: Dossier, granted: On[Decision | Assent]) -> str:
    return leg_of(dossier, granted.said).report_within or REPORT_WITHIN


def due(dossier: Dossier, granted: On[Decision | Assent], condition: Condition) -> Instant | None:
    """Return when what `condition` asks for is due, as far as that is known yet."""
    if condition.within is None:
        return condition.by
    start = _counted_from(dossier, granted, condition)
    return None if start is None else start + duration(condition.within)


def _counted_from(
    dossier: Dossier, granted: On[Decision | Assent], condition: Condition
) -> Instant | None:
    """Return when the time begins. A use nobody has told of is at the latest as the window ends."""
    if condition.since is Since.GRANT:
        return granted.stamp.at
    end = over(dossier)
    if condition.since is Since.WINDOW_END or condition.evidence == USE_REPORT:
        return end
    uses = [each.said.used_at for each in dossier.since(UseReport)]
    return max((each for each in uses if each is not None), default=None)


def _standing(dossier: Dossier, number: int, condition: Condition) -> Standing:
    changed = _changed(dossier, number)
    if changed is not None and changed.said.change is Change.END:
        return Standing.ENDED
    ruled = _last(dossier, number, Acceptance, Breach)
    told = _last(dossier, number, Fulfilment)
    if ruled is not None and (told is None or told.stamp.index < ruled.stamp.index):
        return Standing.BREACHED if isinstance(ruled.said, Breach) else Standing.MET
    if told is not None:
        wanted = condition.evidence is not None or ruled is not None
        return Standing.TOLD if wanted else Standing.MET
    if condition.evidence == USE_REPORT and accounted(dossier):
        return Standing.MET
    late = _last(dossier, number, Overdue)
    forgiven = changed is not None and late is not None and late.stamp.index < changed.stamp.index
    return Standing.OPEN if late is None or forgiven else Standing.OVERDUE


Numbered = Acceptance | Breach | Fulfilment | Overdue


def _last(dossier: Dossier, number: int, *kinds: type[Numbered]) -> On[Numbered] | None:
    for on in reversed(dossier.after):
        if isinstance(on.said, kinds) and on.said.obligation == number:
            return On(on.said, on.stamp)
    return None
