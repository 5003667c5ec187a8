"""Many requests at once: facts as columns, clauses as words of bits.

A column of facts becomes a column of small numbers, the class of each value: values are of one
class if the same clauses are left after looking at them. A table holds the bits of those clauses
for each class, and facts of few classes share a table, of all combinations of their classes.
Judging a row is then looking up one entry in each table and joining them with `and`, for all rows
of a batch at once. The classes and tables are kept from batch to batch.

One bit is kept for each clause: whether it counts. A clause that is `strict` counts if it is true,
any other if it is not false.

The columns are those of an Arrow table, called like the facts; NULL is unknown, and in the column
of an optional fact it is lacking. Moments are microseconds, or Arrow timestamps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.policy.evaluate import LACKING, Given
from sayso.policy.index import Index, Slot
from sayso.policy.types import Listed, Ranged, Time

Codes = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]
LARGEST = 16_384
ROWS = 16_384
_FEW_BOUNDS = 24
_FEW_MEMBERS = 10
_MOST_MEMBERS = 62


@dataclass(frozen=True, slots=True)
class Judged:
    """The bits of the clauses that are true, and not false: a line for each word, of all rows."""

    true: Words
    possible: Words


def judge(index: Index, batch: Any) -> Judged:  # noqa: ANN401  # Arrow has no types
    """Return which clauses are true and which are not false, for each row of an Arrow table."""
    return Judged(Columns(index, index.whole).judge(batch), Columns(index, 0).judge(batch))


def words(bits: Iterable[int], count: int) -> Words:
    """Return whole numbers as columns of `count` words of 64 bits, the lowest first."""
    packed = b"".join(each.to_bytes(count * 8, "little") for each in bits)
    return np.ascontiguousarray(np.frombuffer(packed, dtype="<u8").reshape(-1, count).T)


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of one or more facts: a line for each word, of all combinations of classes."""

    places: tuple[int, ...]
    entries: Words


class Columns:
    """Judges batches by one index; `strict` are the clauses that count only if they are true."""

    def __init__(self, index: Index, strict: int) -> None:
        self.index = index
        self.strict = strict
        self.count = max(1, (index.whole.bit_length() + 63) // 64)
        self.columns = [_Column(slot, strict) for slot in index.slots]
        self.sizes: list[int] = []
        self.tables: list[Table] = []

    def judge(self, batch: Any) -> Words:  # noqa: ANN401  # Arrow has no types
        """Return the clauses that count, for each row."""
        rows: int = batch.num_rows
        coded = [each.codes(batch) for each in self.columns]
        self._tabled()
        joint = [self._joint(table, coded, rows) for table in self.tables]
        found = np.repeat(words([self.index.whole], self.count), rows, axis=1)
        for first in range(0, rows, ROWS):
            here = found[:, first : first + ROWS]
            for table, codes in zip(self.tables, joint, strict=True):
                _join(here, table.entries, codes[first : first + ROWS].astype(np.intp))
        if self.index.several:
            self._ask(batch, found)
        return found

    def _tabled(self) -> None:
        """Make the tables anew if a column has got a class: the largest first, then what fits."""
        sizes = [len(each.classes) for each in self.columns]
        if sizes == self.sizes:
            return
        shared: list[tuple[int, list[int]]] = []
        for place in sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True):
            size = sizes[place]
            fitting = (at for at, (all_, _) in enumerate(shared) if all_ * size <= LARGEST)
            at = next(fitting, None)
            if at is None:
                shared.append((size, [place]))
            else:
                shared[at] = shared[at][0] * size, [*shared[at][1], place]
        self.tables = [self._table(tuple(places)) for _, places in shared]
        self.sizes = sizes

    def _table(self, places: tuple[int, ...]) -> Table:
        entries = words([self.index.whole], self.count)
        for place in places:
            own = words(self.columns[place].classes, self.count)
            entries = (entries[:, :, None] & own[:, None, :]).reshape(self.count, -1)
        return Table(places, entries)

    def _joint(self, table: Table, coded: list[Codes], rows: int) -> Codes:
        found: Codes = np.zeros(rows, dtype=np.int32)
        for place in table.places:
            if self.sizes[place] > 1:
                found *= np.int32(self.sizes[place])
                found += coded[place]
        return found

    def _ask(self, batch: Any, found: Words) -> None:  # noqa: ANN401  # Arrow has no types
        """Ask the conditions over several facts of the rows on which something hangs on them."""
        several = words([self.index.several], self.count)
        for row in np.flatnonzero((found & several).any(axis=0)):
            facts = facts_of(self.index, batch, int(row))
            counted = int.from_bytes(found[:, row].tobytes(), "little")
            true, possible = self.index.settled(counted, counted, facts)
            found[:, row] = words([_counting(true, possible, self.strict)], self.count)[:, 0]


def _join(found: Words, entries: Words, codes: npt.NDArray[np.intp]) -> None:
    """Join what is found with the entry of each row, a word at a time: that stays in the cache."""
    spare = np.empty(len(codes), dtype=np.uint64)
    for line, entry in zip(found, entries, strict=True):
        np.take(entry, codes, out=spare, mode="clip")
        np.bitwise_and(line, spare, out=line)


def _counting(true: int, possible: int, strict: int) -> int:
    return true & strict | possible & ~strict


# --- values → classes --------------------------------------------------------------------------


