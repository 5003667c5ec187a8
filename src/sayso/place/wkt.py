"""Well-known text (OGC 06-103r4, section 7): POINT, LINESTRING, POLYGON and their MULTI forms.

    POINT (36.19 51.73)
    POLYGON ((36 51, 37 51, 37 52, 36 51))

Longitude stands first. A reference system before it (`SRID=…;`), heights and EMPTY are refused.
"""

import re
from collections.abc import Iterator

from sayso.errors import MalformedPlace
from sayso.place import outline
from sayso.place.outline import Pair
from sayso.place.shape import Place

_HEAD = re.compile(r"(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?=\()", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,4}(?:\.\d{1,15})?", re.ASCII)
_KINDS = {"POINT": "point", "LINESTRING": "line", "POLYGON": "area"}
_BEGIN = re.compile(
    r"(SRID\s*=|(MULTI)?(POINT|LINESTRING|POLYGON)\b|GEOMETRYCOLLECTION\b)", re.IGNORECASE
)
Drawn = tuple[str, list[list[Pair]]]


def looks(text: str) -> bool:
    """Return whether `text` may be well-known text."""
    return _BEGIN.match(text) is not None


def parse(text: str, *, within_m: int) -> Place:
    """Return the place that a well-known text draws."""
    upper = text.upper().strip()
    if upper.startswith("SRID"):
        raise MalformedPlace(
            f"`{text[:40]}` names a reference system", hint="write WGS 84 without `SRID=…;`"
        )
    head = _HEAD.match(upper)
    if head is None:
        raise MalformedPlace(
            f"`{text[:40]}` is not well-known text of a point, a line or a polygon",
            hint="as in POINT (36.19 51.73); without heights, and not EMPTY",
        )
    drawn = list(_drawn(head[1] is not None, _KINDS[head[2]], upper[head.end() :]))
    return outline.place(drawn, typed=text, form="WKT", within_m=within_m)


def _drawn(many: bool, kind: str, body: str) -> Iterator[Drawn]:  # noqa: FBT001  # read off the head beside it
    for each in _inside(body) if many else [body]:
        match kind:
            case "point":
                bare = each if each.startswith("(") else f"({each})"
                yield kind, [[_pair(inner) for inner in _inside(bare)]]
            case "line":
                yield kind, [[_pair(inner) for inner in _inside(each)]]
            case _:
                yield kind, [[_pair(pair) for pair in _inside(ring)] for ring in _inside(each)]


def _inside(text: str) -> list[str]:
    """Return what stands between the outermost brackets of `text`, split at its own commas."""
    if not (text.startswith("(") and text.endswith(")")):
        raise MalformedPlace(f"`{text[:40]}` of the well-known text is not in brackets")
    parts, depth, begin = [], 0, 1
    for at, sign in enumerate(text[1:-1], 1):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            raise MalformedPlace("the brackets of the well-known text do not match")
        if sign == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    if depth:
        raise MalformedPlace("the brackets of the well-known text do not match")
    return [*parts, text[begin:-1].strip()]


def _pair(text: str) -> Pair:
    words = text.split()
    if len(words) != len(("lon", "lat")) or not all(map(_NUMBER.fullmatch, words)):
        raise MalformedPlace(f"`{text[:40]}` is not two numbers, longitude first")
    return outline.number(words[0]), outline.number(words[1])
