"""Conditions for z3, which understands arithmetic, several facts at once, texts and expressions.

Every fact is a variable with two more: whether it is known, and, for an optional one, whether it
is known to be lacking. A list is a truth for each item of a small universe: those that the
conditions name, and a few more. Where that may not be enough, `Encoder.exact` is false, and that
nothing was found proves nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import z3

from sayso.policy import pattern
from sayso.policy.evaluate import LACKING, Given, Plain
from sayso.policy.smt.parts import moment_part, regex, span_part, truncated
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
    facts,
    type_of,
    walk,
)
from sayso.policy.types import Bool, Enum, Listed, Ranged, Span, Type

Expr = Any
Pair = tuple[Expr, Expr]
Valued = tuple[Expr, Expr]
Scope = Mapping[int, Expr]
_MORE = ("·1", "·2", "·3")
_NUMBERS = (-1, 0, 1)


class Beyond(Exception):  # beyond what can be asked
    """A condition that cannot be said to z3; never seen outside this package."""


@dataclass(slots=True)
class Encoder:
    """Terms as z3 expressions, for a set of conditions."""

    known: dict[str, Expr] = field(default_factory=dict)
    lacking: dict[str, Expr] = field(default_factory=dict)
    values: dict[str, Expr] = field(default_factory=dict)
    universe: dict[str, dict[Plain, Expr]] = field(default_factory=dict)
    side: list[Expr] = field(default_factory=list)
    exact: bool = True

    def learn(self, conditions: Iterable[Term]) -> None:
        """Make the variables of every fact that the conditions read."""
        listed = tuple(conditions)
        named: dict[Fact, set[Plain]] = {}
        for condition in listed:
            for part in walk(condition):
                if isinstance(part, Fact):
                    named.setdefault(part, set())
        constants = {
            part.value for each in listed for part in walk(each) if isinstance(part, Const)
        }
        for fact in sorted(named, key=lambda each: each.path):
            self.declare(fact, constants)
        for condition in listed:
            self.exact = self.exact and not _counts(condition)

    def declare(self, fact: Fact, constants: set[Plain]) -> None:
        """Make the variables of a fact."""
        path, of = fact.path, fact.type
        self.known[path] = z3.Bool(f"known {path}")
        if fact.optional:
            self.lacking[path] = z3.Bool(f"lacking {path}")
            self.side.append(z3.Not(z3.And(self.known[path], self.lacking[path])))
        if isinstance(of, Listed):
            items = _universe(of.item, constants)
            self.universe[path] = {item: z3.Bool(f"{path} holds {item}") for item in items}
            self.side.extend(z3.Implies(b, self.known[path]) for b in self.universe[path].values())
            return
        variable = self.values[path] = _variable(path, of)
        if isinstance(of, Ranged):
            self.side.append(z3.And(variable >= of.low, variable <= of.high))
        if isinstance(of, Enum):
            self.side.append(z3.Or([variable == z3.StringVal(each) for each in of.values]))

    # --- conditions ---

    def pair(self, of: Term, scope: Scope | None = None) -> Pair:  # noqa: PLR0911  # one way out a shape
        """Return the expressions that a condition is true, and that it is false."""
        here = scope or {}
        match of:
            case Not(inner):
                true, false = self.pair(inner, here)
                return false, true
            case And(parts) | Or(parts):
                pairs = [self.pair(part, here) for part in parts]
                every, some = (z3.And, z3.Or) if isinstance(of, And) else (z3.Or, z3.And)
                return every([t for t, _ in pairs]), some([f for _, f in pairs])
            case Has(fact):
                return self.known[fact.path], self.lacking.get(fact.path, z3.BoolVal(False))
            case Choose(test, then, otherwise, Bool()):
                yes, no = self.pair(test, here)
                one, other = self.pair(then, here), self.pair(otherwise, here)
                true, false = (
                    z3.Or(z3.And(yes, a), z3.And(no, b)) for a, b in zip(one, other, strict=True)
                )
                return true, false
            case Each():
                return self.each(of, here)
            case Compare(mark, left, right) if isinstance(type_of(left), Bool):
                return self.same(mark, self.pair(left, here), self.pair(right, here))
            case _:
                defined, value = self.value(of, here)
                return z3.And(defined, value), z3.And(defined, z3.Not(value))

    def same(self, mark: str, one: Pair, other: Pair) -> Pair:
        """Return the pair of a comparison of two conditions."""
        alike = z3.Or(z3.And(one[0], other[0]), z3.And(one[1], other[1]))
        apart = z3.Or(z3.And(one[0], other[1]), z3.And(one[1], other[0]))
        return (alike, apart) if mark == "==" else (apart, alike)

    def each(self, of: Each, scope: Scope) -> Pair:
        """Return the pair of exists, all or exists_one."""
        defined, items = self.listed(of.within, scope)
        bodies = [
            (guard, *self.pair(of.body, {**scope, of.var.depth: item})) for guard, item in items
        ]
        met = z3.Or([z3.And(guard, true) for guard, true, _ in bodies])
        unmet = z3.Or([z3.And(guard, false) for guard, _, false in bodies])
        none = z3.And([z3.Implies(guard, false) for guard, _, false in bodies])
        every = z3.And([z3.Implies(guard, true) for guard, true, _ in bodies])
        if of.macro == "exists":
            return z3.And(defined, met), z3.And(defined, none)
        if of.macro == "all":
            return z3.And(defined, every), z3.And(defined, unmet)
        count = z3.Sum([z3.If(z3.And(guard, true), 1, 0) for guard, true, _ in bodies] or [0])
        definite = z3.And(
            [defined, *(z3.Implies(guard, z3.Or(true, false)) for guard, true, false in bodies)]
        )
        return z3.And(definite, count == 1), z3.And(definite, count != 1)

    # --- values ---

    def value(self, of: Term, scope: Scope) -> Valued:  # noqa: C901, PLR0911, PLR0912  # one way out a shape
        """Return whether a term is known, and its value."""
        yes = z3.BoolVal(True)
        match of:
            case Const(found):
                return yes, _constant(found)
            case Fact(path):
                return self.known[path], self.values[path]
            case Var(_, depth):
                return yes, scope[depth]
            case Choose(test, then, otherwise):
                true, false = self.pair(test, scope)
                (d1, one), (d2, other) = self.value(then, scope), self.value(otherwise, scope)
                return z3.Or(z3.And(true, d1), z3.And(false, d2)), z3.If(true, one, other)
            case Compare(mark, left, right):
                return self.both(left, right, scope, lambda a, b: _compared(mark, a, b))
            case Arith(mark, left, right):
                return self.both(left, right, scope, lambda a, b: _computed(mark, a, b))
            case In(item, within):
                return self.member(item, within, scope)
            case Size(inner) if isinstance(type_of(inner), Listed):
                defined, items = self.listed(inner, scope)
                return defined, z3.Sum([z3.If(guard, 1, 0) for guard, _ in items] or [0])
            case Size(inner):
                defined, text = self.value(inner, scope)
                return defined, z3.Length(text)
            case Affix(test, inner, affix):
                defined, text = self.value(inner, scope)
                return defined, _affixed(test, text, affix)
            case Part(part, inner, shift):
                defined, micros = self.value(inner, scope)
                if isinstance(type_of(inner), Span):
                    return defined, span_part(part, micros)
                return defined, moment_part(part, micros + shift)
            case _:
                true, false = self.pair(of, scope)
                return z3.Or(true, false), true

    def both(self, left: Term, right: Term, scope: Scope, apply: Any) -> Valued:  # noqa: ANN401  # z3 has no types
        """Return the value of two terms together."""
        (d1, one), (d2, other) = self.value(left, scope), self.value(right, scope)
        return z3.And(d1, d2), apply(one, other)

    def member(self, item: Term, within: Term, scope: Scope) -> Valued:
        """Return whether a list holds an item."""
        defined, value = self.value(item, scope)
        known, items = self.listed(within, scope)
        if not isinstance(item, Const) and facts(within):
            self.exact = False
        found = z3.Or([z3.And(guard, each == value) for guard, each in items])
        return z3.And(defined, known), found

    def listed(self, of: Term, scope: Scope) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        """Return whether a list is known, and its items, each with whether it is there."""
        match of:
            case Fact(path):
                held = self.universe[path].items()
                return self.known[path], [(there, _constant(item)) for item, there in held]
            case Items(parts):
                found = [self.value(part, scope) for part in parts]
                yes = z3.BoolVal(True)
                return z3.And([defined for defined, _ in found]), [(yes, v) for _, v in found]
            case Filter(within, var, body):
                return self.filtered(within, var, body, scope)
            case Choose(test, then, otherwise):
                true, false = self.pair(test, scope)
                (d1, one), (d2, other) = self.listed(then, scope), self.listed(otherwise, scope)
                items = [(z3.And(true, guard), item) for guard, item in one]
                items += [(z3.And(false, guard), item) for guard, item in other]
                return z3.Or(z3.And(true, d1), z3.And(false, d2)), items
            case _:
                raise Beyond(of)

    def filtered(
        self, within: Term, var: Var, body: Term, scope: Scope
    ) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        """Return the items of a list of which a condition holds."""
        defined, items = self.listed(within, scope)
        kept = []
        for guard, item in items:
            true, false = self.pair(body, {**scope, var.depth: item})
            defined = z3.And(defined, z3.Implies(guard, z3.Or(true, false)))
            kept.append((z3.And(guard, true), item))
        return defined, kept

    # --- answers ---

    def facts(self, model: z3.ModelRef) -> dict[str, Given]:
        """Return the facts of an answer."""
        found: dict[str, Given] = {}
        for path, known in self.known.items():
            if z3.is_true(model.eval(known, model_completion=True)):
                found[path] = self.given(path, model)
            elif path in self.lacking and z3.is_true(model.eval(self.lacking[path])):
                found[path] = LACKING
        return found

    def given(self, path: str, model: z3.ModelRef) -> Given:
        """Return one fact of an answer."""
        if path in self.universe:
            items = self.universe[path].items()
            return tuple(item for item, there in items if z3.is_true(model.eval(there)))
        found = model.eval(self.values[path], model_completion=True)
        if z3.is_string_value(found):
            return str(found.py_value())
        return z3.is_true(found) if z3.is_bool(found) else int(found.as_long())


def _counts(condition: Term) -> bool:
    """Return whether a condition counts the items of a list that is a fact."""
    return any(
        bool(facts(part))
        for part in walk(condition)
        if (isinstance(part, Size) and isinstance(type_of(part.of), Listed))
        or (isinstance(part, Each) and (part.macro == "exists_one" or len(facts(part)) > 1))
        or (isinstance(part, Each) and any(isinstance(each, Affix | Size) for each in walk(part)))
    )


def _universe(of: Type, constants: set[Plain]) -> tuple[Plain, ...]:
    match of:
        case Bool():
            return (False, True)
        case Enum(values):
            return values
        case _ if isinstance(of, Ranged):
            near = {c + more for c in constants if type(c) is int for more in _NUMBERS}
            return tuple(sorted(each for each in near if of.low <= each <= of.high))
        case _:
            return (*sorted(each for each in constants if isinstance(each, str)), *_MORE)


def _variable(path: str, of: Type) -> Expr:
    if isinstance(of, Bool):
        return z3.Bool(path)
    return z3.Int(path) if isinstance(of, Ranged) else z3.String(path)


def _constant(value: Plain) -> Expr:
    match value:
        case bool():
            return z3.BoolVal(value)
        case int():
            return z3.IntVal(value)
        case str():
            return z3.StringVal(value)


def _compared(mark: str, one: Expr, other: Expr) -> Expr:
    match mark:
        case "==":
            return one == other
        case "!=":
            return one != other
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return other < one
        case _:
            return other <= one


def _computed(mark: str, one: Expr, other: Expr) -> Expr:
    match mark:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case "/":
            return truncated(one, other)
        case _:
            return one - other * truncated(one, other)


def _affixed(test: str, text: Expr, affix: str) -> Expr:
    part = z3.StringVal(affix)
    match test:
        case "startsWith":
            return z3.PrefixOf(part, text)
        case "endsWith":
            return z3.SuffixOf(part, text)
        case "contains":
            return z3.Contains(text, part)
        case _:
            found = regex(pattern.parsed(affix))
            if found is None:
                raise Beyond(affix)
            return z3.InRe(text, found)
