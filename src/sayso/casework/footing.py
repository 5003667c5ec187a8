"""On which footing somebody stands to what is on the record: inside, in whose house, or outside.

Each supplier has a house of its own; the record keeper's is called None. Inside is who holds an
office of a house, has the power of one by a delegation to them by name, or is cleared for a
compartment. Who speaks for partners, or has no part in anything, stands outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sayso.casework import delegations
from sayso.casework.roster import Term
from sayso.casework.same import Same
from sayso.casework.state import Link, State
from sayso.dates import Instant

NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Footing:
    """In which `houses` somebody is, for which compartments cleared, for which partners speaking.

    `partners` are told of who is outside only: from inside everybody knows what the house knows.
    """

    houses: frozenset[str | None] = frozenset()
    cleared: frozenset[str] = NOWHERE
    partners: frozenset[str] = NOWHERE

    @property
    def inside(self) -> bool:
        """Return whether it is a footing inside."""
        return bool(self.houses or self.cleared)


def footing(state: State, person: str, at: Instant) -> Footing:
    """Return on which footing `person` stands at `at`."""
    houses: set[str | None] = set()
    partners: set[str] = set()
    for name in state.seats(at).held.get(person, ()):
        office = state.offices[name]
        if office.partner is None:
            houses.add(office.supplier)
        else:
            partners.add(office.partner)
    given, clearances = _beside(Same(state.delegations, state.clearances)).get(person, ((), ()))
    for link in given:
        if delegations.ended(state, link, at) is None:
            houses.add(state.offices[link.said.office].supplier)
    cleared = NOWHERE
    if clearances and not partners:  # who speaks for a partner is cleared for nothing
        cleared = frozenset(name for name, term in clearances if term.period.holds(at))
    if houses:
        return Footing(frozenset(houses), cleared)
    return Footing(cleared=cleared, partners=frozenset(partners))


Beside = tuple[tuple[Link, ...], tuple[tuple[str, Term], ...]]
"""What somebody has beside offices: delegations by name, and clearances with their compartments."""


@lru_cache(maxsize=8)
def _beside(same: Same[Mapping[str, Link], Mapping[str, tuple[Term, ...]]]) -> Mapping[str, Beside]:
    """Return what each person has beside offices, or once had."""
    links, clearances = same.parts
    found: dict[str, Beside] = {}
    for link in links.values():
        person = link.said.person
        if person is not None:
            given, cleared = found.get(person, ((), ()))
            found[person] = (*given, link), cleared
    for name, terms in clearances.items():
        for term in terms:
            given, cleared = found.get(term.person, ((), ()))
            found[term.person] = given, (*cleared, (name, term))
    return found
