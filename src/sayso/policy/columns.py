"""Many requests at once: facts as columns, clauses as words of bits.

A column of facts becomes a column of small numbers, the class of each value, and a table that
holds for each class the bits of the index: the clauses that are true as far as this fact goes, and
those that are not false. Judging a row is then looking up one entry for each fact and joining them
with `and`, for all rows of a batch at once. Facts of few classes are joined beforehand: one look
into a product of tables instead of several.

The columns are those of an Arrow table, called like the facts; NULL is unknown, and in the column
of an optional fact it is lacking. Moments are microseconds, or Arrow timestamps.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.policy.evaluate import LACKING, Given
from sayso.policy.index import Index, Slot
from sayso.policy.types import Listed, Ranged, Time

Codes = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
LARGEST = 4096
ROWS = 16_384
_MOST_MEMBERS = 62


@dataclass(frozen=True, slots=True)
class Judged:
    """The bits of the clauses that are true, and not false: a line for each word, of all rows."""

    true: Words
    possible: Words


@dataclass(frozen=True, slots=True)
class Coded:
    """The class of each row for one or more facts, and a line for each word, of all classes."""

    codes: Codes
    true: Words
    possible: Words


def words(bits: Iterable[int], count: int) -> Words:
    """Return whole numbers as columns of `count` words of 64 bits, the lowest first."""
    packed = b"".join(each.to_bytes(count * 8, "little") for each in bits)
    return np.ascontiguousarray(np.frombuffer(packed, dtype="<u8").reshape(-1, count).T)


def judge(index: Index, batch: Any) -> Judged:  # noqa: ANN401  # Arrow has no types
    """Return which clauses are true and which are not false, for each row of an Arrow table."""
    count = max(1, (index.whole.bit_length() + 63) // 64)
    rows: int = batch.num_rows
    coded = [_coded(slot, batch, rows, count) for slot in index.slots]
    definite = [each for each in coded if np.array_equal(each.true, each.possible)]
    open_ = [each for each in coded if not np.array_equal(each.true, each.possible)]
    true = np.repeat(words([index.whole], count), rows, axis=1)
    for each in _products(definite):
        _join(true, each.true, each.codes)
    possible = true.copy() if open_ or index.several else true
    for each in _products(open_):
        _join(true, each.true, each.codes)
        _join(possible, each.possible, each.codes)
    found = Judged(true, possible)
    if index.several:
        _ask(index, batch, found)
    return found


def _join(found: Words, table: Words, codes: Codes) -> None:
    """Join what is found with the entry of each row, a word at a time: that stays in the cache."""
    for line, entries in zip(found, table, strict=True):
        np.bitwise_and(line, entries[codes], out=line)


def batches(table: Any) -> Iterator[Any]:  # noqa: ANN401  # the same
    """Yield a table in batches that fit into the processor's cache."""
    for first in range(0, table.num_rows, ROWS):
        yield table.slice(first, ROWS)


# --- values → classes --------------------------------------------------------------------------


def _coded(slot: Slot, batch: Any, rows: int, count: int) -> Coded:  # noqa: ANN401  # the same
    absent: Given | None = LACKING if slot.fact.optional else None
    if slot.fact.path not in batch.column_names:
        return _of_values(np.zeros(rows, dtype=np.int64), [None], slot, count)
    column = batch.column(slot.fact.path)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if slot.bounds is not None:
        return _of_numbers(slot, column, absent, count)
    if isinstance(slot.fact.type, Listed):
        return _of_lists(slot, column, count)
    return _of_texts(slot, column, absent, count)


def _of_values(codes: Codes, values: list[Given | None], slot: Slot, count: int) -> Coded:
    masks = [slot.masks(value) for value in values]
    true = words((one for one, _ in masks), count)
    return Coded(codes, true, words((other for _, other in masks), count))


