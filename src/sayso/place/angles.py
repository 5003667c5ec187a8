"""Positions as people write angles: decimal degrees, and degrees, minutes and seconds.

    51.73, 36.19          51.73N 36.19E         N51.73 E36.19
    51°43'48"N 36°11'24"E     51 43 48 N, 36 11 24 E     514348N 0361124E

Without letters the latitude stands first. With letters each says its axis, in either order. The
last digit typed is an uncertainty: `51.73` is somewhere within half a hundredth of a degree. A
comma inside a number is refused: `50,60` may be two numbers or one.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from sayso.errors import MalformedPlace
from sayso.place.shape import SCALE, Part, Place, Point

_DEGREE_M = 111_700
_MARKS = str.maketrans(
    {"º": "°", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "−": "-"}
)
_NUMBER = r"\d{1,3}(?:\.\d{1,12})?"
_ANGLE = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<sign>[+-])?(?P<degrees>{_NUMBER})\s*°?"
    r"(?:\s*(?P<minutes>\d{1,2}(?:\.\d{1,9})?)\s*'?(?:\s*(?P<seconds>\d{1,2}(?:\.\d{1,9})?)\s*\"?)?)?"
    r"\s*(?P<after>[NSEW])?",
    re.ASCII | re.IGNORECASE,
)
_PACKED = re.compile(
    r"(\d{2})(\d{2})(\d{2})?([NS])[\s,]*(\d{3})(\d{2})(\d{2})?([EW])", re.ASCII | re.IGNORECASE
)
_COMMA_DECIMAL = re.compile(r"\d,\d")
_LIKE = re.compile(r"[\s\d.,;/°'\"+\-NSEW]+", re.IGNORECASE)
"""Digits of any script, to refuse them with their reason."""
_WORD = r"[+-]?(?:nan|inf(?:inity)?|[\d.]+)"
_NO_NUMBER = re.compile(rf"(?=.*[ni]){_WORD}[\s,;/]+{_WORD}", re.ASCII | re.IGNORECASE)
_HINT = "write latitude and longitude, as in 51.73, 36.19 or 51°43'48\"N 36°11'24\"E"


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle as typed: its value and half the unit of its last digit, in degrees."""

    degrees: Decimal
    half: Decimal
    letter: str


def looks(text: str) -> bool:
    """Return whether `text` has only the signs of angles in it, and a digit."""
    marked = text.translate(_MARKS)
    if _NO_NUMBER.fullmatch(marked):
        return True
    return _LIKE.fullmatch(marked) is not None and any(each.isdigit() for each in marked)


def parse(text: str, *, within_m: int) -> Place:
    """Return the place at the position that `text` gives, as wide as its digits are rough."""
    _refuse_no_number(text)
    plain = _unpacked(text.translate(_MARKS).strip().upper())
    if _COMMA_DECIMAL.search(plain):
        raise MalformedPlace(
            f"`{text}` has a comma between digits",
            hint="write decimals with a point, and a space after the comma between two numbers",
        )
    first, second = _pair(plain, text)
    lat, lon = _by_axis(first, second, text)
    _refuse_beyond(lat, lon, text)
    at = Point(round(lat.degrees * SCALE), round(lon.degrees * SCALE))
    return Place((Part("point", ((at,),)),), max(within_m, _roughness(lat, lon)), text, "angles")


def _refuse_no_number(text: str) -> None:
    if _NO_NUMBER.fullmatch(text.translate(_MARKS)):
        raise MalformedPlace(f"`{text}` is not a position: NaN and infinity are none", hint=_HINT)
    if any(each.isdigit() and not each.isascii() for each in text):
        raise MalformedPlace(f"`{text}` has other digits than 0 to 9", hint=_HINT)


