"""The promises of `sayso.store.contract`, kept by every store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from sayso import store
from sayso.errors import Overtaken, StoreError
from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer
from sayso.store import Store, verify

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)

Make = Callable[[], Store]


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


def grow(kept: Store, entries: list[bytes], *, upto: int) -> None:
    size = kept.size()
    kept.append(entries[size:upto], size=size, checkpoint=signed(entries[:upto]))


def verified_size(kept: Store) -> int:
    return verify.verify(kept, origin=ORIGIN, keys=[LOG.key]).size


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    made: list[Store] = []

    def url() -> str:
        match request.param:
            case "memory":
                return "memory:"
            case "sqlite":
                return f"sqlite:{tmp_path / f'{len(made)}.db'}"
            case _:
                return str(request.getfixturevalue("database")())

    def one() -> Store:
        made.append(store.create(url()))
        return made[-1]

    yield one
    for each in made:
        each.close()


ENTRIES = [f"entry {number}".encode() for number in range(1200)]


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
