"""What lies before an office: what waits for it, until when, and what it was told."""

from dataclasses import dataclass, replace
from enum import Enum

from sayso.casework import case, emergencies, holds, varying
from sayso.casework.case import Case, Granted, Open
from sayso.casework.events import Assent, Escalation
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.policy.routes import Consent
from sayso.queries import wanted
from sayso.wire import Value


class Why(Enum):
    """Why a case is in an office's inbox, the most pressing first."""

    OVERDUE = "overdue"
    ESCALATED = "overdue below"
    RATIFY = "to be ratified"
    WAITING = "waits"
    AGAIN = "a condition is to be reconsidered"
    STOPPED = "waits for the partner's answer"
    HELD = "on hold"
    GRANTED = "granted on notification"


@dataclass(frozen=True, slots=True)
class Task:
    """A case in an inbox: why, and until when; `below` is the office whose time is over.

    `does` is what the office would do in it, and `able` who may do it for the office now.
    """

    case: str
    why: Why
    stage: str
    due: Instant | None = None
    below: str | None = None
    does: str | None = None
    able: tuple[str, ...] = ()

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "case": self.case,
            "why": self.why.value,
            "stage": self.stage,
            **({} if self.due is None else {"due": str(self.due)}),
            **({} if self.below is None else {"below": self.below}),
            **({} if self.does is None else {"does": self.does, "able": list(self.able)}),
        }


def inbox(state: State, office: str, at: Instant) -> tuple[Task, ...]:
    """Return what lies before `office` at `at`: the overdue first, then by when it is due."""
    name = state.office(office).office
    found = [task for each in state.cases.values() for task in _tasks(state, each, name, at)]
    late = Instant.parse("9999-12-31T23:59:59Z")
    urgency = tuple(Why).index
    return tuple(sorted(found, key=lambda each: (urgency(each.why), each.due or late, each.case)))


def _tasks(state: State, found: Case, office: str, at: Instant) -> tuple[Task, ...]:
    tasks = (
        _mine(state, found, office, at),
        _below(found, office),
        _granted(found, office),
        _to_ratify(found, office, at),
        _again(found, office),
    )
    return tuple(_who(state, task, office, at) for task in tasks if task is not None)


def _who(state: State, task: Task, office: str, at: Instant) -> Task:
    """Return the task with what the office would do in it, and by whom; as it is, if nothing."""
    again = task.why is Why.AGAIN
    for each in wanted.who(state, task.case, at):
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
    return Task(found.dossier.id, why, case.name(found), due)


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
