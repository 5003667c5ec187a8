"""What every store checks alike: of an append before it is taken, and of the head it opens with."""

from collections.abc import Iterable, Iterator, Sequence

from sayso.errors import Damaged, MalformedCheckpoint, Overtaken, StoreError
from sayso.record import checkpoint
from sayso.record.tree import leaf_hash

MOST_BYTES = 65_535

Kept = tuple[bytes, bytes | None]
"""An entry as another store kept it, and the checkpoint that ends with it, if one does."""

Row = tuple[int, bytes, bytes, bytes | None]
"""An entry's number, its bytes, its leaf hash, and the checkpoint that ends with it."""


def check(entries: Sequence[bytes], *, size: int, signed: bytes) -> None:
    """Raise unless the checkpoint claims to cover `size` entries and these after them.

    Only its second line is looked at (tlog-checkpoint, Note text): a slip there would make the
    store useless, and whether the rest is true is for the audit.
    """
    if not entries:
        raise StoreError("an append needs at least one entry")
    if any(not 1 <= len(entry) <= MOST_BYTES for entry in entries):
        raise StoreError(f"an entry has 1 to {MOST_BYTES} bytes")
    lines = signed.split(b"\n", 2)
    if len(lines) < 3 or lines[1] != b"%d" % (size + len(entries)):  # noqa: PLR2004  # two and a rest
        raise StoreError(f"the checkpoint does not cover {size} entries and {len(entries)} more")


def check_place(*, size: int, found: int) -> None:
    """Raise `Overtaken` unless the store has the `size` that the append was made for."""
    if found != size:
        raise Overtaken(
            f"the store has {found} entries, not {size}",
            hint="read what was added, and try again",
        )


def check_head(head: tuple[object, ...] | None) -> None:
    """Raise unless the last row, its number plus one and its checkpoint, are of one size.

    Both must come from one query: between two, somebody else may append.
    """
    if head is None:
        return
    size, signed = head
    try:
        claimed = checkpoint.claimed(signed).size if isinstance(signed, bytes) else None
    except MalformedCheckpoint:
        claimed = None
    if claimed is None or claimed != size:
        raise Damaged(
            f"the newest checkpoint of the store does not cover its {size} entries",
            hint="`sayso record verify` names the first that is under none; `sayso store backup "
            "FILE --salvage` saves those before it",
        )


def rows(kept: Iterable[Kept]) -> Iterator[Row]:
    """Yield the rows of a whole record, from its first entry to one under a checkpoint."""
    waiting: list[bytes] = []
    size = 0
    for entry, signed in kept:
        waiting.append(entry)
        if signed is not None:
            check(waiting, size=size, signed=signed)
            size += len(waiting)
            waiting = []
        yield size + len(waiting) - 1, entry, leaf_hash(entry), signed
    if waiting:
        raise StoreError("the last entry of a record is under a checkpoint")
