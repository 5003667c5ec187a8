"""A store in one SQLite file.

WAL with synchronous=FULL: what is committed is on the disk before `append` returns. Tables are
STRICT, and triggers refuse every change but an append. The file says what it is: `application_id`
is "Says", `user_version` the number of its last migration (`migrations/sqlite/NNNN-name.sql`).

`create` makes a new file and `open` an existing one; neither does the other's work, and `open`
looks at the file before SQLite does, because SQLite takes an empty file for a new database and
throws its log away. A file cut short, of another program, or of a later version is refused as it
stands.

Several processes may read and append. Each read is short (`sayso.store.paging`), so that none holds
up the log of the others.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from sayso.errors import Damaged
from sayso.record.tree import leaf_hash
from sayso.store import enclosure, file, migrations, offer, paging, pieces, sqlite_projection
from sayso.store.contract import About
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.pieces import Projection

_SIZE = "SELECT coalesce(max(number) + 1, 0) FROM entry"
_NOTES = (
    "SELECT number, checkpoint FROM entry WHERE number >= ? AND checkpoint IS NOT NULL"
    " ORDER BY number LIMIT ?"
)
_ENTRIES = "SELECT number, bytes FROM entry WHERE number >= ? ORDER BY number LIMIT ?"
_HASHES = "SELECT number, leaf_hash FROM entry WHERE number >= ? ORDER BY number LIMIT ?"
_ADD = "INSERT INTO entry (number, bytes, leaf_hash, checkpoint) VALUES (?, ?, ?, ?)"
_PAGE = "SELECT digest, length(bytes) FROM enclosure WHERE digest > ? ORDER BY digest LIMIT ?"
_ENCLOSED = "SELECT digest, bytes FROM enclosure WHERE digest IN ({})"
_ENCLOSE = """
    INSERT INTO enclosure (digest, bytes)
    SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM enclosure WHERE digest = ?1)
