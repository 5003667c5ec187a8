"""The composition root: what the parts are made of in this process.

The command line, the API and the pages get their desk here, and nowhere else is a store opened, a
log key read or the clock looked at.

The log key of the store `PATH` is the file `PATH.log-key` beside it: a PEM private key (PKCS #8),
readable by its owner only, which signs checkpoints and nothing else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso import store as stores
from sayso.atlas import Gazetteer, configured, viewpoint_of
from sayso.casework.events import Clock, Founding
from sayso.dates import Instant
from sayso.errors import Malformed, SaysoError, StoreError
from sayso.operations.desk import Desk
from sayso.queries.recall import Memory, founding
from sayso.record.note import Signer
from sayso.store.contract import Store

OWNER_ONLY = 0o600


def atlas() -> Gazetteer:
    """Return the atlas this program resolves places with."""
    return configured()


def viewpoint(name: str) -> str:
    """Return `name` if there is such a viewpoint: a record keeps it for ever."""
    viewpoint_of(atlas(), name)
    return name


def now() -> Instant:
    """Return the time it is, to the second."""
    return Instant.of(datetime.now(UTC).replace(microsecond=0))


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Yield the store at `url`, and close it."""
    store = stores.open(url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def desk(url: str, *, told: Instant | None = None) -> Iterator[Desk]:
    """Yield a desk on the store at `url`, at the time it is, or that a rehearsal is told."""
    with opened(url) as store:
        begun = founding(tuple(store.entries(0, 1)))
        log = _read_key(key_path(url), begun)
        yield Desk(Memory(store), log, atlas(), moment(begun.clock, told))


def moment(clock: Clock, told: Instant | None) -> Instant:
    """Return the time it is on a record with this clock; only a rehearsal can be told."""
    if told is None:
        return now()
    if clock is not Clock.REHEARSAL:
        raise SaysoError(
            "this record goes by the system's clock, and cannot be told the time",
            hint="leave --now and SAYSO_NOW out; a rehearsal is begun with `init --rehearsal`",
        )
    return told


@contextmanager
def founded(url: str, *, origin: str, at: Instant) -> Iterator[Desk]:
    """Yield a desk on a new store at `url`, with a new log key beside it; on a failure, neither."""
    log = Signer.generate(origin)
    for path in (key_path(url), trust_path(url)):
        if path.exists():
            raise SaysoError(f"`{path}` is there already", hint="name a new store")
    store = stores.create(url)
    try:
        write_private(key_path(url), log.pem())
        yield Desk(Memory(store), log, atlas(), at)
    except BaseException:
        if not store.size():
            _unmake(url)
        raise
    finally:
        store.close()


def _unmake(url: str) -> None:
    """Remove the store that was just made, empty, and what lies beside it."""
    path = Path(stores.path(url))
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), key_path(url), trust_path(url)):
        each.unlink(missing_ok=True)


def exists(url: str) -> bool:
    """Return whether there is a store at `url`."""
    return Path(stores.path(url)).exists()


def key_path(url: str) -> Path:
    """Return where the log key of the store at `url` lies."""
    return Path(f"{stores.path(url)}.log-key")


def trust_path(url: str) -> Path:
    """Return where the trust of the record at `url` lies: public, to be handed to verifiers."""
    return Path(f"{stores.path(url)}.trust.json")


def cosigned_path(trust: Path) -> Path:
    """Return where the state that witnesses cosigned last lies: beside the `trust` of the record.

    It is public, and no part of the store: cosigning follows the acts, and never holds them up.
    """
    return trust.with_name(f"{trust.name.removesuffix('.trust.json')}.cosigned")


def cosigned(trust: Path) -> bytes | None:
    """Return the state that witnesses cosigned last, if any did."""
    path = cosigned_path(trust)
    return path.read_bytes() if path.exists() else None


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; what is there already is never replaced."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        raise SaysoError(f"`{path}` is there already", hint="a key is never replaced") from None
    except OSError as error:
        raise SaysoError(f"`{path}` cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _read_key(path: Path, begun: Founding) -> Signer:
    """Return the log's key; another one would sign what nobody may believe."""
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"the log key `{path}` cannot be read: {error.strerror}",
            hint="only the office that keeps the record can append to it",
        ) from None
    try:
        log = Signer.read(begun.origin, pem)
    except Malformed as error:
        raise StoreError(f"the log key `{path}` cannot be read: {error.what}") from None
    if str(log.key) != begun.log_key:
        raise StoreError(
            f"`{path}` is not the log key that this record was founded with",
            hint="put the right one back; nothing was written",
        )
    return log
