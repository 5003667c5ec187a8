"""A fact that is out of its range is told in the words of its type."""

import pytest

from sayso.errors import MalformedValue
from sayso.policy.facts import Facts, read_fact
from sayso.policy.types import Int, Span


def test_a_moment_out_of_range_is_told_in_dates() -> None:
    with pytest.raises(MalformedValue) as found:
        Facts.read({"use": {"since": "0001-01-01T00:00:00Z"}})
    assert found.value.what == (
        "`use.since`: 0001-01-01T00:00:00Z lies outside its range, "
        "1960-01-01T00:00:00Z to 2249-12-31T23:59:59.999999Z"
    )


def test_a_duration_and_a_number_out_of_range_are_told_as_such() -> None:
    day = 86_400_000_000
    with pytest.raises(MalformedValue, match="PT49H lies outside its range, -PT24H to PT48H"):
        read_fact("PT49H", Span(-day, 2 * day), "wait")
    with pytest.raises(MalformedValue, match="12,000 lies outside its range, 0 to 1,000"):
        read_fact(12_000, Int(0, 1_000), "count")
