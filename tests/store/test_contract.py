"""The promises of `sayso.store.contract`, kept by every store: the record, and the turn."""

from collections.abc import Iterator
from threading import Thread

import pytest

from sayso.errors import Overtaken, StoreError
from sayso.record import checkpoint, tree
from tests.store.kept import ENTRIES, Again, Make, grow, rows, signed, verified_size


def test_a_new_store_is_empty(make: Make) -> None:
    kept = make()
    assert (kept.size(), kept.head(), list(kept.entries())) == (0, None, [])
    assert (list(kept.checkpoints()), list(kept.leaf_hashes())) == ([], [])
    assert verified_size(kept) == 0


def test_what_was_appended_is_there_in_order(make: Make) -> None:
    kept = make()
    for upto in (1, 2, 5, 1200):
        grow(kept, ENTRIES, upto=upto)
        assert kept.size() == upto
        assert kept.head() == list(kept.checkpoints())[-1]
        assert verified_size(kept) == upto
    assert list(kept.entries()) == ENTRIES
    assert list(kept.leaf_hashes()) == [tree.leaf_hash(each) for each in ENTRIES]
    sizes = [checkpoint.claimed(each).size for each in kept.checkpoints()]
    assert sizes == [1, 2, 5, 1200]


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 0), (3, 3), (0, 7), (600, 1200), (599, 9999), (1200, None), (5000, None)],
)
def test_a_part_can_be_read(make: Make, start: int, stop: int | None) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=1200)
    assert list(kept.entries(start, stop)) == ENTRIES[start:stop]
    assert list(kept.leaf_hashes(start, stop)) == [
        tree.leaf_hash(each) for each in ENTRIES[start:stop]
    ]


def test_checkpoints_can_be_read_up_to_a_size(make: Make) -> None:
    kept = make()
    for upto in (2, 4, 6):
        grow(kept, ENTRIES, upto=upto)
    sizes = [checkpoint.claimed(each).size for each in kept.checkpoints(5)]
    assert sizes == [2, 4]


def test_a_reader_sees_what_was_there_at_its_first_step(make: Make) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=600)
    reader = kept.entries()
    assert next(reader) == ENTRIES[0]
    grow(kept, ENTRIES, upto=700)
    assert len(list(reader)) == 599


@pytest.mark.parametrize("size", [0, 1, 3, 4])
def test_of_two_who_append_at_one_size_one_is_overtaken(make: Make, size: int) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=2)
    before = (list(kept.entries()), list(kept.checkpoints()))
    other = [b"other"] * (size + 1)
    with pytest.raises(Overtaken):
        kept.append(other[size:], size=size, checkpoint=signed(other))
    assert (list(kept.entries()), list(kept.checkpoints())) == before


def test_an_append_that_cannot_be_right_is_refused_and_leaves_nothing(make: Make) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=2)
    for entries, note in (
        ([], signed(ENTRIES[:2])),
        ([b""], signed([*ENTRIES[:2], b""])),
        ([b"x" * 65_536], signed([*ENTRIES[:2], b"x"])),
        (ENTRIES[2:3], signed(ENTRIES[:4])),
        (ENTRIES[2:3], b"no checkpoint"),
    ):
        with pytest.raises(StoreError):
            kept.append(entries, size=2, checkpoint=note)
    assert verified_size(kept) == 2


def test_the_greatest_entry_fits(make: Make) -> None:
    kept = make()
    entries = [b"\x00" * 65_535, b"\xff"]
    grow(kept, entries, upto=2)
    assert list(kept.entries()) == entries


def test_threads_may_share_a_store(make: Make) -> None:
    kept = make()
    kept.append([b"0"], size=0, checkpoint=signed([b"0"]))

    def add(name: bytes) -> None:
        done = 0
        while done < 10:
            there = list(kept.entries())
            try:
                kept.append([name], size=len(there), checkpoint=signed([*there, name]))
            except Overtaken:
                continue
            done += 1

    threads = [Thread(target=add, args=(name,)) for name in (b"a", b"b", b"c")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(kept.entries()) == [b"0"] + [b"a"] * 10 + [b"b"] * 10 + [b"c"] * 10
    assert verified_size(kept) == 31


# --- the turn ----------------------------------------------------------------------------------


def test_who_holds_the_turn_is_not_overtaken(make: Make, again: Again) -> None:
    """Another, in the same process or beside it, waits until the turn's append is done."""
    kept = make()
    grow(kept, ENTRIES, upto=2)
    beside = again(kept)
    outcomes: list[str] = []

    def overtakes() -> None:
        try:
            beside.append([b"other"], size=2, checkpoint=signed([*ENTRIES[:2], b"other"]))
            outcomes.append("overtook")
        except Overtaken:
            outcomes.append("overtaken")

    other = Thread(target=overtakes)
    with kept.turn():
        other.start()
        other.join(0.3)
        assert outcomes == []
        assert list(kept.entries()) == ENTRIES[:2]
        grow(kept, ENTRIES, upto=5)
    other.join(30)
    assert outcomes == ["overtaken"]
    assert list(kept.entries()) == list(beside.entries()) == ENTRIES[:5]
    assert verified_size(kept) == 5


def test_a_turn_that_is_not_used_is_given_back(make: Make, again: Again) -> None:
    kept = make()
    beside = again(kept)
    with pytest.raises(ZeroDivisionError), kept.turn():
        raise ZeroDivisionError
    with kept.turn():
        pass
    for each in (beside, kept):
        with each.turn(), pytest.raises(Overtaken):
            each.append([b"x"], size=9, checkpoint=signed([b"x"] * 10))
    grow(beside, ENTRIES, upto=1)
    grow(kept, ENTRIES, upto=2)
    assert verified_size(beside) == 2


# --- a record taken over whole -----------------------------------------------------------------


def test_a_record_is_taken_over_with_every_checkpoint(make: Make) -> None:
    sizes = [1, 2, 5, 600, 1200]
    kept = make()
    kept.fill(rows(ENTRIES, sizes))
    assert list(kept.entries()) == ENTRIES
    assert list(kept.checkpoints()) == [signed(ENTRIES[:size]) for size in sizes]
    assert verified_size(kept) == 1200
    more = [*ENTRIES, b"more"]
    kept.append(more[-1:], size=1200, checkpoint=signed(more))
    assert verified_size(kept) == 1201


def test_nothing_is_taken_over_into_a_store_that_holds_something(make: Make) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=2)
    with pytest.raises(Overtaken):
        kept.fill(rows(ENTRIES, [1200]))
    assert list(kept.entries()) == ENTRIES[:2]


def test_what_cannot_be_taken_over_whole_leaves_nothing(make: Make) -> None:
    def breaks() -> Iterator[tuple[bytes, bytes | None]]:
        yield from rows(ENTRIES, [600, 1200])[:900]
        raise ZeroDivisionError

    kept = make()
    good = rows(ENTRIES, [600, 1200])
    for bad in (
        rows(ENTRIES, [600]),
        [*good[:600], (b"", None), *good[601:]],
        [*good[:3], (good[3][0], signed(ENTRIES[:5])), *good[4:]],
    ):
        with pytest.raises(StoreError):
            kept.fill(bad)
    with pytest.raises(ZeroDivisionError):
        kept.fill(breaks())
    assert (kept.size(), kept.head()) == (0, None)
    kept.fill(good)
    assert verified_size(kept) == 1200
