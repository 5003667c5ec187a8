"""From pairs of numbers somebody drew to the parts of a place, where longitude stands first.

Numbers stay decimals, as typed: the finest digits in a drawing say how exact it is.
"""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from sayso.errors import MalformedPlace
from sayso.place.shape import SCALE, Part, Place, Point

Pair = tuple[Decimal, Decimal]
"""Longitude and latitude, as drawn."""

_DEGREE_M = 111_700
_MOST_DIGITS = 30


def number(text: str) -> Decimal:
    """Return the decimal that `text` is, neither NaN nor infinite nor absurdly long."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MalformedPlace(f"`{text[:40]}` is not a number") from None
    if not value.is_finite() or len(text) > _MOST_DIGITS:
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


def place(
    drawn: Sequence[tuple[str, Sequence[Sequence[Pair]]]], *, typed: str, form: str, within_m: int
) -> Place:
    """Return the place made of `drawn` kinds and rings, as wide as its digits are rough."""
    pairs = [pair for _, rings in drawn for ring in rings for pair in ring]
    parts = tuple(part(kind, rings) for kind, rings in drawn)
    return Place(parts, max(within_m, roughness(pairs)), typed, form)
