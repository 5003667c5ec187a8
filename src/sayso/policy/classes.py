"""Value classes: the finitely many ways a fact can be, as far as some conditions can tell.

For the conditions that read a fact alone, its values fall into classes of which each condition is
true, false or unknown throughout: to prove something for one value of each class is to prove it
for all. `None` stands for an unknown fact, `LACKING` for one that is known to be lacking.

* true and false, and the values of an enum, are taken one by one;
* numbers, moments and durations by the intervals between the cuts of the conditions, or one by
  one where there are few and the cuts cannot be worked out;
* texts and names by the constants they are compared with, the prefixes they are tested for, one
  text that goes on after each prefix, and one that is none of all that.

Values that no condition tells apart are one class.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from sayso.policy.atoms import choices, cuts, interval
from sayso.policy.evaluate import LACKING, Compiler, Given, Plain, Value
from sayso.policy.terms import Affix, Compare, Const, Fact, In, Size, Term, Var, walk
from sayso.policy.types import Bool, Enum, Int, Listed, Ranged, Type

FEW = 4096
_AFTER = "\u2026"


@dataclass(frozen=True, slots=True)
class Class:
    """Values that no condition tells apart, and the intervals they are if they are numbers."""

    values: tuple[Given | None, ...]
    intervals: tuple[tuple[int, int], ...] = ()
    others: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A fact's classes, and the places of those in which each condition is true, and unknown."""

    classes: tuple[Class, ...]
    places: Mapping[Term, tuple[tuple[int, ...], tuple[int, ...]]]


Signature = tuple[Value, ...]
Probe = Callable[[Sequence[Given | None]], Iterable[Signature]]


def numbers(of: Type, fact: Fact, atoms: Iterable[Term]) -> tuple[tuple[int, int], ...] | None:
    """Return the intervals between the cuts of all atoms; none if there are too many."""
    if not isinstance(of, Ranged):
        return None
    joined: set[int] = set()
    for atom in atoms:
        found = cuts(atom, fact)
        if found is None:
            small = isinstance(of, Int) and of.high - of.low < FEW
            found = frozenset(range(of.low + 1, of.high + 1)) if small else None
        if found is None:
            return None
        joined |= found
    firsts = interval(of, joined)
    return tuple(zip(firsts, [*(each - 1 for each in firsts[1:]), of.high], strict=True))


def texts(atoms: Iterable[Term], named: frozenset[str] = frozenset()) -> tuple[str, ...] | None:
    """Return texts of which one lies in each class; the last of them is none of the constants.

    None if a condition asks more than equality and beginnings.
    """
    constants = set(named)
    prefixes: set[str] = set()
    for atom in atoms:
        for part in walk(atom):
            if isinstance(part, Size) or _more(part):
                return None
            if isinstance(part, Affix):
                prefixes.add(part.affix)
            if isinstance(part, Const) and isinstance(part.value, str):
                constants.add(part.value)
    after = _AFTER
    while any(after in each for each in constants | prefixes):
        after += _AFTER
    longer = {prefix + after for prefix in prefixes}
    return (*sorted(constants | prefixes), *sorted(longer), _other(constants, prefixes))


def _other(constants: set[str], prefixes: set[str]) -> str:
    """Return a text that is none of the constants and begins with none of the prefixes."""
    firsts = {prefix[0] for prefix in prefixes if prefix}
    for first in chain("o", map(chr, range(0x61, 0x10000))):
        found = f"{first}ther"
        if first not in firsts and found not in constants:
            return found
    raise AssertionError(firsts)


def _more(part: Term) -> bool:
    if isinstance(part, Affix):
        return part.test != "startsWith" or not isinstance(part.of, Fact | Var)
    if not isinstance(part, Compare):
        return False
    return part.mark not in {"==", "!="} and _texts(part.left, part.right)


def _texts(*sides: Term) -> bool:
    return any(isinstance(side, Const) and isinstance(side.value, str) for side in sides)


def plain_values(of: Type, atoms: Iterable[Term]) -> tuple[Plain, ...] | None:
    """Return values of which one lies in each class, for a type that is no range."""
    match of:
        case Bool():
            return (False, True)
        case Enum(values):
            return values
        case Listed():
            return None
        case _ if isinstance(of, Ranged):
            return None
        case _:
            return texts(atoms)


