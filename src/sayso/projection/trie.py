"""A map in pieces named by their SHA-256, so that a part is read, proven and changed alone.

A key's way is the SHA-256 of its text, a hexadecimal digit at a time. At the end of a way is a
leaf of at most 32 keys; before it, forks of 16 ways each. A value of more than 256 bytes is a piece
of its own. So one map has one shape whatever was done to it before, and two maps are equal if the
names of their first pieces are. The pieces are JSON texts:

    {"at":"cases/3f","keys":{KEY:VALUE,…},"held":{KEY:NAME,…}}        a leaf
    {"at":"cases/3f","ways":[[COUNT,NAME],null,…]}                    a fork
    {"at":"cases","key":KEY,"value":VALUE}                            a value by itself

The keys of every object stand in order, so that what is equal is written alike. `at` says which
map, and where in it, so that no piece can stand in the place of another.

>>> first = changed("numbers", None, {"one": 1, "two": 2}, NOWHERE)
>>> get("numbers", first.root, "two", Held(first.added))
2
>>> changed("numbers", first.root, {"one": None, "two": 2}, Held(first.added)).root.count
1
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

Json = Any
"""What JSON can say, but null for a whole value."""


class Reader(Protocol):
    """Where the pieces are."""

    def read(self, name: str, /) -> bytes:
        """Return the piece of that name."""

    def ahead(self, names: Sequence[str], /) -> None:
        """Read what will soon be asked for, all at once."""


LEAF = 32
INLINE = 256
WAYS = "0123456789abcdef"

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
"""Sorted: what was judged here and what is read from the record may order a mapping otherwise."""


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces in memory."""

    pieces: Mapping[str, bytes]

    def read(self, name: str) -> bytes:
        """Return the piece of that name."""
        return self.pieces[name]

    def ahead(self, names: Sequence[str]) -> None:
        """Do nothing: all are there."""


NOWHERE = Held({})


@dataclass(frozen=True, slots=True)
class Root:
    """The first piece of a map that is not empty, and how many keys the map has."""

    count: int
    name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A map after a change: its root, the pieces that are new, and those that it does without."""

    root: Root | None
    added: Mapping[str, bytes]
    dropped: frozenset[str]


class _Leaf:
    """Keys with their values, or the names of their values."""

    __slots__ = ("held", "keys")

    def __init__(self, keys: dict[str, Json], held: dict[str, str]) -> None:
        self.keys = keys
        self.held = held


_Fork = list[Root | None]
_Node = _Leaf | _Fork
_Wanted = list[tuple[str, str]]
"""The keys that are changed, each after its way."""


def way(key: str) -> str:
    """Return the way to `key`: 64 hexadecimal digits."""
    return sha256(key.encode()).hexdigest()


def text(written: Json) -> str:
    """Return the text of a key that is none: its JSON."""
    return _JSON.encode(written)


def value(text: str) -> Json:
    """Return what a key's text stands for: `text` undone."""
    return json.loads(text)


def name_of(piece: bytes) -> str:
    """Return the name of a piece."""
    return sha256(piece).hexdigest()


# --- reading -----------------------------------------------------------------------------------


def get(of: str, root: Root | None, key: str, pieces: Reader) -> Json:
    """Return the value of `key` in the map called `of`, or None; ValueError for a wrong piece."""
    if root is None:
        return None
    path = way(key)
    for depth in range(len(path)):
        piece = pieces.read(root.name)
        if piece.startswith(b'{"at":"%b/%b","held":' % (of.encode(), path[:depth].encode())):
            return _kept(of, key, piece, pieces)
        found = _ways(of, path[:depth], piece)[int(path[depth], 16)]
        if found is None:
            return None
        root = found
    raise ValueError("a way that does not end")


@lru_cache(maxsize=1024)
def _ways(of: str, at: str, piece: bytes) -> Sequence[Root | None]:
    """Return the ways of a fork, which are walked again and again."""
    node = _node(of, at, piece)
    if isinstance(node, _Leaf):
        raise ValueError("a leaf that is not written as leaves are")  # noqa: TRY004  # the piece is
    return node


def _kept(of: str, key: str, leaf: bytes, pieces: Reader) -> Json:
    """Return the value of `key` in a leaf, or None; it is the asker's own, and so read anew.

    Most keys that are asked for are new, and so are not there: for them nothing is parsed.
    """
    if f"{_JSON.encode(key)}:".encode() not in leaf:
        return None
    found = json.loads(leaf)
    held = found["held"].get(key)
    return found["keys"].get(key) if held is None else _value(of, key, pieces.read(held))


def names(of: str, root: Root | None, pieces: Reader) -> Iterator[str]:
    """Yield the names of the pieces of a map; each is read as it is passed."""
    yield from _names(of, "", root, pieces)


def items(of: str, root: Root | None, pieces: Reader) -> Iterator[tuple[str, Json]]:
    """Yield the keys with their values."""
    for leaf in _leaves(of, "", root, pieces):
        yield from leaf.keys.items()
        for key, name in leaf.held.items():
            yield key, _value(of, key, pieces.read(name))


def _leaves(of: str, at: str, root: Root | None, pieces: Reader) -> Iterator[_Leaf]:
    if root is None:
        return
    node = _node(of, at, pieces.read(root.name))
    if isinstance(node, _Leaf):
        pieces.ahead(list(node.held.values()))
        yield node
        return
    pieces.ahead([each.name for each in node if each is not None])
    for digit, each in zip(WAYS, node, strict=True):
        yield from _leaves(of, at + digit, each, pieces)


