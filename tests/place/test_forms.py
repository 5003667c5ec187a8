"""Every form of input against its own specification, and what each refuses."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import MalformedPlace
from sayso.place.parse import parse, swapped
from sayso.place.shape import Point


def middle(text: str) -> tuple[float, float]:
    return parse(text).parts[0].rings[0][0].degrees


@pytest.mark.parametrize(
    ("text", "at", "metres"),
    [
        ("37UCS2908", (50.6034526, 36.5905143), 708),
        ("37U CS 29 08", (50.6034526, 36.5905143), 708),
        ("37UCS", (50.98203, 36.86305), 70_782),
        ("31NAA6602100000", (0.000005, -0.000036), 1),
        ("33XVG74594359", (77.86551, 13.91731), 8),
        ("56HLH3487352266", (-33.857, 151.215), 1),
        ("37 north 389000 5610000", (50.6312926, 37.4304864), 1),
        ("37U 389000 5610000", (50.6312926, 37.4304864), 1),
        ("56 south 334873 6252266", (-33.8570008, 151.2149978), 1),
        ("56H 334873 6252266", (-33.8570008, 151.2149978), 1),
        ("8FVC9G8F+6W", (47.365562, 8.524813), 9),
        ("7FG49Q00+", (20.375, 2.775), 4_000),
    ],
)
def test_a_grid_reference_is_the_middle_of_its_cell(
    text: str, at: tuple[float, float], metres: int
) -> None:
    assert middle(text) == pytest.approx(at, abs=3e-3 if metres > 1 else 1e-4)
    assert parse(text).within_m == pytest.approx(metres, rel=0.1, abs=1)


SQUARE = [[36.0, 50.0], [36.5, 50.0], [36.5, 50.5], [36.0, 50.5], [36.0, 50.0]]
HOLE = [[36.1, 50.1], [36.2, 50.1], [36.2, 50.2], [36.1, 50.1]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]},
        {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "coordinates": [SQUARE, HOLE]}],
        },
        {
            "type": "Feature",
            "properties": None,
            "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        },
    ],
    ids=lambda geometry: geometry["type"],
)
def test_geojson_wkt_and_kml_draw_the_same_area(geometry: dict[str, object]) -> None:
    drawn = parse(json.dumps(geometry).replace("null", "{}")).parts
    rings = ",".join("(" + ",".join(f"{x} {y}" for x, y in ring) + ")" for ring in (SQUARE, HOLE))
    assert parse(f"POLYGON ({rings})").parts == drawn
    kml = [" ".join(f"{x},{y},0" for x, y in ring) for ring in (SQUARE, HOLE)]
    assert (
        parse(
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon>'
            f"<outerBoundaryIs><LinearRing><coordinates>{kml[0]}</coordinates></LinearRing>"
            f"</outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>{kml[1]}</coordinates>"
            "</LinearRing></innerBoundaryIs></Polygon></Placemark></kml>"
        ).parts
        == drawn
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"LineString","coordinates":[[36.1,50.1],[36.2,50.2]]}',
        '{"type":"MultiLineString","coordinates":[[[36.1,50.1],[36.2,50.2]]]}',
        "LINESTRING (36.1 50.1, 36.2 50.2)",
        "multilinestring((36.1 50.1,36.2 50.2))",
        "<LineString><coordinates> 36.1,50.1\n36.2,50.2 </coordinates></LineString>",
    ],
)
def test_every_line_is_the_same_line(text: str) -> None:
    (part,) = parse(text).parts
    assert part.kind == "line"
    assert part.rings == ((Point.at(50.1, 36.1), Point.at(50.2, 36.2)),)


TWO = ("36.1,50.1", "36.2,50.2")


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"MultiPoint","coordinates":[[36.1,50.1],[36.2,50.2]]}',
        "MULTIPOINT (36.1 50.1, 36.2 50.2)",
        "MULTIPOINT ((36.1 50.1), (36.2 50.2))",
        "<kml>"
        + "".join(f"<Point><coordinates>{at}</coordinates></Point>" for at in TWO)
        + "</kml>",
    ],
)
def test_several_points_are_one_place(text: str) -> None:
    assert [part.rings[0][0] for part in parse(text).parts] == [
        Point.at(50.1, 36.1),
        Point.at(50.2, 36.2),
    ]


BOMB = '<!DOCTYPE k [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ZAF 12 34", "polar"),
        ("61UCS2908", "not a grid reference"),
        ("37UJS2908", "not a grid reference"),
        ("37UCS290", "not a grid reference"),
        ("37UCF2908", "band"),
        ("37S 400000 5610000", "may mean the south"),
        ("37 north 950000 5610000", "outside its zone"),
        ("99 north 400000 5610000", "outside its zone"),
        ("37P 400000 5610000", "band"),
        ("8PMR+7P", "short Plus code"),
        ("8FVC9G8F+6", "not a Plus code"),
        ("8F0C0000+", "not a Plus code"),
        ("X2000000+", "outside the world"),
        ('{"type":"Point","coordinates":[36.19,950.6]}', "swapped"),
        ('{"type":"Point","coordinates":[236.19,50.6]}', "outside the world"),
        ('{"type":"Point","coordinates":[NaN,50.6]}', "not a number"),
        ('{"type":"Point","coordinates":[1e999,50.6]}', "outside the world|not a number"),
        ('{"type":"Point","coordinates":["36","50"]}', "not two numbers"),
        ('{"type":"Point","coordinates":[36]}', "not two numbers"),
        ('{"type":"Point","type":"Point","coordinates":[36,50]}', "twice"),
        ('{"type":"Circle","coordinates":[36,50]}', "no geometry of GeoJSON"),
        ('{"type":"Feature","geometry":null}', "not an object"),
        ('{"type":"FeatureCollection","features":[]}', "empty"),
        ('{"type":"Polygon","coordinates":[[[36,50],[37,50],[37,51]]]}', "not closed"),
        ('{"type":"Polygon","coordinates":5}', "not nested"),
        ('{"type":"Point","coordinates":[36,50],"crs":{"name":"EPSG:3857"}}', "WGS 84"),
        ("{", "not JSON"),
        ('{"a":' * 5_000, "not JSON"),
        ("SRID=4326;POINT(36 50)", "reference system"),
        ("POINT EMPTY", "not well-known text"),
        ("POINT Z (1 2 3)", "not well-known text"),
        ("POINT (nan 50)", "not two numbers"),
        ("POINT (1 2 3)", "not two numbers"),
        ("POINT (36 50", "brackets"),
        ("POLYGON ((36 50,37 50),36 50))", "brackets"),
        ("POINT (50.6 136.19)", "swapped"),
        ("LINESTRING (36 50)", "at least 2"),
        ("GEOMETRYCOLLECTION (POINT(1 2))", "not well-known text"),
        (BOMB, "document type or an entity"),
        ('<!DOCTYPE k SYSTEM "file:///etc/passwd"><kml/>', "document type"),
        ("<kml>", "well-formed"),
        ("<kml/>", "draws nothing"),
        ("<a>" * 100, "nested too deep"),
        ("<Point><coordinates>36</coordinates></Point>", "not a position"),
        ("<Point><coordinates>nan,2</coordinates></Point>", "not a number"),
        ("<Point/>", "vertices"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(MalformedPlace, match=why):
        parse(text)


@settings(deadline=None, max_examples=60)  # a name that is none is looked for among its likes
@given(st.text(max_size=60) | st.from_regex(r"[0-9NSEW°'\", .+-]{0,40}", fullmatch=True))
def test_any_text_is_a_place_or_malformed(text: str) -> None:
    with suppress(MalformedPlace):
        assert parse(text).parts


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "coordinates", "geometry", "features", "crs"]), inner
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["Point", "Polygon", "MultiLineString", "Feature", "FeatureCollection"]),
)
def test_any_json_is_a_place_or_malformed(value: object, kind: str) -> None:
    for text in (json.dumps({"type": kind, "coordinates": value}), json.dumps({"x": value})):
        with suppress(MalformedPlace):
            assert parse(text).parts


@pytest.mark.parametrize("within_m", [-1, 2_000_001])
def test_an_impossible_uncertainty_is_refused(within_m: int) -> None:
    with pytest.raises(MalformedPlace, match="not between"):
        parse("51.73, 36.19", within_m=within_m)


def test_the_swapped_place_can_be_shown_beside_it() -> None:
    other = swapped(parse("51.73, 36.19"))
    assert other is not None
    assert other.parts[0].rings[0][0] == Point.at(36.19, 51.73)
    assert swapped(parse("51.73, 136.19")) is None
