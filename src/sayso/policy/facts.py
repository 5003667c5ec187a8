"""The facts of one request, read strictly from nested JSON named as in the schema.

    {"article": {"id": "atacms", "range_km": 300, "suppliers": ["US"]},
     "place": {"touches": ["RU", "UA"], "distance_km": {"RU": 0}}}

Moments are RFC 3339 texts, durations ISO 8601. What is left out is unknown; only an optional field
of a group that is given is thereby said to be lacking. A list names each thing once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, assert_never

from sayso import wire
from sayso.dates import Instant, duration, duration_text
from sayso.errors import MalformedTime, MalformedValue
from sayso.policy.evaluate import LACKING, Given, Plain
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.source import nearest
from sayso.policy.types import (
    LARGEST,
    Bool,
    Enum,
    Field,
    Int,
    Listed,
    Name,
    Ranged,
    Span,
    Text,
    Time,
    Type,
)

_MICROSECOND = 1_000_000
_TEXT = frozenset({str})


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by path; `LACKING` where an optional one is known to be lacking."""

    values: Mapping[str, Given]

    @classmethod
    def read(cls, value: wire.Value, schema: Schema = BUILT_IN) -> "Facts":
        """Return the facts that a value holds; `MalformedValue` with the path of what is wrong."""
        found: dict[str, Given] = {}
        readers = _readers(schema)
        for group, fields in _object(value, "").items():
            known = readers.get(group)
            if known is None:
                raise _refused(group, "no such group of facts", nearest(group, readers))
            known.read(_object(fields, group), found)
        return cls(MappingProxyType(found))

    def without(self, *paths: str) -> "Facts":
        """Return these facts, with some of them unknown."""
        return Facts({path: given for path, given in self.values.items() if path not in paths})


Quick = Callable[[Any], Given | None]


@dataclass(frozen=True, slots=True)
class _Group:
    """Reads the facts of one group; what each field needs is worked out once for a schema.

    `quick` has, by name, the path of a field, the class its value most likely has, and what gives
    the value if nothing is wrong with it, or none: then it is read again with all care.
    """

    name: str
    fields: Mapping[str, Field]
    quick: Mapping[str, tuple[str, type, Quick]]
    optional: tuple[tuple[str, str], ...]

    def read(self, given: Mapping[str, wire.Value], found: dict[str, Given]) -> None:
        """Add the facts of the group to those found."""
        quick = self.quick
        for name, value in given.items():
            if name in quick:
                path, kind, fitting = quick[name]
                if value.__class__ is kind:
                    fits = fitting(value)
                    if fits is not None:
                        found[path] = fits
                        continue
            self.read_field(name, value, found)
        for name, path in self.optional:
            if name not in given:
                found[path] = LACKING

    def read_field(self, name: str, value: wire.Value, found: dict[str, Given]) -> None:
        """Add one fact, or those of one field by key."""
        path = f"{self.name}.{name}"
        field = self.fields.get(name)
        if field is None:
            raise _refused(path, "no such fact", nearest(name, self.fields))
        if not field.keyed:
            found[path] = read_fact(value, field.type, path)
            return
        found.update(read_keyed(value, field.type, path))


@lru_cache(maxsize=64)
def _readers(schema: Schema) -> Mapping[str, _Group]:
    return {group: _group(group, fields) for group, fields in schema.groups.items()}


def _group(group: str, fields: Mapping[str, Field]) -> _Group:
    quick = {}
    for name, field in fields.items():
        known = None if field.keyed else _quick(field.type)
        if known is not None:
            quick[name] = f"{group}.{name}", *known
    optional = tuple((name, f"{group}.{name}") for name, each in fields.items() if each.optional)
    return _Group(group, fields, quick, optional)


def _quick(wanted: Type) -> tuple[type, Quick] | None:  # noqa: PLR0911  # one way out a type
    """Return the class of most values of a type, and what gives such a value if it surely fits."""
    match wanted:
        case Bool():
            return bool, bool
        case Int(low, high):
            return int, lambda value: value if low <= value <= high else None
        case Text() | Name():
            return str, lambda value: value if len(value) <= LARGEST else None
        case Enum(values):
            return str, {value: value for value in values}.get
        case Listed(Enum(values)):
            known = frozenset(values)
            return list, lambda value: _texts(value, known)
        case Listed(Text() | Name()):
            return list, _texts
        case _:
            return None


def _texts(value: list[Any], known: frozenset[str] | None = None) -> tuple[str, ...] | None:
    """Return different texts, all of them known, if that is what they surely are."""
    if not _TEXT.issuperset(map(type, value)) or sum(map(len, value)) > LARGEST - len(value):
        return None
    distinct = frozenset(value)
    fits = len(distinct) == len(value) and (known is None or distinct <= known)
    return tuple(value) if fits else None


