"""Does the record hold? Everything recomputed, from the entries and the trust alone.

1. What was kept agrees with itself: every entry has its leaf hash, every checkpoint is signed by
   the log's key and signs the entries it says (`record.audit`).
2. What was kept was rightly made: every act signed by whom it says, with an office to do it, in
   order; every consequence the one that follows (`casework.replay`).

A record can be verified where it is kept or from an export, with the same answer. That nothing was
cut off at its end shows only against a checkpoint that somebody else kept: give it as `witnessed`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sayso import wire
from sayso.casework import replay
from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.errors import Damaged, MalformedValue, SaysoError, StoreError, Untrue
from sayso.record import checkpoint, tiles
from sayso.record.note import VerifierKey
from sayso.record.tree import EMPTY, Frontier, Tree, leaf_hash
from sayso.store import verify as stores
from sayso.store.contract import Store

Progress = Callable[[int], None]
"""Told after each entry how many have been verified."""


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying found: how many entries hold, and the first that does not, with the reason."""

    entries: int
    problem: str | None
    state: State | None = None

    @property
    def ok(self) -> bool:
        """Return whether the whole record holds."""
        return self.problem is None


def verify_store(
    store: Store, trust: Trust, *, atlas: Atlas, progress: Progress, witnessed: bytes | None = None
) -> Report:
    """Return whether the record in `store` holds under `trust`."""

    def kept() -> Iterator[bytes]:
        key = VerifierKey.parse(trust.log_key)
        verified = stores.verify(store, origin=trust.origin, keys=(key,))
        return store.entries(0, verified.size)

    return _verify(kept, trust, atlas=atlas, progress=progress, witnessed=witnessed)


def verify_export(
    fetch: tiles.Fetch,
    trust: Trust,
    *,
    atlas: Atlas,
    progress: Progress,
    witnessed: bytes | None = None,
) -> Report:
    """Return whether an exported record holds; `fetch` gives the bytes of its files by path."""

    def kept() -> Iterator[bytes]:
        signed = fetch("checkpoint")
        if signed is None:
            raise Damaged("the export has no checkpoint")
        key = VerifierKey.parse(trust.log_key)
        state = checkpoint.open(signed, origin=trust.origin, keys=(key,))
        return tiles.read(fetch, size=state.size, root=state.root)

    return _verify(kept, trust, atlas=atlas, progress=progress, witnessed=witnessed)


def _verify(
    kept: Callable[[], Iterator[bytes]],
    trust: Trust,
    *,
    atlas: Atlas,
    progress: Progress,
    witnessed: bytes | None,
) -> Report:
    state = State()
    try:
        seen = _Seen(trust, witnessed)
        for state in replay.verify(seen.passing(kept()), trust, atlas):
            progress(state.size)
        seen.check_witnessed()
    except SaysoError as error:
        return Report(state.size, str(error), state)
    return Report(state.size, None, state)


@dataclass(slots=True)
class _Seen:
    """The tree as far as it has passed by, kept only if a witnessed checkpoint is to be met."""

    trust: Trust
    witnessed: bytes | None
    frontier: Frontier = EMPTY
    met: bool = False

    def passing(self, entries: Iterator[bytes]) -> Iterator[bytes]:
        """Yield `entries`, and note when the witnessed checkpoint is met."""
        if self.witnessed is None:
            yield from entries
            return
        key = VerifierKey.parse(self.trust.log_key)
        wanted = checkpoint.open(self.witnessed, origin=self.trust.origin, keys=(key,))
        for each in entries:
            yield each
            self.frontier = self.frontier.extended((leaf_hash(each),))
            self.met |= self.frontier.size == wanted.size and self.frontier.root() == wanted.root

    def check_witnessed(self) -> None:
        """Raise unless the record passes through the checkpoint that was witnessed."""
        if self.witnessed is not None and not self.met:
            raise Untrue(
                "the record does not contain what the witnessed checkpoint signs",
                hint="entries were dropped or replaced since; keep both checkpoints as evidence",
            )


def read_trust(data: bytes) -> Trust:
    """Return the trust of a `trust.json`: the origin, the log's key and the registrar's."""
    try:
        value = wire.decode(_TrustFile, wire.load(data))
        (log_key,), (registrar,) = value.log, value.registrars
    except (MalformedValue, ValueError) as error:
        raise MalformedValue(f"this is no trust file: {error}") from None
    VerifierKey.parse(log_key)
    return Trust(value.origin, log_key, registrar)


def write_trust(trust: Trust) -> bytes:
    """Return the `trust.json` of `trust`: `read_trust` undone."""
    written = _TrustFile(trust.origin, (trust.log_key,), (trust.registrar_key,))
    return wire.dump(wire.encode(written)) + b"\n"


@dataclass(frozen=True, slots=True)
class _TrustFile:
    origin: str
    log: tuple[str, ...]
    registrars: tuple[str, ...]


def export(store: Store) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file of the record, C2SP tlog-tiles; `checkpoint` comes last."""
    size = store.size()
    head = store.head()
    if head is None:
        raise StoreError("the store holds no record yet", hint="begin one with `sayso init`")
    yield from tiles.write(store.entries(0, size), Tree.of(store.leaf_hashes(0, size)))
    yield "checkpoint", head
