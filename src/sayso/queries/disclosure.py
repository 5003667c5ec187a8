"""Who sees what.

A reader is the office (all that is the record keeper's own, and kept in no compartment) or a
further supplier's, one of their people (also what is kept in the compartments that they are cleared
for, once it is on the record that they read it), a partner (its own cases and what was decided on
them, its agreements and the articles under them, and what was released to it) or the public (what
was released to everybody). What a reader may not know is left out before anything is computed, and
so cannot change what the reader sees (law 13): not even by the names that an error suggests.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from immutables import Map

from sayso.casework import adoption, known, requests
from sayso.casework.case import Case
from sayso.casework.dossier import DUE, On, Stamp
from sayso.casework.events import (
    Binding,
    Circumstances,
    EndUseCheck,
    Event,
    Hold,
    Judgement,
)
from sayso.casework.footing import Footing, footing
from sayso.casework.inside import PUBLIC, Inside
from sayso.casework.naming import named
from sayso.casework.state import Docket, State
from sayso.dates import Instant
from sayso.errors import Unknown
from sayso.queries.pared import WITHHELD, Pared, Secrets, unnamed

SUPPLIER = "supplier"
"""What is shown in place of an item that is kept, so that the others keep their numbers."""


class Circle(Enum):
    """How far a reader stands from the office."""

    OFFICE = "office"
    PARTNER = "partner"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a question is answered; `partner` is named in the partner's circle only.

    In the office's, `supplier` is whose it is (None: the record keeper's); without a `person` who
    reads `at` a moment nothing that is marked is shown. `stands` is on which footing they do, if it
    is not to be looked up in what is read.
    """

    circle: Circle
    partner: str | None = None
    person: str | None = None
    at: Instant | None = None
    supplier: str | None = None
    stands: Footing | None = None

    @classmethod
    def parse(cls, text: str) -> "Reader":
        """Return the reader that `office`, `supplier:CODE`, `partner:NAME` or `public` names."""
        circle, colon, name = text.partition(":")
        if circle == Circle.PARTNER.value and name:
            return cls(Circle.PARTNER, name)
        if circle == SUPPLIER and name:
            return cls(Circle.OFFICE, supplier=name)
        if colon or circle not in {Circle.OFFICE.value, Circle.PUBLIC.value}:
            raise Unknown(
                f"no reader is named `{text}`",
                hint="say office, public, partner:NAME or supplier:CODE",
            )
        return cls(Circle(circle))


OFFICE = Reader(Circle.OFFICE)


def as_whom(state: State, person: str, at: Instant) -> Reader:
    """Return as whom `person` reads: as one of their house, for their partner, or as anybody.

    Who speaks for several partners reads as each of them by its name, and not of all at once.
    """
    stands = footing(state, person, at)
    if stands.inside:
        return Reader(Circle.OFFICE, person=person, at=at, stands=stands)
    if len(stands.partners) == 1:
        return Reader(Circle.PARTNER, next(iter(stands.partners)))
    return Reader(Circle.PUBLIC)


def uncleared(state: State, reader: Reader) -> Reader:
    """Return the reader who knows what anybody in the same house does, and nothing that is kept."""
    houses = _footing(state, reader).houses
    return Reader(Circle.OFFICE, stands=Footing(houses))


def _footing(state: State, reader: Reader) -> Footing:
    """Return on which footing a reader inside stands."""
    if reader.stands is not None:
        return reader.stands
    if reader.person is None or reader.at is None:
        return Footing(frozenset({reader.supplier}))
    return footing(state, reader.person, reader.at)


def view(state: State, reader: Reader, *, by: State | None = None) -> State:
    """Return the part of `state` that `reader` may know; what is not named here is left out.

    Of a state of the past (`moment.marked`) it is told `by` what stands now who is cleared.
    """
    if reader.circle is Circle.OFFICE:
        return _inside(state, _footing(by or state, reader))
    whole = {
        on.said.policy
        for on in state.releases
        if on.said.whole and _released((on.said.to,), reader)
    }
    policies = {
        name: each
        for name, each in state.policies.items()
        if name in whole or _released(each.policy.releasable_to, reader)
    }
    agreements = {
        name: each
        for name, each in state.agreements.items()
        if each.partner == reader.partner or _released(each.releasable_to, reader)
    }
    held = {
        article
        for each in agreements.values()
        if each.partner == reader.partner
        for article in each.articles
    }
    articles = {
        name: each
        for name, each in state.articles.items()
        if name in held or _released(each.releasable_to, reader)
    }
    words = {
        name: each
        for name, each in state.words.items()
        if _released(each.said.releasable_to, reader)
    }
    named = {office for each in policies.values() for office in adoption.offices(each.policy)}
    named |= {each.policy.issuer for each in policies.values()}
    return State(
        origin=state.origin,
        viewpoint=state.viewpoint,
        clock=state.clock,
        offices=Map({name: each for name, each in state.offices.items() if name in named}),
        articles=Map(articles),
        agreements=Map(agreements),
        policies=Map(policies),
        vocabularies=tuple(
            each for each in state.vocabularies if _released(each.releasable_to, reader)
        ),
        words=Map(words),
        circumstances=Circumstances(
            {name: value for name, value in state.circumstances.facts.items() if name in words},
            tuple(name for name in state.circumstances.conflicting if name in words),
        ),
        requests=Map(
            {
                name: cases
                for name, cases in state.requests.items()
                if _theirs(state.cases[cases[0]], reader)
            }
        ),
        holds=_holds(state, reader),
        releases=tuple(on for on in state.releases if _released((on.said.to,), reader)),
        cases=Map({name: each for name, each in state.cases.items() if _theirs(each, reader)}),
        spared=Map(
            {name: by for name, by in state.spared.items() if _theirs(state.cases[name], reader)}
        ),
        holdings=Map(
            {
                (agreement, article): told
                for (agreement, article), said in state.holdings.items()
                if (told := tuple(on for on in said if not isinstance(on.said, EndUseCheck)))
                and state.agreements[agreement].partner == reader.partner
            }
        ),
    )


