"""What a condition may speak of at one point, and the guards that hold there.

Reading an optional fact is meant only where the condition has made sure that it is there:

    has(use.until) && use.until < timestamp("2026-01-01T00:00:00Z")
    !has(use.until) || use.until < …
    has(use.until) ? use.until < … : true

`shown` works out which facts a term, being true or being false, shows to be there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from sayso.policy.names import Known
from sayso.policy.schema import Schema
from sayso.policy.source import Fault, Faults
from sayso.policy.syntax import Node
from sayso.policy.terms import And, Has, Not, Or, Term, Var


@dataclass(frozen=True, slots=True)
class Scope:
    """The schema and the names known, the items at hand, and the facts shown to be there."""

    schema: Schema
    known: Known
    items: Mapping[str, Var] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    def showing(self, paths: frozenset[str]) -> "Scope":
        """Return the scope in which these facts are shown to be there too."""
        return replace(self, shown=self.shown | paths) if paths else self

    def holding(self, item: Var) -> "Scope":
        """Return the scope with one more item at hand."""
        return replace(self, items={**self.items, item.name: item})


def shown(of: Term, *, when: bool) -> frozenset[str]:
    """Return the facts that are surely there when the term is true, or when it is false."""
    match of:
        case Has(fact) if when:
            return frozenset({fact.path})
        case Not(inner):
            return shown(inner, when=not when)
        case And(parts) | Or(parts):
            each = [shown(part, when=when) for part in parts]
            together = isinstance(of, And) == when
            return frozenset().union(*each) if together else reduce(frozenset.__and__, each)
        case _:
            return frozenset()


def fail(node: Node, message: str, hint: str = "") -> Faults:
    """Return the faults to raise for what a node says."""
    return Faults(Fault(node.start, node.end, message, hint))
