"""Against unsimplified data: no true touch is missed along the border of Russia and Ukraine.

The judge is `timezonefinder-data`, the same lineage with every vertex kept, measured its own way:
by shapely, on the plane that is true to scale at each tenth of a degree of latitude.
"""

import functools
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from shapely import affinity
from timezonefinder import TimezoneFinder

from sayso.place import bulk, viewpoint
from sayso.place.ellipsoid import Floats
from sayso.place.nearby import Numbers
from sayso.place.pack import Pack
from sayso.place.resolve import Tolerance

COUNT = 40_000
BOX = (30.0, 45.5, 41.5, 53.5)


@functools.cache
def drawn(*zones: str) -> shapely.Geometry:
    """Return the zones of the judge, as far as they lie in the box."""
    finder = TimezoneFinder()
    parts = [
        shapely.Polygon(np.array(rings[0]), [np.array(hole) for hole in rings[1:]])
        for zone in zones
        for rings in finder.get_geometry(tz_name=zone, coords_as_pairs=True)
    ]
    return shapely.union_all(shapely.clip_by_rect(shapely.make_valid(np.array(parts)), *BOX))


@pytest.fixture(scope="module")
def border() -> Floats:
    """Return the vertices of the border between the two states, at most 50 m apart."""
    russia, ukraine = drawn("Europe/Moscow"), drawn("Europe/Kyiv")
    shared = shapely.intersection(shapely.boundary(russia), shapely.boundary(ukraine))
    return shapely.get_coordinates(shapely.segmentize(shared, 0.0005))


def bands(lat: Floats) -> Iterator[tuple[Numbers, float]]:
    """Yield the points of each tenth of a degree, and its scale east to west."""
    tenth = np.floor(lat * 10)
    for each in np.unique(tenth):
        yield np.flatnonzero(tenth == each), float(np.cos(np.radians((each + 0.5) / 10)))


def distances(lon: Floats, lat: Floats, ground: shapely.Geometry) -> Floats:
    """Return the metres from each point to `ground`, 0 inside."""
    away = np.zeros(len(lon))
    for some, scale in bands(lat):
        south, north = lat[some].min() - 0.3, lat[some].max() + 0.3
        near = shapely.clip_by_rect(ground, BOX[0], south, BOX[2], north)
        metric = affinity.scale(near, 111_320 * scale, 111_230, origin=(0, 0))
        points = shapely.points(lon[some] * 111_320 * scale, lat[some] * 111_230)
        parts = shapely.get_parts(metric)
        shapely.prepare(parts)
        away[some] = np.min([shapely.distance(part, points) for part in parts], axis=0)
    return away


def test_no_true_touch_is_missed_near_the_border(border: Floats, world: Pack) -> None:
    random = np.random.default_rng(20250530)
    at = border[random.integers(0, len(border), COUNT)]
    way, turn = random.uniform(0, 10_000, COUNT), random.uniform(0, 2 * np.pi, COUNT)
    lat = at[:, 1] + way * np.sin(turn) / 111_230
    lon = at[:, 0] + way * np.cos(turn) / (111_320 * np.cos(np.radians(at[:, 1])))
    within = np.floor(random.uniform(0, 5_000, COUNT))
    told = bulk.resolve(
        bulk.Points(lon=lon, lat=lat, within_m=within),
        viewpoint=viewpoint.shipped("us"),
        pack=world,
        tolerance=Tolerance(),
    )
    russia, ukraine = (distances(lon, lat, drawn(f"Europe/{zone}")) for zone in ("Moscow", "Kyiv"))
    for territory, ours, other in (("RU", russia, ukraine), ("UA", ukraine, russia)):
        truly = ours <= within
        assert truly.sum() > COUNT / 3
        assert (truly & ~told.touches(territory)).sum() == 0
        assert not (told.certainly_in(territory) & (ours > 0)).any()
        assert not (told.certainly_in(territory) & (other <= within)).any()
