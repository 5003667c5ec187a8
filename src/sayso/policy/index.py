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
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sayso.policy.atoms import conjuncts, cuts, interval, sole_fact
from sayso.policy.evaluate import Absence, Compiler, Function, Given, Known, Plain, unknown
from sayso.policy.masks import Answers, Look, Masks
from sayso.policy.rules import Rules
from sayso.policy.terms import TRUE, And, Const, Fact, Has, In, Not, Or, Term, facts, walk
from sayso.policy.types import Ranged

MOST = 4096
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact's table: `masks` of a value, and the `bounds` between its classes if it is a number.

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
    asked: Mapping[int, tuple[tuple[Function, Term], ...]]
    facts: Mapping[str, Fact]

    def __call__(self, facts: Known) -> Masks:
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
            for function, _ in self.asked[bit]:
                found = function(facts)
                if not found:
                    true &= ~bit
                    if found is False:
                        possible &= ~bit
                        break
        return true, possible

    def missing(self, unsure: int, facts: Known) -> frozenset[str]:
        """Return the facts for want of which some clauses are unknown, which these must be."""
        found: set[str] = set()
        for slot in self.slots:
            true, possible = slot.masks(facts.get(slot.fact.path))
            if possible & ~true & unsure:
                found.add(slot.fact.path)
        left = unsure & self.several
        while left:
            bit = left & -left
            left ^= bit
            found.update(*(unknown(term, facts) for _, term in self.asked[bit]))
        return frozenset(found)


def index(rules: Rules) -> Index:
    """Return the index of a set of rules."""
    single: dict[Fact, dict[Term, int]] = {}
    asked: dict[int, tuple[tuple[Function, Term], ...]] = {}
    compiler = Compiler()
    whole = several = 0
    for place, rule in enumerate(rules.rules):
        bit = 1 << place
        whole |= bit
        for part in conjuncts(rule.clause.when):
            fact = sole_fact(part)
            if fact is not None:
                terms = single.setdefault(fact, {})
                terms[part] = terms.get(part, 0) | bit
            elif part is not TRUE:
                asked[bit] = (*asked.get(bit, ()), (compiler.function(part), part))
                several |= bit
    slots = tuple(_slot(fact, terms, whole) for fact, terms in single.items())
    looks = [(slot.fact.path, slot) for slot in slots]
    ranged = tuple((path, slot.masks) for path, slot in looks if slot.bounds is not None)
    kept = tuple((path, Kept(slot.masks)) for path, slot in looks if slot.bounds is None)
    every = {fact.path: fact for rule in rules.rules for fact in facts(rule.clause.when)}
    return Index(whole, slots, ranged, kept, several, asked, every)


def _slot(fact: Fact, terms: Mapping[Term, int], whole: int) -> Slot:
    masks = Answers(fact, terms, whole)
    found = _common_cuts(fact, terms)
    if found is None:
        return Slot(fact, masks, None, _members(terms))
    unknown_ = masks(None)
    lacking = masks(Absence.LACKING) if fact.optional else unknown_
    table = [masks(first) for first in found]
    return Slot(fact, _bisected(table, found[1:], unknown_, lacking), found[1:], None)


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

    1 and True are one key: but a fact has one type, and so never both. Long values are not kept.
    """

    def __init__(self, masks: Look) -> None:
        super().__init__()
        self.masks = masks

    def __missing__(self, value: Any) -> Masks:  # noqa: ANN401  # a dictionary's own method
        """Return the masks of a value not seen yet."""
        found = self.masks(value)
        if len(self) < MOST and is_short(value):
            self[value] = found
        return found


def is_short(value: Given | None) -> bool:
    """Return whether a value may be kept: strangers choose what is asked, and memory is finite."""
    if isinstance(value, tuple):
        return len(value) <= LONGEST and sum(map(len, map(str, value))) <= LONGEST
    return not isinstance(value, str) or len(value) <= LONGEST
