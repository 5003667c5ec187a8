"""Who sees what.

A reader is the office (all that is kept in no compartment), one of its people (also what is kept in
the compartments that they are cleared for, once it is on the record that they read it), a partner
(its own cases and what was decided on them, its agreements and the articles under them, and what
was released to it) or the public (what was released to everybody). What a reader may not know is
left out before anything is computed, and so cannot change what the reader sees (law 13): not even
by the names that an error suggests.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from typing import TypeVar

from immutables import Map

from sayso.casework import adoption, knowing, requests
from sayso.casework.case import Case
from sayso.casework.dossier import DUE, After, Dossier, On, Stamp
from sayso.casework.events import (
    Circumstances,
    Claim,
    EndUseCheck,
    Hold,
    Holding,
    Item,
    Judgement,
    Release,
    Request,
    UseReport,
)
from sayso.casework.knowing import Secrets
from sayso.casework.state import Docket, State
from sayso.dates import Instant
from sayso.errors import Unknown

K = TypeVar("K")
E = TypeVar("E", bound=Claim | Holding)

PUBLIC = "public"


WITHHELD = "withheld"
_NO_ITEM = Item(WITHHELD, WITHHELD, uses=1)
"""What is shown in place of an item that is kept, so that the others keep their numbers."""


class Circle(Enum):
    """How far a reader stands from the office."""

    OFFICE = "office"
    PARTNER = "partner"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a question is answered; `partner` is named in the partner's circle only.

    In the office's, `person` is who reads, and `at` when; without, nothing that is marked is shown.
    """

    circle: Circle
    partner: str | None = None
    person: str | None = None
    at: Instant | None = None

    @classmethod
    def parse(cls, text: str) -> "Reader":
        """Return the reader that `office`, `public` or `partner:NAME` names."""
        circle, colon, partner = text.partition(":")
        if circle == Circle.PARTNER.value and partner:
            return cls(Circle.PARTNER, partner)
        if colon or circle not in {Circle.OFFICE.value, Circle.PUBLIC.value}:
            raise Unknown(f"no reader is named `{text}`", hint="say office, public or partner:NAME")
        return cls(Circle(circle))


OFFICE = Reader(Circle.OFFICE)


