"""The state that a store's record stands for, with its integrity checked on the way.

Reading is refused as soon as what is stored does not have the root that the newest checkpoint
signs: a damaged or truncated store is reported and never repaired. That the entries were rightly
made is `sayso record verify`'s to say; it takes longer and trusts nobody.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from sayso.casework import replay, statement
from sayso.casework.events import Founding
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.cycles import unsought
from sayso.errors import (
    Damaged,
    Malformed,
    MalformedCheckpoint,
    SaysoError,
    StoreError,
    Untrue,
)
from sayso.queries import projected
from sayso.queries.projected import LAG, Past, Projected
from sayso.record import checkpoint, entry
from sayso.record.checkpoint import Checkpoint
from sayso.record.log import Log
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.record.trust import LogKey
from sayso.store.contract import Store
from sayso.store.pieces import Projection

NOTHING = Past(State(), EMPTY)


@dataclass(slots=True)
class Memory:
    """A store, and what this process has read of it: the next recall reads only what was added.

    The root that the newest checkpoint signs covers the old entries and the new, so that what was
    read before is checked again with them. A long record is not read from its first entry on, but
    from the projection that the store keeps (`projected`), which is `lag` entries behind at most.
    """

    store: Store
    past: Past = NOTHING
    lag: int = LAG
    projected: Projected | None = None

    def recall(self) -> Past:
        """Return what stands in the store now; `Damaged` if it is not what the log signed.

        The checkpoint is read first and says how far to read: others may append meanwhile.
        """
        newest = self.store.head()
        if newest is not None and newest == self.past.head:
            return self.past
        signed, keys = self._opened(newest)
        past = self._nearest(signed, keys)
        added = self._added(past, signed.size)
        if signed.root != added.tree.root() and self.projected is not None:
            self.projected, past = None, NOTHING
            added = self._added(past, signed.size)
        self._check_tree(signed, added.tree)
        self.past = replace(added.folded(past), head=newest or b"")
        return self.past

    def due(self, after: Past, log: Log) -> Projection | None:
        """Return the projection to keep with what is written next, if the last is far behind.

        `after` is what stands then. Where another process has kept one meanwhile it stays there,
        and `stands` goes on from it, unless it is of another program. One that was lost, or that
        was not believed when the record was opened, is made whole.
        """
        if not self._is_behind(after.tree.size):
            return None
        kept, last = self.store.projection(), self.projected
        if last is None or kept is None:
            theirs = self._believed(after, log)
            return None if theirs else projected.made(after, log=log.classical, last=None)
        if kept != last.signed:
            return None
        return projected.made(after, log=log.classical, last=last)

    def stands(self, past: Past, log: Log, kept: Projection | None = None) -> None:
        """Remember what was just written, and go on from the projection that is kept by now.

        What was read so far is let go with that, to be read as it is asked for; but not what was
        new in the projection that was `kept` with it. All is durable already, so that an act does
        not fail for a fault in reading.
        """
        self.past = past
        if self._is_behind(past.tree.size):
            with suppress(SaysoError):
                found = self._believed(past, log)
                if found is not None:
                    if kept is not None and kept.head == found.signed:
                        self._go_on(found, past.state, kept)
                    nearer = Past(found.state, found.tree)
                    grown = self._added(nearer, past.tree.size).folded(nearer)
                    self.projected, self.past = found, replace(grown, head=past.head)

    def _go_on(self, found: Projected, state: State, kept: Projection) -> None:
        """Have at hand what was just written, and the pieces that were read before it."""
        found.know(state, kept.added)
        if self.projected is not None:
            known = self.projected.before.library.known.items()
            found.before.library.know({n: piece for n, piece in known if n not in kept.dropped})

    def project(self, log: Log) -> int:
        """Fold the record from its first entry on, keep anew what stands, and return its size."""
        newest = self.store.head()
        signed, _ = self._opened(newest)
        added = self._added(NOTHING, signed.size)
        self._check_tree(signed, added.tree)
        past = added.folded(NOTHING)
        self.store.project(projected.made(past, log=log.classical, last=None))
        self.past = replace(past, head=newest or b"")
        self.projected = self._believed(past, log)
        return past.tree.size

    @property
    def _projected_size(self) -> int:
        return 0 if self.projected is None else self.projected.tree.size

    def _is_behind(self, size: int) -> bool:
        return size - self._projected_size >= self.lag

    def _believed(self, past: Past, log: Log) -> Projected | None:
        """Return the projection that the store keeps of what led to `past`, if it is believed."""
        origin, size = past.state.origin, past.tree.size
        return projected.read(self.store, origin=origin, keys=log.keys, size=size)

    def _nearest(self, signed: Checkpoint, keys: tuple[LogKey, ...]) -> Past:
        """Return from where to read on: what was read before, or what the store keeps of it."""
        if not self._is_behind(signed.size):
            return self.past
        found = projected.read(self.store, origin=signed.origin, keys=keys, size=signed.size)
        if found is None or found.tree.size <= self._projected_size:
            return self.past
        self.projected = found
        return Past(found.state, found.tree)

    def _added(self, past: Past, size: int) -> "_Added":
        """Return the entries after those of `past`, up to `size`, and the tree with them."""
        added = tuple(self.store.entries(past.tree.size, size))
        return _Added(added, past.tree.extended([leaf_hash(each) for each in added]))

    def _check_tree(self, signed: Checkpoint, tree: Frontier) -> None:
        if signed.size != tree.size:
            raise Damaged(
                f"the newest checkpoint signs {signed.size} entries, and {tree.size} are stored",
                hint="restore the store from a copy; `sayso record verify` says more",
            )
        if signed.root != tree.root():
            changed = self._changed(signed.size)
            first = "" if changed is None else f": entry {changed} has another hash"
            raise Damaged(
                f"the stored entries are not those that the newest checkpoint signs{first}",
                hint="`sayso record verify` says more; restore the store from a copy",
                entry=changed,
            )

    def _changed(self, size: int) -> int | None:
        """Return the first entry that does not have the leaf hash kept with it, if one has not."""
        pairs = zip(self.store.entries(0, size), self.store.leaf_hashes(0, size), strict=False)
        changed = (number for number, (each, leaf) in enumerate(pairs) if leaf_hash(each) != leaf)
        return next(changed, None)

    def _opened(self, head: bytes | None) -> tuple[Checkpoint, tuple[LogKey, ...]]:
        begun = founding(tuple(self.store.entries(0, 1)))
        if head is None:
            raise Damaged("the store has entries and no checkpoint")
        keys = Trust.of(begun).log_keys
        try:
            return checkpoint.open(head, origin=begun.origin, keys=keys), keys
        except (MalformedCheckpoint, Untrue) as error:
            raise Damaged(
                f"the newest checkpoint of the store does not hold: {error.what}",
                hint="`sayso store backup FILE --salvage` saves what stands under the last that "
                "does",
            ) from None


@dataclass(frozen=True, slots=True)
class _Added:
    """Entries that were added, and the tree with them."""

    entries: tuple[bytes, ...]
    tree: Frontier

    @unsought()
    def folded(self, past: Past) -> Past:
        """Return what stands after them; `Damaged` names the first that cannot be read."""
        try:
            return Past(replay.fold(self.entries, start=past.state), self.tree)
        except Malformed:
            for number, each in enumerate(self.entries, past.tree.size):
                _read(number, each)
            raise


def _read(number: int, raw: bytes) -> Statement:
    try:
        return statement.read(entry.read(raw))
    except Malformed as error:
        raise Damaged(
            f"entry {number} cannot be read: {error.what}",
            hint="`sayso record verify` says more; restore the store from a copy",
            entry=number,
        ) from None


def recall(store: Store) -> State:
    """Return what stands in `store` now; `Damaged` if it is not what the log signed."""
    return Memory(store).recall().state


def founding(record: tuple[bytes, ...]) -> Founding:
    """Return the founding that a record must begin with."""
    if not record:
        raise StoreError("the store holds no record yet", hint="begin one with `sayso init`")
    said = _read(0, record[0]).said
    if not isinstance(said, Founding):
        raise Damaged("entry 0 is no founding", entry=0)
    return said
