"""How fast places become territories, beside what else answers the question. One run, one table.

    python bench/place.py

Goals: 200,000 points a second in bulk with 1 km circles, and near the border of Russia and Ukraine
at least 100 times bare shapely (`STRtree` over whole polygons, which knows neither circles nor
metres); one resolution in 0.3 ms; loading in 0.3 s; 100 MiB.

`reverse_geocoder` (group `bench`) answers by the nearest town, and is here for its speed only.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import shapely

from sayso.place import bulk, nearby, pack, viewpoint
from sayso.place.ellipsoid import Floats
from sayso.place.pack import GROUND, Pack
from sayso.place.resolve import Tolerance, resolve
from sayso.place.shape import Place

MANY = 200_000
FEW = 2_000
NEAR = (30.0, 42.0, 46.0, 55.0)
VIEW, TOLERANCE = viewpoint.shipped("us"), Tolerance()
_LOAD = """
import time, resource
import numpy, shapely
def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20
before = held()
begin = time.perf_counter()
from sayso.place import nearby, pack
world = pack.shipped()
nearby.index(world)
print(time.perf_counter() - begin, held() - before)
"""


def timed(act: Callable[[], object]) -> float:
    """Return the least seconds of three runs of `act`."""
    spans = []
    for _ in range(3):
        begin = time.perf_counter()
        act()
        spans.append(time.perf_counter() - begin)
    return min(spans)


def world_points(count: int) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes spread evenly over the globe."""
    random = np.random.default_rng(1)
    return np.degrees(np.arcsin(random.uniform(-1, 1, count))), random.uniform(-180, 180, count)


def near_points(count: int) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes in the box around Russia's border with Ukraine."""
    random = np.random.default_rng(2)
    return random.uniform(NEAR[2], NEAR[3], count), random.uniform(NEAR[0], NEAR[1], count)


def in_bulk(world: Pack, lat: Floats, lon: Floats) -> float:
    """Return how many points a second are resolved with 1 km circles, zones and certainty."""
    points = bulk.Points(lat, lon, np.full(len(lat), 1000.0))
    ask = lambda: bulk.resolve(points, viewpoint=VIEW, pack=world, tolerance=TOLERANCE)  # noqa: E731  # timed below
    return len(lat) / timed(ask)


def whole_polygons(world: Pack) -> shapely.STRtree:
    """Return the obvious index: one polygon for each atom of the territory layer."""
    held, polygons = world.pieces, []
    rings = np.asarray(
        shapely.linearrings(
            held.degrees,
            indices=np.repeat(np.arange(len(held.ring_start) - 1), np.diff(held.ring_start)),
        )
    )
    owner = np.repeat(np.arange(len(held.piece_ring) - 1), np.diff(held.piece_ring))
    pieces = np.asarray(shapely.polygons(rings, indices=owner))
    for number, name in enumerate(world.about.atoms):
        if name not in GROUND:
            own = shapely.make_valid(pieces[held.atom == number])
            polygons.append(shapely.union_all(own))
    return shapely.STRtree(polygons)


def bare(tree: shapely.STRtree, lat: Floats, lon: Floats) -> float:
    """Return how many points a second, without circles, the obvious call finds."""
    points = shapely.points(lon, lat)
    return len(lat) / timed(lambda: tree.query(points, predicate="intersects"))


def geocoder(lat: Floats, lon: Floats) -> float | None:
    """Return how many points a second `reverse_geocoder` finds the nearest town of."""
    if importlib.util.find_spec("reverse_geocoder") is None:
        return None
    module = importlib.import_module("reverse_geocoder")
    pairs = list(zip(lat.tolist(), lon.tolist(), strict=True))
    module.search(pairs[:10], mode=1, verbose=False)
    return len(lat) / timed(lambda: module.search(pairs, mode=1, verbose=False))


def alone(world: Pack, lat: Floats, lon: Floats) -> tuple[float, float]:
    """Return the median and the 99th percentile, in ms, of one resolution."""
    spans = []
    for each in zip(lat.tolist(), lon.tolist(), strict=True):
        place = Place.point(*each, within_m=1000)
        begin = time.perf_counter()
        resolve(place, viewpoint=VIEW, pack=world, tolerance=TOLERANCE)
        spans.append((time.perf_counter() - begin) * 1000)
    return float(np.percentile(spans, 50)), float(np.percentile(spans, 99))


def loading() -> tuple[float, float]:
    """Return the seconds and the MiB that a fresh process needs to load and index the pack."""
    runs = [
        subprocess.run([sys.executable, "-c", _LOAD], check=True, capture_output=True, text=True)
        for _ in range(3)
    ]
    pairs = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def row(what: str, got: str, goal: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<58}{got:>14}  {goal}")


def main() -> None:
    """Measure, and print the table."""
    seconds, mebibytes = loading()
    world = pack.shipped()
    nearby.index(world)
    everywhere, near = world_points(MANY), near_points(MANY)
    row("load and index, s", f"{seconds:.2f}", "goal 0.30")
    row("memory held, MiB", f"{mebibytes:.0f}", "goal 100")
    for name, points in (("world", world_points(FEW)), ("near the border", near_points(FEW))):
        middle, high = alone(world, *points)
        row(f"one resolution, {name}, ms p50", f"{middle:.2f}", "goal 0.30")
        row(f"one resolution, {name}, ms p99", f"{high:.2f}")
    ours = in_bulk(world, *near)
    row(
        "in bulk, 1 km circles, world, points/s",
        f"{in_bulk(world, *everywhere):,.0f}",
        "goal 200,000",
    )
    row("in bulk, 1 km circles, near the border, points/s", f"{ours:,.0f}")
    tree = whole_polygons(world)
    theirs = bare(tree, *(each[:FEW] for each in near))
    row("shapely STRtree of whole polygons, near the border, points/s", f"{theirs:,.0f}")
    row("ours against it, near the border", f"{ours / theirs:,.0f} x", "goal 100 x")
    towns = geocoder(*near)
    row(
        "reverse_geocoder (nearest town), near the border, points/s",
        f"{towns:,.0f}" if towns else "not installed",
    )
    versions = f"Python {sys.version.split()[0]}, shapely {shapely.__version__}"
    print(f"{os.cpu_count()} cores, one thread; {versions}")


if __name__ == "__main__":
    main()
