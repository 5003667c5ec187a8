"""Whoever verifies a long record holds little of it, and finds what they would have found."""

import doctest
import gc
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from sayso import scratch
from sayso.casework import replay, timers
from sayso.casework.state import State
from sayso.casework.timers import Timer, Timers
from sayso.dates import Instant
from sayso.errors import Damaged, StoreError
from sayso.projection import parcel
from sayso.projection.drawer import MOST_READ, Drawer, Drawn
from sayso.projection.ease import Ease
from sayso.projection.heap import Heaps
from sayso.projection.shape import PLAIN, Shape, shape
from sayso.projection.shelf import ABSENT, Shelf
from sayso.replaced import replace
from sayso.scratch import Scratch
from tests.casework.texts import refuses, to_be_decided
from tests.house import SECRETARY, House, Table

Recorded = tuple[House, list[bytes]]


@pytest.fixture(scope="module")
def entries() -> Recorded:
    """Return a record with a refused case and many people."""
    house = House.furnished()
    house.do(SECRETARY, refuses(house, to_be_decided(house)))
    for number in range(60):
        house.do("registrar", house.enrolment(f"person-{number}"))
    return house, list(house.store.entries())


# --- what stands is the same --------------------------------------------------------------------


@pytest.mark.parametrize(("stretch", "few"), [(1, 0), (7, 0), (16, 0), (5, 8)])
def test_every_state_is_the_same_however_often_memory_is_eased(
    entries: Recorded, stretch: int, few: int
) -> None:
    house, record = entries
    plain = list(replay.verify(record, house.trust, Table()))
    eased = list(replay.verify(record, house.trust, Table(), eased=Ease(stretch, few).eased))
    assert eased == plain  # the earlier ones too, which are read when others were put aside since
    assert eased[-1] == house.state


def test_a_forgery_is_found_behind_what_was_moved_out(entries: Recorded) -> None:
    house, record = entries
    doubled = [*record, record[-1]]
    with pytest.raises(Damaged) as plain:
        list(replay.verify(doubled, house.trust, Table()))
    with pytest.raises(Damaged) as eased:
        list(replay.verify(doubled, house.trust, Table(), eased=Ease(4, 0).eased))
    assert str(plain.value) == str(eased.value)


CHANGES = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99) | st.none())))


def paired(number: int) -> tuple[str, str]:
    return str(number), "x"


@given(CHANGES, st.sampled_from([(str, PLAIN), (int, PLAIN), (paired, shape(tuple[str, str]))]))
def test_a_map_that_is_put_aside_says_what_a_plain_one_says(
    stretches: list[list[tuple[int, int | None]]], named: tuple[Callable[[int], Any], Shape]
) -> None:
    make, keys = named
    drawer: Drawer[Any, Any] = Drawer(Scratch(), "named", keys)
    shelf: Shelf[Any, Any] = Shelf(Drawn(drawer, 0))
    plain: Map[Any, Any] = Map()
    seen = [(shelf, plain)]
    for moment, stretch in enumerate(stretches, 1):
        for number, value in stretch:
            key = make(number)
            if value is not None:
                shelf, plain = shelf.set(key, (value,)), plain.set(key, (value,))
            elif key in plain:
                shelf, plain = shelf.delete(key), plain.delete(key)
            seen.append((shelf, plain))
        drawer.put(moment, shelf.over.items())
        shelf = Shelf(Drawn(drawer, moment))
        seen.append((shelf, plain))
    for one, other in seen:
        assert one == other
        assert len(one) == len(other)
        assert [one.get(make(n)) for n in range(10)] == [other.get(make(n)) for n in range(10)]


ACTS = st.lists(
    st.tuples(st.sampled_from(["set", "set", "set", "after", "put"]), st.integers(0, 30)),
    max_size=60,
)


