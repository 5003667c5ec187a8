"""The promises of `sayso.store.contract`, kept by every store: what is beside the record."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread

import psycopg
import pytest

from sayso.errors import Damaged, Overtaken, StoreError
from sayso.record import enclosure
from sayso.record.enclosure import digest
from sayso.store import Store
from sayso.store.enclosure import Beside
from sayso.store.memory import MemoryStore
from tests.store.kept import ENTRIES, Again, Make, rows, signed, verified_size


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
