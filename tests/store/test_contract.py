"""The promises of `sayso.store.contract`, kept by every store."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from sayso import store
from sayso.errors import Damaged, Overtaken, StoreError
from sayso.record import checkpoint, enclosure, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.enclosure import digest
from sayso.record.note import Signer
from sayso.store import Store, verify
from sayso.store.contract import LINGERS, Projection
from sayso.store.enclosure import Beside
from sayso.store.memory import MemoryStore

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)

Make = Callable[[], Store]
Again = Callable[[Store], Store]


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


def grow(kept: Store, entries: list[bytes], *, upto: int) -> None:
    size = kept.size()
    kept.append(entries[size:upto], size=size, checkpoint=signed(entries[:upto]))


def verified_size(kept: Store) -> int:
    return verify.verify(kept, origin=ORIGIN, keys=[LOG.key]).size


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened() -> Iterator[dict[Store, str]]:
    """Give the stores that a test has open, each with its URL, and close them."""
    stores: dict[Store, str] = {}
    yield stores
    for each in stores:
        each.close()


@pytest.fixture
def make(opened: dict[Store, str], request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Give what makes a new store of the kind under test."""

    def url() -> str:
        match request.node.callspec.params["opened"]:
            case "memory":
                return "memory:"
            case "sqlite":
                return f"sqlite:{tmp_path / f'{len(opened)}.db'}"
            case _:
                return str(request.getfixturevalue("database")())

    def one() -> Store:
        where = url()
        made = store.create(where)
        opened[made] = where
        return made

    return one


@pytest.fixture
def again(opened: dict[Store, str]) -> Again:
    """Give what opens a store once more, as another process would; memory has no other."""

    def one(kept: Store) -> Store:
        if opened[kept] == "memory:":
            return kept
        beside = store.open(opened[kept])
        opened[beside] = opened[kept]
        return beside

    return one


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


def rows(entries: list[bytes], sizes: list[int]) -> list[tuple[bytes, bytes | None]]:
    """Return entries as a store keeps them that was appended to up to each of `sizes`."""
    return [
        (each, signed(entries[:size]) if size in sizes else None)
        for size, each in enumerate(entries, 1)
    ]


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


# --- what is beside the record -----------------------------------------------------------------


def beside(kept: Store, *added: bytes, erased: tuple[bytes, ...] = ()) -> None:
    """Append the next entry with enclosures that come, and some that go."""
    size = kept.size()
    what = Beside(added, frozenset(map(digest, erased)))
    note = signed(ENTRIES[: size + 1])
    kept.append(ENTRIES[size : size + 1], size=size, checkpoint=note, beside=what)


def held(kept: Store) -> set[bytes]:
    return set(kept.enclosures())


def test_an_enclosure_comes_with_its_entry_and_is_found_by_its_digest(
    make: Make, again: Again
) -> None:
    kept = make()
    beside(kept, b"one", b"two", b"")
    for each in (kept, again(kept)):
        wanted = [digest(b"one"), digest(b""), digest(b"never kept"), digest(b"one")]
        assert each.enclosed(wanted) == {digest(b"one"): b"one", digest(b""): b""}
        assert held(each) == {b"one", b"two", b""}
    assert verified_size(kept) == 1


def test_several_entries_bring_their_enclosures_together(make: Make) -> None:
    kept = make()
    kept.append(
        ENTRIES[:5], size=0, checkpoint=signed(ENTRIES[:5]), beside=Beside((b"one", b"two"))
    )
    assert (kept.size(), held(kept)) == (5, {b"one", b"two"})


def test_an_enclosure_is_kept_once(make: Make) -> None:
    kept = make()
    beside(kept, b"one", b"one")
    beside(kept, b"one", b"two")
    assert sorted(kept.enclosures()) == [b"one", b"two"]


def test_what_is_erased_is_gone_and_the_record_still_verifies(make: Make, again: Again) -> None:
    kept = make()
    beside(kept, b"one", b"two", b"three")
    beside(kept, b"four", erased=(b"one", b"three", b"never kept"))
    for each in (kept, again(kept)):
        assert held(each) == {b"two", b"four"}
        assert each.enclosed([digest(b"one")]) == {}
        assert verified_size(each) == 2
    beside(kept, erased=(b"one",))
    beside(kept, b"one")
    assert held(kept) == {b"one", b"two", b"four"}


def test_what_comes_and_goes_in_one_append_is_not_kept(make: Make) -> None:
    kept = make()
    beside(kept, b"one", b"two")
    beside(kept, b"three", b"two", erased=(b"two", b"three"))
    assert held(kept) == {b"one"}


@pytest.mark.parametrize("size", [0, 1, 3])
def test_who_is_overtaken_has_neither_kept_nor_erased_anything(make: Make, size: int) -> None:
    kept = make()
    beside(kept, b"one")
    beside(kept, b"two")
    other = [b"other"] * (size + 1)
    lost = Beside((b"three",), frozenset({digest(b"one")}))
    with pytest.raises(Overtaken):
        kept.append(other[size:], size=size, checkpoint=signed(other), beside=lost)
    assert held(kept) == {b"one", b"two"}


