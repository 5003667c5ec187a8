"""`dataclasses.replace`, several times as fast for a class of many fields.

The state has some forty fields, and every act replaces a few of them several times over. So nothing
is given to a constructor that was given to it before: what stays is copied as it is, part by part.
A class that looks at what it is given (`__post_init__`) is made anew all the same. To the type
checker this is the function it stands for.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(thing, /, **changes):  # noqa: ANN001, ANN003, ANN201  # the checker reads the other
        """Return `thing` with some fields changed; its class must take every field it has."""
        return _copier(thing.__class__)(thing, changes)


__all__ = ["replace", "taker"]

Copier = Callable[[Any, dict[str, Any]], Any]


@cache
def _copier(kind: type[Any]) -> Copier:
    """Return what copies a thing of this class with changes: worked out once for each."""
    names = tuple(field.name for field in fields(kind))
    if not all(field.init for field in fields(kind)):
        raise TypeError(f"not every field of {kind.__name__} is given to it")
    if hasattr(kind, "__post_init__") or len(names) == 1:
        return _made_anew(kind, names)
    return _slot_by_slot(kind, names) if hasattr(kind, "__slots__") else _at_once(kind, names)


def taker(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes the fields of those names out of a thing, all at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda thing: tuple(getattr(thing, name) for name in names)


def _made_anew(kind: type[Any], names: tuple[str, ...]) -> Copier:
    def copy(thing: object, changes: dict[str, Any]) -> object:
        return kind(**{name: getattr(thing, name) for name in names} | changes)

    return copy


def _slot_by_slot(kind: type[Any], names: tuple[str, ...]) -> Copier:
    values = taker(names)
    setters = {name: getattr(kind, name).__set__ for name in names}
    in_order = tuple(setters.values())

    def copy(thing: object, changes: dict[str, Any]) -> object:
        made = object.__new__(kind)
        for put, value in zip(in_order, values(thing), strict=True):
            put(made, value)
        for name, value in changes.items():
            setters[name](made, value)
        return made

    return copy


def _at_once(kind: type[Any], names: tuple[str, ...]) -> Copier:
    def copy(thing: object, changes: dict[str, Any]) -> object:
        made: object = object.__new__(kind)
        made.__dict__.update(thing.__dict__)
        made.__dict__.update(changes)
        if len(made.__dict__) > len(names):
            raise TypeError(f"{kind.__name__} has not all of the fields {sorted(changes)}")
        return made

    return copy
