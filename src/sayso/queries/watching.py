"""What a record shows of itself, beside what it showed before: kept, or the alarm.

Kept      the state that was shown continues the one that was kept, as the tiles prove
Fork      it does not, and the log has signed both: convicted (`record.fork`)
Back      it has fewer entries than were seen. A copy may only be old; nothing can be proven
          from it, and the greater state stays the one that is kept
"""

from dataclasses import dataclass

from sayso.errors import Damaged, SaysoError
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, fork, tiles
from sayso.record.checkpoint import Checkpoint
from sayso.record.fork import Fork
from sayso.record.tiles import Fetch, Tiled


@dataclass(frozen=True, slots=True)
class Kept:
    """The state to keep from now on, as it is signed, and how many entries were seen before."""

    signed: bytes
    state: Checkpoint
    before: int


@dataclass(frozen=True, slots=True)
class Back:
    """A state of fewer entries than were seen already; both as they are signed."""

    kept: bytes
    seen: bytes
    before: int
    size: int

    def __bytes__(self) -> bytes:
        return self.kept + b"\n" + self.seen


def watched(fetch: Fetch, known: TrustFile, kept: bytes | None) -> Kept | Fork | Back:
    """Return what to make of the state that `fetch` shows, when `kept` was seen before.

    The log must have signed both; to be kept, the state must be one that the trust believes,
    cosignatures and all. A fork is one whoever has cosigned it.
    """
    seen = fetch("checkpoint")
    if seen is None:
        raise Damaged("no checkpoint is shown")
    origin, keys = known.trust.origin, known.policy.logs
    state = checkpoint.open(seen, origin=origin, keys=keys)
    before = state if kept is None else checkpoint.open(kept, origin=origin, keys=keys)
    if kept is not None and state.size < before.size:
        return Back(kept, seen, before.size, state.size)
    if kept is not None:
        whole = Tiled(fetch, state.size)
        found = fork.compare(kept, seen, whole=whole, origin=origin, keys=keys)
        if isinstance(found, Fork):
            return found
    known.open(seen)
    return Kept(seen, state, 0 if kept is None else before.size)


@dataclass(frozen=True, slots=True)
class Alone:
    """A checkpoint shown by itself, with no tiles: a `Fetch`."""

    signed: bytes

    def __call__(self, path: str) -> bytes | None:
        """Return the checkpoint; what else is asked for is needed, and not there."""
        if path == "checkpoint":
            return self.signed
        raise SaysoError(
            "a checkpoint alone does not show that it continues an older one",
            hint="watch the folder or the address that its tiles are at",
        )


def convicted(raw: bytes, known: TrustFile) -> tuple[Checkpoint, Checkpoint]:
    """Return the two states that the file of a fork shows; `Untrue` if it convicts nobody."""
    return fork.convict(fork.parse(raw), origin=known.trust.origin, keys=known.policy.logs)


MOST_BYTES = tiles.FULL * (2**16 + 1)
"""The longest file of a record: a full bundle of the longest entries."""
