"""Strict bytes ⇄ values ⇄ typed things.

The bytes are JSON (RFC 8259) in UTF-8 with less freedom than JSON has, so that two readers cannot
take the same bytes for different things: no duplicate keys, no null, no fraction, exponent, NaN or
integer beyond ±(2^53 - 1), no lone surrogate, text in Unicode normal form C, nesting of at most 64.
Absence is said by leaving a key out.

What is hashed or signed is always the bytes as they were stored; nothing is re-written before a
check. Still `dump` is a function: the same value always gives the same bytes.

>>> load(dump({"b": [1, True], "a": "é"}))
{'a': 'é', 'b': [1, True]}
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, NoReturn, TypeVar, Union, get_args, get_origin

from sayso.dates import Instant, Period
from sayso.errors import Malformed, MalformedValue
from sayso.replaced import taker

Value = bool | int | str | list["Value"] | dict[str, "Value"]
T = TypeVar("T")

GREATEST = 2**53 - 1
DEEPEST = 64


def load(data: bytes) -> Value:
    """Return the value that strict JSON `data` stands for; `MalformedValue` for anything else."""
    try:
        text = data.decode("utf-8")
        value: Value = _DECODER.decode(text)
        if not _surely_plain(text):
            _check(value, DEEPEST)
    except UnicodeDecodeError as error:
        raise MalformedValue(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise MalformedValue(
            f"not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise MalformedValue(f"nested deeper than {DEEPEST}") from None
    return value


def _surely_plain(text: str) -> bool:
    """Return whether JSON, once decoded, can hold nothing that `_check` would object to."""
    deep = text.count("{") + text.count("[")
    return text.isascii() and "\\u" not in text and "null" not in text and deep < DEEPEST


def dump(value: Value) -> bytes:
    """Return the one JSON text of `value`: keys sorted, no spaces, UTF-8."""
    _check(value, DEEPEST)
    return _ENCODER.encode(value).encode()


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    built = dict(pairs)
    if len(built) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None, which is the point
        raise MalformedValue(f"the key `{twice}` stands twice in one object")
    return built


def _integer(digits: str) -> int:
    if len(digits) > len(str(-GREATEST)) or abs(int(digits)) > GREATEST:
        raise MalformedValue(f"the integer {digits[:20]} lies beyond ±(2^53 - 1)")
    if digits == "-0":
        raise MalformedValue("-0 is another way to write 0")
    return int(digits)


def _no_fraction(text: str) -> NoReturn:
    raise MalformedValue(
        f"`{text[:20]}` is not an integer", hint="give whole numbers, in a smaller unit if need be"
    )


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_no_fraction,
    parse_constant=_no_fraction,
)


def _check(value: object, depth: int) -> None:
    """Raise unless `value` is of the profile, which is seen at a glance of nearly every value."""
    if not _is_plain(value, depth):
        _check_with_care(value, depth)


def _is_plain(value: Any, depth: int) -> bool:  # noqa: ANN401  # whatever there is
    """Return whether `value` is surely of the profile: level by level, its texts in ASCII."""
    level = [value]
    while level and depth:
        below: list[Any] = []
        for each in level:
            kind = each.__class__
            if kind is dict:
                below += each
                below += each.values()
            elif kind is list:
                below += each
            elif not _PLAIN[kind](each):
                return False
        level, depth = below, depth - 1
    return not level


class _Plain(dict[type, Callable[[Any], bool]]):
    def __missing__(self, kind: type) -> Callable[[object], bool]:
        return lambda _: False


_PLAIN = _Plain({str: str.isascii, int: lambda n: -GREATEST <= n <= GREATEST, bool: lambda _: True})


def _check_with_care(value: object, depth: int) -> None:
    """Raise unless `value` is of the profile; says the first fault met."""
    if depth == 0:
        raise MalformedValue(f"nested deeper than {DEEPEST}")
    if isinstance(value, list):
        for each in value:
            _check_with_care(each, depth - 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            _check_with_care(each, depth - 1)
            _check_plain(key)
    else:
        _check_plain(value)


def _check_plain(value: object) -> None:
    match value:
        case str():
            _check_text(value)
        case int() if abs(value) > GREATEST:
            raise MalformedValue(f"the integer {value} lies beyond ±(2^53 - 1)")
        case int():
            pass
        case None:
            raise MalformedValue("null is not a value", hint="leave the key out")
        case _:
            raise MalformedValue(f"{type(value).__name__} is not a value")


def _check_text(text: str) -> None:
    if text.isascii():
        return
    if not unicodedata.is_normalized("NFC", text):
        raise MalformedValue(f"the text `{text[:40]}` is not in Unicode normal form C")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise MalformedValue("the text holds a lone surrogate")


# --- values ⇄ typed things ---------------------------------------------------------------------
#
# A frozen dataclass is an object with a key for each field; a field that is None is left out.
# Instants and periods are their one text, enumerations their value, tuples are arrays. What a class
# needs is looked up once: `_encoder` and `_decoder` return functions that are kept.


def encode(thing: object) -> Value:
    """Return the value of `thing`, a dataclass made of what `decode` reads."""
    return _encoder(type(thing))(thing)  # type: ignore[arg-type]  # a class is hashable


_Encoder = Callable[[Any], Value]


@cache
def _encoder(kind: type) -> _Encoder:  # one way out a shape
    """Return what encodes the things of a class: worked out once for each."""
    if issubclass(kind, Enum):
        return attrgetter("_value_")  # sooner than by hash: that of its members is in Python
    if issubclass(kind, bool | int | str):
        return _same
    if issubclass(kind, Instant | Period):
        return str
    if issubclass(kind, tuple | list):
        return lambda thing: [_encoder(each.__class__)(each) for each in thing]
    if issubclass(kind, Mapping):
        return lambda thing: {
            str(key): _encoder(each.__class__)(each) for key, each in thing.items()
        }
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no written form")
    return _object_encoder(tuple(field.name for field in fields(kind)))


def _same(thing: Value) -> Value:
    return thing


def _object_encoder(names: tuple[str, ...]) -> _Encoder:
    values = taker(names)

    def write(thing: object) -> Value:
        named = zip(names, values(thing), strict=True)
        return {
            name: each if each.__class__ is str else _encoder(each.__class__)(each)
            for name, each in named
            if each is not None
        }

    return write


def decode(kind: type[T], value: Value) -> T:
    """Return the `kind` that `value` stands for: exactly its fields, exactly their types."""
    try:
        thing: T = _decoder(kind)(value)  # type: ignore[arg-type]  # a class is hashable
    except _Misfit as misfit:
        raise MalformedValue(str(misfit)) from None
    return thing


class _Misfit(Exception):  # never seen outside: it becomes a `MalformedValue`
    """What does not fit, and where: the path is put together on the way out, so only for one."""

    def __init__(self, fault: str, *path: str) -> None:
        super().__init__()
        self.fault = fault
        self.path = path

    def under(self, step: str) -> "_Misfit":
        """Return the same fault as it is seen from one step further out."""
        return _Misfit(self.fault, step, *self.path)

    def __str__(self) -> str:
        path = "".join(self.path).removeprefix(".")
        return f"`{path}`: {self.fault}" if path else self.fault


_Decoder = Callable[[Any], Any]


@cache
def _decoder(hint: Any) -> _Decoder:  # noqa: ANN401, PLR0911  # a hint has no one type; one way out a shape
    """Return what decodes values of a type: worked out once for each."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Value:
        return _same
    if hint in {bool, int, str}:
        return _plain(hint)
    if origin in {Annotated, UnionType, Union}:  # what is annotated is joined by the last
        return _decoder(next(each for each in arguments if each is not NoneType))
    if origin is tuple:
        return _array(_decoder(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    if hint is Instant or hint is Period:
        return _text(lru_cache(maxsize=4096)(_one_text(hint.parse)))
    if issubclass(hint, Enum):
        return _text(lru_cache(maxsize=len(hint))(_one_text(hint)))
    return _record(hint)


def _plain(kind: type) -> _Decoder:
    def read(value: object) -> object:
        if value.__class__ is not kind:
            raise _Misfit(f"{_SAID[kind]} is wanted, not {_said(value)}")
        return value

    return read


def _text(parse: Callable[[str], object]) -> _Decoder:
    def read(value: object) -> object:
        if not isinstance(value, str):
            raise _Misfit(f"text is wanted, not {_said(value)}")
        return parse(value)

    return read


def _one_text(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Return what parses only the one text that a thing has."""

    def read(value: str) -> object:
        try:
            thing = parse(value)
        except (Malformed, ValueError) as error:
            raise _Misfit(str(error)) from None
        if encode(thing) != value:
            raise _Misfit(f"`{value}` is written `{encode(thing)}` here")
        return thing

    return read


def _array(inner: _Decoder) -> _Decoder:
    def read(value: object) -> object:
        if not isinstance(value, list):
            raise _Misfit(f"an array is wanted, not {_said(value)}")
        found: list[object] = []
        try:
            for each in value:
                found.append(inner(each))  # noqa: PERF401  # its length tells where a fault is
        except _Misfit as misfit:
            raise misfit.under(f"[{len(found)}]") from None
        return tuple(found)

    return read


def _mapping(inner: _Decoder) -> _Decoder:
    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _Misfit(f"an object is wanted, not {_said(value)}")
        found: dict[str, object] = {}
        key = ""
        try:
            for key, each in value.items():
                found[key] = inner(each)
        except _Misfit as misfit:
            raise misfit.under(f".{key}") from None
        return found

    return read


def _record(kind: type[Any]) -> _Decoder:
    hints: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    parts = {name: _decoder(hint) for name, hint in hints.items()}
    needed = {name for name in parts if NoneType not in get_args(hints[name])}
    absent = dict.fromkeys(parts.keys() - needed)
    made = _maker(kind)

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _Misfit(f"an object is wanted, not {_said(value)}")
        given: dict[str, object] = absent.copy()
        key = ""
        try:
            for key, each in value.items():
                given[key] = parts.get(key, _unknown)(each)
        except _Misfit as misfit:
            _check_keys(value, parts, needed)
            raise misfit.under(f".{key}") from None
        if len(given) < len(parts):
            _check_keys(value, parts, needed)
        try:
            return made(given)
        except Malformed as error:
            raise _Misfit(str(error)) from None

    return read


def _maker(kind: type[Any]) -> Callable[[dict[str, object]], object]:
    """Return what makes a thing of its fields: slot by slot, if its class does not look at them."""
    if hasattr(kind, "__post_init__") or not hasattr(kind, "__slots__"):
        return lambda given: kind(**given)
    setters = {field.name: getattr(kind, field.name).__set__ for field in fields(kind)}

    def make(given: dict[str, object]) -> object:
        made = object.__new__(kind)
        for name, value in given.items():
            setters[name](made, value)
        return made

    return make


def _check_keys(value: dict[str, Value], known: Mapping[str, object], needed: set[str]) -> None:
    """Raise if a key of the object is not known, or else one is missing."""
    for key in value.keys() - known.keys():
        raise _Misfit(_UNKNOWN, f".{key}")
    for key in sorted(needed - value.keys()):
        raise _Misfit("is missing", f".{key}")


def _unknown(_: object) -> NoReturn:
    raise _Misfit(_UNKNOWN)


_UNKNOWN = "no such key is known here"
_SAID: dict[type, str] = {bool: "true or false", int: "an integer", str: "text"}


def _said(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    return "an object" if isinstance(value, dict) else _SAID[type(value)]
