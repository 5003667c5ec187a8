"""Two readers cannot take the same bytes for different things."""

import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import wire
from sayso.dates import Instant, Period
from sayso.errors import MalformedValue

texts = st.text(st.characters(exclude_categories=["Cs"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)
values: st.SearchStrategy[wire.Value] = st.recursive(
    st.booleans() | st.integers(-wire.GREATEST, wire.GREATEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    count: int
    colour: Colour


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    at: Instant
    within: Period
    parts: tuple[Inner, ...]
    sure: bool | None = None


instants = st.integers(-(10**16), 10**16).map(Instant)
periods = st.tuples(instants, st.integers(1, 10**15)).map(
    lambda pair: Period(pair[0], Instant(pair[0].micros + pair[1]))
)
outers = st.builds(
    Outer,
    name=texts,
    at=instants,
    within=periods,
    parts=st.lists(st.builds(Inner, count=st.integers(-5, 5), colour=st.sampled_from(Colour))).map(
        tuple
    ),
    sure=st.none() | st.booleans(),
)


@given(values)
def test_what_is_dumped_loads_back(value: wire.Value) -> None:
    assert wire.load(wire.dump(value)) == value
    assert wire.dump(wire.load(wire.dump(value))) == wire.dump(value)


@given(outers)
def test_what_is_encoded_decodes_back(thing: Outer) -> None:
    assert wire.decode(Outer, wire.load(wire.dump(wire.encode(thing)))) == thing


@given(st.binary())
def test_hostile_bytes_raise_one_thing(data: bytes) -> None:
    with suppress(MalformedValue):
        wire.load(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":1,"a":2}', "`a` stands twice"),
        (b'{"b":{"a":1,"a":1}}', "`a` stands twice"),
        (b"NaN", "`NaN` is not an integer"),
        (b"-Infinity", "is not an integer"),
        (b"1.0", "`1.0` is not an integer"),
        (b"1e3", "`1e3` is not an integer"),
        (b"9007199254740992", "beyond"),
        (b"9" * 5000, "beyond"),
        (b"-0", "another way to write 0"),
        (b"null", "null is not a value"),
        (b"[null]", "null is not a value"),
        (b"\xff", "byte 0 is not UTF-8"),
        (b'"\\ud800"', "normal form C|lone surrogate"),
        ('"e\u0301"'.encode(), "normal form C"),
        (b"[" * 65 + b"]" * 65, "nested deeper than 64"),
        (b"[" * 100_000, "nested deeper than 64"),
        (b"{} {}", "not JSON: extra data"),
        (b"", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
    ],
)
def test_what_json_allows_and_this_does_not(data: bytes, said: str) -> None:
    with pytest.raises(MalformedValue, match=said):
        wire.load(data)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "an object is wanted, not an array"),
        ({"count": 1}, "`colour`: is missing"),
        ({"count": True, "colour": "red"}, "`count`: an integer is wanted, not true or false"),
        ({"count": "1", "colour": "red"}, "`count`: an integer is wanted, not text"),
        ({"count": 1, "colour": "green"}, "`colour`: 'green' is not a valid Colour"),
        ({"count": 1, "colour": "red", "more": 1}, "`more`: no such key is known here"),
    ],
)
def test_a_misfit_is_named_by_its_path(value: wire.Value, said: str) -> None:
    with pytest.raises(MalformedValue, match=said):
        wire.decode(Inner, value)


def test_a_second_way_to_write_an_instant_is_refused() -> None:
    good = wire.encode(Outer("x", Instant(0), Period(Instant(0)), ()))
    assert isinstance(good, dict)
    with pytest.raises(MalformedValue, match="is written `1970-01-01T00:00:00Z` here"):
        wire.decode(Outer, {**good, "at": "1970-01-01T02:00:00+02:00"})


odd: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


def fault(check: Callable[[], object]) -> str:
    """Return what `check` says is wrong, or nothing."""
    try:
        check()
    except MalformedValue as error:
        return str(error)
    return ""


@given(odd | values, st.integers(0, 66))
def test_a_glance_lets_nothing_pass_that_care_would_not(value: Any, depth: int) -> None:
    for _ in range(depth):
        value = [value]
    said = fault(lambda: wire._check_with_care(value, wire.DEEPEST))
    assert fault(lambda: wire._check(value, wire.DEEPEST)) == said
    assert not (wire._is_plain(value, wire.DEEPEST) and said)
    if not said:
        text = wire.dump(value).decode()
        assert wire.load(text.encode()) == value


@given(st.recursive(st.text() | st.none(), st.lists, max_leaves=5), st.booleans())
def test_what_is_surely_plain_once_decoded_is(value: Any, escaped: bool) -> None:  # noqa: FBT001  # drawn
    text = json.dumps(value, ensure_ascii=escaped)
    if wire._surely_plain(text):
        wire._check_with_care(json.loads(text), wire.DEEPEST)
