"""What has been said in a case: the dossier that all its stages share. Nothing ever leaves it."""

from collections.abc import Container
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

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
    Escalation,
    Expiry,
    Freeze,
    Fulfilment,
    Hold,
    Holding,
    HoldRelease,
    Judgement,
    Lapse,
    Objection,
    Overdue,
    Query,
    Ratification,
    Reconsideration,
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
    Variation,
    Violation,
    Withdrawal,
)
from sayso.dates import Instant
from sayso.replaced import replace
from sayso.wire import Value

After = (
    UseReport
    | Fulfilment
    | Acceptance
    | Breach
    | Reconsideration
    | Variation
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
    | Freeze
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
E_co = TypeVar("E_co", bound=Matter | Claim | Release | Holding | Violation, covariant=True)
A = TypeVar("A", bound=After)


_FOR_THE_PARTNER = Answer | Reconsideration | UseReport | Surrender | Appeal
_INSIDE = (
    Query
    | Comment
    | Objection
    | Hold
    | HoldRelease
    | Acceptance
    | Breach
    | Variation
    | Ratification
    | Suspension
    | Revocation
    | Reinstatement
    | Freeze
)

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
        """Return the advice that counts, each office's last; none that lapsed by a new verdict."""
        lapsed = {index for on in self.judgements for index in on.said.lapsed}
        last = {on.said.office: on for on in self.advice if on.stamp.index not in lapsed}
        return tuple(sorted(last.values(), key=lambda on: on.stamp.index))

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
        if not self.after:  # as in every case until it is decided
            return ()
        return tuple(On(on.said, on.stamp) for on in self.after if isinstance(on.said, kind))

    def heard(self, said: After, stamp: Stamp) -> "Dossier":
        """Return the dossier with one thing more said since the case was decided."""
        return replace(self, after=(*self.after, On(said, stamp)))

    @property
    def asking(self) -> frozenset[str | None]:
        """Return who has acted for the partner in it, beside meeting its conditions."""
        since: tuple[On[Matter], ...] = (*self.aside, *self.after)
        theirs = [on.stamp.by for on in since if isinstance(on.said, _FOR_THE_PARTNER)]
        said: tuple[On[Matter], ...] = (*self.withdrawals, *self.undertakings)
        return frozenset((self.request.stamp.by, *(on.stamp.by for on in said), *theirs))

    @property
    def answering(self) -> frozenset[str | None]:
        """Return who has acted inside in it, beside meeting conditions that bind their office."""
        beside: tuple[On[Matter], ...] = (*self.aside, *self.after)
        said: tuple[On[Matter], ...] = (
            *self.advice,
            *self.consolidations,
            *self.signings,
            *self.countersigned,
            *(on for on in beside if isinstance(on.said, _INSIDE) or _is_demanded(on.said)),
        )
        return frozenset(on.stamp.by for on in said)

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
        return touched(self.verdict.said.facts)

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
        for varied in self.since(Variation):
            taken[varied.stamp.by] = Part("decided it", varied.said.office)
        for later in self.since(Ratification):
            taken[later.stamp.by] = Part("ratified it", later.said.office)
        return {person: part for person, part in taken.items() if person is not None}


def _is_demanded(said: Matter) -> bool:
    """Return whether it is the recusal of somebody that an office demands."""
    return isinstance(said, Recusal) and said.office is not None


def touched(facts: Value) -> tuple[str, ...]:
    """Return the territories that the place of these facts touches."""
    place = facts.get("place") if isinstance(facts, dict) else None
    found = place.get("touches") if isinstance(place, dict) else None
    return tuple(map(str, found)) if isinstance(found, list) else ()
