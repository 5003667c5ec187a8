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
    """Polygons as arrays: `x` and `y` of the vertices, where each ring starts, and each piece.

    `ring_start` has one more element than there are rings, `piece_ring` (the first ring of each
    piece) one more than there are pieces, `atom` one for each piece.
    """

    x: Ints
    y: Ints
    ring_start: Ints
    piece_ring: Ints
    atom: Ints

    @property
    def start(self) -> Ints:
        """Where among the vertices each piece starts, and at the end their number."""
        return self.ring_start[self.piece_ring]

    @property
    def degrees(self) -> NDArray[np.float64]:
        """The vertices as pairs of a longitude and a latitude."""
        return np.stack([self.x, self.y], axis=1) / GRID


def dump(pieces: Pieces) -> bytes:
    """Return the written form of `pieces`."""
    lengths = np.diff(pieces.ring_start) - 1
    opened = [np.delete(each, pieces.ring_start[1:] - 1) for each in (pieces.x, pieces.y)]
    columns = [
        np.array([len(pieces.atom), len(lengths), len(opened[0])], "<u4"),
        pieces.atom.astype("<u2"),
        np.diff(pieces.piece_ring).astype("<u2"),
        lengths.astype("<u2"),
        *(np.diff(each, prepend=np.int32(0)).astype("<i4") for each in opened),
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
    x, y = np.cumsum(x, dtype=np.int32), np.cumsum(y, dtype=np.int32)
    if _beyond(x, 180) or _beyond(y, 90):
        raise MalformedPlace("the pack has a vertex outside the world", hint=_AGAIN)
    return closed(x, y, lengths=lengths, ring_counts=ring_counts, atom=atom)


def _beyond(along: Ints, degrees: int) -> bool:
    return bool(along.min() < -degrees * GRID or along.max() > degrees * GRID)


def closed(x: Ints, y: Ints, *, lengths: Any, ring_counts: Any, atom: Any) -> Pieces:  # noqa: ANN401  # arrays of any integers
    """Return the pieces whose open rings lie one after the other in `x` and `y`."""
    starts, ring_start = _starts(lengths), _starts(lengths.astype(np.int32) + 1)
    # One vertex is put in after each ring: at its end the place moves on by one more.
    given = np.arange(len(x)) + np.repeat(np.arange(len(lengths)), lengths)
    whole = []
    for opened in (x, y):
        ring = np.empty(ring_start[-1], np.int32)
        ring[given] = opened
        ring[ring_start[1:] - 1] = opened[starts[:-1]]
        whole.append(ring)
    return Pieces(whole[0], whole[1], ring_start, _starts(ring_counts), atom.astype(np.int32))


def some(pieces: Pieces, wanted: Numbers, atom: Ints) -> Pieces:
    """Return the `wanted` pieces, which belong to the atoms numbered `atom`."""
    rings = _ranges(pieces.piece_ring, wanted)
    counts, at = np.diff(pieces.ring_start)[rings], _ranges(pieces.ring_start, rings)
    return Pieces(
        pieces.x[at],
        pieces.y[at],
        _starts(counts),
        _starts(np.diff(pieces.piece_ring)[wanted]),
        atom.astype(np.int32),
    )


def joined(one: Pieces, two: Pieces) -> Pieces:
    """Return the pieces of both, one after the other."""
    return Pieces(
        np.concatenate([one.x, two.x]),
        np.concatenate([one.y, two.y]),
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
        column = np.empty((count, size), np.uint8)
        for number, plane in enumerate(planes):
            column[:, number] = plane
        return column.view(kind).reshape(count)

    def done(self) -> bool:
        return self._at == len(self._data)
