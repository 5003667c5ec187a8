"""What of a pack lies near a whole place: points, lines along geodesics, and areas.

One point goes to `lone`, several to `nearby`, all at once. A line or a border is drawn along its
geodesics and taken in stretches of at most 50 km, each measured in the tangent plane of its middle.
What a line crosses or an area holds is asked in degrees, of the drawn way, turned by ±360° so that
the antimeridian is no edge. An area whose border goes around a pole holds the pole that is nearer.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import shapely
from shapely import affinity

from sayso.errors import MalformedPlace
from sayso.place import lone, nearby
from sayso.place.ellipsoid import Floats, seen
from sayso.place.geodesic import drawn
from sayso.place.nearby import Index
from sayso.place.pieces import GRID, Numbers
from sayso.place.shape import Part, Place, Ring

_STRETCH = 10
"""Edges of a stretch, each at most `geodesic.STEP_M` long."""
_AROUND = 180.0


def near(index: Index, place: Place, *, metres: int, beyond_m: int) -> dict[str, int]:
    """Return the atoms within `metres` of what of `place` is drawn, and how far each is.

    Those that are a state's ground are told `beyond_m` farther.
    """
    points = [part.rings[0][0].degrees for part in place.parts if part.kind == "point"]
    found = [_to_points(index, points, metres, beyond_m)] if points else []
    found += [
        _to_part(index, part, metres + beyond_m) for part in place.parts if part.kind != "point"
    ]
    return _least(pair for each in found for pair in each.items())


def _least(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    least: dict[str, int] = {}
    for atom, away in pairs:
        least[atom] = min(away, least.get(atom, away))
    return least


def _to_points(
    index: Index, points: list[tuple[float, float]], metres: int, beyond_m: int
) -> dict[str, int]:
    if len(points) == 1:
        one = lone.near(index, *points[0], metres=metres, beyond_m=beyond_m)
        return {index.names[atom]: away for atom, away in one.items()}
    lat, lon = np.array(points).T
    found = nearby.near(index, lat, lon, metres=np.full(len(lat), float(metres)), beyond_m=beyond_m)
    named = zip(found.atom.tolist(), found.metres.tolist(), strict=True)
    return _least((index.names[atom], away) for atom, away in named)


def _to_part(index: Index, part: Part, metres: int) -> dict[str, int]:
    ways = [_way(ring, closed=part.kind == "area") for ring in part.rings]
    held = _crossed(index, _shape(part, ways))
    least, most = dict.fromkeys(held, 0), np.full(len(index.names), float(metres))
    for lat, lon in (stretch for way in ways for stretch in _stretches(way)):
        # What is near already counts only if it is nearer now.
        most[list(least)] = np.nextafter(list(least.values()), -1.0)
        least |= _to_stretch(index, lat, lon, most)
    return {index.names[atom]: away for atom, away in least.items()}


def _way(ring: Ring, *, closed: bool) -> tuple[Floats, Floats]:
    whole = (*ring, ring[0]) if closed else ring
    lat, lon = np.array([at.degrees for at in whole]).T
    return drawn(lat, lon)


def _stretches(way: tuple[Floats, Floats]) -> Iterator[tuple[Floats, Floats]]:
    lat, lon = way
    for begin in range(0, len(lat) - 1, _STRETCH):
        yield lat[begin : begin + _STRETCH + 1], lon[begin : begin + _STRETCH + 1]


def _shape(part: Part, ways: list[tuple[Floats, Floats]]) -> shapely.Geometry:
    """Return the drawn part in degrees, with longitudes that may go beyond ±180."""
    if part.kind == "line":
        return shapely.LineString(np.stack(ways[0][::-1], axis=1))
    first, *holes = [_ring(lat, lon) for lat, lon in ways]
    turned = [hole + (_turn(hole, first), 0) for hole in holes]  # noqa: RUF005  # arrays are added, not joined
    area = shapely.Polygon(first, turned)
    if not area.is_valid:
        raise MalformedPlace(
            "the area's border crosses itself, or its holes do not lie in it",
            hint="give the vertices in the order of the border",
        )
    return area


def _ring(lat: Floats, lon: Floats) -> Floats:
    """Return a closed ring; one that goes around the globe is closed over the nearer pole."""
    if abs(lon[-1] - lon[0]) > _AROUND:
        pole = 90.0 if lat.mean() > 0 else -90.0
        lat = np.concatenate([lat, [pole, pole]])
        lon = np.concatenate([lon, [lon[-1], lon[0]]])
    return np.stack([lon, lat], axis=1)


def _turn(hole: Floats, outer: Floats) -> float:
    """Return the turns, in degrees, that bring a hole to where the outer ring is drawn."""
    apart = float(outer[:, 0].mean() - hole[:, 0].mean())
    return 360 * round(apart / 360)


def _crossed(index: Index, shape: shapely.Geometry) -> set[int]:
    """Return the atoms that have a piece which the shape meets, wherever around the globe."""
    met: set[int] = set()
    for by in (-360, 0, 360):
        turned = affinity.translate(shape, xoff=by)
        shapely.prepare(turned)
        pieces = index.tree.query(turned, predicate="intersects")
        pieces = pieces[~np.isin(index.atom[pieces], list(met))]
        drawn_pieces = np.array([_polygon(index, int(piece)) for piece in pieces], np.object_)
        if len(pieces):
            met |= set(index.atom[pieces[shapely.intersects(turned, drawn_pieces)]].tolist())
    return met


def _polygon(index: Index, piece: int) -> shapely.Polygon:
    some = slice(index.start[piece], index.start[piece + 1])
    lonlat = np.stack([index.x[some], index.y[some]], axis=1) / GRID
    ends = np.flatnonzero(index.joint[some]) + 1
    outer, *holes = np.split(lonlat, ends[:-1])
    return shapely.Polygon(outer, holes)


def _to_stretch(index: Index, lat: Floats, lon: Floats, most: Floats) -> dict[int, int]:
    """Return the metres from a short line to the border of each atom within its `most`."""
    middle = len(lat) // 2
    lat0, lon0 = lat[middle], (lon[middle] + _AROUND) % 360 - _AROUND
    line = np.stack(seen(lat0, lon0, lat, lon), axis=1)
    half = float(np.hypot(*line.T).max())
    reach = max(float(most.max()), 0.0) + half
    pieces = nearby.boxed(index, lat0, lon0, reach)
    bound = lone.to_boxes(index.bounds[pieces].T, lat0, lon0, reach) - half
    pieces = pieces[bound <= most[index.atom[pieces]]]
    least: dict[int, int] = {}
    for atom in np.unique(index.atom[pieces]).tolist():
        away = _to_atom(index, pieces[index.atom[pieces] == atom], line, (lat0, lon0))
        if away <= most[atom]:
            least[atom] = int(away)
    return least


def _to_atom(index: Index, pieces: Numbers, line: Floats, origin: tuple[float, float]) -> float:
    """Return the metres between a line in the plane of its origin and the border of an atom."""
    at = nearby.vertices(index, pieces)
    border = np.stack(seen(*origin, index.y[at] / GRID, index.x[at] / GRID), axis=1)
    kept = ~index.void[at[:-1]]
    one, two = border[:-1][kept], border[1:][kept]
    if not len(one):
        return float("inf")
    ends = [nearby.to_segments(one - at_line, two - at_line).min() for at_line in line]
    border_ends = np.concatenate([one, two])
    sides = [
        nearby.to_segments(begin - border_ends, end - border_ends).min()
        for begin, end in pairwise(line)
    ]
    return float(np.sqrt(min(*ends, *sides)))
