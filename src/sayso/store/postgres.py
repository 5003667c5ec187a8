"""A store in a PostgreSQL database (14 or later), for several servers at once.

The tables stand in the schema `sayso` of the database that the URL names; a database holds one
record. An append is one statement, so one round trip and one transaction, or a few in one
transaction when a projection is kept with it; it returns when the server has it on its disk, and
its synchronous standby too if it has one (`synchronous_commit` is set on, whatever the server's
default). Every append takes an advisory lock, which is the turn, for as long as its transaction
lasts; who comes second at a size is stopped by the primary key besides.

If the connection is lost while an append is under way, nobody knows whether it was kept: open the
store again and look at its size before trying again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from threading import RLock

import psycopg
from psycopg import errors

from sayso.errors import Overtaken, StoreError
from sayso.record.tree import leaf_hash
from sayso.store import (
    database,
    enclosure,
    migrations,
    offer,
    paging,
    pieces,
    postgres_projection,
)
from sayso.store.contract import About
from sayso.store.database import Connection
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.pieces import Projection

_SIZE = "SELECT coalesce(max(number) + 1, 0) FROM sayso.entry"
_NOTES = """
    SELECT number, checkpoint FROM sayso.entry
    WHERE number >= %s AND checkpoint IS NOT NULL ORDER BY number LIMIT %s
"""
_ENTRIES = "SELECT number, bytes FROM sayso.entry WHERE number >= %s ORDER BY number LIMIT %s"
_HASHES = "SELECT number, leaf_hash FROM sayso.entry WHERE number >= %s ORDER BY number LIMIT %s"
_KEY = int.from_bytes(b"Says", "big")
_TURN = "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(%s))"
_ROWS = """
    INSERT INTO sayso.entry (number, bytes, leaf_hash, checkpoint)
    SELECT added.* FROM turn, unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])
        AS added (number, bytes, leaf_hash, checkpoint)
    ORDER BY added.number
"""
_BESIDE = """,
    come AS (
        INSERT INTO sayso.enclosure (digest, bytes)
        SELECT given.* FROM turn, unnest(%s::bytea[], %s::bytea[]) AS given (digest, bytes)
        ON CONFLICT DO NOTHING
    ),
    gone AS (DELETE FROM sayso.enclosure USING turn WHERE digest = ANY(%s::bytea[]))
"""
_ENCLOSE = """
    INSERT INTO sayso.enclosure (digest, bytes)
    SELECT * FROM unnest(%s::bytea[], %s::bytea[]) ON CONFLICT DO NOTHING
"""
_ERASE = "DELETE FROM sayso.enclosure WHERE digest = ANY(%s::bytea[])"
_PAGE = """
    SELECT digest, octet_length(bytes) FROM sayso.enclosure
    WHERE digest > %s ORDER BY digest LIMIT %s
"""
_ENCLOSED = "SELECT digest, bytes FROM sayso.enclosure WHERE digest = ANY(%s::bytea[])"
# Who stands still with the turn, as a process stopped by a signal does, loses it with the session.
_TAKE = "SELECT pg_advisory_lock(%s), set_config('idle_session_timeout', '60s', false)"
_GIVE = "SELECT pg_advisory_unlock(%s), set_config('idle_session_timeout', '0', false)"
_ROOM = """
    SELECT pg_total_relation_size('sayso.entry')
        + coalesce(pg_total_relation_size(to_regclass('sayso.enclosure')), 0)
