"""Which engine decides: the same answer either way, chosen by the number of clauses."""

from typing import Protocol
from weakref import WeakKeyDictionary

from sayso.policy.evaluate import Compiler, Function, Known, unknown
from sayso.policy.index import index
from sayso.policy.rules import Rules


class Engine(Protocol):
    """Says of facts which clauses are true, and which are unknown and for want of what."""

    def __call__(self, facts: Known) -> tuple[int, int]:
        """Return the clauses that are true, and those that are not false, as bits."""

    def missing(self, unsure: int, facts: Known) -> frozenset[str]:
        """Return the facts for want of which some clauses are unknown, which these must be."""


FEW = 4
_MADE: WeakKeyDictionary[Rules, Engine] = WeakKeyDictionary()


def engine(rules: Rules) -> Engine:
    """Return the engine for a set of rules, made once."""
    found = _MADE.get(rules)
    if found is None:
        found = Closures(rules) if len(rules.rules) < FEW else index(rules)
        _MADE[rules] = found
    return found


class Closures:
    """The engine that asks clause by clause."""

    def __init__(self, rules: Rules) -> None:
        compiler = Compiler()
        self.rules = rules
        self.asked: dict[Function, int] = {}
        for place, rule in enumerate(rules.rules):
            function = compiler.function(rule.clause.when)
            self.asked[function] = self.asked.get(function, 0) | 1 << place

    def __call__(self, facts: Known) -> tuple[int, int]:
        """Return the clauses that are true, and those that are not false, as bits."""
        true = possible = 0
        for function, bits in self.asked.items():
            value = function(facts)
            if value is None:
                possible |= bits
            elif value:
                true |= bits
        return true, true | possible

    def missing(self, unsure: int, facts: Known) -> frozenset[str]:
        """Return the facts for want of which some clauses are unknown, which these must be."""
        whens = (rule.clause.when for rule in self.rules.chosen(unsure))
        return frozenset().union(*(unknown(when, facts) for when in whens))
