"""The facts of one request, read strictly from nested JSON named as in the schema.

    {"article": {"id": "atacms", "range_km": 300, "suppliers": ["US"]},
     "place": {"touches": ["RU", "UA"], "distance_km": {"RU": 0}}}

Moments are RFC 3339 texts, durations ISO 8601. What is left out is unknown; only an optional field
of a group that is given is thereby said to be lacking. A list names each thing once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sayso import wire
from sayso.dates import Instant, duration, duration_text
from sayso.errors import MalformedTime, MalformedValue
from sayso.policy.evaluate import LACKING, Given, Plain
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.source import nearest
from sayso.policy.types import LARGEST, Bool, Enum, Field, Int, Listed, Name, Span, Text, Time, Type

_MICROSECOND = 1_000_000


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


Reader = Callable[[wire.Value, str], Given]


@dataclass(frozen=True, slots=True)
class _Group:
    """Reads the facts of one group; what each field needs is worked out once for a schema."""

    name: str
    fields: Mapping[str, tuple[str, Field, Reader]]
    optional: tuple[tuple[str, str], ...]

    def read(self, given: Mapping[str, wire.Value], found: dict[str, Given]) -> None:
        """Add the facts of the group to those found."""
        for name, value in given.items():
            known = self.fields.get(name)
            if known is None:
                hint = nearest(name, self.fields)
                raise _refused(f"{self.name}.{name}", "no such fact", hint)
            path, field, read = known
            if field.keyed:
                for key, inner in _object(value, path).items():
                    found[f"{path}.{key}"] = read(inner, f"{path}.{key}")
            else:
                found[path] = read(value, path)
        for name, path in self.optional:
            if name not in given:
                found[path] = LACKING


@lru_cache(maxsize=64)
def _readers(schema: Schema) -> Mapping[str, _Group]:
    return {
        group: _Group(
            group,
            {
                name: (f"{group}.{name}", field, _reader(field.type))
                for name, field in fields.items()
            },
            tuple((name, f"{group}.{name}") for name, field in fields.items() if field.optional),
        )
        for group, fields in schema.groups.items()
    }


def _reader(wanted: Type) -> Reader:
    """Return what reads a type: at once where nothing is wrong, else with all care."""
    fits = _fitting(wanted)

    def read(value: wire.Value, path: str) -> Given:
        if fits(value):
            return tuple(value) if isinstance(value, list) else value  # type: ignore[arg-type,return-value]  # it fits
        return _given(value, wanted, path)

    return read


def _fitting(wanted: Type) -> Callable[[wire.Value], bool]:
    """Return a quick test that a value is surely of a type; false where more must be done."""
    match wanted:
        case Bool():
            return lambda value: type(value) is bool
        case Int(low, high):
            return lambda value: type(value) is int and low <= value <= high
        case Text() | Name():
            return lambda value: type(value) is str and len(value) <= LARGEST
        case Enum(values):
            known = frozenset(values)
            return lambda value: type(value) is str and value in known
        case Listed(item):
            inner = _fitting(item)
            return lambda value: (
                type(value) is list
                and len(value) <= LARGEST
                and all(map(inner, value))
                and len(set(map(str, value))) == len(value)
            )
        case Time() | Span():
            return lambda _: False


def _object(value: wire.Value, path: str) -> Mapping[str, wire.Value]:
    if isinstance(value, dict):
        return value
    raise _refused(path, "an object of facts is wanted")


def _refused(path: str, fault: str, hint: str = "") -> MalformedValue:
    return MalformedValue(f"`{path}`: {fault}" if path else fault, hint=hint)


def _given(value: wire.Value, wanted: Type, path: str) -> Given:
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
        case Int(low, high), int() if not isinstance(value, bool):
            return _within(value, low, high, path)
        case ((Text() | Name()), str()):
            if len(value) > LARGEST:
                raise _refused(path, f"the text is longer than {LARGEST:,} letters")
            return value
        case Enum(values), str():
            if value not in values:
                raise _refused(path, f"`{value}` is none of its values", nearest(value, values))
            return value
        case ((Time() | Span()), str()):
            return _within(_micros(value, wanted, path), wanted.low, wanted.high, path)
        case _:
            raise _refused(path, f"{_wanted(wanted)} is wanted, not {_shown(value)}")


def _within(value: int, low: int, high: int, path: str) -> int:
    if low <= value <= high:
        return value
    raise _refused(path, f"the value lies outside its range, {low:,} to {high:,}")


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