"""
_ERASE = "DELETE FROM enclosure WHERE digest = ?"


def create(path: str | Path) -> "SqliteStore":
    """Return a new store in a new file that only its owner may read; an existing one is refused."""
    path = Path(path)
    with file.new(path) as database:
        file.prepare(database)
    return open(path)


def open(path: str | Path, *, whole: bool = True) -> "SqliteStore":  # noqa: A001  # pairs `create`
    """Return the store in an existing file, after looking that it is one and, if asked, whole."""
    path = Path(path)
    file.check(path)
    with file.told(path):
        database = file.connected(path)
        try:
            file.check_database(path, database, whole=whole)
        except BaseException:
            database.close()
            raise
    return SqliteStore(path, database)


def exists(path: str | Path) -> bool:
    """Return whether there is a file at `path`; what it is shows when it is opened."""
    return Path(path).exists()


def discard(path: str | Path) -> None:
    """Remove a store that has no entry, such as one just made; one with an entry stays."""
    path = Path(path)
    with file.opened(path) as database:
        empty = _size(database) == 0
    if empty:
        file.remove(path)


def upgrade(path: str | Path) -> int:
    """Take a store through the steps it has not had, all or nothing; return its format before."""
    path = Path(path)
    with file.opened(path) as database, file.transaction(database):
        found = file.form(path, database)
        file.migrate(database, after=found)
    open(path).close()
    return found


def about(path: str | Path) -> About:
    """Return what a store is, of this version or an earlier one."""
    path = Path(path)
    with file.opened(path) as database:
        found = file.form(path, database)
        head = database.execute(file.HEAD).fetchone()
        return About(
            kind="SQLite",
            name=str(path),
            form=found,
            newest=migrations.newest(file.KIND),
            size=_size(database),
            enclosures=file.enclosures(database, found),
            room=file.room(path),
            head=None if head is None else paging.plain(head[1], "the newest checkpoint"),
        )


class SqliteStore:
    """Keeps the record in a file; processes and threads may share it."""

    __slots__ = ("_database", "_lock", "_path", "_turn")

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database
        self._lock = RLock()  # held while the database is asked
        self._turn = RLock()  # held while this thread may append, and no other

    def size(self) -> int:
        """Return the number of entries."""
        with self._asking():
            return _size(self._database)

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""
        with self._asking():
            found = self._database.execute(file.HEAD).fetchone()
        return None if found is None else paging.plain(found[1], "the newest checkpoint")

    def checkpoints(self, stop: int | None = None) -> Iterator[bytes]:
        """Yield the checkpoints over at most `stop` entries, or over all, the oldest first."""
        yield from paging.checkpoints(self._asker(_NOTES), self._within(stop))

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the entries `start` to `stop`, or to those there are at the first step."""
        yield from paging.entries(self._asker(_ENTRIES), start, self._within(stop))

    def leaf_hashes(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the leaf hashes kept with the same entries."""
        yield from paging.entries(self._asker(_HASHES), start, self._within(stop))

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
        last = size + len(entries) - 1
        rows = [
            (number, each, leaf_hash(each), checkpoint if number == last else None)
            for number, each in enumerate(entries, size)
        ]
        with self._turn, self._asking():
            alone = len(rows) == 1 and beside == NOTHING_BESIDE and projection is None
            if alone and not self._database.in_transaction:
                self._append_one(rows[0], size)
                return
            with file.transaction(self._database):
                offer.check_place(size=size, found=_size(self._database))
                self._database.executemany(_ADD, rows)
                self._database.executemany(_ENCLOSE, beside.kept().items())
                self._database.executemany(_ERASE, ((each,) for each in beside.erased))
                if projection and not sqlite_projection.project(self._database, projection):
                    raise pieces.displaced()
            if beside.erased:
                file.emptied(self._database)

    def enclosed(self, digests: Collection[bytes]) -> dict[bytes, bytes]:
        """Return those of the enclosures with these `digests` that are there, by digest."""
        return enclosure.found(self._enclosed, digests)

    def enclosures(self) -> Iterator[bytes]:
        """Yield all enclosures, ordered by digest; what is erased meanwhile is left out."""
        yield from enclosure.every(self._page, self._enclosed)

    def erase(self, digests: Collection[bytes]) -> int:
        """Remove the enclosures with these `digests`, and what is left of those removed before."""
        with self._turn, self._asking():
            with file.transaction(self._database):
                gone = self._database.executemany(_ERASE, ((each,) for each in set(digests)))
            file.rewritten(self._database)
        return gone.rowcount

    def projection(self) -> bytes | None:
        """Return the head of the projection that is kept, if one is."""
        with self._asking():
            return sqlite_projection.head(self._database)

    def pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the named pieces that there are."""
        with self._asking():
            return sqlite_projection.pieces(self._database, names)

    def project(self, made: Projection) -> bool:
        """Keep a projection by itself, all or nothing; return False if another came before it."""
        with self._turn, self._asking(), file.transaction(self._database):
            return sqlite_projection.project(self._database, made)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only right to append, for one append or until the end; others wait."""
        with self._turn:
            with self._asking():
                self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                with self._asking():
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")

    def fill(self, kept: Iterable[offer.Kept], enclosures: Iterable[bytes] = ()) -> None:
        """Take over the record and enclosures of another store, all or nothing; this is empty."""
        with self._turn, self._asking(), file.transaction(self._database):
            offer.check_place(size=0, found=_size(self._database))
            self._database.executemany(_ADD, offer.rows(kept))
            for some in enclosure.portions(enclosures):
                self._database.executemany(_ENCLOSE, some.items())

    def _append_one(self, row: offer.Row, size: int) -> None:
        """Add one row, which is a transaction by itself: the trigger has it come after the last."""
        try:
            self._database.execute(_ADD, row)
        except sqlite3.IntegrityError:
            offer.check_place(size=size, found=_size(self._database))
            raise

    def close(self) -> None:
        """Give back the file; the last to close it empties the write-ahead log into it."""
        with self._asking():
            self._database.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock, file.told(self._path):
            yield

    def _asker(self, query: str) -> paging.Ask:
        def ask(start: int, count: int) -> list[tuple[int, object]]:
            with self._asking():
                return self._database.execute(query, (start, count)).fetchall()

        return ask

    def _enclosed(self, digests: Sequence[bytes]) -> enclosure.Rows:
        query = _ENCLOSED.format(",".join("?" * len(digests)))
        with self._asking():
            return self._database.execute(query, digests).fetchall()

    def _page(self, last: bytes) -> enclosure.Rows:
        with self._asking():
            return self._database.execute(_PAGE, (last, enclosure.AT_ONCE)).fetchall()

    def _within(self, stop: int | None) -> int:
        size = self.size()
        return size if stop is None else min(stop, size)


def _size(database: sqlite3.Connection) -> int:
    found = database.execute(_SIZE).fetchone()[0]
    if not isinstance(found, int):
        raise Damaged("the entries are not numbered")
    return found
