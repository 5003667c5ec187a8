"""Lines and areas, and the maps of them."""

import xml.etree.ElementTree as ET

import pytest

from sayso.errors import MalformedPlace
from sayso.place import map as maps
from sayso.place import pack, viewpoint
from sayso.place.pack import Pack
from sayso.place.parse import parse
from sayso.place.resolve import Resolution, Tolerance, resolve
from tests.place.conftest import Asked


def test_a_line_is_the_geodesic_and_not_the_straight_line_of_a_map(asked: Asked) -> None:
    assert "RU" in asked("LINESTRING (-0.1000 51.5000, 77.2000 28.6000)").may_touch
    assert "RU" in asked("LINESTRING (-165.4000 64.5000, 24.7000 59.4000)").may_touch


def test_a_line_across_the_border_touches_both_sides(asked: Asked) -> None:
    told = asked("LINESTRING (36.5900 50.6000, 36.2300 50.0000)")
    assert told.may_touch == ("RU", "UA")
    assert told.certainly_in == ()


def test_an_area_within_one_territory_is_certainly_in_it(asked: Asked) -> None:
    told = asked(
        "POLYGON ((36.500 50.600, 36.700 50.600, 36.700 50.700, 36.500 50.700, 36.500 50.600))"
    )
    assert told.certainly_in == ("RU",)
    assert told.nearest[0][0] == "UA"
    assert 20_000 < told.nearest[0][1] < 35_000


def test_an_area_around_an_enclave_touches_it_though_no_border_is_near(asked: Asked) -> None:
    told = asked("POLYGON ((26.5 -31.0, 30.0 -31.0, 30.0 -28.0, 26.5 -28.0, 26.5 -31.0))")
    assert told.may_touch == ("LS", "ZA")


def test_an_area_with_a_hole_does_not_touch_what_lies_in_the_hole(asked: Asked) -> None:
    outer = "(26.000 -32.000, 31.000 -32.000, 31.000 -27.800, 26.000 -27.800, 26.000 -32.000)"
    hole = "(26.700 -30.900, 29.800 -30.900, 29.800 -28.300, 26.700 -28.300, 26.700 -30.900)"
    assert "LS" in asked(f"POLYGON ({outer})").may_touch
    assert "LS" not in asked(f"POLYGON ({outer}, {hole})").may_touch


def test_an_area_around_a_pole_holds_the_pole(asked: Asked) -> None:
    told = asked("POLYGON ((0 -62, 90 -62, 180 -62, -90 -62, 0 -62))")
    assert told.may_touch == ("AQ",)
    assert asked("POLYGON ((0 80, 90 80, 180 80, -90 80, 0 80))").zones[-1] == "high-seas"


def test_an_area_across_the_antimeridian_is_small(asked: Asked) -> None:
    told = asked(
        "POLYGON ((179.00 70.90, -179.00 70.90, -179.00 71.30, 179.00 71.30, 179.00 70.90))"
    )
    assert told.may_touch == ("RU",)


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((36 50, 37 51, 37 50, 36 51, 36 50))",
        "POLYGON ((36 50, 37 50, 37 51, 36 50), (40 50, 41 50, 41 51, 40 50))",
    ],
)
def test_an_area_whose_border_crosses_itself_is_refused(asked: Asked, text: str) -> None:
    with pytest.raises(MalformedPlace, match="crosses itself"):
        asked(text)


def answered(text: str, view: viewpoint.Viewpoint, world: Pack) -> Resolution:
    return resolve(parse(text), viewpoint=view, pack=world, tolerance=Tolerance())


@pytest.mark.parametrize(
    "text",
    [
        "Belgorod",
        "68.00, 180.00",
        "90, 0",
        "LINESTRING (36.5900 50.6000, 36.2300 50.0000)",
        "POLYGON ((179.0 70.9, -179.0 70.9, -179.0 71.3, 179.0 71.3, 179.0 70.9))",
    ],
)
def test_a_map_is_well_formed_small_and_names_its_source(text: str, world: Pack) -> None:
    view = viewpoint.shipped("us")
    drawn = maps.svg(parse(text), answered(text, view, world), viewpoint=view, pack=world)
    root = ET.fromstring(drawn)  # noqa: S314  # our own text
    assert root.get("viewBox") == "0 0 400 400"
    assert "© OpenStreetMap contributors" in drawn
    assert len(drawn) < 400_000


def test_a_terminal_map_shows_the_place_its_edges_and_whose_ground_it_is(world: Pack) -> None:
    view = viewpoint.shipped("us")
    place = parse("50.27, 36.30", within_m=5_000)
    told = resolve(place, viewpoint=view, pack=world, tolerance=Tolerance())
    lines = maps.lines(place, told, viewpoint=view, pack=world)
    body = lines[:-2]
    assert {len(line) for line in body} == {2 * len(body)}
    assert {"@", "#", "o", ".", ":"} <= set("".join(body))
    assert ". RU  : UA" in lines[-2]
    assert lines[-1].endswith(pack.shipped().about.attribution)


def test_ground_that_two_claim_is_hatched(world: Pack) -> None:
    view = viewpoint.shipped("any-claim")
    told = answered("Dzhankoi", view, world)
    assert "url(#both)" in maps.svg(parse("Dzhankoi"), told, viewpoint=view, pack=world)
