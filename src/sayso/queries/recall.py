"""The state that a store's record stands for, with its integrity checked on the way.

Reading is refused as soon as what is stored does not have the root that the newest checkpoint
signs: a damaged or truncated store is reported and never repaired. That the entries were rightly
made is `sayso record verify`'s to say; it takes longer and trusts nobody.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from sayso.casework import replay, statement, verdicts
from sayso.casework.events import Founding
from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.dates import Instant
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
    _tried: int = 0  # the size at which a projection was last to be kept

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

    def stands(self, past: Past, log: Log) -> None:
        """Remember what was just written; keep a projection of it if the last is far behind.

        The entries are durable by now, and nothing of them depends on whether that succeeds.
        """
        self.past = past
        size = past.tree.size
        done = 0 if self.projected is None else self.projected.tree.size
        if size - max(done, self._tried) < self.lag:
            return
        self._tried = size
        with suppress(SaysoError):
            kept = projected.keep(self.store, past, log=log.classical, last=self.projected)
            if kept is None:  # another has kept one meanwhile, which is as good
                origin = past.state.origin
                kept = projected.read(self.store, origin=origin, keys=log.keys, size=size)
            if kept is not None:  # what was read so far is let go, to be read as it is asked for
                self.projected = kept
                nearer = Past(kept.state, kept.tree)
                grown = self._added(nearer, size).folded(nearer)
                self.past = replace(grown, head=past.head)

    def project(self, log: Log) -> int:
        """Fold the record from its first entry on, keep anew what stands, and return its size."""
        newest = self.store.head()
        signed, _ = self._opened(newest)
        added = self._added(NOTHING, signed.size)
        self._check_tree(signed, added.tree)
        self.past = replace(added.folded(NOTHING), head=newest or b"")
        self.projected = projected.keep(self.store, self.past, log=log.classical, last=None)
        return added.tree.size

    def _nearest(self, signed: Checkpoint, keys: tuple[LogKey, ...]) -> Past:
        """Return from where to read on: what was read before, or what the store keeps of it."""
        if signed.size - self.past.tree.size < self.lag:
            return self.past
        found = projected.read(self.store, origin=signed.origin, keys=keys, size=signed.size)
        if found is None or found.tree.size <= self.past.tree.size:
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


def known(store: Store, until: Instant | None) -> State:
    """Return what stands by the entries recorded up to `until`, or by all of them."""
    everything = recall(store)
    if until is None:
        return everything
    then = replay.fold(store.entries(0, everything.size), until=until)
    return marked(then, everything)


def marked(then: State, now: State) -> State:
    """Return a state of the past, of which is kept in compartments what is kept in them `now`.

    What was marked since was known once to whoever asked, and is shown to nobody else any more.
    """
    return replace(
        then,
        compartments=now.compartments,
        clearances=now.clearances,
        marked_cases=now.marked_cases,
        marked_policies=now.marked_policies,
        marked_entries=now.marked_entries,
    )


def standing(store: Store, *, at: Instant, atlas: Atlas) -> State:
    """Return what stands in `store` at `at`, now or later: with what is due by then."""
    state = recall(store)
    when = at if state.at is None else max(at, state.at)
    return verdicts.foreseen(state, at=when, atlas=atlas)


def as_of(store: Store, at: Instant, *, until: Instant | None, atlas: Atlas) -> State:
    """Return what stood at `at`, as known from the entries recorded up to `until`, or from all.

    Cases stand as the entries of that time left them: a decision counts from when it was recorded.
    Policies bind by their own dates, however late they were adopted, and do to those cases what
    they do when they bind.
    """
    everything = known(store, until)
    if everything.at is not None and everything.at > at:
        then = replay.fold(store.entries(), until=at)
        everything = replace(
            everything,
            cases=then.cases,
            holds=then.holds,
            unjudged=then.unjudged,
            requests=then.requests,
            timers=then.timers,
            bypassed=then.bypassed,
            owing=then.owing,
            binding=then.binding,
            circumstances=then.circumstances,
        )
    return verdicts.foreseen(everything, at=at, atlas=atlas)


def founding(record: tuple[bytes, ...]) -> Founding:
    """Return the founding that a record must begin with."""
    if not record:
        raise StoreError("the store holds no record yet", hint="begin one with `sayso init`")
    said = _read(0, record[0]).said
    if not isinstance(said, Founding):
        raise Damaged("entry 0 is no founding", entry=0)
    return said