def judging(state: State, reader: Reader, *, by: State | None = None) -> State:
    """Return the part of `state` by which a use is judged for `reader`; `by` as for `view`.

    To the office that is what it may know and, unnamed in the answer (`withheld`), the policies
    that are kept from it: they bind all the same. What the other suppliers know counts as well, and
    of each the answer tells the outcome.
    """
    if reader.circle is not Circle.OFFICE:
        return view(state, reader, by=by)
    stands = _footing(by or state, reader)
    if stands.inside:
        stands = _everywhere(state, stands)
    seen = _inside(state, stands, judging=True)
    return replace(seen, policies=state.policies, binding=state.binding, spared=state.spared)


def knows_consent(state: State, reader: Reader, supplier: str | None) -> bool:
    """Return whether more than its outcome is told of a supplier's consent."""
    return reader.circle is not Circle.OFFICE or supplier in _footing(state, reader).houses


def without_cases(state: State) -> State:
    """Return what a reader may know beside the cases, of which `queries.dossier` tells a part."""
    return replace(state, cases=Map())


def _holds(state: State, reader: Reader) -> Map[str, On[Hold]]:
    """Return the holds on a partner's uses, without whose they are and why.

    Who has the article in the field must not take a use for covered that is on hold.
    """
    unsigned = Stamp(0, Instant(0), None, DUE)
    theirs = (on.said for _, on in sorted(state.holds.items()) if _concerns(state, on.said, reader))
    bare = (
        replace(each, hold=f"hold-{number}", office="", reason=WITHHELD)
        for number, each in enumerate(chain.from_iterable(_reach(state, one) for one in theirs), 1)
    )
    return Map({each.hold: On(each, unsigned) for each in bare})


def _reach(state: State, hold: Hold) -> Iterator[Hold]:
    """Yield a hold as it is told without its office: of a further supplier, for its articles."""
    supplier = state.supplier_of(hold.office)
    if supplier is None or hold.case is not None:
        yield hold
        return
    for article in sorted(state.articles) if hold.article is None else (hold.article,):
        if supplier in requests.suppliers(state, article):
            yield replace(hold, article=article)


def _concerns(state: State, hold: Hold, reader: Reader) -> bool:
    if reader.partner is None:
        return False
    if hold.case is not None:
        return state.case(hold.case).dossier.asked.partner == reader.partner
    return hold.partner in {None, reader.partner}


def secrets(state: State, reader: Reader, *, by: State | None = None) -> Secrets:
    """Return what is kept from a reader inside the office; from one outside, what is from each.

    `by` is as for `view`.
    """
    stands = _footing(by or state, reader)
    if reader.circle is not Circle.OFFICE:
        stands = _everywhere(state, stands)
    return Secrets.of(Inside(state, stands))


def _everywhere(state: State, stands: Footing) -> Footing:
    """Return the footing of who is in every house, and cleared for no more."""
    return replace(stands, houses=frozenset({None, *state.roster.suppliers}))


def follows(state: State, reader: Reader, events: Iterable[Event]) -> tuple[Event, ...]:
    """Return those of the consequences of an act that its author is told of, as far as they are."""
    if reader.circle is not Circle.OFFICE:
        return ()
    limits = Inside(state, _footing(state, reader))
    known = (each for each in events if all(limits.knows(*name) for name in named(each)))
    return tuple(_as_known(each, limits) for each in known)


def _as_known(event: Event, limits: Inside) -> Event:
    match event:
        case Judgement():
            return unnamed(event, Secrets.of(limits).policies)
        case Binding():
            bound = (each for each in event.policies if limits.policy(each.policy))
            retained = (each for each in event.retained or () if limits.policy(each.policy))
            return replace(event, policies=tuple(bound), retained=tuple(retained) or None)
        case Circumstances():
            return limits.circumstances(event)
        case _:
            return event


def _inside(state: State, stands: Footing, *, judging: bool = False) -> State:
    """Return what is known on a footing; for `judging`, cases name all the policies they are by."""
    if not stands.inside:
        return known.of(state, stands)
    limits = Inside(state, stands)
    seen = limits.seen()
    if seen is state:
        return state
    pared = Pared.of(limits)
    if judging:
        pared = replace(pared, secrets=replace(pared.secrets, policies=()))
    cases = {
        name: replace(each, dossier=pared.dossier(each.dossier))
        for name, each in seen.cases.items()
    }
    dockets = {name: _docket(each, limits) for name, each in seen.dockets.items()}
    return replace(seen, cases=Map(cases), dockets=Map(dockets))


def _docket(docket: Docket, limits: Inside) -> Docket:
    """Return a docket without what was said at entries that are kept."""
    return replace(docket, said=tuple(on for on in docket.said if limits.entry(on.stamp.index)))


def _released(to: Iterable[str], reader: Reader) -> bool:
    return any(each in {PUBLIC, reader.partner} for each in to)


def _theirs(case: Case, reader: Reader) -> bool:
    return reader.partner is not None and case.dossier.asked.partner == reader.partner
