"""What an act names of what stands on the record already, and of which kind each is.

What an act brings with it, as the name of a hold that it places, it does not find there.
"""

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from functools import cache

from sayso.casework.events import (
    Agreement,
    Article,
    Compartment,
    Delegation,
    Event,
    Hold,
    Request,
)


class Kind(Enum):
    """What can be named."""

    CASE = "case"
    POLICY = "policy"
    HOLD = "hold"
    DOCKET = "docket"
    COMPARTMENT = "compartment"
    DELEGATION = "delegation"
    ENTRY = "entry"
    AGREEMENT = "agreement"
    ARTICLE = "article"


_FIELDS = {
    "case": Kind.CASE,
    "replaces": Kind.CASE,
    "after": Kind.CASE,
    "concerns": Kind.CASE,
    "policy": Kind.POLICY,
    "hold": Kind.HOLD,
    "docket": Kind.DOCKET,
    "compartment": Kind.COMPARTMENT,
    "delegation": Kind.DELEGATION,
    "under": Kind.DELEGATION,
    "assertion": Kind.ENTRY,
    "entry": Kind.ENTRY,
    "agreement": Kind.AGREEMENT,
    "article": Kind.ARTICLE,
}
_NEW: dict[type[Event], str] = {
    Agreement: "agreement",
    Article: "article",
    Compartment: "compartment",
    Delegation: "delegation",
    Hold: "hold",
}


@cache
def _naming(kind: type[Event]) -> tuple[tuple[str, Kind], ...]:
    """Return the fields of a class in which something is named."""
    names = (each.name for each in fields(kind))
    return tuple(
        (name, _FIELDS[name]) for name in names if name in _FIELDS and name != _NEW.get(kind)
    )


def named(act: Event) -> Iterator[tuple[Kind, str | int]]:
    """Yield what `act` names, each with its kind."""
    for field, kind in _naming(type(act)):  # type: ignore[arg-type]  # a class is hashable
        name = getattr(act, field)
        if name is not None:
            yield kind, name
    if isinstance(act, Request):
        for item in act.items:
            yield Kind.ARTICLE, item.article
