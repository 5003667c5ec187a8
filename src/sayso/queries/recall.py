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
from sayso.dates import Instant
from sayso.errors import Damaged, SaysoError, StoreError
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
        past = self._grown(self._nearest(signed, keys), signed.size)
        if signed.root != past.tree.root() and self.projected is not None:
            self.projected = None
            past = self._grown(NOTHING, signed.size)
        _check_tree(signed, past.tree)
        self.past = replace(past, head=newest or b"")
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

    def stands(self, past: Past, log: Log) -> None:
        """Remember what was just written, and go on from the projection that is kept by now.

        What was read so far is let go with that, to be read as it is asked for. All is durable
        already, so that an act does not fail for a fault in reading.
        """
        self.past = past
        if self._is_behind(past.tree.size):
            with suppress(SaysoError):
                found = self._believed(past, log)
                if found is not None:
                    grown = self._grown(Past(found.state, found.tree), past.tree.size)
                    self.projected, self.past = found, replace(grown, head=past.head)

    def project(self, log: Log) -> int:
        """Fold the record from its first entry on, keep anew what stands, and return its size."""
        newest = self.store.head()
        signed, _ = self._opened(newest)
        past = self._grown(NOTHING, signed.size)
        _check_tree(signed, past.tree)
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

    def _grown(self, past: Past, size: int) -> Past:
        """Return what stands after the first `size` entries, of which some are read already."""
        added = tuple(self.store.entries(past.tree.size, size))
        tree = past.tree.extended([leaf_hash(each) for each in added])
        return Past(replay.fold(added, start=past.state), tree)

    def _opened(self, head: bytes | None) -> tuple[Checkpoint, tuple[LogKey, ...]]:
        begun = founding(tuple(self.store.entries(0, 1)))
        if head is None:
            raise Damaged("the store has entries and no checkpoint")
        keys = Trust.of(begun).log_keys
        return checkpoint.open(head, origin=begun.origin, keys=keys), keys


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
    first = entry.read(record[0])
    said = statement.read(first).said
    if not isinstance(said, Founding):
        raise Damaged("entry 0 is no founding", entry=0)
    return said


def _check_tree(signed: Checkpoint, tree: Frontier) -> None:
    if signed.size != tree.size:
        raise Damaged(
            f"the newest checkpoint signs {signed.size} entries, and {tree.size} are stored",
            hint="restore the store from a copy; `sayso record verify` says more",
        )
    if signed.root != tree.root():
        raise Damaged(
            "the stored entries are not those that the newest checkpoint signs",
            hint="`sayso record verify` names the first that differs",
        )
