"""Who holds which office at a moment, and whose offices there are.

Every act asks it several times over, and it changes only when an office is opened or filled, or
when a term begins or ends. So it is worked out once for each stretch of time, and kept for the
states that share the same offices and terms, as nearly all do that follow one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from sayso.casework.dossier import Stamp
from sayso.casework.events import Opening
from sayso.casework.same import Same
from sayso.casework.stretches import Stretches
from sayso.dates import Instant, Period

Offices = Mapping[str, Opening]
Terms = Mapping[str, tuple["Term", ...]]


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in an office, and the entry that gave it."""

    person: str
    period: Period
    stamp: Stamp
    acting: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    """Who holds what at a moment: the terms in each office, and the offices of each person."""

    holders: Mapping[str, tuple[Term, ...]]
    held: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, terms: Terms, at: Instant) -> "Seats":
        """Return who holds what at `at`, an office at a time."""
        holders: dict[str, tuple[Term, ...]] = {}
        held: dict[str, dict[str, None]] = {}
        for office, ever in terms.items():
            holders[office] = tuple(term for term in ever if term.period.holds(at))
            for term in holders[office]:
                held.setdefault(term.person, {})[office] = None
        return cls(holders, {person: tuple(offices) for person, offices in held.items()})


class Roster:
    """The offices, by whose they are, and who holds them at any moment."""

    __slots__ = ("_seats", "partners", "ranks", "suppliers")

    def __init__(self, offices: Offices, terms: Terms) -> None:
        periods = [term.period for ever in terms.values() for term in ever]
        ends = (end for each in periods for end in (each.start, each.end) if end is not None)
        self._seats = Stretches(ends, partial(Seats.of, terms))
        self.ranks = tuple((name, office.rank) for name, office in offices.items())
        self.partners = _partners(offices)
        self.suppliers = frozenset(each.supplier for each in offices.values()) - {None}

    def at(self, at: Instant) -> Seats:
        """Return who holds what at a moment."""
        return self._seats.at(at)


def _partners(offices: Offices) -> Mapping[str, tuple[str, ...]]:
    """Return the offices that speak for each partner, by name; its end users do not."""
    found: dict[str, list[str]] = {}
    for name, office in sorted(offices.items()):
        if office.partner is not None and not office.end_user:
            found.setdefault(office.partner, []).append(name)
    return {partner: tuple(names) for partner, names in found.items()}


def roster(offices: Offices, terms: Terms) -> Roster:
    """Return the roster of these offices and terms."""
    return _kept(Same(offices, terms))


@lru_cache(maxsize=16)
def _kept(same: Same[Offices, Terms]) -> Roster:
    return Roster(*same.parts)
