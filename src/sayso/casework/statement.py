"""A statement: one event in the exact bytes that are stored, and that a person signs.

The bytes are strict JSON (`sayso.wire`):

    {"at":"2025-06-03T09:00:00Z","by":"liaison","nonce":"…","record":"sayso.example/fires","said":{…}}

`said` is the event; its kind stands outside, in the entry's payload type and in the signature's
namespace. `record` is the origin of the record it is meant for, so that a statement signed for one
record says nothing on another; `nonce` (16 random bytes) makes it unique, and its hash unguessable.
`at` is when the person says they said it. A consequence is said by nobody and has no `by`.
"""

from dataclasses import dataclass
from functools import lru_cache

from sayso import wire
from sayso.casework.events import KINDS, Consequence, Event, kind_of
from sayso.dates import Instant
from sayso.errors import MalformedEntry, MalformedValue
from sayso.record.entry import Entry


@dataclass(frozen=True, slots=True)
class Statement:
    """An event, who says it, when, and for which record."""

    record: str
    by: str | None
    at: Instant
    nonce: str
    said: Event

    def __post_init__(self) -> None:
        if isinstance(self.said, Consequence) != (self.by is None):
            raise MalformedEntry("a person says an act, and nobody says a consequence")

    @property
    def kind(self) -> str:
        """Return the kind of what is said."""
        return kind_of(self.said)


def write(statement: Statement) -> bytes:
    """Return the bytes of `statement`, to be signed as they are."""
    value: dict[str, wire.Value] = {
        "at": str(statement.at),
        "nonce": statement.nonce,
        "record": statement.record,
        "said": wire.encode(statement.said),
    }
    if statement.by is not None:
        value["by"] = statement.by
    return wire.dump(value)


@lru_cache(maxsize=64)  # judging, applying and settling one entry each read it
def read(entry: Entry) -> Statement:
    """Return the statement that `entry` holds; `MalformedEntry` if its payload is none."""
    kind = entry.kind
    if kind not in KINDS:
        raise MalformedEntry(f"`{kind}` is no kind of entry")
    try:
        outer = wire.decode(_Outer, entry.value)
        said = wire.decode(KINDS[kind], outer.said)
    except MalformedValue as error:
        raise MalformedEntry(f"the payload is no `{kind}`: {error}") from None
    return Statement(outer.record, outer.by, outer.at, outer.nonce, said)


@dataclass(frozen=True, slots=True)
class _Outer:
    at: Instant
    nonce: str
    record: str
    said: wire.Value
    by: str | None = None
