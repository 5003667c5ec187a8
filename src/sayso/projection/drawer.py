"""A map put aside while a long record passes, in a `Scratch`, each value under its key.

Nothing is ever changed there. What the map says of a key is put beside what it said before, with
the moment, which is how many entries had passed: so an earlier state still says what it said. An
integer stands as it is and any other value as a `parcel`; NULL says that the key was taken away.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from immutables import Map

from sayso.projection import trie
from sayso.projection.parcel import pack, unpack
from sayso.projection.shape import Shape
from sayso.projection.shelf import ABSENT, NOT_OVER
from sayso.scratch import Scratch

K = TypeVar("K")
V = TypeVar("V")

MOST_READ = 1_024
"""How many values that were asked for are kept at hand."""

_SIEVE_BITS = 2**26

_Written = str | int
_Row = tuple[_Written, int, int | bytes | None]

_TABLE = "CREATE TABLE {} (key, moment INTEGER, value, PRIMARY KEY (key, moment))"
_PUT = "INSERT INTO {} VALUES (?, ?, ?)"
_GET = "SELECT value FROM {} WHERE key = ? AND moment <= ? ORDER BY moment DESC LIMIT 1"
# `value` is that of the row that max() is found in: SQLite, SELECT, "bare columns"
_KEYS = """SELECT key FROM (SELECT key, value, max(moment) FROM {} WHERE moment <= ? GROUP BY key)
           WHERE value IS NOT NULL"""


class Drawer(Generic[K, V]):
    """Where the map called `of` is put; `keys` is the shape of its keys."""

    __slots__ = ("_get", "_keys", "_put", "_scratch", "_sieve", "keys", "of")

    def __init__(self, scratch: Scratch, of: str, keys: Shape) -> None:
        self.of = of
        self.keys = keys
        self._scratch = scratch
        self._sieve = _Sieve()
        self._put, self._get, self._keys = (each.format(of) for each in (_PUT, _GET, _KEYS))
        scratch.ask(_TABLE.format(of))

    def put(self, moment: int, changes: Iterable[tuple[K, V]]) -> None:
        """Put in what the map says from `moment` on of those keys; `ABSENT`: they are gone."""
        self._scratch.put(self._put, self._rows(moment, changes))

    def _rows(self, moment: int, changes: Iterable[tuple[K, V]]) -> Iterator[_Row]:
        for key, value in changes:
            self._sieve.add(hash(key))
            yield self._written(key), moment, _packed(value)

    def get(self, moment: int, key: K) -> V:
        """Return what the map said of `key` at `moment`, or `ABSENT`."""
        if not self._sieve.may_hold(hash(key)):
            return cast(V, ABSENT)
        found = self._scratch.ask(self._get, (self._written(key), moment)).fetchone()
        return ABSENT if found is None else cast(V, _unpacked(found[0]))

    def all(self, moment: int) -> Iterator[K]:
        """Yield the keys of the map at `moment`."""
        for (written,) in self._scratch.ask(self._keys, (moment,)):
            yield self._taken(written)

    def _written(self, key: K) -> _Written:
        """Return what stands for a key: itself, if it is a text or a number."""
        return cast(_Written, key) if self.keys.write is None else trie.text(self.keys.write(key))

    def _taken(self, written: _Written) -> K:
        """Return the key that something stands for: `_written` undone."""
        return cast(
            K, written if self.keys.read is None else self.keys.read(trie.value(str(written)))
        )


class _Sieve:
    """What may have been added, by its hash; that something was not is certain (Bloom 1970).

    Nearly all that is asked for in vain, as each statement is that must be new, stops here. Of ten
    million hashes two bits each leave one in fifteen to pass.
    """

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(_SIEVE_BITS >> 3)

    def add(self, hashed: int) -> None:
        """Add a hash."""
        for bit in (hashed % _SIEVE_BITS, (hashed >> 32) % _SIEVE_BITS):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def may_hold(self, hashed: int) -> bool:
        """Return whether it may have been added."""
        bits, one, two = self._bits, hashed % _SIEVE_BITS, (hashed >> 32) % _SIEVE_BITS
        return bool(bits[one >> 3] >> (one & 7) & bits[two >> 3] >> (two & 7) & 1)


def _packed(value: object) -> int | bytes | None:
    if value is ABSENT:
        return None
    return value if type(value) is int else pack(value)


def _unpacked(found: int | bytes | None) -> Any:  # noqa: ANN401  # whatever was put in
    if found is None:
        return ABSENT
    return found if isinstance(found, int) else unpack(found)


@dataclass(slots=True)
class Drawn(Generic[K, V]):
    """A map as it lies in a drawer at one moment: under a `Shelf`.

    Of what is asked a little is kept at hand, and no more if all of it is passed through.
    """

    drawer: Drawer[K, V]
    moment: int
    _read: dict[K, V] = field(default_factory=dict)

    def get(self, key: K) -> V:
        """Return the value of `key`, or `ABSENT`."""
        found: V = self._read.get(key, ABSENT)
        if found is not ABSENT:
            return found
        found = self.drawer.get(self.moment, key)
        if found is not ABSENT:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            self._read[key] = found
        return found

    def all(self, over: "Map[K, V]") -> Mapping[K, V]:
        """Return the whole map with what lies `over` it, read as it is passed through."""
        return _Passing(self, over)


@dataclass(frozen=True, slots=True)
class _Passing(Mapping[K, V]):
    """All of a map, of which no more than one value is read at a time."""

    drawn: Drawn[K, V]
    over: "Map[K, V]"

    def __getitem__(self, key: K) -> V:
        found: V = self.over.get(key, NOT_OVER)
        if found is NOT_OVER:
            found = self.drawn.get(key)
        if found is ABSENT:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[K]:
        for key in self.drawn.drawer.all(self.drawn.moment):
            if self.over.get(key, NOT_OVER) is NOT_OVER:
                yield key
        for key, value in self.over.items():
            if value is not ABSENT:
                yield key

    def __len__(self) -> int:
        return sum(1 for _ in self)
