"""A record moved whole: into a backup while others act, and back from one.

A backup is itself a store, in one SQLite file, whatever keeps the record. So every command can read
it, `sayso record verify --store BACKUP` first of all, and what one kind of store kept another can
take over. As nothing that is kept ever changes, reading up to one size sees the record as it stood
then; no lock is held and nobody waits.

What is moved is proven on its way, and arrives whole or not at all. The log key is not in it. What
the record names beside it goes along, but nothing that it says is erased.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sayso.casework import statement
from sayso.casework.events import KINDS, Erasure
from sayso.casework.replay import Trust
from sayso.errors import Damaged, SaysoError, StoreError, Untrue
from sayso.queries.enclosed import named
from sayso.queries.recall import founding
from sayso.record import checkpoint, enclosure
from sayso.record import entry as entries
from sayso.record.checkpoint import Checkpoint
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store.contract import Store
from sayso.store.offer import Kept


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: the state that the last checkpoint signs, and whom its record names.

    `left` is why there was more, and it was left out.
    """

    state: Checkpoint
    trust: Trust
    left: str | None = None


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
    trust = Trust.of(begun)
    if guard.trust is not None and guard.trust != trust:
        raise Untrue(
            f"this is another record: `{trust.origin}`, signed by another log or begun by another",
            hint=f"what is trusted is `{guard.trust.origin}`; name its trust file with --trust",
        )
    way = _Way(trust, guard)
    target.fill(way.proven(source), way.beside(source))
    return Moved(Checkpoint(trust.origin, way.tree.size, way.tree.root()), trust)


def salvage(source: Store, target: Store) -> Moved:
    """Put into the empty `target` what stands in `source` under the last checkpoint that holds.

    What comes after it the log never signed: it is damage, or somebody else put it there.
    """
    trust = Trust.of(founding(tuple(source.entries(0, 1))))
    way = _Way(trust, Guard())
    found = _Sound(way)
    target.fill(found.sound(source), way.going(source))
    if not found.tree.size:
        raise Damaged(f"nothing of the record holds: {found.left}")
    return Moved(Checkpoint(trust.origin, found.tree.size, found.tree.root()), trust, found.left)


def tidy(store: Store, by: Store) -> int:
    """Remove from `store` what the record in `by` says is erased; return how much was there.

    Both keep one record, or are one. An older copy has what was erased after it was made, and does
    not know it.
    """
    kept, told = (founding(tuple(each.entries(0, 1))) for each in (store, by))
    if kept != told:
        raise Untrue(
            f"the other store keeps another record: `{told.origin}`",
            hint=f"name a newer copy of `{kept.origin}`",
        )
    return store.erase(erased(by.entries()))


def erased(record: Iterable[bytes]) -> frozenset[bytes]:
    """Return the digests that entries of a record say are erased."""
    gone: set[bytes] = set()
    for each in record:
        _follow(gone, each)
    return frozenset(gone)


def _follow(gone: set[bytes], entry: bytes) -> None:
    """Take in what an entry says is gone, and that what it names is there again."""
    erased = set(_erased(entry))
    gone -= set(named(entries.read(entry)))
    gone |= erased


def _erased(entry: bytes) -> Iterator[bytes]:
    read = entries.read(entry)
    if KINDS.get(read.kind) is Erasure:
        said = statement.read(read).said
        if isinstance(said, Erasure):
            yield from map(bytes.fromhex, said.digests)


@dataclass(slots=True)
class _Way:
    """A record on its way, and the tree of what has passed."""

    trust: Trust
    guard: Guard
    tree: Frontier = EMPTY
    named: set[bytes] = field(default_factory=set)
    erased: set[bytes] = field(default_factory=set)

    def proven(self, source: Store) -> Iterator[Kept]:
        """Yield what `source` keeps, as long as each checkpoint signs all that came before it."""
        met = [(each.by, self._opened(each.signed)) for each in self.guard.seen]
        waiting: list[bytes] = []
        for entry, signed in whole(source):
            self.tree = self.tree.extended((leaf_hash(entry),))
            waiting.append(entry)
            if signed is not None and not self._agrees(self._opened(signed)):
                last = self.tree.size - 1
                raise Damaged(f"what was kept up to entry {last} is not what was signed there")
            for by, state in met:
                if state.size == self.tree.size and not self._agrees(state):
                    raise Untrue(
                        f"the backup does not contain what {by} has seen signed",
                        hint="entries were replaced; keep backup and checkpoint as evidence",
                    )
            if signed is not None:
                self._note(waiting)
                waiting = []
            yield entry, signed
        self._check_end(met)

    def beside(self, source: Store) -> Iterator[bytes]:
        """Yield what `source` keeps of all that the entries which passed name, and not erased."""
        yield from self.going(source)
        if erased(source.entries(self.tree.size)):  # it may be missing, and no entry here says why
            raise StoreError("something was erased while it was copied", hint="try again")

    def going(self, source: Store) -> Iterator[bytes]:
        """Yield those of the enclosures that are taken along."""
        going = self.named - self.erased
        yield from (each for each in source.enclosures() if enclosure.digest(each) in going)

    def _note(self, proven: Iterable[bytes]) -> None:
        """Take in what entries say of what is beside them; they are what was signed."""
        for each in proven:
            self.named.update(named(entries.read(each)))
            _follow(self.erased, each)

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
        return checkpoint.open(signed, origin=self.trust.origin, keys=self.trust.log_keys)

    def _agrees(self, state: Checkpoint) -> bool:
        return (state.size, state.root) == (self.tree.size, self.tree.root())


@dataclass(slots=True)
class _Sound:
    """A record on its way as far as it holds: the tree of that, and why no more of it does."""

    way: _Way
    tree: Frontier = EMPTY
    left: str | None = None

    def sound(self, source: Store) -> Iterator[Kept]:
        """Yield what `source` keeps under checkpoints that hold, each entry once its own does."""
        waiting: list[Kept] = []
        try:
            for entry, signed in self.way.proven(source):
                waiting.append((entry, signed))
                if signed is not None:
                    self.tree = self.way.tree
                    yield from waiting
                    waiting = []
        except SaysoError as error:
            self.left = error.what
        if waiting and self.left is None:
            self.left = f"entry {self.tree.size} is under no checkpoint"


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
