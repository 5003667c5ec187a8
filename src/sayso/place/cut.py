"""Cuts grounds into small pieces: halved, and halved again, until each has few vertices.

The cuts run along meridians and parallels of the pack's grid, so that two pieces beside a cut share
its vertices to the last unit, and no seam opens.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from sayso.place.pieces import GRID, Ints, Pieces, closed

_MOST = 100
"""Vertices of a piece. Fewer make more pieces and quicker ones; measured in bench/place.py."""
EDGE = 0.1
"""Degrees of a border's longest edge; a little below `sayso.place.pieces.LONGEST`."""
_LEAST = 8
"""Units of the grid below which a piece is not halved again."""

Parts = NDArray[np.object_]


def cut(grounds: Iterable[shapely.Geometry]) -> Pieces:
    """Return the pieces of `grounds`, atoms that are numbered in order."""
    parts, atom = exploded(np.array([shapely.segmentize(each, EDGE) for each in grounds]))
    done: list[tuple[Parts, Ints]] = []
    while len(parts):
        few = (shapely.get_num_coordinates(parts) <= _MOST) | (_extent(parts) < _LEAST)
        done.append((parts[few], atom[few]))
        parts, atom = _halved(parts[~few], atom[~few])
    return flat(np.concatenate([p for p, _ in done]), np.concatenate([a for _, a in done]))


def exploded(grounds: Parts, atom: Ints | None = None) -> tuple[Parts, Ints]:
    """Return the polygons in `grounds`, and for each the number of the ground it is from."""
    parts, origin = shapely.get_parts(grounds, return_index=True)
    inner, again = shapely.get_parts(parts, return_index=True)
    origin = origin[again]
    kept = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON
    atom = np.arange(len(grounds), dtype=np.int32) if atom is None else atom
    return inner[kept], atom[origin[kept]]


def _extent(parts: Parts) -> NDArray[np.float64]:
    west, south, east, north = shapely.bounds(parts).T * GRID
    longer: NDArray[np.float64] = np.maximum(east - west, north - south)
    return longer


def _halved(parts: Parts, atom: Ints) -> tuple[Parts, Ints]:
    bounds = np.round(shapely.bounds(parts) * GRID).astype(np.int64)
    wide = bounds[:, 2] - bounds[:, 0] >= bounds[:, 3] - bounds[:, 1]
    middle = bounds.copy()
    middle[wide, 0] = (bounds[wide, 0] + bounds[wide, 2]) // 2
    middle[~wide, 1] = (bounds[~wide, 1] + bounds[~wide, 3]) // 2
    other = bounds.copy()
    other[wide, 2], other[~wide, 3] = middle[wide, 0], middle[~wide, 1]
    halves = [
        shapely.intersection(parts, shapely.box(*(each.T / GRID))) for each in (middle, other)
    ]
    return exploded(np.concatenate(halves), np.concatenate([atom, atom]))


def flat(parts: Parts, atom: Ints) -> Pieces:
    """Return `parts` on the grid, without rings that the grid swallowed, in one fixed order."""
    rows = [row for part, number in zip(parts, atom, strict=True) if (row := _row(part, number))]
    rows.sort(key=lambda row: (row[0], row[1][0].tobytes()))
    rings = [ring for _, each in rows for ring in each]
    return closed(
        *np.concatenate(rings).astype(np.int32).T,
        lengths=np.array([len(ring) for ring in rings]),
        ring_counts=np.array([len(each) for _, each in rows]),
        atom=np.array([number for number, _ in rows]),
    )


def _row(part: shapely.Polygon, number: int) -> tuple[int, list[NDArray[np.int32]]] | None:
    rings = [ring for ring in map(_on_grid, _rings(part)) if len(ring) >= 3]  # noqa: PLR2004  # a triangle
    shell_lost = len(_on_grid(part.exterior)) < 3  # noqa: PLR2004  # the same
    return None if shell_lost else (int(number), rings)


def _rings(part: shapely.Polygon) -> Iterator[shapely.LinearRing]:
    yield part.exterior
    yield from part.interiors


def _on_grid(ring: shapely.LinearRing) -> NDArray[np.int32]:
    """Return the ring's vertices on the grid, opened, without repetitions."""
    points = np.round(shapely.get_coordinates(ring) * GRID).astype(np.int32)
    moved = np.any(points != np.roll(points, 1, axis=0), axis=1)
    return points[moved] if moved.any() else points[:0]
