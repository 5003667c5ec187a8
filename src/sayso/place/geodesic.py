"""The shortest way between two points of the ellipsoid, as vertices close enough to draw.

T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested
equations", Survey Review 23 (1975): good to a millimetre, and without an answer where two points
lie almost opposite on the globe. There no one way is shortest, and such neighbours are refused.

The symbols are Vincenty's: `u` a reduced latitude, `alpha` the azimuth at the equator, `sigma` an
arc on the auxiliary sphere, `lam` a difference of longitude on it, `big_a`, `big_b` and `c` his A,
B and C.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin, sqrt, tan

import numpy as np

from sayso.errors import MalformedPlace
from sayso.place.ellipsoid import A, B, F, Floats
from sayso.place.shape import LONGEST_M

STEP_M = 5_000
"""Farthest that two vertices of a drawn way stand apart."""
_ENOUGH = 1e-12
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Way:
    """A geodesic: where it starts, in degrees, its azimuth there, in radians, and its length."""

    lat: float
    lon: float
    azimuth: float
    metres: float


def drawn(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Return the way through the vertices with more of them between; longitudes never jump by 360.

    To a tenth of a millimetre, so that a ring that is closed stays closed.
    """
    given = list(zip(lat.tolist(), lon.tolist(), strict=True))
    ways = [inverse(one, two) for one, two in pairwise(given)]
    if sum(way.metres for way in ways) > LONGEST_M:
        raise MalformedPlace(
            f"the place is longer than {LONGEST_M // 1000:,} km", hint="split it into several"
        )
    vertices = [_between(way) for way in ways]
    latitude = np.concatenate([*(each[0] for each in vertices), lat[-1:]])
    longitude = np.concatenate([*(each[1] for each in vertices), lon[-1:]])
    unwrapped: Floats = np.unwrap(longitude, period=360)
    return np.round(latitude, 9), np.round(unwrapped, 9)


def _between(way: Way) -> tuple[Floats, Floats]:
    """Return the vertices of a way, from its start on, without its end."""
    count = max(int(way.metres // STEP_M) + 1, 1)
    lat, lon = direct(way, np.arange(count, dtype=np.float64) * (way.metres / count))
    lat[0], lon[0] = way.lat, way.lon
    return lat, lon


def inverse(one: tuple[float, float], two: tuple[float, float]) -> Way:
    """Return the way from one point to another, both in degrees (Vincenty's section 4)."""
    u1, u2 = (atan2((1 - F) * sin(radians(at[0])), cos(radians(at[0]))) for at in (one, two))
    apart = radians((two[1] - one[1] + 180) % 360 - 180)
    lam = apart
    for _ in range(_ROUNDS):
        seen = _Seen.of(u1, u2, lam)
        if seen.sin_sigma == 0:
            return Way(*one, 0.0, 0.0)
        before, lam = lam, apart + seen.turn()
        if abs(lam) > pi:
            break
        if abs(lam - before) < _ENOUGH:
            azimuth = atan2(cos(u2) * sin(lam), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam))
            return Way(*one, azimuth, seen.metres())
    raise MalformedPlace(
        "two neighbours of the place lie opposite on the globe",
        hint="say which way is meant: add a vertex between them",
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """One round of the inverse solution, equations 14 to 18."""

    sin_sigma: float
    cos_sigma: float
    sin_alpha: float
    cos_2m: float

    @classmethod
    def of(cls, u1: float, u2: float, lam: float) -> "_Seen":
        sin_sigma = hypot(cos(u2) * sin(lam), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam))
        cos_sigma = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sin_alpha = cos(u1) * cos(u2) * sin(lam) / sin_sigma if sin_sigma else 0.0
        cos2_alpha = 1 - sin_alpha**2
        cos_2m = cos_sigma - 2 * sin(u1) * sin(u2) / cos2_alpha if cos2_alpha > _ENOUGH else 0.0
        return cls(sin_sigma, cos_sigma, sin_alpha, cos_2m)

    def turn(self) -> float:
        """Return by how much the longitudes differ more on the sphere (equations 10 and 11)."""
        c = _c(1 - self.sin_alpha**2)
        sigma = atan2(self.sin_sigma, self.cos_sigma)
        inner = self.cos_2m + c * self.cos_sigma * (2 * self.cos_2m**2 - 1)
        return (1 - c) * F * self.sin_alpha * (sigma + c * self.sin_sigma * inner)

    def metres(self) -> float:
        """Return the length of the way (equations 3, 4, 6 and 19)."""
        big_a, big_b = _series(1 - self.sin_alpha**2)
        sigma = atan2(self.sin_sigma, self.cos_sigma)
        change = _change(big_b, self.sin_sigma, self.cos_sigma, self.cos_2m)
        return float(B * big_a * (sigma - change))


def direct(way: Way, metres: Floats) -> tuple[Floats, Floats]:
    """Return the points so many metres along a way, in degrees (Vincenty's section 3)."""
    tan_u1 = (1 - F) * tan(radians(way.lat))
    cos_u1 = 1 / sqrt(1 + tan_u1**2)
    sin_u1 = tan_u1 * cos_u1
    start = atan2(tan_u1, cos(way.azimuth))
    sin_alpha = cos_u1 * sin(way.azimuth)
    big_a, big_b = _series(1 - sin_alpha**2)
    sigma = straight = metres / (B * big_a)
    for _ in range(_ROUNDS):
        cos_2m = np.cos(2 * start + sigma)
        before = sigma
        sigma = straight + _change(big_b, np.sin(sigma), np.cos(sigma), cos_2m)
        if np.abs(sigma - before).max() < _ENOUGH:
            break
    sin_s, cos_s = np.sin(sigma), np.cos(sigma)
    across = sin_u1 * sin_s - cos_u1 * cos_s * cos(way.azimuth)
    lat = np.arctan2(
        sin_u1 * cos_s + cos_u1 * sin_s * cos(way.azimuth), (1 - F) * np.hypot(sin_alpha, across)
    )
    lam = np.arctan2(sin_s * sin(way.azimuth), cos_u1 * cos_s - sin_u1 * sin_s * cos(way.azimuth))
    c, cos_2m = _c(1 - sin_alpha**2), np.cos(2 * start + sigma)
    inner = cos_2m + c * cos_s * (2 * cos_2m**2 - 1)
    lon = lam - (1 - c) * F * sin_alpha * (sigma + c * sin_s * inner)
    return np.degrees(lat), (way.lon + np.degrees(lon) + 180) % 360 - 180


def _series(cos2_alpha: float) -> tuple[float, float]:
    """Return Vincenty's A and B (equations 3 and 4)."""
    u2 = cos2_alpha * (A**2 - B**2) / B**2
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    return big_a, u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))


def _c(cos2_alpha: float) -> float:
    """Return Vincenty's C (equation 10)."""
    return F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))


def _change(
    big_b: float, sin_s: Floats | float, cos_s: Floats | float, cos_2m: Floats | float
) -> Floats | float:
    """Return the difference of arc between the sphere and the ellipsoid (equation 6)."""
    inner = cos_s * (2 * cos_2m**2 - 1)
    last = big_b / 6 * cos_2m * (4 * sin_s**2 - 3) * (4 * cos_2m**2 - 3)
    return big_b * sin_s * (cos_2m + big_b / 4 * (inner - last))
