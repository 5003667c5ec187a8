"""Routes: the stages a request must pass, and how several routes join into one.

A route is any number of `Advise`, at most one `Consolidate` and, last, one `Decide`. When several
clauses refer a request, it must satisfy each of their routes: advisers are united; everybody who
consolidates does so, the lowest first; and the highest office decides, with every reservation and
the strictest consent that any of the routes asks for. Of two times the stricter counts: where
silence stops a request, the shorter; where silence lets it pass, the longer. Of the routes on which
that same office decides, the greatest quorum counts; everybody who countersigns on any route does
so; a use is reported within the shortest time, and a refusal may be appealed for the longest. An
emergency goes past the route only if every route allows it: by the highest office, to be ratified
within the shortest time.

Two offices of which neither outranks the other cannot both have the last word: that is a conflict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import assert_never

from sayso import wire
from sayso.dates import duration_text


class Consent(Enum):
    """What silence means, strictest first."""

    POSITIVE = "positive"
    NO_OBJECTION = "no-objection"
    NOTIFICATION = "notification"
    STANDING = "standing"


STRICTEST_FIRST = tuple(Consent)


class Silence(Enum):
    """What it means if an adviser does not answer in time, strictest first."""

    NONE = "none"
    NO_OBJECTION = "no-objection"


@dataclass(frozen=True, slots=True)
class Advise:
    """These offices give their advice, within a time if one is set.

    With `silence` none the request waits for each; else it goes on when their time is over.
    """

    offices: tuple[str, ...]
    within: timedelta | None = None
    silence: Silence = Silence.NONE


@dataclass(frozen=True, slots=True)
class Consolidate:
    """This office draws the advice together."""

    office: str
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """This office may decide at once; the deciding office ratifies it within a time, or it ends.

    `of_reserved` says that it goes for a reserved power too.
    """

    by: str
    ratify: timedelta
    of_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Decide:
    """This office decides; `reserved` if it may not delegate that.

    So many of its holders as `quorum` says sign the same decision, and it takes effect once every
    office of `countersign` has signed it too. A grant is reported `report_within` a time after its
    window, and a refusal may be appealed for the time that `appeal` sets.
    """

    office: str
    reserved: bool = False
    consent: Consent = Consent.POSITIVE
    within: timedelta | None = None
    quorum: int = 1
    countersign: tuple[str, ...] = ()
    emergency: Emergency | None = None
    report_within: timedelta | None = None
    appeal: timedelta | None = None


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
    advised = _advised(stage for stage in stages if isinstance(stage, Advise))
    drawn = [stage for stage in stages if isinstance(stage, Consolidate)]
    return (*advised, *_drawn(drawn, ranks), highest)


def _highest(deciding: list[Decide], ranks: Mapping[str, int]) -> Decide | Conflict:
    offices = sorted({stage.office for stage in deciding})
    for office in offices:
        others = [other for other in offices if other != office]
        if all(outranks(office, other, ranks) for other in others):
            return _strictest(office, deciding, ranks)
    return Conflict(tuple(offices))


def _strictest(office: str, deciding: list[Decide], ranks: Mapping[str, int]) -> Decide:
    consent = min((stage.consent for stage in deciding), key=STRICTEST_FIRST.index)
    asked = [stage.within for stage in deciding if stage.consent is consent]
    countersigning = {each for stage in deciding for each in stage.countersign} - {office}
    reports = [stage.report_within for stage in deciding if stage.report_within is not None]
    appeals = [stage.appeal for stage in deciding if stage.appeal is not None]
    reserved = any(stage.reserved for stage in deciding)
    return Decide(
        office=office,
        reserved=reserved,
        consent=consent,
        within=_stricter(asked, passes=consent is not Consent.POSITIVE),
        quorum=max(stage.quorum for stage in deciding if stage.office == office),
        countersign=tuple(sorted(countersigning)),
        emergency=_emergency(deciding, ranks, reserved=reserved),
        report_within=min(reports, default=None),
        appeal=max(appeals, default=None),
    )


def _stricter(asked: Iterable[timedelta | None], *, passes: bool) -> timedelta | None:
    """Return the strictest of times asked for: the longest if silence passes, else the shortest."""
    set_ = [each for each in asked if each is not None]
    if not set_:
        return None
    return max(set_) if passes else min(set_)


def _drawn(stages: list[Consolidate], ranks: Mapping[str, int]) -> tuple[Consolidate, ...]:
    offices = {stage.office for stage in stages}
    lowest_first = sorted(offices, key=lambda office: (-ranks.get(office, 0), office))
    return tuple(
        Consolidate(
            office,
            _stricter((each.within for each in stages if each.office == office), passes=False),
        )
        for office in lowest_first
    )


def _emergency(
    deciding: list[Decide], ranks: Mapping[str, int], *, reserved: bool
) -> Emergency | None:
    """Return the emergency that every route allows; one office must outrank the others here too."""
    allowed = [stage.emergency for stage in deciding if stage.emergency is not None]
    if len(allowed) < len(deciding) or (reserved and not all(e.of_reserved for e in allowed)):
        return None
    offices = sorted({each.by for each in allowed})
    for by in offices:
        if all(outranks(by, other, ranks) for other in offices if other != by):
            return Emergency(by, min(each.ratify for each in allowed), reserved)
    return None


def outranks(one: str, other: str, ranks: Mapping[str, int]) -> bool:
    """Return whether an office stands above another; rank 1 is the highest."""
    return one in ranks and other in ranks and ranks[one] < ranks[other]


def _advised(stages: Iterable[Advise]) -> tuple[Advise, ...]:
    asked: dict[str, list[Advise]] = {}
    for stage in stages:
        for office in stage.offices:
            asked.setdefault(office, []).append(stage)
    grouped: dict[tuple[timedelta, bool], list[str]] = {}
    for office, of_office in sorted(asked.items()):
        passes = all(stage.silence is Silence.NO_OBJECTION for stage in of_office)
        within = _stricter((stage.within for stage in of_office), passes=passes)
        grouped.setdefault((within or timedelta.max, passes), []).append(office)
    return tuple(
        Advise(
            tuple(offices),
            None if within == timedelta.max else within,
            Silence.NO_OBJECTION if passes else Silence.NONE,
        )
        for (within, passes), offices in sorted(grouped.items())
    )


def value(stage: Stage) -> dict[str, wire.Value]:
    """Return a stage as it is written in a policy."""
    within = {} if stage.within is None else {"within": duration_text(stage.within)}
    match stage:
        case Advise():
            silence = {} if stage.silence is Silence.NONE else {"silence": stage.silence.value}
            return {"advise": list(stage.offices), **within, **silence}
        case Consolidate():
            return {"consolidate": stage.office, **within}
        case Decide():
            return {**_deciding(stage), **within}
        case _:
            assert_never(stage)


def _deciding(stage: Decide) -> dict[str, wire.Value]:
    written: dict[str, wire.Value] = {
        "decide": stage.office,
        "reserved": stage.reserved,
        "consent": stage.consent.value,
    }
    if stage.quorum > 1:
        written["quorum"] = stage.quorum
    if stage.countersign:
        written["countersign"] = list(stage.countersign)
    if stage.emergency is not None:
        urgent = stage.emergency
        of_reserved: dict[str, wire.Value] = {"of_reserved": True} if urgent.of_reserved else {}
        ratify = duration_text(urgent.ratify)
        written["emergency"] = {"by": urgent.by, "ratify": ratify, **of_reserved}
    if stage.report_within is not None:
        written["report_within"] = duration_text(stage.report_within)
    if stage.appeal is not None:
        written["appeal"] = duration_text(stage.appeal)
    return written
