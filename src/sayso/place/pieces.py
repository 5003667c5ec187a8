"""The pieces a pack is made of: small polygons on an integer grid, as flat arrays.

A piece is a polygon of few vertices that belongs to one atom; the pieces of an atom, side by side,
are the atom. Coordinates are integers, in units of 1/100,000 of a degree (at most 1.1 m), so that
a pack has one written form. Rings are closed: the last vertex repeats the first. No edge of a
border is longer than `LONGEST`.

Written form of the arrays (little-endian, each array split into byte planes, all deflated at once):

    pieces:  uint16 atom, one for each piece; uint16 number of rings, one for each piece
    rings:   uint16 number of vertices, without the repeated one, one for each ring
    x, y:    int32 difference to the vertex before, over all rings in order
"""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import MalformedPlace

GRID = 100_000
"""Units of the grid in a degree."""

LONGEST = 10_010
"""Units of a border's longest edge, east-west and north-south. Along it, a line straight in degrees
is the geodesic to within 1.2 m. A longer edge is a cut between two pieces of one atom."""

MOST_BYTES = 256 * 2**20
"""What a pack may inflate to; hostile bytes are not let beyond."""

Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Polygons as arrays: `xy` (vertices, 2), and where in it each ring and each piece starts.

    `ring_start` has one more element than there are rings, `piece_ring` (the first ring of each
    piece) one more than there are pieces, `atom` one for each piece.
    """

    xy: Ints
    ring_start: Ints
    piece_ring: Ints
    atom: Ints

    @property
    def start(self) -> Ints:
        """Where in `xy` each piece starts, and at the end their number."""
        return self.ring_start[self.piece_ring]


def dump(pieces: Pieces) -> bytes:
    """Return the written form of `pieces`."""
    lengths = np.diff(pieces.ring_start) - 1
    opened = np.delete(pieces.xy, pieces.ring_start[1:] - 1, axis=0)
    steps = np.diff(opened, axis=0, prepend=np.zeros((1, 2), np.int32)).astype("<i4")
    columns = [
        np.array([len(pieces.atom), len(lengths), len(opened)], "<u4"),
        pieces.atom.astype("<u2"),
        np.diff(pieces.piece_ring).astype("<u2"),
        lengths.astype("<u2"),
        steps[:, 0],
        steps[:, 1],
    ]
    return zlib.compress(b"".join(_planes(each) for each in columns), 6)


def load(data: bytes) -> Pieces:
    """Return the pieces that `data` holds; `MalformedPlace` if the arrays contradict each other."""
    reader = _Reader(_inflate(data))
    pieces, rings, vertices = (int(each) for each in reader.take(3, "<u4"))
    atom = reader.take(pieces, "<u2")
    ring_counts, lengths = reader.take(pieces, "<u2"), reader.take(rings, "<u2")
    x, y = reader.take(vertices, "<i4"), reader.take(vertices, "<i4")
    whole = ring_counts.sum() == rings and lengths.sum() == vertices and reader.done()
    if not whole or not pieces or ring_counts.min() < 1 or lengths.min() < 3:  # noqa: PLR2004  # a triangle
        raise MalformedPlace("the pack's arrays contradict each other", hint=_AGAIN)
    xy = np.stack([np.cumsum(x, dtype=np.int32), np.cumsum(y, dtype=np.int32)], axis=1)
    if (np.abs(xy).max(axis=0) > (180 * GRID, 90 * GRID)).any():
        raise MalformedPlace("the pack has a vertex outside the world", hint=_AGAIN)
    return closed(xy, lengths=lengths, ring_counts=ring_counts, atom=atom)


def closed(xy: Ints, *, lengths: Any, ring_counts: Any, atom: Any) -> Pieces:  # noqa: ANN401  # arrays of any integers
    """Return the pieces whose open rings lie one after the other in `xy`."""
    starts, ring_start = _starts(lengths), _starts(lengths.astype(np.int32) + 1)
    whole = np.empty((ring_start[-1], 2), np.int32)
    given = np.ones(len(whole), np.bool_)
    given[ring_start[1:] - 1] = False
    whole[given] = xy
    whole[ring_start[1:] - 1] = xy[starts[:-1]]
    return Pieces(whole, ring_start, _starts(ring_counts), atom.astype(np.int32))


def some(pieces: Pieces, wanted: Numbers, atom: Ints) -> Pieces:
    """Return the `wanted` pieces, which belong to the atoms numbered `atom`."""
    rings = _ranges(pieces.piece_ring, wanted)
    counts = np.diff(pieces.ring_start)[rings]
    return Pieces(
        pieces.xy[_ranges(pieces.ring_start, rings)],
        _starts(counts),
        _starts(np.diff(pieces.piece_ring)[wanted]),
        atom.astype(np.int32),
    )


def joined(one: Pieces, two: Pieces) -> Pieces:
    """Return the pieces of both, one after the other."""
    return Pieces(
        np.concatenate([one.xy, two.xy]),
        np.concatenate([one.ring_start, two.ring_start[1:] + one.ring_start[-1]]),
        np.concatenate([one.piece_ring, two.piece_ring[1:] + one.piece_ring[-1]]),
        np.concatenate([one.atom, two.atom]),
    )


def _ranges(starts: Ints, wanted: Numbers) -> Numbers:
    """Return every number from each wanted start up to the next start."""
    begin = starts[wanted].astype(np.int64)
    counts = starts[wanted + 1] - begin
    ends = np.cumsum(counts)
    numbers: Numbers = np.arange(int(counts.sum())) + np.repeat(begin - (ends - counts), counts)
    return numbers


_AGAIN = "fetch the pack again, or build it with `python -m sayso.place.build`"


def _starts(counts: Any) -> Ints:  # noqa: ANN401  # arrays of any integers
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int32)


def _planes(column: NDArray[Any]) -> bytes:
    """Return the bytes of `column`, all first bytes, then all second bytes, and so on."""
    return np.ascontiguousarray(column).view(np.uint8).reshape(-1, column.itemsize).T.tobytes()


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(data, MOST_BYTES)
    except zlib.error:
        raise MalformedPlace("the pack's arrays are not deflated bytes", hint=_AGAIN) from None
    if not inflater.eof or inflater.unused_data:
        raise MalformedPlace("the pack's arrays are cut short, or too many", hint=_AGAIN)
    return plain


class _Reader:
    """Takes one array after the other from bytes split into planes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int, kind: str) -> NDArray[Any]:
        size = np.dtype(kind).itemsize
        end = self._at + count * size
        if end > len(self._data):
            raise MalformedPlace("the pack's arrays end too early", hint=_AGAIN)
        planes = np.frombuffer(self._data, np.uint8, count * size, self._at).reshape(size, count)
        self._at = end
        return np.ascontiguousarray(planes.T).view(kind).reshape(count)

    def done(self) -> bool:
        return self._at == len(self._data)
