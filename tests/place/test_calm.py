"""The grid of calm cells gives what measuring gives, wherever points lie and however wide they are.

Enough points are asked at once that the grid answers, also where it may go wrong: on the lines
between its cells, on the vertices of borders, beside the poles and the antimeridian.
"""

from collections.abc import Callable

import numpy as np
import pytest

from sayso.place import bulk, calm, nearby, viewpoint
from sayso.place.ellipsoid import Floats
from sayso.place.pack import Pack
from sayso.place.pieces import GRID
from sayso.place.resolve import Tolerance, resolve
from sayso.place.shape import Place

COUNT = 6_000
SIDE = calm.CELL / GRID
Spread = Callable[[np.random.Generator, nearby.Index], tuple[Floats, Floats]]


def world_wide(random: np.random.Generator, _: nearby.Index) -> tuple[Floats, Floats]:
    return random.uniform(-90, 90, COUNT), random.uniform(-180, 180, COUNT)


def near_the_border(random: np.random.Generator, _: nearby.Index) -> tuple[Floats, Floats]:
    return random.uniform(46, 55, COUNT), random.uniform(30, 42, COUNT)


def on_lines_of_the_grid(random: np.random.Generator, _: nearby.Index) -> tuple[Floats, Floats]:
    lat, lon = random.uniform(-90, 90, COUNT), random.uniform(-180, 180, COUNT)
    return np.round(lat / SIDE) * SIDE, np.round(lon / SIDE) * SIDE


def on_vertices(random: np.random.Generator, index: nearby.Index) -> tuple[Floats, Floats]:
    some = random.integers(0, len(index.x), COUNT)
    return index.y[some] / GRID, index.x[some] / GRID


def beside_the_ends_of_the_world(
    random: np.random.Generator, _: nearby.Index
) -> tuple[Floats, Floats]:
    lat, lon = random.uniform(-90, 90, COUNT), random.uniform(178, 180, COUNT)
    lat[::2] = np.copysign(random.uniform(88, 90, len(lat[::2])), lat[::2])
    return lat, lon * random.choice([-1, 1], COUNT)


@pytest.mark.parametrize(
    "spread",
    [
        world_wide,
        near_the_border,
        on_lines_of_the_grid,
        on_vertices,
        beside_the_ends_of_the_world,
    ],
)
@pytest.mark.parametrize(("most", "beyond_m"), [(0, 0), (4_000, -1_000), (60_000, 10_000)])
def test_the_grid_answers_as_the_pieces_do(
    spread: Spread, most: int, beyond_m: int, world: Pack
) -> None:
    random, index = np.random.default_rng(20251122), nearby.index(world)
    lat, lon = spread(random, index)
    metres = random.uniform(0, 1, COUNT) * most
    by_grid = calm.near(index, lat, lon, metres=metres, beyond_m=beyond_m)
    measured = nearby.near(index, lat, lon, metres=metres, beyond_m=beyond_m)
    assert np.array_equal(by_grid.point, measured.point)
    assert np.array_equal(by_grid.atom, measured.atom)
    assert np.array_equal(by_grid.metres, measured.metres)


def test_most_of_the_world_is_calm(world: Pack) -> None:
    """Else the law above would hold of a grid that answers nothing."""
    index = nearby.index(world)
    lat, lon = world_wide(np.random.default_rng(1), index)
    still, kind = calm.calm(index).over(lat, lon, np.full(COUNT, 1_000.0))
    assert 0.85 < still.mean() < 0.99
    assert len(kind) == still.sum()


def test_no_edge_of_a_border_is_longer_than_a_cell(world: Pack) -> None:
    index = nearby.index(world)
    edge = ~index.void[:-1]
    assert np.abs(np.diff(index.x)[edge]).max() < calm.CELL
    assert np.abs(np.diff(index.y)[edge]).max() < calm.CELL


def test_the_distances_of_many_are_those_of_each(world: Pack) -> None:
    random, view = np.random.default_rng(3), viewpoint.shipped("any-claim")
    lat = np.concatenate([random.uniform(44, 55, 60), random.uniform(-90, 90, 60)])
    lon = np.concatenate([random.uniform(30, 42, 60), random.uniform(-180, 180, 60)])
    within = np.floor(random.uniform(0, 20_000, len(lat)))
    places = [
        Place.point(*each, within_m=int(w)) for *each, w in zip(lat, lon, within, strict=True)
    ]
    lat, lon = np.array([place.parts[0].rings[0][0].degrees for place in places]).T
    told = bulk.distances(
        bulk.Points(lat, lon, within), viewpoint=view, pack=world, tolerance=Tolerance()
    )
    ones = [resolve(place, viewpoint=view, pack=world, tolerance=Tolerance()) for place in places]
    for code in told.known:
        assert told.least_m(code).tolist() == [one.least_m(code) for one in ones]
        assert told.within_km(code, 30).tolist() == [one.within_km(code, 30) for one in ones]
