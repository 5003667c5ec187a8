"""A place: points, lines or areas on the Earth, and how far it may be from where it was said to be.

Positions are WGS 84 (EPSG:4326), held as integers of 1/10,000,000 of a degree (about 1 cm), so that
a place has one written form and no float ever enters a record. Edges are geodesics: the shortest
way from vertex to vertex, not a straight line on some map.

`within_m` is the place's uncertainty or its extent: the circle around a point, the buffer around a
line or an area. It is never less than what the digits typed imply.

>>> Place.point(latitude=51.73, longitude=36.19, within_m=5000).value()["within_m"]
5000
"""

import math
from dataclasses import dataclass

from sayso import wire
from sayso.errors import Malformed, MalformedPlace

SCALE = 10_000_000
"""Units of a position in a degree."""

WIDEST_M = 2_000_000
"""The widest uncertainty a place may have; beyond it no answer is of use."""

LONGEST_M = 20_000_000
"""The longest line, or border of an area, that a place may have."""

MOST_VERTICES = 20_000
"""Vertices of a place, or of an overlay."""

_KINDS = {"point": 1, "line": 2, "area": 3}
"""The kinds of part, with the fewest vertices of each."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A position: latitude and longitude in units of 1/10,000,000 of a degree."""

    lat: int
    lon: int

    def __post_init__(self) -> None:
        if not (abs(self.lat) <= 90 * SCALE and abs(self.lon) <= 180 * SCALE):
            raise MalformedPlace(
                f"{self} lies outside the world",
                hint="a latitude lies between -90 and 90, a longitude between -180 and 180",
            )

    @classmethod
    def at(cls, latitude: float, longitude: float) -> "Point":
        """Return the point at `latitude` and `longitude` in degrees."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            raise MalformedPlace(f"{latitude}, {longitude} is no position", hint="give two numbers")
        return cls(round(latitude * SCALE), round(longitude * SCALE))

    @property
    def degrees(self) -> tuple[float, float]:
        """Return the latitude and the longitude in degrees."""
        return self.lat / SCALE, self.lon / SCALE

    def __str__(self) -> str:
        return f"{_decimal(self.lat)}, {_decimal(self.lon)}"


def _decimal(units: int) -> str:
    whole, rest = divmod(abs(units), SCALE)
    fraction = f"{rest:07d}".rstrip("0") or "0"
    return f"{'-' if units < 0 else ''}{whole}.{fraction}"


Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One point, one line, or one area: an outer ring and its holes, each unclosed."""

    kind: str
    rings: tuple[Ring, ...]

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise MalformedPlace(f"`{self.kind}` is no kind of place", hint="point, line or area")
        least = _KINDS[self.kind]
        if not self.rings or any(len(ring) < least for ring in self.rings):
            raise MalformedPlace(f"{_an(self.kind)} needs at least {least} vertices")
        if self.kind != "area" and len(self.rings) > 1:
            raise MalformedPlace(f"{_an(self.kind)} has no holes")


def _an(kind: str) -> str:
    return f"an {kind}" if kind.startswith("a") else f"a {kind}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a use is to be: its parts, the metres around them, and the text somebody typed."""

    parts: tuple[Part, ...]
    within_m: int
    typed: str = ""
    form: str = "degrees"

    def __post_init__(self) -> None:
        if not self.parts:
            raise MalformedPlace("the place is empty", hint="name at least one point")
        if not 0 <= self.within_m <= WIDEST_M:
            raise MalformedPlace(
                f"{self.within_m} m around a place is not between 0 and {WIDEST_M} m"
            )
        if sum(len(ring) for part in self.parts for ring in part.rings) > MOST_VERTICES:
            raise MalformedPlace(
                f"the place has more than {MOST_VERTICES} vertices", hint="simplify it first"
            )

    @classmethod
    def point(cls, latitude: float, longitude: float, *, within_m: int = 0) -> "Place":
        """Return the place around one point, in degrees."""
        part = Part("point", ((Point.at(latitude, longitude),),))
        return cls((part,), within_m)

    def value(self) -> dict[str, wire.Value]:
        """Return the written form: integers only, as the record keeps it."""
        parts: list[wire.Value] = [
            {"kind": part.kind, "rings": [[[at.lat, at.lon] for at in ring] for ring in part.rings]}
            for part in self.parts
        ]
        return {"form": self.form, "parts": parts, "typed": self.typed, "within_m": self.within_m}


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    rings: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    form: str
    parts: tuple[_Part, ...]
    typed: str
    within_m: int


def read(value: wire.Value) -> Place:
    """Return the place whose written form is `value`: `Place.value` undone."""
    try:
        written = wire.decode(_Place, value)
    except Malformed as error:
        raise MalformedPlace(f"this is not the written form of a place: {error}") from None
    parts = tuple(
        Part(part.kind, tuple(tuple(_point(pair) for pair in ring) for ring in part.rings))
        for part in written.parts
    )
    return Place(parts, written.within_m, written.typed, written.form)


def _point(pair: tuple[int, ...]) -> Point:
    if len(pair) != len(("lat", "lon")):
        raise MalformedPlace("a position is a pair: latitude, longitude")
    return Point(*pair)
