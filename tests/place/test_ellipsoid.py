"""Distances and ways against `geographiclib`, Karney's own."""

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import MalformedPlace
from sayso.place import nearby
from sayso.place.ellipsoid import reach, seen
from sayso.place.geodesic import direct, drawn, inverse
from sayso.place.pack import Pack
from sayso.place.pieces import GRID

JUDGE = Geodesic.WGS84
LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(lat=LAT, lon=LON, azimuth=st.floats(0, 360), metres=st.floats(1, 1_000_000))
@settings(max_examples=400, deadline=None)
def test_a_vertex_is_seen_at_its_geodesic_distance(
    lat: float, lon: float, azimuth: float, metres: float
) -> None:
    end = JUDGE.Direct(lat, lon, azimuth, metres)
    east, north = seen(lat, lon, np.array([end["lat2"]]), np.array([end["lon2"]]))
    assert float(np.hypot(east, north)[0]) == pytest.approx(metres, rel=1 / 30_000, abs=1e-3)


@given(lat=LAT, lon=LON, azimuth=st.floats(0, 360), metres=st.floats(1, 2_000_000))
@settings(max_examples=400, deadline=None)
def test_the_box_around_a_circle_holds_it(
    lat: float, lon: float, azimuth: float, metres: float
) -> None:
    end = JUDGE.Direct(lat, lon, azimuth, metres)
    high, wide = reach(lat, metres)
    assert abs(end["lat2"] - lat) <= high
    assert abs((end["lon2"] - lon + 180) % 360 - 180) <= wide


@given(one=st.tuples(LAT, LON), two=st.tuples(LAT, LON))
@settings(max_examples=300, deadline=None)
def test_a_way_is_as_long_as_the_geodesic_and_ends_where_it_should(
    one: tuple[float, float], two: tuple[float, float]
) -> None:
    truth = JUDGE.Inverse(*one, *two)["s12"]
    try:
        way = inverse(one, two)
    except MalformedPlace:
        assert truth > 19_900_000
        return
    assert way.metres == pytest.approx(truth, abs=2e-3, rel=1e-9)
    lat, lon = direct(way, np.array([way.metres]))
    assert JUDGE.Inverse(float(lat[0]), float(lon[0]), *two)["s12"] < 0.05


def test_the_vertices_between_lie_on_the_geodesic() -> None:
    lat, lon = drawn(np.array([64.5, 59.4]), np.array([-165.4, 24.7]))
    whole = JUDGE.InverseLine(64.5, -165.4, 59.4, 24.7)
    for number in range(0, len(lat), 40):
        away = JUDGE.Inverse(64.5, -165.4, lat[number], lon[number])["s12"]
        there = whole.Position(away)
        assert JUDGE.Inverse(there["lat2"], there["lon2"], lat[number], lon[number])["s12"] < 0.01


def test_neighbours_opposite_on_the_globe_are_refused() -> None:
    with pytest.raises(MalformedPlace, match="opposite"):
        drawn(np.array([0.0, 0.0]), np.array([0.0, 180.0]))


def test_a_line_longer_than_the_longest_is_refused() -> None:
    with pytest.raises(MalformedPlace, match="longer than"):
        drawn(np.array([0.0, 0, 0]), np.array([0.0, 170, -20]))


def test_the_distance_to_a_border_is_the_geodesic_to_its_nearest_point(world: Pack) -> None:
    """The judge walks the border near each point, vertex by vertex and between them."""
    index = nearby.index(world)
    random = np.random.default_rng(7)
    russia = index.names.index("ru.core")
    pieces = np.flatnonzero(index.atom == russia)
    for lat, lon in zip(random.uniform(47, 52, 12), random.uniform(33, 39, 12), strict=True):
        told = nearby.around(index, float(lat), float(lon), metres=100_000).get("ru.core")
        if not told:
            continue
        west, south, east, north = index.bounds[pieces].T
        some = pieces[
            (west < lon + 2) & (east > lon - 2) & (south < lat + 1.2) & (north > lat - 1.2)
        ]
        at = nearby.vertices(index, some)
        x, y, void = index.x[at] / GRID, index.y[at] / GRID, index.void[at]
        rough = np.hypot((x - lon) * np.cos(np.radians(lat)), y - lat)
        truth = min(
            JUDGE.Inverse(lat, lon, y[n] + t * (y[n + 1] - y[n]), x[n] + t * (x[n + 1] - x[n]))[
                "s12"
            ]
            for n in np.argsort(rough)[:12].tolist()
            if n + 1 < len(at) and not void[n]
            for t in np.linspace(0, 1, 41).tolist()
        )
        assert told == pytest.approx(truth, rel=1e-3, abs=60)
