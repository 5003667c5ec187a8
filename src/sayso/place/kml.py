"""KML 2.3 (OGC 12-007r2): every Point, LineString, LinearRing and Polygon in a document.

A document type is refused, and with it every entity: nothing is expanded and nothing is fetched.
Heights are left aside; longitude stands first.
"""

from xml.parsers import expat

from sayso.errors import MalformedPlace
from sayso.place import outline
from sayso.place.outline import Pair
from sayso.place.shape import Place

_KINDS = {"Point": "point", "LineString": "line", "LinearRing": "area", "Polygon": "area"}
_DEEPEST = 40


def looks(text: str) -> bool:
    """Return whether `text` may be KML."""
    return text.startswith("<")


def parse(text: str, *, within_m: int) -> Place:
    """Return the place that a KML document draws."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeEncodeError):
        raise MalformedPlace("the text is not KML: it is not well-formed XML") from None
    if not reader.drawn:
        raise MalformedPlace("the KML draws nothing", hint="give a Point, LineString or Polygon")
    return outline.place(reader.drawn, typed=text, form="KML", within_m=within_m)


def _refuse(*_: object) -> None:
    raise MalformedPlace("the KML declares a document type or an entity", hint="take it out")


class _Reader:
    """Gathers the coordinates of each geometry as its elements open and close."""

    def __init__(self) -> None:
        self.drawn: list[tuple[str, list[list[Pair]]]] = []
        self._open: list[str] = []
        self._rings: list[list[Pair]] = []
        self._said: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        self._open.append(name.rpartition(" ")[2])
        self._said = []
        if len(self._open) > _DEEPEST:
            raise MalformedPlace("the KML is nested too deep")

    def text(self, said: str) -> None:
        if self._open and self._open[-1] == "coordinates":
            self._said.append(said)

    def end(self, _: str) -> None:
        name = self._open.pop()
        if name == "coordinates":
            self._rings.append([_pair(each) for each in "".join(self._said).split()])
        elif name in _KINDS and not (name == "LinearRing" and "Polygon" in self._open):
            rings, self._rings = self._rings, []
            self.drawn.append((_KINDS[name], rings))


def _pair(text: str) -> Pair:
    words = text.split(",")
    if len(words) not in {2, 3}:
        raise MalformedPlace(f"`{text[:40]}` of the KML is not a position, longitude first")
    return outline.number(words[0]), outline.number(words[1])
