"""Whose turn it is, until when, and which queries stop the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sayso.casework import emergencies
from sayso.casework.case import Case, Open, Turn
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.queries import wanted
from sayso.wire import Value

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Awaited:
    """An office that a case waits for: to do what, who may, and its time.

    `why_not` says why nobody may, if somebody otherwise could.

    `due` is when its time is over, `left` what is left of it while a query to the partner stops the
    clock; neither, where it has no time. `late`: it is over.
    """

    office: str
    does: str
    able: tuple[str, ...]
    due: Instant | None = None
    left: timedelta | None = None
    late: bool = False
    why_not: tuple[str, ...] = ()

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "office": self.office,
            "does": self.does,
            "able": list(self.able),
            **({} if self.due is None else {"due": str(self.due)}),
            **({} if self.left is None else {"left_s": self.left // _SECOND}),
            "late": self.late,
            **({"why_not": list(self.why_not)} if self.why_not else {}),
        }


@dataclass(frozen=True, slots=True)
class Pending:
    """A query that the partner has not answered: it stops the offices' time."""

    entry: int
    office: str
    question: str
    asked: Instant


def awaited(state: State, found: Case, at: Instant) -> Iterator[Awaited]:
    """Yield whom `found` waits for at `at`."""
    turns = {turn.office: turn for turn in found.turns} if isinstance(found, Open) else {}
    ratify = emergencies.due(found.dossier)
    for each in wanted.who(state, found.dossier.id, at):
        turn = turns.get(each.office, Turn(each.office))
        due = ratify if each.does == wanted.RATIFY else turn.due
        if each.does == wanted.AT_ONCE:
            due = None
        yield Awaited(
            office=each.office,
            does=each.does,
            able=tuple(one.person for one in each.able),
            due=due,
            left=turn.left,
            late=due is not None and due <= at,
            why_not=() if each.able else tuple(one.words for one in each.unable),
        )


def pending(found: Case) -> Iterator[Pending]:
    """Yield the queries on `found` that the partner has not answered, oldest first."""
    for on in found.dossier.open_queries:
        yield Pending(on.stamp.index, on.said.office, on.said.question, on.stamp.at)