def view(state: State, reader: Reader, *, by: State | None = None) -> State:
    """Return the part of `state` that `reader` may know; what is not named here is left out.

    Of a state of the past (`moment.marked`) it is told `by` what stands now who is cleared.
    """
    if reader.circle is Circle.OFFICE:
        return _unmarked(state, secrets(state, reader, by=by))
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
    that are kept from it: they bind all the same.
    """
    seen = view(state, reader, by=by)
    if reader.circle is not Circle.OFFICE:
        return seen
    return replace(seen, policies=state.policies, binding=state.binding)


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
    """Return what is kept from a reader inside the office; `by` as for `view`."""
    if by is not None:
        state = replace(state, offices=by.offices, terms=by.terms, clearances=by.clearances)
    return knowing.secrets(state, reader.person, reader.at)


def _unmarked(state: State, kept: Secrets) -> State:
    if not (kept.cases or kept.policies or kept.entries):
        return state
    whole = _Kept.of(state, kept)
    cases = {
        name: replace(each, dossier=_without(each.dossier, whole))
        for name, each in state.cases.items()
        if name not in kept.cases
    }
    policies = {name: each for name, each in state.policies.items() if name not in kept.policies}
    return replace(
        state,
        cases=Map(cases),
        policies=Map(policies),
        binding=tuple(each for each in state.binding if each.policy not in kept.policies),
        claims=_open(state.claims, kept),
        holdings=_open(state.holdings, kept),
        holds=Map(
            {
                name: on
                for name, on in state.holds.items()
                if on.said.case not in kept.cases and on.stamp.index not in kept.entries
            }
        ),
        dockets=_dockets(state, kept),
        requests=_requests(state, kept),
        releases=tuple(on for on in state.releases if not _is_kept(on, kept)),
        marked_cases=Map(),
        marked_policies=Map(),
        marked_entries=Map(),
        compartments=Map(),
        clearances=Map(),
    )


def _open(
    said: Map[K, tuple[On[E], ...]],
    kept: Secrets,
) -> Map[K, tuple[On[E], ...]]:
    """Return what was said of each thing, without what stands at entries that are kept."""
    return Map(
        {
            name: tuple(on for on in each if on.stamp.index not in kept.entries)
            for name, each in said.items()
        }
    )


def _dockets(state: State, kept: Secrets) -> Map[str, Docket]:
    """Return the dockets but those on a case that is kept, or opened by an entry that is."""
    return Map(
        {
            name: replace(
                each, said=tuple(on for on in each.said if on.stamp.index not in kept.entries)
            )
            for name, each in state.dockets.items()
            if each.opened.said.concerns not in kept.cases
            and each.opened.stamp.index not in kept.entries
        }
    )


def _requests(state: State, kept: Secrets) -> Map[str, tuple[str, ...]]:
    shown = {
        name: tuple(each for each in cases if each not in kept.cases)
        for name, cases in state.requests.items()
    }
    return Map({name: cases for name, cases in shown.items() if cases})


def _is_kept(on: On[Release], kept: Secrets) -> bool:
    """Return whether a release is about what is kept; what everybody was told is known."""
    about = on.said.case in kept.cases or on.said.policy in kept.policies
    return on.said.to != PUBLIC and (about or on.stamp.index in kept.entries)


def _without(dossier: Dossier, kept: "_Kept") -> Dossier:
    shown = dossier.without(kept.secrets.entries)
    judgements = tuple(
        replace(on, said=unnamed(on.said, kept.secrets.policies)) for on in dossier.judgements
    )
    shown = replace(shown, judgements=judgements)
    if not kept.secrets.cases:
        return shown
    request = On(kept.request(dossier.request), dossier.request.stamp)
    return replace(shown, request=request, after=tuple(kept.heard(dossier, shown.after)))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept from a reader, and by which names and items requests are kept whole.

    `items` are those of which no case is shown, by the entries of their requests.
    """

    secrets: Secrets
    requests: frozenset[str]
    items: Mapping[int, frozenset[int]]

    @classmethod
    def of(cls, state: State, kept: Secrets) -> "_Kept":
        """Return what is kept of a state."""
        whole = (name for name, cases in state.requests.items() if kept.cases.keys() >= set(cases))
        single = (name for name in kept.cases if name not in state.requests)
        return cls(kept, frozenset((*whole, *single)), _items(state, kept))

    def request(self, on: On[Request]) -> Request:
        """Return a request without the items that are kept, and the names of what is."""
        withheld = self.items.get(on.stamp.index, frozenset())
        said = on.said
        asked = (_NO_ITEM if n in withheld else each for n, each in enumerate(said.items))
        return replace(
            said,
            items=tuple(asked),
            replaces=None if said.replaces in self.requests else said.replaces,
            after=None if said.after in self.requests else said.after,
        )

    def heard(self, dossier: Dossier, after: Iterable[On[After]]) -> Iterator[On[After]]:
        """Yield what was said since; a use reported on a case that is kept, as reported on this."""
        for on in after:
            if isinstance(on.said, UseReport) and on.said.case in self.secrets.cases:
                yield On(replace(on.said, case=dossier.id), on.stamp)
            else:
                yield on


def _items(state: State, kept: Secrets) -> dict[int, frozenset[int]]:
    shown: dict[int, set[int]] = {}
    filed: dict[int, int] = {}
    for name, each in state.cases.items():
        request = each.dossier.request
        if name in kept.cases:
            filed[request.stamp.index] = len(request.said.items)
        else:
            shown.setdefault(request.stamp.index, set()).add(each.dossier.item)
    return {
        index: frozenset(range(count)) - shown.get(index, set()) for index, count in filed.items()
    }


def unnamed(said: Judgement, policies: Container[str]) -> Judgement:
    """Return the judgement with the policies and clauses that are kept from the reader unnamed."""
    return replace(
        said,
        because=withheld(said.because, policies),
        possible=withheld(said.possible, policies),
        policies=tuple(each for each in said.policies if each.policy not in policies),
    )


def withheld(clauses: Iterable[str], policies: Container[str]) -> tuple[str, ...]:
    """Return the clauses of a verdict, those of `policies` without their names."""
    return tuple(WITHHELD if clause.partition("/")[0] in policies else clause for clause in clauses)


def _released(to: Iterable[str], reader: Reader) -> bool:
    return any(each in {PUBLIC, reader.partner} for each in to)


def _theirs(case: Case, reader: Reader) -> bool:
    return reader.partner is not None and case.dossier.asked.partner == reader.partner
