"""Conditions → literals: for each condition, one that it is true and one that it is false.

Every fact that some condition reads alone is exactly one of its value classes. A list is known or
not, and for each class of items it holds some or none. A condition over several facts, or one
whose classes cannot be worked out, is *loose*: a pair of literals bound to nothing but that they
do not both hold. What cannot be with loose conditions cannot be at all; what can be is a question
to somebody who understands them (`theory`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sayso.policy.atoms import atoms, joined, sole_fact
from sayso.policy.classes import Class, can_split, members, table
from sayso.policy.evaluate import Compiler, Given, Plain
from sayso.policy.sat import Gates
from sayso.policy.terms import (
    And,
    Choose,
    Compare,
    Const,
    Each,
    Fact,
    Has,
    In,
    Not,
    Or,
    Term,
    Var,
    facts,
    term,
    type_of,
    walk,
)
from sayso.policy.types import Bool, Listed

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Split:
    """A fact's classes, and the literal of each."""

    fact: Fact
    classes: tuple[Class, ...]
    literals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A list's items, one of each class, the literal that it holds such a one, and if it is known.

    The last item stands for all that are not named.
    """

    fact: Fact
    items: tuple[Plain, ...]
    literals: tuple[int, ...]
    known: int
    learned: frozenset[Term]
    """The conditions for which the items were chosen; of another they say nothing."""


@dataclass(slots=True)
class Abstraction:
    """The literals of facts and conditions; made for a set of conditions, and only those."""

    gates: Gates
    given: dict[Term, Pair] = field(default_factory=dict)
    splits: dict[str, Split] = field(default_factory=dict)
    lists: dict[str, Holding] = field(default_factory=dict)
    loose: dict[Term, Pair] = field(default_factory=dict)
    pairs: dict[Term, Pair] = field(default_factory=dict)
    compiler: Compiler = field(default_factory=Compiler)

    def learn(self, conditions: Iterable[Term]) -> None:
        """Split every fact that the conditions read alone into its classes."""
        alone: dict[Fact, dict[Term, None]] = {}
        for condition in conditions:
            for fact, atom in _alone(condition):
                alone.setdefault(fact, {})[atom] = None
        for fact, asked in alone.items():
            if fact.path not in self.splits and fact.path not in self.lists:
                self.split(fact, tuple(asked))

    def split(self, fact: Fact, asked: tuple[Term, ...]) -> None:
        """Give a fact its classes, leaving loose what none can be worked out for."""
        clear = tuple(dict.fromkeys(part for atom in asked for part in self.clear(fact, atom)))
        if isinstance(fact.type, Listed):
            self.hold(fact, fact.type, clear)
            return
        found = table(fact, frozenset(clear))
        if found is None:
            return
        literals = self.gates.one_of(len(found.classes))
        self.splits[fact.path] = Split(fact, found.classes, literals)
        for atom in clear:
            self.pairs[atom] = self.by_place(*found.places[atom], literals)

    def clear(self, fact: Fact, atom: Term) -> Iterator[Term]:
        """Yield an atom if classes can be worked out for it, else its parts for which they can."""
        if self.is_clear(fact, atom):
            yield atom
            return
        for part in joined(atom):
            yield from self.clear(fact, part)

    def is_clear(self, fact: Fact, atom: Term) -> bool:
        """Return whether the classes of a fact can be worked out for an atom."""
        if isinstance(fact.type, Listed):
            return _is_plain_of_list(atom)
        return can_split(fact, atom)

    def by_place(
        self, true: Iterable[int], unknown: Iterable[int], literals: Sequence[int]
    ) -> Pair:
        """Return the pair of a condition from the classes in which it is true, and unknown."""
        holds = self.gates.any_of([literals[place] for place in true])
        return holds, self.gates.all_of([-holds, *(-literals[place] for place in unknown)])

    def hold(self, fact: Fact, of: Listed, asked: tuple[Term, ...]) -> None:
        """Give a list its items."""
        bodies = [each.body for atom in asked for each in walk(atom) if isinstance(each, Each)]
        items = members(of, asked, bodies)
        if items is None:
            return
        known = self.gates.new()
        literals = tuple(self.gates.new() for _ in items)
        for literal in literals:
            self.gates.require(-literal, known)
        learned = frozenset(part for atom in asked for part in walk(atom))
        self.lists[fact.path] = Holding(fact, items, literals, known, learned)

    # --- conditions ---

    def pair(self, of: Term) -> Pair:
        """Return the literals that a condition is true, and that it is false."""
        known = self.given.get(of) or self.pairs.get(of)
        if known is None:
            known = self.pairs[of] = self.make(of)
        return known

    def make(self, of: Term) -> Pair:  # noqa: PLR0911  # one way out a shape
        """Return the pair of a condition not met before."""
        gates = self.gates
        match of:
            case Const(value):
                return (gates.yes, -gates.yes) if value else (-gates.yes, gates.yes)
            case Not(inner):
                true, false = self.pair(inner)
                return false, true
            case And(parts):
                pairs = [self.pair(part) for part in parts]
                return gates.all_of(t for t, _ in pairs), gates.any_of(f for _, f in pairs)
            case Or(parts):
                pairs = [self.pair(part) for part in parts]
                return gates.any_of(t for t, _ in pairs), gates.all_of(f for _, f in pairs)
            case Choose(test, then, otherwise, Bool()):
                return self.chosen(self.pair(test), self.pair(then), self.pair(otherwise))
            case Compare(mark, left, right) if isinstance(type_of(left), Bool):
                true, false = self.alike(self.pair(left), self.pair(right))
                return (true, false) if mark == "==" else (false, true)
            case _:
                return self.of_list(of) or self.let_loose(of)

    def alike(self, one: Pair, other: Pair) -> Pair:
        """Return the pair of: two conditions are both true, or both false."""
        gates = self.gates
        both = (gates.all_of((one[0], other[0])), gates.all_of((one[1], other[1])))
        apart = (gates.all_of((one[0], other[1])), gates.all_of((one[1], other[0])))
        return gates.any_of(both), gates.any_of(apart)

    def chosen(self, test: Pair, then: Pair, otherwise: Pair) -> Pair:
        """Return the pair of a choice."""
        gates = self.gates
        true, false = (
            gates.any_of((gates.all_of((test[0], one)), gates.all_of((test[1], other))))
            for one, other in zip(then, otherwise, strict=True)
        )
        return true, false

    def of_list(self, of: Term) -> Pair | None:
        """Return the pair of a condition on the items of a list, if it is a plain one."""
        fact = sole_fact(of)
        holding = self.lists.get(fact.path) if fact is not None else None
        if holding is None or of not in holding.learned or not _is_plain_of_list(of):
            return None
        match of:
            case Has():
                return holding.known, -self.gates.yes
            case In(Const(value)):
                wanted = [item == value for item in holding.items]
                return self.some(holding, wanted)
            case Each(macro, _, var, body):
                function = self.compiler.function(body)
                holds = [function({f"#{var.depth}": item}) is True for item in holding.items]
                if macro == "exists":
                    return self.some(holding, holds)
                true, false = self.some(holding, [not each for each in holds])
                return false, true
            case _:
                return None

    def some(self, holding: Holding, wanted: Iterable[bool]) -> Pair:
        """Return the pair of: the list holds an item of one of the wanted classes."""
        chosen = [each for want, each in zip(wanted, holding.literals, strict=True) if want]
        true = self.gates.any_of(chosen)
        return true, self.gates.all_of((holding.known, -true))

    def let_loose(self, of: Term) -> Pair:
        """Return a pair bound to nothing but that not both hold."""
        found = self.loose[of] = (self.gates.new(), self.gates.new())
        self.gates.require(-found[0], -found[1])
        return found

    # --- answers ---

    def known(self) -> int:
        """Return the literal that every fact is known and every loose condition has an answer."""
        return self.gates.all_of(self.there())

    def there(self) -> list[int]:
        """Return the literals that a fact is known, or a loose condition has an answer."""
        every = [split.fact for split in self.splits.values()]
        every += [holding.fact for holding in self.lists.values()]
        every += [fact for condition in tuple(self.loose) for fact in facts(condition)]
        there = [self.gates.any_of(self.pair(term(Has, fact))) for fact in every]
        return there + [self.gates.any_of(pair) for pair in self.loose.values()]

    def facts(self, chosen: frozenset[int]) -> dict[str, Given]:
        """Return facts of the classes that are chosen; nothing of those that are not."""
        found: dict[str, Given] = {}
        for path, split in self.splits.items():
            for each, literal in zip(split.classes, split.literals, strict=True):
                value = each.values[-1] if literal in chosen else None
                if value is not None:
                    found[path] = value
        for path, holding in self.lists.items():
            if chosen & {holding.known, *holding.literals}:
                pairs = zip(holding.items, holding.literals, strict=True)
                found[path] = tuple(item for item, literal in pairs if literal in chosen)
        return found

    def sides(self) -> list[tuple[int, int]]:
        """Return pairs of literals of which one holds: what binds lists and loose conditions."""
        held = [(-each, of.known) for of in self.lists.values() for each in of.literals]
        return held + [(-true, -false) for true, false in self.loose.values()]


@lru_cache(maxsize=65536)
def _alone(condition: Term) -> tuple[tuple[Fact, Term], ...]:
    """Return each fact that a condition reads, with all that it asks of the fact alone."""
    own = [each for each in facts(condition) if not each.path.startswith("verdict.")]
    found: list[tuple[Fact, Term]] = [(fact, term(Has, fact)) for fact in own]
    for atom in atoms(condition):
        sole = sole_fact(atom)
        if sole is not None and sole in own:
            found.append((sole, atom))
    return tuple(found)


def _is_plain_of_list(of: Term) -> bool:
    match of:
        case Has():
            return True
        case Not(inner):
            return _is_plain_of_list(inner)
        case And(parts) | Or(parts):
            return all(_is_plain_of_list(part) for part in parts)
        case In(Const(), Fact()):
            return True
        case Each("exists" | "all", Fact(), Var() as var, body):
            return all(
                not isinstance(part, Fact) and (not isinstance(part, Var) or part is var)
                for part in walk(body)
            )
        case _:
            return False
