"""Law 13 inside the office: a record in which what is kept in a compartment is otherwise.

Entry by entry it is the same record. But in place of whatever was said of a case that is kept
stands that somebody read it; its request asks for something else; and advice that is kept says the
opposite. It is folded as it stands, as nobody has signed it; and whoever is not cleared must be
told the same of both.

What is done to a case that is kept may be seen where it reaches further: a request takes the place
of another, a use that is reported is drawn down from every supplier's grant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sayso.casework import requests, statement
from sayso.casework.dossier import Dossier
from sayso.casework.events import (
    Advice,
    Consequence,
    Decision,
    Event,
    Hold,
    HoldRelease,
    Item,
    Marking,
    Outcome,
    Reading,
    Request,
    UseReport,
    kind_of,
)
from sayso.casework.state import State
from sayso.record import entry as entries
from sayso.record.entry import Entry
from sayso.record.tree import EMPTY, leaf_hash
from sayso.store.contract import Store
from sayso.store.memory import MemoryStore
from tests.casework.machine.hands import PLACES
from tests.house import House

ELSE = {Outcome.GRANT: Outcome.REFUSE, Outcome.REFUSE: Outcome.GRANT}


@dataclass(frozen=True)
class Otherwise:
    """What stands in place of each entry of a record whose final state is `state`."""

    state: State
    kept: frozenset[str]
    held: frozenset[str]

    @classmethod
    def of(cls, house: House) -> "Otherwise":
        """Return it for a record, by what is kept of it now."""
        state, kept = house.state, frozenset(house.state.marked_cases)
        said = (statement.read(entries.read(each)).said for each in house.store.entries())
        held = (each.hold for each in said if isinstance(each, Hold) and each.case in kept)
        return cls(state, kept, frozenset(held))

    def entry(self, index: int, found: Entry) -> Entry:
        """Return what stands at `index` in place of `found`."""
        said = statement.read(found)
        instead = self.said(index, said.said)
        if instead == said.said:
            return found
        by = None if isinstance(instead, Consequence) else said.by or "registrar"
        payload = statement.write(replace(said, by=by, said=instead))
        return Entry(kind_of(instead), payload, found.signatures, found.recorded_at)

    def said(self, index: int, event: Event) -> Event:
        """Return what is said at `index` in place of `event`."""
        if self.is_of_kept(event):
            return Reading(min(self.kept), (), "of which nothing follows")
        if isinstance(event, Request):
            return self.asked(index, event)
        if index in self.state.marked_entries:
            return _opposite(event)
        return event

    def is_of_kept(self, event: Event) -> bool:
        """Return whether something is said of a case that is kept, and reaches no further."""
        if isinstance(event, HoldRelease):
            return event.hold in self.held
        case = _case(event)
        if case is None or isinstance(event, Marking):
            return False
        if isinstance(event, UseReport):
            return self.all_kept(self.state.cases[case].dossier)
        return all(each in self.kept for each in requests.cases_of(self.state, case))

    def asked(self, index: int, event: Request) -> Request:
        """Return a request in which every item that is kept asks for something else."""
        dossiers = (each.dossier for each in self.state.cases.values())
        filed = (each for each in dossiers if each.request.stamp.index == index)
        kept = {each.item for each in filed if self.all_kept(each)}
        items = (_elsewhere(e) if n in kept else e for n, e in enumerate(event.items))
        other = replace(event, items=tuple(items))
        return other if len(kept) < len(event.items) else replace(other, note=None, after=None)

    def all_kept(self, dossier: Dossier) -> bool:
        """Return whether each case for the same item is kept."""
        return all(each.dossier.id in self.kept for each in requests.consents(self.state, dossier))


def _case(event: Event) -> str | None:
    case = getattr(event, "case", None)
    return case if isinstance(case, str) else None


def _elsewhere(item: Item) -> Item:
    place = next(each for each in PLACES if each != item.place)
    return replace(item, place=place, uses=item.uses + 1)


def _opposite(event: Event) -> Event:
    """Return advice of the opposite, or a decision in other words."""
    if isinstance(event, Advice):
        return replace(event, outcome=ELSE[event.outcome], reasons="the opposite", conditions=())
    if isinstance(event, Decision):
        conditions = tuple(replace(each, text="something else") for each in event.conditions)
        return replace(event, reasons="another reason", conditions=conditions)
    return event


def otherwise(house: House) -> Store:
    """Return the record of `house` with all that is kept otherwise, signed by the log alone."""
    instead = Otherwise.of(house)
    data = list(_written(instead, house.store))
    tree = EMPTY.extended([leaf_hash(each) for each in data])
    store = MemoryStore()
    store.append(data, size=0, checkpoint=house.log.sign(tree.size, tree.root()))
    return store


def _written(instead: Otherwise, store: Store) -> Iterator[bytes]:
    for index, data in enumerate(store.entries()):
        yield entries.write(instead.entry(index, entries.read(data)))
