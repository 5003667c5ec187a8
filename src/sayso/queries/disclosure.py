"""Who sees what.

A reader is the office (everything), a partner (its own cases, what was decided on them, and the
policies released to it) or the public (the policies released to everybody). What a reader may not
know is left out before anything is computed, and so cannot change what the reader sees (law 13).
"""

from dataclasses import dataclass, replace
from enum import Enum

from immutables import Map

from sayso.casework.case import Case
from sayso.casework.state import Adopted, State
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
    """Return the part of `state` that `reader` may know."""
    if reader.circle is Circle.OFFICE:
        return state
    policies = {name: each for name, each in state.policies.items() if _released(each, reader)}
    cases = {name: each for name, each in state.cases.items() if _theirs(each, reader)}
    return replace(state, policies=Map(policies), cases=Map(cases))


def _released(adopted: Adopted, reader: Reader) -> bool:
    to = adopted.policy.releasable_to
    return PUBLIC in to or (reader.partner is not None and reader.partner in to)


def _theirs(case: Case, reader: Reader) -> bool:
    return reader.partner is not None and case.dossier.request.said.partner == reader.partner
