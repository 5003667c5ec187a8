"""Which engine decides: the same answer either way, chosen by the number of clauses.

An engine takes the facts and returns two sets of clauses as bits: those that are true, and those
that are not false.
"""

from collections.abc import Callable
from weakref import WeakKeyDictionary

from sayso.policy.evaluate import Compiler, Function, Known
from sayso.policy.index import index
from sayso.policy.rules import Rules

Engine = Callable[[Known], tuple[int, int]]

FEW = 4
_MADE: WeakKeyDictionary[Rules, Engine] = WeakKeyDictionary()


def engine(rules: Rules) -> Engine:
    """Return the engine for a set of rules, made once."""
    found = _MADE.get(rules)
    if found is None:
        found = closures(rules) if len(rules.rules) < FEW else index(rules)
        _MADE[rules] = found
    return found


def closures(rules: Rules) -> Engine:
    """Return the engine that asks clause by clause."""
    compiler = Compiler()
    asked: dict[Function, int] = {}
    for place, rule in enumerate(rules.rules):
        function = compiler.function(rule.clause.when)
        asked[function] = asked.get(function, 0) | 1 << place

    def decide(facts: Known) -> tuple[int, int]:
        true = possible = 0
        for function, bits in asked.items():
            value = function(facts)
            if value is None:
                possible |= bits
            elif value:
                true |= bits
        return true, true | possible

    return decide
