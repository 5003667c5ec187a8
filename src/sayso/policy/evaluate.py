"""A term → a function from facts to its value, or to none where it is unknown.

This is the meaning that `terms` describes, one closure for each term. The function takes the facts
by path: the value of each that was supplied, and `LACKING` for an optional one that the thing is
known to lack.
"""

import operator
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any

from sayso.policy import pattern
from sayso.policy.moments import part, span_part
from sayso.policy.ranges import APPLY
from sayso.policy.terms import (
    Affix,
    And,
    Arith,
    Choose,
    Compare,
    Const,
    Each,
    Fact,
    Filter,
    Has,
    In,
    Items,
    Not,
    Or,
    Part,
    Size,
    Term,
    Var,
    children,
    type_of,
)
from sayso.policy.types import Span


class Absence(Enum):
    """How a fact can be absent and known to be."""

    LACKING = "lacking"


LACKING = Absence.LACKING

Plain = bool | int | str
Given = Plain | tuple[Plain, ...] | Absence
Known = Mapping[str, Given]
Value = Plain | tuple[Plain, ...] | None
Function = Callable[[Known], Value]

_TEST: dict[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_AFFIX: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
    "matches": lambda text, expression: pattern.matches(expression, text),
}


class Compiler:
    """Makes the function of each term once."""

    def __init__(self) -> None:
        self.made: dict[Term, Function] = {}

    def function(self, of: Term) -> Function:
        """Return the function of a term."""
        known = self.made.get(of)
        if known is None:
            known = self.made[of] = _function(of, self)
        return known


def function(of: Term) -> Function:
    """Return the function of a single term."""
    return Compiler().function(of)


def _function(of: Term, compiler: Compiler) -> Function:  # noqa: C901, PLR0911, PLR0912  # one way out a shape
    if isinstance(of, In) and (constants := _constants(of.within)) is not None:
        return partial(_one, constants.__contains__, compiler.function(of.item))
    inner: list[Any] = [compiler.function(each) for each in children(of)]
    match of:
        case Const(value):
            return lambda _: value
        case Fact(path, _, optional):
            return partial(_optional, path) if optional else operator.methodcaller("get", path)
        case Var(_, depth):
            return operator.methodcaller("get", f"#{depth}")
        case Items():
            return partial(_items, inner)
        case Has(fact):
            return partial(_has, fact.path)
        case Not():
            return partial(_not, inner[0])
        case And() | Or():
            return partial(_joined, inner, isinstance(of, Or))
        case Compare(mark):
            return partial(_both, _TEST[mark], *inner)
        case In():
            return partial(_both, _held, *inner)
        case Arith(mark):
            return partial(_both, APPLY[mark], *inner)
        case Choose():
            return partial(_chosen, *inner)
        case Each():
            return partial(_each, of, *inner)
        case Filter():
            return partial(_filtered, f"#{of.var.depth}", *inner)
        case Size():
            return partial(_one, len, inner[0])
        case Affix(test, _, affix):
            return partial(_one, partial(_affixed, _AFFIX[test], affix), inner[0])
        case Part(name, moment, shift):
            spanned = isinstance(type_of(moment), Span)
            read = partial(span_part, name) if spanned else partial(part, name, shift=shift)
            return partial(_one, read, inner[0])


def _constants(of: Term) -> frozenset[Plain] | None:
    """Return what a list written out holds, if nothing in it is to be worked out."""
    if not isinstance(of, Items):
        return None
    found = [item.value for item in of.items if isinstance(item, Const)]
    return frozenset(found) if len(found) == len(of.items) else None


def _optional(path: str, facts: Known) -> Value:
    value = facts.get(path)
    return None if value is LACKING else value


def _has(path: str, facts: Known) -> bool | None:
    value = facts.get(path)
    return None if value is None else value is not LACKING


def _not(of: Function, facts: Known) -> bool | None:
    value = of(facts)
    return None if value is None else not value


def _joined(parts: list[Function], decisive: bool, facts: Known) -> bool | None:  # noqa: FBT001  # bound by `partial`, by position
    found: bool | None = not decisive
    for part_of in parts:
        value = part_of(facts)
        if value is decisive:
            return decisive
        if value is None:
            found = None
    return found


def _both(apply: Callable[..., Value], left: Function, right: Function, facts: Known) -> Value:
    one, other = left(facts), right(facts)
    return None if one is None or other is None else apply(one, other)


def _one(apply: Callable[..., Value], of: Function, facts: Known) -> Value:
    value = of(facts)
    return None if value is None else apply(value)


def _held(item: Plain, within: tuple[Plain, ...]) -> bool:
    return item in within


def _affixed(test: Callable[[str, str], bool], affix: str, text: str) -> bool:
    return test(text, affix)


def _items(items: list[Function], facts: Known) -> Value:
    found: list[Plain] = []
    for item in items:
        value = item(facts)
        if value is None:
            return None
        found.append(value)  # type: ignore[arg-type]  # the checker refuses lists of lists
    return tuple(found)


def _chosen(test: Function, then: Function, otherwise: Function, facts: Known) -> Value:
    value = test(facts)
    if value is None:
        return None
    return then(facts) if value else otherwise(facts)


def _each(of: Each, within: Function, body: Function, facts: Known) -> bool | None:
    items = within(facts)
    if not isinstance(items, tuple):
        return None
    name = f"#{of.var.depth}"
    found = [body({**facts, name: item}) for item in items]
    if of.macro == "exists_one":
        return None if None in found else found.count(True) == 1
    decisive = of.macro == "exists"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _filtered(name: str, within: Function, body: Function, facts: Known) -> Value:
    items = within(facts)
    if not isinstance(items, tuple):
        return None
    kept: list[Plain] = []
    for item in items:
        value = body({**facts, name: item})
        if value is None:
            return None
        if value:
            kept.append(item)
    return tuple(kept)


def unknown(of: Term, facts: Known) -> frozenset[str]:
    """Return the facts for want of which a term is unknown; none if it is not."""
    return _unknown(of, facts, Compiler())


def _unknown(of: Term, facts: Known, compiler: Compiler) -> frozenset[str]:
    if compiler.function(of)(facts) is not None:
        return frozenset()
    match of:
        case Fact(path) | Has(Fact(path)):
            return frozenset({path})
        case Each(_, within, var, body) | Filter(within, var, body):
            items = compiler.function(within)(facts)
            if not isinstance(items, tuple):
                return _unknown(within, facts, compiler)
            each = ({**facts, f"#{var.depth}": item} for item in items)
            return frozenset().union(*(_unknown(body, one, compiler) for one in each))
        case Choose(test, then, otherwise):
            value = compiler.function(test)(facts)
            taken = test if value is None else then if value else otherwise
            return _unknown(taken, facts, compiler)
        case _:
            inner = (_unknown(each, facts, compiler) for each in children(of))
            return frozenset().union(*inner)
