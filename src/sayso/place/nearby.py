"""What of a pack lies near each of many points: for each atom the metres to it, 0 if it holds one.

One point alone goes the same way in `sayso.place.lone`. A tree of boxes (shapely's) names the few
pieces that can matter; the rest is arithmetic on flat arrays of vertices:

1. the pieces whose box meets the box around the circle;
2. of those whose box holds the point, whether the piece does: a ray to the east is crossed an odd
   number of times;
3. of each atom that does not hold the point, the distance to the piece whose box is nearest, and
   then only to the pieces whose box is nearer than that; of a piece only to the edges that meet the
   box around the circle.

Metres are rounded down: a distance is never said to be more than it is.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from sayso.place.ellipsoid import LEAST_DEGREE_M, Floats, reach, seen
from sayso.place.pack import GROUND, HIGH_SEAS, UNCLAIMED, Pack
from sayso.place.pieces import GRID, LONGEST, Ints, Numbers

PRUNABLE_LATITUDE = 80.0
PRUNABLE_M = 500_000.0
SURELY = 0.95
"""Of the distance to a box, measured along the parallel, this part is no more than the true one."""
SLACK_M = 10
"""Put around each circle where edges are compared in degrees: an edge drawn in the plane of a point
bulges at most 1.2 m from the same edge drawn in degrees."""
_NOBODYS = GROUND | {HIGH_SEAS, UNCLAIMED}
_TINY = np.finfo(np.float64).tiny
_AT_ONCE = 5_000
"""Points asked at once: it bounds the memory, and more is no quicker."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A pack made ready for questions. `bounds` are degrees: west, south, east, north."""

    names: tuple[str, ...]
    tree: shapely.STRtree
    x: Ints
    y: Ints
    start: Ints
    void: Bools
    """Whether the edge after each vertex is no border: it joins two rings, or is a long cut."""
    joint: Bools
    """Whether it joins two rings."""
    bounds: Floats
    boxlike: Bools
    """Whether the piece fills its bounds."""
    atom: Ints
    stately: Bools
    """Whether each atom is a state's ground, of which distances are told from afar."""


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """One row for each atom near a point: the point's number, the atom's, and the metres."""

    point: Numbers
    atom: Numbers
    metres: Numbers


@lru_cache(maxsize=4)
def index(pack: Pack) -> Index:
    """Return the index of `pack`, built once."""
    held = pack.pieces
    x, y, begin = held.x, held.y, held.start[:-1]
    low = [np.minimum.reduceat(each, begin) for each in (x, y)]
    high = [np.maximum.reduceat(each, begin) for each in (x, y)]
    bounds = np.stack([*low, *high], axis=1) / GRID
    joint = np.zeros(len(x), np.bool_)
    joint[held.ring_start[1:] - 1] = True
    return Index(
        names=pack.about.atoms,
        tree=shapely.STRtree(np.asarray(shapely.box(*bounds.T))),
        x=x,
        y=y,
        start=held.start,
        void=joint | _longer(x) | _longer(y),
        joint=joint,
        bounds=bounds,
        boxlike=_boxlike(x, y, held.start, bounds),
        atom=held.atom,
        stately=np.array([name not in _NOBODYS for name in pack.about.atoms]),
    )


def _longer(along: Ints) -> Bools:
    """Return whether each vertex and the next lie farther apart than a border's do."""
    longer: Bools = np.abs(np.diff(along, append=along[-1:])) > LONGEST
    return longer


def _boxlike(x: Ints, y: Ints, start: Ints, bounds: Floats) -> Bools:
    """Return whether each piece is a rectangle: five vertices, each on two sides of its bounds."""
    five: Bools = np.diff(start) == 5  # noqa: PLR2004  # four corners, and the first again
    at = start[:-1][five][:, None] + np.arange(5)
    west, south, east, north = np.round(bounds[five] * GRID).astype(np.int32).T[..., None]
    corner = ((x[at] == west) | (x[at] == east)) & ((y[at] == south) | (y[at] == north))
    five[five] = corner.all(axis=1)
    return five


def around(index: Index, latitude: float, longitude: float, *, metres: float) -> dict[str, int]:
    """Return the atoms within `metres` of one point, and how far each is."""
    found = near(index, np.array([latitude]), np.array([longitude]), metres=np.array([metres]))
    named = zip(found.atom.tolist(), found.metres.tolist(), strict=True)
    return {index.names[atom]: away for atom, away in named}


def boxed(index: Index, latitude: float, longitude: float, metres: float) -> Numbers:
    """Return the pieces whose box meets the box around a circle."""
    return _boxed(index, np.array([latitude]), np.array([longitude]), np.array([metres]))[1]


def vertices(index: Index, pieces: Numbers) -> Numbers:
    """Return where in the index the vertices of some pieces stand."""
    return _vertices(index, pieces)[0]


