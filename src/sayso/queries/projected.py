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
from sayso.errors import SaysoError, Untrue
from sayso.projection import head, trie, written
from sayso.projection.head import Head
from sayso.projection.library import Library, WrongPieceError
from sayso.projection.written import Before, Written
from sayso.record.note import Key, Secret
from sayso.record.tree import Frontier
from sayso.store.contract import Projection, Store

LAG = 256
"""How many entries a projection may be behind before the next one is kept."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A projection that the log has signed and this program wrote: nothing of it is read yet."""

    signed: bytes
    head: Head
    library: Library

    def check(self, state: State) -> None:
        """Raise `Untrue` unless it is, piece for piece, what stands after the entries it is of."""
        try:
            same = self.head.roots == written.encode(state).roots
            for of, root in self.head.roots.items():
                for _ in trie.names(of, root, self.library):
                    pass
        except WrongPieceError:
            same = False
        if not same:
            raise Untrue(
                f"the projection that the store keeps is not what stood after {state.size} entries",
                hint="the entries hold so far; `sayso store project` makes the projection anew",
            )


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


def claimed(store: Store, *, origin: str, keys: Sequence[Key]) -> Claimed | None:
    """Return the projection that `store` keeps, if it keeps one that this program wrote.

    Raises `Untrue` if it is not signed by one of the log's `keys`.
    """
    signed = store.projection()
    if signed is None:
        return None
    found = head.open(signed, origin=origin, keys=keys, maps=written.MAPS)
    if found.fingerprint != written.fingerprint():
        return None
    return _claimed(store, found, signed)


def read(store: Store, *, origin: str, keys: Sequence[Key], size: int) -> Projected | None:
    """Return the projection that `store` keeps of its first entries, `size` of them at most.

    None if there is none that is believed.
    """
    with suppress(SaysoError, WrongPieceError):
        found = claimed(store, origin=origin, keys=keys)
        if found is not None and found.head.tree.size <= size:
            return _opened(found)
    return None


def keep(
    store: Store, state: State, tree: Frontier, *, log: Secret, last: Projected | None
) -> Projected | None:
    """Keep what stands, going on from the `last` projection; None if another has come before it."""
    before, made = _encoded(state, last)
    named = Head(state.origin, tree, written.fingerprint(), made.roots)
    signed = head.sign(named, (log,))
    kept = Projection(
        size=tree.size,
        head=signed,
        added=made.added,
        dropped=made.dropped,
        before=None if before is None else before.signed,
    )
    return _opened(_claimed(store, named, signed)) if store.project(kept) else None


def _encoded(state: State, last: Projected | None) -> tuple[Projected | None, Written]:
    """Return what stands, written; whole if the `last` projection turns out not to be sound."""
    if last is not None and last.before.library.sound:
        with suppress(WrongPieceError):
            return last, written.encode(state, before=last.before)
        last.before.library.truth()
    return None, written.encode(state)


def _claimed(store: Store, found: Head, signed: bytes) -> Claimed:
    size = found.tree.size
    library = Library(store.pieces, lambda: replay.fold(store.entries(0, size)))
    return Claimed(signed, found, library)


def _opened(found: Claimed) -> Projected:
    roots, library = found.head.roots, found.library
    state = written.decode(roots, library)
    return Projected(found.signed, found.head.tree, Before(state, roots, library))
