"""Who sees what.

A reader is the office (everything), a partner (its own cases and what was decided on them, its
agreements and the articles under them, and what was released to it) or the public (what was
released to everybody). What a reader may not know is left out before anything is computed, and so
cannot change what the reader sees (law 13): not even by the names that an error suggests.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from immutables import Map

from sayso.casework import adoption
from sayso.casework.case import Case
from sayso.casework.events import Circumstances
from sayso.casework.state import State
from sayso.errors import Unknown

PUBLIC = "public"


class Circle(Enum):
    """How far a reader stands from the office."""

    OFFICE = "office"
    PARTNER = "partner"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a question is answered; `partner` is named in the partner's circle only."""

    circle: Circle
    partner: str | None = None

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


def view(state: State, reader: Reader) -> State:
    """Return the part of `state` that `reader` may know; what is not named here is left out."""
    if reader.circle is Circle.OFFICE:
        return state
    policies = {
        name: each
        for name, each in state.policies.items()
        if _released(each.policy.releasable_to, reader)
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
        cases=Map({name: each for name, each in state.cases.items() if _theirs(each, reader)}),
    )


def _released(to: Iterable[str], reader: Reader) -> bool:
    return any(each in {PUBLIC, reader.partner} for each in to)


def _theirs(case: Case, reader: Reader) -> bool:
    return reader.partner is not None and case.dossier.asked.partner == reader.partner
