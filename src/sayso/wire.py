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
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NoReturn, TypeVar, Union, get_args, get_origin

from sayso.dates import Instant, Period
from sayso.errors import Malformed, MalformedValue

Value = bool | int | str | list["Value"] | dict[str, "Value"]
T = TypeVar("T")

GREATEST = 2**53 - 1
DEEPEST = 64


def load(data: bytes) -> Value:
    """Return the value that strict JSON `data` stands for; `MalformedValue` for anything else."""
    try:
        text = data.decode("utf-8")
        value: Value = _DECODER.decode(text)
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
    """Raise unless `value` is of the profile; says the first fault met."""
    if depth == 0:
        raise MalformedValue(f"nested deeper than {DEEPEST}")
    if isinstance(value, list):
        for each in value:
            _check(each, depth - 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            _check(each, depth - 1)
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
# Instants and periods are their one text, enumerations their value, tuples are arrays.


def encode(thing: object) -> Value:  # one way out a shape
    """Return the value of `thing`, a dataclass made of what `decode` reads."""
    if isinstance(thing, Enum):
        return encode(thing.value)
    if isinstance(thing, bool | int | str):
        return thing
    if isinstance(thing, Instant | Period):
        return str(thing)
    if isinstance(thing, tuple | list):
        return [encode(each) for each in thing]
    if isinstance(thing, Mapping):
        return {str(key): encode(each) for key, each in thing.items()}
    if not is_dataclass(thing):
        raise TypeError(f"{type(thing).__name__} has no written form")
    named = ((field.name, getattr(thing, field.name)) for field in fields(thing))
    return {name: encode(each) for name, each in named if each is not None}


def decode(kind: type[T], value: Value) -> T:
    """Return the `kind` that `value` stands for: exactly its fields, exactly their types."""
    thing: T = _decoder(kind)(value, "")  # type: ignore[arg-type]  # a class is hashable
    return thing


_Decoder = Callable[[Any, str], Any]


@cache
def _decoder(hint: Any) -> _Decoder:  # noqa: ANN401, PLR0911  # a hint has no one type; one way out a shape
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Value:
        return lambda value, _: value
    if hint in {bool, int, str}:
        return _plain(hint)
    if origin in {Annotated, UnionType, Union}:  # what is annotated is joined by the last
        return _decoder(next(each for each in arguments if each is not NoneType))
    if origin is tuple:
        return _array(_decoder(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    if hint is Instant or hint is Period:
        return _text(hint.parse)
    if issubclass(hint, Enum):
        return _text(hint)
    return _record(hint)


def _plain(kind: type) -> _Decoder:
    def read(value: object, path: str) -> object:
        if type(value) is not kind:
            raise _misfit(path, f"{_SAID[kind]} is wanted, not {_said(value)}")
        return value

    return read


def _text(parse: Callable[[str], object]) -> _Decoder:
    def read(value: object, path: str) -> object:
        if not isinstance(value, str):
            raise _misfit(path, f"text is wanted, not {_said(value)}")
        try:
            thing = parse(value)
        except (Malformed, ValueError) as error:
            raise _misfit(path, str(error)) from None
        if encode(thing) != value:
            raise _misfit(path, f"`{value}` is written `{encode(thing)}` here")
        return thing

    return read


def _array(inner: _Decoder) -> _Decoder:
    def read(value: object, path: str) -> object:
        if not isinstance(value, list):
            raise _misfit(path, f"an array is wanted, not {_said(value)}")
        return tuple(inner(each, f"{path}[{place}]") for place, each in enumerate(value))

    return read


def _mapping(inner: _Decoder) -> _Decoder:
    def read(value: object, path: str) -> object:
        if not isinstance(value, dict):
            raise _misfit(path, f"an object is wanted, not {_said(value)}")
        return {key: inner(each, _under(path, key)) for key, each in value.items()}

    return read


def _record(kind: type[Any]) -> _Decoder:
    hints: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    parts = {name: _decoder(hint) for name, hint in hints.items()}
    needed = {name for name in parts if NoneType not in get_args(hints[name])}

    def read(value: object, path: str) -> object:
        if not isinstance(value, dict):
            raise _misfit(path, f"an object is wanted, not {_said(value)}")
        for key in value.keys() - parts.keys():
            raise _misfit(_under(path, key), "no such key is known here")
        for key in sorted(needed - value.keys()):
            raise _misfit(_under(path, key), "is missing")
        absent = dict.fromkeys(parts.keys() - value.keys())
        given = {key: parts[key](each, _under(path, key)) for key, each in value.items()}
        try:
            return kind(**absent, **given)
        except Malformed as error:
            raise _misfit(path, str(error)) from None

    return read


_SAID: dict[type, str] = {bool: "true or false", int: "an integer", str: "text"}


def _said(value: object) -> str:
    if isinstance(value, list):
        return "an array"
    return "an object" if isinstance(value, dict) else _SAID[type(value)]


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _misfit(path: str, fault: str) -> MalformedValue:
    return MalformedValue(f"`{path}`: {fault}" if path else fault)
