"""The composition root: what the parts are made of in this process.

The command line, the API and the pages get their desk here, and nowhere else is a store opened, a
log key read or the clock looked at.

The log's keys sign checkpoints and the heads of projections, and nothing else. They are in a file
that only its owner may read (`record.log`), the log key. The store `PATH` has it beside it, as
`PATH.log-key`, unless another file is named; a store in a database has no place of its own for it,
so there it must be named. The trust of the record, which is public, lies beside the log key:
`NAME.log-key`, `NAME.trust.json`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

from sayso import files, tokens
from sayso import store as stores
from sayso.atlas import Gazetteer, configured, viewpoint_of
from sayso.casework.events import Clock, Founding
from sayso.casework.replay import Trust
from sayso.dates import Instant
from sayso.errors import Malformed, SaysoError, StoreError, TokenError
from sayso.operations.desk import Desk
from sayso.queries import trustfile
from sayso.queries.recall import Memory, founding
from sayso.queries.trustfile import TrustFile
from sayso.record.keys import Held, Holder
from sayso.record.log import Log
from sayso.record.note import Signer
from sayso.store.contract import Store
from sayso.tokens import KeyUri, Pins


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
def opened(url: str, *, whole: bool = True) -> Iterator[Store]:
    """Yield the store at `url`, and close it; one that need not be `whole` is only read."""
    store = stores.open(url, whole=whole)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def desk(
    url: str,
    *,
    told: Instant | None = None,
    log_key: Path | None = None,
    pins: Pins | None = None,
) -> Iterator[Desk]:
    """Yield a desk on the store at `url`, at the time it is, or that a rehearsal is told.

    `pins` opens the token that holds the log's key, if one does.
    """
    with opened(url) as store:
        begun = founding(tuple(store.entries(0, 1)))
        log = _read_key(key_path(url, log_key), begun, pins)
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
def founded(
    url: str, log: Log, *, registrar: str, at: Instant, log_key: Path | None = None
) -> Iterator[Desk]:
    """Yield a desk on a new store at `url`, the log key and the trust beside it durable.

    A beginning that was cut short left an empty store, and perhaps those: they are gone on with
    (`left_key`), and never replaced. On a failure nothing is left of what was made here.
    """
    trusted = TrustFile.of(Trust(log.name, str(log.keys[0]), registrar, *map(str, log.keys[1:])))
    begins = {
        key_path(url, log_key): (log.file(), files.PRIVATE),
        trust_path(url, log_key): (trustfile.write(trusted), files.USUAL),
    }
    store, made = _place(url, (*begins, cosigned_path(trust_path(url, log_key))))
    try:
        with store.turn():
            written: list[Path] = []
            try:
                _check_empty(url, store)
                for path, (data, mode) in begins.items():
                    if _write_once(path, data, mode):
                        written.append(path)
                yield Desk(Memory(store), log, atlas(), at)
            except BaseException:
                if not store.size():
                    _unmake(url if made else None, written)
                raise
    finally:
        store.close()


def _place(url: str, beside: tuple[Path, ...]) -> tuple[Store, bool]:
    """Return the store to begin in, and whether it was made here; what is there must be empty.

    A state that witnesses have cosigned belongs to a record that there was.
    """
    *_, cosigned = beside
    if left(url):
        if cosigned.exists():
            hint = "restore it: `sayso store restore`; or name a new store"
            raise SaysoError(f"`{cosigned}` is of a record that there was", hint=hint)
        return stores.open(url), False
    if not stores.exists(url):
        for path in beside:
            if path.exists():
                raise SaysoError(f"`{path}` is there already", hint="name a new store")
    return stores.create(url), True


def _check_empty(url: str, store: Store) -> None:
    """Raise if, while this waited for its turn, another has begun a record, or has given up."""
    if store.size() or not stores.exists(url):
        raise StoreError("another has begun here meanwhile", hint="look with `sayso record show`")


def _write_once(path: Path, data: bytes, mode: int) -> bool:
    """Write what belongs beside a record, and return True; False if it is there as it should be."""
    if not path.exists():
        files.new(path, data, mode=mode, hint="name a new store")
        return True
    if path.read_bytes() != data:
        raise SaysoError(
            f"`{path}` is there already, and of another beginning",
            hint="begin as before, or name a new store; if it is of no record, remove it",
        )
    return False


def _unmake(url: str | None, written: list[Path]) -> None:
    """Remove what was just written, and the store that was just made, which is empty."""
    for each in written:
        each.unlink(missing_ok=True)
    if url is not None:
        stores.discard(url)


def left(url: str) -> bool:
    """Return whether a beginning, or a restoring, that was cut short left an empty store there."""
    return stores.exists(url) and stores.about(url).size == 0


def left_key(url: str, named: Path | None = None) -> Path | None:
    """Return the log key that a beginning cut short left beside its empty store, if it did."""
    path = key_path(url, named)
    return path if path.exists() and left(url) else None


def exists(url: str) -> bool:
    """Return whether there is a store at `url`."""
    return stores.exists(url)


def key_path(url: str, named: Path | None = None) -> Path:
    """Return where the log key of the store at `url` lies: where it is `named`, or beside it."""
    if named is not None:
        return named
    path = stores.path(url)
    if path is None:
        raise StoreError(
            "a record in a database has no place of its own for its log key",
            hint="name the key's file with --log-key or SAYSO_LOG_KEY",
        )
    return Path(f"{path}.log-key")


def trust_path(url: str, named: Path | None = None) -> Path:
    """Return where the trust of the record lies, beside the log key: to be handed to verifiers."""
    key = key_path(url, named)
    return key.with_name(f"{key.name.removesuffix('.log-key')}.trust.json")


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
    files.new(path, data, mode=files.PRIVATE, hint="a key is never replaced")


def new_log(
    origin: str, *, classical: bool, token: KeyUri | None, pins: Pins, found: Path | None = None
) -> Log:
    """Return a log with new keys, of which a `token` holds the Ed25519 one, if it is named.

    The keys in the file `found`, which a beginning cut short has left, are no other: they are
    taken, if they are such as are asked for.
    """
    if found is None:
        made = Log.generate(origin, classical=classical)
        return made if token is None else Log(Signer(origin, held(token, pins)), made.quantum)
    kept = _read_log(found, origin, pins)
    secret = kept.classical.secret
    where = secret.where if isinstance(secret, Held) else None
    if (kept.quantum is None, where) != (classical, None if token is None else str(token)):
        raise StoreError(
            f"`{found}`, which a beginning cut short has left, holds keys of another kind",
            hint="begin as before, with --classical or --log-token; or name a new store",
        )
    return kept


def held(uri: KeyUri, pins: Pins) -> Held:
    """Return the key in a token that signs for a log or a witness: all who read these know it."""
    found = tokens.held(uri, pins)
    if not isinstance(found, Held):
        raise TokenError(
            "the key of a log or a witness must be an Ed25519 key, and this is one of ECDSA",
            hint="the token must know CKM_EDDSA",
        )
    return found


def holder(pins: Pins | None) -> Holder | None:
    """Return what opens the token of a key that a file only names, with these PINs."""
    return None if pins is None else lambda line: held(KeyUri.parse(line), pins)


def _read_key(path: Path, begun: Founding, pins: Pins | None) -> Log:
    """Return the log's keys; others would sign what nobody may believe."""
    log = _read_log(path, begun.origin, pins)
    if log.keys != Trust.of(begun).log_keys:
        raise StoreError(
            f"`{path}` is not the log key that this record was founded with",
            hint="put the right one back; nothing was written",
        )
    return log


def _read_log(path: Path, origin: str, pins: Pins | None) -> Log:
    """Return the log whose keys are in a file that only its owner may read."""
    try:
        with path.open("rb") as file:
            mode, pem = S_IMODE(os.fstat(file.fileno()).st_mode), file.read()
    except OSError as error:
        raise StoreError(
            f"the log key `{path}` cannot be read: {error.strerror}",
            hint="only the office that keeps the record can append to it",
        ) from None
    if mode & ~files.PRIVATE:
        raise StoreError(
            f"the log key `{path}` is open to others: its mode is {mode:04o}",
            hint=f"`chmod 600 {path}`, and consider who has read it",
        )
    try:
        return Log.read(origin, pem, holder(pins))
    except Malformed as error:
        raise StoreError(f"the log key `{path}` cannot be read: {error.what}") from None
