"""Blocks of clauses: the bits of many clauses in few words, for many rows at once.

A row needs no bit for every clause. Of the clauses that ask for a land, any one land leaves but a
handful: these can share bits, and what clause a bit stands for hangs on the land of the row. Such
clauses are a *block*, the fact its *anchor* and the bit a *seat*. The clauses that no fact thins
out are a block without an anchor, in which each has a seat of its own.

Each fact that a block reads has an entry for every class of its values beside every class of the
anchor: the seats whose clauses are left. Facts of few classes share a table, of all combinations.
Judging a row is looking up one entry in each table of each block, and joining them with `and`.

Nobody asks which clause counts, only whether any of a group does. The seats of a group fill whole
bytes, so the answer is which bytes are not zero: eight groups are one byte of *marks*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
Codes = npt.NDArray[np.unsignedinteger]
LARGEST = 16_384
"""How many entries a table may have; that is as much as a core's own cache can hold."""
_WORD = 64
_BYTE = 8


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of some facts: a line of words for each combination of their classes."""

    places: tuple[int, ...]
    sizes: tuple[int, ...]
    entries: Words

    def lines(self, coded: Sequence[Codes], rows: int) -> Codes:
        """Return the line of each row, from the codes of all facts."""
        found: Codes = np.zeros(rows, dtype=_code(len(self.entries)))
        for place, size in zip(self.places, self.sizes, strict=True):
            if size > 1:
                found *= found.dtype.type(size)
                found += coded[place]
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """Clauses that are judged together; `seats` has a line of clauses for each class of the anchor.

    A seat is -1 where no clause sits. `marked` holds, for each word and byte of marks, the marks of
    each pattern of bytes that are not zero. `open` are the seats of clauses not settled by bits.
    """

    anchor: int | None
    seats: npt.NDArray[np.int32]
    tables: tuple[Table, ...]
    marked: tuple[tuple[int, int, Bytes], ...]
    open: Words

    def words(self, coded: Sequence[Codes], rows: int) -> Words:
        """Return the seats that are left in each row: a line of words for each."""
        first, *others = self.tables
        found: Words = first.entries.take(first.lines(coded, rows), axis=0, mode="clip")
        spare = np.empty_like(found)
        for table in others:
            table.entries.take(table.lines(coded, rows), axis=0, mode="clip", out=spare)
            np.bitwise_and(found, spare, out=found)
        return found

    def unsettled(self, words: Words) -> Places:
        """Return the rows in which something hangs on clauses not settled by bits."""
        if not self.open.any():
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero((words & self.open).any(axis=1))

    def clauses(self, words: Words, line: int) -> tuple[Places, npt.NDArray[np.int32]]:
        """Return the seats taken in one row and their clauses, given the class of the anchor."""
        taken = np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
        return taken, self.seats[line, taken]

    def mark(self, words: Words, marks: Bytes) -> None:
        """Add the groups of which a clause is left to the marks of each row."""
        some = np.packbits(words.view(np.uint8).ravel() != 0, bitorder="little")
        patterns = some.reshape(words.shape)
        for word, place, marked in self.marked:
            marks[place] |= marked.take(patterns[:, word], mode="clip")


def blocks(bits: Sequence[Flags], groups: Sequence[Sequence[int]], open_: Flags) -> list[Block]:
    """Return the blocks of the clauses of all groups.

    `bits` holds for each fact a line for each class: the clauses it leaves, and in the last place
    no clause, which it does not leave. `open_` are the clauses not settled by their bits.
    """
    labels = np.full(len(open_), -1, dtype=np.intp)
    for number, group in enumerate(groups):
        labels[list(group)] = number
    order = np.argsort(labels * 2 + open_, kind="stable")
    left = order[labels[order] >= 0]
    builder = _Builder(bits, labels, open_)
    found: list[Block] = []
    while True:
        anchor, chosen = builder.anchored(left)
        if anchor is None and found and not len(left):
            return found
        found.append(builder.block(anchor, chosen))
        if anchor is None:
            return found
        left = left[~np.isin(left, chosen)]


@dataclass(frozen=True, slots=True)
class _Builder:
    bits: Sequence[Flags]
    labels: Places
    open: Flags

    def anchored(self, left: Places) -> tuple[int | None, Places]:
        """Return the fact that saves the most seats, and the clauses that it thins out."""
        best, anchor, chosen = _WORD - 1, None, left
        for place, bits in enumerate(self.bits):
            thinned = left[~bits[:, left].all(axis=0)]
            if not len(thinned) or not self.fits(place, thinned):
                continue
            alone = self.runs(np.ones((1, len(thinned)), dtype=np.bool_), thinned)
            saved = int((alone[1] - self.runs(bits[:, thinned], thinned)[1]).sum())
            if saved > best:
                best, anchor, chosen = saved, place, thinned
        return anchor, chosen

    def fits(self, anchor: int, clauses: Places) -> bool:
        """Return whether a table beside the anchor has room for any other fact of some clauses."""
        sizes = [len(self.bits[each]) for each in self.read(anchor, clauses)]
        return len(self.bits[anchor]) * max(sizes, default=1) <= LARGEST

    def read(self, anchor: int | None, clauses: Places) -> list[int]:
        """Return the facts on which some clauses hang, beside the anchor, the largest first."""
        found = [
            place
            for place, bits in enumerate(self.bits)
            if place != anchor and not bits[:, clauses].all()
        ]
        return sorted(found, key=lambda place: -len(self.bits[place]))

    def runs(self, alive: Flags, clauses: Places) -> tuple[Places, Places]:
        """Return where the clauses of a group begin, and how many seats they need: whole bytes."""
        if not len(clauses):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        keys = self.labels[clauses] * 2 + self.open[clauses]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        most = np.add.reduceat(alive, starts, axis=1, dtype=np.intp).max(axis=0)
        return starts, -(-most // _BYTE) * _BYTE

    def block(self, anchor: int | None, clauses: Places) -> Block:
        """Return the block of some clauses, which are in the order of their groups."""
        one = np.ones((1, len(clauses)), dtype=np.bool_)
        alive = one if anchor is None else self.bits[anchor][:, clauses]
        starts, needed = self.runs(alive, clauses)
        seats = _seated(alive, clauses, starts, needed)
        labels = np.repeat(self.labels[clauses[starts]], needed // _BYTE)
        unsure = np.repeat(self.open[clauses[starts]], needed)
        unsure = np.pad(unsure, (0, seats.shape[1] - len(unsure)))
        return Block(
            anchor=anchor,
            seats=seats,
            tables=tuple(self.tables(anchor, clauses, seats)),
            marked=tuple(_marked(labels)),
            open=_packed(unsure),
        )

    def tables(
        self, anchor: int | None, clauses: Places, seats: npt.NDArray[np.int32]
    ) -> Iterator[Table]:
        """Yield the tables of a block: the facts of the most classes first, then what fits."""
        lines = len(seats)
        shared: list[tuple[int, list[int]]] = []
        for place in self.read(anchor, clauses):
            size = len(self.bits[place])
            fitting = (at for at, (all_, _) in enumerate(shared) if all_ * size <= LARGEST)
            at = next(fitting, None)
            if at is None:
                shared.append((lines * size, [place]))
            else:
                shared[at] = shared[at][0] * size, [*shared[at][1], place]
        for _, places in shared or [(lines, [])]:
            entries = _packed(seats >= 0)[:, None]
            for place in places:
                own = _packed(self.bits[place][:, seats]).swapaxes(0, 1)
                joined = entries[:, :, None] & own[:, None]
                entries = joined.reshape(lines, -1, joined.shape[-1])
            sizes = tuple(len(self.bits[place]) for place in places)
            beside = () if anchor is None else (anchor,)
            flat = np.ascontiguousarray(entries.reshape(-1, entries.shape[-1]))
            yield Table((*beside, *places), (*(lines for _ in beside), *sizes), flat)


def _seated(alive: Flags, clauses: Places, starts: Places, needed: Places) -> npt.NDArray[np.int32]:
    """Return the clause on each seat, for each class of the anchor: a group's from its first on."""
    total = -(-max(1, int(needed.sum())) // _WORD) * _WORD
    seats = np.full((len(alive), total), -1, dtype=np.int32)
    firsts = np.cumsum(needed) - needed
    for start, stop, first in zip(starts, [*starts[1:], len(clauses)], firsts, strict=True):
        part = alive[:, start:stop]
        lines, places = np.nonzero(part)
        rank = part.cumsum(axis=1, dtype=np.intp) - 1
        seats[lines, first + rank[lines, places]] = clauses[start:stop][places]
    return seats


def _marked(labels: Places) -> Iterator[tuple[int, int, Bytes]]:
    """Yield for each word, and each byte of marks it bears on, the marks of every pattern.

    `labels` is the group of each byte of seats.
    """
    patterns = np.arange(1 << _BYTE)
    for word in range(-(-len(labels) // _BYTE)):
        own = labels[word * _BYTE : (word + 1) * _BYTE]
        for place in np.unique(own // _BYTE):
            marked = np.zeros(len(patterns), dtype=np.uint8)
            for bit, label in enumerate(own):
                if label // _BYTE == place:
                    marked[patterns >> bit & 1 == 1] |= np.uint8(1 << label % _BYTE)
            yield word, int(place), marked


def _packed(flags: Flags) -> Words:
    """Return flags, a number of them that fills words, as words: along the last axis."""
    packed = np.packbits(flags, axis=-1, bitorder="little")
    return np.ascontiguousarray(packed).view(np.uint64)


def _code(count: int) -> npt.DTypeLike:
    """Return the type of whole numbers below a count."""
    return np.uint16 if count <= 1 << 16 else np.uint32
