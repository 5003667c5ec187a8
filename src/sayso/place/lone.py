"""What of a pack lies near one point: the answer of `nearby`, without its columns of points.

The steps and the arithmetic are those of `sayso.place.nearby`. One point needs no pairs and no
keys, and the few pieces that may hold it are asked where they stand; a property test holds the two
together.
"""

import math

import numpy as np
import shapely

from sayso.place.ellipsoid import LEAST_DEGREE_M, Floats, seen
from sayso.place.nearby import PRUNABLE_LATITUDE, PRUNABLE_M, SURELY, Index, squares
from sayso.place.pieces import GRID, Numbers

_AROUND = 360.0
_AT_FIRST = 4
"""Pieces measured at once, the nearest boxes first: more of them cost less than another round."""


def near(
    index: Index, lat: float, lon: float, *, metres: float, beyond_m: float = 0
) -> dict[int, int]:
    """Return the number of each atom within `metres` of a point, and how far it is.

    Those that are a state's ground are told `beyond_m` farther.
    """
    pieces = _boxed(index, lat, lon, metres + beyond_m)
    bounds = index.bounds[pieces].T
    told = dict.fromkeys(_holding(index, pieces, bounds, (lat, lon)), 0)
    atom = index.atom[pieces]
    most = np.where(index.stately, metres + beyond_m, metres)
    most[list(told)] = -1.0
    bound = to_boxes(bounds, lat, lon, metres + beyond_m)
    close = (bound <= most[atom]).nonzero()[0]
    if len(close):
        close = close[bound[close].argsort(kind="stable")]
        best = _least(index, (lat, lon), pieces[close], bound[close])
        told |= {at: int(best[at]) for at in (best <= most).nonzero()[0].tolist()}
    return told


def _boxed(index: Index, lat: float, lon: float, metres: float) -> Numbers:
    """Return the pieces whose box meets the box around a circle, beyond ±180° too."""
    high, wide = _reach(lat, metres)
    west, south, east, north = lon - wide, lat - high, lon + wide, lat + high
    found: Numbers = index.tree.query(shapely.box(west, south, east, north))
    for by, beyond in ((_AROUND, west < -180), (-_AROUND, east > 180)):  # noqa: PLR2004  # the antimeridian
        if beyond:
            more = index.tree.query(shapely.box(west + by, south, east + by, north))
            found = np.union1d(found, more)
    return found


def _reach(lat: float, metres: float) -> tuple[float, float]:
    """Return what `ellipsoid.reach` does, of one number quicker."""
    high = metres / LEAST_DEGREE_M
    edge = min(abs(lat) + high, 90.0)
    sine = math.sin(math.radians(min(high, 90.0))) / max(math.cos(math.radians(edge)), 1e-12)
    if edge >= 89.99 or sine >= 1:  # noqa: PLR2004  # the pole is in the box
        return high, _AROUND
    return high, math.degrees(math.asin(sine)) * 1.01


def _holding(index: Index, pieces: Numbers, bounds: Floats, at: tuple[float, float]) -> set[int]:
    """Return the atoms that have a piece which holds the point."""
    west, south, east, north = bounds
    lat, lon = at
    boxed = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    return {
        int(index.atom[piece])
        for piece in pieces[boxed].tolist()
        if index.boxlike[piece] or _odd(index, piece, lon * GRID, lat * GRID)
    }


def _odd(index: Index, piece: int, x: float, y: float) -> bool:
    """Return whether the ray to the east of a point crosses the piece an odd number of times."""
    begin, end = int(index.start[piece]), int(index.start[piece + 1])
    above = index.y[begin:end] > math.floor(y)
    crossing = (above[:-1] != above[1:]) & ~index.joint[begin : end - 1]
    crossed = 0
    for at in (crossing.nonzero()[0] + begin).tolist():
        x0, x1 = index.x[at : at + 2].tolist()
        y0, y1 = index.y[at : at + 2].tolist()
        crossed += x0 + (y - y0) * ((x1 - x0) / (y1 - y0)) > x
    return crossed % 2 == 1


def to_boxes(bounds: Floats, lat: float, lon: float, metres: float) -> Floats:
    """Return a distance to each box that is surely not more than the true one.

    The boxes are some that meet the box around the circle of `metres`: there no parallel is shorter
    than the one farthest from the equator.
    """
    if abs(lat) > PRUNABLE_LATITUDE or metres > PRUNABLE_M / 2:
        return np.zeros(bounds.shape[1])
    west, south, east, north = bounds
    turn = np.abs((lon - (west + east) / 2 + 180) % _AROUND - 180) - (east - west) / 2
    away = np.maximum(south - lat, lat - north)
    shrink = math.cos(math.radians(abs(lat) + metres / LEAST_DEGREE_M))
    flat: Floats = np.hypot(np.maximum(away, 0), np.maximum(turn, 0) * shrink)
    return flat * (SURELY * LEAST_DEGREE_M)


def _least(index: Index, at: tuple[float, float], pieces: Numbers, bound: Floats) -> Floats:
    """Return the metres to each atom that has some of the pieces, which come nearest box first."""
    atom = index.atom[pieces]
    best = np.full(len(index.names), np.inf)
    for begin, end in ((0, _AT_FIRST), (_AT_FIRST, len(pieces))):
        left = begin + (bound[begin:end] < best[atom[begin:end]]).nonzero()[0]
        if len(left):
            np.minimum.at(best, atom[left], _to_borders(index, at, pieces[left]))
    return best


def _to_borders(index: Index, origin: tuple[float, float], pieces: Numbers) -> Floats:
    """Return the metres from the origin to the border of each piece."""
    begin, end = index.start[pieces], index.start[pieces + 1]
    held = [slice(*each) for each in zip(begin.tolist(), end.tolist(), strict=True)]
    x, y = (np.concatenate([along[each] for each in held]) / GRID for along in (index.x, index.y))
    east, north = seen(*origin, y, x)
    away = np.empty(len(x))
    away[:-1] = squares(east[:-1], north[:-1], east[1:] - east[:-1], north[1:] - north[:-1])
    # The last vertex of a piece is void: its edge joins two rings.
    away[np.concatenate([index.void[each] for each in held])] = np.inf
    counts = end - begin
    nearest: Floats = np.sqrt(np.minimum.reduceat(away, counts.cumsum() - counts))
    return nearest