def near(
    index: Index, latitude: Floats, longitude: Floats, *, metres: Floats, beyond_m: float = 0
) -> Near:
    """Return the atoms within `metres` of each point, ordered by point and by atom.

    Those that are a state's ground are told `beyond_m` farther, or less far if it is negative.
    """
    parts = []
    for begin in range(0, len(latitude), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        found = _near(index, latitude[some], longitude[some], metres[some], beyond_m)
        parts.append((found.point + begin, found.atom, found.metres))
    none = np.zeros(0, np.int64)
    whole = [np.concatenate(each) for each in zip((none, none, none), *parts, strict=True)]
    return Near(*whole)


def _near(index: Index, lat: Floats, lon: Floats, metres: Floats, beyond_m: float) -> Near:
    point, piece = _boxed(index, lat, lon, metres + max(beyond_m, 0))
    key = point * len(index.names) + index.atom[piece]
    inside = _inside(index, lat, lon, point, piece)
    held = np.sort(key[inside], kind="stable")
    held = held[_firsts(held)]
    other = np.flatnonzero(~inside)
    other = other[~_among(key[other], held)]
    window = _windows(lat, lon, metres + max(beyond_m, 0))
    asked = _Asked(index, lat, lon, window, point[other], piece[other], key[other])
    keys, away = _least(asked, metres, beyond_m)
    keys = np.concatenate([held, keys])
    away = np.concatenate([np.zeros(len(held)), away])
    order = np.argsort(keys, kind="stable")
    point, atom = np.divmod(keys[order], len(index.names))
    return Near(point, atom, np.floor(away[order]).astype(np.int64))


def _firsts(ordered: Numbers) -> Bools:
    """Return which of some sorted numbers differ from the one before."""
    first = np.ones(len(ordered), np.bool_)
    np.greater(ordered[1:], ordered[:-1], out=first[1:])
    return first


def _among(some: Numbers, those: Numbers) -> Bools:
    """Return which of `some` are among `those`, which are sorted."""
    if not len(those):
        return np.zeros(len(some), np.bool_)
    at = np.minimum(np.searchsorted(those, some), len(those) - 1)
    found: Bools = those[at] == some
    return found


def _boxed(index: Index, lat: Floats, lon: Floats, metres: Floats) -> tuple[Numbers, Numbers]:
    """Return the pairs of a point and a piece whose boxes meet, beyond ±180° too."""
    high, wide = reach(lat, metres)
    west, east, number = lon - wide, lon + wide, np.arange(len(lat))
    boxes, owner = [shapely.box(west, lat - high, east, lat + high)], [number]
    for by, beyond in ((360.0, west < -180), (-360.0, east > 180)):  # noqa: PLR2004  # the antimeridian
        if beyond.any():
            w, e, la, hi = west[beyond] + by, east[beyond] + by, lat[beyond], high[beyond]
            boxes.append(shapely.box(w, la - hi, e, la + hi))
            owner.append(number[beyond])
    row, piece = index.tree.query(np.concatenate([np.atleast_1d(each) for each in boxes]))
    point = np.concatenate(owner)[row]
    if len(boxes) == 1:
        return point, piece
    # A box and its turned twin may name one piece twice, and the order is lost.
    pairs = np.sort(point * len(index.atom) + piece, kind="stable")
    point, piece = np.divmod(pairs[_firsts(pairs)], len(index.atom))
    return point, piece


def _inside(index: Index, lat: Floats, lon: Floats, point: Numbers, piece: Numbers) -> Bools:
    """Return which pairs are of a piece that holds its point."""
    west, south, east, north = index.bounds[piece].T
    x, y = lon[point], lat[point]
    within: Bools = (west <= x) & (x <= east) & (south <= y) & (y <= north)
    asked = np.flatnonzero(within & ~index.boxlike[piece])
    if len(asked):
        within[asked] = _odd(index, piece[asked], x[asked] * GRID, y[asked] * GRID)
    return within


def _odd(index: Index, piece: Numbers, x: Floats, y: Floats) -> Bools:
    """Return whether the ray to the east of each point crosses its piece an odd number of times."""
    at, begin, counts = _vertices(index, piece)
    above = index.y[at] > np.repeat(np.floor(y).astype(np.int32), counts)
    crossing = np.flatnonzero((above[:-1] != above[1:]) & ~index.joint[at[:-1]])
    owner = np.searchsorted(begin, crossing, side="right") - 1
    one = at[crossing]
    x0, y0 = index.x[one].astype(np.float64), index.y[one].astype(np.float64)
    slope = (index.x[one + 1] - x0) / (index.y[one + 1] - y0)
    east = x0 + (y[owner] - y0) * slope > x[owner]
    odd: Bools = np.bincount(owner[east], minlength=len(piece)) % 2 == 1
    return odd


def _vertices(index: Index, piece: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return where the pieces' vertices stand, one piece after the other; where each begins there;
    and how many each has."""  # noqa: D205, D209  # one sentence
    begin = index.start[piece].astype(np.int64)
    counts = index.start[piece + 1] - begin
    ends = np.cumsum(counts)
    first = ends - counts
    return np.arange(ends[-1]) + np.repeat(begin - first, counts), first, counts


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Pairs of a point and a piece that does not hold it, and the key of point and atom."""

    index: Index
    lat: Floats
    lon: Floats
    window: Ints
    point: Numbers
    piece: Numbers
    key: Numbers

    def only(self, pairs: Numbers | Bools) -> "_Asked":
        """Return some of the pairs."""
        kept = (self.point[pairs], self.piece[pairs], self.key[pairs])
        return _Asked(self.index, self.lat, self.lon, self.window, *kept)


def _least(asked: _Asked, metres: Floats, beyond_m: float) -> tuple[Numbers, Floats]:
    """Return each key within reach and the least distance from its point to its atom."""
    bound = _to_boxes(asked)
    most = metres[asked.point] + beyond_m * asked.index.stately[asked.index.atom[asked.piece]]
    close = np.flatnonzero(bound <= most)
    if not len(close):
        return asked.key[close], np.zeros(0)
    order = close[np.lexsort((bound[close], asked.key[close]))]
    asked, bound, most = asked.only(order), bound[order], most[order]
    first = np.flatnonzero(_firsts(asked.key))
    keys = asked.key[first]
    best = _to_borders(asked.only(first))
    group = np.cumsum(_firsts(asked.key)) - 1
    left = bound < best[group]
    left[first] = False
    if left.any():
        np.minimum.at(best, group[left], _to_borders(asked.only(left)))
    reached = best <= most[first]
    return keys[reached], best[reached]


def _to_boxes(asked: _Asked) -> Floats:
    """Return a distance to each piece's box that is surely not more than the true one."""
    west, south, east, north = asked.index.bounds[asked.piece].T
    lat, lon = asked.lat[asked.point], asked.lon[asked.point]
    turn = np.abs((lon - (west + east) / 2 + 180) % 360 - 180) - (east - west) / 2
    closest = np.minimum(np.maximum(lat, south), north)
    shrink = np.cos(np.radians(np.maximum(np.abs(lat), np.abs(closest))))
    flat = np.hypot(lat - closest, np.maximum(turn, 0) * shrink) * (SURELY * LEAST_DEGREE_M)
    return np.where((np.abs(lat) > PRUNABLE_LATITUDE) | (flat > PRUNABLE_M), 0.0, flat)


def _windows(lat: Floats, lon: Floats, metres: Floats) -> Ints:
    """Return the west, south, east and north of the box around each circle, in units of the grid.

    The box of a circle that goes beyond a pole or the antimeridian is the world.
    """
    high, wide = reach(lat, metres + SLACK_M)
    sides = np.array([lon - wide, lat - high, lon + wide, lat + high])
    west, south, east, north = sides
    beyond = (west < -180) | (south < -90) | (east > 180) | (north > 90)  # noqa: PLR2004  # the ends of the world
    sides[:, beyond] = np.array([[-180], [-90], [180], [90]])
    sides[2:] += 1 / GRID  # rounded down below, to the unit beyond
    windows: Ints = np.floor(sides * GRID).astype(np.int32)
    return windows


def _to_borders(asked: _Asked) -> Floats:
    """Return the metres from each pair's point to the border of its piece, or infinity.

    Only edges that meet the point's window are measured: the others are farther than is asked.
    """
    index = asked.index
    at, begin, counts = _vertices(index, asked.piece)
    west, south, east, north = (np.repeat(side[asked.point], counts) for side in asked.window)
    x, y = index.x[at], index.y[at]
    # Both ends of an edge beyond the same side: the edge is. (Cohen and Sutherland's outcodes.)
    side = np.zeros(len(at), np.uint8)
    for bit, beyond in enumerate((x < west, x > east, y < south, y > north)):
        side |= beyond.view(np.uint8) << bit
    met = ~index.void[at]  # the last vertex of all is void, so each that is met has a next
    met[:-1] &= side[:-1] & side[1:] == 0
    ends = met.copy()
    ends[1:] |= met[:-1]
    kept = np.flatnonzero(ends)
    owner = np.searchsorted(begin, kept, side="right") - 1
    point = asked.point[owner]
    east, north = seen(asked.lat[point], asked.lon[point], y[kept] / GRID, x[kept] / GRID)
    one = np.flatnonzero(met[kept])
    two = one + 1
    squared = squares(east[one], north[one], east[two] - east[one], north[two] - north[one])
    best = np.full(len(counts), np.inf)
    np.minimum.at(best, owner[one], squared)
    metres: Floats = np.sqrt(best)
    return metres


def to_segments(one: Floats, two: Floats) -> Floats:
    """Return the squared distance from the origin to the segment from each `one` to its `two`."""
    x0, y0 = one.T
    dx, dy = (two - one).T
    return squares(x0, y0, dx, dy)


def squares(x0: Floats, y0: Floats, dx: Floats, dy: Floats) -> Floats:
    """Return the squared distance from the origin to each segment: its start, and to its end."""
    length = dx * dx + dy * dy
    along = -(x0 * dx + y0 * dy) / np.maximum(length, _TINY)
    along = np.minimum(np.maximum(along, 0), 1)
    nearest_x, nearest_y = x0 + along * dx, y0 + along * dy
    squared: Floats = nearest_x * nearest_x + nearest_y * nearest_y
    return squared
