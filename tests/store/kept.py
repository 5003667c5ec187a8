"""What the tests of the contract keep in a store, and how they look at it."""

from collections.abc import Callable

from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer
from sayso.store import Store, verify
from sayso.store.pieces import Projection

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)

Make = Callable[[], Store]
Again = Callable[[Store], Store]


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


def grow(
    kept: Store, entries: list[bytes], *, upto: int, projection: Projection | None = None
) -> None:
    size, note = kept.size(), signed(entries[:upto])
    kept.append(entries[size:upto], size=size, checkpoint=note, projection=projection)


def verified_size(kept: Store) -> int:
    return verify.verify(kept, origin=ORIGIN, keys=[LOG.key]).size


ENTRIES = [f"entry {number}".encode() for number in range(1200)]


def rows(entries: list[bytes], sizes: list[int]) -> list[tuple[bytes, bytes | None]]:
    """Return entries as a store keeps them that was appended to up to each of `sizes`."""
    return [
        (each, signed(entries[:size]) if size in sizes else None)
        for size, each in enumerate(entries, 1)
    ]
