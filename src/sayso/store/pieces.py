"""What every store does alike with the projection: what stands, in pieces, beside the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sayso.errors import Overtaken, StoreError

LINGERS = 4096
"""How many entries a dropped piece outlives the projection without it: for those who still read."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What stood after `size` entries, in pieces by name, to be kept beside the record.

    `before` is the head it goes on from, some of whose pieces are `dropped`; None: it is whole, and
    takes the place of all that was there.
    """

    size: int
    head: bytes
    added: Mapping[str, bytes]
    dropped: Collection[str]
    before: bytes | None = None


def check(made: Projection | None, *, size: int) -> None:
    """Raise unless what is kept with an append is of what stands after it, after `size` entries."""
    if made is not None and made.size != size:
        raise StoreError(f"the projection is of {made.size} entries, and not of {size}")


def displaced() -> Overtaken:
    """Return what to raise when a projection goes on from another than the one that is kept."""
    return Overtaken(
        "the store has another projection than the one that this goes on from",
        hint="read what was added, and try again",
    )
