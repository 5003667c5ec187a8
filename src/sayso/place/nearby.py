"""What of a pack lies near a place: for each atom the metres to it, 0 where it holds the place.

This and the module of whole areas are the only ones that use shapely at run time. A pack's pieces
stand in a tree of boxes; the few that the tree names are measured on the ellipsoid. Metres are
rounded down: a distance is never said to be more than it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from sayso.place.ellipsoid import Floats, reach, seen
from sayso.place.pack import Pack
from sayso.place.pieces import GRID, Ints, Pieces
from sayso.place.shape import Place

Parts = NDArray[np.object_]

_PRUNABLE_LATITUDE = 80.0
_SURELY = 0.8
"""Of the distance to a box, measured along the parallel, this part is no more than the true one."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A pack made ready for questions."""

    names: tuple[str, ...]
    tree: shapely.STRtree
    polygons: Parts
    lonlat: Floats
    joint: NDArray[np.bool_]
    start: Ints
    bounds: Floats
    atom: Ints


@lru_cache(maxsize=4)
def index(pack: Pack) -> Index:
    """Return the index of `pack`, built once."""
    held = pack.pieces
    lonlat = held.xy / GRID
    polygons = _polygons(held, lonlat)
    joint = np.zeros(len(lonlat), np.bool_)
    joint[held.ring_start[1:] - 1] = True
    return Index(
        names=pack.about.atoms,
        tree=shapely.STRtree(polygons),
        polygons=polygons,
        lonlat=lonlat,
        joint=joint,
        start=held.start,
        bounds=shapely.bounds(polygons),
        atom=held.atom,
    )


def _polygons(held: Pieces, lonlat: Floats) -> Parts:
    rings: Any = shapely.linearrings(lonlat, indices=_owner(held.ring_start))
    polygons: Any = shapely.polygons(rings, indices=_owner(held.piece_ring))
    shapely.prepare(polygons)
    return np.asarray(polygons)


def _owner(starts: Ints) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def near(index: Index, place: Place, *, metres: int) -> dict[str, int]:
    """Return the atoms within `metres` of what of `place` is drawn, and how far each is."""
    least: dict[str, int] = {}
    for part in place.parts:
        (ring,) = part.rings
        for atom, away in around(index, *ring[0].degrees, metres=metres).items():
            least[atom] = min(away, least.get(atom, away))
    return least


def around(index: Index, latitude: float, longitude: float, *, metres: float) -> dict[str, int]:
    """Return the atoms within `metres` of a point, and how far each is."""
    found = _boxed(index, latitude, longitude, metres)
    holds = found[shapely.intersects_xy(index.polygons[found], longitude, latitude)]
    inside = np.unique(index.atom[holds])
    others = found[~np.isin(index.atom[found], inside)]
    measured = _least(index, latitude, longitude, others)
    near = {index.names[each]: 0 for each in inside}
    near |= {index.names[each]: int(m) for each, m in measured.items() if m <= metres}
    return near


def _boxed(index: Index, latitude: float, longitude: float, metres: float) -> NDArray[np.int64]:
    """Return the pieces whose box meets the box around the circle, beyond ±180° too."""
    high, wide = (float(each) for each in reach(latitude, metres))
    west, east = longitude - wide, longitude + wide
    turns = (0.0,) if west >= -180 and east <= 180 else (-360.0, 0.0, 360.0)  # noqa: PLR2004  # the antimeridian
    boxes = [shapely.box(west + by, latitude - high, east + by, latitude + high) for by in turns]
    return np.unique(index.tree.query(boxes)[1])


def _least(index: Index, latitude: float, longitude: float, pieces: Any) -> Mapping[int, float]:  # noqa: ANN401  # an array of any integers
    """Return the distance to each atom that has one of the `pieces`.

    First the nearest box of each atom, then only the pieces whose box is nearer than what it gave.
    """
    if not len(pieces):
        return {}
    bound = _to_boxes(index, latitude, longitude, pieces)
    order = np.lexsort((bound, index.atom[pieces]))
    pieces, bound = pieces[order], bound[order]
    atoms, first = np.unique(index.atom[pieces], return_index=True)
    best = _distances(index, latitude, longitude, pieces[first])
    most = np.repeat(best, np.diff(np.append(first, len(pieces))))
    left = bound < most
    left[first] = False
    least = dict(zip(atoms.tolist(), best.tolist(), strict=True))
    further = _distances(index, latitude, longitude, pieces[left])
    for atom, metres in zip(index.atom[pieces[left]].tolist(), further.tolist(), strict=True):
        least[atom] = min(least[atom], metres)
    return least


def _to_boxes(index: Index, latitude: float, longitude: float, pieces: Any) -> Floats:  # noqa: ANN401  # an array of any integers
    """Return a distance to each piece's box that is surely not more than the true one."""
    if abs(latitude) > _PRUNABLE_LATITUDE:
        return np.zeros(len(pieces))
    west, south, east, north = index.bounds[pieces].T
    middle, half = (west + east) / 2, (east - west) / 2
    turn = np.maximum(np.abs((longitude - middle + 180) % 360 - 180) - half, 0)
    lat = np.clip(latitude, south, north)
    return _SURELY * np.hypot(*seen(latitude, 0.0, lat, turn))


def _distances(index: Index, latitude: float, longitude: float, pieces: Any) -> Floats:  # noqa: ANN401  # an array of any integers
    """Return the metres from the point to the border of each piece."""
    if not len(pieces):
        return np.zeros(0)
    begin, counts = index.start[pieces], index.start[pieces + 1] - index.start[pieces]
    ends = np.cumsum(counts)
    at = np.arange(ends[-1]) + np.repeat(begin - (ends - counts), counts)
    lon, lat = index.lonlat[at].T
    x, y = seen(latitude, longitude, lat, lon)
    squares = to_segments(x, y)
    squares[index.joint[at][:-1]] = np.inf
    starts = ends - counts
    return np.sqrt(np.minimum.reduceat(np.append(squares, np.inf), starts))


def to_segments(x: Floats, y: Floats) -> Floats:
    """Return the squared distance from the origin to the segment after each vertex."""
    x0, y0, dx, dy = x[:-1], y[:-1], np.diff(x), np.diff(y)
    length = dx**2 + dy**2
    along = np.divide(-(x0 * dx + y0 * dy), length, out=np.zeros_like(length), where=length > 0)
    along = np.clip(along, 0, 1)
    squares: Floats = (x0 + along * dx) ** 2 + (y0 + along * dy) ** 2
    return squares
