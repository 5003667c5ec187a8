"""How far arithmetic can reach: the range of a result, from the ranges of its operands.

Every reading must be able to hold every result: whole numbers within 64 bits, moments within the
years 0001 to 9999, durations within CEL's 292 years. Where a result could lie outside, or
a divisor could be zero, the condition is refused and not left to each reading's own overflow.
"""

from collections.abc import Callable
from itertools import product

from sayso.policy.types import EARLIEST, INT64, LATEST, LONGEST, Int, Ranged, Span, Time, Type


class Unfit(Exception):  # says what does not fit
    """The arithmetic cannot be meant; never seen outside this package."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


_RESULT: dict[tuple[str, type, type], type[Int] | type[Time] | type[Span]] = {
    **{(mark, Int, Int): Int for mark in "+-*/%"},
    ("+", Time, Span): Time,
    ("+", Span, Time): Time,
    ("-", Time, Span): Time,
    ("-", Time, Time): Span,
    ("+", Span, Span): Span,
    ("-", Span, Span): Span,
}
_REACH = {Int: (-INT64 - 1, INT64), Time: (EARLIEST, LATEST), Span: (-LONGEST, LONGEST)}


def divided(left: int, right: int) -> int:
    """Return the quotient, truncated towards zero."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def remainder(left: int, right: int) -> int:
    """Return what is left over of `divided`; it has the sign of `left`."""
    return left - right * divided(left, right)


APPLY: dict[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "/": divided,
    "%": remainder,
}


def arithmetic(mark: str, left: Type, right: Type) -> Ranged | None:
    """Return the type of `left mark right`, or none if there is no such arithmetic.

    `Unfit` if the result could lie beyond what can be held.
    """
    result = _RESULT.get((mark, type(left), type(right)))
    if result is None or not isinstance(left, Ranged) or not isinstance(right, Ranged):
        return None
    low, high = _reach(mark, (left.low, left.high), (right.low, right.high))
    lowest, highest = _REACH[result]
    if low < lowest or high > highest:
        raise Unfit(
            f"`{mark}` could overflow: the result lies between {low:,} and {high:,}",
            "declare narrower ranges for the facts, or compare before computing",
        )
    return result(low, high)


def _reach(mark: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    if mark in "/%" and right[0] <= 0 <= right[1]:
        raise Unfit("the divisor could be zero", "divide by a number written out")
    if mark == "%":
        most = max(abs(right[0]), abs(right[1])) - 1
        return (max(-most, min(left[0], 0)), min(most, max(left[1], 0)))
    corners = [APPLY[mark](one, other) for one, other in product(left, right)]
    inner = [0] if mark == "/" and left[0] <= 0 <= left[1] else []
    return min(corners + inner), max(corners + inner)


def negated(of: Type) -> Ranged | None:
    """Return the type of `-of`, or none if there is no such thing; `Unfit` at overflow."""
    match of:
        case Int(low, high):
            return arithmetic("-", Int(0, 0), Int(low, high))
        case Span(low, high):
            return arithmetic("-", Span(0, 0), Span(low, high))
        case _:
            return None


def widened(one: Type, other: Type) -> Type:
    """Return a type that holds what both hold; both must be of one kind."""
    if not isinstance(one, Ranged) or not isinstance(other, Ranged):
        return one
    return type(one)(min(one.low, other.low), max(one.high, other.high))
