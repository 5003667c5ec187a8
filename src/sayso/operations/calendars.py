"""An office's calendar, worded: the time zone's shifts are looked up here, once, and written out.

The zone data of a machine changes with its updates; what is on the record must not. So the shifts
of the years to come are part of the act, for its signer to see and for whoever verifies to read.
"""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sayso.casework.events import Calendar, Day, Hours, Shift
from sayso.dates import Instant
from sayso.errors import MalformedTime, Unknown

YEARS = 10
_MINUTE = timedelta(minutes=1)


def calendar(
    office: str, zone: str, *, week: tuple[Hours, ...], holidays: tuple[str, ...], since: Instant
) -> Calendar:
    """Return the calendar of an office with the zone's shifts of the ten years after `since`."""
    local = _zone(zone)
    return Calendar(
        office=office,
        zone=zone,
        offset=_offset(local, since),
        shifts=tuple(_shifts(local, since)),
        week=week,
        holidays=holidays,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unknown(
            f"no time zone is named `{name}` here",
            hint="give an IANA name, as Europe/Kyiv; without any, install the package tzdata",
        ) from None


def _offset(local: ZoneInfo, at: Instant) -> int:
    ahead = at.moment().astimezone(local).utcoffset() or timedelta()
    return ahead // _MINUTE


def _shifts(local: ZoneInfo, since: Instant) -> Iterator[Shift]:
    day, offset = since, _offset(local, since)
    for _ in range(YEARS * 366):
        following = day + timedelta(days=1)
        if _offset(local, following) != offset:
            at = _changed(local, day, following)
            offset = _offset(local, following)
            yield Shift(at, offset)
        day = following


def _changed(local: ZoneInfo, before: Instant, after: Instant) -> Instant:
    """Return the first whole minute, counted from the epoch, at which the offset is the new one."""
    offset = _offset(local, before)
    minute = 60_000_000
    low, high = before.micros // minute, after.micros // minute
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(local, Instant(middle * minute)) == offset:
            low = middle
        else:
            high = middle
    return Instant(high * minute)


_DAYS = {day.value: number for number, day in enumerate(Day)}


def hours(text: str) -> tuple[Hours, ...]:
    """Return the working hours that `mon-fri 09:00-17:00`, or `sat 10:00-12:00`, names."""
    days, _, times = text.strip().partition(" ")
    first, _, last = days.partition("-")
    since, dash, until = times.strip().partition("-")
    known = first in _DAYS and (not last or last in _DAYS)
    if not known or not dash or (last and _DAYS[last] < _DAYS[first]):
        raise MalformedTime(
            f"`{text}` names no working hours", hint="write days and times: mon-fri 09:00-17:00"
        )
    chosen = tuple(Day)[_DAYS[first] : _DAYS[last or first] + 1]
    return tuple(Hours(day, _minutes(since), _minutes(until)) for day in chosen)


def _minutes(text: str) -> int:
    hour, colon, minute = text.partition(":")
    whole = len(hour) == len(minute) == len("00") and (hour + minute).isascii()
    if not colon or not whole or not (hour + minute).isdigit() or int(minute) > 59:  # noqa: PLR2004  # minutes of an hour
        raise MalformedTime(f"`{text}` is no time of day", hint="write it as 09:00")
    return int(hour) * 60 + int(minute)
