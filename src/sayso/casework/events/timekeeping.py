"""When offices work: the calendars by which their time is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise

from sayso.dates import Instant
from sayso.errors import MalformedEntry

MOST_HOLIDAYS = 1000
MOST_SHIFTS = 200
DAY = 24 * 60
_FARTHEST = 15 * 60  # no zone has ever been further from UTC


class Day(Enum):
    """A day of the week."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of work on a day of the week: minutes since local midnight, `until` not within."""

    day: Day
    since: int
    until: int

    def __post_init__(self) -> None:
        if not 0 <= self.since < self.until <= DAY:
            raise MalformedEntry("working hours begin before they end, on one day")


@dataclass(frozen=True, slots=True)
class Shift:
    """From `at` on, local time is `offset` minutes ahead of UTC."""

    at: Instant
    offset: int

    def __post_init__(self) -> None:
        if abs(self.offset) > _FARTHEST:
            raise MalformedEntry(f"no zone is {self.offset} minutes from UTC")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works: its week, its holidays (local dates), and its time zone.

    `zone` is the IANA name of the time zone, for people to read. What counts is `offset`, in
    minutes ahead of UTC, and the `shifts` from it: they are written out when the act is worded, so
    that no later edition of the zone data makes the record mean something else. After the last
    shift its offset stays, until a new calendar says more.
    """

    office: str
    zone: str
    offset: int
    shifts: tuple[Shift, ...]
    week: tuple[Hours, ...]
    holidays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.week:
            raise MalformedEntry("an office that never works never answers", hint="give its hours")
        if len(self.holidays) > MOST_HOLIDAYS or len(self.shifts) > MOST_SHIFTS:
            raise MalformedEntry("a calendar has at most 1000 holidays and 200 shifts")
        if any(later.at <= one.at for one, later in pairwise(self.shifts)):
            raise MalformedEntry("the shifts of a time zone stand in the order of time")
        if any(_clash(one, other) for one, other in pairwise(sorted(self.week, key=_place))):
            raise MalformedEntry("the working hours of a day overlap")
        for text in self.holidays:
            _check_date(text)
        Shift(Instant(0), self.offset)

    def on(self, day: Day) -> Iterator[Hours]:
        """Yield the hours of a day of the week, earliest first."""
        return (each for each in sorted(self.week, key=_place) if each.day is day)


def _place(hours: Hours) -> tuple[int, int]:
    return tuple(Day).index(hours.day), hours.since


def _clash(one: Hours, other: Hours) -> bool:
    return one.day is other.day and other.since < one.until


def _check_date(text: str) -> None:
    try:
        read = date.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.isoformat() != text:
        raise MalformedEntry(f"`{text[:40]}` is no date", hint="write it as 2025-12-25")


Timekeeping = Calendar

KINDS: Mapping[str, type[Timekeeping]] = {"calendar": Calendar}
