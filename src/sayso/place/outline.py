"""From pairs of numbers somebody drew to the parts of a place, where longitude stands first.

Numbers stay decimals, as typed: the finest digits in a drawing say how exact it is. A drawing too
large to be answered within seconds is refused here, where it comes in, so that a place that was
recorded once can always be answered again.
"""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from sayso.errors import MalformedPlace
from sayso.place.shape import LONGEST_M, MOST_VERTICES, SCALE, Part, Place, Point

Pair = tuple[Decimal, Decimal]
"""Longitude and latitude, as drawn."""

_DEGREE_M = 111_700
_RADIUS_M = 6_371_000
_MOST_DIGITS = 30
_MOST_OUTLINES = 500
"""Lines and areas of a drawing: each is asked of the pack by itself, in some milliseconds."""

Drawn = tuple[str, Sequence[Sequence[Pair]]]
"""A kind of part, and its rings."""


def number(text: str) -> Decimal:
    """Return the decimal that `text` is, neither NaN nor infinite nor absurdly long."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MalformedPlace(f"`{text[:40]}` is not a number") from None
    if not value.is_finite() or value.adjusted() > 3 or len(text) > _MOST_DIGITS:  # noqa: PLR2004  # thousands: no degrees
        raise MalformedPlace(f"`{text[:40]}` is not a number of degrees")
    return value


def part(kind: str, rings: Iterable[Sequence[Pair]]) -> Part:
    """Return the part that `rings` draw; a ring of an area must end where it starts."""
    drawn = []
    for ring in rings:
        if kind == "area" and (len(ring) < 4 or ring[0] != ring[-1]):  # noqa: PLR2004  # a triangle, closed
            raise MalformedPlace(
                "a ring of an area is not closed",
                hint="its last vertex repeats the first, and there are four at least",
            )
        drawn.append(tuple(_point(pair) for pair in (ring[:-1] if kind == "area" else ring)))
    return Part(kind, tuple(drawn))


def _point(pair: Pair) -> Point:
    lon, lat = pair
    if abs(lat) > 90 >= abs(lon):  # noqa: PLR2004  # a latitude's end
        raise MalformedPlace(
            f"`{lon} {lat}` has a latitude beyond 90",
            hint="longitude stands first in this form; the two may be swapped",
        )
    return Point(round(lat * SCALE), round(lon * SCALE))


def roughness(pairs: Iterable[Pair]) -> int:
    """Return the metres that the finest digits of a drawing leave open."""
    numbers = [each for pair in pairs for each in pair]
    finest = min((int(each.as_tuple().exponent) for each in numbers), default=0)
    half = float(Decimal(5).scaleb(min(finest, 0) - 1))
    latitude = min((abs(float(lat)) for _, lat in pairs), default=0.0) if numbers else 0.0
    return math.ceil(math.hypot(half, half * math.cos(math.radians(latitude))) * _DEGREE_M)


def place(drawn: Sequence[Drawn], *, typed: str, form: str, within_m: int) -> Place:
    """Return the place made of `drawn` kinds and rings, as wide as its digits are rough."""
    _refuse_large(drawn)
    pairs = [pair for _, rings in drawn for ring in rings for pair in ring]
    parts = tuple(part(kind, rings) for kind, rings in drawn)
    _refuse_long(parts)
    return Place(parts, max(within_m, roughness(pairs)), typed, form)


def _refuse_large(drawn: Sequence[Drawn]) -> None:
    if sum(len(ring) for _, rings in drawn for ring in rings) > MOST_VERTICES:
        raise MalformedPlace(
            f"the place has more than {MOST_VERTICES} vertices", hint="simplify it first"
        )
    if sum(kind != "point" for kind, _ in drawn) > _MOST_OUTLINES:
        raise MalformedPlace(
            f"the place has more than {_MOST_OUTLINES} lines and areas",
            hint="split it into several",
        )


def _refuse_long(parts: Sequence[Part]) -> None:
    """Raise if all lines and borders together are too long; a sphere is near enough to tell."""
    rings = [ring for each in parts for ring in each.rings]
    if sum(_apart(*pair) for ring in rings for pair in pairwise(ring)) > LONGEST_M * 1.01:
        raise MalformedPlace(
            f"the place is longer than {LONGEST_M // 1000:,} km", hint="split it into several"
        )


def _apart(one: Point, two: Point) -> float:
    """Return the metres between two points on a sphere."""
    (lat, lon), (lat2, lon2) = one.degrees, two.degrees
    high, wide = math.radians(lat2 - lat) / 2, math.radians(lon2 - lon) / 2
    shrink = math.cos(math.radians(lat)) * math.cos(math.radians(lat2))
    chord = math.hypot(math.sin(high), math.sqrt(shrink) * math.sin(wide))
    return 2 * math.asin(min(chord, 1.0)) * _RADIUS_M
