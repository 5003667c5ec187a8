"""What lies before an office: what waits for it, what falls due and when, and what it was told.

What falls due is told before it is overdue: whatever has a time says how much of it is left, and
what is due within a span is marked as due soon. Nothing is sent to anybody: a program that sends
letters asks this, as often as it should be punctual.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum

from sayso.casework import case, emergencies, holds, obligations, varying
from sayso.casework.case import Case, Granted, Open
from sayso.casework.dossier import Dossier
from sayso.casework.events import Assent, Decision, Escalation, Ratification, Skipped
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.obligations import Obligation, Standing
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.policy.routes import Consent
from sayso.queries import wanted
from sayso.wire import Value

SOON = timedelta(hours=48)
"""How long before it is due something is due soon, if nobody says otherwise."""
_SECOND = timedelta(seconds=1)


class Why(Enum):
    """Why something is in an office's inbox, the most pressing first."""

    OVERDUE = "overdue"
    ESCALATED = "overdue below"
    UNSEEN = "waits for who may not see it"
    RATIFY = "to be ratified"
    ASKED = "to be answered"
    EXPIRES = "expires undecided"
    OWED = "is owed"
    WAITING = "waits"
    AGAIN = "a condition is to be reconsidered"
    STOPPED = "waits for the partner's answer"
    HELD = "on hold"
    ENDS = "its hold ends"
    PAST = "decided at once, past it"
    GRANTED = "granted on notification"


_LATE = {Why.OVERDUE, Why.ESCALATED}


