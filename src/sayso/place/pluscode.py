"""Open Location Codes ("Plus codes"), in full: `8FXV8PMR+7P`. The cell is the place.

Ten signs, two and two, name a cell of 20°, 1°, 1/20°, 1/400° and 1/8000°; each further sign one of
its 5 by 4 parts (Open Location Code specification, 1.0.4). A short code, which needs a town to be
understood, is refused.
"""

import math
import re
from fractions import Fraction

from sayso.errors import MalformedPlace
from sayso.place.shape import SCALE, Part, Place, Point

_SIGNS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(rf"[{_SIGNS}0]{{2,8}}\+[{_SIGNS}]{{0,7}}", re.ASCII | re.IGNORECASE)
_DEGREE_M = 111_700
_WHOLE = 8
_PAIRED = 10


def looks(text: str) -> bool:
    """Return whether `text` may be a Plus code."""
    return _CODE.fullmatch(text) is not None


def parse(text: str, *, within_m: int) -> Place:
    """Return the middle of a code's cell, and a circle that holds the cell."""
    before, _, after = text.upper().partition("+")
    if len(before) != _WHOLE:
        raise MalformedPlace(
            f"`{text}` is a short Plus code", hint="give the full code, eight signs before the `+`"
        )
    signs = before.rstrip("0") + after
    if "0" in signs or (len(signs) % 2 and len(signs) < _PAIRED) or (after and "0" in before):
        raise MalformedPlace(f"`{text}` is not a Plus code")
    south, west, high, wide = _cell(signs)
    if south >= 90 or west >= 180:  # noqa: PLR2004  # the ends of the world
        raise MalformedPlace(f"`{text}` lies outside the world")
    lat, lon = south + high / 2, west + wide / 2
    at = Point(round(lat * SCALE), round(lon * SCALE))
    half = math.hypot(high / 2, wide / 2 * math.cos(math.radians(max(float(abs(lat) - high), 0.0))))
    around = max(within_m, math.ceil(half * _DEGREE_M))
    return Place((Part("point", ((at,),)),), around, text, "Plus code")


def _cell(signs: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Return the south and west edge of the cell, its height and its width, in degrees."""
    south, west, size = Fraction(-90), Fraction(-180), Fraction(400)
    for at in range(0, min(len(signs), _PAIRED), 2):
        size /= 20
        south += _SIGNS.index(signs[at]) * size
        west += _SIGNS.index(signs[at + 1]) * size
    high = wide = size
    for sign in signs[_PAIRED:]:
        row, column = divmod(_SIGNS.index(sign), 4)
        high, wide = high / 5, wide / 4
        south, west = south + row * high, west + column * wide
    return south, west, high, wide