def _of_numbers(slot: Slot, column: Any, absent: Given | None, count: int) -> Coded:  # noqa: ANN401  # the same
    bounds = slot.bounds or ()
    null = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    filled = pc.fill_null(_as_numbers(slot, column), 0).to_numpy(zero_copy_only=False)
    codes = np.searchsorted(np.asarray(bounds, dtype=np.int64), filled, side="right")
    of = slot.fact.type
    values: list[Given | None] = [of.low if isinstance(of, Ranged) else 0, *bounds]
    if null is not None:
        codes[null] = len(values)
        values.append(absent)
    return _of_values(codes, values, slot, count)


def _as_numbers(slot: Slot, column: Any) -> Any:  # noqa: ANN401  # the same
    if isinstance(slot.fact.type, Time) and pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return column.cast(pa.int64())


def _of_texts(slot: Slot, column: Any, absent: Given | None, count: int) -> Coded:  # noqa: ANN401  # the same
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    indices = encoded.indices.cast(pa.int64())
    if encoded.null_count:
        indices = pc.fill_null(indices, len(values))
        values.append(absent)
    return _of_values(indices.to_numpy(zero_copy_only=False), values, slot, count)


def _of_lists(slot: Slot, column: Any, count: int) -> Coded:  # noqa: ANN401  # the same
    members = slot.members
    if members is None or len(members) > _MOST_MEMBERS:
        return _of_whole_lists(slot, column, count)
    places = {member: place for place, member in enumerate(members)}
    flat = column.flatten().dictionary_encode()
    known = flat.dictionary.to_pylist()
    bits = np.array([1 << places[item] if item in places else 0 for item in known] or [0], np.int64)
    parents = pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
    sums = np.zeros(len(column), dtype=np.int64)
    held = bits[flat.indices.to_numpy(zero_copy_only=False)]
    np.bitwise_or.at(sums, parents[held != 0], held[held != 0])
    sums[column.is_null().to_numpy(zero_copy_only=False)] = -1
    found, codes = np.unique(sums, return_inverse=True)
    values = [_items(int(each), members) for each in found]
    return _of_values(codes.astype(np.int64), values, slot, count)


def _items(bits: int, members: tuple[Any, ...]) -> Given | None:
    if bits < 0:
        return None
    return tuple(member for place, member in enumerate(members) if bits >> place & 1)


def _of_whole_lists(slot: Slot, column: Any, count: int) -> Coded:  # noqa: ANN401  # the same
    seen: dict[tuple[Any, ...] | None, int] = {}
    listed = (None if each is None else tuple(each) for each in column.to_pylist())
    codes = np.fromiter((seen.setdefault(each, len(seen)) for each in listed), np.int64)
    return _of_values(codes, list(seen), slot, count)


# --- facts together ----------------------------------------------------------------------------


def _products(coded: list[Coded]) -> list[Coded]:
    """Return the facts with those of few classes joined, smallest first, up to `LARGEST`."""
    joined: list[Coded] = []
    for each in sorted(coded, key=_classes):
        if joined and _classes(joined[-1]) * _classes(each) <= LARGEST:
            joined[-1] = _product(joined[-1], each)
        else:
            joined.append(each)
    return joined


def _classes(of: Coded) -> int:
    return int(of.true.shape[1])


def _product(one: Coded, other: Coded) -> Coded:
    def joined(left: Words, right: Words) -> Words:
        return (left[:, :, None] & right[:, None, :]).reshape(len(left), -1)

    codes = one.codes * _classes(other) + other.codes
    return Coded(codes, joined(one.true, other.true), joined(one.possible, other.possible))


# --- conditions over several facts -------------------------------------------------------------


def _ask(index: Index, batch: Any, found: Judged) -> None:  # noqa: ANN401  # the same
    """Ask the conditions over several facts of the rows on which something still hangs on them."""
    count = len(found.true)
    several = words([index.several], count)
    for row in np.flatnonzero((found.possible & several).any(axis=0)):
        facts = facts_of(index, batch, int(row))
        true, possible = (
            int.from_bytes(each[:, row].tobytes(), "little")
            for each in (found.true, found.possible)
        )
        settled = words(index.settled(true, possible, facts), count)
        found.true[:, row], found.possible[:, row] = settled.T


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
        return value.cast(pa.timestamp("us", value.type.tz)).value  # type: ignore[no-any-return]
    found = value.as_py()
    return tuple(found) if isinstance(found, list) else found
