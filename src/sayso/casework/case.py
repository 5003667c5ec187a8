"""A case is in exactly one stage, and each stage is a class of its own.

    Advising → Consolidating → Deciding → Granted | Refused | Returned     (in the route's order)
                               Deciding → Countersigning → Granted | …     (if the route says so)
    Permitted | Prohibited                                                 (by the policies alone)
    Suspended | Revoked | Returned             (by a change of policy, or by whoever decided)
    Withdrawn | Surrendered                                                (by the partner)
    Exhausted                                        (every use granted was reported)
    Expired | Lapsed                                                       (by time)

All share the dossier. Only an open case waits for somebody; a closed one has nothing left that
could be decided a second time.
"""

from collections.abc import Container
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Generic, TypeVar, assert_never

from sayso.casework.asked import Asked
from sayso.casework.events import (
    Acceptance,
    Advice,
    Answer,
    Appeal,
    Assent,
    Breach,
    Claim,
    Comment,
    Consolidation,
    Countersignature,
    Decision,
    Does,
    Escalation,
    Expiry,
    Fulfilment,
    Hold,
    HoldRelease,
    Judgement,
    Lapse,
    Leg,
    Objection,
    Overdue,
    Query,
    Ratification,
    Recusal,
    Reinstatement,
    Release,
    Request,
    Revocation,
    Skipped,
    Surrender,
    Suspension,
    Unanswered,
    Undertaking,
    Unratified,
    UseReport,
    Withdrawal,
)
from sayso.dates import Instant
from sayso.errors import Damaged

After = (
    UseReport
    | Fulfilment
    | Acceptance
    | Breach
    | Lapse
    | Overdue
    | Ratification
    | Skipped
    | Unratified
    | Suspension
    | Revocation
    | Reinstatement
    | Surrender
    | Appeal
)
Aside = (
    Recusal | Query | Answer | Comment | Objection | Hold | HoldRelease | Escalation | Unanswered
)
Matter = (
    Request
    | Judgement
    | Advice
    | Consolidation
    | Decision
    | Countersignature
    | Assent
    | Withdrawal
    | Expiry
    | Undertaking
    | Aside
    | After
)
E_co = TypeVar("E_co", bound=Matter | Claim | Release, covariant=True)
A = TypeVar("A", bound=After)


