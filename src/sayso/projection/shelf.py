"""A map that lies in pieces in a store: what is asked of it is read once, the rest never.

It does what `immutables.Map` does, as far as a state needs it, and equals one that says the same.
What was set since lies over it; nothing is ever written through it.
"""

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, cast

from immutables import Map

from sayso.projection import trie
from sayso.projection.library import Library, WrongPieceError
from sayso.projection.shape import Shape

K = TypeVar("K")
V = TypeVar("V")

ABSENT: Any = object()
"""Stands for the value of a key that is not there."""

NOT_OVER: Any = object()


class Beneath(Protocol[K, V]):
    """What lies under a shelf: a map that is not in memory."""

    def get(self, key: K, /) -> V:
        """Return the value of `key`, or `ABSENT`."""

    def all(self, over: "Map[K, V]", /) -> Mapping[K, V]:
        """Return the whole map with what was set `over` it; what is `ABSENT` there is gone."""


@dataclass(slots=True)
class Base(Generic[K, V]):
    """A map as it was projected: the field `of` of a state, whose pieces begin at `root`.

    `named` says that its keys are texts, which stand for themselves.
    """

    of: str
    root: trie.Root | None
    keys: Shape
    values: Shape
    library: Library
    named: bool = True
    _read: dict[K, V] = field(default_factory=dict)
    _whole: bool = False
    _missed: Any = ABSENT
    """The key that was asked for last in vain: whether something is new is asked several times."""

    def get(self, key: K) -> V:
        """Return the value of `key`, or `ABSENT`."""
        found: V = self._read.get(key, ABSENT)
        if found is not ABSENT or self._whole or self.root is None or key == self._missed:
            return found
        if self.library.sound:
            try:
                value = trie.get(self.of, self.root, self.text(key), self.library)
            except WrongPieceError:
                return self._truth().get(key, ABSENT)
            if value is None:
                self._missed = key
                return ABSENT
            found = self._read[key] = self.values.taken(value)
            return found
        return self._truth().get(key, ABSENT)

    def know(self, values: "Map[K, V]") -> None:
        """Have at hand values that it has, such as were just written; what is `ABSENT` is none."""
        self._read.update((key, value) for key, value in values.items() if value is not ABSENT)

    def all(self, over: "Map[K, V]") -> Mapping[K, V]:
        """Return the whole map with what was set `over` it."""
        whole = self._all()
        if not len(over):
            return whole
        both = {**whole, **over}
        return {key: value for key, value in both.items() if value is not ABSENT}

    def _all(self) -> Mapping[K, V]:
        if not self._whole and self.root is not None and self.library.sound:
            try:
                self._take_all()
            except WrongPieceError:
                return self._truth()
        if not self.library.sound and not self._whole:
            return self._truth()
        self._whole = True
        return self._read

    def _take_all(self) -> None:
        for text, value in trie.items(self.of, self.root, self.library):
            key = self._key(text)
            if key not in self._read:
                self._read[key] = self.values.taken(value)

    def _truth(self) -> Mapping[K, V]:
        said: Mapping[K, V] = getattr(self.library.truth(), self.of)
        return said

    def text(self, key: K) -> str:
        """Return the text that stands for a key."""
        return key if isinstance(key, str) else trie.text(self.keys.written(key))

    def _key(self, text: str) -> K:
        """Return the key that a text stands for: `text` undone."""
        return cast(K, text if self.named else self.keys.taken(trie.value(text)))


class Shelf(Generic[K, V]):
    """A map over what lies `Beneath`, with what was set or deleted since."""

    __slots__ = ("_whole", "base", "over")

    def __init__(self, base: Beneath[K, V], over: "Map[K, V] | None" = None) -> None:
        self.base = base
        self.over: Map[K, V] = Map() if over is None else over
        self._whole: Mapping[K, V] | None = None

    # --- what is asked of one key ---------------------------------------------------------------

    def get(self, key: K, default: Any = None) -> Any:  # noqa: ANN401  # as a Mapping has it
        """Return the value of `key`, or the default."""
        found: Any = self.over.get(key, NOT_OVER)
        if found is NOT_OVER:
            found = self.base.get(key)
        return default if found is ABSENT else found

    def __getitem__(self, key: K) -> V:
        found = self._found(key)
        if found is ABSENT:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return self._found(cast(K, key)) is not ABSENT

    def _found(self, key: K) -> V:
        over: Any = self.over.get(key, NOT_OVER)
        return self.base.get(key) if over is NOT_OVER else cast(V, over)

    # --- what is asked of all -------------------------------------------------------------------

    def _all(self) -> Mapping[K, V]:
        if self._whole is None:
            self._whole = self.base.all(self.over)
        return self._whole

    def __iter__(self) -> Iterator[K]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def keys(self) -> KeysView[K]:
        """Return the keys."""
        return self._all().keys()

    def values(self) -> ValuesView[V]:
        """Return the values."""
        return self._all().values()

    def items(self) -> ItemsView[K, V]:
        """Return the keys with their values."""
        return self._all().items()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shelf | Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    def __hash__(self) -> int:
        return hash(Map(self.items()))

    def __repr__(self) -> str:
        return f"Shelf({dict(self.items())!r})"

    # --- the next one ---------------------------------------------------------------------------

    def set(self, key: K, value: V) -> "Shelf[K, V]":
        """Return the map in which `key` has that value."""
        return Shelf(self.base, self.over.set(key, value))

    def delete(self, key: K) -> "Shelf[K, V]":
        """Return the map without `key`; KeyError if it is not there."""
        self[key]
        return Shelf(self.base, self.over.set(key, ABSENT))

    def update(self, more: "Mapping[K, V] | Iterable[tuple[K, V]]") -> "Shelf[K, V]":
        """Return the map with `more` set."""
        return Shelf(self.base, self.over.update(more))
