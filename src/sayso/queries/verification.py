"""Does the record that a store keeps hold? Everything recomputed, from the entries and the trust.

1. What was kept agrees with itself: every entry has its leaf hash, every checkpoint is signed by
   the log's key and signs the entries it says (`record.audit`).
2. What was kept was rightly made: every act signed by whom it says, with an office to do it, in
   order; every consequence the one that follows (`casework.replay`).

An export of it is verified by `queries.exported`, with the same answer. That nothing was cut off at
its end shows only against a checkpoint that somebody else kept: give it as `witnessed`.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.errors import Untrue
from sayso.queries.report import Kept, Progress, Report, followed
from sayso.record import checkpoint
from sayso.record.note import VerifierKey
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store import verify as stores
from sayso.store.contract import Store


def verify_store(
    store: Store, trust: Trust, *, atlas: Atlas, progress: Progress, witnessed: bytes | None = None
) -> Report:
    """Return whether the record in `store` holds under `trust`."""

    def found() -> Kept:
        key = VerifierKey.parse(trust.log_key)
        size = stores.verify(store, origin=trust.origin, keys=(key,)).size
        seen = _Seen(trust, witnessed)
        return Kept(seen.passing(store.entries(0, size)), None, seen.check_witnessed)

    return followed(found, trust, atlas=atlas, progress=progress)


@dataclass(slots=True)
class _Seen:
    """The tree as far as it has passed by, kept only if a witnessed checkpoint is to be met."""

    trust: Trust
    witnessed: bytes | None
    frontier: Frontier = EMPTY
    met: bool = False

    def passing(self, entries: Iterator[bytes]) -> Generator[bytes, None, None]:
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
