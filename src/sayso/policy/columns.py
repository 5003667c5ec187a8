"""Many requests at once: facts as columns, clauses as words of bits.

A column of facts becomes a column of small numbers, the class of each value: values are of one
class if the same clauses are left after looking at them. What is left of a row is then looked up
in the tables of `blocks`. The classes and tables are kept from batch to batch, and made anew when
a value of a new class turns up.

One bit is kept for each clause: whether it counts. A clause that is `strict` counts if it is true,
any other if it is not false.

The columns are those of an Arrow table, called like the facts; NULL is unknown, and in the column
of an optional fact it is lacking. Moments are microseconds, or Arrow timestamps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.policy.arrays import LONGEST, Lists, nulls, numbers, whole
from sayso.policy.blocks import Block, Bytes, Codes, Flags, Words, blocks
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.index import Index, Slot
from sayso.policy.rules import places
from sayso.policy.types import Listed, Ranged, Time

ROWS = 32_768
"""How many rows are judged at once: what a row needs on the way stays near the core."""
_FEW_BOUNDS = 48
_FEW_MEMBERS = 16
_MOST_MEMBERS = 64
_MOST_SHORT = 1 << 16
_BYTE = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """The clauses that are true, and those that are not false: a line for each, of all rows."""

    true: Flags
    possible: Flags


def judge(index: Index, batch: Any) -> Judged:  # noqa: ANN401  # Arrow has no types
    """Return which clauses are true and which are not false, for each row of an Arrow table."""
    each = [1 << place for place in places(index.whole)]
    true, possible = (
        np.unpackbits(Columns(index, strict, each).judge(batch), axis=0, bitorder="little")
        for strict in (index.whole, 0)
    )
    count = len(each)
    return Judged(true[:count].astype(np.bool_), possible[:count].astype(np.bool_))


class Columns:
    """Judges batches by one index, and says of which groups of clauses any counts.

    `strict` are the clauses that count only if they are true; `groups` have no clause in common.
    """

    def __init__(self, index: Index, strict: int, groups: Sequence[int]) -> None:
        self.index = index
        self.strict = strict
        self.groups = [places(each) for each in groups]
        self.columns = [_Column(slot, strict) for slot in index.slots]
        self.sizes: list[int] = []
        self.blocks: list[Block] = []

    def judge(self, batch: Any) -> Bytes:  # noqa: ANN401  # Arrow has no types
        """Return the marks of each row: in line 0 those of the first eight groups, and so on."""
        rows: int = batch.num_rows
        coded = [each.codes(batch) for each in self.columns]
        self._sized()
        marks = np.zeros((-(-len(self.groups) // _BYTE), rows), dtype=np.uint8)
        for first in range(0, rows, ROWS):
            here = [codes[first : first + ROWS] for codes in coded]
            part = marks[:, first : first + ROWS]
            for block in self.blocks:
                words = block.words(here, part.shape[1])
                for row in block.unsettled(words):
                    line = 0 if block.anchor is None else int(here[block.anchor][row])
                    self._ask(block, words[row], line, facts_of(self.index, batch, first + row))
                block.mark(words, part)
        return marks

    def _sized(self) -> None:
        """Make the blocks anew if a column has got a class."""
        sizes = [len(each.classes) for each in self.columns]
        if sizes != self.sizes or not self.blocks:
            count = self.index.whole.bit_length()
            bits = [_flags(each.classes, count + 1) for each in self.columns]
            self.blocks = blocks(bits, self.groups, _flags([self.index.several], count)[0])
            self.sizes = sizes

    def _ask(self, block: Block, words: Words, line: int, facts: Mapping[str, Given]) -> None:
        """Ask the conditions over several facts of a row in which something hangs on them."""
        seats, clauses = block.clauses(words, line)
        left = sum(1 << int(clause) for clause in clauses)
        counted = _counting(*self.index.settled(left, left, facts), self.strict)
        for seat, clause in zip(seats, clauses, strict=True):
            if not counted >> int(clause) & 1:
                words[seat // 64] &= ~np.uint64(1 << int(seat) % 64)


def _counting(true: int, possible: int, strict: int) -> int:
    return true & strict | possible & ~strict


def _flags(bits: Iterable[int], count: int) -> Flags:
    """Return whole numbers as lines of `count` flags, the lowest bit first."""
    width = -(-count // _BYTE)
    packed = np.frombuffer(b"".join(each.to_bytes(width, "little") for each in bits), np.uint8)
    flags = np.unpackbits(packed.reshape(-1, width), axis=1, count=count, bitorder="little")
    return flags.view(np.bool_)


# --- values → classes --------------------------------------------------------------------------


@dataclass(slots=True)
class _Column:
    """The classes of one fact's values, each by the bits of its clauses, numbered as they come.

    `steps` are the classes of numbers, `held` those of lists that have certain members, -1 where
    none has been seen, and `known_classes` those of the dictionary of texts that was `known` last.
    """

    slot: Slot
    strict: int
    classes: dict[int, int] = field(default_factory=dict)
    steps: "_Steps | None" = None
    held: npt.NDArray[np.int32] | None = None
    known: Any = None
    known_classes: Codes = field(default_factory=lambda: np.empty(0, dtype=np.uint16))

    def class_of(self, value: Given | None) -> int:
        bits = _counting(*self.slot.masks(value), self.strict)
        return self.classes.setdefault(bits, len(self.classes))

    def codes(self, batch: Any) -> Codes:  # noqa: ANN401  # Arrow has no types
        """Return the class of each row."""
        path, rows = self.slot.fact.path, batch.num_rows
        if path not in batch.schema.names:
            return np.full(rows, self.class_of(None), dtype=np.uint16)
        column = whole(batch.column(path))
        if column.null_count == rows:
            return np.full(rows, self.absent, dtype=np.uint16)
        if self.slot.bounds is not None:
            return self.ofnumbers(column, self.slot.bounds)
        if isinstance(self.slot.fact.type, Listed):
            return self.of_lists(column)
        return self.of_texts(column)

    @property
    def absent(self) -> int:
        return self.class_of(LACKING if self.slot.fact.optional else None)

    def ofnumbers(self, column: Any, bounds: tuple[int, ...]) -> Codes:  # noqa: ANN401  # the same
        if self.steps is None:
            of = self.slot.fact.type
            low = of.low if isinstance(of, Ranged) else 0
            self.steps = _Steps.of(bounds, [self.class_of(each) for each in (low, *bounds)])
        places = _places(numbers(_as_numbers(self.slot, column)), self.steps.bounds)
        found = self.steps.classes.take(places, mode="clip") if self.steps.classes.size else places
        return self.or_absent(found, column)

    def of_texts(self, column: Any) -> Codes:  # noqa: ANN401  # the same
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if self.known is None or not self.known.equals(encoded.dictionary):
            self.known = encoded.dictionary
            values = self.known.to_pylist()
            self.known_classes = _codes(
                [self.absent if value is None else self.class_of(value) for value in values]
            )
        found = pc.take(pa.array(self.known_classes), encoded.indices, boundscheck=False)
        return self.or_absent(numbers(found), encoded)

    def of_lists(self, column: Any) -> Codes:  # noqa: ANN401  # the same
        lists, members = Lists.of(column), self.slot.members
        if members is None or len(members) > _MOST_MEMBERS or lists.longest > LONGEST:
            firsts, places = lists.distinct()
            found = _codes([self.class_of(lists.at(int(row))) for row in firsts]).take(places)
        elif len(members) > _FEW_MEMBERS:
            kinds, places = np.unique(lists.holding(members), return_inverse=True)
            found = _codes([self.class_of(_items(int(each), members)) for each in kinds])
            found = found.take(places)
        else:
            found = self.of_few_members(lists.holding(members), members)
        return self.or_absent(found, column)

    def of_few_members(self, held: Codes, members: tuple[Any, ...]) -> Codes:
        """Return the class of each list, given as bits, from a table of all that can be held."""
        if self.held is None:
            self.held = np.full(1 << len(members), -1, dtype=np.int32)
        found = self.held.take(held, mode="clip")
        if found.min() < 0:
            for each in np.unique(held[found < 0]):
                self.held[each] = self.class_of(_items(int(each), members))
            found = self.held.take(held, mode="clip")
        return found.astype(np.uint32 if len(self.classes) > _MOST_SHORT else np.uint16)

    def or_absent(self, found: Codes, column: Any) -> Codes:  # noqa: ANN401  # the same
        """Return the classes found, and that of an absent fact where a column is NULL."""
        if not column.null_count:
            return found
        absent = _codes([self.absent])
        return np.where(nulls(column), absent[0], found)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The bounds at which a number's class changes, and the classes between them.

    There are no `classes` if they are numbered as they come: 0, 1, 2 and so on.
    """

    bounds: tuple[int, ...]
    classes: Codes

    @classmethod
    def of(cls, bounds: tuple[int, ...], classes: list[int]) -> "_Steps":
        """Return the steps between bounds of which some may part nothing."""
        parting = [place for place in range(len(bounds)) if classes[place] != classes[place + 1]]
        between = [classes[0], *(classes[place + 1] for place in parting)]
        numbered = [] if between == list(range(len(between))) else between
        return cls(tuple(bounds[place] for place in parting), _codes(numbered))


