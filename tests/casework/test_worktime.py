"""Time counted in working hours, against a clock that is looked at minute by minute."""

from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.casework import worktime
from sayso.casework.events import Calendar, Day, Hours, Shift
from sayso.dates import Instant
from sayso.errors import MalformedEntry, MalformedTime, Unknown
from sayso.operations import calendars

WEEK = calendars.hours("mon-fri 09:00-17:00")
ZONES = ("America/New_York", "Europe/Kyiv", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
BEGUN = Instant.parse("2025-01-01T00:00:00Z")


def calendar(zone: str, *holidays: str, week: tuple[Hours, ...] = WEEK) -> Calendar:
    return calendars.calendar("desk", zone, week=week, holidays=holidays, since=BEGUN)


def after(made: Calendar | None, start: str, span: timedelta) -> str:
    return str(worktime.after(made, Instant.parse(start), span))


@pytest.mark.parametrize(
    ("zone", "start", "hours", "over"),
    [
        ("America/New_York", "2025-06-02T13:00:00Z", 8, "2025-06-02T21:00:00Z"),
        ("America/New_York", "2025-06-02T20:00:00Z", 2, "2025-06-03T14:00:00Z"),
        ("America/New_York", "2025-06-06T20:00:00Z", 2, "2025-06-09T14:00:00Z"),
        ("America/New_York", "2025-06-07T12:00:00Z", 1, "2025-06-09T14:00:00Z"),
        # the clock goes forward on 9 March and back on 2 November 2025: nine is an hour apart
        ("America/New_York", "2025-03-07T21:00:00Z", 9, "2025-03-10T21:00:00Z"),
        ("America/New_York", "2025-10-31T20:00:00Z", 9, "2025-11-03T22:00:00Z"),
        ("Europe/Kyiv", "2025-10-24T13:00:00Z", 2, "2025-10-27T08:00:00Z"),
    ],
)
def test_working_time_is_local(zone: str, start: str, hours: int, over: str) -> None:
    assert after(calendar(zone), start, timedelta(hours=hours)) == over


def test_holidays_do_not_count() -> None:
    made = calendar("America/New_York", "2025-12-25", "2025-12-26")
    span = timedelta(hours=2)
    assert after(made, "2025-12-24T21:00:00Z", span) == "2025-12-29T15:00:00Z"


def test_without_a_calendar_all_time_counts() -> None:
    assert after(None, "2025-12-24T21:00:00Z", timedelta(hours=24)) == "2025-12-25T21:00:00Z"
    start = Instant.parse("2025-06-02T13:00:00Z")
    assert worktime.between(None, start, start + timedelta(hours=3)) == timedelta(hours=3)
    assert worktime.between(None, start, start) == timedelta()


def test_a_day_of_the_clock_s_change_has_the_hours_it_has() -> None:
    night = calendar("America/New_York", week=calendars.hours("mon-sun 00:00-24:00"))
    midnight = Instant.parse("2025-03-09T05:00:00Z")
    day = Instant.parse("2025-03-10T04:00:00Z")
    assert worktime.between(night, midnight, day) == timedelta(hours=23)
    backward = Instant.parse("2025-11-02T04:00:00Z")
    following = Instant.parse("2025-11-03T05:00:00Z")
    assert worktime.between(night, backward, following) == timedelta(hours=25)
    gap = calendar("America/New_York", week=calendars.hours("sun 02:00-03:00"))
    assert worktime.between(gap, midnight, day) == timedelta()


STEP = timedelta(minutes=15)


@cache
def worked(zone: str, quarter: int) -> bool:
    """Return whether the desk works in that quarter of an hour: the slow and obvious reading."""
    local = (BEGUN + quarter * STEP).moment().astimezone(ZoneInfo(zone))
    minutes = local.hour * 60 + local.minute
    return local.weekday() < 5 and 9 * 60 <= minutes < 17 * 60


@given(st.sampled_from(ZONES), st.integers(0, 35_000), st.integers(0, 200))
def test_it_agrees_with_looking_at_the_clock(zone: str, start: int, quarters: int) -> None:
    made = calendar(zone)
    begin = BEGUN + start * STEP
    at, left = start, quarters
    while left:
        left -= worked(zone, at)
        at += 1
    found = worktime.after(made, begin, quarters * STEP)
    if quarters:
        assert found == BEGUN + at * STEP
    assert worktime.between(made, begin, found) == quarters * STEP


@given(st.sampled_from(ZONES), st.integers(0, 35_000), st.integers(1, 400), st.integers(1, 400))
def test_time_that_stops_and_goes_on_is_no_shorter_and_no_longer(
    zone: str, start: int, span: int, stop: int
) -> None:
    made = calendar(zone)
    begin, stopped = BEGUN + start * STEP, BEGUN + (start + stop) * STEP
    due = worktime.after(made, begin, span * STEP)
    left = worktime.between(made, stopped, due)
    done = worktime.between(made, begin, min(stopped, due))
    assert done + left == span * STEP
    assert worktime.after(made, stopped, left) >= due or left == timedelta()


@given(st.sampled_from(ZONES), st.integers(0, 35_000), st.integers(0, 400))
def test_a_calendar_never_shortens_the_policy_s_time(zone: str, start: int, span: int) -> None:
    begin = BEGUN + start * STEP
    assert worktime.after(calendar(zone), begin, span * STEP) >= begin + span * STEP


def test_what_would_take_ten_years_is_over_then() -> None:
    rare = calendar("UTC", week=calendars.hours("mon 00:00-00:01"))
    over = worktime.after(rare, BEGUN, timedelta(days=999_999))
    assert Instant.parse("2034-12-01T00:00:00Z") < over < Instant.parse("2035-02-01T00:00:00Z")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"week": ()}, "never answers"),
        ({"week": (*WEEK, Hours(Day.FRIDAY, 0, 541))}, "overlap"),
        ({"holidays": ("2025-02-30",)}, "no date"),
        ({"holidays": ("20250228",)}, "no date"),
        ({"shifts": (Shift(BEGUN, 60), Shift(BEGUN, 0))}, "order of time"),
        ({"offset": 16 * 60}, "no zone"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(changed: dict[str, object], why: str) -> None:
    usual: dict[str, object] = {"zone": "UTC", "offset": 0, "shifts": (), "week": WEEK}
    with pytest.raises(MalformedEntry, match=why):
        Calendar("desk", **{**usual, **changed})  # type: ignore[arg-type]  # each is named above


@pytest.mark.parametrize(
    "text", ["", "mon", "mon 9-5", "fri-mon 09:00-17:00", "mun 09:00-17:00", "mon 09:00-17:60"]
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(MalformedTime):
        calendars.hours(text)


def test_hours_end_after_they_begin_on_one_day() -> None:
    for text in ("mon 17:00-09:00", "mon 09:00-25:00"):
        with pytest.raises(MalformedEntry):
            calendars.hours(text)


def test_an_unknown_zone_is_named() -> None:
    for name in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(Unknown, match="no time zone"):
            calendar(name)
