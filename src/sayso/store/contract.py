"""What a store must do: keep entries and signed checkpoints, in order, for good.

Beside them it keeps enclosures: bytes that an entry names by their digest, and that may be erased.

A store knows bytes, not meanings. It promises:

1. What `append` has returned from survives a crash of the program and of the machine.
2. Entries, their leaf hashes, the checkpoint that signs them, and the enclosures and the projection
   that come with them, become visible together or not at all; what an append erases goes with it,
   or stays.
3. No entry is changed or removed, and no enclosure changed. There is no way to ask for it.
4. Of two who append at the same size one is `Overtaken`, and nothing of it is written. So is who
   brings a projection that goes on from another than the one that is kept.
5. Who holds the turn is not overtaken; who waits for it too long is told that the store is busy.
6. A projection is no part of the record: it may be lost, and is never trusted by itself. So it is
   the one thing that is replaced, by an append or by itself.
7. What cannot be read is `Damaged` or another `StoreError`, never silently left out or repaired.

The suite in `tests/store/test_contract*.py` is these sentences, for every store.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.offer import Kept
from sayso.store.pieces import Projection


class Store(Protocol):
    """Where a record is kept."""

    def size(self) -> int:
        """Return the number of entries."""

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""

    def checkpoints(self, stop: int | None = None) -> Iterator[bytes]:
        """Yield the checkpoints over at most `stop` entries, or over all, the oldest first."""

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the entries `start` to `stop`, or to those there are at the first step."""

    def leaf_hashes(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the leaf hashes kept with the same entries."""

    def append(
        self,
        entries: Sequence[bytes],
        *,
        size: int,
        checkpoint: bytes,
        beside: Beside = NOTHING_BESIDE,
        projection: Projection | None = None,
    ) -> None:
        """Keep `entries` after the `size` that are there, and the checkpoint over all of them.

        What is `beside` them is done in the same step: each enclosure is kept once, under its
        SHA-256, and what is erased need not be there. So is the `projection` of what stands after
        them, if one is given. Raises `Overtaken` if there are not `size` entries, or not the
        projection that this one goes on from, and then has written and erased nothing.
        """

    def enclosed(self, digests: Collection[bytes]) -> dict[bytes, bytes]:
        """Return those of the enclosures with these `digests` that are there, by digest.

        Raises `Damaged` if the bytes of one do not have its digest.
        """

    def enclosures(self) -> Iterator[bytes]:
        """Yield all enclosures, ordered by digest; what is erased meanwhile is left out."""

    def erase(self, digests: Collection[bytes]) -> int:
        """Remove the enclosures with these `digests`, and what is left of those removed before.

        Returns how many were there. Afterwards the files that the store has to itself hold no byte
        of them, which after an append they still may; the more is kept, the longer that takes.
        """

    def projection(self) -> bytes | None:
        """Return the head of the projection that is kept, if one is."""

    def pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the named pieces that there are; a name is a SHA-256 in hexadecimal."""

    def project(self, made: Projection) -> bool:
        """Keep a projection by itself, all or nothing; return False if another came before it."""

    def turn(self) -> AbstractContextManager[None]:
        """Hold the only right to append, for one append or until the end; others wait.

        Others may be threads, processes and machines. Whoever loses the turn by a fault, or comes
        back from a long sleep, is still stopped by the size it appends at.
        """

    def fill(self, kept: Iterable[Kept], enclosures: Iterable[bytes] = ()) -> None:
        """Take over the record and enclosures of another store, all or nothing; this one is empty.

        What is beside the record is asked for when the record has been read.
        """

    def close(self) -> None:
        """Give back what the operating system lent; the store is not used afterwards."""


@dataclass(frozen=True, slots=True)
class About:
    """What a store is, told without opening it for use: it may be of an earlier format.

    `name` holds no secret; `size` counts entries, and `enclosures` what is beside them; `room` is
    the bytes that all of it takes on its disk.
    """

    kind: str
    name: str
    form: int
    newest: int
    size: int
    enclosures: int
    room: int
    head: bytes | None


class Kind(Protocol):
    """What the module of a kind of store offers; `place` is a path or a URL."""

    def create(self, place: str, /) -> Store:
        """Return a new store; what exists already is refused."""

    def open(self, place: str, /, *, whole: bool = True) -> Store:
        """Return the store that is there, of this version's format.

        If its last entry is under no checkpoint it is `Damaged`, unless it need not be `whole`.
        """

    def exists(self, place: str, /) -> bool:
        """Return whether there is something to open."""

    def discard(self, place: str, /) -> None:
        """Remove a store that has no entry; one with an entry stays."""

    def upgrade(self, place: str, /) -> int:
        """Take a store to this version's format, all or nothing; return its format before."""

    def about(self, place: str, /) -> About:
        """Return what a store is, of this version or an earlier one."""
