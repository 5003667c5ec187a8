"""How fast places become territories, beside what else answers the question. One run, one table.

    python bench/place.py

Goals: 200,000 points a second in bulk with 1 km circles, and near the border of Russia and Ukraine
at least 100 times bare shapely (`STRtree` over whole polygons, which knows neither circles nor
metres); one resolution in 0.3 ms; loading in 0.3 s; 100 MiB.

Each is told by the clock, and by the processor's own time, which a busy machine does not stretch.
`reverse_geocoder` (group `bench`) answers by the nearest town, and is here for its speed only.
"""

import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from sayso.place import bulk, calm, nearby, pack, viewpoint
from sayso.place.ellipsoid import Floats
from sayso.place.pack import GROUND, Pack
from sayso.place.resolve import Tolerance, resolve
from sayso.place.shape import Place

MANY = 200_000
SOME = 20_000
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
begin, own = time.perf_counter(), time.process_time()
from sayso.place import nearby, pack
world = pack.shipped()
nearby.index(world)
print(time.perf_counter() - begin, time.process_time() - own, held() - before)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of the processor."""

    wall: float
    own: float

    def rates(self, count: int) -> str:
        """Return how many of `count` are done in a second, by both."""
        return f"{count / self.wall:,.0f} / {count / self.own:,.0f}"


def timed(act: Callable[[], object]) -> Spent:
    """Return the least seconds of five runs of `act`."""
    spans = []
    for _ in range(5):
        begin, own = time.perf_counter(), time.process_time()
        act()
        spans.append((time.perf_counter() - begin, time.process_time() - own))
    return Spent(min(wall for wall, _ in spans), min(own for _, own in spans))


def world_points(count: int) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes spread evenly over the globe."""
    random = np.random.default_rng(1)
    return np.degrees(np.arcsin(random.uniform(-1, 1, count))), random.uniform(-180, 180, count)


def near_points(count: int) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes in the box around Russia's border with Ukraine."""
    random = np.random.default_rng(2)
    return random.uniform(NEAR[2], NEAR[3], count), random.uniform(NEAR[0], NEAR[1], count)


def in_bulk(world: Pack, lat: Floats, lon: Floats) -> Spent:
    """Return what it takes to resolve points with 1 km circles, zones and certainty."""
    points = bulk.Points(lat, lon, np.full(len(lat), 1000.0))
    return timed(lambda: bulk.resolve(points, viewpoint=VIEW, pack=world, tolerance=TOLERANCE))


def afar(world: Pack, lat: Floats, lon: Floats) -> Spent:
    """Return what it takes to tell the distances to every territory within 100 km."""
    points = bulk.Points(lat, lon, np.full(len(lat), 1000.0))
    return timed(lambda: bulk.distances(points, viewpoint=VIEW, pack=world, tolerance=TOLERANCE))


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


def bare(tree: shapely.STRtree, lat: Floats, lon: Floats) -> Spent:
    """Return what the obvious call takes, without circles."""
    points = shapely.points(lon, lat)
    return timed(lambda: tree.query(points, predicate="intersects"))


def geocoder(lat: Floats, lon: Floats) -> Spent | None:
    """Return what `reverse_geocoder` takes to find the nearest town."""
    if importlib.util.find_spec("reverse_geocoder") is None:
        return None
    module = importlib.import_module("reverse_geocoder")
    pairs = list(zip(lat.tolist(), lon.tolist(), strict=True))
    module.search(pairs[:10], mode=1, verbose=False)
    return timed(lambda: module.search(pairs, mode=1, verbose=False))


def alone(world: Pack, lat: Floats, lon: Floats) -> tuple[str, str]:
    """Return the median and the 99th percentile, in ms, of one resolution, by both."""
    walls, owns = [], []
    for each in zip(lat.tolist(), lon.tolist(), strict=True):
        place = Place.point(*each, within_m=1000)
        begin, own = time.perf_counter(), time.process_time()
        resolve(place, viewpoint=VIEW, pack=world, tolerance=TOLERANCE)
        owns.append((time.process_time() - own) * 1000)
        walls.append((time.perf_counter() - begin) * 1000)
    middle, high = (np.percentile(np.array([walls, owns]), part, axis=1) for part in (50, 99))
    return "{:.2f} / {:.2f}".format(*middle), "{:.2f} / {:.2f}".format(*high)


def loading() -> tuple[Spent, float]:
    """Return what a fresh process needs to load and index the pack, and the MiB it then holds."""
    runs = [
        subprocess.run([sys.executable, "-c", _LOAD], check=True, capture_output=True, text=True)
        for _ in range(5)
    ]
    wall, own, held = np.array([list(map(float, run.stdout.split())) for run in runs]).min(axis=0)
    return Spent(wall, own), held


def row(what: str, got: str, goal: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<62}{got:>19}  {goal}")


def main() -> None:
    """Measure, and print the table."""
    spent, mebibytes = loading()
    world = pack.shipped()
    begin = time.process_time()
    calm.calm(nearby.index(world))
    made = time.process_time() - begin
    row("", "clock / processor")
    row("load and index, s", f"{spent.wall:.2f} / {spent.own:.2f}", "goal 0.30")
    row("the grid of calm cells, before the first bulk, s", f"{made:.2f}")
    row("memory held after loading, MiB", f"{mebibytes:.0f}", "goal 100")
    for name, points in (("world", world_points(FEW)), ("near the border", near_points(FEW))):
        middle, high = alone(world, *points)
        row(f"one resolution, {name}, ms p50", middle, "goal 0.30")
        row(f"one resolution, {name}, ms p99", high)
    near = near_points(MANY)
    ours = in_bulk(world, *near)
    everywhere = in_bulk(world, *world_points(MANY)).rates(MANY)
    row("in bulk, 1 km circles, world, points/s", everywhere, "goal 200,000")
    row("in bulk, 1 km circles, near the border, points/s", ours.rates(MANY), "goal 200,000")
    some = [each[:SOME] for each in near]
    row("distances up to 100 km, near the border, points/s", afar(world, *some).rates(SOME))
    few = [each[:FEW] for each in near]
    theirs = bare(whole_polygons(world), *few)
    row("shapely STRtree of whole polygons, near the border, points/s", theirs.rates(FEW))
    times = theirs.own / FEW / (ours.own / MANY)
    row("ours against it, near the border", f"{times:,.0f} x", "goal 100 x")
    towns = geocoder(*near)
    row(
        "reverse_geocoder (nearest town), near the border, points/s",
        towns.rates(MANY) if towns else "not installed",
    )
    versions = f"Python {sys.version.split()[0]}, shapely {shapely.__version__}"
    print(f"{os.cpu_count()} cores, one thread; {versions}")


if __name__ == "__main__":
    main()
