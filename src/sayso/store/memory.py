"""A store that lasts as long as its process: for tests, and for trying a policy out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock, RLock

from sayso.record.tree import leaf_hash
from sayso.store import enclosure, offer, pieces
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.pieces import LINGERS, Projection


class MemoryStore:
    """Keeps the record in lists; threads may share it."""

    __slots__ = (
        "_checkpoints",
        "_dropped",
        "_enclosures",
        "_entries",
        "_leaf_hashes",
        "_lock",
        "_pieces",
        "_projection",
        "_turn",
    )

    def __init__(self) -> None:
        self._entries: list[bytes] = []
        self._leaf_hashes: list[bytes] = []
        self._checkpoints: list[tuple[int, bytes]] = []
        self._enclosures: dict[bytes, bytes] = {}
        self._projection: bytes | None = None
        self._pieces: dict[str, bytes] = {}
        self._dropped: dict[str, int] = {}
        self._lock = Lock()
        self._turn = RLock()

    def size(self) -> int:
        """Return the number of entries."""
        with self._lock:
            return len(self._entries)

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""
        with self._lock:
            return self._checkpoints[-1][1] if self._checkpoints else None

    def checkpoints(self, stop: int | None = None) -> Iterator[bytes]:
        """Yield the checkpoints over at most `stop` entries, or over all, the oldest first."""
        stop = self._within(stop)
        yield from (note for size, note in self._checkpoints if size <= stop)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the entries `start` to `stop`, or to those there are at the first step."""
        yield from islice(self._entries, start, self._within(stop))

    def leaf_hashes(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the leaf hashes kept with the same entries."""
        yield from islice(self._leaf_hashes, start, self._within(stop))

    def append(
        self,
        entries: Sequence[bytes],
        *,
        size: int,
        checkpoint: bytes,
        beside: Beside = NOTHING_BESIDE,
        projection: Projection | None = None,
    ) -> None:
        """Keep `entries` after the `size` that are there, and the checkpoint over all of them."""
        offer.check(entries, size=size, signed=checkpoint)
        enclosure.check(beside)
        pieces.check(projection, size=size + len(entries))
        with self._turn, self._lock:
            offer.check_place(size=size, found=len(self._entries))
            if projection is not None and not self._project(projection):
                raise pieces.displaced()
            self._leaf_hashes.extend(map(leaf_hash, entries))
            self._entries.extend(entries)
            self._checkpoints.append((len(self._entries), checkpoint))
            self._enclosures |= beside.kept()
            for each in beside.erased:
                self._enclosures.pop(each, None)

    def enclosed(self, digests: Collection[bytes]) -> dict[bytes, bytes]:
        """Return those of the enclosures with these `digests` that are there, by digest."""
        return enclosure.found(self._asked, digests)

    def enclosures(self) -> Iterator[bytes]:
        """Yield all enclosures, ordered by digest; what is erased meanwhile is left out."""
        yield from enclosure.every(self._page, self._asked)

    def erase(self, digests: Collection[bytes]) -> int:
        """Remove the enclosures with these `digests`; return how many were there."""
        with self._turn, self._lock:
            gone = [self._enclosures.pop(each, None) for each in set(digests)]
        return sum(each is not None for each in gone)

    def projection(self) -> bytes | None:
        """Return the head of the projection that is kept, if one is."""
        return self._projection

    def pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the named pieces that there are."""
        with self._lock:
            return {name: self._pieces[name] for name in names if name in self._pieces}

    def project(self, made: Projection) -> bool:
        """Keep a projection by itself, all or nothing; return False if another came before it."""
        with self._turn, self._lock:
            return self._project(made)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only right to append, for one append or until the end; others wait."""
        with self._turn:
            yield

    def fill(self, kept: Iterable[offer.Kept], enclosures: Iterable[bytes] = ()) -> None:
        """Take over the record and enclosures of another store, all or nothing; this is empty."""
        rows = tuple(offer.rows(kept))
        beside = tuple(enclosure.portions(enclosures))
        with self._turn, self._lock:
            offer.check_place(size=0, found=len(self._entries))
            self._entries.extend(entry for _, entry, _, _ in rows)
            self._leaf_hashes.extend(leaf for _, _, leaf, _ in rows)
            self._checkpoints.extend((number + 1, note) for number, _, _, note in rows if note)
            for some in beside:
                self._enclosures |= some

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""

    def _project(self, made: Projection) -> bool:
        if made.before is None:
            self._pieces.clear()
            self._dropped.clear()
        elif made.before != self._projection:
            return False
        self._pieces.update(made.added)
        self._dropped |= dict.fromkeys(made.dropped, made.size)
        for name in made.added:
            self._dropped.pop(name, None)
        for name in [name for name, at in self._dropped.items() if at + LINGERS <= made.size]:
            del self._dropped[name]
            self._pieces.pop(name, None)
        self._projection = made.head
        return True

    def _asked(self, digests: Sequence[bytes]) -> enclosure.Rows:
        with self._lock:
            return [(each, self._enclosures[each]) for each in digests if each in self._enclosures]

    def _page(self, last: bytes) -> enclosure.Rows:
        with self._lock:
            after = sorted(each for each in self._enclosures if each > last)[: enclosure.AT_ONCE]
            return [(each, len(self._enclosures[each])) for each in after]

    def _within(self, stop: int | None) -> int:
        size = self.size()
        return size if stop is None else min(stop, size)
