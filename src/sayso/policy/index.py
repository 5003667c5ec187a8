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

from sayso.policy.atoms import conjuncts, cuts, interval, sole_fact
from sayso.policy.evaluate import Absence, Compiler, Function, Given, Known
from sayso.policy.rules import Rules
from sayso.policy.terms import Fact, Term
from sayso.policy.types import Ranged

MOST = 16_384
Masks = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Index:
    """The tables of each fact that is read, and what must be asked clause by clause."""

    whole: int
    slots: tuple[tuple[str, Callable[[Given | None], Masks]], ...]
    several: int
    asked: Mapping[int, tuple[Function, ...]]

    def __call__(self, facts: Known) -> tuple[int, int]:
        """Return the clauses that are true, and those that are not false."""
        true = possible = self.whole
        for path, masks in self.slots:
            one, other = masks(facts.get(path))
            true &= one
            possible &= other
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
    found = ((fact.path, _table(fact, terms, whole)) for fact, terms in single.items())
    return Index(whole, tuple(found), several, asked)


def _table(fact: Fact, terms: Mapping[Term, int], whole: int) -> Callable[[Given | None], Masks]:
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
        return whole & ~(false | open_), whole & ~false

    found = _common_cuts(fact, terms)
    if found is None:
        return _kept(masks)
    unknown = masks(None)
    lacking = masks(Absence.LACKING) if fact.optional else unknown
    return _bisected([masks(first) for first in found], found[1:], unknown, lacking)


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


def _bisected(
    table: list[Masks], bounds: tuple[int, ...], unknown: Masks, lacking: Masks
) -> Callable[[Given | None], Masks]:
    def look(value: Given | None) -> Masks:
        if value is None:
            return unknown
        if value is Absence.LACKING:
            return lacking
        return table[bisect_right(bounds, value)]

    return look


def _kept(masks: Callable[[Given | None], Masks]) -> Callable[[Given | None], Masks]:
    known: dict[Hashable, Masks] = {}

    def look(value: Given | None) -> Masks:
        # 1 and True are one key: but a fact has one type, and so never both.
        found = known.get(value)
        if found is None:
            found = masks(value)
            if len(known) < MOST:
                known[value] = found
        return found

    return look
