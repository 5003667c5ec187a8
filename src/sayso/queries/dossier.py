"""A case as a reader may see it.

The office sees all of it. A partner sees what it asked, where its request stands, and the decision
with its conditions; not the advice, not the reasons given inside, not the clauses or the route, not
who signed. The default is no: what is shown is listed here, and nothing else is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework import case, obligations
from sayso.casework import dossier as dossiers
from sayso.casework.case import Case, Open
from sayso.casework.dossier import Dossier, Matter, On
from sayso.casework.events import (
    Advice,
    Answer,
    Assent,
    Change,
    Decision,
    Nature,
    Query,
    Request,
    Skipped,
    UseReport,
    kind_of,
)
from sayso.casework.state import State
from sayso.dates import Period
from sayso.queries import owed
from sayso.queries.disclosure import Circle, Reader
from sayso.queries.owed import Owed
from sayso.wire import Value, encode


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list."""

    case: str
    stage: str
    waits_for: tuple[str, ...]
    article: str
    place: str
    filed: str

    def value(self) -> dict[str, Value]:
        """Return the line for a program."""
        return {
            "case": self.case,
            "stage": self.stage,
            "waits_for": list(self.waits_for),
            "article": self.article,
            "place": self.place,
            "filed": self.filed,
        }


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in a case: at which entry (None: it is due), when, by whom, and what."""

    entry: int | None
    at: str
    by: str | None
    said: Matter

    def value(self) -> Value:
        """Return it for a program."""
        return {
            **({"entry": self.entry} if self.entry is not None else {}),
            "at": self.at,
            **({"by": self.by} if self.by is not None else {}),
            "kind": kind_of(self.said),
            "said": encode(self.said),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision as a partner is told it: what, within which limits, on which conditions now."""

    outcome: str
    conditions: tuple[str, ...]
    uses: int | None
    window: Period | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A query to the partner, and its answer if there is one."""

    entry: int
    office: str
    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """A condition that a partner asked to be considered again, as it was worded then.

    `answer` is what became of it, if that was answered.
    """

    entry: int
    obligation: int
    text: str
    reasons: str
    answer: Change | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A case as told to a reader: `history` for the office; for the partner what was decided.

    `reports` are those the partner made itself, `queries` what it was asked: told with the office's
    name, and not with that of who asked; `again` are the conditions it asked to have reconsidered.
    """

    line: Line
    request: Request
    history: tuple[Said, ...]
    decision: Outcome | None
    obligations: tuple[Owed, ...] = ()
    reports: tuple[UseReport, ...] = ()
    queries: tuple[Asked, ...] = ()
    again: tuple[Again, ...] = ()

    @property
    def legal(self) -> tuple[Said, ...]:
        """Return the legal advice in the history: whether it would be lawful, and no more."""
        return tuple(
            each
            for each in self.history
            if isinstance(each.said, Advice) and each.said.nature is Nature.LEGAL
        )

    def value(self) -> Value:
        """Return the case for a program."""
        return {
            **self.line.value(),
            "request": encode(self.request),
            **({"history": [each.value() for each in self.history]} if self.history else {}),
            **({"legal": [each.value() for each in self.legal]} if self.legal else {}),
            **({"decision": encode(self.decision)} if self.decision is not None else {}),
            **(
                {"obligations": [each.value() for each in self.obligations]}
                if self.obligations
                else {}
            ),
            **({"reports": [encode(each) for each in self.reports]} if self.reports else {}),
            **({"queries": [encode(each) for each in self.queries]} if self.queries else {}),
            **({"again": [encode(each) for each in self.again]} if self.again else {}),
        }


def lines(state: State, reader: Reader, *, only_open: bool = False) -> tuple[Line, ...]:
    """Return the cases in `state`, oldest first; `state` is what the reader may know of it."""
    cases = sorted(state.cases.values(), key=lambda each: each.dossier.request.stamp.index)
    return tuple(_line(each, reader) for each in cases if not only_open or isinstance(each, Open))


def skipped(state: State, office: str) -> frozenset[str]:
    """Return the cases that were decided in an emergency past `office`, which is told of them."""
    return frozenset(
        name
        for name, found in state.cases.items()
        if any(office in each.said.offices for each in found.dossier.since(Skipped))
    )


def told(found: Case, reader: Reader) -> Told:
    """Return what `reader` is told of a case; who may be told of it at all is `disclosure`'s."""
    dossier = found.dossier
    inside = reader.circle is Circle.OFFICE
    decided = dossier.decisions[-1].said if dossier.decisions else None
    return Told(
        line=_line(found, reader),
        request=dossier.request.said,
        history=_history(dossier) if inside else (),
        decision=None if decided is None else _outcome(dossier, decided),
        obligations=owed.of(found, reader),
        reports=() if inside else tuple(each.said for each in dossier.since(UseReport)),
        queries=() if inside else tuple(_queries(dossier)),
        again=() if inside else tuple(_again(dossier)),
    )


def _again(dossier: Dossier) -> Iterator[Again]:
    for on, answer in obligations.reconsidered(dossier):
        change = None if answer is None else answer.change
        text = obligations.asked_about(dossier, on).text
        yield Again(on.stamp.index, on.said.obligation, text, on.said.reasons, change)


def _queries(dossier: Dossier) -> Iterator[Asked]:
    answers = {on.said.query: on.said.answer for on in dossier.aside if isinstance(on.said, Answer)}
    for on in dossier.aside:
        if isinstance(on.said, Query):
            index = on.stamp.index
            yield Asked(index, on.said.office, on.said.question, answers.get(index))


def _line(found: Case, reader: Reader) -> Line:
    request = found.dossier.request
    inside = reader.circle is Circle.OFFICE
    return Line(
        case=found.dossier.id,
        stage=case.name(found) if inside else case.stands(found),
        waits_for=case.waits_for(found) if inside else (),
        article=found.dossier.asked.article,
        place=found.dossier.asked.place,
        filed=str(request.stamp.at),
    )


def _outcome(dossier: Dossier, said: Decision | Assent) -> Outcome:
    texts = tuple(each.text for each in obligations.standing_conditions(dossier))
    return Outcome(said.outcome.value, texts, said.uses, said.window)


def _history(dossier: Dossier) -> tuple[Said, ...]:
    return tuple(map(_said, dossier.matters()))


def _said(on: On[Matter]) -> Said:
    entry = None if on.stamp.digest == dossiers.DUE else on.stamp.index
    return Said(entry, str(on.stamp.at), on.stamp.by, on.said)