def _names(of: str, at: str, root: Root | None, pieces: Reader) -> Iterator[str]:
    if root is None:
        return
    yield root.name
    node = _node(of, at, pieces.read(root.name))
    if isinstance(node, _Leaf):
        pieces.ahead(list(node.held.values()))
        for key, name in node.held.items():
            _value(of, key, pieces.read(name))
            yield name
        return
    pieces.ahead([each.name for each in node if each is not None])
    for digit, each in zip(WAYS, node, strict=True):
        yield from _names(of, at + digit, each, pieces)


def _node(of: str, at: str, piece: bytes) -> _Node:
    found = json.loads(piece)
    if found["at"] != f"{of}/{at}":
        raise ValueError("a piece in the place of another")
    if "ways" in found:
        return [None if each is None else Root(*each) for each in found["ways"]]
    return _Leaf(found["keys"], found["held"])


def _value(of: str, key: str, piece: bytes) -> Json:
    found = json.loads(piece)
    if (found["at"], found["key"]) != (of, key):
        raise ValueError("a value in the place of another")
    return found["value"]


# --- changing ----------------------------------------------------------------------------------


def changed(of: str, root: Root | None, changes: Mapping[str, Json], pieces: Reader) -> Changed:
    """Return the map called `of` with the `changes` made; a value None takes its key away.

    Each is asked for once, when its turn comes: so there need not be all of them at one time.
    """
    work = _Work(of, pieces, changes)
    wanted = [(way(key), key) for key in changes]
    after = work.changed("", root, wanted) if wanted else root
    return Changed(after, work.added, frozenset(work.dropped - work.added.keys()))


@dataclass(slots=True)
class _Work:
    of: str
    pieces: Reader
    changes: Mapping[str, Json]
    added: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    def changed(self, at: str, root: Root | None, wanted: _Wanted) -> Root | None:
        node: _Node = _Leaf({}, {})
        if root is not None:
            node = self._taken(at, root)
        if isinstance(node, _Leaf):
            for _, key in wanted:
                self._set(node, key)
            return self._leaf(at, node)
        return self._fork(at, node, wanted)

    def _taken(self, at: str, root: Root) -> _Node:
        self.dropped.add(root.name)
        return _node(self.of, at, self.pieces.read(root.name))

    def _set(self, leaf: _Leaf, key: str) -> None:
        value = self.changes[key]
        leaf.keys.pop(key, None)
        held = leaf.held.pop(key, None)
        if held is not None:
            self.dropped.add(held)
        if value is None:
            return
        text = _JSON.encode(value)
        if len(text) <= INLINE:
            leaf.keys[key] = value
        else:
            named = f'{{"at":{_JSON.encode(self.of)},"key":{_JSON.encode(key)},"value":'
            leaf.held[key] = self._keep(f"{named}{text}}}")  # which is long, and not written twice

    def _fork(self, at: str, ways: _Fork, wanted: _Wanted) -> Root | None:
        turns: dict[str, _Wanted] = {}
        for way_and_key in wanted:
            turns.setdefault(way_and_key[0][len(at)], []).append(way_and_key)
        for turn, those in turns.items():
            number = int(turn, 16)
            ways[number] = self.changed(at + turn, ways[number], those)
        count = sum(each.count for each in ways if each is not None)
        if count > LEAF:
            return self._forked(at, ways)
        whole = _Leaf({}, {})
        for digit, each in zip(WAYS, ways, strict=True):
            for leaf in self._gathered(at + digit, each):
                whole.keys |= leaf.keys
                whole.held |= leaf.held
        return self._leaf(at, whole)

    def _gathered(self, at: str, root: Root | None) -> Iterator[_Leaf]:
        """Yield the leaf at a way, which is taken away: its keys go into a greater leaf."""
        if root is None:
            return
        made = self.added.pop(root.name, None)
        node = self._taken(at, root) if made is None else _node(self.of, at, made)
        if isinstance(node, _Leaf):  # so few keys need no fork
            yield node

    def _leaf(self, at: str, leaf: _Leaf) -> Root | None:
        count = len(leaf.keys) + len(leaf.held)
        if count == 0:
            return None
        if count <= LEAF:
            whole = {"at": f"{self.of}/{at}", "keys": leaf.keys, "held": leaf.held}
            return Root(count, self._keep(_JSON.encode(whole)))
        parts: dict[str, _Leaf] = {digit: _Leaf({}, {}) for digit in WAYS}
        for key, each in leaf.keys.items():
            parts[way(key)[len(at)]].keys[key] = each
        for key, name in leaf.held.items():
            parts[way(key)[len(at)]].held[key] = name
        return self._forked(at, [self._leaf(at + digit, part) for digit, part in parts.items()])

    def _forked(self, at: str, ways: _Fork) -> Root:
        count = sum(each.count for each in ways if each is not None)
        shown = [None if each is None else [each.count, each.name] for each in ways]
        return Root(count, self._keep(_JSON.encode({"at": f"{self.of}/{at}", "ways": shown})))

    def _keep(self, text: str) -> str:
        piece = text.encode()
        name = name_of(piece)
        self.added[name] = piece
        return name
