"""What an enemy may send: each is refused in words, soon, and brings nothing down."""

import sqlite3
import struct
import time
from pathlib import Path
from typing import Literal

import pytest
import shapely

from sayso.errors import MalformedPlace
from sayso.place import overlay
from sayso.place.overlay import Origin
from sayso.place.parse import parse
from sayso.place.shape import Place

ORIGIN = Origin("held", "a ministry's map", "internal use", "2026-05-30")
SOON = 20
"""Seconds of the processor; the slowest takes one on a quiet machine."""
SMALL = "((1 1,2 1,2 2,1 1))"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("LINESTRING (" + "1 1," * 500_000 + "1 1)", "more than 2,000,000 characters"),
        ("MULTIPOINT (" + "1 1," * 50_000 + "1 1)", "more than 20000 vertices"),
        (f"MULTIPOLYGON ({','.join([SMALL] * 501)})", "more than 500 lines and areas"),
        (f"MULTIPOLYGON ({','.join([SMALL] * 100)})", "longer than 20,000 km"),
        ("LINESTRING (" + "0 0, 1 1, " * 200 + "0 0)", "longer than 20,000 km"),
        ("POLYGON " + "(" * 900_000 + ")" * 900_000, "not two numbers"),
        ('{"type":"Point","coordinates":[1e999999999,1]}', "not a number of degrees"),
        ('{"type":"Point","coordinates":[0e99999,1]}', "not a number of degrees"),
        ('{"type":"GeometryCollection","geometries":[' * 40_000, "not JSON"),
        ("<a>" * 400_000, "nested too deep"),
        ("geonames:" + "1" * 150, "no town"),
        ("geonames:" + "1" * 100_000, "no position and no name"),
        ("a" * 1_999_999, "no position and no name"),
        ("1 " * 900_000, "no position and no name"),
        ("e" + "\u0301" * 1_900_000, "no position and no name"),
        ("nan, nan", "NaN and infinity are none"),
        ("-inf 12.5", "NaN and infinity are none"),
        ("٥١.٧٣, ٣٦.١٩", "other digits than 0 to 9"),
        ("51.73, 36.1९", "other digits than 0 to 9"),
    ],
    ids=lambda text: text[:24],
)
def test_a_text_too_large_or_no_number_is_refused_soon(text: str, why: str) -> None:
    begin = time.process_time()
    with pytest.raises(MalformedPlace, match=why) as refused:
        parse(text)
    assert time.process_time() - begin < SOON
    assert len(str(refused.value)) < 400


HEAD = b"GP\x00\x01" + struct.pack("<i", 4326)
RING = struct.pack("<8d", 35, 46, 36, 46, 36, 47, 35, 46)
AREA = struct.pack("<BIII", 1, 3, 1, 4) + RING
PLAIN = "CREATE TABLE lines (geom BLOB)"
ENDLESS = """
CREATE VIEW {} AS WITH RECURSIVE c(geom) AS (SELECT x'00' UNION ALL SELECT geom FROM c)
SELECT * FROM c
"""


def geopackage(folder: Path, *blobs: object, ddl: str = PLAIN, index: str = "") -> bytes:
    path = folder / "some.gpkg"
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute(index or "CREATE TABLE gpkg_geometry_columns (table_name, column_name)")
    if not index:
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('lines', 'geom')")
    base.execute(ddl)
    for blob in blobs:
        base.execute("INSERT INTO lines (geom) VALUES (?)", (blob,))
    base.commit()
    base.close()
    return path.read_bytes()


def refused(data: bytes) -> str:
    begin = time.process_time()
    with pytest.raises(MalformedPlace) as error:
        overlay.from_geopackage(data, ORIGIN)
    assert time.process_time() - begin < SOON
    return str(error.value)


@pytest.mark.parametrize("kind", [6, 7])
def test_geometry_nested_a_million_deep_does_not_overrun_the_stack(
    kind: int, tmp_path: Path
) -> None:
    nested = struct.pack("<BII", 1, kind, 1) * 1_000_000 + AREA
    assert "not only areas" in refused(geopackage(tmp_path, HEAD + nested))


