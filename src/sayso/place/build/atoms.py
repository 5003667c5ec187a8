"""From zones to atoms: union, move, trim, carve, and find what nobody holds. Law: no ground twice.

Every step takes and gives `{atom: polygons}`. The order matters only where it says so: overlaps
are cut out before disputes are carved, and what remains of the world is found last.
"""

import shapely

from sayso.place.build import recipe
from sayso.place.build.sources import gathered, polygonal
from sayso.place.pack import HIGH_SEAS, UNCLAIMED

Atoms = dict[str, shapely.Geometry]

_WORLD = shapely.box(-180, -90, 180, 90)
_SLIVER = 1e-5
"""Square degrees below which an overlap is noise of the source and stays with both: 0.1 km²."""
_SEAM = 0.002
"""Degrees of half width below which a gap between atoms is a seam of the source."""
_OBLAST_ERROR = 0.09
"""Degrees by which Natural Earth's oblasts are grown on land: their own error, 6 km and more."""
_OBLAST_SEA = 0.4
"""Degrees by which they are grown at sea: past the territorial sea before their coast."""
_SEA_LIMIT = 0.05
"""Degrees by which the second publisher's limits are grown before a state's zones are trimmed."""


def cores(zones: Atoms, states: dict[str, str]) -> Atoms:
    """Return one core for each state: the union of its zones, and of no zone that is disputed."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for name, polygons in zones.items():
        if name != "Europe/Simferopol":
            parts.setdefault(states[name], []).append(polygons)
    for moved in recipe.MOVED:
        _move(moved, zones[moved.zone], parts, states[moved.zone])
    return {code: polygonal(shapely.union_all(each)) for code, each in sorted(parts.items())}


def _move(
    moved: recipe.Moved, zone: shapely.Geometry, parts: dict[str, list[shapely.Geometry]], old: str
) -> None:
    point = shapely.Point(moved.lon, moved.lat)
    ground = next(part for part in shapely.get_parts(zone) if part.contains(point))
    parts[old] = [shapely.difference(each, ground) for each in parts[old]]
    parts[moved.territory].append(ground)


def trim(cores: Atoms, outlines: Atoms) -> Atoms:
    """Return `cores` with those that reach beyond their sea cut back, and the borrowed islands."""
    limit = shapely.buffer(shapely.union_all(list(outlines.values())), _SEA_LIMIT, quad_segs=2)
    south = shapely.box(-180, -90, 180, recipe.ANTARCTIC_LIMIT)
    trimmed = {
        code: polygonal(shapely.intersection(each, limit) if code in recipe.OUTREACH else each)
        for code, each in (cores | {code: outlines[code] for code in recipe.BORROWED}).items()
    }
    north = {code: polygonal(shapely.difference(each, south)) for code, each in trimmed.items()}
    return north | {"AQ": south}


def separate(cores: Atoms) -> Atoms:
    """Return `xx.core` for each state, and as atoms of their own the grounds that two share."""
    names = sorted(cores)
    grounds = [cores[name] for name in names]
    pairs = shapely.STRtree(grounds).query(grounds, predicate="intersects").T
    atoms: Atoms = {f"{name.lower()}.core": cores[name] for name in names}
    for one, two in sorted((names[a], names[b]) for a, b in pairs if a < b):
        shared = _thick(shapely.intersection(cores[one], cores[two]))
        if shapely.is_empty(shared):
            continue
        named = recipe.OVERLAPS.get((one, two), f"{one.lower()}-{two.lower()}.overlap")
        atoms[named] = shared
        for code in (one, two):
            core = f"{code.lower()}.core"
            atoms[core] = polygonal(shapely.difference(atoms[core], shared))
    return atoms


def _thick(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(polygonal(geometry))
    return gathered(parts[shapely.area(parts) > _SLIVER])


def carve(
    atoms: Atoms, crimea: shapely.Geometry, four: shapely.Geometry, *, kosovo: shapely.Geometry
) -> Atoms:
    """Return `atoms` with Crimea, the four oblasts and Kosovo as atoms of their own."""
    four = polygonal(shapely.intersection(atoms["ua.core"], four))
    kosovo = polygonal(shapely.intersection(atoms["rs.core"], kosovo))
    return atoms | {
        "crimea": crimea,
        "ua.oblasts4": four,
        "ua.core": polygonal(shapely.difference(atoms["ua.core"], four)),
        "kosovo": kosovo,
        "rs.core": polygonal(shapely.difference(atoms["rs.core"], kosovo)),
    }


def claimed_oblasts(oblasts: shapely.Geometry, sea: shapely.Geometry) -> shapely.Geometry:
    """Return the oblasts grown by their drawing's error, and by the territorial sea before them."""
    coastal = shapely.intersection(shapely.buffer(oblasts, _OBLAST_SEA), sea)
    return shapely.union(shapely.buffer(oblasts, _OBLAST_ERROR), coastal)


def remainder(atoms: Atoms, sea: shapely.Geometry) -> Atoms:
    """Return the high seas and unclaimed land: what no atom holds, but for the seams."""
    rest = shapely.difference(_WORLD, shapely.union_all(list(atoms.values())))
    parts = shapely.get_parts(polygonal(rest))
    parts = parts[~shapely.is_empty(shapely.buffer(parts, -_SEAM, quad_segs=1))]
    shapely.prepare(sea)
    wet = shapely.intersects(sea, parts)
    return {HIGH_SEAS: gathered(parts[wet]), UNCLAIMED: gathered(parts[~wet])}


def ground(land: shapely.Geometry) -> Atoms:
    """Return the layer that tells land from sea; the south of Antarctica's shelf is land."""
    pole = shapely.box(-180, -90, 180, -85)
    whole = polygonal(shapely.union(land, pole))
    return {"land": whole, "sea": polygonal(shapely.difference(_WORLD, whole))}