DUE = ""
"""The digest of what is due and stands on no entry yet."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where and when an entry stands on the record, and who said it (None: it is a consequence).

    `digest` is the SHA-256 of the statement's bytes in hexadecimal, or `DUE`.
    """

    index: int
    at: Instant
    by: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class On(Generic[E_co]):
    """An event as it stands on the record."""

    said: E_co
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Part:
    """What a person has done in a case, and for which office; none where it was the asking."""

    did: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What has been said in a case, oldest first; nothing ever leaves it.

    `item` is which of the request's items it is about, counted from 0. `supplier` is the further
    supplier whose consent it seeks; None: the consent of whoever keeps the record. `aside` is what
    was said beside the stages of its route.
    """

    id: str
    request: On[Request]
    item: int = 0
    supplier: str | None = None
    judgements: tuple[On[Judgement], ...] = ()
    advice: tuple[On[Advice], ...] = ()
    consolidations: tuple[On[Consolidation], ...] = ()
    decisions: tuple[On[Decision | Assent], ...] = ()
    signings: tuple[On[Decision], ...] = ()
    countersigned: tuple[On[Countersignature], ...] = ()
    withdrawals: tuple[On[Withdrawal], ...] = ()
    expiries: tuple[On[Expiry], ...] = ()
    after: tuple[On[After], ...] = ()
    aside: tuple[On[Aside], ...] = ()
    undertakings: tuple[On[Undertaking], ...] = ()

    @property
    def asked(self) -> Asked:
        """Return what the case asks."""
        return Asked.of(self.request.said, self.item)

    def matters(self) -> tuple[On[Matter], ...]:
        """Return all that was said in the case, in the order of the record."""
        said: list[On[Matter]] = [self.request]
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, tuple) and each.name != "decisions":
                said += value
        signed = {each.stamp.index for each in self.signings}
        said += [each for each in self.decisions if each.stamp.index not in signed]
        return tuple(sorted(said, key=lambda on: on.stamp.index))

    def entries(self) -> tuple[int, ...]:
        """Return the entries of all that was said in the case."""
        return tuple(on.stamp.index for on in self.matters())

    def without(self, entries: Container[int]) -> "Dossier":
        """Return the dossier with what stands at `entries` left out, but never its verdicts."""
        kept: dict[str, Any] = {
            each.name: tuple(on for on in value if on.stamp.index not in entries)
            for each in fields(self)
            if each.name != "judgements" and isinstance(value := getattr(self, each.name), tuple)
        }
        return replace(self, **kept)

    @property
    def verdict(self) -> On[Judgement]:
        """Return the verdict the case stands under."""
        return self.judgements[-1]

    @property
    def current_advice(self) -> tuple[On[Advice], ...]:
        """Return the advice given under that verdict; earlier advice stays, but binds no more."""
        since = self.verdict.stamp.index
        return tuple(each for each in self.advice if each.stamp.index > since)

    @property
    def consolidation(self) -> On[Consolidation] | None:
        """Return the consolidation given under that verdict, the newest if there are several."""
        since = self.verdict.stamp.index
        given = [each for each in self.consolidations if each.stamp.index > since]
        return given[-1] if given else None

    @property
    def current_signings(self) -> tuple[On[Decision], ...]:
        """Return the decisions signed under that verdict, since a countersigner last objected."""
        objected = [each.stamp.index for each in self.countersigned if not each.said.upheld]
        since = max((self.verdict.stamp.index, *objected))
        return tuple(each for each in self.signings if each.stamp.index > since)

    def since(self, kind: type[A]) -> tuple[On[A], ...]:
        """Return what was said of that `kind` since the case was decided, oldest first."""
        return tuple(On(on.said, on.stamp) for on in self.after if isinstance(on.said, kind))

    def heard(self, said: After, stamp: Stamp) -> "Dossier":
        """Return the dossier with one thing more said since the case was decided."""
        return replace(self, after=(*self.after, On(said, stamp)))

    @property
    def recused(self) -> frozenset[str]:
        """Return the persons who have no further part in it."""
        return frozenset(on.said.person for on in self.aside if isinstance(on.said, Recusal))

    @property
    def open_queries(self) -> tuple[On[Query], ...]:
        """Return the queries that the partner has not answered."""
        answered = {on.said.query for on in self.aside if isinstance(on.said, Answer)}
        return tuple(
            On(on.said, on.stamp)
            for on in self.aside
            if isinstance(on.said, Query) and on.stamp.index not in answered
        )

    @property
    def touches(self) -> tuple[str, ...]:
        """Return the territories that its place touches, as it was judged."""
        facts = self.verdict.said.facts
        place = facts.get("place") if isinstance(facts, dict) else None
        found = place.get("touches") if isinstance(place, dict) else None
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def noted(self, said: Aside, stamp: Stamp) -> "Dossier":
        """Return the dossier with one thing more said beside the route."""
        return replace(self, aside=(*self.aside, On(said, stamp)))

    def parts(self) -> dict[str, Part]:
        """Return who has had which part in this case: law 7 rests on it."""
        taken = {self.request.stamp.by: Part("requested it")}
        for on in self.advice:
            taken[on.stamp.by] = Part("advised on it", on.said.office)
        for each in self.consolidations:
            taken[each.stamp.by] = Part("consolidated its advice", each.said.office)
        for signed in self.signings:
            taken[signed.stamp.by] = Part("decided it", signed.said.office)
        for second in self.countersigned:
            taken[second.stamp.by] = Part("countersigned it", second.said.office)
        for later in self.since(Ratification):
            taken[later.stamp.by] = Part("ratified it", later.said.office)
        return {person: part for person, part in taken.items() if person is not None}


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
    """The policies permit it outright: a standing authorization, for as long as they do."""

    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Prohibited:
    """The policies prohibit it; there is nothing to decide."""

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


Open = Advising | Consolidating | Deciding | Countersigning
Live = Permitted | Granted
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
            end = case.dossier.asked.window.end
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
