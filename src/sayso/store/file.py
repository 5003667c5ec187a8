"""The file that an SQLite store is in: made, looked at before SQLite does, and its faults told.

SQLite takes an empty file for a new database, and throws the log of a file cut short away. So a
file is opened only after its bytes say that it is whole, and of this program.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote

from sayso import files
from sayso.errors import Damaged, StoreError
from sayso.store import migrations, offer

KIND = "sqlite"
APPLICATION = int.from_bytes(b"Says", "big")
BUSY_SECONDS = 5.0

HEAD = "SELECT number + 1, checkpoint FROM entry ORDER BY number DESC LIMIT 1"

_SETTINGS = (
    "synchronous = FULL",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",  # what is erased is overwritten, and not only given back
)
_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_COUNT = "SELECT count(*) FROM enclosure"
_WITH_ENCLOSURES = 2
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"


def connected(path: Path) -> sqlite3.Connection:
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
        for pragma in _SETTINGS:
            database.execute(f"PRAGMA {pragma}")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to an existing file that is of this program and whole, and close it."""
    check(path)
    with told(path), closing(connected(path)) as database:
        yield database


@contextmanager
def new(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a new, empty file, which bears its name when all with it is done."""
    made = files.beside(path)
    try:
        if path.exists():
            raise FileExistsError  # noqa: TRY301  # as when somebody else comes first
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, files.PRIVATE))
        with told(path), closing(connected(made)) as database:
            yield database
        files.placed(made, path)
    except FileExistsError:
        raise StoreError(
            f"`{path}` exists already", hint="name a new file; nothing is overwritten"
        ) from None
    except OSError as error:
        raise StoreError(f"`{path}` cannot be created: {error.strerror}") from None
    finally:
        remove(made)


def prepare(database: sqlite3.Connection) -> None:
    """Make a new file a store: the migrations in one transaction, then the write-ahead log."""
    database.execute("PRAGMA journal_mode = DELETE")
    with transaction(database):
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        migrate(database, after=0)
    database.execute("PRAGMA journal_mode = WAL")


def migrate(database: sqlite3.Connection, *, after: int, upto: int | None = None) -> None:
    """Take a database with the first `after` steps through those up to `upto`, or through all.

    The caller holds the transaction.
    """
    steps = migrations.steps(KIND)[:upto]
    for script in steps[after:]:
        for statement in migrations.statements(script):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {len(steps)}")


def check(path: Path) -> None:
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


def form(path: Path, database: sqlite3.Connection) -> int:
    """Return the number of the store's format, after looking that it has its tables and guards."""
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    if found > migrations.newest(KIND):  # what it should have is not known here
        migrations.check(KIND, found, where=str(path))
    mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    if found < 1 or mode != b"wal" or _schema(database) != _expected_schema(found):
        raise Damaged(f"`{path}` does not have the tables and guards of a store")
    return found


def check_database(path: Path, database: sqlite3.Connection, *, whole: bool) -> None:
    """Raise unless the database has the format of this version and, if `whole`, a fitting head."""
    migrations.check(KIND, form(path, database), where=str(path))
    if whole:
        offer.check_head(database.execute(HEAD).fetchone())


def enclosures(database: sqlite3.Connection, found: int) -> int:
    """Return how many enclosures a store of format `found` has."""
    if found < _WITH_ENCLOSURES:
        return 0
    count: int = database.execute(_COUNT).fetchone()[0]
    return count


def room(path: Path) -> int:
    """Return how many bytes the file and its log take."""
    beside = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in beside if each.exists())


def remove(path: Path) -> None:
    """Remove the file and what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _expected_schema(found: int) -> list[tuple[object, ...]]:
    """Return the schema of a store of format `found`."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.text_factory = bytes
        migrate(database, after=0, upto=found)
        return _schema(database)


def _schema(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    return database.execute(_SCHEMA).fetchall()


# --- transactions and faults -------------------------------------------------------------------


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing; the lock is taken at once, so nobody can come in between.

    One that is under way is gone on with, and ends here.
    """
    if not database.in_transaction:
        database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a failed COMMIT may have rolled back already
            database.execute("ROLLBACK")
        raise


def emptied(database: sqlite3.Connection) -> None:
    """Empty the write-ahead log into the file, so that it keeps no page of before an erasing.

    What was erased is durably gone from the record already. Whoever reads for longer than the wait
    for a lock keeps the log, and then it goes with the next one, or when the last closes the file.
    """
    with suppress(sqlite3.Error):
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def rewritten(database: sqlite3.Connection) -> None:
    """Write the whole file anew.

    `secure_delete` overwrites a row where it lies when it is removed, but not where it lay before
    SQLite moved it to another page; a test finds such copies.
    """
    database.execute("VACUUM")
    emptied(database)


@contextmanager
def told(path: Path) -> Iterator[None]:
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
