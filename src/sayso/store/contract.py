"""What a store must do: keep entries and signed checkpoints, in order, for good.

A store knows bytes, not meanings. It promises:

1. What `append` has returned from survives a crash of the program and of the machine.
2. Entries, their leaf hashes and the checkpoint that signs them become visible together or not at
   all.
3. Nothing is changed or removed. There is no way to ask for it.
4. Of two who append at the same size one is `Overtaken`, and nothing of it is written.
5. What cannot be read is `Damaged` or another `StoreError`, never silently left out or repaired.

The suite in `tests/store/test_contract.py` is these sentences, for every store.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol


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

    def append(self, entries: Sequence[bytes], *, size: int, checkpoint: bytes) -> None:
        """Keep `entries` after the `size` that are there, and the checkpoint over all of them.

        Raises `Overtaken` if there are not `size` entries, and then has written nothing.
        """

    def close(self) -> None:
        """Give back what the operating system lent; the store is not used afterwards."""
