"""A window around a place: the plane that maps are drawn in, and whose ground each cell of it is.

The plane is the tangent plane at the middle of the window, so that a circle is a circle and the
scale is one in all directions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sayso.place import nearby
from sayso.place.ellipsoid import Floats, seen
from sayso.place.geodesic import Way, direct, drawn
from sayso.place.nearby import Index
from sayso.place.pack import GROUND
from sayso.place.resolve import Resolution
from sayso.place.shape import Place
from sayso.place.viewpoint import Claims

_LEAST_M, _MOST_M = 5_000.0, 1_500_000.0


@dataclass(frozen=True, slots=True)
class View:
    """The middle in degrees, and the metres from it to each edge."""

    lat: float
    lon: float
    half_m: float

    def plane(self, lat: Floats, lon: Floats) -> Floats:
        """Return positions as pairs from -1 to 1, east and south of the middle."""
        east, north = seen(self.lat, self.lon, lat, lon)
        return np.stack([east, -north], axis=1) / self.half_m


def around(place: Place, told: Resolution) -> View:
    """Return the window that holds the place with its tolerance, and a near border."""
    lat, lon = np.array([at.degrees for part in place.parts for at in part.rings[0]]).T
    lon = np.unwrap(lon, period=360)
    middle = float((lat.min() + lat.max()) / 2), float((lon.min() + lon.max()) / 2)
    extent = float(np.hypot(*seen(*middle, lat, lon)).max())
    wide = place.within_m + told.basis.tolerance_m + extent
    border = told.nearest[0][1] + extent if told.nearest else 0.0
    half = max(1.5 * wide, min(1.3 * border, 10 * wide), _LEAST_M)
    return View(middle[0], (middle[1] + 180) % 360 - 180, min(half, _MOST_M))


def outlines(place: Place, view: View) -> Iterator[tuple[str, Floats]]:
    """Yield each part of a place as its kind and its way in the plane of the window."""
    for part in place.parts:
        for ring in part.rings:
            whole = (*ring, ring[0]) if part.kind == "area" else ring
            lat, lon = np.array([at.degrees for at in whole]).T
            yield part.kind, view.plane(*(drawn(lat, lon) if len(lat) > 1 else (lat, lon)))


def cells(index: Index, view: View, *, rows: int, columns: int) -> tuple[Floats, list[list[str]]]:
    """Return the middles of a grid over the window, and the atoms that hold each, row by row."""
    x, y = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * 2 - 1, (np.arange(rows) + 0.5) / rows * 2 - 1
    )
    plane = np.stack([x.ravel(), y.ravel()], axis=1)
    lat, lon = np.array([_on_earth(view, *each) for each in plane.tolist()]).T
    near = nearby.near(index, lat, lon, metres=np.zeros(len(lat)))
    atoms: list[list[str]] = [[] for _ in range(len(lat))]
    for cell, atom in zip(near.point.tolist(), near.atom.tolist(), strict=True):
        if index.names[atom] not in GROUND:
            atoms[cell].append(index.names[atom])
    return plane, atoms


def _on_earth(view: View, x: float, y: float) -> tuple[float, float]:
    """Return the latitude and longitude of a point of the plane."""
    metres = float(np.hypot(x, y)) * view.half_m
    way = Way(view.lat, view.lon, float(np.arctan2(x, -y)), metres)
    lat, lon = direct(way, np.array([metres]))
    return float(lat[0]), float(lon[0])


def claimants(atoms: list[str], claims: Claims) -> tuple[str, ...]:
    """Return the territories that claim any of some atoms, sorted."""
    return tuple(sorted({code for atom in atoms for code in claims.of[atom]}))
