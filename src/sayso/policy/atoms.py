"""What a condition is made of, fact by fact.

An atom is a condition that reads exactly one fact. However many values the fact can have, an atom
splits them into a few classes: the numbers between two `cuts`, for instance, it cannot tell apart.
The index, the rehearsal and the prover all rest on that.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sayso.policy.evaluate import Function, Plain, function
from sayso.policy.terms import (
    And,
    Arith,
    Choose,
    Compare,
    Const,
    Fact,
    Has,
    In,
    Items,
    Not,
    Or,
    Part,
    Term,
    children,
    facts,
    type_of,
)
from sayso.policy.types import Bool, Ranged, Type


def conjuncts(of: Term) -> tuple[Term, ...]:
    """Return the conditions that must all hold for the term to hold."""
    return of.parts if isinstance(of, And) else (of,)


@lru_cache(maxsize=65536)
def sole_fact(of: Term) -> Fact | None:
    """Return the only fact that a term reads, or none if it reads several or no fact."""
    found = facts(of)
    return next(iter(found)) if len(found) == 1 else None


def joined(of: Term) -> tuple[Term, ...]:
    """Return the conditions that a condition joins by and, or, not, choice and equality."""
    match of:
        case And(parts) | Or(parts):
            return parts
        case Not(inner):
            return (inner,)
        case Choose(test, then, otherwise, Bool()):
            return (test, then, otherwise)
        case Compare(_, left, right) if isinstance(type_of(left), Bool):
            return (left, right)
        case _:
            return ()


def atoms(of: Term) -> Iterator[Term]:
    """Yield the parts of a condition that are not joined of others, or read a single fact."""
    inner = () if sole_fact(of) is not None else joined(of)
    if not inner:
        yield of
    for part in inner:
        yield from atoms(part)


def cuts(of: Term, fact: Fact) -> frozenset[int] | None:
    """Return the numbers at which an atom can change, each the first of a new class.

    None if they cannot be worked out: then every value is a class of its own.
    """
    if not isinstance(fact.type, Ranged):
        return None
    match of:
        case Has() | Const():
            return frozenset()
        case And() | Or() | Not() | Choose(_, _, _, Bool()):
            return _together(cuts(each, fact) for each in children(of))
        case Compare(_, left, right):
            return _crossing(left, right, fact.type)
        case In(item, Items(items)):
            return _together(_crossing(item, each, fact.type) for each in items)
        case _:
            return None


def choices(of: Term, fact: Fact) -> frozenset[Plain] | None:
    """Return the constants of which a condition asks whether the fact is one, if it does."""
    match of:
        case In(item, Items(items)) if item is fact:
            constants = [each.value for each in items if isinstance(each, Const)]
            return frozenset(constants) if len(constants) == len(items) else None
        case Compare("==", left, Const(value)) if left is fact:
            return frozenset({value})
        case _:
            return None


def _together(found: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    joined: frozenset[int] = frozenset()
    for each in found:
        if each is None:
            return None
        joined |= each
    return joined


def _crossing(left: Term, right: Term, reach: Ranged) -> frozenset[int] | None:
    """Return where `left` comes to, and passes, a constant `right`; or the other way round."""
    if isinstance(left, Const):
        left, right = right, left
    if isinstance(left, Const):
        return frozenset()
    rising = _slope(left)
    if not isinstance(right, Const) or rising is None or not isinstance(right.value, int):
        return None
    found = function(left)
    (path,) = (fact.path for fact in facts(left))
    goals = (right.value, right.value + 1) if rising else (-right.value, 1 - right.value)
    places = (_first(found, path, reach, (goal, rising)) for goal in goals)
    return frozenset(place for place in places if reach.low < place <= reach.high)


def _first(of: Function, path: str, reach: Ranged, goal: tuple[int, bool]) -> int:
    """Return the least value of the fact at which a monotone term reaches a goal."""
    least, rising = goal

    def height(value: int) -> int:
        found = of({path: value})
        assert isinstance(found, int)  # noqa: S101  # the checker gives numbers their type
        return found if rising else -found

    place = bisect_left(range(reach.low, reach.high + 1), least, key=height)
    return reach.low + place


def _slope(of: Term) -> bool | None:
    """Return whether a term grows with its only fact, or shrinks; none if it may do neither."""
    match of:
        case Fact() if isinstance(of.type, Ranged):
            return True
        case Arith(mark, left, Const(int(constant))) if mark != "%":
            shrinks = mark in "*/" and constant < 0
            return _turned(_slope(left), shrinks)
        case Arith("+" | "*" as mark, Const(int(constant)), right):
            return _turned(_slope(right), mark == "*" and constant < 0)
        case Arith("-", Const(), right):
            return _turned(_slope(right), True)
        case Part("getFullYear", inner):
            return _slope(inner)
        case _:
            return None


def _turned(rising: bool | None, turned: bool) -> bool | None:  # noqa: FBT001  # private
    return None if rising is None else rising != turned


def interval(reach: Type, found: Iterable[int]) -> tuple[int, ...]:
    """Return the first number of each class of a ranged fact, in order."""
    return (reach.low, *sorted(found)) if isinstance(reach, Ranged) else ()
