"""Sweeping in several processes gives what sweeping in one gives, down to the fault."""

import pickle
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso.dates import Instant
from sayso.errors import Damaged, Untrue
from sayso.record import entry, sweep, tiles
from sayso.record.entry import Entry
from sayso.record.signature import SigningKey
from sayso.record.sweep import Aside
from sayso.record.tiles import Folder
from sayso.record.tree import Tree, leaf_hash

ANN, EVE = SigningKey.generate(), SigningKey.generate()
MANY = 1_300


def signed(number: int, by: SigningKey = ANN) -> Entry:
    payload = b'{"case":%d,"nonce":"%s"}' % (number, entry.nonce(bytes(16)).encode())
    return Entry("advice", payload, (entry.sign(by, "advice", payload),), Instant(number))


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    root: bytes
    entries: list[bytes]

    def swept(self, jobs: int) -> Generator[Entry | bytes, None, None]:
        fetch = Folder(self.folder)
        return sweep.entries(fetch, size=len(self.entries), root=self.root, jobs=jobs)

    def told(self, jobs: int) -> tuple[int, str]:
        """Return how many entries came, and the fault that ended them."""
        count = 0
        try:
            for count, _ in enumerate(self.swept(jobs), 1):  # noqa: B007  # told below
                pass
        except Damaged as fault:
            return count, str(fault)
        return count, ""


@pytest.fixture
def made(tmp_path: Path) -> Made:
    few = [entry.write(signed(number)) for number in range(20)]
    entries = [few[number % 20] for number in range(MANY)]
    entries[700] = b"no entry"
    whole = Tree.of(map(leaf_hash, entries))
    for path, data in tiles.write(entries, whole):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return Made(tmp_path, whole.root(), entries)


def nonce_and_case(asked: Entry) -> tuple[bytes, ...]:
    assert isinstance(asked.value, dict)
    return (str(asked.value["nonce"]).encode(), str(asked.value["case"]).encode())


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_asked_aside_is_told_of_every_entry_before_it_comes(made: Made, jobs: int) -> None:
    told: list[bytes] = []
    aside = Aside(nonce_and_case, told.extend)
    swept = sweep.entries(Folder(made.folder), size=MANY, root=made.root, jobs=jobs, aside=aside)
    came: list[bytes] = []
    for each in swept:
        came += nonce_and_case(each) if isinstance(each, Entry) else ()
        assert told[: len(came)] == came
    assert told == came


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_every_entry_comes_in_order_with_its_signatures_looked_at(made: Made, jobs: int) -> None:
    swept = list(made.swept(jobs))
    assert len(swept) == MANY
    assert swept[700] == b"no entry"
    for each, raw in zip(swept, made.entries, strict=True):
        assert isinstance(each, bytes) or entry.write(each) == raw
        assert isinstance(each, bytes) or each.holding == {ANN.public.fingerprint}


def test_the_first_fault_is_the_same_for_any_number_of_processes(made: Made) -> None:
    for name in ("tile/entries/002", "tile/0/003", "tile/0/001", "tile/entries/005.p/20"):
        file = made.folder / name
        good = file.read_bytes()
        for bad in (good[:-1], good[:50] + bytes([good[50] ^ 1]) + good[51:], None):
            file.write_bytes(bad) if bad is not None else file.unlink()
            count, fault = made.told(1)
            assert fault
            assert count < MANY
            assert made.told(2) == (count, fault)
        file.write_bytes(good)
    assert made.told(2) == (MANY, "")


def test_whoever_stops_taking_ends_the_processes(made: Made) -> None:
    swept = made.swept(2)
    assert isinstance(next(swept), Entry)
    swept.close()
    assert list(swept) == []


def test_a_signature_found_to_hold_is_believed_and_no_other() -> None:
    mine = entry.opened(entry.write(signed(1)))
    entry.check(mine, ANN.public)
    with pytest.raises(Untrue):
        entry.check(mine, EVE.public)
    assert entry.read(entry.write(mine)).holding == frozenset()


def test_a_signature_that_does_not_hold_is_not_believed() -> None:
    theirs = signed(2).signatures[0]
    moved = Entry("advice", signed(1).payload, (theirs,), Instant(1))
    assert entry.opened(entry.write(moved)).holding == frozenset()
    named = entry.Signature(EVE.public.fingerprint, signed(1).signatures[0].sig)
    renamed = Entry("advice", signed(1).payload, (named,), Instant(1))
    assert entry.opened(entry.write(renamed)).holding == frozenset()
    with pytest.raises(Untrue):
        entry.check(entry.opened(entry.write(renamed)), EVE.public)


def test_of_two_signatures_of_one_key_both_must_hold() -> None:
    mine = signed(1)
    other = entry.Signature(ANN.public.fingerprint, signed(2).signatures[0].sig)
    both = Entry("advice", mine.payload, (mine.signatures[0], other), Instant(1))
    assert entry.opened(entry.write(both)).holding == frozenset()


def test_an_entry_comes_from_another_process_as_it_was_read() -> None:
    there = entry.opened(entry.write(signed(3)))
    here = pickle.loads(pickle.dumps(there))  # noqa: S301  # our own
    assert (here, here.value, here.holding) == (there, there.value, there.holding)
    assert entry.write(here) == entry.write(there)