def test_an_append_that_is_refused_leaves_nothing_beside(make: Make) -> None:
    kept = make()
    beside(kept, b"one")
    erased = frozenset({digest(b"one")})
    great = b"x" * (enclosure.MOST_BYTES + 1)
    note = signed(ENTRIES[:2])
    for entries, what, said in (
        ([b""], Beside((b"two",), erased), "65535"),
        (ENTRIES[1:2], Beside((b"two", great), erased), "at most 16 MiB"),
        (ENTRIES[1:2], Beside((great[:-1],) * 5, erased), "at most 64 MiB"),
        (ENTRIES[1:2], Beside((b"two",), erased | {b"short"}), "32 bytes"),
    ):
        with pytest.raises(StoreError, match=said):
            kept.append(entries, size=1, checkpoint=note, beside=what)
    assert (kept.size(), held(kept)) == (1, {b"one"})


def test_the_greatest_enclosure_fits(make: Make) -> None:
    kept = make()
    great = [bytes([each]) * enclosure.MOST_BYTES for each in range(2)]
    beside(kept, *great)
    assert list(kept.enclosures()) == sorted(great, key=digest)
    beside(kept, erased=tuple(great))
    assert held(kept) == set()


def test_thousands_are_found_at_once_and_read_in_the_order_of_their_digests(make: Make) -> None:
    kept = make()
    many = [f"enclosure {number}".encode() for number in range(3000)]
    beside(kept, *many)
    assert list(kept.enclosures()) == sorted(many, key=digest)
    named = {digest(each): each for each in many}
    assert kept.enclosed([*named, digest(b"never kept")]) == named
    beside(kept, erased=tuple(many[:2900]))
    assert kept.enclosed(named) == {digest(each): each for each in many[2900:]}


def test_who_reads_all_while_some_are_erased_gets_what_is_left(make: Make) -> None:
    kept = make()
    many = sorted((f"{number}".encode() for number in range(1200)), key=digest)
    beside(kept, *many)
    reader = kept.enclosures()
    assert next(reader) == many[0]
    beside(kept, erased=tuple(many[600:]))
    left = list(reader)
    assert set(many[1:600]) <= set(left) <= set(many[1:])
    assert left == sorted(left, key=digest)


def test_enclosures_are_erased_without_an_entry_too(make: Make, again: Again) -> None:
    """A record that was copied or cut short may still have what its entries say is erased."""
    kept = make()
    beside(kept, b"one", b"two", b"three")
    assert kept.erase([digest(b"one"), digest(b"two"), digest(b"one"), digest(b"none")]) == 2
    assert kept.erase([digest(b"one")]) == kept.erase([]) == 0
    for each in (kept, again(kept)):
        assert (held(each), verified_size(each)) == ({b"three"}, 1)


def test_the_turn_holds_off_those_who_erase(make: Make, again: Again) -> None:
    kept = make()
    beside(kept, b"one", b"two")
    other = again(kept)
    thread = Thread(target=lambda: other.erase([digest(b"one")]))
    with kept.turn():
        thread.start()
        thread.join(0.3)
        assert held(kept) == {b"one", b"two"}
        beside(kept, b"three", erased=(b"two",))
    thread.join(30)
    assert held(kept) == held(other) == {b"three"}


@pytest.fixture
def spoil(opened: dict[Store, str]) -> Callable[[Store, bytes, bytes], None]:
    """Give what puts other bytes under an enclosure's digest, behind the store's back."""

    def one(kept: Store, before: bytes, after: bytes) -> None:
        url = opened[kept]
        if isinstance(kept, MemoryStore):
            kept._enclosures[digest(before)] = after
        elif url.startswith("postgresql"):
            with psycopg.connect(url) as connection:
                guards = "DISABLE TRIGGER ALL, DROP CONSTRAINT enclosure_check"
                connection.execute(f"ALTER TABLE sayso.enclosure {guards}".encode())
                spoils = "UPDATE sayso.enclosure SET bytes = %s WHERE digest = %s"
                connection.execute(spoils, (after, digest(before)))
        else:
            with closing(sqlite3.connect(url.removeprefix("sqlite:"))) as database:
                database.execute("DROP TRIGGER enclosure_stays")
                spoils = "UPDATE enclosure SET bytes = ? WHERE digest = ?"
                database.execute(spoils, (after, digest(before)))
                database.commit()

    return one


def test_bytes_that_do_not_have_their_digest_are_told_and_never_given(
    make: Make, spoil: Callable[[Store, bytes, bytes], None]
) -> None:
    kept = make()
    beside(kept, b"one", b"two")
    spoil(kept, b"one", b"another")
    with pytest.raises(Damaged, match=digest(b"one").hex()):
        kept.enclosed([digest(b"one")])
    with pytest.raises(Damaged, match=digest(b"one").hex()):
        list(kept.enclosures())
    assert kept.enclosed([digest(b"two")]) == {digest(b"two"): b"two"}
    beside(kept, erased=(b"one",))
    assert held(kept) == {b"two"}