def _object(value: wire.Value, path: str) -> Mapping[str, wire.Value]:
    if isinstance(value, dict):
        return value
    raise _refused(path, "an object of facts is wanted")


def _refused(path: str, fault: str, hint: str = "") -> MalformedValue:
    return MalformedValue(f"`{path}`: {fault}" if path else fault, hint=hint)


def read_keyed(value: wire.Value, wanted: Type, path: str) -> dict[str, Given]:
    """Return the facts of a field by key; `MalformedValue` with the path of what is wrong."""
    return {
        f"{path}.{key}": read_fact(inner, wanted, f"{path}.{key}")
        for key, inner in _object(value, path).items()
    }


def read_fact(value: wire.Value, wanted: Type, path: str) -> Given:
    """Return one fact; `MalformedValue` with the path of what is wrong."""
    if not isinstance(wanted, Listed):
        return _plain(value, wanted, path)
    if not isinstance(value, list):
        raise _refused(path, "a list is wanted")
    if len(value) > LARGEST:
        raise _refused(path, f"the list is longer than {LARGEST:,}")
    items = tuple(_plain(item, wanted.item, f"{path}[{place}]") for place, item in enumerate(value))
    if len(set(items)) < len(items):
        raise _refused(path, "the list names a thing twice")
    return items


def _plain(value: wire.Value, wanted: Type, path: str) -> Plain:
    match wanted, value:
        case Bool(), bool():
            return value
        case Int(), int() if not isinstance(value, bool):
            return _within(value, wanted, path)
        case ((Text() | Name()), str()):
            if len(value) > LARGEST:
                raise _refused(path, f"the text is longer than {LARGEST:,} letters")
            return value
        case Enum(values), str():
            if value not in values:
                raise _refused(path, f"`{value}` is none of its values", nearest(value, values))
            return value
        case ((Time() | Span()), str()):
            return _within(_micros(value, wanted, path), wanted, path)
        case _:
            raise _refused(path, f"{_wanted(wanted)} is wanted, not {_shown(value)}")


def _within(value: int, wanted: Ranged, path: str) -> int:
    if wanted.low <= value <= wanted.high:
        return value
    given, low, high = (_measured(each, wanted) for each in (value, wanted.low, wanted.high))
    raise _refused(path, f"{given} lies outside its range, {low} to {high}")


def _measured(value: int, of: Ranged) -> str:
    """Return a bound in the words of its type: a number, a date, a duration."""
    match of:
        case Int():
            return f"{value:,}"
        case Time():
            return str(Instant(value))
        case Span():
            seconds = abs(value) // _MICROSECOND
            return ("-" if value < 0 else "") + duration_text(timedelta(seconds=seconds))
        case _:
            assert_never(of)


def _micros(text: str, wanted: Time | Span, path: str) -> int:
    try:
        if isinstance(wanted, Time):
            return Instant.parse(text).micros
        span = duration(text)
    except MalformedTime as error:
        raise _refused(path, error.what, error.hint) from None
    return (span.days * 86_400 + span.seconds) * _MICROSECOND + span.microseconds


def _wanted(wanted: Type) -> str:
    match wanted:
        case Bool():
            return "true or false"
        case Int():
            return "an integer"
        case Time():
            return "a moment, as in 2025-05-30T00:00:00Z,"
        case Span():
            return "a duration, as in PT24H,"
        case _:
            return "text"


def _shown(value: wire.Value) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case bool():
            return "true or false"
        case _:
            return f"`{value}`"


def written(values: Mapping[str, Given], schema: Schema = BUILT_IN) -> dict[str, wire.Value]:
    """Return facts by path as nested JSON: `Facts.read` undone."""
    found: dict[str, wire.Value] = {}
    for path, given in sorted(values.items()):
        *stem, last = path.split(".")
        field = schema.field(path)
        here = found
        for part in stem[: 1 if given is LACKING else None]:
            inner = here.setdefault(part, {})
            here = inner if isinstance(inner, dict) else here
        if field is not None and given is not LACKING:
            here[last] = _written(given, field.type)
    return found


def _written(given: Given, of: Type) -> wire.Value:
    match of, given:
        case Listed(item), tuple():
            return [_written(each, item) for each in given]
        case Time(), int():
            return str(Instant(given))
        case Span(), int():
            return duration_text(Instant(given) - Instant(0))
        case _, (bool() | int() | str()):
            return given
        case _:
            raise TypeError(f"{given!r} is no value of {of}")
