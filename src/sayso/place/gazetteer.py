"""Names of towns, and what each may mean. A name that may mean two towns is refused, never guessed.

The gazetteer is GeoNames' towns of 5,000 people and more. It holds positions, populations and
names, and no country: a gazetteer's idea of the borders is never asked. A name is found in any
Latin or Cyrillic spelling the gazetteer has, whatever its case, accents, spaces and hyphens; two
towns of one name are told apart by their numbers, as in `geonames:709717`.

A town is not its middle: the radius of its place is at least that of a circle in which its people
would live at 1,500 to the square kilometre, and at least 1 km.

The file is deflated text in UTF-8, two tables with an empty line between them:

    709717<TAB>48023<TAB>37802<TAB>901645<TAB>Donetsk        number, milli-degrees, people, name
                                                             (empty line)
    donetsk<TAB>548442 709717                                folded name, numbers
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from sayso.errors import MalformedPlace
from sayso.place.shape import Part, Place, Point

MILLI = 10_000
"""Units of a position in the gazetteer's 1/1,000 of a degree."""
_PEOPLE_PER_KM2 = 1_500
_LEAST_M = 1_000
_PREFIX = "geonames:"
_LISTED = 6
"""Candidates that a refusal lists; the most populous first."""
_LONGEST = 30
"""Letters of the longest name whose likes are looked for."""
_BEGIN = 3
_ALIKE = 0.7
"""How alike two names are, from 0 to 1, if one may be a slip of the other."""


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place: its number in GeoNames, its name, its middle and its people."""

    number: int
    name: str
    at: Point
    people: int

    @property
    def radius_m(self) -> int:
        """Return the least radius of the town's place."""
        return max(_LEAST_M, math.isqrt(int(self.people * 1_000_000 / (_PEOPLE_PER_KM2 * math.pi))))

    def __str__(self) -> str:
        return f"`{_PREFIX}{self.number}` {self.name} at {self.at} ({self.people:,} people)"


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """The two tables, as text; a look-up is a search in it."""

    towns: str
    names: str

    def named(self, name: str) -> tuple[Town, ...]:
        """Return every town that bears `name`, the most populous first."""
        found = _row(self.names, fold(name))
        towns = [self.numbered(int(each)) for each in found.split(" ")] if found else []
        return tuple(sorted((t for t in towns if t), key=lambda town: (-town.people, town.number)))

    def like(self, name: str) -> tuple[str, ...]:
        """Return up to three names that `name` may be a slip of, the likeliest first."""
        folded = fold(name)
        known = _one_slip_off(self.names, folded) or _begun_alike(self.names, folded)
        near = get_close_matches(folded, known, n=_LISTED, cutoff=_ALIKE)
        towns = [town for each in near for town in self.named(each)[:1]]
        return tuple(dict.fromkeys(town.name for town in towns))[:3]

    def numbered(self, number: int) -> Town | None:
        """Return the town of a GeoNames number."""
        row = _row(self.towns, str(number))
        if not row:
            return None
        lat, lon, people, name = row.split("\t")
        return Town(number, name, Point(int(lat) * MILLI, int(lon) * MILLI), int(people))


def _row(table: str, key: str) -> str:
    """Return what stands behind `key` in a table, or nothing."""
    start = table.find(f"\n{key}\t")
    if not key or start < 0:
        return ""
    return table[start + len(key) + 2 : table.index("\n", start + 1)]


def _one_slip_off(table: str, name: str) -> list[str]:
    """Return the keys of a table that one slip makes of `name`, which has letters and digits only.

    A slip is a letter too many, too few, or another, or two neighbours exchanged. The table is
    text, and searched as such: some tenths of a second, and only where a name is refused.
    """
    slips = "|".join(_slips(name))
    return re.findall(rf"\n({slips})(?=\t)", table) if _BEGIN <= len(name) <= _LONGEST else []


def _slips(name: str) -> Iterator[str]:
    """Yield a pattern for each slip."""
    for at in range(len(name)):
        before, letter, after = name[:at], name[at], name[at + 1 :]
        yield f"{before}.?{after}"
        yield f"{before}.{letter}{after}"
        if after:
            yield before + after[0] + letter + after[1:]
    yield f"{name}."


def _begun_alike(table: str, name: str) -> list[str]:
    """Return the keys of a table that have the first three letters of `name`, and its length."""
    if not _BEGIN <= len(name) <= _LONGEST:
        return []
    least, most = max(len(name) - 2 - _BEGIN, 0), len(name) + 2 - _BEGIN
    return re.findall(rf"\n({name[:_BEGIN]}[^\t]{{{least},{most}}})(?=\t)", table)


def load(data: bytes) -> Gazetteer:
    """Return the gazetteer that `data` holds."""
    try:
        towns, _, names = zlib.decompress(data).decode("utf-8").partition("\n\n")
    except (zlib.error, UnicodeDecodeError):
        raise MalformedPlace("the gazetteer is not deflated text") from None
    return Gazetteer(f"\n{towns}\n", f"\n{names}\n")


@cache
def shipped() -> Gazetteer:
    """Return the gazetteer that comes with Sayso."""
    return load((files("sayso.place") / "packs" / "towns.z").read_bytes())


def fold(name: str) -> str:
    """Return `name` as it is compared: letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def parse(text: str, *, within_m: int) -> Place:
    """Return the place that a name stands for, or refuse the name and list what it may mean."""
    towns = _meant(text)
    if not towns:
        near = " or ".join(f"`{name}`" for name in shipped().like(text))
        position = "write the position, as in 51.73, 36.19"
        raise MalformedPlace(
            f"no town of 5,000 people is named `{text}`",
            hint=f"did you mean {near}? Else {position}" if near else position,
        )
    if len(towns) > 1:
        more = f", and {len(towns) - _LISTED} more" if len(towns) > _LISTED else ""
        raise MalformedPlace(
            f"{len(towns)} places are named `{text}`",
            hint="write the number of the one you mean: "
            + ", ".join(str(town) for town in towns[:_LISTED])
            + more,
        )
    (town,) = towns
    part = Part("point", ((town.at,),))
    return Place((part,), max(within_m, town.radius_m), text, f"name ({_PREFIX}{town.number})")


def _meant(text: str) -> tuple[Town, ...]:
    number = text.removeprefix(_PREFIX)
    if number == text:
        return shipped().named(text)
    known = number.isascii() and number.isdigit() and len(number) < _LONGEST
    town = shipped().numbered(int(number)) if known else None
    return (town,) if town else ()
