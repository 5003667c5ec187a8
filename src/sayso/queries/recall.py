"""The state that a store's record stands for, with its integrity checked on the way.

Reading is refused as soon as what is stored does not have the root that the newest checkpoint
signs: a damaged or truncated store is reported and never repaired. That the entries were rightly
made is `sayso record verify`'s to say; it takes longer and trusts nobody.
"""

from dataclasses import dataclass, replace

from sayso.casework import replay, statement, verdicts
from sayso.casework.events import Founding
from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Damaged, StoreError
from sayso.record import checkpoint, entry
from sayso.record.checkpoint import Checkpoint
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store.contract import Store


@dataclass(frozen=True, slots=True)
class Past:
    """What a store holds: the state, and the tree that the next entry is added to.

    `head` is the checkpoint under which it was read or written: as long as it is the newest one,
    there is nothing to read.
    """

    state: State
    tree: Frontier
    head: bytes = b""


NOTHING = Past(State(), EMPTY)


@dataclass(slots=True)
class Memory:
    """A store, and what this process has read of it: the next recall reads only what was added.

    The root that the newest checkpoint signs covers the old entries and the new, so that what was
    read before is checked again with them.
    """

    store: Store
    past: Past = NOTHING

    def recall(self) -> Past:
        """Return what stands in the store now; `Damaged` if it is not what the log signed.

        The checkpoint is read first and says how far to read: others may append meanwhile.
        """
        newest = self.store.head()
        if newest is not None and newest == self.past.head:
            return self.past
        head = self._opened(newest)
        added = tuple(self.store.entries(self.past.tree.size, head.size))
        tree = self.past.tree.extended([leaf_hash(each) for each in added])
        _check_tree(head, tree)
        self.past = Past(replay.fold(added, start=self.past.state), tree, newest or b"")
        return self.past

    def _opened(self, head: bytes | None) -> Checkpoint:
        begun = founding(tuple(self.store.entries(0, 1)))
        if head is None:
            raise Damaged("the store has entries and no checkpoint")
        return checkpoint.open(head, origin=begun.origin, keys=Trust.of(begun).log_keys)


def recall(store: Store) -> State:
    """Return what stands in `store` now; `Damaged` if it is not what the log signed."""
    return Memory(store).recall().state


def known(store: Store, until: Instant | None) -> State:
    """Return what stands by the entries recorded up to `until`, or by all of them."""
    everything = recall(store)
    if until is None:
        return everything
    return replay.fold(store.entries(0, everything.size), until=until)


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
