"""Timers: what has rung by a moment is what was set for it by then, in any order."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from sayso.casework import timers
from sayso.dates import Instant

SET = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcde")), max_size=40)


def heap(given_: list[tuple[int, str]]) -> timers.Timers:
    """Return a heap of timers, set one after the other."""
    made: timers.Timers = None
    for at, name in given_:
        made = timers.set_timer(made, Instant(at), name)
    return made


@given(SET, st.integers(0, 31))
def test_what_rings_is_what_was_set_for_then_or_before(
    given_: list[tuple[int, str]], at: int
) -> None:
    wanted = {name for when, name in given_ if when <= at}
    assert timers.rung(heap(given_), Instant(at)) == tuple(sorted(wanted))


@given(SET, st.integers(0, 31))
def test_what_has_rung_rings_no_more_and_all_else_does(
    given_: list[tuple[int, str]], at: int
) -> None:
    left = timers.after(heap(given_), Instant(at))
    assert timers.rung(left, Instant(at)) == ()
    later = {name for when, name in given_ if when > at}
    assert timers.rung(left, Instant(99)) == tuple(sorted(later))


@given(SET)
def test_a_heap_is_never_changed(given_: list[tuple[int, str]]) -> None:
    whole = heap(given_)
    before = timers.rung(whole, Instant(99))
    timers.after(whole, Instant(99))
    timers.set_timer(whole, Instant(0), "z")
    assert timers.rung(whole, Instant(99)) == before


def test_the_worked_example_runs() -> None:
    tried = doctest.testmod(timers)
    assert (tried.failed, tried.attempted > 0) == (0, True)
