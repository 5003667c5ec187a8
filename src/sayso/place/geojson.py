"""GeoJSON (RFC 7946): any geometry, a feature, or a collection of them; longitude first.

Only WGS 84 is read: a `crs` member, which RFC 7946 took out, is refused unless it says as much.
Heights are left aside. What the text says beside the geometry is not read.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from sayso.errors import MalformedPlace
from sayso.place import outline
from sayso.place.outline import Pair
from sayso.place.shape import Place

_DEEPEST = 8
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
_SINGLE = {"Point": "point", "LineString": "line", "Polygon": "area"}
Drawn = tuple[str, list[list[Pair]]]


def looks(text: str) -> bool:
    """Return whether `text` may be GeoJSON."""
    return text.startswith("{")


def parse(text: str, *, within_m: int) -> Place:
    """Return the place that a GeoJSON text draws."""
    try:
        read = json.loads(
            text,
            parse_float=outline.number,
            parse_int=outline.number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError):
        raise MalformedPlace("the text is not GeoJSON: it is not JSON") from None
    return outline.place(
        list(_drawn(read, _DEEPEST)), typed=text, form="GeoJSON", within_m=within_m
    )


def _no_number(text: str) -> NoReturn:
    raise MalformedPlace(f"`{text}` is not a number of degrees")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise MalformedPlace("a key stands twice in one object of the GeoJSON")
    return dict(pairs)


def _drawn(read: object, depth: int) -> Iterator[Drawn]:
    """Yield the kinds and rings of a GeoJSON object."""
    if depth == 0 or not isinstance(read, dict):
        raise MalformedPlace("the GeoJSON is not an object, or nested too deep")
    _refuse_other_reference(read)
    match read:
        case {"type": "Feature", "geometry": geometry}:
            yield from _drawn(geometry, depth - 1)
        case {"type": "FeatureCollection", "features": list(inner)}:
            for each in inner:
                yield from _drawn(each, depth - 1)
        case {"type": "GeometryCollection", "geometries": list(inner)}:
            for each in inner:
                yield from _drawn(each, depth - 1)
        case {"type": str(name), "coordinates": coordinates}:
            yield from _geometry(name, coordinates)
        case _:
            raise MalformedPlace(
                "the GeoJSON has no geometry", hint="give a `type` and `coordinates`"
            )


def _refuse_other_reference(read: dict[str, Any]) -> None:
    if "crs" in read and not any(name in json.dumps(read["crs"], default=str) for name in _WGS84):
        raise MalformedPlace("the GeoJSON is not in WGS 84", hint="write it in EPSG:4326")


def _geometry(name: str, coordinates: object) -> Iterator[Drawn]:
    single = name.removeprefix("Multi")
    if single not in _SINGLE:
        raise MalformedPlace(f"`{name}` is no geometry of GeoJSON")
    for each in _list(coordinates) if name.startswith("Multi") else [coordinates]:
        match single:
            case "Point":
                yield "point", [[_pair(each)]]
            case "LineString":
                yield "line", [[_pair(pair) for pair in _list(each)]]
            case _:
                yield "area", [[_pair(pair) for pair in _list(ring)] for ring in _list(each)]


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise MalformedPlace("the GeoJSON's `coordinates` are not nested as its `type` wants them")
    return value


def _pair(value: object) -> Pair:
    match value:
        case [Decimal() as lon, Decimal() as lat] | [Decimal() as lon, Decimal() as lat, Decimal()]:
            return lon, lat
        case _:
            raise MalformedPlace("a position of the GeoJSON is not two numbers, longitude first")
