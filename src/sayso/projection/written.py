"""What stands, written as maps in pieces, and read back: `decode(encode(state)) == state`.

Each map of a state is a map of pieces (`trie`), read when it is asked for (`shelf`). All that is no
map is in one more, `rest`, by the names of the fields. Two things are not written as they are, but
as what they were made from: a policy is its text, with how many vocabularies there were to read it
by; and the timers, a heap, are columns, so that a timer is made when it is first looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, get_args, get_origin

from immutables import Map

from sayso.casework import vocabulary
from sayso.casework.dossier import Stamp
from sayso.casework.events import Vocabulary
from sayso.casework.policies import parsed
from sayso.casework.state import Adopted, State
from sayso.casework.timers import Timer, Timers
from sayso.dates import Instant
from sayso.errors import MalformedPolicy
from sayso.policy.policy import Policy
from sayso.projection import trie
from sayso.projection.library import Library
from sayso.projection.shape import Json, Shape, shape
from sayso.projection.shelf import ABSENT, Base, Shelf
from sayso.projection.trie import Changed, Root

REST = "rest"

Roots = Mapping[str, Root | None]
"""Where the pieces of each map begin."""


@dataclass(frozen=True, slots=True)
class Written:
    """A state in pieces: where each map begins, what is new, and what is needed no more."""

    roots: Roots
    added: Mapping[str, bytes]
    dropped: frozenset[str]


def encode(state: State, *, before: "Before | None" = None) -> Written:
    """Return `state` in pieces: all, or what differs from what was written `before`."""
    roots: dict[str, Root | None] = {}
    added: dict[str, bytes] = {}
    dropped: set[str] = set()
    for name, changed in _changes(state, before):
        roots[name] = changed.root
        added |= changed.added
        dropped |= changed.dropped
    return Written(roots, added, frozenset(dropped))


def decode(roots: Roots, library: Library) -> State:
    """Return the state that stands there, of which the maps are read when they are asked for."""
    rest = dict(trie.items(REST, roots[REST], library))
    found: dict[str, Any] = {name: each.taken(rest[name]) for name, each in _REST.items()}
    for name, (keys, values) in MAPS.items():
        shaped = values or _policies(found["vocabularies"])
        named = _key_hint(name) is str
        base: Base[Any, Any] = Base(name, roots[name], keys, shaped, library, named)
        found[name] = Shelf(base)
    return State(**found)


@dataclass(frozen=True, slots=True)
class Before:
    """What was written before: the state as it was read back, and where its maps begin."""

    state: State
    roots: Roots
    library: Library


def _changes(state: State, before: Before | None) -> Iterator[tuple[str, Changed]]:
    yield REST, _rest_changed(state, before)
    for name, (keys, values) in MAPS.items():
        shaped = values or _policies(state.vocabularies)
        found = getattr(state, name)
        if before is not None and isinstance(found, Shelf):
            base: Base[Any, Any] = getattr(before.state, name).base
            if found.base is base:
                yield name, _over(found, shaped, base)
                continue
        root = None if before is None else before.roots[name]
        whole = {_text(keys, key): each for key, each in found.items()}
        yield name, _anew(name, root, _Values(whole, shaped), before)


@dataclass(frozen=True, slots=True)
class _Values(Mapping[str, Json]):
    """Values by the texts of their keys, each of them written when it is asked for."""

    found: Mapping[str, Any]
    shape: Shape

    def __getitem__(self, text: str) -> Json:
        each = self.found[text]
        return None if each is ABSENT else self.shape.written(each)

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def _rest_changed(state: State, before: Before | None) -> Changed:
    """Return what is no map; of what is the very same as before, nothing is written."""
    changes = {
        name: each.written(getattr(state, name))
        for name, each in _REST.items()
        if before is None or getattr(state, name) is not getattr(before.state, name)
    }
    if before is None:
        return trie.changed(REST, None, changes, trie.NOWHERE)
    return trie.changed(REST, before.roots[REST], changes, before.library)


def _over(found: Shelf[Any, Any], values: Shape, base: Base[Any, Any]) -> Changed:
    changes = {base.text(key): each for key, each in found.over.items()}
    return trie.changed(base.of, base.root, _Values(changes, values), base.library)


def _anew(
    name: str, root: Root | None, whole: Mapping[str, Json], before: Before | None
) -> Changed:
    """Return a map written whole; of what stood there before, only the same pieces stay."""
    made = trie.changed(name, None, whole, trie.NOWHERE)
    if root is None or before is None:
        return made
    old = set(trie.names(name, root, before.library))
    added = {each: piece for each, piece in made.added.items() if each not in old}
    return Changed(made.root, added, frozenset(old - made.added.keys()))


def _text(keys: Shape, key: object) -> str:
    return key if isinstance(key, str) else trie.text(keys.written(key))


# --- what is written as what it was made from ---------------------------------------------------


def _policies(vocabularies: tuple[Vocabulary, ...]) -> Shape:
    stamps, moments = shape(Stamp), shape(Instant | None)

    def write(each: Adopted) -> Json:
        policy = each.policy
        # the fewest that do: so that one added later leaves what is written as it is
        known = next(n for n in range(len(vocabularies) + 1) if _reads(policy, vocabularies[:n]))
        return [policy.text, known, stamps.written(each.stamp), moments.written(each.rescinded)]

    def read(value: Json) -> Adopted:
        text, known, stamp, rescinded = value
        policy = parsed(text, vocabulary.schema(vocabularies[:known]))
        return Adopted(policy, stamps.taken(stamp), moments.taken(rescinded))

    return Shape("Adopted(text,vocabularies,stamp,rescinded)", write, read)


def _reads(policy: Policy, vocabularies: tuple[Vocabulary, ...]) -> bool:
    """Return whether the text of a policy means the same with these vocabularies."""
    try:
        return parsed(policy.text, vocabulary.schema(vocabularies)) == policy
    except MalformedPolicy:
        return False


def _write_timers(timers: Timers) -> Json:
    """Return the timers from the first on, each with its rank and the places of its two heaps.

    The first has no other before it, so that place 0 says that there is no heap.
    """
    moments: list[int] = []
    cases: list[str] = []
    ranks: list[int] = []
    ways: list[list[int]] = [[], []]
    waiting = [] if timers is None else [(timers, 0, 0)]
    while waiting:
        timer, parent, side = waiting.pop()
        here = len(moments)
        if here:
            ways[side][parent] = here
        moments.append(timer.at.micros)
        cases.append(timer.case)
        ranks.append(timer.rank)
        for number, each in enumerate((timer.left, timer.right)):
            ways[number].append(0)
            if each is not None:
                waiting.append((each, here, number))
    return [moments, cases, ranks, *ways]


def _read_timers(value: Json) -> Timers:
    """Return the first timer; the others are made when they are asked for."""
    moments, cases, ranks, lefts, rights = value

    def made(place: int) -> Timer:
        left, right = lefts[place], rights[place]
        return Timer(
            Instant(moments[place]),
            cases[place],
            ranks[place],
            partial(made, left) if left else None,
            partial(made, right) if right else None,
        )

    return made(0) if moments else None


# --- what a state is made of --------------------------------------------------------------------


def _of_maps() -> dict[str, tuple[Shape, Shape | None]]:
    """Return the shapes of the keys and values of each map; None for the policies."""
    return {
        each.name: (
            shape(get_args(each.type)[0]),
            None if get_args(each.type)[1] is Adopted else shape(get_args(each.type)[1]),
        )
        for each in fields(State)
        if get_origin(each.type) is Map
    }


def _key_hint(name: str) -> object:
    (found,) = (each.type for each in fields(State) if each.name == name)
    return get_args(found)[0]


_TIMERS = Shape("timers(moments,cases,ranks,lefts,rights)", _write_timers, _read_timers)
MAPS = _of_maps()
_REST: Mapping[str, Shape] = {
    each.name: _TIMERS if each.type == Timers else shape(each.type)
    for each in fields(State)
    if each.name not in MAPS
}


@cache
def fingerprint() -> str:
    """Return the SHA-256, in hexadecimal, of how states are written and of the program that folds.

    A projection of another program is not believed: the same entries may mean something else to it.
    """
    told = sha256()
    for name, each in sorted(_REST.items()):
        told.update(f"{name}={each.words}\n".encode())
    for name, (keys, values) in sorted(MAPS.items()):
        words = "policies" if values is None else values.words
        told.update(f"{name}={{{keys.words}:{words}}}\n".encode())
    for package in ("casework", "policy", "projection"):
        for path, source in _sources(files("sayso") / package, package):
            told.update(f"{path}={sha256(source).hexdigest()}\n".encode())
    return told.hexdigest()


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _sources(each, f"{path}/{each.name}")
        elif each.name.endswith(".py"):
            yield f"{path}/{each.name}", each.read_bytes()
