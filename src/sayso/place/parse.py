"""From the text somebody types to a place; one way in for every form.

| form | for example | module |
|---|---|---|
| decimal degrees; degrees, minutes, seconds | `51.73, 36.19` | `angles` |
| military grid; UTM | `37U CS 29 08`; `37 north 389000 5610000` | `grids` |
| Plus code, in full | `8FXV8PMR+7P` | `pluscode` |
| GeoJSON | `{"type": "Point", "coordinates": [36.19, 51.73]}` | `geojson` |
| well-known text | `POINT (36.19 51.73)` | `wkt` |
| KML | `<kml>…</kml>` | `kml` |
| a town's name, or its number in GeoNames | `Kursk`, `geonames:538560` | `gazetteer` |

A form that does not say how exact it is implies a least radius; `within_m` can only enlarge it.
Whatever cannot be meant, or may mean two things, is a `MalformedPlace` that says so. Whether the
border of an area crosses itself is known only when it is drawn along its geodesics: `resolve`
refuses it.
"""

from collections.abc import Callable
from typing import Protocol

from sayso.errors import MalformedPlace
from sayso.place import angles, gazetteer, geojson, grids, kml, pluscode, wkt
from sayso.place.shape import WIDEST_M, Part, Place, Point


class _Read(Protocol):
    def __call__(self, text: str, /, *, within_m: int) -> Place: ...


LONGEST = 2_000_000
"""Characters of the longest text read."""
_LONGEST_NAME = 200
"""Characters of the longest position or name; only a drawing is longer."""

_Forms = tuple[tuple[Callable[[str], bool], _Read], ...]
_DRAWINGS: _Forms = (
    (geojson.looks, geojson.parse),
    (kml.looks, kml.parse),
    (wkt.looks, wkt.parse),
)
_POSITIONS: _Forms = (
    (pluscode.looks, pluscode.parse),
    (grids.looks, grids.parse),
    (angles.looks, angles.parse),
)
"""In this order: what a later form would take for its own is refused by none before it."""


def parse(text: str, *, within_m: int | None = None) -> Place:
    """Return the place that `text` names, and nothing nearer than `within_m` around it."""
    typed = text.strip()
    if not typed:
        raise MalformedPlace("a place needs a text", hint="write a position or a town's name")
    if len(typed) > LONGEST:
        raise MalformedPlace(
            f"the text of a place has more than {LONGEST:,} characters", hint="simplify it first"
        )
    around = within_m or 0
    if not 0 <= around <= WIDEST_M:
        raise MalformedPlace(f"{around} m around a place is not between 0 and {WIDEST_M} m")
    forms = _DRAWINGS if len(typed) > _LONGEST_NAME else _DRAWINGS + _POSITIONS
    for looks, read in forms:
        if looks(typed):
            return read(typed, within_m=around)
    if len(typed) > _LONGEST_NAME:
        raise MalformedPlace(
            f"`{typed[:40]}…` is no position and no name: it has {len(typed):,} characters",
            hint="write a position or a town's name, or draw it as GeoJSON, WKT or KML",
        )
    return gazetteer.parse(typed, within_m=around)


def swapped(place: Place) -> Place | None:
    """Return the place with latitude and longitude exchanged, to show beside it, if it can be."""
    try:
        parts = tuple(
            Part(p.kind, tuple(tuple(Point(at.lon, at.lat) for at in ring) for ring in p.rings))
            for p in place.parts
        )
    except MalformedPlace:
        return None
    return Place(parts, place.within_m, place.typed, place.form)
