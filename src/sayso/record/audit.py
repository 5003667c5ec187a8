"""Does what was kept agree with itself? Recomputed from the entries alone, in one pass.

1. Each stored leaf hash, if there are any, is the hash of its entry.
2. Each checkpoint is signed by every one of the log's keys, and by nobody else.
3. Each covers more entries than the one before, and its root is that of the first `size` entries.
4. The last covers all entries.

So one changed byte in any entry, leaf hash or checkpoint is found, and the first bad one named;
`Damaged.entry` is the first entry that is not proven, by that or for want of its checkpoint.
That not *all* of them were replaced by whoever holds the log's key, or cut off at the end, only
somebody else's copy of a checkpoint can show: `tree.check_consistency`, and witnesses.

>>> from sayso.record.note import Signer
>>> from sayso.record import checkpoint
>>> log = Signer.generate("example.com/log")
>>> state = checkpoint.Checkpoint("example.com/log", 1, leaf_hash(b"one"))
>>> signed = checkpoint.sign(state, [log])
>>> audit([b"one"], checkpoints=[signed], origin="example.com/log", keys=[log.key]).size
1
>>> audit([b"two"], checkpoints=[signed], origin="example.com/log", keys=[log.key])
Traceback (most recent call last):
    ...
sayso.errors.Damaged: entry 0 is not what checkpoint 0 signs
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from sayso.errors import Damaged, MalformedCheckpoint, Untrue
from sayso.record import checkpoint
from sayso.record.note import Key
from sayso.record.tree import EMPTY, Frontier, leaf_hash

_AT_ONCE = 8_192  # leaf hashes in memory, whatever lies between two checkpoints


@dataclass(frozen=True, slots=True)
class Verified:
    """A record that agrees with itself: its tree and how many checkpoints vouch for it."""

    frontier: Frontier
    checkpoints: int

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.frontier.size

    @property
    def root(self) -> bytes:
        """The root of the tree of all entries."""
        return self.frontier.root()


def audit(
    entries: Iterable[bytes],
    *,
    checkpoints: Iterable[bytes],
    origin: str,
    keys: Iterable[Key],
    leaf_hashes: Iterable[bytes] | None = None,
) -> Verified:
    """Return the record if it agrees with itself; `Damaged` names what is first found not to."""
    leaves = _hashed(entries) if leaf_hashes is None else _compared(entries, leaf_hashes)
    known = tuple(keys)
    frontier, count = EMPTY, 0
    for signed in checkpoints:
        try:
            state = _opened(signed, origin=origin, known=known)
        except (MalformedCheckpoint, Untrue) as error:
            what = f"checkpoint {count}: {error.what}"
            raise Damaged(what, entry=frontier.size, checkpoint=count) from None
        frontier = _grown(frontier, leaves, state=state, number=count)
        count += 1
    if next(leaves, None) is not None:
        raise Damaged(f"entry {frontier.size} is under no checkpoint", entry=frontier.size)
    return Verified(frontier, count)


def _hashed(entries: Iterable[bytes]) -> Iterator[bytes]:
    return map(leaf_hash, entries)


def _compared(entries: Iterable[bytes], leaf_hashes: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the hash of each entry, which must be the one that was stored with it."""
    for number, (entry, stored) in enumerate(zip_longest(entries, leaf_hashes)):
        if entry is None:
            raise Damaged(f"entry {number} is missing, its leaf hash is there", entry=number)
        computed = leaf_hash(entry)
        if computed != stored:
            raise Damaged(f"entry {number} does not have the leaf hash kept with it", entry=number)
        yield computed


def _opened(signed: bytes, *, origin: str, known: Sequence[Key]) -> checkpoint.Checkpoint:
    """Return the state that a checkpoint signs.

    A line by another key would be ignored, and with it a byte changed in the name of a key; so here
    every line counts.
    """
    state, note = checkpoint.opened(signed, origin=origin, keys=known)
    if note.ignored or len(note.signatures) != len(known):
        raise Untrue("it is not signed by exactly the log's keys")
    return state


def _grown(
    frontier: Frontier, leaves: Iterator[bytes], *, state: checkpoint.Checkpoint, number: int
) -> Frontier:
    """Return the tree of the entries that checkpoint `number` signs."""
    start = frontier.size
    if state.size <= start and number > 0:
        raise Damaged(
            f"checkpoint {number} covers no more entries than the one before",
            entry=start,
            checkpoint=number,
        )
    while frontier.size < state.size:
        taken = tuple(islice(leaves, min(_AT_ONCE, state.size - frontier.size)))
        if not taken:
            raise Damaged(
                f"checkpoint {number} signs {state.size} entries, and {frontier.size} are there",
                entry=frontier.size,
                checkpoint=number,
            )
        frontier = frontier.extended(taken)
    if frontier.root() != state.root:
        last = state.size - 1
        which = f"entry {start} is" if last <= start else f"entries {start} to {last} are"
        raise Damaged(f"{which} not what checkpoint {number} signs", entry=start, checkpoint=number)
    return frontier
