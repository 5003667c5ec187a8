"""Instants, durations and half-open periods, each with exactly one written form.

An instant is a number of microseconds since 1970-01-01T00:00:00Z, always UTC; the years 0001 to
9999 can be written. There is no "now" here: time is an argument, read once at the rim.

>>> Instant.parse("2025-05-30T00:00:00Z") + duration("PT24H")
Instant('2025-05-31T00:00:00Z')
>>> Period.parse("2025-05-30T00:00:00Z/..").holds(Instant.parse("2026-01-01T00:00:00Z"))
True
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sayso.errors import MalformedTime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DURATION = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?", re.ASCII
)
_EARLIEST = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LATEST = (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC) - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True, repr=False)
class Instant:
    """A moment, as `micros` microseconds since 1970-01-01T00:00:00Z."""

    micros: int

    def __post_init__(self) -> None:
        if not _EARLIEST <= self.micros <= _LATEST:
            raise MalformedTime("the instant lies outside the years 0001 to 9999")

    @classmethod
    def parse(cls, text: str) -> "Instant":
        """Return the instant that an RFC 3339 text with an offset names.

        A text without an offset names no moment and is refused, as is a leap second.
        """
        return _parsed(text)

    @classmethod
    def of(cls, moment: datetime) -> "Instant":
        """Return the instant of an aware `moment`."""
        if moment.tzinfo is None:
            raise MalformedTime("a time without an offset names no moment")
        return cls((moment - _EPOCH) // _MICROSECOND)

    def moment(self) -> datetime:
        """Return the same moment as an aware `datetime` in UTC."""
        return _EPOCH + self.micros * _MICROSECOND

    def __str__(self) -> str:
        return _written(self.micros)

    def __repr__(self) -> str:
        return f"Instant('{self}')"

    # All four are written out: a comparison that is derived takes three times as long.
    def __lt__(self, other: "Instant") -> bool:
        return self.micros < other.micros

    def __le__(self, other: "Instant") -> bool:
        return self.micros <= other.micros

    def __gt__(self, other: "Instant") -> bool:
        return self.micros > other.micros

    def __ge__(self, other: "Instant") -> bool:
        return self.micros >= other.micros

    def __add__(self, span: timedelta) -> "Instant":
        return Instant(self.micros + span // _MICROSECOND)

    def __sub__(self, other: "Instant") -> timedelta:
        return timedelta(microseconds=self.micros - other.micros)


@lru_cache(maxsize=4096)  # the same few moments stand in everything that is said together
def _parsed(text: str) -> Instant:
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise MalformedTime(
            f"`{text}` is not an instant",
            hint="write it with its offset, as in 2025-05-30T00:00:00Z",
        )
    try:
        return Instant.of(datetime.fromisoformat(text))
    except ValueError as error:
        raise MalformedTime(f"`{text}` is not an instant: {error}") from None


@lru_cache(maxsize=4096)
def _written(micros: int) -> str:
    whole, dot, fraction = Instant(micros).moment().isoformat()[: -len("+00:00")].partition(".")
    return f"{whole}{dot}{fraction.rstrip('0')}Z"


def duration(text: str) -> timedelta:
    """Return the span that an ISO 8601 duration of days, hours, minutes and seconds names.

    Months and years are refused: they have no fixed length.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()) or text.endswith("T"):
        raise MalformedTime(
            f"`{text}` is not a duration", hint="write days, hours, minutes or seconds: P2D, PT48H"
        )
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def duration_text(span: timedelta) -> str:
    """Return the one written form of a span of whole seconds: `duration` undone."""
    seconds, rest = divmod(span // _MICROSECOND, 1_000_000)
    if rest or seconds < 0:
        raise MalformedTime("only a whole, positive number of seconds can be written")
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time: from `start` on, up to but not at `end`; without end if none."""

    start: Instant
    end: Instant | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise MalformedTime(
                f"the period from {self.start} to {self.end} is empty",
                hint="it must end after it starts",
            )

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the period of an ISO 8601 interval, `START/END`, or `START/..` without end."""
        start, slash, end = text.partition("/")
        if not slash:
            raise MalformedTime(f"`{text}` is not a period", hint="write START/END or START/..")
        return cls(Instant.parse(start), None if end == ".." else Instant.parse(end))

    def holds(self, at: Instant) -> bool:
        """Return whether `at` lies within."""
        return self.start <= at and (self.end is None or at < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Return whether some instant lies within both."""
        return (self.end is None or other.start < self.end) and (
            other.end is None or self.start < other.end
        )

    def encloses(self, other: "Period") -> bool:
        """Return whether every instant of `other` lies within."""
        if other.start < self.start:
            return False
        return self.end is None or (other.end is not None and other.end <= self.end)

    def __str__(self) -> str:
        return f"{self.start}/{self.end if self.end is not None else '..'}"
