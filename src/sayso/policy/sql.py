"""Policies → one SQL statement, for DuckDB, PostgreSQL or Spark: the independent reading.

The statement gives the outcome and the decider of every row of a table of requests. Its columns are
called like the facts, in quotes: `"article.range_km"`. Moments and durations are microseconds in
BIGINT, lists are arrays of text. NULL is unknown; in the column of an optional fact, lacking.

The three truths of SQL are those of the language. Where SQL differs, the statement says what is
meant: `CASE` has a branch for unknown, texts are compared by code points, division truncates.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp

from sayso.dates import Instant
from sayso.policy import pattern, routes
from sayso.policy.policy import Level, Policy
from sayso.policy.rules import Rules, timeline
from sayso.policy.sql_parts import (
    affixed,
    column,
    divided,
    either_of,
    every_of,
    known_or,
    literal,
    moment_part,
    span_part,
    text_of,
    when,
)
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
    type_of,
)
from sayso.policy.types import Listed, Ranged, Span, kind

Expression = exp.Expression
Scope = Mapping[int, Expression]


class Dialect(StrEnum):
    """The databases that a statement can be written for."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


class Unsayable(Exception):  # what cannot be said
    """A condition that has no SQL."""


_COMPARE: dict[str, type[exp.Binary]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_ARITH: dict[str, Callable[[Expression, Expression], Expression]] = {
    "+": lambda one, other: exp.Paren(this=exp.Add(this=one, expression=other)),
    "-": lambda one, other: exp.Paren(this=exp.Sub(this=one, expression=other)),
    "*": lambda one, other: exp.Paren(this=exp.Mul(this=one, expression=other)),
    "/": divided,
    "%": lambda one, other: exp.Paren(this=exp.Mod(this=one, expression=other)),
}


def statement(
    policies: Iterable[Policy],
    *,
    at: Instant,
    ranks: Mapping[str, int],
    dialect: Dialect,
    table: str = "requests",
) -> str:
    """Return the statement that judges every row of a table, at one moment."""
    found = judged(timeline(tuple(policies)).at(at), ranks, dialect)
    named = [
        exp.alias_(each, name) for each, name in zip(found, ("outcome", "decider"), strict=True)
    ]
    source = exp.to_table(table)
    return exp.select(exp.Star(), *named).from_(source).sql(dialect.value)


def condition(of: Term, dialect: Dialect) -> str:
    """Return the SQL of a single condition."""
    return Writer(dialect).write(of, {}).sql(dialect.value)


def judged(
    standing: Rules, ranks: Mapping[str, int], dialect: Dialect
) -> tuple[Expression, Expression]:
    """Return the expressions of the outcome and of the decider."""
    writer = Writer(dialect)
    prohibits = writer.any_counts(standing, Level.PROHIBIT)
    permits = writer.any_counts(standing, Level.PERMIT)
    refers = writer.any_counts(standing, Level.REFER)
    decides = {office: writer.decides(standing, office, ranks) for office in _deciders(standing)}
    found = when(
        (prohibits, exp.Literal.string("prohibited")),
        (either_of(list(decides.values())), exp.Literal.string("referred")),
        (refers, exp.Literal.string("prohibited")),
        (permits, exp.Literal.string("permitted")),
        otherwise=exp.Literal.string("prohibited"),
    )
    offices = [(each.copy(), exp.Literal.string(office)) for office, each in decides.items()]
    decider = when((prohibits.copy(), exp.Null()), *offices, otherwise=exp.Null())
    return found, decider


def _deciders(standing: Rules) -> tuple[str, ...]:
    found = {routes.decider(rule.route) for rule in standing.rules}
    return tuple(sorted(office for office in found if office is not None))


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes terms as expressions of one dialect."""

    dialect: Dialect

    # --- clauses ---

    def any_counts(self, standing: Rules, level: Level, office: str | None = None) -> Expression:
        """Return whether any clause of a level counts; of one office's routes, if it is given."""
        unknown = exp.Boolean(this=level is not Level.PERMIT)
        counted = [
            known_or(self.write(rule.clause.when, {}), unknown.copy())
            for rule in standing.rules
            if rule.clause.level is level and office in {None, routes.decider(rule.route)}
        ]
        return either_of(counted)

    def decides(self, standing: Rules, office: str, ranks: Mapping[str, int]) -> Expression:
        """Return whether an office has the last word, as far as referrals go."""
        rivals = [
            exp.Not(this=self.any_counts(standing, Level.REFER, other))
            for other in _deciders(standing)
            if other != office and not routes.outranks(office, other, ranks)
        ]
        return every_of([self.any_counts(standing, Level.REFER, office), *rivals])

    # --- terms ---

    def write(self, of: Term, scope: Scope) -> Expression:  # noqa: C901, PLR0911, PLR0912  # one way out a shape
        """Return a term's expression."""
        match of:
            case Const(value):
                return literal(value)
            case Fact(path):
                return column(path, ranged=isinstance(of.type, Ranged))
            case Var(_, depth):
                return scope[depth].copy()
            case Has(fact):
                there = _not(exp.Is(this=column(fact.path), expression=exp.Null()))
                return there if fact.optional else when((there, exp.true()), otherwise=None)
            case Not(inner):
                return _not(exp.Paren(this=self.write(inner, scope)))
            case And(parts):
                return every_of([self.write(part, scope) for part in parts])
            case Or(parts):
                return either_of([self.write(part, scope) for part in parts])
            case Compare(mark, left, right):
                return self.compared(mark, left, right, scope)
            case Arith(mark, left, right):
                return _ARITH[mark](self.write(left, scope), self.write(right, scope))
            case Choose(test, then, otherwise):
                asked = self.write(test, scope)
                other = _not(exp.Paren(this=asked.copy()))
                chosen = (asked, self.write(then, scope)), (other, self.write(otherwise, scope))
                return exp.Paren(this=when(*chosen, otherwise=None))
            case In(item, within):
                return self.member(item, within, scope)
            case Each():
                return self.each(of, scope)
            case Filter(within, var, body):
                return self.filtered(self.write(within, scope), var, body, scope)
            case Size(inner):
                return self.size(inner, scope)
            case Affix(test, inner, affix):
                text = self.write(inner, scope)
                shown = pattern.portable(affix) if test == "matches" else affix
                return affixed(test, text, shown)
            case Part(part, inner, shift):
                micros = self.write(inner, scope)
                if isinstance(type_of(inner), Span):
                    return span_part(part, micros)
                return moment_part(
                    part, exp.Paren(this=exp.Add(this=micros, expression=literal(shift)))
                )
            case Items():
                raise Unsayable(of)

    def compared(self, mark: str, left: Term, right: Term, scope: Scope) -> Expression:
        """Return a comparison; texts by code points."""
        one, other = self.write(left, scope), self.write(right, scope)
        if kind(type_of(left)) == "string" and self.dialect is Dialect.POSTGRES:
            one, other = text_of(one), text_of(other)
        return exp.Paren(this=_COMPARE[mark](this=one, expression=other))

    def member(self, item: Term, within: Term, scope: Scope) -> Expression:
        """Return whether a list holds an item."""
        found = self.write(item, scope)
        if isinstance(within, Items):
            parts = [self.write(part, scope) for part in within.items]
            unsure = [found, *(p for p in parts if not isinstance(p, exp.Literal | exp.Neg))]
            among = exp.In(this=found.copy(), expressions=parts) if parts else exp.false()
            return _unless_unknown(unsure, among)
        listed = self.write(within, scope)
        held = exp.ArrayContains(this=listed, expression=found)
        return _unless_unknown([listed.copy(), found.copy()], held)

    def size(self, of: Term, scope: Scope) -> Expression:
        """Return the size of a text or a list."""
        if isinstance(of, Items):
            parts = [self.write(part, scope) for part in of.items]
            return _unless_unknown(parts, literal(len(parts)))
        found = self.write(of, scope)
        if not isinstance(type_of(of), Listed):
            return exp.Length(this=found)
        return _unless_unknown([found], _count(found.copy()))

    def each(self, of: Each, scope: Scope) -> Expression:
        """Return exists, all or exists_one."""
        if isinstance(of.within, Items):
            items = [self.write(part, scope) for part in of.within.items]
            bodies = [self.write(of.body, {**scope, of.var.depth: item}) for item in items]
            return _unless_unknown(items, self.over(of.macro, bodies))
        listed = self.write(of.within, scope)
        body = self.write(of.body, {**scope, of.var.depth: exp.column(f"v{of.var.depth}")})
        true, false, unknown = (
            exp.GT(this=_count(_filter(listed.copy(), of.var, test)), expression=literal(0))
            for test in (body, exp.Not(this=exp.Paren(this=body.copy())), _is_null(body.copy()))
        )
        open_ = (unknown, exp.Null())
        if of.macro == "exists":
            found = when((true, exp.true()), open_, otherwise=exp.false())
        elif of.macro == "all":
            found = when((false, exp.false()), open_, otherwise=exp.true())
        else:
            counted = _count(_filter(listed.copy(), of.var, body.copy()))
            found = when(open_, otherwise=_equals(counted, 1))
        return _unless_unknown([listed], found)

    def over(self, macro: str, bodies: list[Expression]) -> Expression:
        """Return a macro over conditions written out."""
        if macro == "exists":
            return either_of(bodies)
        if macro == "all":
            return every_of(bodies)
        total: Expression = literal(0)
        for body in bodies:
            one = when((body.copy(), literal(1)), otherwise=literal(0))
            total = exp.Add(this=total, expression=exp.Paren(this=one))
        return _unless_unknown(bodies, _equals(exp.Paren(this=total), 1))

    def filtered(self, listed: Expression, var: Var, body: Term, scope: Scope) -> Expression:
        """Return the items of a list of which a condition holds."""
        tested = self.write(body, {**scope, var.depth: exp.column(f"v{var.depth}")})
        unsure = _count(_filter(listed.copy(), var, _is_null(tested.copy())))
        some = exp.GT(this=unsure, expression=literal(0))
        kept = _filter(listed.copy(), var, tested)
        return _unless_unknown([listed], exp.Paren(this=when((some, exp.Null()), otherwise=kept)))


def _not(of: Expression) -> Expression:
    """Return the negation, in brackets: `NOT` binds less than the `=` it may stand before."""
    return exp.Paren(this=exp.Not(this=of))


def _filter(listed: Expression, var: Var, test: Expression) -> Expression:
    name = exp.to_identifier(f"v{var.depth}")
    return exp.ArrayFilter(this=listed, expression=exp.Lambda(this=test, expressions=[name]))


def _count(listed: Expression) -> Expression:
    """Return the size of a list; PostgreSQL has none for an empty one."""
    return known_or(exp.ArraySize(this=listed), literal(0))


def _equals(one: Expression, number: int) -> Expression:
    return exp.Paren(this=exp.EQ(this=one, expression=literal(number)))


def _is_null(of: Expression) -> Expression:
    return exp.Is(this=exp.Paren(this=of), expression=exp.Null())


def _unless_unknown(parts: Iterable[Expression], found: Expression) -> Expression:
    """Return what is found, unless any of the parts is unknown."""
    tests = [_is_null(part.copy()) for part in parts]
    if not tests:
        return found
    return exp.Paren(this=when((either_of(tests), exp.Null()), otherwise=found))