@dataclass(frozen=True, slots=True)
class Task:
    """Something in an inbox: in which case (None: a hold on a class), why, and until when.

    `about` says of what in the case it is, in words; `below` is the office whose time is over.
    `left` is how much time there is until `due`, or what is left of a time that stands still;
    `soon`: it is due within the span that was asked about. `does` is what the office would do in
    it, and `able` who may do it for the office now.
    """

    case: str | None
    why: Why
    stage: str
    due: Instant | None = None
    below: str | None = None
    does: str | None = None
    able: tuple[str, ...] = ()
    about: str | None = None
    left: timedelta | None = None
    soon: bool = False

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            **({} if self.case is None else {"case": self.case}),
            "why": self.why.value,
            "stage": self.stage,
            **({} if self.about is None else {"about": self.about}),
            **({} if self.due is None else {"due": str(self.due)}),
            **({} if self.left is None else {"left_s": self.left // _SECOND}),
            "soon": self.soon,
            **({} if self.below is None else {"below": self.below}),
            **({} if self.does is None else {"does": self.does, "able": list(self.able)}),
        }


def inbox(state: State, office: str, at: Instant, *, soon: timedelta = SOON) -> tuple[Task, ...]:
    """Return what lies before `office` at `at`: the overdue, what is due `soon`, and the rest.

    Each part by what presses most, and by when it is due.
    """
    name = state.office(office).office
    found = [task for each in state.cases.values() for task in _tasks(state, each, name, at)]
    found += _ends(state, name, at)
    timed = (_timed(each, at, soon) for each in found)
    return tuple(sorted((each for each in timed if _told(each)), key=_pressing))


def _timed(task: Task, at: Instant, soon: timedelta) -> Task:
    """Return the task with how much of its time is left."""
    if task.due is None or task.due <= at:
        return task
    left = task.due - at
    return replace(task, left=left, soon=left <= soon)


_REMINDERS = {Why.EXPIRES, Why.OWED, Why.ENDS}


def _told(task: Task) -> bool:
    """Return whether it is told now: what somebody else has to do, only when it is due soon."""
    return task.soon or task.why not in _REMINDERS


_NEVER = Instant.parse("9999-12-31T23:59:59Z")


def _pressing(task: Task) -> tuple[int, int, Instant, int, str, str]:
    part = 0 if task.why in _LATE else 1 if task.soon else 2
    urgency = tuple(Why).index(task.why)
    due = task.due or _NEVER
    return part, 0 if part == 1 else urgency, due, urgency, task.case or "", task.about or ""


def _tasks(state: State, found: Case, office: str, at: Instant) -> Iterator[Task]:
    waiting = (
        _mine(state, found, office, at),
        _below(found, office),
        _granted(found, office),
        _to_ratify(found, office, at),
        _again(found, office),
    )
    yield from (_who(state, found, task, office, at) for task in waiting if task is not None)
    yield from _expires(found, office)
    yield from _owed(state, found, office, at)
    yield from _asked(state, found, office)
    yield from _past(found, office, at)
    yield from _unseen(state, found, office, at)


def _who(state: State, found: Case, task: Task, office: str, at: Instant) -> Task:
    """Return the task with what the office would do in it, and by whom; as it is, if nothing."""
    again = task.why is Why.AGAIN
    for each in wanted.who(state, found.dossier.id, at):
        if each.does == wanted.AT_ONCE or (each.does == wanted.RECONSIDER) != again:
            continue
        if each.office == office:
            return replace(task, does=each.does, able=tuple(one.person for one in each.able))
    return task


def _mine(state: State, found: Case, office: str, at: Instant) -> Task | None:
    if not isinstance(found, Open) or office not in case.waits_for(found):
        return None
    turn = next((turn for turn in found.turns if turn.office == office), None)
    due = None if turn is None else turn.due
    why = Why.WAITING
    if due is not None and due <= at:
        why = Why.OVERDUE
    elif found.dossier.open_queries:
        why = Why.STOPPED
    elif holds.on_case(state, found.dossier, at):
        why = Why.HELD
    left = None if turn is None else turn.left
    return Task(found.dossier.id, why, case.name(found), due, left=left)


def _expires(found: Case, office: str) -> Iterator[Task]:
    """Yield the task of an open case that is over before the office's own time is."""
    if not isinstance(found, Open) or office not in case.waits_for(found):
        return
    end = found.dossier.asked.window.end
    turns = (turn.due for turn in found.turns if turn.office == office and turn.due is not None)
    if end is not None and all(end < due for due in turns):
        yield Task(found.dossier.id, Why.EXPIRES, case.name(found), end)


def _owed(state: State, found: Case, office: str, at: Instant) -> Iterator[Task]:
    """Yield the obligations that bind the office, or that it imposed, and that are open."""
    for each in obligations.of(found.dossier):
        if each.due is None or each.standing not in {Standing.OPEN, Standing.OVERDUE}:
            continue
        if office in _concerned(state, found.dossier, each, office):
            why = Why.OVERDUE if each.due <= at else Why.OWED
            about = f"obligation {each.number} of {each.condition.binds}: {each.condition.text}"
            yield Task(found.dossier.id, why, case.name(found), each.due, about=about)


def _concerned(state: State, dossier: Dossier, owed: Obligation, office: str) -> tuple[str, ...]:
    """Return whom an obligation concerns: whoever it binds, and the office that imposed it."""
    imposing = obligations.imposed_by(dossier, owed.number)[:1]
    if owed.condition.binds not in {PARTNER, END_USER}:
        return (owed.condition.binds, *imposing)
    theirs = state.office(office).partner == dossier.asked.partner
    return (office, *imposing) if theirs else imposing


def _asked(state: State, found: Case, office: str) -> Iterator[Task]:
    """Yield the queries that a partner's office has to answer before its request is over."""
    if not isinstance(found, Open) or state.office(office).partner != found.dossier.asked.partner:
        return
    for on in found.dossier.open_queries:
        about = f"{on.said.office} asks (entry {on.stamp.index}): {on.said.question}"
        end = found.dossier.asked.window.end
        yield Task(found.dossier.id, Why.ASKED, case.stands(found), end, about=about)


def _past(found: Case, office: str, at: Instant) -> Iterator[Task]:
    """Yield what an office was told that an emergency decision went past, until the grant is over.

    Whoever ratifies it is told by that.
    """
    dossier = found.dossier
    granted = obligations.grant(dossier)
    said = None if granted is None else granted.said
    if not isinstance(said, Decision) or said.emergency is None or said.window is None:
        return  # none, or it is kept from the reader
    ratify = {*emergencies.missing(dossier), *(o.said.office for o in dossier.since(Ratification))}
    told = any(office in on.said.offices for on in dossier.since(Skipped))
    if told and office not in ratify and (said.window.end is None or at < said.window.end):
        about = f"{said.office} could not wait: {said.emergency}"
        yield Task(dossier.id, Why.PAST, case.name(found), about=about)


def _unseen(state: State, found: Case, office: str, at: Instant) -> Iterator[Task]:
    """Yield that a case which is kept waits for an office of which nobody is cleared for it.

    Who came into that office since, or a new route, brought it about. It is told to the office that
    answers for the compartment, and so can clear them, and to the one that decides the case.
    """
    dossier = found.dossier
    kept = state.marked_cases.get(dossier.id)
    if kept is None or office not in {
        state.compartments[kept].office,
        dossier.verdict.said.decider,
    }:
        return
    for each in wanted.who(state, dossier.id, at):
        if each.office != office and each.does != wanted.AT_ONCE and each.is_unseen:
            about = f"nobody who could {each.does} for {each.office} is cleared for {kept}"
            yield Task(dossier.id, Why.UNSEEN, case.name(found), about=about)


def _ends(state: State, office: str, at: Instant) -> Iterator[Task]:
    """Yield the office's holds that end by themselves."""
    for on in holds.standing(state, at):
        hold = on.said
        if hold.office == office and hold.until is not None:
            stage = "" if hold.case is None else case.name(state.case(hold.case))
            about = f"{hold.hold}: {hold.reason}"
            yield Task(hold.case, Why.ENDS, stage, hold.until, about=about)


def _to_ratify(found: Case, office: str, at: Instant) -> Task | None:
    """Return the task of an office that has not ratified an emergency decision yet."""
    if office not in emergencies.missing(found.dossier):
        return None
    due = emergencies.due(found.dossier)
    late = due is not None and due <= at
    return Task(found.dossier.id, Why.OVERDUE if late else Why.RATIFY, case.name(found), due)


def _again(found: Case, office: str) -> Task | None:
    """Return the task of whoever decided, where the partner asks about a condition again."""
    if not varying.asked(found):
        return None
    decided = found.dossier.decisions[-1].said.office
    return Task(found.dossier.id, Why.AGAIN, case.name(found)) if decided == office else None


def _below(found: Case, office: str) -> Task | None:
    """Return the task of a superior: an office that it was told about is still overdue."""
    if not isinstance(found, Open):
        return None
    since = found.dossier.verdict.stamp.index
    late = {turn.office: turn.due for turn in found.turns if turn.told}
    for on in found.dossier.aside:
        said = on.said
        if not isinstance(said, Escalation) or said.to != office or on.stamp.index < since:
            continue
        if said.office in late:
            stage = case.name(found)
            return Task(found.dossier.id, Why.ESCALATED, stage, late[said.office], said.office)
    return None


def _granted(found: Case, office: str) -> Task | None:
    if not isinstance(found, Granted) or not found.dossier.decisions:
        return None  # not granted, or by a decision that is kept from the reader
    said = found.dossier.decisions[-1].said
    if not isinstance(said, Assent) or said.office != office:
        return None
    told = said.consent != Consent.STANDING.value
    return Task(found.dossier.id, Why.GRANTED, case.name(found)) if told else None
