"""The database that a PostgreSQL store is in: reached, prepared, looked at, and what it says told.

A URL may hold a password. What this module says of a database names its server, its database and
its user, and repeats neither the URL nor what is wrong in it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from sayso.errors import Damaged, StoreError
from sayso.store import guards, migrations, offer

KIND = "postgres"
BUSY_SECONDS = 5
OLDEST = 14

HEAD = "SELECT number + 1, checkpoint FROM sayso.entry ORDER BY number DESC LIMIT 1"

_SETTINGS = (
    "SET synchronous_commit = on",
    f"SET lock_timeout = '{BUSY_SECONDS}s'",
    "SET client_min_messages = warning",
    # A machine that vanishes while it has the turn must not keep it for the two hours of TCP.
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_SCHEMA = "SELECT to_regnamespace('sayso') IS NOT NULL"
_THERE = "SELECT to_regclass('sayso.migration') IS NOT NULL"
_WHOLE = "SELECT to_regclass('sayso.entry') IS NOT NULL"
_FORMAT = "SELECT coalesce(max(number), 0) FROM sayso.migration"
_COUNT = "SELECT count(*) FROM sayso.enclosure"
_WITH_ENCLOSURES = 3

Connection = psycopg.Connection[tuple[object, ...]]


# --- reaching it -------------------------------------------------------------------------------


@contextmanager
def reached(url: str) -> Iterator[Connection]:
    """Yield a connection to the database of `url`, and close it."""
    with told():
        connection = connected(url)
        try:
            yield connection
        finally:
            connection.close()


def connected(url: str) -> Connection:
    """Return a connection to the database of `url`, of a server that this program knows."""
    _check_url(url)
    connection = psycopg.connect(url, autocommit=True, connect_timeout=BUSY_SECONDS)
    try:
        _check_server(connection.info.server_version)
        for setting in _SETTINGS:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return connection


def name(url: str) -> str:
    """Return what a database can be called in print: no part of it is secret."""
    parts = _check_url(url)
    host = parts.get("host") or parts.get("hostaddr") or parts.get("service") or ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{host}{port}/{parts.get('dbname') or ''}"


def _check_url(url: str) -> Mapping[str, object]:
    """Return the parts of a URL as libpq reads it.

    An `@` or a `/` in a password that is not percent-encoded has libpq take the rest of it for the
    server's name, which it then prints.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {"host": "@"}
    if any("@" in str(parts.get(part, "")) for part in ("host", "dbname", "port")):
        raise StoreError(
            "the URL of the database cannot be read",
            hint="write postgresql://USER@HOST/DATABASE, with %40 for an `@` in a name or password",
        )
    return parts


def _check_server(version: int) -> None:
    """Raise if a server of this `version`, as 160014 for 16.14, is too old."""
    if version < OLDEST * 10_000:
        raise StoreError(
            f"the server is PostgreSQL {version // 10_000}", hint=f"sayso needs {OLDEST} or later"
        )


# --- the schema --------------------------------------------------------------------------------


def prepare(connection: Connection) -> None:
    """Make the database a store, in one transaction."""
    called = connection.info.dbname
    with connection.transaction():
        if there(connection):
            raise StoreError(
                f"the database `{called}` holds a store already",
                hint="name another database; nothing is overwritten",
            )
        if connection.execute(_SCHEMA).fetchone() == (True,):
            raise StoreError(
                f"the database `{called}` has a schema `sayso` that is not a store",
                hint="name another database; nothing is overwritten",
            )
        migrate(connection, after=0)


def migrate(connection: Connection, *, after: int) -> None:
    """Take a database with the first `after` steps through the others; the caller commits."""
    for number, script in enumerate(migrations.steps(KIND)[after:], after + 1):
        connection.execute(script.encode())
        connection.execute("INSERT INTO sayso.migration (number) VALUES (%s)", (number,))


def there(connection: Connection) -> bool:
    """Return whether the database holds a store, of whatever version."""
    return connection.execute(_THERE).fetchone() == (True,)


def form(connection: Connection) -> int:
    """Return the number of the store's format, after looking that it has its tables and guards."""
    called = connection.info.dbname
    if not there(connection):
        raise StoreError(
            f"there is no store in the database `{called}`", hint="`sayso init` makes one"
        )
    found = number(connection, _FORMAT)
    if found > migrations.newest(KIND):  # what it should have is not known here
        migrations.check(KIND, found, where=called)
    whole = connection.execute(_WHOLE).fetchone() == (True,)
    if found < 1 or not whole or not _is_guarded(connection, found):
        raise Damaged(
            f"the store in `{called}` does not have the tables and guards of a store",
            hint="its owner has changed them: `sayso store restore` a backup into a new one",
        )
    return found


def _is_guarded(connection: Connection, found: int) -> bool:
    rows = connection.execute(guards.QUERY.encode()).fetchall()
    return guards.stand(rows, form=found) and number(connection, guards.RULES) == 0


def check(connection: Connection, *, whole: bool) -> None:
    """Raise unless it holds a guarded store of this version and, if `whole`, a head of its size."""
    migrations.check(KIND, form(connection), where=connection.info.dbname)
    if whole:
        offer.check_head(connection.execute(HEAD, binary=True).fetchone())


def enclosures(connection: Connection, found: int) -> int:
    """Return how many enclosures a store of format `found` has."""
    return number(connection, _COUNT) if found >= _WITH_ENCLOSURES else 0


def number(connection: Connection, query: str) -> int:
    """Return the one number that `query` asks for."""
    found = connection.execute(query.encode()).fetchone()
    if found is None or not isinstance(found[0], int):
        raise Damaged("the entries are not numbered")
    return found[0]


# --- faults ------------------------------------------------------------------------------------


@contextmanager
def told() -> Iterator[None]:
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
            return StoreError(f"the database cannot be written: {said}", hint=_RIGHTS)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return StoreError(f"the database cannot be reached: {said}", hint=_way(said))
        case _:
            return StoreError(f"the database refused: {said}")


_RIGHTS = "is it a standby, or does the user lack the rights that docs/running.md lists?"


def _way(said: str) -> str:
    """Return what to do about a server that `said` this, as far as it is told in English."""
    ways = {
        "password": "is the password right? libpq takes it from ~/.pgpass or PGPASSWORD",
        "does not exist": "are the names right? `createdb` makes a database",
        "starting up": "try again in a moment",
        "connection failed": "is the server running, and is that its address?",
        "failed to resolve": "is that its address?",
    }
    return next((way for sign, way in ways.items() if sign in said), "open it again")
