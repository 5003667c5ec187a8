"""Whatever a type of casework can hold is written and read back exactly; what cannot, is told."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.casework.events import KINDS, Event
from sayso.dates import Instant, Period
from sayso.projection import trie, written
from sayso.projection.shape import shape


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Left:
    name: str
    at: Instant | None = None
    number: int = 0
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    inner: Left | None
    colours: frozenset[int]
    pair: tuple[int, Colour]
    span: timedelta | None = None
    period: Period | None = None


MOMENTS = st.integers(-(10**15), 10**15).map(Instant)
LEFTS = st.builds(
    Left, st.text(), st.none() | MOMENTS, st.integers(), st.lists(st.text()).map(tuple)
)
RIGHTS = st.builds(
    Right,
    st.none() | LEFTS,
    st.frozensets(st.integers()),
    st.tuples(st.integers(), st.sampled_from(Colour)),
    st.none() | st.timedeltas(),
    st.none() | st.builds(lambda at, span: Period(at, at + span), MOMENTS, st.just(timedelta(1))),
)


@given(LEFTS | RIGHTS)
def test_what_is_written_reads_back(value: Left | Right) -> None:
    kept = shape(Left | Right)
    text = trie.text(kept.written(value))
    assert kept.taken(trie.value(text)) == value


def test_false_is_not_taken_for_none_nor_for_nothing() -> None:
    @dataclass(frozen=True, slots=True)
    class Flag:
        up: bool | None = None
        count: int = 0

    kept = shape(Flag)
    for value in (Flag(False), Flag(None, 1), Flag(True, 0), Flag()):
        assert kept.taken(kept.written(value)) == value


def test_every_event_has_a_shape_and_no_two_have_one_name() -> None:
    assert len({each.__name__ for each in KINDS.values()}) == len(KINDS)
    assert all(each.__name__ in shape(Event).words for each in KINDS.values())


def test_what_has_no_shape_is_told() -> None:
    with pytest.raises(TypeError, match="has no shape"):
        shape(bytes)


def test_another_field_or_another_value_is_another_shape() -> None:
    """So that a projection of another version is not read as one of this."""

    @dataclass(frozen=True, slots=True)
    class Before:
        name: str
        colour: Colour

    @dataclass(frozen=True, slots=True)
    class After:
        name: str
        colour: Colour | None = None

    assert shape(After).words == "After(name:plain,colour:Colour<red,blue>?)"
    assert shape(Before).words == "Before(name:plain,colour:Colour<red,blue>)"
    assert len(written.fingerprint()) == 64
