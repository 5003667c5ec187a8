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

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from threading import RLock
from urllib.parse import quote

from sayso.errors import Damaged, StoreError
from sayso.record.tree import leaf_hash
from sayso.store import migrations, offer, paging

APPLICATION = int.from_bytes(b"Says", "big")
BUSY_SECONDS = 5.0

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100

_SIZE = "SELECT coalesce(max(number) + 1, 0) FROM entry"
_HEAD = "SELECT number + 1, checkpoint FROM entry ORDER BY number DESC LIMIT 1"
_NOTES = (
    "SELECT number, checkpoint FROM entry WHERE number >= ? AND checkpoint IS NOT NULL"
    " ORDER BY number LIMIT ?"
)
_ENTRIES = "SELECT number, bytes FROM entry WHERE number >= ? ORDER BY number LIMIT ?"
_HASHES = "SELECT number, leaf_hash FROM entry WHERE number >= ? ORDER BY number LIMIT ?"
_ADD = "INSERT INTO entry (number, bytes, leaf_hash, checkpoint) VALUES (?, ?, ?, ?)"
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"


def create(path: str | Path) -> "SqliteStore":
    """Return a new store in a new file that only its owner may read; an existing one is refused."""
    path = Path(path)
    with _new_file(path) as database:
        _prepare(database)
    return open(path)


def open(path: str | Path) -> "SqliteStore":  # noqa: A001  # the pair of `create`
    """Return the store in an existing file, after looking that it is one and whole."""
    path = Path(path)
    _check_file(path)
    with _told(path):
        database = _connected(path)
        try:
            _check_database(path, database)
        except BaseException:
            database.close()
            raise
    return SqliteStore(path, database)


_Row = tuple[int, bytes, bytes, bytes | None]


class SqliteStore:
    """Keeps the record in a file; processes and threads may share it."""

    __slots__ = ("_database", "_lock", "_path")

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database
        self._lock = RLock()

    def size(self) -> int:
        """Return the number of entries."""
        with self._asking():
            return _size(self._database)

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""
        with self._asking():
            found = self._database.execute(_HEAD).fetchone()
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

    def append(self, entries: Sequence[bytes], *, size: int, checkpoint: bytes) -> None:
        """Keep `entries` after the `size` that are there, and the checkpoint over all of them."""
        offer.check(entries, size=size, signed=checkpoint)
        last = size + len(entries) - 1
        rows = [
            (number, each, leaf_hash(each), checkpoint if number == last else None)
            for number, each in enumerate(entries, size)
        ]
        with self._asking():
            if len(rows) == 1:
                self._append_one(rows[0], size)
                return
            with _transaction(self._database):
                offer.check_place(size=size, found=_size(self._database))
                self._database.executemany(_ADD, rows)

    def _append_one(self, row: _Row, size: int) -> None:
        """Add one row, which is a transaction by itself: the trigger has it come after the last."""
        try:
            self._database.execute(_ADD, row)
        except sqlite3.IntegrityError:
            offer.check_place(size=size, found=_size(self._database))
            raise

    def copy(self, path: str | Path) -> None:
        """Write the record as it is now into a new file, a store of its own, while others append.

        An existing file is refused. The copy is whole, and is opened once to see that it is.
        """
        path = Path(path)
        with self._lock, _new_file(path) as database:
            self._database.backup(database)
        open(path).close()

    def close(self) -> None:
        """Give back the file; the last to close it empties the write-ahead log into it."""
        with self._asking():
            self._database.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock, _told(self._path):
            yield

    def _asker(self, query: str) -> paging.Ask:
        def ask(start: int, count: int) -> list[tuple[int, object]]:
            with self._asking():
                return self._database.execute(query, (start, count)).fetchall()

        return ask

    def _within(self, stop: int | None) -> int:
        size = self.size()
        return size if stop is None else min(stop, size)


def _size(database: sqlite3.Connection) -> int:
    found = database.execute(_SIZE).fetchone()[0]
    if not isinstance(found, int):
        raise Damaged("the entries are not numbered")
    return found


# --- the file ----------------------------------------------------------------------------------


