"""What a condition means: the typed tree that every reading walks.

A term is made with `term`, which gives the same object for the same parts: equal terms are
identical, so a set of ten thousand clauses holds each condition once, and comparing is cheap.
Terms know nothing of where they were written. A closed union of sixteen shapes, `Term`.

Meaning, in three values (true, false, unknown), for given facts:

* `Fact` is unknown if the fact was not supplied; `Has` is true if it was, false if the thing lacks
  an optional one, else unknown.
* `And` is false if any part is, else unknown if any part is, else true; `Or` is its mirror; `Not`
  leaves unknown unknown.
* `Exists` and `All` are the `Or` and the `And` over the items; `One` is unknown if any item's
  condition is, and so is `Filter`.
* `Choose` is unknown if its test is, and otherwise the branch taken.
* Everything else is unknown if any part of it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from sayso.policy.types import Bool, Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Const:
    """A value that stands in the text; moments and durations as microseconds."""

    value: bool | int | str
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Items:
    """A list written out."""

    items: "tuple[Term, ...]"
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Fact:
    """A fact by its path, `article.range_km`."""

    path: str
    type: Type
    optional: bool


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Var:
    """The item at hand within `Exists`, `All`, `One` or `Filter`, `depth` of which enclose it."""

    name: str
    depth: int
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Has:
    """Whether a fact is there."""

    fact: Fact


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Not:
    """The opposite."""

    of: "Term"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class And:
    """All of the parts."""

    parts: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Or:
    """Any of the parts."""

    parts: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Compare:
    """`==`, `!=`, `<`, `<=`, `>` or `>=` of two values of one kind."""

    mark: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class In:
    """Whether a list holds the item."""

    item: "Term"
    within: "Term"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Arith:
    """`+`, `-`, `*`, `/` or `%`; division truncates towards zero, as in CEL."""

    mark: str
    left: "Term"
    right: "Term"
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Choose:
    """`test ? then : otherwise`."""

    test: "Term"
    then: "Term"
    otherwise: "Term"
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Each:
    """`exists`, `all` or `exists_one` over a list: `body` holds of some, all or exactly one."""

    macro: str
    within: "Term"
    var: Var
    body: "Term"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Filter:
    """The items of a list of which `body` holds."""

    within: "Term"
    var: Var
    body: "Term"
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Size:
    """The number of items of a list, or of code points of a text."""

    of: "Term"
    type: Type


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Affix:
    """`startsWith`, `endsWith`, `contains` or `matches` of a text and a text written out."""

    test: str
    of: "Term"
    affix: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Part:
    """A part of a moment, `shift` microseconds east of UTC, or of a duration: `getHours`."""

    part: str
    of: "Term"
    shift: int
    type: Type


Term = (
    Const
    | Items
    | Fact
    | Var
    | Has
    | Not
    | And
    | Or
    | Compare
    | In
    | Arith
    | Choose
    | Each
    | Filter
    | Size
    | Affix
    | Part
)

P = ParamSpec("P")
T = TypeVar("T")
_POOL: WeakValueDictionary[tuple[object, ...], object] = WeakValueDictionary()


def term(shape: Callable[P, T], *parts: P.args, **_: P.kwargs) -> T:
    """Return the one term of this `shape` with these `parts`, given in order."""
    key = (shape, *((type(part), part) for part in parts))
    known = _POOL.get(key)
    if known is None:
        known = _POOL.setdefault(key, shape(*parts))  # type: ignore[call-arg]  # all in order
    return known  # type: ignore[return-value]  # the key begins with the shape


TRUE = term(Const, True, Bool())
FALSE = term(Const, False, Bool())


def both(*parts: Term) -> Term:
    """Return the `And` of the parts, flat, without repetition, and itself if it is one."""
    return _flat(And, TRUE, parts)


def either(*parts: Term) -> Term:
    """Return the `Or` of the parts, flat, without repetition, and itself if it is one."""
    return _flat(Or, FALSE, parts)


def _flat(shape: type[And | Or], empty: Term, parts: tuple[Term, ...]) -> Term:
    found: dict[Term, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, shape) else (part,)
        found.update(dict.fromkeys(inner))
    found.pop(empty, None)
    if not found:
        return empty
    kept = tuple(found)
    return kept[0] if len(kept) == 1 else _of(shape, kept)


def _of(shape: type[And | Or], parts: tuple[Term, ...]) -> Term:
    return term(And, parts) if shape is And else term(Or, parts)


def negation(of: Term) -> Term:
    """Return the `Not` of a term; two of them cancel."""
    if isinstance(of, Not):
        return of.of
    if of is TRUE or of is FALSE:
        return FALSE if of is TRUE else TRUE
    return term(Not, of)


def children(of: Term) -> tuple[Term, ...]:  # noqa: C901, PLR0911  # one way out a shape
    """Return the terms that a term is directly made of."""
    match of:
        case Const() | Fact() | Var():
            return ()
        case Items(items):
            return items
        case Has(fact):
            return (fact,)
        case Not(inner) | Size(inner) | Affix(_, inner) | Part(_, inner):
            return (inner,)
        case And(parts) | Or(parts):
            return parts
        case Compare(_, left, right) | Arith(_, left, right) | In(left, right):
            return (left, right)
        case Choose(test, then, otherwise):
            return (test, then, otherwise)
        case Each(_, within, _, body) | Filter(within, _, body):
            return (within, body)


def walk(of: Term) -> Iterator[Term]:
    """Yield each distinct term within `of`, itself first."""
    seen = {of}
    waiting = [of]
    while waiting:
        found = waiting.pop()
        yield found
        fresh = [each for each in children(found) if each not in seen]
        seen.update(fresh)
        waiting.extend(reversed(fresh))


@lru_cache(maxsize=65536)
def facts(of: Term) -> frozenset[Fact]:
    """Return the facts that a term reads."""
    if isinstance(of, Fact):
        return frozenset((of,))
    inner = [facts(each) for each in children(of) if not isinstance(each, Const)]
    return inner[0] if len(inner) == 1 else frozenset().union(*inner)


def type_of(of: Term) -> Type:
    """Return a term's type."""
    match of:
        case Const() | Items() | Fact() | Var() | Arith() | Choose() | Filter() | Size() | Part():
            return of.type
        case _:
            return Bool()
