"""A value of casework as bytes, for this process alone to read: `unpack` undoes `pack`.

They are a pickle in which a thing is its fields, and its class a number under which this process
knows it. A plain pickle spells out every class in every value, which takes three times as long;
and JSON by `shape`, which another process could read, five times.

>>> from sayso.dates import Instant
>>> unpack(pack((Instant(0), "granted")))
(Instant('1970-01-01T00:00:00Z'), 'granted')
"""

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from io import BytesIO
from itertools import count
from typing import Any

from sayso.replaced import taker

_Made = tuple[Callable[..., Any], tuple[Any, ...]]

_NUMBERS = count()
_KINDS: dict[int, Callable[..., Any]] = {}


def pack(value: object) -> bytes:
    """Return the bytes of `value`."""
    packed = BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(value)
    return packed.getvalue()


def unpack(packed: bytes) -> Any:  # noqa: ANN401  # whatever was packed
    """Return the value of bytes that this process has packed, and kept where no other can write."""
    return pickle.loads(packed)  # noqa: S301  # the bytes never left this process's own file


def _made(number: int, *parts: object) -> object:
    """Return the thing of its parts: named in every pickle, in the place of all classes."""
    return _KINDS[number](*parts)


class _Ways(dict[type, Callable[[Any], _Made]]):
    """How a thing of each class is taken apart; found out when the first of it is met."""

    def __missing__(self, kind: type) -> Callable[[Any], _Made]:
        parts = _parts(kind)
        number = next(_NUMBERS)
        _KINDS[number] = kind

        def reduced(thing: object) -> _Made:
            return _made, (number, *parts(thing))

        self[kind] = reduced
        return reduced


def _parts(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives the arguments that make a thing again; KeyError: as pickle does it."""
    if issubclass(kind, Enum):
        return lambda each: (each.value,)
    if not is_dataclass(kind) or not all(each.init for each in fields(kind)):
        raise KeyError(kind)
    names = tuple(each.name for each in fields(kind))
    return taker(names)


class _Pickler(pickle.Pickler):
    dispatch_table = _Ways()
