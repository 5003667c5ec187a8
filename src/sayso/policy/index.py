"""The bit-sliced index: a verdict in time that hardly grows with the number of clauses.

Every condition that reads a single fact is folded, for each class of that fact's values, into two
numbers with a bit for each clause: those whose conditions on the fact are all true, and those of
which none is false. The clauses that are true are then the `and` of a handful of numbers, one for
each fact. What remains, conditions over several facts, is asked only of the clauses whose bits
survive.

The table of a number is found by bisection between its cuts; that of anything else is worked out
when a value is first seen, and kept, up to `MOST` values for each fact.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sayso.policy.atoms import conjuncts, cuts, interval, sole_fact
from sayso.policy.evaluate import Absence, Compiler, Function, Given, Known, Plain
from sayso.policy.rules import Rules
from sayso.policy.terms import And, Const, Fact, Has, In, Not, Or, Term, facts, walk
from sayso.policy.types import Ranged

MOST = 16_384
Masks = tuple[int, int]
Look = Callable[[Given | None], Masks]


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact's table: `masks` of a value, and the `bounds` between its classes if it is a number.

    The two masks are the same object where no clause is unknown, which spares most of the work.
    `members` are the items that matter if the fact is a list and only its having them does.
    """

    fact: Fact
    masks: Look
    bounds: tuple[int, ...] | None
    members: tuple[Plain, ...] | None


@dataclass(frozen=True, slots=True)
class Index:
    """The tables of each fact that is read, and what must be asked clause by clause."""

    whole: int
    slots: tuple[Slot, ...]
    ranged: tuple[tuple[str, Look], ...]
    kept: tuple[tuple[str, "Kept"], ...]
    several: int
    asked: Mapping[int, tuple[Function, ...]]
    facts: Mapping[str, Fact]

    def __call__(self, facts: Known) -> tuple[int, int]:
        """Return the clauses that are true, and those that are not false."""
        get, true = facts.get, self.whole
        open_: list[Masks] = []
        for path, kept in self.kept:
            masks = kept[get(path)]
            if masks[0] is masks[1]:
                true &= masks[0]
            else:
                open_.append(masks)
        for path, look in self.ranged:
            masks = look(get(path))
            if masks[0] is masks[1]:
                true &= masks[0]
            else:
                open_.append(masks)
        possible = true
        for one, other in open_:
            true &= one
            possible &= other
        return self.settled(true, possible, facts) if possible & self.several else (true, possible)

    def settled(self, true: int, possible: int, facts: Known) -> Masks:
        """Return the two sets, the conditions over several facts asked of what is left."""
        left = possible & self.several
        while left:
            bit = left & -left
            left ^= bit
            for function in self.asked[bit]:
                found = function(facts)
                if not found:
                    true &= ~bit
                    if found is False:
                        possible &= ~bit
                        break
        return true, possible


def index(rules: Rules) -> Index:
    """Return the index of a set of rules."""
    single: dict[Fact, dict[Term, int]] = {}
    asked: dict[int, tuple[Function, ...]] = {}
    compiler = Compiler()
    whole = several = 0
    for place, rule in enumerate(rules.rules):
        bit = 1 << place
        whole |= bit
        for part in conjuncts(rule.clause.when):
            fact = sole_fact(part)
            if fact is None:
                asked[bit] = (*asked.get(bit, ()), compiler.function(part))
                several |= bit
            else:
                terms = single.setdefault(fact, {})
                terms[part] = terms.get(part, 0) | bit
    slots = tuple(_slot(fact, terms, whole) for fact, terms in single.items())
    looks = tuple((slot.fact.path, slot.masks) for slot in slots)
    ranged = tuple((path, look) for path, look in looks if not isinstance(look, Kept))
    kept = tuple((path, look) for path, look in looks if isinstance(look, Kept))
    every = {fact.path: fact for rule in rules.rules for fact in facts(rule.clause.when)}
    return Index(whole, slots, ranged, kept, several, asked, every)


def _slot(fact: Fact, terms: Mapping[Term, int], whole: int) -> Slot:
    compiler = Compiler()
    parts = [(compiler.function(term), bits) for term, bits in terms.items()]
    path = fact.path

    def masks(value: Given | None) -> Masks:
        facts = {} if value is None else {path: value}
        false = open_ = 0
        for function, bits in parts:
            found = function(facts)
            if found is None:
                open_ |= bits
            elif not found:
                false |= bits
        possible = whole & ~false
        true = possible & ~open_
        return (true, possible) if true != possible else (true, true)

    found = _common_cuts(fact, terms)
    if found is None:
        return Slot(fact, Kept(masks), None, _members(terms))
    unknown = masks(None)
    lacking = masks(Absence.LACKING) if fact.optional else unknown
    table = [masks(first) for first in found]
    return Slot(fact, _bisected(table, found[1:], unknown, lacking), found[1:], None)


def _members(terms: Mapping[Term, int]) -> tuple[Plain, ...] | None:
    found: dict[Plain, None] = {}
    for term in terms:
        for part in walk(term):
            match part:
                case In(Const(value), Fact()):
                    found[value] = None
                case Fact() | Const() | Not() | And() | Or() | Has():
                    pass
                case _:
                    return None
    return tuple(found)


def _common_cuts(fact: Fact, terms: Mapping[Term, int]) -> tuple[int, ...] | None:
    if not isinstance(fact.type, Ranged):
        return None
    joined: set[int] = set()
    for term in terms:
        found = cuts(term, fact)
        if found is None:
            return None
        joined |= found
    return interval(fact.type, joined)


def _bisected(table: list[Masks], bounds: tuple[int, ...], unknown: Masks, lacking: Masks) -> Look:
    def look(value: Given | None) -> Masks:
        if value is None:
            return unknown
        if value is Absence.LACKING:
            return lacking
        return table[bisect_right(bounds, value)]

    return look


class Kept(dict[Hashable, Masks]):
    """The masks of the values seen so far; those of a new value are worked out.

    1 and True are one key: but a fact has one type, and so never both.
    """

    def __init__(self, masks: Look) -> None:
        super().__init__()
        self.masks = masks

    def __missing__(self, value: Any) -> Masks:  # noqa: ANN401  # a dictionary's own method
        """Return the masks of a value not seen yet."""
        found = self.masks(value)
        if len(self) < MOST:
            self[value] = found
        return found

    def __call__(self, value: Given | None) -> Masks:
        """Return the masks of a value."""
        return self[value]
