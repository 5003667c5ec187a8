"""Parts of moments, truncated division and regular expressions, as z3 expressions.

z3 divides whole numbers so that the remainder is never negative, which for a positive divisor is
rounding down: what `moments` needs for moments, and what truncation must be built from.
"""

from typing import Any

import z3

from sayso.policy.pattern import Edge, Either, Letters, Regex, Repeat, Row
from sayso.policy.types import SECOND

Expr = Any
_DAY = 86_400 * SECOND
_UNITS = {
    "getHours": (3600 * SECOND, 24),
    "getMinutes": (60 * SECOND, 60),
    "getSeconds": (SECOND, 60),
    "getMilliseconds": (1000, 1000),
}
_MARCH = 10


def truncated(one: Expr, other: Expr) -> Expr:
    """Return the quotient, truncated towards zero."""
    size = z3.If(other < 0, -other, other)
    quotient = z3.If(one < 0, -((-one) / size), one / size)
    return z3.If(other < 0, -quotient, quotient)


def span_part(part: str, micros: Expr) -> Expr:
    """Return a part of a duration."""
    whole = truncated(micros, z3.IntVal(_UNITS[part][0]))
    if part != "getMilliseconds":
        return whole
    return whole - 1000 * truncated(whole, z3.IntVal(1000))


def moment_part(part: str, micros: Expr) -> Expr:  # noqa: PLR0911  # one way out a part
    """Return a part of a moment."""
    if part in _UNITS:
        unit, count = _UNITS[part]
        return (micros / unit) % count
    days = micros / _DAY
    if part == "getDayOfWeek":
        return (days + 4) % 7
    year, month, date = _civil(days)
    match part:
        case "getFullYear":
            return year
        case "getMonth":
            return month - 1
        case "getDate":
            return date
        case "getDayOfMonth":
            return date - 1
        case _:
            return days - _days_before(year)


def _days_before(year: Expr) -> Expr:
    past = year - 1
    return 365 * past + past / 4 - past / 100 + past / 400 - 719_162


def _civil(days: Expr) -> tuple[Expr, Expr, Expr]:
    shifted = days + 719_468
    era, day = shifted / 146_097, shifted % 146_097
    year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    of_year = day - (365 * year + year / 4 - year / 100)
    month = (5 * of_year + 2) / 153
    date = of_year - (153 * month + 2) / 5 + 1
    calendar = z3.If(month < _MARCH, month + 3, month - 9)
    return era * 400 + year + z3.If(month < _MARCH, 0, 1), calendar, date


# --- regular expressions -----------------------------------------------------------------------


def regex(of: Regex) -> Expr | None:
    """Return the texts within which an expression matches; none if it has edges further in."""
    parts = of.parts if isinstance(of, Row) else (of,)
    begins = bool(parts) and parts[0] == Edge(True)
    ends = len(parts) > begins and parts[-1] == Edge(False)
    inner = [_inner(each) for each in parts[begins : len(parts) - ends]]
    if any(each is None for each in inner):
        return None
    anything = z3.Full(z3.ReSort(z3.StringSort()))
    found = [*([] if begins else [anything]), *inner, *([] if ends else [anything])]
    return _row(found)


def _row(found: list[Expr]) -> Expr:
    if not found:
        return z3.Re("")
    return found[0] if len(found) == 1 else z3.Concat(*found)


def _inner(of: Regex) -> Expr | None:  # noqa: PLR0911  # one way out a shape
    match of:
        case Edge():
            return None
        case Letters(spans):
            ranges = [_range(low, high) for low, high in spans]
            return ranges[0] if len(ranges) == 1 else z3.Union(*ranges)
        case Row(parts):
            found = [_inner(each) for each in parts]
            return None if None in found else _row(found)
        case Either(parts):
            found = [_inner(each) for each in parts]
            return None if None in found else z3.Union(*found)
        case Repeat(inner, least, most):
            found_one = _inner(inner)
            if found_one is None:
                return None
            if most is not None:
                return z3.Loop(found_one, least, most) if most else z3.Re("")
            rest = z3.Star(found_one)
            return rest if not least else z3.Concat(z3.Loop(found_one, least, least), rest)


def _range(low: int, high: int) -> Expr:
    return z3.Range(_letter(low), _letter(min(high, 0x2FFFF)))


def _letter(code: int) -> Expr:
    return z3.StringVal(f"\\u{{{code:x}}}")