"""
_OVERTAKEN = "SY001"


def create(url: str) -> "PostgresStore":
    """Return a new store in the database of `url`, which must not hold one."""
    with database.reached(url) as connection:
        database.prepare(connection)
    return open(url)


def open(url: str, *, whole: bool = True) -> "PostgresStore":  # noqa: A001  # the pair of `create`
    """Return the store in the database of `url`, after looking that it is one and, asked, whole."""
    with database.told():
        connection = database.connected(url)
        try:
            database.check(connection, whole=whole)
        except BaseException:
            connection.close()
            raise
    return PostgresStore(connection)


def exists(url: str) -> bool:
    """Return whether the database of `url`, which must be there, holds a store."""
    with database.reached(url) as connection:
        return database.there(connection)


def discard(url: str) -> None:
    """Remove a store that has no entry, such as one just made; one with an entry stays."""
    with database.reached(url) as connection, connection.transaction():
        connection.execute("LOCK TABLE sayso.entry")
        if database.number(connection, _SIZE) == 0:
            connection.execute("DROP SCHEMA sayso CASCADE")


def upgrade(url: str) -> int:
    """Take a store through the steps it has not had, all or nothing; return its format before."""
    with database.reached(url) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_KEY,))
        found = database.form(connection)
        database.migrate(connection, after=found)
    open(url).close()
    return found


def about(url: str) -> About:
    """Return what a store is, of this version or an earlier one."""
    with database.reached(url) as connection, connection.transaction():
        found = database.form(connection)
        head = connection.execute(database.HEAD, binary=True).fetchone()
        return About(
            kind=f"PostgreSQL {connection.info.server_version // 10_000}",
            name=database.name(url),
            form=found,
            newest=migrations.newest(database.KIND),
            size=database.number(connection, _SIZE),
            enclosures=database.enclosures(connection, found),
            room=database.number(connection, _ROOM),
            head=None if head is None else paging.plain(head[1], "the newest checkpoint"),
        )


class PostgresStore:
    """Keeps the record in a database; processes and threads may share it."""

    __slots__ = ("_connection", "_lock", "_turn", "_warnings")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = RLock()  # held while the database is asked
        self._turn = RLock()  # held while this thread may append, and no other
        self._warnings: list[str] = []
        connection.add_notice_handler(
            lambda notice: self._warnings.append(notice.message_primary or "")
        )

    def size(self) -> int:
        """Return the number of entries."""
        with self._asking():
            return database.number(self._connection, _SIZE)

    def head(self) -> bytes | None:
        """Return the newest checkpoint, or nothing while there is no entry."""
        with self._asking():
            found = self._connection.execute(database.HEAD, binary=True).fetchone()
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
        notes = [None] * (len(entries) - 1) + [checkpoint]
        rows = [
            (number, entry, leaf_hash(entry), note)
            for number, (entry, note) in enumerate(zip(entries, notes, strict=True), size)
        ]
        with self._turn, self._asking():
            try:
                with self._kept():
                    self._add_all(rows, beside, projection)
            except psycopg.Error as error:
                if error.sqlstate not in {_OVERTAKEN, errors.UniqueViolation.sqlstate}:
                    raise
                raise self._overtaken(size) from None
            if beside.erased:
                with suppress(psycopg.Error):  # they are durably gone from the record already
                    self._connection.execute("VACUUM sayso.enclosure")

    def enclosed(self, digests: Collection[bytes]) -> dict[bytes, bytes]:
        """Return those of the enclosures with these `digests` that are there, by digest."""
        return enclosure.found(self._enclosed, digests)

    def enclosures(self) -> Iterator[bytes]:
        """Yield all enclosures, ordered by digest; what is erased meanwhile is left out."""
        yield from enclosure.every(self._page, self._enclosed)

    def erase(self, digests: Collection[bytes]) -> int:
        """Remove the enclosures with these `digests`, and what is left of those removed before."""
        with self._turn, self._asking():
            with self._kept(), self._connection.transaction():
                self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_KEY,))
                gone = self._connection.execute(_ERASE, (list(digests),), binary=True)
            self._rewrite()
        return gone.rowcount

    def projection(self) -> bytes | None:
        """Return the head of the projection that is kept, if one is."""
        with self._asking():
            return postgres_projection.head(self._connection)

    def pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the named pieces that there are."""
        with self._asking():
            return postgres_projection.pieces(self._connection, names)

    def project(self, made: Projection) -> bool:
        """Keep a projection by itself, all or nothing; return False if another came before it."""
        with self._turn, self._asking(), self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_KEY,))
            return postgres_projection.project(self._connection, made)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only right to append, for one append or until the end; others wait."""
        with self._turn:
            with self._asking():
                self._connection.execute(_TAKE, (_KEY,))
            try:
                yield
            finally:
                with suppress(StoreError), self._asking():  # a lost session has no turn to give
                    self._connection.execute(_GIVE, (_KEY,))

    def fill(self, kept: Iterable[offer.Kept], enclosures: Iterable[bytes] = ()) -> None:
        """Take over the record and enclosures of another store, all or nothing; this is empty."""
        rows = offer.rows(kept)
        with self._turn, self._asking(), self._kept(), self._connection.transaction():
            offer.check_place(size=0, found=database.number(self._connection, _SIZE))
            while some := tuple(islice(rows, paging.AT_ONCE)):
                self._add(some)
            for each in enclosure.portions(enclosures):
                columns = (list(each), list(each.values()))
                self._connection.execute(_ENCLOSE, columns, binary=True)

    def _add_all(
        self, rows: Sequence[offer.Row], beside: Beside, projection: Projection | None
    ) -> None:
        """Add what an append brings: in one round trip, unless a projection is kept with it."""
        if projection is None:
            self._add(rows, beside)
            return
        with self._connection.transaction():
            self._add(rows, beside)
            if not postgres_projection.project(self._connection, projection):
                raise pieces.displaced()

    def _add(self, rows: Sequence[offer.Row], beside: Beside = NOTHING_BESIDE) -> None:
        """Add rows, and do what is beside them, in one statement."""
        columns = [list(each) for each in zip(*rows, strict=True)]
        if beside == NOTHING_BESIDE:
            self._connection.execute(_TURN + _ROWS, (_KEY, *columns), binary=True)
            return
        come = beside.kept()
        given = (list(come), list(come.values()), list(beside.erased))
        self._connection.execute(_TURN + _BESIDE + _ROWS, (_KEY, *given, *columns), binary=True)

    def _rewrite(self) -> None:
        """Have the table written anew: VACUUM alone leaves the bytes until the space is used."""
        self._warnings.clear()
        self._connection.execute("VACUUM FULL sayso.enclosure")
        if self._warnings:
            raise StoreError(
                f"what is erased is gone, and its space not overwritten: {self._warnings[0]}",
                hint="do it as the owner of the tables",
            )

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Raise if what is committed within may be on this server's disk and nowhere else.

        A server that gives up waiting for its standby says so in a warning, and then that it was
        done.
        """
        self._warnings.clear()
        yield
        if self._warnings:
            raise StoreError(
                f"the database kept the entries with a warning: {self._warnings[0]}",
                hint="see to its standby, and look whether they are there before going on",
            )

    def close(self) -> None:
        """Give back the connection."""
        with self._asking():
            self._connection.close()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock, database.told():
            yield

    def _asker(self, query: str) -> paging.Ask:
        def ask(start: int, count: int) -> list[tuple[int, object]]:
            with self._asking():
                rows = self._connection.execute(query, (start, count), binary=True).fetchall()
            return [(number, raw) for number, raw in rows if isinstance(number, int)]

        return ask

    def _enclosed(self, digests: Sequence[bytes]) -> enclosure.Rows:
        with self._asking():
            return self._connection.execute(_ENCLOSED, (list(digests),), binary=True).fetchall()

    def _page(self, last: bytes) -> enclosure.Rows:
        with self._asking():
            asked = (last, enclosure.AT_ONCE)
            return self._connection.execute(_PAGE, asked, binary=True).fetchall()

    def _within(self, stop: int | None) -> int:
        size = self.size()
        return size if stop is None else min(stop, size)

    def _overtaken(self, size: int) -> Overtaken:
        found = database.number(self._connection, _SIZE)
        return Overtaken(
            f"the store has {found} entries, not {size}", hint="read what was added, and try again"
        )
