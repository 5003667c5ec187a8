"""A case is in exactly one stage, and each stage is a class of its own.

    Advising → Consolidating → Deciding → Granted | Refused | Returned     (in the route's order)
                               Deciding → Countersigning → Granted | …     (if the route says so)
    Permitted | Prohibited                                                 (by the policies alone)
    Suspended | Revoked | Returned             (by a change of policy, or by whoever decided)
    Withdrawn | Surrendered                                                (by the partner)
    Exhausted                                        (every use granted was reported)
    Expired | Lapsed                                                       (by time)

All share the dossier. Only an open case waits for somebody; what was decided or taken back is not
decided a second time. What is permitted or prohibited by the policies alone is so as long as they
say so: a change of policies or circumstances may bring a prohibited case under review.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import (
    Assent,
    Decision,
    Does,
    Leg,
)
from sayso.dates import Instant
from sayso.errors import Damaged


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Filed, and still without a verdict: no more than a moment within one append."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Turn:
    """The time of an office at a leg: over at `due`, or, while a query stops it, still `left`.

    `told`: it is over, and the office's superior was told.
    """

    office: str
    due: Instant | None = None
    left: timedelta | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Advising:
    """Waits for the advice of the offices in `waiting`; `turns` are of those that have a time."""

    dossier: Dossier
    step: int
    waiting: tuple[str, ...]
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Consolidating:
    """Waits for the policy owner's consolidation."""

    dossier: Dossier
    step: int
    office: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Deciding:
    """Waits for the final authority."""

    dossier: Dossier
    step: int
    office: str
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Countersigning:
    """Decided, and waits for the signatures of the offices in `waiting` to take effect."""

    dossier: Dossier
    step: int
    office: str
    decision: On[Decision]
    waiting: tuple[str, ...]
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Permitted:
    """The policies permit it outright: an authorization for as long as they do, or it is kept."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Prohibited:
    """The policies prohibit it: there is nothing to decide, for as long as they do."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Granted:
    """The final authority granted it: an authorization within the decision's limits."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Refused:
    """The final authority refused it."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Returned:
    """Sent back without action, by the final authority or by a change of policy."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Suspended:
    """An authorization that a change of policy put on hold."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Revoked:
    """An authorization that a change of policy ended."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Exhausted:
    """An authorization of which every use was reported: nothing of it is left."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Lapsed:
    """An authorization whose window is over."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Surrendered:
    """An authorization that the partner gave back."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back by the partner."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Expired:
    """Not decided before the time that was asked for was over."""

    dossier: Dossier


UNDER_REVIEW = "under review"
Open = Advising | Consolidating | Deciding | Countersigning
Live = Permitted | Granted
Authorization = Live | Exhausted
Sought = Open | Prohibited
"""What the partner still asks for: under review, or prohibited as the policies are now."""
Closed = (
    Permitted
    | Prohibited
    | Granted
    | Refused
    | Returned
    | Suspended
    | Revoked
    | Exhausted
    | Lapsed
    | Surrendered
    | Withdrawn
    | Expired
)
Case = Unjudged | Open | Closed


def deadline(case: Case) -> Instant | None:
    """Return when time will next do something to `case`, if ever."""
    match case:
        case Advising() | Consolidating() | Deciding() | Countersigning():
            coming = [turn.due for turn in case.turns if turn.due is not None and not turn.told]
            end = case.dossier.request.said.window.end
            return min((*coming, *(() if end is None else (end,))), default=None)
        case _:
            return None


def waits_for(case: Case) -> tuple[str, ...]:
    """Return the offices that `case` waits for."""
    match case:
        case Advising() | Countersigning():
            return case.waiting
        case Consolidating() | Deciding():
            return (case.office,)
        case _:
            return ()


def deciding(dossier: Dossier) -> Leg:
    """Return the leg that decides, on the route that the case is on."""
    return dossier.verdict.said.route[-1]


def leg_of(dossier: Dossier, decision: Decision | Assent) -> Leg:
    """Return the leg on which `decision` was made: that of the verdict it was signed on.

    Silence names no verdict: it is that of the newest by which its office was to decide.
    """
    if isinstance(decision, Assent):
        ways = (on.said.route for on in reversed(dossier.judgements) if on.said.route)
        return next(way[-1] for way in ways if decision.office in way[-1].offices)
    judged = (each for each in dossier.judgements if each.stamp.digest == decision.verdict)
    return next(judged).said.route[-1]


def astray(found: Case, stamp: Stamp) -> Damaged:
    """Return the error that a case is not where an entry let onto the record needs it to be."""
    return Damaged(
        f"entry {stamp.index} does not follow from the entries before it: "
        f"`{found.dossier.id}` is {name(found)}",
        hint="run `sayso record verify`",
    )


def name(case: Case) -> str:
    """Return the stage's name, in lower case."""
    return type(case).__name__.lower()


def stands(case: Case) -> str:
    """Return how `case` stands in the words for whoever asked: not how far its review has come."""
    return UNDER_REVIEW if isinstance(case, Open) else name(case)


def arrive(dossier: Dossier, step: int) -> Open:
    """Return the case as it stands when it comes to leg `step` of its route.

    A route ends with a leg that decides, so there is always a leg to come to.
    """
    leg = dossier.verdict.said.route[step]
    match leg.does:
        case Does.ADVISE:
            given = {each.said.office for each in dossier.current_advice}
            waiting = tuple(office for office in leg.offices if office not in given)
            return Advising(dossier, step, waiting) if waiting else arrive(dossier, step + 1)
        case Does.CONSOLIDATE:
            return Consolidating(dossier, step, leg.offices[0])
        case Does.DECIDE:
            return Deciding(dossier, step, leg.offices[0])
        case _:
            assert_never(leg.does)
