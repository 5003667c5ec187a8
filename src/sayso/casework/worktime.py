"""Time counted in an office's working hours; without a calendar, all of it counts.

Local times are turned into moments by the shifts that stand on the record, and by nothing else. A
local time that the clock skips stands for the moment of the shift; of one that it shows twice, the
first counts.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sayso.casework.events import Calendar, Day
from sayso.dates import Instant, Period

LONGEST = 3660
"""How many days are looked at; what takes longer is over then."""

_WEEK = tuple(Day)
_FIRST = Instant.parse("0001-01-01T00:00:00Z")


def after(calendar: Calendar | None, start: Instant, span: timedelta) -> Instant:
    """Return when `span` of working time after `start` is over."""
    if calendar is None:
        return start + span
    left, last = span, start
    for worked in _from(calendar, start):
        begin, last = max(worked.start, start), worked.end or worked.start
        if last - begin >= left:
            return begin + left
        left -= last - begin
    return last


def between(calendar: Calendar | None, start: Instant, end: Instant) -> timedelta:
    """Return how much working time lies from `start` to `end`; none if that is not later."""
    if end <= start:
        return timedelta()
    if calendar is None:
        return end - start
    total = timedelta()
    for worked in _from(calendar, start):
        if worked.start >= end:
            break
        total += min(worked.end or end, end) - max(worked.start, start)
    return total


def _from(calendar: Calendar, start: Instant) -> Iterator[Period]:
    """Yield the stretches of work that end after `start`, in order."""
    first = (start + timedelta(minutes=_offset(calendar, start))).moment().date()
    holidays = set(calendar.holidays)
    for number in range(-1, LONGEST):
        day = first + timedelta(days=number)
        if day.isoformat() in holidays:
            continue
        for hours in calendar.on(_WEEK[day.weekday()]):
            begin, end = (_moment(calendar, day, each) for each in (hours.since, hours.until))
            if begin < end and start < end:
                yield Period(begin, end)


def _offset(calendar: Calendar, at: Instant) -> int:
    passed = [shift.offset for shift in calendar.shifts if shift.at <= at]
    return passed[-1] if passed else calendar.offset


def _moment(calendar: Calendar, day: date, minutes: int) -> Instant:
    """Return the moment of a local time: minutes after midnight of a day."""
    local = Instant.of(datetime(day.year, day.month, day.day, tzinfo=UTC)) + timedelta(
        minutes=minutes
    )
    since, offset = _FIRST, calendar.offset
    for shift in calendar.shifts:
        found = local + timedelta(minutes=-offset)
        if found < shift.at:
            return max(found, since)
        since, offset = shift.at, shift.offset
    return max(local + timedelta(minutes=-offset), since)
