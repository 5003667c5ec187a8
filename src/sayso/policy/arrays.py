"""Columns of Arrow as arrays of NumPy, without copying what need not be copied."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.policy.blocks import Flags
from sayso.policy.evaluate import Given

LONGEST = 255
"""How many items a list may have whose members are counted."""
_BYTE = 8
_SHORT = 16


def whole(column: Any) -> Any:  # noqa: ANN401  # Arrow has no types
    """Return a column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def nulls(column: Any) -> Flags:  # noqa: ANN401  # the same
    """Return where a column that has a NULL has one."""
    present = np.frombuffer(column.buffers()[0], dtype=np.uint8)
    first, spare = divmod(column.offset, _BYTE)
    flags = np.unpackbits(present[first:], count=spare + len(column), bitorder="little")
    found: Flags = flags[spare:] == 0
    return found


def numbers(column: Any) -> npt.NDArray[Any]:  # noqa: ANN401  # the same
    """Return the numbers of a column as they lie in memory: anything where it is NULL."""
    buffers = [None, column.buffers()[1]]
    bare = pa.Array.from_buffers(column.type, len(column), buffers, offset=column.offset)
    found: npt.NDArray[Any] = bare.to_numpy()
    return found


@dataclass(frozen=True, slots=True)
class Lists:
    """A column of lists: where each begins, where the last ends, and the items as `kinds`' places.

    An item that is NULL is none of the kinds.
    """

    offsets: npt.NDArray[Any]
    items: npt.NDArray[Any]
    kinds: list[Any]

    @classmethod
    def of(cls, column: Any) -> "Lists":  # noqa: ANN401  # the same
        """Return the lists of a column, those that are NULL as whatever lies there."""
        if pa.types.is_fixed_size_list(column.type):
            column = column.cast(pa.list_(column.type.value_type))
        offsets = column.offsets.to_numpy()
        values = column.values.slice(offsets[0], offsets[-1] - offsets[0])
        coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        kinds = coded.dictionary.to_pylist()
        items = numbers(coded.indices)
        if coded.null_count:
            items = np.where(nulls(coded), len(kinds), items)
        return cls(offsets - offsets[0], items, kinds)

    @property
    def longest(self) -> int:
        """Return the length of the longest list."""
        return int(np.diff(self.offsets).max(initial=0))

    def at(self, row: int) -> Given:
        """Return one list."""
        places = self.items[self.offsets[row] : self.offsets[row + 1]]
        return tuple(self.kinds[place] for place in places if place < len(self.kinds))

    def holding(self, members: tuple[Any, ...]) -> npt.NDArray[Any]:
        """Return, as bits, which of the members each list has; no list may be longer than a byte.

        Eight members are counted at once, each in a byte of a word: what a list has of each is what
        has been counted where it ends, less what had been where it began.
        """
        rows = len(self.offsets) - 1
        few = len(members) <= _SHORT
        found: npt.NDArray[Any] = np.zeros(rows, dtype=np.uint16 if few else np.uint64)
        for first in range(0, len(members), _BYTE):
            part = members[first : first + _BYTE]
            ones = {member: 1 << place * _BYTE for place, member in enumerate(part)}
            table = np.array([*(ones.get(kind, 0) for kind in self.kinds), 0], dtype="<u8")
            counted = np.zeros(len(self.items) + 1, dtype="<u8")
            np.cumsum(table.take(self.items, mode="clip"), out=counted[1:])
            own = np.diff(counted.take(self.offsets, mode="clip")).view(np.uint8)
            held = np.packbits(own != 0, bitorder="little").astype(found.dtype)
            found |= held << found.dtype.type(first)
        return found

    def distinct(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return a row of each different list, and for every row the place of its own among them.

        Lists are numbered by their length, then by their number so far and their next item.
        """
        lengths = np.diff(self.offsets)
        codes = lengths.astype(np.int64)
        for depth in range(self.longest):
            rows = np.flatnonzero(lengths > depth)
            keys = codes[rows] * (len(self.kinds) + 1) + self.items[self.offsets[rows] + depth]
            codes[rows] = np.unique(keys, return_inverse=True)[1] + codes.max() + 1
        _, firsts, places = np.unique(codes, return_index=True, return_inverse=True)
        return firsts, places