def _connected(path: Path) -> sqlite3.Connection:
    """Return a connection to an existing file; mode=rw never creates one."""
    database = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,  # this module says where a transaction begins and ends
        check_same_thread=False,  # the lock of the store keeps threads apart
    )
    database.text_factory = bytes  # text in a damaged file need not be UTF-8
    try:
        for pragma in ("synchronous = FULL", "trusted_schema = OFF", "cell_size_check = ON"):
            database.execute(f"PRAGMA {pragma}")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a new, empty file; if what is done with it fails, there is no file."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise StoreError(
            f"`{path}` exists already", hint="name a new file; nothing is overwritten"
        ) from None
    except OSError as error:
        raise StoreError(f"`{path}` cannot be created: {error.strerror}") from None
    try:
        with _told(path), closing(_connected(path)) as database:
            yield database
        _sync(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _prepare(database: sqlite3.Connection) -> None:
    """Make a new file a store: the migrations in one transaction, then the write-ahead log."""
    database.execute("PRAGMA journal_mode = DELETE")
    with _transaction(database):
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        migrations.run(database)
    database.execute("PRAGMA journal_mode = WAL")


def _check_file(path: Path) -> None:
    """Raise unless the file is there, whole, and a store: told from its bytes, before SQLite."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        raise StoreError(f"there is no store at `{path}`", hint="`sayso init` makes one") from None
    except OSError as error:
        raise StoreError(f"`{path}` cannot be read: {error.strerror}") from None
    if not S_ISREG(status.st_mode):
        raise StoreError(f"`{path}` is not a file")
    if not _MAGIC.startswith(header[: len(_MAGIC)]):
        raise StoreError(f"`{path}` is not a store: it is not an SQLite file")
    if len(header) < _HEADER_BYTES:
        raise Damaged(f"`{path}` is cut short: it has {status.st_size} bytes")
    # SQLite file format §1.3: page size at 16, where 1 means 65,536; application id at 68.
    page = int.from_bytes(header[16:18], "big")
    if status.st_size % (65_536 if page == 1 else page or 1) and not _has_log(path):
        raise Damaged(f"`{path}` is cut short: it ends within a page")
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        raise StoreError(f"`{path}` is not a store: it is an SQLite file of another program")


def _has_log(path: Path) -> bool:
    """Return whether a write-ahead log stands beside; then the file may be half-way."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_database(path: Path, database: sqlite3.Connection) -> None:
    """Raise unless the database has the schema of this version, and a head that fits its size."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    newest = migrations.newest()
    if version > newest:
        raise StoreError(
            f"`{path}` was written by a later version of sayso: its format is {version}",
            hint=f"this one knows formats up to {newest}",
        )
    mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    if version < 1 or mode != b"wal" or _schema(database) != _expected_schema():
        raise Damaged(f"`{path}` does not have the tables and guards of a store")
    offer.check_head(database.execute(_HEAD).fetchone())


def _expected_schema() -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.text_factory = bytes
        migrations.run(database)
        return _schema(database)


def _schema(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    return database.execute(_SCHEMA).fetchall()


def _sync(folder: Path) -> None:
    """Make the name of a new file as durable as its content."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(f"`{folder}` cannot be written: {error.strerror}") from None


# --- transactions and faults -------------------------------------------------------------------


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing; the lock is taken at once, so nobody can come in between."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a failed COMMIT may have rolled back already
            database.execute("ROLLBACK")
        raise


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite says into what the user can be told."""
    try:
        yield
    except sqlite3.Error as error:
        raise _fault(path, error) from None


def _fault(path: Path, error: sqlite3.Error) -> StoreError:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the low byte is the kind of fault
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"`{path}` is busy: another process holds it", hint="try again in a moment"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(f"`{path}` is damaged: {error}", hint="restore it from a backup")
        case sqlite3.SQLITE_FULL:
            return StoreError(f"there is no room left for `{path}`", hint="nothing was written")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreError(f"`{path}` cannot be written", hint="look at its permissions")
        case _:
            return StoreError(f"`{path}`: {error}")
