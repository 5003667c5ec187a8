"""An instant has one written form; a period holds its start and not its end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dates import Instant, Period, duration, duration_text
from sayso.errors import MalformedTime

moments = st.datetimes(timezones=st.just(UTC))
instants = moments.map(Instant.of)


@given(moments)
def test_an_instant_is_its_moment(moment: datetime) -> None:
    assert Instant.of(moment).moment() == moment
    assert Instant.parse(str(Instant.of(moment))) == Instant.of(moment)


@given(instants, instants)
def test_instants_order_as_their_moments(one: Instant, other: Instant) -> None:
    assert (one < other) == (one.moment() < other.moment())
    assert other + (one - other) == one


@given(instants, st.integers(1, 10**9))
def test_a_period_holds_its_start_and_not_its_end(start: Instant, length: int) -> None:
    try:
        end = start + timedelta(microseconds=length)
    except MalformedTime:
        return
    period = Period(start, end)
    assert period.holds(start)
    assert not period.holds(end)
    assert Period.parse(str(period)) == period
    assert Period(start).encloses(period)
    assert not period.encloses(Period(start))
    assert not period.overlaps(Period(end))
    assert period.overlaps(Period(start))


@given(st.integers(0, 10**8))
def test_a_duration_is_written_as_it_is_read(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert duration(duration_text(span)) == span


def test_the_same_moment_has_one_text() -> None:
    assert str(Instant.parse("2025-05-30T02:00:00.500000+02:00")) == "2025-05-30T00:00:00.5Z"
    assert str(Instant.parse("0001-01-01T00:00:00Z")) == "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-05-30",
        "2025-05-30T00:00:00",
        "2025-05-30 00:00:00Z",
        "2025-02-30T00:00:00Z",
        "2025-06-30T23:59:60Z",
        "2025-05-30T24:00:00Z",
        "٢٠٢٥-05-30T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "2025-05-30T00:00:00.1234567Z",
    ],
)
def test_what_is_not_an_instant_is_refused(text: str) -> None:
    with pytest.raises(MalformedTime):
        Instant.parse(text)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "P1M", "P1Y", "-PT1H", "PT1.5H", "1H"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(MalformedTime):
        duration(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-01T00:00:00Z",
        "../2025-01-01T00:00:00Z",
        "2025-01-01T00:00:00Z/2024-01-01T00:00:00Z",
    ],
)
def test_what_is_not_a_period_is_refused(text: str) -> None:
    with pytest.raises(MalformedTime):
        Period.parse(text)
