import json
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from sayso.errors import MalformedPlace
from sayso.place import overlay, pack, proven, viewpoint
from sayso.place.overlay import Origin
from sayso.place.pack import Pack
from sayso.place.parse import parse
from sayso.place.resolve import Tolerance, resolve

HELD = shapely.box(34.5, 46.3, 36.5, 47.2)
ORIGIN = Origin("held", "a ministry's map", "internal use", "2026-05-30")
OWN = viewpoint.parse(
    b"{viewpoint: own, title: own, basis: own, territories: {RU: {plus: [+held]},"
    b" UA: {plus: [crimea, ua.oblasts4], minus: [+held]}, GE: {plus: [abkhazia]},"
    b" XK: {plus: [kosovo]}}}"
)


def as_geojson(shape: shapely.Geometry) -> bytes:
    return shapely.to_geojson(shape).encode()


def as_geopackage(shape: shapely.Geometry, folder: Path, *, srs: int = 4326) -> bytes:
    path = folder / "held.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT)")
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('lines', 'geom')")
        base.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, geom BLOB)")
        blob = b"GP\x00\x01" + struct.pack("<i", srs) + shapely.to_wkb(shape)
        base.execute("INSERT INTO lines (geom) VALUES (?)", (blob,))
    base.close()
    return path.read_bytes()


@pytest.fixture(scope="module")
def laid(world: Pack) -> Pack:
    return pack.load(overlay.lay(world, overlay.from_geojson(as_geojson(HELD), ORIGIN)))


def touched(text: str, view: viewpoint.Viewpoint, over: Pack) -> tuple[str, ...]:
    return resolve(parse(text), viewpoint=view, pack=over, tolerance=Tolerance()).may_touch


def test_a_deployments_ground_belongs_to_whom_its_viewpoint_says(laid: Pack) -> None:
    assert touched("Melitopol", OWN, laid) == ("RU",)
    assert touched("Kherson", OWN, laid) == ("UA",)


def test_a_viewpoint_that_does_not_speak_of_it_answers_as_before(laid: Pack, world: Pack) -> None:
    view = viewpoint.shipped("us")
    for text in ("Melitopol", "Kherson", "46.3001, 35.5001", "Kursk", "46.00, 36.80"):
        assert touched(text, view, laid) == touched(text, view, world)


def test_the_new_pack_is_another_and_says_where_its_ground_is_from(laid: Pack, world: Pack) -> None:
    assert laid.sha256 != world.sha256
    assert laid.about.source.endswith(" + held of 2026-05-30")
    assert laid.about.inputs[-1].name == "held: a ministry's map (internal use)"


def test_laid_again_an_overlay_replaces_the_one_before(laid: Pack) -> None:
    smaller = overlay.from_geojson(as_geojson(shapely.box(35, 46.5, 35.2, 46.7)), ORIGIN)
    again = pack.load(overlay.lay(laid, smaller))
    assert touched("Melitopol", OWN, again) == ("UA",)
    assert sum(each.name.startswith("held: ") for each in again.about.inputs) == 1


def test_a_geopackage_is_read_as_the_geojson_of_the_same_ground(tmp_path: Path) -> None:
    read = overlay.from_geopackage(as_geopackage(HELD, tmp_path), ORIGIN)
    same = overlay.from_geojson(as_geojson(HELD), ORIGIN)
    assert shapely.equals(read.ground, same.ground)


def test_a_viewpoint_may_not_speak_of_an_overlay_that_the_pack_lacks(world: Pack) -> None:
    with pytest.raises(MalformedPlace, match="held"):
        OWN.claims(world.about)


def test_a_viewpoint_whose_test_points_do_not_hold_is_refused(laid: Pack, world: Pack) -> None:
    own = viewpoint.parse(
        b"{viewpoint: own, title: own, basis: own, territories: {RU: {plus: [+held]},"
        b" UA: {plus: [crimea, ua.oblasts4]}, GE: {plus: [abkhazia]}, XK: {plus: [kosovo]}},"
        b" exterior: [{name: Melitopol, at: [46.85, 35.37], of: RU}]}"
    )
    with pytest.raises(MalformedPlace, match=r"Melitopol .* is not to be of `RU`"):
        proven.refuse(own, laid)
    for name in viewpoint.SHIPPED:
        proven.refuse(viewpoint.shipped(name), laid)
        proven.refuse(viewpoint.shipped(name), world)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"{}",
        json.dumps({"type": "Point", "coordinates": [36.1, 50.1]}).encode(),
        as_geojson(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
    ],
)
def test_a_geojson_that_draws_no_sound_area_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedPlace):
        overlay.from_geojson(data, ORIGIN)


def test_a_geopackage_of_other_things_is_malformed(tmp_path: Path) -> None:
    with pytest.raises(MalformedPlace, match="WGS 84"):
        overlay.from_geopackage(as_geopackage(HELD, tmp_path, srs=3857), ORIGIN)
    for data in (b"", b"SQLite format 3\x00" + b"\x00" * 100, np.random.default_rng(1).bytes(500)):
        with pytest.raises(MalformedPlace):
            overlay.from_geopackage(data, ORIGIN)


@pytest.mark.parametrize(
    "row",
    [("Held", "x", "x", "2026-05-30"), ("held", "", "x", "2026-05-30"), ("held", "x", "x", "May")],
)
def test_an_overlay_without_name_source_or_date_is_refused(row: tuple[str, ...]) -> None:
    with pytest.raises(MalformedPlace):
        Origin(*row)
