"""What stands, as a store keeps it beside the record: read in a moment, and kept with an act.

A projection is believed if the log has signed its head, if it was folded by this very program, and
if the record goes on from it: the entries after it, added to the tree it was folded from, must give
the root that the newest checkpoint signs. Each piece is proven as it is read. Whatever fails, the
record is folded from its first entry on; and the next projection is written whole.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sayso.casework import replay
from sayso.casework.state import State
from sayso.errors import SaysoError, Untrue
from sayso.projection import head, trie, written
from sayso.projection.head import Head
from sayso.projection.library import Library, WrongPieceError
from sayso.projection.shelf import Shelf
from sayso.projection.written import Before, Written
from sayso.record.note import Key, Secret
from sayso.record.tree import Frontier
from sayso.store.contract import Store
from sayso.store.pieces import Projection

LAG = 256
"""How many entries a projection may be behind before the next one is kept."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a store holds: the state, and the tree that the next entry is added to.

    `head` is the checkpoint under which it was read or written: as long as it is the newest one,
    there is nothing to read.
    """

    state: State
    tree: Frontier
    head: bytes = b""


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

    def know(self, state: State, added: Mapping[str, bytes]) -> None:
        """Have at hand what was just written: the state it is of, as far as that was new.

        The next acts are of the same cases, as a rule.
        """
        self.before.library.know(added)
        for name in written.MAPS:
            stood, stands = getattr(state, name), getattr(self.state, name)
            if isinstance(stood, Shelf):
                stands.base.know(stood.over)


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
    size = found.tree.size
    library = Library(store.pieces, lambda: replay.fold(store.entries(0, size)))
    return Claimed(signed, found, library)


def read(store: Store, *, origin: str, keys: Sequence[Key], size: int) -> Projected | None:
    """Return the projection that `store` keeps of its first entries, `size` of them at most.

    None if there is none that is believed.
    """
    with suppress(SaysoError, WrongPieceError):
        found = claimed(store, origin=origin, keys=keys)
        if found is not None and found.head.tree.size <= size:
            roots, library = found.head.roots, found.library
            before = Before(written.decode(roots, library), roots, library)
            return Projected(found.signed, found.head.tree, before)
    return None


def made(past: Past, *, log: Secret, last: Projected | None) -> Projection:
    """Return what stands, to be kept: it goes on from the `last` projection, or is whole."""
    before, pieces = _encoded(past.state, last)
    named = Head(past.state.origin, past.tree, written.fingerprint(), pieces.roots)
    return Projection(
        size=past.tree.size,
        head=head.sign(named, (log,)),
        added=pieces.added,
        dropped=pieces.dropped,
        before=None if before is None else before.signed,
    )


def _encoded(state: State, last: Projected | None) -> tuple[Projected | None, Written]:
    """Return what stands, written; whole if the `last` projection turns out not to be sound."""
    if last is not None and last.before.library.sound:
        with suppress(WrongPieceError):
            return last, written.encode(state, before=last.before)
        last.before.library.truth()
    return None, written.encode(state)