def test_a_record_is_taken_over_with_what_is_beside_it(make: Make) -> None:
    many = [f"enclosure {number}".encode() for number in range(1300)]
    kept = make()
    kept.fill(rows(ENTRIES, [1200]), many)
    assert held(kept) == set(many)
    assert verified_size(kept) == 1200
    other = make()
    other.fill(rows(ENTRIES, [1200]), kept.enclosures())
    assert held(other) == set(many)


def test_what_cannot_be_taken_over_with_all_that_is_beside_it_leaves_nothing(make: Make) -> None:
    def breaks() -> Iterator[bytes]:
        yield from (f"enclosure {number}".encode() for number in range(900))
        raise ZeroDivisionError

    kept = make()
    with pytest.raises(ZeroDivisionError):
        kept.fill(rows(ENTRIES, [1200]), breaks())
    with pytest.raises(StoreError, match="16 MiB"):
        kept.fill(rows(ENTRIES, [1200]), [b"one", b"x" * (enclosure.MOST_BYTES + 1)])
    assert (kept.size(), kept.head(), held(kept)) == (0, None, set())


def test_what_is_beside_a_record_is_asked_for_when_the_record_was_read(make: Make) -> None:
    """So that whoever fills can leave out what the entries say is erased."""
    read: list[bytes] = []

    def entries() -> Iterator[tuple[bytes, bytes | None]]:
        for each in rows(ENTRIES[:5], [5]):
            read.append(each[0])
            yield each

    def enclosures() -> Iterator[bytes]:
        assert read == ENTRIES[:5]
        yield b"one"

    kept = make()
    kept.fill(entries(), enclosures())
    assert held(kept) == {b"one"}


# --- the projection ----------------------------------------------------------------------------


def piece(number: int) -> tuple[str, bytes]:
    """Return a piece with its name; some are of several pages."""
    data = b"%d " % number * (1 + 5000 * (number % 3))
    return sha256(data).hexdigest(), data


PIECES = dict(piece(number) for number in range(1200))
FIRST = Projection(10, b"first", PIECES, ())


def test_a_projection_is_read_as_it_was_kept(make: Make, again: Again) -> None:
    kept = make()
    assert kept.projection() is None
    assert kept.pieces(tuple(PIECES)) == {}
    assert kept.project(FIRST)
    for each in (kept, again(kept)):
        assert each.projection() == b"first"
        assert each.pieces((*PIECES, "00" * 32)) == PIECES
        assert each.pieces(()) == {}


def test_a_projection_goes_on_from_the_one_that_is_kept_or_not_at_all(
    make: Make, again: Again
) -> None:
    kept = make()
    beside = again(kept)
    assert kept.project(FIRST)
    added = dict(piece(number) for number in range(2000, 2010))
    gone, stays = list(PIECES)[:5], list(PIECES)[5:]
    second = Projection(20, b"second", added, gone, before=b"first")
    assert beside.project(second)
    late = dict([piece(3000)])
    assert not kept.project(Projection(21, b"late", late, stays, before=b"first"))
    assert kept.projection() == beside.projection() == b"second"
    assert kept.pieces((*late, *added, *stays)) == {
        **added,
        **{name: PIECES[name] for name in stays},
    }


def test_what_is_dropped_outlives_those_who_still_read_and_then_goes(make: Make) -> None:
    kept = make()
    name, data = piece(7)
    kept.project(Projection(10, b"first", {name: data}, ()))
    kept.project(Projection(11, b"second", {}, (name,), before=b"first"))
    kept.project(Projection(10 + LINGERS, b"third", {}, (), before=b"second"))
    assert kept.pieces((name,)) == {name: data}
    kept.project(Projection(11 + LINGERS, b"fourth", {}, (), before=b"third"))
    assert kept.pieces((name,)) == {}


def test_a_piece_that_comes_back_stays(make: Make) -> None:
    kept = make()
    name, data = piece(7)
    kept.project(Projection(10, b"first", {name: data}, ()))
    kept.project(Projection(11, b"second", {}, (name,), before=b"first"))
    kept.project(Projection(12, b"third", {name: data}, (), before=b"second"))
    kept.project(Projection(12 + LINGERS, b"fourth", {}, (), before=b"third"))
    assert kept.pieces((name,)) == {name: data}


def test_a_projection_made_anew_takes_the_place_of_all(make: Make) -> None:
    kept = make()
    kept.project(FIRST)
    other = dict([piece(5000)])
    assert kept.project(Projection(5, b"anew", other, ()))
    assert kept.projection() == b"anew"
    assert kept.pieces((*PIECES, *other)) == other


def test_a_projection_is_no_part_of_the_record(make: Make) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=20)
    kept.project(FIRST)
    grow(kept, ENTRIES, upto=30)
    assert verified_size(kept) == 30
    with kept.turn():
        assert kept.project(Projection(30, b"second", {}, (), before=b"first"))
    grow(kept, ENTRIES, upto=31)
    taken = make()
    taken.fill(rows(ENTRIES, [1200]))
    assert taken.projection() is None