@lru_cache(maxsize=65536)
def can_split(fact: Fact, atom: Term) -> bool:
    """Return whether the classes of a fact that is no list can be worked out for an atom."""
    if isinstance(fact.type, Ranged):
        return numbers(fact.type, fact, (atom,)) is not None
    return plain_values(fact.type, (atom,)) is not None


@lru_cache(maxsize=1024)
def table(fact: Fact, atoms: frozenset[Term]) -> Table | None:
    """Return the classes of a fact that is no list; none if they cannot be worked out.

    It is kept: another question, or another version of a policy, mostly asks the same of a fact.
    """
    asked = tuple(atoms)
    rows = _rows(fact, asked)

    def probe(values: Sequence[Given | None]) -> Iterable[Signature]:
        columns = [row(values) for row in rows]
        return zip(*columns, strict=True) if columns else [()] * len(values)

    found = _classes(fact, asked, probe)
    if found is None:
        return None
    firsts = [each.values[0] for each in found]
    places = {
        atom: (_where(values, True), _where(values, None))
        for atom, values in zip(asked, (row(firsts) for row in rows), strict=True)
    }
    return Table(found, places)


def _where(values: Iterable[Value], sought: Value) -> tuple[int, ...]:
    return tuple(place for place, value in enumerate(values) if value is sought)


Row = Callable[[Sequence[Given | None]], list[Value]]


def _rows(fact: Fact, atoms: Iterable[Term]) -> list[Row]:
    """Return for each condition what gives its value for each of some values of the fact."""
    compiler = Compiler()
    return [_row(fact, atom, compiler) for atom in atoms]


def _row(fact: Fact, atom: Term, compiler: Compiler) -> Row:
    function = compiler.function(atom)
    constants = choices(atom, fact)

    def given(value: Given | None) -> Value:
        return function({} if value is None else {fact.path: value})

    if constants is None:
        return lambda values: [given(value) for value in values]
    return lambda values: [
        given(value) if value is None or value is LACKING else value in constants
        for value in values
    ]


def _classes(fact: Fact, atoms: tuple[Term, ...], probe: Probe) -> tuple[Class, ...] | None:
    absent: list[Given | None] = [None, *([LACKING] if fact.optional else [])]
    grouped: dict[Signature, list[Given | None]] = {}
    for value, signature in zip(absent, probe(absent), strict=True):
        grouped.setdefault((str(value), *signature), []).append(value)
    spans = numbers(fact.type, fact, atoms)
    if spans is not None:
        return (*_absent(grouped), *_ranges(spans, probe))
    values = plain_values(fact.type, atoms)
    if values is None:
        return None
    return (*_absent(grouped), *_points(values, fact.type, probe))


def _absent(grouped: Mapping[Signature, list[Given | None]]) -> list[Class]:
    return [Class(tuple(values)) for values in grouped.values()]


def _ranges(spans: Sequence[tuple[int, int]], probe: Probe) -> list[Class]:
    grouped: dict[Signature, list[tuple[int, int]]] = {}
    for span, signature in zip(spans, probe([first for first, _ in spans]), strict=True):
        grouped.setdefault(signature, []).append(span)
    return [Class(tuple(first for first, _ in found), tuple(found)) for found in grouped.values()]


def _points(values: Sequence[Plain], of: Type, probe: Probe) -> list[Class]:
    grouped: dict[Signature, list[Plain]] = {}
    for value, signature in zip(values, probe(values), strict=True):
        grouped.setdefault(signature, []).append(value)
    closed = isinstance(of, Bool | Enum)
    last = values[-1]
    return [Class(tuple(found), others=not closed and last in found) for found in grouped.values()]


def members(of: Listed, atoms: Iterable[Term], bodies: Iterable[Term]) -> tuple[Plain, ...] | None:
    """Return items of which one lies in each class, for a list's items."""
    asked = tuple(bodies)
    named = {
        part.item.value
        for atom in atoms
        for part in walk(atom)
        if isinstance(part, In) and isinstance(part.item, Const)
    }
    match of.item:
        case Bool() | Enum():
            return plain_values(of.item, asked)
        case _ if isinstance(of.item, Ranged):
            return None
        case _:
            return texts(asked, frozenset(each for each in named if isinstance(each, str)))