@given(ACTS)
def test_timers_that_are_put_aside_ring_as_plain_ones(acts: list[tuple[str, int]]) -> None:
    heaps, laid, plain = Heaps(Scratch()), None, None
    seen: list[tuple[Timers, Timers]] = []
    for number, (what, moment) in enumerate(acts):
        at = Instant(moment)
        match what:
            case "set":
                laid = timers.set_timer(laid, at, f"case-{number}")
                plain = timers.set_timer(plain, at, f"case-{number}")
            case "after":
                laid, plain = timers.after(laid, at), timers.after(plain, at)
            case _:
                laid = heaps.put(laid)
        seen.append((laid, plain))
    for one, other in seen:
        assert one == other
        assert timers.rung(one, Instant(15)) == timers.rung(other, Instant(15))


# --- and little of it is held -------------------------------------------------------------------


def test_what_is_held_of_a_map_is_what_a_stretch_has_set(entries: Recorded) -> None:
    house, record = entries
    held: list[int] = []
    for state in replay.verify(record, house.trust, Table(), eased=Ease(16, 0).eased):
        keys: Any = state.keys
        held.append(len(keys.over) if state.size >= 16 else 0)
    assert max(held) <= 16
    assert sum(later < earlier for earlier, later in pairwise(held)) >= 3


def test_memory_does_not_grow_with_what_was_set_nor_with_what_is_read() -> None:
    ease, state, peaks = Ease(1_000, 1_000), State(), []
    tracemalloc.start()
    for size in range(1, 40_001):
        name = f"a-case-with-a-name-of-some-length-{size}"
        state = replace(
            state,
            size=size,
            persons=state.persons.set(name, (name,)),
            timers=timers.set_timer(state.timers, Instant(size * 7919 % 40_009), name),
        )
        state = ease.eased(state)
        if size % 10_000 == 0:
            assert sum(1 for _ in state.persons.values()) == size
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert max(peaks) < 1.2 * peaks[0]  # 30,000 more names, tuples and timers would be 10 MiB


def timers_in_memory() -> int:
    gc.collect()
    return sum(isinstance(each, Timer) for each in gc.get_objects())


def test_few_timers_are_in_memory_after_they_were_put_aside() -> None:
    before = timers_in_memory()
    heaps, laid = Heaps(Scratch()), None
    for number in range(2_000):
        laid = timers.set_timer(laid, Instant(number), f"case-{number}")
    laid = heaps.put(laid)
    assert timers_in_memory() < before + 10
    assert timers.rung(laid, Instant(2)) == ("case-0", "case-1", "case-2")


def test_what_is_asked_for_is_kept_at_hand_up_to_a_bound() -> None:
    drawer: Drawer[str, int] = Drawer(Scratch(), "named", PLAIN)
    drawer.put(1, [(str(number), number) for number in range(3 * MOST_READ)])
    drawn = Drawn(drawer, 1)
    for number in range(3 * MOST_READ):
        assert drawn.get(str(number)) == number
        assert len(drawn._read) <= MOST_READ


def test_what_was_never_put_aside_is_known_without_being_looked_for() -> None:
    drawer: Drawer[str, int] = Drawer(Scratch(), "named", PLAIN)
    drawer.put(1, [(f"said-{number}", number) for number in range(10_000)])
    drawer._get = "no statement"  # whatever passes would be asked for in these words
    assert all(drawer.get(1, f"new-{number}") is ABSENT for number in range(1_000))


def test_what_is_put_aside_is_let_go_in_whichever_thread_finds_that_it_can_be() -> None:
    """A cycle is found wherever Python looks for cycles next; a complaint fails this test."""
    gc.collect()
    held: list[object] = [Scratch("CREATE TABLE met (name TEXT)")]
    held.append(held)
    del held
    finds = Thread(target=gc.collect)
    finds.start()
    finds.join()


def test_a_disk_without_room_is_told_in_words() -> None:
    full = Scratch("CREATE TABLE met (name TEXT)")
    full.ask("PRAGMA max_page_count = 3")
    with pytest.raises(StoreError, match="cannot be put aside: database or disk is full"):
        full.put("INSERT INTO met VALUES (?)", [("x" * 100_000,)])


@pytest.mark.parametrize("module", [scratch, parcel])
def test_the_worked_examples_run(module: Any) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)