def _unpacked(text: str) -> str:
    """Return `514348N0361124E` with its parts set apart; other text as it is."""
    found = _PACKED.fullmatch(text)
    if found is None:
        return text
    lat, lon = found.groups()[:4], found.groups()[4:]
    return " ".join(part for part in (*lat, *lon) if part)


def _pair(plain: str, text: str) -> tuple[Angle, Angle]:
    """Return the two angles: split at the one sign between them, else where letters tell."""
    halves = [half.strip() for half in re.split(r"[,;/]", plain)]
    if len(halves) == 1:
        halves = _without_sign(plain)
    if len(halves) != len(("lat", "lon")):
        raise MalformedPlace(f"`{text}` is not one position", hint=_HINT)
    found = [_ANGLE.fullmatch(half) for half in halves]
    if found[0] is None or found[1] is None:
        raise MalformedPlace(f"`{text}` is not a position", hint=_HINT)
    return _angle(found[0], text), _angle(found[1], text)


def _without_sign(plain: str) -> list[str]:
    """Return the two halves of a text with no sign between them."""
    if re.match(r"[NSEW]", plain):
        return [half for half in re.split(r"\s*(?=[NSEW])", plain) if half]
    if re.search(r"[NSEW]$", plain):
        return [half for half in re.split(r"(?<=[NSEW])\s*", plain) if half]
    words = plain.split()
    middle = len(words) // 2
    return [" ".join(words[:middle]), " ".join(words[middle:])] if len(words) % 2 == 0 else words


def _angle(found: re.Match[str], text: str) -> Angle:
    whole = [found["degrees"], found["minutes"], found["seconds"]]
    given = [Decimal(each) for each in whole if each is not None]
    if any("." in str(each) for each in whole[: len(given) - 1]) or any(m >= 60 for m in given[1:]):  # noqa: PLR2004  # minutes in a degree
        raise MalformedPlace(f"`{text}` is not an angle", hint="minutes and seconds are below 60")
    letters = {found["before"], found["after"]} - {None}
    if len(letters) > 1 or (letters and found["sign"]):
        raise MalformedPlace(f"`{text}` says its direction twice", hint=_HINT)
    letter = str(letters.pop()) if letters else ""
    size = sum((part / 60**power for power, part in enumerate(given)), Decimal(0))
    negative = found["sign"] == "-" or letter in {"S", "W"}
    exponent = given[-1].as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1) / 60 ** (len(given) - 1)
    return Angle(-size if negative else size, half, letter)


def _by_axis(first: Angle, second: Angle, text: str) -> tuple[Angle, Angle]:
    """Return the latitude and the longitude, as the letters say, or the order."""
    north_south, east_west = {"N", "S"}, {"E", "W"}
    if first.letter in east_west and second.letter in north_south:
        return second, first
    if first.letter in north_south and second.letter in east_west:
        return first, second
    if first.letter or second.letter:
        raise MalformedPlace(
            f"`{text}` does not give one latitude and one longitude",
            hint="give both their letters, N or S and E or W, or neither",
        )
    return first, second


def _refuse_beyond(lat: Angle, lon: Angle, text: str) -> None:
    if abs(lat.degrees) > 90 and abs(lon.degrees) <= 90 and not lat.letter:  # noqa: PLR2004  # a latitude's end
        raise MalformedPlace(
            f"`{text}` has a latitude beyond 90",
            hint="latitude stands first; the two may be swapped",
        )
    if abs(lat.degrees) > 90 or abs(lon.degrees) > 180:  # noqa: PLR2004  # the ends of the world
        raise MalformedPlace(
            f"`{text}` lies outside the world",
            hint="a latitude lies between -90 and 90, a longitude between -180 and 180",
        )


def _roughness(lat: Angle, lon: Angle) -> int:
    """Return the metres that the digits leave open: half the diagonal of what rounds to them."""
    shrink = math.cos(math.radians(float(lat.degrees)))
    return math.ceil(math.hypot(float(lat.half), float(lon.half) * shrink) * _DEGREE_M)
