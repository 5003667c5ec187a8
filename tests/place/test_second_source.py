"""The shipped pack against a second publisher's borders, where a file of them is at hand.

npm install @osm_borders/maritime_10m
SAYSO_MARITIME=node_modules/@osm_borders/maritime_10m/borders.geo.json make test TESTS=tests/place
"""

import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from sayso.place import bulk, viewpoint
from sayso.place.build import sources
from sayso.place.pack import Pack
from sayso.place.resolve import Tolerance

FILE = os.environ.get("SAYSO_MARITIME", "")
STATES = ("BY", "EE", "FI", "GE", "KZ", "LT", "LV", "MN", "PL", "RU", "UA")


@pytest.mark.skipif(
    not FILE,
    reason="SAYSO_MARITIME names no borders.geo.json of the npm package @osm_borders/maritime_10m",
)
def test_the_second_publisher_finds_no_touch_that_we_miss(world: Pack) -> None:
    outlines = sources.outlines(Path(FILE))
    random = np.random.default_rng(11)
    lon, lat = random.uniform(19, 60, 20_000), random.uniform(41, 70, 20_000)
    told = bulk.resolve(
        bulk.Points(lat, lon, np.zeros(len(lat))),
        viewpoint=viewpoint.shipped("any-claim"),
        pack=world,
        tolerance=Tolerance(),
    )
    points = shapely.points(lon, lat)
    for code in STATES:
        shapely.prepare(outlines[code])
        theirs = shapely.contains(outlines[code], points)
        ours = told.touches(code) | (told.touches("AX") if code == "FI" else False)
        assert not (theirs & ~ours).any(), code
