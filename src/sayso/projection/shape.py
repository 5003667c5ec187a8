"""How a value of casework is written in a projection, told from the types of its fields.

A dataclass is the array of its fields, without those at the end that are as their class has them
by default; one of several classes bears its name in front. Enumerations are their value, moments
microseconds, periods a pair of them, spans of time microseconds; what is of `wire.Value` stays as
it is. `Shape.words` says all of this in a text: two programs that say the same read each other's.

Reading checks nothing: what is read has the name that was signed for it (`trie`). It uses up the
arrays it reads.

>>> kept = shape(tuple[Instant, ...] | None)
>>> kept.write((Instant(0),))
[0]
>>> kept.read([0])
(Instant('1970-01-01T00:00:00Z'),)
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from sayso.dates import Instant, Period
from sayso.replaced import taker
from sayso.wire import Value

Json = Any
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one type are written and read; `words` say how. None: they stay as they are."""

    words: str
    write: Callable[[Any], Json] | None = None
    read: Callable[[Any], Any] | None = None

    def written(self, value: object) -> Json:
        """Return what stands for `value`."""
        return value if self.write is None else self.write(value)

    def taken(self, value: Json) -> Any:  # noqa: ANN401  # the shape says what it is
        """Return the value that stands there: `written` undone."""
        return value if self.read is None else self.read(value)


PLAIN = Shape("plain")


def shape(hint: Any) -> Shape:  # noqa: ANN401  # a hint has no one type
    """Return the shape of a type; TypeError for one that has none."""
    return _shape(hint)


@cache
def _shape(hint: Any) -> Shape:  # noqa: ANN401, PLR0911  # one way out a shape
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Value:
        return PLAIN
    if isinstance(hint, type) and not is_dataclass(hint):
        return _single(hint)
    if origin is Annotated:
        return _shape(hint.__origin__)
    if origin in {UnionType, Union}:
        return _union(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is frozenset:
        return _frozenset(_shape(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_shape(arguments[1]))
    return _record(origin or hint, arguments)


def _written_period(period: Period) -> Json:
    return [period.start.micros, None if period.end is None else period.end.micros]


def _read_period(value: Json) -> Period:
    start, end = value
    return Period(Instant(start), None if end is None else Instant(end))


_SINGLE: Mapping[type, Shape] = {
    bool: PLAIN,
    int: PLAIN,
    str: PLAIN,
    Instant: Shape("moment", lambda at: at.micros, Instant),
    Period: Shape("period", _written_period, _read_period),
    timedelta: Shape("span", lambda span: span // _MICROSECOND, lambda n: timedelta(0, 0, n)),
}


def _single(kind: type) -> Shape:
    """Return the shape of a type that is no dataclass and has no parts."""
    if kind in _SINGLE:
        return _SINGLE[kind]
    if not issubclass(kind, Enum):
        raise TypeError(f"{kind!r} has no shape")
    known = {each.value: each for each in kind}
    words = f"{kind.__name__}<{','.join(map(str, known))}>"
    return Shape(words, attrgetter("_value_"), known.__getitem__)


def _union(arguments: tuple[Any, ...]) -> Shape:
    kinds = [each for each in arguments if each is not NoneType]
    inner = _shape(kinds[0]) if len(kinds) == 1 else _one_of(kinds)
    if len(kinds) == len(arguments):
        return inner
    write, read = inner.write, inner.read
    return Shape(
        f"{inner.words}?",
        None if write is None else lambda each: None if each is None else write(each),
        None if read is None else lambda each: None if each is None else read(each),
    )


def _one_of(kinds: list[Any]) -> Shape:
    """Return the shape of one of several classes: its name, then its fields."""
    named = {each.__name__: _shape(each) for each in kinds}
    if len(named) < len(kinds):
        raise TypeError("two classes of one name")
    reads = {name: each.taken for name, each in named.items()}

    def write(value: object) -> Json:
        name = type(value).__name__
        return [name, named[name].written(value)]

    words = "|".join(f"{name}:{each.words}" for name, each in sorted(named.items()))
    return Shape(f"({words})", write, lambda value: reads[value[0]](value[1]))


def _tuple(arguments: tuple[Any, ...]) -> Shape:
    if len(arguments) != 2 or arguments[1] is not Ellipsis:  # noqa: PLR2004  # (X, ...)
        return _row(tuple(_shape(each) for each in arguments))
    inner = _shape(arguments[0])
    write, read = inner.write, inner.read
    return Shape(
        f"[{inner.words}]",
        list if write is None else lambda value: [write(each) for each in value],
        tuple if read is None else lambda value: tuple([read(each) for each in value]),
    )


def _row(parts: tuple[Shape, ...]) -> Shape:
    def write(value: tuple[Any, ...]) -> Json:
        return [part.written(each) for part, each in zip(parts, value, strict=True)]

    def read(value: Json) -> tuple[Any, ...]:
        return tuple(part.taken(each) for part, each in zip(parts, value, strict=True))

    return Shape(f"<{','.join(part.words for part in parts)}>", write, read)


def _frozenset(inner: Shape) -> Shape:
    def write(value: frozenset[Any]) -> Json:
        return sorted(inner.written(each) for each in value)

    return Shape(
        f"{{{inner.words}}}", write, lambda value: frozenset(inner.taken(each) for each in value)
    )


def _mapping(inner: Shape) -> Shape:
    def write(value: Mapping[str, Any]) -> Json:
        return {key: inner.written(each) for key, each in value.items()}

    def read(value: Json) -> dict[str, Any]:
        return {key: inner.taken(each) for key, each in value.items()}

    return Shape(f"{{str:{inner.words}}}", write, read)


def _record(kind: type[Any], arguments: tuple[Any, ...]) -> Shape:
    """Return the shape of a dataclass, of which `arguments` stand for its type variables."""
    bound = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=True))
    names = tuple(each.name for each in fields(kind))
    parts = tuple(_shape(_meant(each.type, bound)) for each in fields(kind))
    reads = tuple((number, part.read) for number, part in enumerate(parts) if part.read is not None)

    def read(value: Json) -> object:
        count = len(value)
        for number, inner in reads:
            if number < count and value[number] is not None:
                value[number] = inner(value[number])  # the array is this value's own
        return kind(*value)

    inside = ",".join(f"{name}:{part.words}" for name, part in zip(names, parts, strict=True))
    return Shape(f"{kind.__name__}({inside})", _writer(kind, parts), read)


def _writer(kind: type[Any], parts: tuple[Shape, ...]) -> Callable[[object], Json]:
    """Return what writes a thing of a class: its fields, but those at the end that are default."""
    values = taker(tuple(each.name for each in fields(kind)))
    writes = tuple((n, part.write) for n, part in enumerate(parts) if part.write is not None)
    defaults = tuple(
        each.default if isinstance(each.default, tuple | int | str | NoneType) else MISSING
        for each in fields(kind)
    )

    def write(thing: object) -> Json:
        made: list[Json] = list(values(thing))
        needed = len(made)
        while needed and _same(made[needed - 1], defaults[needed - 1]):
            needed -= 1
        del made[needed:]
        for number, inner in writes:
            if number >= needed:
                break
            if made[number] is not None:
                made[number] = inner(made[number])
        return made

    return write


def _same(value: object, default: object) -> bool:
    """Return whether a value is the default: False is not 0."""
    return value is default or (value.__class__ is default.__class__ and value == default)


def _meant(hint: Any, bound: Mapping[TypeVar, Any]) -> Any:  # noqa: ANN401  # a hint has no one type
    return bound[hint] if isinstance(hint, TypeVar) else hint
