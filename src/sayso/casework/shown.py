"""A map of which only a part is shown: the rest is, for whoever looks at it, not there.

Nothing is copied when it is made, and of a key that is asked for only its own value is looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar, cast

from immutables import Map

K = TypeVar("K")
V = TypeVar("V")

Cut = Callable[[K, V], V | None]
"""What of a value is shown under its key; None: nothing is there."""


class Shown(Mapping[K, V]):
    """The part of `whole` that `cut` shows. A change makes a map of that part."""

    __slots__ = ("cut", "whole")

    def __init__(self, whole: Mapping[K, V], cut: Cut[K, V]) -> None:
        self.whole, self.cut = whole, cut

    def __getitem__(self, key: K) -> V:
        shown = self.cut(key, self.whole[key])
        if shown is None:
            raise KeyError(key)
        return shown

    def __iter__(self) -> Iterator[K]:
        return (key for key, value in self.whole.items() if self.cut(key, value) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __hash__(self) -> int:
        return hash(Map(self.items()))

    def set(self, key: K, value: V) -> Map[K, V]:
        """Return the map in which `key` has that value."""
        return Map(self.items()).set(key, value)

    def delete(self, key: K) -> Map[K, V]:
        """Return the map without `key`."""
        return Map(self.items()).delete(key)

    def update(self, more: Mapping[K, V] | Iterable[tuple[K, V]]) -> Map[K, V]:
        """Return the map with `more` set."""
        return Map(self.items()).update(more)


def shown(whole: Map[K, V], cut: Cut[K, V]) -> Map[K, V]:
    """Return the part of a state's map that `cut` shows; to the type checker it is one itself."""
    return cast("Map[K, V]", Shown(whole, cut))


def only(whole: Map[K, V], knows: Callable[[K], bool]) -> Map[K, V]:
    """Return the part of a state's map whose keys are known."""
    return shown(whole, lambda key, value: value if knows(key) else None)


def some(whole: Map[K, V], keys: Iterable[K]) -> Map[K, V]:
    """Return what a state's map has of some keys."""
    return Map({key: whole[key] for key in keys if key in whole})