@dataclass(slots=True)
class _Column:
    """The classes of one fact's values, each by the bits of its clauses, numbered as they come.

    `fixed` are the classes between the bounds of a number, or of all that a list may hold, and
    `known_classes` those of the dictionary of texts that was `known` last.
    """

    slot: Slot
    strict: int
    classes: dict[int, int] = field(default_factory=dict)
    fixed: Codes | None = None
    known: Any = None
    known_classes: Codes = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def class_of(self, value: Given | None) -> int:
        bits = _counting(*self.slot.masks(value), self.strict)
        return self.classes.setdefault(bits, len(self.classes))

    def all_of(self, values: Iterable[Given | None]) -> Codes:
        return np.array([self.class_of(value) for value in values], dtype=np.int32)

    def codes(self, batch: Any) -> Codes:  # noqa: ANN401  # Arrow has no types
        """Return the class of each row."""
        if self.slot.fact.path not in batch.schema.names:
            return np.full(batch.num_rows, self.class_of(None), dtype=np.int32)
        column = batch.column(self.slot.fact.path)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if self.slot.bounds is not None:
            return self.of_numbers(column, self.slot.bounds)
        if isinstance(self.slot.fact.type, Listed):
            return self.of_lists(column)
        return self.of_texts(column)

    @property
    def absent(self) -> int:
        return self.class_of(LACKING if self.slot.fact.optional else None)

    def of_numbers(self, column: Any, bounds: tuple[int, ...]) -> Codes:  # noqa: ANN401  # the same
        of = self.slot.fact.type
        if self.fixed is None:
            self.fixed = self.all_of((of.low if isinstance(of, Ranged) else 0, *bounds))
        numbers = _as_numbers(self.slot, column)
        if not column.null_count:
            return self.fixed.take(_places(numbers.to_numpy(zero_copy_only=False), bounds))
        places = _places(pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False), bounds)
        places[column.is_null().to_numpy(zero_copy_only=False)] = len(bounds) + 1
        return np.append(self.fixed, np.int32(self.absent)).take(places)

    def of_texts(self, column: Any) -> Codes:  # noqa: ANN401  # the same
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if self.known is None or not self.known.equals(encoded.dictionary):
            self.known = encoded.dictionary
            self.known_classes = self.all_of(self.known.to_pylist())
        classes, indices = self.known_classes, encoded.indices
        if encoded.null_count:
            indices = pc.fill_null(indices, len(classes))
            classes = np.append(classes, np.int32(self.absent))
        found: Codes = classes.take(indices.to_numpy(zero_copy_only=False), mode="clip")
        return found

    def of_lists(self, column: Any) -> Codes:  # noqa: ANN401  # the same
        members = self.slot.members
        if members is None or len(members) > _MOST_MEMBERS:
            return self.of_whole_lists(column)
        held = _held(column, members)
        if len(members) <= _FEW_MEMBERS:
            if self.fixed is None:
                self.fixed = self.all_of(_items(each, members) for each in range(1 << len(members)))
            found = self.fixed.take(held)
        else:
            kinds, places = np.unique(held, return_inverse=True)
            found = self.all_of(_items(int(each), members) for each in kinds)[places]
        if column.null_count:
            found[column.is_null().to_numpy(zero_copy_only=False)] = self.class_of(None)
        return found

    def of_whole_lists(self, column: Any) -> Codes:  # noqa: ANN401  # the same
        listed = (None if each is None else tuple(each) for each in column.to_pylist())
        return self.all_of(listed)


def _as_numbers(slot: Slot, column: Any) -> Any:  # noqa: ANN401  # the same
    if isinstance(slot.fact.type, Time) and pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return column.cast(pa.int64())


def _places(numbers: npt.NDArray[np.int64], bounds: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return how many bounds each number has reached: comparing with all of a few is faster."""
    if len(bounds) > _FEW_BOUNDS:
        return np.searchsorted(np.asarray(bounds, dtype=np.int64), numbers, side="right")
    found = np.zeros(len(numbers), dtype=np.uint8)
    for first in range(0, len(numbers), ROWS):
        here, part = found[first : first + ROWS], numbers[first : first + ROWS]
        for bound in bounds:
            here += part >= bound
    return found


def _held(column: Any, members: tuple[Any, ...]) -> npt.NDArray[np.int64]:  # noqa: ANN401  # the same
    """Return, as bits, which of the members each list has; none for a list that is NULL."""
    places = {member: place for place, member in enumerate(members)}
    flat = column.flatten()
    flat = flat if pa.types.is_dictionary(flat.type) else flat.dictionary_encode()
    bits = [1 << places[item] if item in places else 0 for item in flat.dictionary.to_pylist()]
    each = np.array(bits or [0], dtype=np.int64)[flat.indices.to_numpy(zero_copy_only=False)]
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    some = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[some]
    found = np.zeros(len(column), dtype=np.int64)
    if len(starts):
        found[some] = np.bitwise_or.reduceat(each, starts)
    return found


def _items(bits: int, members: tuple[Any, ...]) -> Given:
    return tuple(member for place, member in enumerate(members) if bits >> place & 1)


# --- conditions over several facts -------------------------------------------------------------


def facts_of(index: Index, batch: Any, row: int) -> Mapping[str, Given]:  # noqa: ANN401  # the same
    """Return the facts of one row."""
    found: dict[str, Given] = {}
    for path, fact in index.facts.items():
        value = batch.column(path)[row] if path in batch.column_names else None
        given = None if value is None else _plain(value)
        if given is not None:
            found[path] = given
        elif fact.optional and value is not None:
            found[path] = LACKING
    return found


def _plain(value: Any) -> Given | None:  # noqa: ANN401  # the same
    if pa.types.is_timestamp(value.type):
        return value.cast(pa.timestamp("us", value.type.tz)).value  # type: ignore[no-any-return]  # Arrow
    found = value.as_py()
    return tuple(found) if isinstance(found, list) else found
