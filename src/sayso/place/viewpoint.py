"""A viewpoint: whose idea of the borders. It says to which territory each atom of a pack belongs.

A viewpoint is a YAML file. It starts from what needs no saying (`xx.core` is ground of XX, and
`aa-bb.overlap` of both AA and BB) and adds or takes away atoms by name:

    viewpoint: us
    title: As the United States sees it
    basis: Public Law 115-44, sec. 257; Declaration of 25 July 2018
    territories:
      UA: {plus: [crimea, ua.oblasts4]}
      GE: {plus: [abkhazia]}
    interior:
      - {name: Simferopol, at: [44.95, 34.10], of: UA}
    exterior:
      - {name: Simferopol, at: [44.95, 34.10], of: RU}

The test points must hold: `sayso.place.proven` says which do not. An atom that the viewpoint leaves
to nobody is refused, so that a pack with new atoms is never read by a viewpoint that does not know
them. Ground that a deployment laid over an atom (`ua.core+held`, see `sayso.place.overlay`) belongs
to whom the atom belongs, unless the viewpoint says otherwise of `+held`. The digest of a viewpoint
is the SHA-256 of its file.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from sayso.errors import MalformedPlace
from sayso.place.pack import HIGH_SEAS, UNCLAIMED, About
from sayso.place.shape import Point

_CODE = re.compile(r"[A-Z]{2}")
_CORE = re.compile(r"([a-z]{2})\.core")
_SHARED = re.compile(r"([a-z]{2})-([a-z]{2})\.overlap")
_KEYS = {"viewpoint", "title", "basis", "territories", "interior", "exterior"}
SHIPPED = ("any-claim", "ru", "ua", "un", "us")


@dataclass(frozen=True, slots=True)
class Change:
    """The atoms that a viewpoint adds to a territory's own, and those that it takes away."""

    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestPoint:
    """A point that must touch `of`, or must not."""

    __test__ = False  # pytest: no test, in spite of the name

    name: str
    at: Point
    of: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Whose idea of the borders: changes to what needs no saying, and points that prove them."""

    name: str
    title: str
    basis: str
    sha256: str
    changes: Mapping[str, Change] = field(hash=False)
    points: tuple[TestPoint, ...] = field(default=(), hash=False)

    def claims(self, about: About) -> "Claims":
        """Return whose each atom of a pack is, from here."""
        return _claims(self, about)

    def claimed(self, atom: str) -> tuple[str, ...]:
        """Return the territories that an atom belongs to, sorted."""
        base, plus, overlay = atom.partition("+")
        codes = set(_own(base))
        for named in (base, plus + overlay) if plus else (base,):
            for code, change in self.changes.items():
                if named in change.plus:
                    codes.add(code)
                if named in change.minus:
                    codes.discard(code)
        return tuple(sorted(codes))

    def refuse_unknown(self, about: About) -> None:
        """Raise if the viewpoint speaks of an atom that the pack does not have."""
        parts = [atom.partition("+") for atom in about.territories]
        known = {base for base, _, _ in parts} | {plus + overlay for _, plus, overlay in parts}
        for code, change in self.changes.items():
            for atom in (*change.plus, *change.minus):
                if atom not in known:
                    raise MalformedPlace(
                        f"the viewpoint `{self.name}` speaks of the atom `{atom}` for {code},"
                        " which the pack does not have"
                    )


@dataclass(frozen=True, slots=True)
class Claims:
    """For each atom of a pack the territories it belongs to: one, several, or of the sea none."""

    of: Mapping[str, tuple[str, ...]]
    known: tuple[str, ...]
    """Every territory there is, sorted."""
    high_seas: frozenset[str]
    unclaimed: frozenset[str]


@lru_cache(maxsize=32)
def _claims(view: Viewpoint, about: About) -> Claims:
    view.refuse_unknown(about)
    claimed = {atom: view.claimed(atom) for atom in about.territories}
    bare = {atom: atom.partition("+")[0] for atom, codes in claimed.items() if not codes}
    for atom, base in bare.items():
        if base not in {HIGH_SEAS, UNCLAIMED}:
            raise MalformedPlace(
                f"the viewpoint `{view.name}` gives the atom `{atom}` to nobody",
                hint="add it to a territory's `plus`",
            )
    known = sorted({code for codes in claimed.values() for code in codes})
    return Claims(
        of=MappingProxyType(claimed),
        known=tuple(known),
        high_seas=frozenset(atom for atom, base in bare.items() if base == HIGH_SEAS),
        unclaimed=frozenset(atom for atom, base in bare.items() if base == UNCLAIMED),
    )


def _own(atom: str) -> Iterator[str]:
    """Return the codes that an atom's name gives it to when nobody says more."""
    named = _CORE.fullmatch(atom) or _SHARED.fullmatch(atom)
    return (code.upper() for code in named.groups()) if named else iter(())


def parse(data: bytes) -> Viewpoint:
    """Return the viewpoint that a YAML file holds."""
    try:
        read = yaml.safe_load(data.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        raise MalformedPlace("the viewpoint is not YAML in UTF-8") from None
    if not isinstance(read, dict) or not {"viewpoint", "title", "basis"} <= read.keys() <= _KEYS:
        raise MalformedPlace(
            "the file is not a viewpoint",
            hint="its keys are " + ", ".join(f"`{key}`" for key in sorted(_KEYS)),
        )
    return Viewpoint(
        name=_text(read["viewpoint"]),
        title=_text(read["title"]),
        basis=_text(read["basis"]),
        sha256=hashlib.sha256(data).hexdigest(),
        changes=MappingProxyType(dict(_changes(read.get("territories", {})))),
        points=(*_points(read, "interior"), *_points(read, "exterior")),
    )


@lru_cache(maxsize=8)
def shipped(name: str) -> Viewpoint:
    """Return one of the viewpoints that come with Sayso."""
    if name not in SHIPPED:
        raise MalformedPlace(
            f"no viewpoint is named `{name}`",
            hint="known are " + ", ".join(f"`{each}`" for each in SHIPPED) + ", or give a file",
        )
    return parse((files("sayso.place") / "viewpoints" / f"{name}.yaml").read_bytes())


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedPlace(f"`{value}` stands in a viewpoint where a text is wanted")
    return value


def _changes(value: object) -> Iterator[tuple[str, Change]]:
    if not isinstance(value, dict):
        raise MalformedPlace("a viewpoint's `territories` are a mapping by code")
    for code, change in value.items():
        if not isinstance(change, dict) or not change.keys() <= {"plus", "minus"}:
            raise MalformedPlace(f"the territory `{code}` wants `plus` and `minus`, lists of atoms")
        yield _code(code), Change(_names(change.get("plus", [])), _names(change.get("minus", [])))


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise MalformedPlace("`plus` and `minus` of a viewpoint are lists of atoms")
    return tuple(_text(each) for each in value)


def _code(value: object) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise MalformedPlace(
            f"`{value}` is no territory", hint='write its ISO 3166-1 alpha-2 code, quoted: "NO"'
        )
    return value


def _points(read: Mapping[str, object], key: str) -> Iterator[TestPoint]:
    rows = read.get(key, [])
    for row in rows if isinstance(rows, list) else [rows]:
        match row:
            case {
                "name": str(name),
                "at": [float() | int() as lat, float() | int() as lon],
                "of": of,
            }:
                yield TestPoint(name, Point.at(lat, lon), _code(of), key == "interior")
            case _:
                raise MalformedPlace(
                    f"a point of `{key}` is written {{name: …, at: […, …], of: …}}"
                )
