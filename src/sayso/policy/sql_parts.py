"""Pieces of SQL that mean the same in DuckDB, PostgreSQL and Spark."""

from collections.abc import Callable

from sqlglot import exp

from sayso.policy.types import SECOND

Expression = exp.Expression

_DAY = 86_400 * SECOND
_UNITS = {
    "getHours": (3600 * SECOND, 24),
    "getMinutes": (60 * SECOND, 60),
    "getSeconds": (SECOND, 60),
    "getMilliseconds": (1000, 1000),
}
_MARCH = 10


def column(path: str, *, ranged: bool = False) -> Expression:
    """Return the column of a fact; numbers as 64 bits, so that nothing overflows on the way."""
    found = exp.column(exp.to_identifier(path, quoted=True))
    return exp.cast(found, "BIGINT") if ranged else found


def literal(value: bool | int | str) -> Expression:  # noqa: FBT001  # a value of the language
    """Return a value written out."""
    match value:
        case bool():
            return exp.Boolean(this=value)
        case int():
            number = exp.Literal.number(abs(value))
            return exp.cast(exp.Neg(this=number) if value < 0 else number, "BIGINT")
        case str():
            return exp.Literal.string(value)


def text_of(of: Expression) -> Expression:
    """Return a text that PostgreSQL compares by code points."""
    return exp.Paren(this=exp.Collate(this=of, expression=exp.to_identifier("C", quoted=True)))


def known_or(of: Expression, otherwise: Expression) -> Expression:
    """Return an expression, or another where it is unknown."""
    return exp.Coalesce(this=of, expressions=[otherwise])


def when(*cases: tuple[Expression, Expression], otherwise: Expression | None) -> Expression:
    """Return the first case that is true."""
    ifs = [exp.If(this=test, true=then) for test, then in cases]
    return exp.Case(ifs=ifs, default=otherwise)


def either_of(parts: list[Expression]) -> Expression:
    """Return the or of the parts."""
    return _balanced(parts, exp.Or, exp.false())


def every_of(parts: list[Expression]) -> Expression:
    """Return the and of the parts."""
    return _balanced(parts, exp.And, exp.true())


def _balanced(parts: list[Expression], joint: type[exp.Connector], empty: Expression) -> Expression:
    """Return the parts joined as a tree that is as flat as can be: parsers recurse."""
    if not parts:
        return empty
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    left, right = (_balanced(each, joint, empty) for each in (parts[:half], parts[half:]))
    return exp.Paren(this=joint(this=left, expression=right))


# --- whole numbers -----------------------------------------------------------------------------


def divided(one: Expression, other: Expression) -> Expression:
    """Return the quotient, truncated towards zero."""
    return exp.Paren(this=exp.cast(exp.IntDiv(this=one, expression=other), "BIGINT"))


def _plus(one: Expression, number: int) -> Expression:
    return exp.Paren(this=exp.Add(this=one, expression=literal(number)))


def _times(one: Expression, number: int) -> Expression:
    return exp.Paren(this=exp.Mul(this=one, expression=literal(number)))


def _minus(one: Expression, other: Expression) -> Expression:
    return exp.Paren(this=exp.Sub(this=one, expression=other))


def _sum(one: Expression, other: Expression) -> Expression:
    return exp.Paren(this=exp.Add(this=one, expression=other))


def _over(one: Expression, number: int) -> Expression:
    return divided(one, literal(number))


def _rest(one: Expression, number: int) -> Expression:
    """Return the remainder that is never negative."""
    rest = exp.Paren(this=exp.Mod(this=one, expression=literal(number)))
    return exp.Paren(this=exp.Mod(this=_plus(rest, number), expression=literal(number)))


# --- texts -------------------------------------------------------------------------------------

_AFFIX: dict[str, Callable[[Expression, Expression, int], Expression]] = {
    "startsWith": lambda of, part, _: exp.StartsWith(this=of, expression=part),
    "endsWith": lambda of, part, size: exp.Paren(
        this=exp.EQ(this=exp.Right(this=of, expression=exp.Literal.number(size)), expression=part)
    ),
    "contains": lambda of, part, _: exp.Paren(
        this=exp.GT(this=exp.StrPosition(this=of, substr=part), expression=exp.Literal.number(0))
    ),
    "matches": lambda of, part, _: exp.Paren(this=exp.RegexpLike(this=of, expression=part)),
}


def affixed(test: str, of: Expression, affix: str) -> Expression:
    """Return a test of a text against one written out."""
    return _AFFIX[test](of, exp.Literal.string(affix), len(affix))


# --- moments -----------------------------------------------------------------------------------


def span_part(part: str, micros: Expression) -> Expression:
    """Return a part of a duration."""
    whole = _over(micros, _UNITS[part][0])
    if part != "getMilliseconds":
        return whole
    return exp.Paren(this=exp.Mod(this=whole, expression=literal(1000)))


def moment_part(part: str, micros: Expression) -> Expression:  # noqa: PLR0911  # one way out a part
    """Return a part of a moment, as `moments` works it out."""
    within = _rest(micros, _DAY)
    if part in _UNITS:
        unit, count = _UNITS[part]
        return exp.Paren(this=exp.Mod(this=_over(within, unit), expression=literal(count)))
    days = _over(_minus(micros.copy(), within), _DAY)
    if part == "getDayOfWeek":
        return _rest(_plus(days, 4), 7)
    year, month, date = _civil(days)
    match part:
        case "getFullYear":
            return year
        case "getMonth":
            return _plus(month, -1)
        case "getDate":
            return date
        case "getDayOfMonth":
            return _plus(date, -1)
        case _:
            return _minus(days.copy(), _days_before(year))


def _leaps(of: Expression) -> Expression:
    """Return a quarter less a hundredth, the leap days of so many years."""
    return _minus(_over(of.copy(), 4), _over(of.copy(), 100))


def _days_before(year: Expression) -> Expression:
    past = _plus(year, -1)
    leaps = _sum(_leaps(past), _over(past.copy(), 400))
    return _plus(_sum(_times(past.copy(), 365), leaps), -719_162)


def _civil(days: Expression) -> tuple[Expression, Expression, Expression]:
    shifted = _plus(days.copy(), 719_468)
    era, day = _over(shifted, 146_097), _rest(shifted.copy(), 146_097)
    leaps = _minus(_over(day.copy(), 36_524), _sum(_over(day, 1460), _over(day.copy(), 146_096)))
    year = _over(_sum(day.copy(), leaps), 365)
    of_year = _minus(day.copy(), _sum(_times(year.copy(), 365), _leaps(year)))
    month = _over(_plus(_times(of_year.copy(), 5), 2), 153)
    date = _plus(_minus(of_year.copy(), _over(_plus(_times(month.copy(), 153), 2), 5)), 1)
    early = exp.LT(this=month, expression=literal(_MARCH))
    calendar = when((early, _plus(month.copy(), 3)), otherwise=_plus(month.copy(), -9))
    later = when((early.copy(), literal(0)), otherwise=literal(1))
    whole = _sum(_sum(_times(era, 400), year.copy()), exp.Paren(this=later))
    return whole, exp.Paren(this=calendar), date
