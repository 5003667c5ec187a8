"""What is owed on grants: each obligation with its case, as a reader may see it.

Who imposed a condition is said inside only: to a partner it would tell who advised (law 13).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework import obligations
from sayso.casework.case import Case
from sayso.casework.events.conditions import PARTNER, USE_REPORT
from sayso.casework.obligations import Obligation
from sayso.casework.state import State
from sayso.queries.disclosure import Circle, Reader
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation as it is told."""

    case: str
    obligation: Obligation
    imposed_by: str | None

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        condition, due = self.obligation.condition, self.obligation.due
        return {
            "case": self.case,
            "number": self.obligation.number,
            "text": condition.text,
            "phase": condition.phase.value,
            "binds": condition.binds,
            "standing": self.obligation.standing.value,
            **({} if due is None else {"due": str(due)}),
            **({} if condition.evidence is None else {"evidence": condition.evidence}),
            **({} if self.imposed_by is None else {"imposed_by": self.imposed_by}),
        }


def of(found: Case, reader: Reader) -> tuple[Owed, ...]:
    """Return the obligations of a case as `reader` may see them."""
    inside = reader.circle is Circle.OFFICE
    granted = obligations.grant(found.dossier)
    decider = None if granted is None else granted.said.office
    return tuple(
        Owed(found.dossier.id, each, (each.condition.imposed_by or decider) if inside else None)
        for each in obligations.of(found.dossier)
    )


def everything(state: State, reader: Reader, *, only_open: bool = False) -> tuple[Owed, ...]:
    """Return what is owed in all cases of `state`, what is due first; `state` is the reader's."""
    found = (
        each
        for _, found in sorted(state.cases.items())
        for each in of(found, reader)
        if not only_open or each.obligation.standing.owed
    )
    return tuple(sorted(found, key=_first_due))


def _first_due(owed: Owed) -> tuple[bool, int]:
    due = owed.obligation.due
    return due is None, 0 if due is None else due.micros


def by_partner(state: State, partner: str) -> Iterator[Owed]:
    """Yield what a partner still owes in any case: what the next decision should know."""
    for _, found in sorted(state.cases.items()):
        if found.dossier.asked.partner == partner:
            for each in obligations.of(found.dossier):
                owes = each.condition.binds == PARTNER or each.condition.evidence == USE_REPORT
                if each.standing.owed and owes:
                    yield Owed(found.dossier.id, each, None)
