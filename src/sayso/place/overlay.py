"""A deployment's own ground: a line of control, a zone, a border it draws otherwise.

An overlay is laid over a pack and gives another pack, with a digest of its own. What it covers of
an atom becomes an atom beside it: `held` laid over `ua.core` makes `ua.core+held`. A viewpoint that
says nothing of `+held` goes on as before; one that does says whose it is:

    territories:
      UA: {minus: [+held]}
      RU: {plus: [+held]}

Laid again under the same name, an overlay replaces the one before. It comes with its source, its
licence and its date, which the pack names from then on, and is read from GeoJSON or from a
GeoPackage: polygons, in WGS 84.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from sayso.errors import MalformedPlace
from sayso.place import geojson, geopackage, pack
from sayso.place.cut import EDGE, Parts, exploded, flat
from sayso.place.ellipsoid import Floats
from sayso.place.pack import GROUND, Input, Pack
from sayso.place.pieces import Ints, Numbers, Pieces, joined, some

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AREAS = {int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an overlay comes from: its name, whose it is, under what licence, and its date."""

    name: str
    source: str
    licence: str
    date: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not _DATE.fullmatch(self.date):
            raise MalformedPlace(
                f"`{self.name}` of `{self.date}` does not name an overlay",
                hint="the name has small letters, digits and hyphens; the date is 2026-05-30",
            )
        if not self.source or not self.licence:
            raise MalformedPlace(f"the overlay `{self.name}` names no source, or no licence")


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Polygons of one ground, with where they come from and the digest of what was read."""

    origin: Origin
    ground: shapely.Geometry
    sha256: str


def from_geojson(data: bytes, origin: Origin) -> Overlay:
    """Return the overlay that a GeoJSON file draws; every area in it is taken, and nothing else."""
    try:
        drawn = geojson.parse(data.decode("utf-8"), within_m=0)
    except UnicodeDecodeError:
        raise MalformedPlace("the overlay is not UTF-8") from None
    if any(part.kind != "area" for part in drawn.parts):
        raise MalformedPlace("the overlay draws points or lines", hint="give areas only")
    areas = [
        shapely.Polygon(*_lonlat([[at.degrees for at in ring] for ring in part.rings]))
        for part in drawn.parts
    ]
    return _overlay(areas, origin, data)


def _lonlat(rings: list[list[tuple[float, float]]]) -> tuple[Floats, list[Floats]]:
    outer, *holes = [np.array(ring)[:, ::-1] for ring in rings]
    return outer, holes


def from_geopackage(data: bytes, origin: Origin) -> Overlay:
    """Return the overlay that the feature tables of a GeoPackage hold."""
    return _overlay(geopackage.areas(data), origin, data)


def _overlay(areas: Sequence[shapely.Geometry], origin: Origin, data: bytes) -> Overlay:
    kinds = {int(shapely.get_type_id(each)) for each in areas}
    if not areas or not kinds <= _AREAS:
        raise MalformedPlace("the overlay draws no area, or not only areas", hint="give polygons")
    if any(not shapely.is_valid(each) or shapely.is_empty(each) for each in areas):
        raise MalformedPlace("a border of the overlay crosses itself, or is empty")
    ground = shapely.union_all(areas)
    west, south, east, north = ground.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):  # noqa: PLR2004  # the ends of the world
        raise MalformedPlace("the overlay lies outside the world", hint="longitude stands first")
    return Overlay(origin, ground, hashlib.sha256(data).hexdigest())


def lay(over: Pack, overlay: Overlay) -> bytes:
    """Return the bytes of the pack that `over` becomes with `overlay` laid on it."""
    suffix = f"+{overlay.origin.name}"
    bases, atom = _without(over, suffix)
    ground = shapely.segmentize(overlay.ground, EDGE)
    shapely.prepare(ground)
    polygons = _polygons(over.pieces)
    territorial = ~np.isin(atom, [bases.index(name) for name in GROUND])
    hit = territorial & shapely.intersects(ground, polygons)
    within, owner = exploded(shapely.intersection(polygons[hit], ground), atom[hit])
    beyond, rest = exploded(shapely.difference(polygons[hit], ground), atom[hit])
    covered = sorted(set(owner.tolist()))
    added = {base: len(bases) + number for number, base in enumerate(covered)}
    new = np.array([added[base] for base in owner.tolist()], np.int32)
    kept = some(over.pieces, np.flatnonzero(~hit), atom[~hit])
    made = flat(np.concatenate([within, beyond]), np.concatenate([new, rest]))
    names = (*bases, *(bases[base] + suffix for base in covered))
    return pack.dump(_about(over, overlay, names), joined(kept, made))


def _without(over: Pack, suffix: str) -> tuple[tuple[str, ...], Ints]:
    """Return the atoms without those of an overlay, and each piece's number among them."""
    names = over.about.atoms
    bases = tuple(name for name in names if not name.endswith(suffix))
    number = np.array([bases.index(name.removesuffix(suffix)) for name in names], np.int32)
    return bases, number[over.pieces.atom]


def _polygons(held: Pieces) -> Parts:
    """Return the pieces as polygons, in degrees."""
    rings = shapely.linearrings(held.degrees, indices=_owner(held.ring_start))
    polygons = np.asarray(shapely.polygons(np.asarray(rings), indices=_owner(held.piece_ring)))
    sound: Parts = np.where(shapely.is_valid(polygons), polygons, shapely.buffer(polygons, 0))
    return sound


def _owner(starts: Ints) -> Numbers:
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def _about(over: Pack, overlay: Overlay, names: tuple[str, ...]) -> pack.About:
    origin = overlay.origin
    named = f"{origin.name}: {origin.source} ({origin.licence})"
    others = tuple(
        each for each in over.about.inputs if not each.name.startswith(f"{origin.name}: ")
    )
    sources = over.about.source.split(" + ")
    kept = [each for each in sources if not each.startswith(f"{origin.name} of ")]
    return replace(
        over.about,
        source=" + ".join([*kept, f"{origin.name} of {origin.date}"]),
        inputs=(*others, Input(named, origin.date, overlay.sha256)),
        atoms=names,
    )
