"""Routes: the stages a request must pass, and how several routes join into one.

A route is any number of `Advise`, at most one `Consolidate` and, last, one `Decide`. When several
clauses refer a request, it must satisfy each of their routes: advisers are united, each within the
shortest time asked for; everybody who consolidates does so, the lowest first; and the highest
office decides, with every reservation and the strictest consent that any of the routes asks for.

Two offices of which neither outranks the other cannot both have the last word: that is a conflict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sayso import wire
from sayso.dates import duration_text


class Consent(Enum):
    """What silence means, strictest first."""

    POSITIVE = "positive"
    NO_OBJECTION = "no-objection"
    NOTIFICATION = "notification"
    STANDING = "standing"


STRICTEST_FIRST = tuple(Consent)


@dataclass(frozen=True, slots=True)
class Advise:
    """These offices give their advice, within a time if one is set."""

    offices: tuple[str, ...]
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Consolidate:
    """This office draws the advice together."""

    office: str


@dataclass(frozen=True, slots=True)
class Decide:
    """This office decides; `reserved` if it may not delegate that."""

    office: str
    reserved: bool = False
    consent: Consent = Consent.POSITIVE


Stage = Advise | Consolidate | Decide
Route = tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Offices that would each decide, and of which none outranks all others."""

    offices: tuple[str, ...]


def advisers(route: Route) -> tuple[str, ...]:
    """Return the offices that advise, in order."""
    return tuple(office for stage in route if isinstance(stage, Advise) for office in stage.offices)


def decider(route: Route) -> str | None:
    """Return the office that decides, if there is one."""
    found = [stage.office for stage in route if isinstance(stage, Decide)]
    return found[-1] if found else None


def join(routes: Iterable[Route], *, ranks: Mapping[str, int]) -> Route | Conflict:
    """Return the one route that satisfies all; a single route stays as it was written."""
    distinct = sorted(set(routes), key=repr)
    return distinct[0] if len(distinct) == 1 else joined(distinct, ranks=ranks)


def joined(routes: Iterable[Route], *, ranks: Mapping[str, int]) -> Route | Conflict:
    """Return the one route that satisfies all, in the form that several come to."""
    stages = [stage for route in routes for stage in route]
    highest = _highest([stage for stage in stages if isinstance(stage, Decide)], ranks)
    if isinstance(highest, Conflict):
        return highest
    drawing = {stage.office for stage in stages if isinstance(stage, Consolidate)}
    lowest_first = sorted(drawing, key=lambda office: (-ranks.get(office, 0), office))
    advised = _advised(stage for stage in stages if isinstance(stage, Advise))
    return (*advised, *(Consolidate(office) for office in lowest_first), highest)


def _highest(deciding: list[Decide], ranks: Mapping[str, int]) -> Decide | Conflict:
    offices = sorted({stage.office for stage in deciding})
    for office in offices:
        others = [other for other in offices if other != office]
        if all(outranks(office, other, ranks) for other in others):
            consent = min((stage.consent for stage in deciding), key=STRICTEST_FIRST.index)
            return Decide(office, any(stage.reserved for stage in deciding), consent)
    return Conflict(tuple(offices))


def outranks(one: str, other: str, ranks: Mapping[str, int]) -> bool:
    """Return whether an office stands above another; rank 1 is the highest."""
    return one in ranks and other in ranks and ranks[one] < ranks[other]


def _advised(stages: Iterable[Advise]) -> tuple[Advise, ...]:
    shortest: dict[str, timedelta] = {}
    for stage in stages:
        within = stage.within if stage.within is not None else timedelta.max
        for office in stage.offices:
            shortest[office] = min(shortest.get(office, timedelta.max), within)
    grouped: dict[timedelta, list[str]] = {}
    for office, within in sorted(shortest.items()):
        grouped.setdefault(within, []).append(office)
    return tuple(
        Advise(tuple(offices), None if within == timedelta.max else within)
        for within, offices in sorted(grouped.items())
    )


def value(stage: Stage) -> dict[str, wire.Value]:
    """Return a stage as it is written in a policy."""
    match stage:
        case Advise(offices, None):
            return {"advise": list(offices)}
        case Advise(offices, timedelta() as within):
            return {"advise": list(offices), "within": duration_text(within)}
        case Consolidate(office):
            return {"consolidate": office}
        case Decide(office, reserved, consent):
            return {"decide": office, "reserved": reserved, "consent": consent.value}
        case _:
            raise AssertionError(stage)
