"""The laws of places, by property: law 6 of the design among them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.place import bulk, lone, nearby, viewpoint
from sayso.place.pack import Pack
from sayso.place.parse import parse
from sayso.place.resolve import Resolution, Tolerance, resolve
from sayso.place.shape import Part, Place, Point

LAT = st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 5))
LON = st.floats(-180, 180, allow_nan=False).map(lambda x: round(x, 5))
NEAR_LAT, NEAR_LON = st.floats(44, 53), st.floats(31, 41)
POINTS = st.tuples(LAT, LON) | st.tuples(NEAR_LAT, NEAR_LON)
RADII = st.integers(0, 60_000)
VIEWS = st.sampled_from([viewpoint.shipped(name) for name in viewpoint.SHIPPED])


def told(place: Place, view: viewpoint.Viewpoint, world: Pack) -> Resolution:
    return resolve(place, viewpoint=view, pack=world, tolerance=Tolerance())


@given(at=POINTS, radii=st.tuples(RADII, RADII), view=VIEWS)
@settings(max_examples=150, deadline=None)
def test_a_larger_radius_never_touches_less_and_is_never_surer(
    world: Pack, at: tuple[float, float], radii: tuple[int, int], view: viewpoint.Viewpoint
) -> None:
    small, large = (told(Place.point(*at, within_m=r), view, world) for r in sorted(radii))
    assert set(small.may_touch) <= set(large.may_touch)
    assert set(large.certainly_in) <= set(small.certainly_in)
    assert all(large.least_m(code) <= small.least_m(code) for code in small.known)


@given(at=POINTS, radius=RADII, view=VIEWS)
@settings(max_examples=150, deadline=None)
def test_what_is_certain_is_touched_and_is_one(
    world: Pack, at: tuple[float, float], radius: int, view: viewpoint.Viewpoint
) -> None:
    answer = told(Place.point(*at, within_m=radius), view, world)
    assert set(answer.certainly_in) <= set(answer.may_touch)
    assert len(answer.certainly_in) <= 1
    assert answer.zones
    assert all(metres > 0 for _, metres in answer.nearest)


@given(at=POINTS, radius=RADII)
@settings(max_examples=150, deadline=None)
def test_any_claim_touches_whatever_any_viewpoint_touches(
    world: Pack, at: tuple[float, float], radius: int
) -> None:
    place = Place.point(*at, within_m=radius)
    strictest = set(told(place, viewpoint.shipped("any-claim"), world).may_touch)
    for name in viewpoint.SHIPPED:
        assert set(told(place, viewpoint.shipped(name), world).may_touch) <= strictest


@given(at=st.tuples(LAT, LON), radius=RADII)
@settings(max_examples=150, deadline=None)
def test_a_viewpoint_changes_only_its_own_atoms(
    world: Pack, at: tuple[float, float], radius: int
) -> None:
    place = Place.point(*at, within_m=radius)
    us, ru = (told(place, viewpoint.shipped(name), world) for name in ("us", "ru"))
    differ = set(us.may_touch) ^ set(ru.may_touch)
    assert differ <= {"RU", "UA", "GE", "XA", "XK", "RS"}
    assert us.zones == ru.zones


@given(points=st.lists(st.tuples(POINTS, RADII), min_size=1, max_size=30), view=VIEWS)
@settings(max_examples=60, deadline=None)
def test_many_at_once_are_answered_as_each_alone(
    world: Pack, points: list[tuple[tuple[float, float], int]], view: viewpoint.Viewpoint
) -> None:
    places = [Place.point(*at, within_m=radius) for at, radius in points]
    lat, lon = np.array([place.parts[0].rings[0][0].degrees for place in places]).T
    within = np.array([place.within_m for place in places], np.float64)
    many = bulk.resolve(
        bulk.Points(lat, lon, within), viewpoint=view, pack=world, tolerance=Tolerance()
    )
    for number, place in enumerate(places):
        one = told(place, view, world)
        assert many.may_touch(number) == one.may_touch
        sure = many.certain[number]
        assert one.certainly_in == (() if sure < 0 else (many.known[sure],))
        assert one.zones == tuple(zone for zone, column in many.zone.items() if column[number])
        assert one.basis.tolerance_m == many.tolerance_m[number]


@given(at=POINTS, metres=st.integers(0, 300_000), beyond_m=st.integers(0, 100_000))
@settings(max_examples=300, deadline=None)
def test_one_alone_is_as_near_to_each_atom_as_among_many(
    world: Pack, at: tuple[float, float], metres: int, beyond_m: int
) -> None:
    index = nearby.index(world)
    lat, lon = (np.array([each, 0.0]) for each in at)
    many = nearby.near(index, lat, lon, metres=np.array([metres, 0.0]), beyond_m=beyond_m)
    own = many.point == 0
    found = dict(zip(many.atom[own].tolist(), many.metres[own].tolist(), strict=True))
    assert lone.near(index, *at, metres=metres, beyond_m=beyond_m) == found


@given(
    at=st.tuples(st.floats(-85, 85), st.floats(-175, 175)),
    size=st.floats(0.01, 3),
    turn=st.integers(0, 3),
    view=VIEWS,
)
@settings(max_examples=40, deadline=None)
def test_neither_the_first_vertex_nor_the_direction_of_an_area_matters(
    world: Pack, at: tuple[float, float], size: float, turn: int, view: viewpoint.Viewpoint
) -> None:
    ring = square(*at, size)
    turned = (*ring[turn:], *ring[:turn])[::-1]
    one, other = (told(Place((Part("area", (each,)),), 0), view, world) for each in (ring, turned))
    assert one.may_touch == other.may_touch
    assert one.certainly_in == other.certainly_in


def square(lat: float, lon: float, size: float) -> tuple[Point, ...]:
    half = size / 2
    corners = ((-half, -half), (-half, half), (half, half), (half, -half))
    return tuple(Point.at(lat + dy, (lon + dx + 180) % 360 - 180) for dy, dx in corners)


@given(lat=st.floats(-80, 80), size=st.floats(0.1, 5), view=VIEWS)
@settings(max_examples=40, deadline=None)
def test_the_cut_at_180_degrees_is_no_edge(
    world: Pack, lat: float, size: float, view: viewpoint.Viewpoint
) -> None:
    across = told(Place((Part("area", (square(lat, 180.0, size),)),), 0), view, world)
    half = size / 4
    parts = tuple(Part("area", (square(lat, 180 + by, size / 2),)) for by in (half, -half))
    beside = [told(Place((part,), 0), view, world) for part in parts]
    inner = {code for each in beside for code in each.may_touch}
    assert inner <= set(across.may_touch)


@pytest.mark.parametrize("lon", [180.0, -180.0])
def test_both_names_of_the_antimeridian_are_one_place(world: Pack, lon: float) -> None:
    view = viewpoint.shipped("us")
    assert told(Place.point(68.0, lon), view, world).may_touch == ("RU",)
    assert told(Place.point(71.0, lon), view, world).certainly_in == ("RU",)


@given(lon=LON, lat=st.sampled_from([90.0, -90.0]))
@settings(max_examples=20, deadline=None)
def test_a_pole_has_every_longitude(world: Pack, lon: float, lat: float) -> None:
    view = viewpoint.shipped("us")
    here, there = (told(Place.point(lat, x), view, world) for x in (lon, 0.0))
    assert (here.may_touch, here.zones) == (there.may_touch, there.zones)


def test_a_place_that_may_touch_a_territory_touches_it(world: Pack) -> None:
    answer = told(parse("50.27, 36.30"), viewpoint.shipped("us"), world)
    assert answer.facts()["touches"] == list(answer.may_touch)
