"""What stands, as a store keeps it beside the record: read in a moment, and kept now and then.

A projection is believed if the log has signed its head, if it was folded by this very program, and
if the record goes on from it: the entries after it, added to the tree it was folded from, must give
the root that the newest checkpoint signs. Each piece is proven as it is read. Whatever fails, the
record is folded from its first entry on; and the next projection is written whole.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sayso.casework import replay
from sayso.casework.state import State
from sayso.errors import SaysoError
from sayso.projection import head, written
from sayso.projection.head import Head
from sayso.projection.library import Library, WrongPieceError
from sayso.projection.written import Before, Written
from sayso.record.note import Key, Secret
from sayso.record.tree import Frontier
from sayso.store.contract import Projection, Store

LAG = 256
"""How many entries a projection may be behind before the next one is kept."""


@dataclass(frozen=True, slots=True)
class Projected:
    """A projection as it is kept: its head, the tree it was folded from, and what it says stood."""

    signed: bytes
    tree: Frontier
    before: Before

    @property
    def state(self) -> State:
        """Return what stood, of which as much is read as is asked for."""
        return self.before.state


def read(store: Store, *, origin: str, keys: Sequence[Key], size: int) -> Projected | None:
    """Return the projection that `store` keeps of its first entries, `size` of them at most.

    None if there is none that is believed.
    """
    with suppress(SaysoError, WrongPieceError):
        signed = store.projection()
        if signed is None:
            return None
        found = head.open(signed, origin=origin, keys=keys, maps=written.MAPS)
        if found.tree.size <= size and found.fingerprint == written.fingerprint():
            return _opened(store, found, signed)
    return None


def keep(
    store: Store, state: State, tree: Frontier, *, log: Secret, last: Projected | None
) -> Projected | None:
    """Keep what stands, going on from the `last` projection; None if another has come before it."""
    before = None if last is None or not last.before.library.sound else last
    made = _encoded(state, before)
    named = Head(state.origin, tree, written.fingerprint(), made.roots)
    signed = head.sign(named, (log,))
    kept = Projection(
        size=tree.size,
        head=signed,
        added=made.added,
        dropped=made.dropped,
        before=None if before is None else before.signed,
    )
    return _opened(store, named, signed) if store.project(kept) else None


def _encoded(state: State, last: Projected | None) -> Written:
    return written.encode(state, before=None if last is None else last.before)


def _opened(store: Store, found: Head, signed: bytes) -> Projected:
    size = found.tree.size
    library = Library(store.pieces, lambda: replay.fold(store.entries(0, size)))
    state = written.decode(found.roots, library)
    return Projected(signed, found.tree, Before(state, found.roots, library))
