"""The parts of a moment and of a duration, in whole numbers only.

A moment is microseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar. The parts
are those of CEL: months, days of the month, days of the year and days of the week count from 0
(Sunday is day 0), except that `getDate` counts from 1. A part of a duration is the whole duration
in that unit, truncated towards zero, but `getMilliseconds`, which is what lies below the second.

>>> part("getDayOfWeek", 0), part("getFullYear", -1), part("getDate", -1)
(4, 1969, 31)
"""

from sayso.policy.ranges import divided, remainder
from sayso.policy.types import SECOND, Int, Span, Time, Type

_DAY = 86_400 * SECOND
_WITHIN_DAY = {
    "getHours": (3600 * SECOND, 24),
    "getMinutes": (60 * SECOND, 60),
    "getSeconds": (SECOND, 60),
    "getMilliseconds": (1000, 1000),
}
_CALENDAR = {
    "getFullYear": Int(0, 10_000),
    "getMonth": Int(0, 11),
    "getDayOfMonth": Int(0, 30),
    "getDate": Int(1, 31),
    "getDayOfWeek": Int(0, 6),
    "getDayOfYear": Int(0, 365),
}
PARTS = (*_CALENDAR, *_WITHIN_DAY)


def part_type(name: str, of: Type) -> Int | None:
    """Return the type of a part, or none if `of` has no such part."""
    match of:
        case Time() if name in _CALENDAR:
            return _CALENDAR[name]
        case Time() if name in _WITHIN_DAY:
            return Int(0, _WITHIN_DAY[name][1] - 1)
        case Span(low, high) if name in _WITHIN_DAY:
            if name == "getMilliseconds":
                return Int(-999, 999)
            unit = _WITHIN_DAY[name][0]
            return Int(divided(low, unit), divided(high, unit))
        case _:
            return None


def part(name: str, micros: int, shift: int = 0) -> int:
    """Return a part of a moment, as it is `shift` microseconds east of UTC."""
    days, within = divmod(micros + shift, _DAY)
    if name in _WITHIN_DAY:
        unit, count = _WITHIN_DAY[name]
        return within // unit % count
    if name == "getDayOfWeek":
        return (days + 4) % 7
    year, month, date = _civil(days)
    match name:
        case "getFullYear":
            return year
        case "getMonth":
            return month - 1
        case "getDate" | "getDayOfMonth":
            return date - (name == "getDayOfMonth")
        case _:
            return days - days_before(year)


def span_part(name: str, micros: int) -> int:
    """Return a part of a duration."""
    whole = divided(micros, _WITHIN_DAY[name][0])
    return remainder(whole, 1000) if name == "getMilliseconds" else whole


def days_before(year: int) -> int:
    """Return the number of days from 1970-01-01 to the first of January of a year."""
    past = year - 1
    return 365 * past + past // 4 - past // 100 + past // 400 - 719_162


def _civil(days: int) -> tuple[int, int, int]:
    """Return year, month and date; years are counted from March, as leap days then come last."""
    era, day = divmod(days + 719_468, 146_097)
    year_of_era = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day_of_year = day - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    date = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9  # noqa: PLR2004  # March is month 3
    return era * 400 + year_of_era + (month <= 2), month, date  # noqa: PLR2004  # February is 2
