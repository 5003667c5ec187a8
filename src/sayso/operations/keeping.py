"""A record moved whole: into a backup while others act, and back from one.

A backup is itself a store, in one SQLite file, whatever keeps the record. So every command can read
it, `sayso record verify --store BACKUP` first of all, and what one kind of store kept another can
take over. As nothing that is kept ever changes, reading up to one size sees the record as it stood
then; no lock is held and nobody waits.

What is moved is proven on its way, and arrives whole or not at all. The log key is not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework.replay import Trust
from sayso.errors import Damaged, StoreError, Untrue
from sayso.queries.recall import founding
from sayso.record import checkpoint
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import VerifierKey
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store.contract import Store
from sayso.store.offer import Kept


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: the state that the last checkpoint signs, and whom its record names."""

    state: Checkpoint
    trust: Trust


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that somebody else kept, and by whom, in words."""

    by: str
    signed: bytes


@dataclass(frozen=True, slots=True)
class Guard:
    """What a record must agree with to be taken over: all that is known of it from elsewhere.

    A backup that ends before what others have `seen` lost what came between, and is refused unless
    it is to be `older`.
    """

    trust: Trust | None = None
    seen: tuple[Seen, ...] = ()
    older: bool = False


def move(source: Store, target: Store, guard: Guard) -> Moved:
    """Put the record of `source` into the empty `target`, or raise and leave it empty."""
    begun = founding(tuple(source.entries(0, 1)))
    trust = Trust(begun.origin, begun.log_key, begun.key)
    if guard.trust is not None and guard.trust != trust:
        raise Untrue(
            f"this is another record: `{trust.origin}`, signed by another log or begun by another",
            hint=f"what is trusted is `{guard.trust.origin}`; name its trust file with --trust",
        )
    way = _Way(trust, guard)
    target.fill(way.proven(source), source.enclosures())
    return Moved(Checkpoint(trust.origin, way.tree.size, way.tree.root()), trust)


@dataclass(slots=True)
class _Way:
    """A record on its way, and the tree of what has passed."""

    trust: Trust
    guard: Guard
    tree: Frontier = EMPTY

    def proven(self, source: Store) -> Iterator[Kept]:
        """Yield what `source` keeps, as long as each checkpoint signs all that came before it."""
        met = [(each.by, self._opened(each.signed)) for each in self.guard.seen]
        for entry, signed in whole(source):
            self.tree = self.tree.extended((leaf_hash(entry),))
            if signed is not None and not self._agrees(self._opened(signed)):
                last = self.tree.size - 1
                raise Damaged(f"what was kept up to entry {last} is not what was signed there")
            for by, state in met:
                if state.size == self.tree.size and not self._agrees(state):
                    raise Untrue(
                        f"the backup does not contain what {by} has seen signed",
                        hint="entries were replaced; keep backup and checkpoint as evidence",
                    )
            yield entry, signed
        self._check_end(met)

    def _check_end(self, met: list[tuple[str, Checkpoint]]) -> None:
        """Raise if somebody has seen more than has passed, unless that is agreed to."""
        by, state = max(met, key=lambda each: each[1].size, default=("", None))
        if state is not None and state.size > self.tree.size and not self.guard.older:
            raise StoreError(
                f"the backup ends at entry {self.tree.size - 1}, and {by} has seen "
                f"{state.size} entries",
                hint="find a newer backup; with --older it is restored, but no witness that saw "
                "more will sign what is appended to it",
            )

    def _opened(self, signed: bytes) -> Checkpoint:
        key = VerifierKey.parse(self.trust.log_key)
        return checkpoint.open(signed, origin=self.trust.origin, keys=(key,))

    def _agrees(self, state: Checkpoint) -> bool:
        return (state.size, state.root) == (self.tree.size, self.tree.root())


def whole(store: Store) -> Iterator[Kept]:
    """Yield the entries that are in `store` now, each with the checkpoint kept with it, if any."""
    size = store.size()
    notes = store.checkpoints(size)
    note = next(notes, None)
    for number, entry in enumerate(store.entries(0, size), 1):
        ends = note is not None and checkpoint.claimed(note).size == number
        yield entry, note if ends else None
        if ends:
            note = next(notes, None)
