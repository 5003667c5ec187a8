"""A store in a PostgreSQL database (14 or later), for several servers at once.

The tables stand in the schema `sayso` of the database that the URL names; a database holds one
record. An append is one statement, so one round trip and one transaction; it returns when the
server has it on its disk (`synchronous_commit` is set on, whatever the server's default). Who comes
second at a size is stopped by the primary key, not by a lock that all would queue for.

If the connection is lost while an append is under way, nobody knows whether it was kept: open the
store again and look at its size before trying again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

import psycopg
from psycopg import errors

from sayso.errors import Damaged, Overtaken, StoreError
from sayso.record.tree import leaf_hash
from sayso.store import migrations, offer, paging

BUSY_SECONDS = 5

_SETTINGS = (
    "SET synchronous_commit = on",
    f"SET lock_timeout = '{BUSY_SECONDS}s'",
    "SET client_min_messages = warning",
)
_THERE = "SELECT to_regclass('sayso.migration') IS NOT NULL"
_VERSION = "SELECT coalesce(max(number), 0) FROM sayso.migration"
_GUARDS = """
    SELECT count(*) FROM pg_trigger WHERE tgrelid = 'sayso.entry'::regclass
    AND tgname IN ('entry_follows', 'entry_stays') AND tgenabled = 'O'
"""
_SIZE = "SELECT coalesce(max(number) + 1, 0) FROM sayso.entry"
_HEAD = "SELECT number + 1, checkpoint FROM sayso.entry ORDER BY number DESC LIMIT 1"
_NOTES = """
    SELECT number, checkpoint FROM sayso.entry
    WHERE number >= %s AND checkpoint IS NOT NULL ORDER BY number LIMIT %s
"""
_ENTRIES = "SELECT number, bytes FROM sayso.entry WHERE number >= %s ORDER BY number LIMIT %s"
_HASHES = "SELECT number, leaf_hash FROM sayso.entry WHERE number >= %s ORDER BY number LIMIT %s"
_ADD = """
    INSERT INTO sayso.entry (number, bytes, leaf_hash, checkpoint)
    SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])
"""
_GUARD_COUNT = 2
_OVERTAKEN = "SY001"

Connection = psycopg.Connection[tuple[object, ...]]


def create(url: str) -> "PostgresStore":
    """Return a new store in the database of `url`, which must not hold one."""
    with _told():
        connection = _connected(url)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    return PostgresStore(connection)


def open(url: str) -> "PostgresStore":  # noqa: A001  # the pair of `create`
    """Return the store in the database of `url`, after looking that it is one and whole."""
    with _told():
        connection = _connected(url)
        try:
            _check(connection)
        except BaseException:
            connection.close()
            raise
    return PostgresStore(connection)


class PostgresStore:
    """Keeps the record in a database; processes and threads may share it."""

    __slots__ = ("_connection", "_lock")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = RLock()

    def size(self) -> int:
        """Return the number of entries."""
        with self._asking():
            return _number(self._connection, _SIZE)

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""
        with self._asking():
            found = self._connection.execute(_HEAD, binary=True).fetchone()
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
        numbers = list(range(size, size + len(entries)))
        notes = [None] * (len(entries) - 1) + [checkpoint]
        hashes = [leaf_hash(each) for each in entries]
        with self._asking():
            try:
                self._connection.execute(_ADD, (numbers, list(entries), hashes, notes), binary=True)
            except psycopg.Error as error:
                if error.sqlstate not in {_OVERTAKEN, errors.UniqueViolation.sqlstate}:
                    raise
                raise self._overtaken(size) from None

    def close(self) -> None:
        """Give back the connection."""
        with self._asking():
            self._connection.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock, _told():
            yield

    def _asker(self, query: str) -> paging.Ask:
        def ask(start: int, count: int) -> list[tuple[int, object]]:
            with self._asking():
                rows = self._connection.execute(query, (start, count), binary=True).fetchall()
            return [(number, raw) for number, raw in rows if isinstance(number, int)]

        return ask

    def _within(self, stop: int | None) -> int:
        size = self.size()
        return size if stop is None else min(stop, size)

    def _overtaken(self, size: int) -> Overtaken:
        found = _number(self._connection, _SIZE)
        return Overtaken(
            f"the store has {found} entries, not {size}", hint="read what was added, and try again"
        )


# --- the database ------------------------------------------------------------------------------


def _connected(url: str) -> Connection:
    connection = psycopg.connect(url, autocommit=True, connect_timeout=BUSY_SECONDS)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection) -> None:
    """Make the database a store, in one transaction."""
    with connection.transaction():
        if connection.execute(_THERE).fetchone() == (True,):
            raise StoreError(
                f"the database `{connection.info.dbname}` holds a store already",
                hint="name another database; nothing is overwritten",
            )
        for number, script in enumerate(migrations.steps("postgres"), 1):
            connection.execute(script.encode())
            connection.execute("INSERT INTO sayso.migration (number) VALUES (%s)", (number,))


def _check(connection: Connection) -> None:
    """Raise unless the database holds a store of this version, with its guards and its head."""
    name = connection.info.dbname
    if connection.execute(_THERE).fetchone() != (True,):
        raise StoreError(f"there is no store in the database `{name}`")
    version, newest = _number(connection, _VERSION), len(migrations.steps("postgres"))
    if version > newest:
        raise StoreError(
            f"the store in `{name}` was written by a later version of sayso",
            hint=f"its format is {version}, and this version knows formats up to {newest}",
        )
    if version < 1 or _number(connection, _GUARDS) != _GUARD_COUNT:
        raise Damaged(f"the store in `{name}` does not have the tables and guards of a store")
    offer.check_head(connection.execute(_HEAD, binary=True).fetchone())


def _number(connection: Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    if found is None or not isinstance(found[0], int):
        raise Damaged("the entries are not numbered")
    return found[0]


@contextmanager
def _told() -> Iterator[None]:
    """Turn what PostgreSQL says into what the user can be told."""
    try:
        yield
    except psycopg.Error as error:
        raise _fault(error) from None


def _fault(error: psycopg.Error) -> StoreError:
    said = str(error).strip().partition("\n")[0]
    match error:
        case errors.LockNotAvailable() | errors.QueryCanceled():
            return StoreError("the database is busy", hint="try again in a moment")
        case errors.DiskFull():
            return StoreError("the database has no room left", hint="nothing was written")
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return Damaged(f"the database is damaged: {said}", hint="restore it from a backup")
        case errors.ReadOnlySqlTransaction() | errors.InsufficientPrivilege():
            return StoreError(f"the database cannot be written: {said}")
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return StoreError(f"the database cannot be reached: {said}", hint="open it again")
        case _:
            return StoreError(f"the database refused: {said}")