def _codes(classes: Sequence[int]) -> Codes:
    long = max(classes, default=0) >= _MOST_SHORT
    return np.array(classes, dtype=np.uint32 if long else np.uint16)


def _items(bits: int, members: tuple[Any, ...]) -> Given:
    return tuple(member for place, member in enumerate(members) if bits >> place & 1)


def _as_numbers(slot: Slot, column: Any) -> Any:  # noqa: ANN401  # the same
    if isinstance(slot.fact.type, Time) and pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return column.cast(pa.int64())


def _places(numbers: npt.NDArray[np.int64], bounds: tuple[int, ...]) -> Codes:
    """Return how many bounds each number has reached: comparing with all of a few is faster."""
    if len(bounds) > _FEW_BOUNDS:
        found = np.searchsorted(np.asarray(bounds, dtype=np.int64), numbers, side="right")
        return found.astype(np.uint16 if len(bounds) < _MOST_SHORT else np.uint32)
    places = np.zeros(len(numbers), dtype=np.uint8)
    reached = np.empty(ROWS, dtype=np.bool_)
    for first in range(0, len(numbers), ROWS):
        here, part = places[first : first + ROWS], numbers[first : first + ROWS]
        flags = reached[: len(part)]
        for bound in bounds:
            np.greater_equal(part, bound, out=flags)
            here += flags.view(np.uint8)
    return places


# --- conditions over several facts -------------------------------------------------------------


def facts_of(index: Index, batch: Any, row: int) -> Mapping[str, Given]:  # noqa: ANN401  # the same
    """Return the facts of one row."""
    found: dict[str, Given] = {}
    for path, fact in index.facts.items():
        value = batch.column(path)[row] if path in batch.schema.names else None
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