@pytest.mark.parametrize(
    "ddl",
    [
        ENDLESS.format("lines"),
        "CREATE VIEW lines AS SELECT zeroblob(900000000) AS geom",
    ],
)
def test_a_view_is_a_program_and_is_not_run(ddl: str, tmp_path: Path) -> None:
    assert "draws no area" in refused(geopackage(tmp_path, ddl=ddl))


def test_an_index_of_tables_that_is_a_view_is_not_run(tmp_path: Path) -> None:
    endless = ENDLESS.format("gpkg_geometry_columns")
    assert "not a GeoPackage" in refused(geopackage(tmp_path, index=endless))


def test_a_table_that_computes_more_than_it_holds_is_stopped(tmp_path: Path) -> None:
    made = "CREATE TABLE lines (id, geom BLOB AS (zeroblob(500000000)) VIRTUAL)"
    path = tmp_path / "some.gpkg"
    path.write_bytes(geopackage(tmp_path, ddl=made))
    with sqlite3.connect(path) as base:
        base.execute("INSERT INTO lines (id) VALUES (1)")
    base.close()
    assert "not a GeoPackage" in refused(path.read_bytes())


@pytest.mark.parametrize(
    ("blob", "why"),
    [
        ("text", "no header"),
        (None, "no header"),
        (b"GP", "cannot be read"),
        (HEAD, "cannot be read"),
        (b"GP\x00\x0f" + HEAD[4:] + AREA, "cannot be read"),
        (HEAD + AREA[:-1], "cannot be read"),
        (HEAD + struct.pack("<BII", 1, 3, 0), "cannot be read"),
        (HEAD + struct.pack("<BII", 1, 6, 0xFFFFFFFF), "cannot be read"),
        (HEAD + struct.pack("<BII", 1, 0x80000003, 1), "cannot be read"),
        (HEAD + struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF), "more than 20000 vertices"),
        (HEAD + struct.pack("<BII", 1, 1, 0) + RING, "not only areas"),
        (HEAD + AREA[:-8] + struct.pack("<d", float("nan")), "no number"),
        (HEAD + AREA.replace(struct.pack("<d", 47), struct.pack("<d", 1e309)), "no number"),
        (HEAD + AREA.replace(struct.pack("<d", 47), struct.pack("<d", 91)), "outside the world"),
        (HEAD + AREA[:-8] + struct.pack("<d", 46.5), "not closed"),
    ],
)
def test_a_geometry_that_is_none_is_refused(blob: object, why: str, tmp_path: Path) -> None:
    assert why in refused(geopackage(tmp_path, blob))


def test_more_areas_than_can_be_laid_are_refused(tmp_path: Path) -> None:
    assert "more than 20000 vertices" in refused(geopackage(tmp_path, *[HEAD + AREA] * 6_000))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("flavour", ["iso", "extended"])
@pytest.mark.parametrize("text", ["MULTIPOLYGON", "MULTIPOLYGON Z"])
def test_well_known_binary_is_read_as_shapely_writes_it(
    order: str, flavour: Literal["iso", "extended"], text: str, tmp_path: Path
) -> None:
    high = " 5" if text.endswith("Z") else ""
    hole = f"(35.5 46.2{high},35.6 46.2{high},35.6 46.3{high},35.5 46.2{high})"
    one = f"((35 46{high},36 46{high},36 47{high},35 46{high}),{hole})"
    two = f"((1 1{high},2 1{high},2 2{high},1 1{high}))"
    shape = shapely.from_wkt(f"{text} ({one},{two})")
    binary = shapely.to_wkb(shape, byte_order=int(order == "<"), flavor=flavour)
    data = geopackage(tmp_path, HEAD + binary)
    if flavour == "extended" and high:
        assert "cannot be read" in refused(data)  # not ISO, which a GeoPackage has to be
    else:
        read = overlay.from_geopackage(data, ORIGIN).ground
        assert shapely.equals_identical(
            shapely.normalize(read), shapely.normalize(shapely.force_2d(shape))
        )


def test_a_place_that_was_recorded_larger_than_may_be_typed_is_still_a_place() -> None:
    """The bounds stand where a text comes in, so that an old record can be answered again."""
    part = parse("LINESTRING (36.1 50.1, 36.2 50.2)").parts[0]
    assert len(Place((part,) * 600, 0).parts) == 600
