"""A log that goes two ways is convicted by its own signatures, and an honest one by nothing."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import Damaged, MalformedCheckpoint, MalformedProof, Untrue
from sayso.record import checkpoint, fork, tiles, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.fork import Fork
from sayso.record.note import Signer
from sayso.record.tiles import Tiled
from sayso.record.tree import Tree

LOG, STRANGER = Signer.generate("log.example"), Signer.generate("log.example")
ENTRIES = [bytes([number]) for number in range(20)]
WHOLE = Tree.of(map(tree.leaf_hash, ENTRIES))


def without(number: int) -> Tree:
    """Return the tree with one entry dropped."""
    return Tree.of(map(tree.leaf_hash, ENTRIES[:number] + ENTRIES[number + 1 :]))


def state(size: int, whole: Tree = WHOLE) -> Checkpoint:
    return Checkpoint("log.example", size, whole.root(size))


def signed(size: int, whole: Tree = WHOLE, by: Signer = LOG) -> bytes:
    return checkpoint.sign(state(size, whole), [by])


def cut(whole: Tree, size: int) -> Tree:
    leaves = whole.levels[0]
    return Tree.of(leaves[at : at + 32] for at in range(0, size * 32, 32))


def compared(kept: bytes, seen: bytes, whole: Tree) -> Checkpoint | Fork:
    return fork.compare(kept, seen, whole=whole, origin="log.example", keys=[LOG.key])


def convicted(raw: bytes) -> tuple[Checkpoint, Checkpoint]:
    return fork.convict(fork.parse(raw), origin="log.example", keys=[LOG.key])


def test_of_an_honest_log_the_greater_state_is_kept() -> None:
    for old, new in product(range(21), repeat=2):
        assert compared(signed(old), signed(new), cut(WHOLE, max(old, new))) == state(max(old, new))


@pytest.mark.parametrize("dropped", [0, 3, 7, 15])
def test_every_dropped_entry_that_was_seen_convicts_the_log(dropped: int) -> None:
    other = without(dropped)
    for old, new in product(range(1, 20), range(1, 20)):
        if old > new:
            continue
        found = compared(signed(old), signed(new, other), cut(other, new))
        if old <= dropped:
            assert found == state(new, other)
        else:
            assert isinstance(found, Fork)
            assert convicted(bytes(found)) == (state(old), state(new, other))
            back = compared(signed(new, other), signed(old), cut(other, new))
            assert isinstance(back, Fork)
            assert set(convicted(bytes(back))) == {state(old), state(new, other)}


def test_a_fork_survives_its_bytes() -> None:
    found = compared(signed(7), signed(19, without(3)), without(3))
    assert isinstance(found, Fork)
    assert fork.parse(bytes(found)) == found


def test_tiles_that_are_not_of_the_signed_tree_accuse_nobody() -> None:
    for whole in (WHOLE, cut(without(5), 19)):
        with pytest.raises(Damaged):
            compared(signed(7), signed(19, without(3)), cut(whole, 19))


def test_a_proof_read_from_tiles_is_that_of_the_tree() -> None:
    entries = [b"%d" % number for number in range(70_000)]
    whole = Tree.of(map(tree.leaf_hash, entries))
    told = Tiled(dict(tiles.write(entries, whole)).get, 70_000)
    for old in (0, 1, 2, 255, 256, 257, 4_096, 65_535, 65_536, 65_537, 69_999, 70_000):
        assert told.root(old) == whole.root(old)
        assert told.consistency(old) == whole.consistency(old)
    for index in (0, 1, 255, 256, 65_535, 65_536, 69_999):
        assert told.inclusion(index) == whole.inclusion(index)


def test_nobody_is_convicted_by_what_a_stranger_signed() -> None:
    with pytest.raises(Untrue):
        compared(signed(7), signed(19, without(3), STRANGER), without(3))
    for forged in (
        Fork(WHOLE.root(7), WHOLE.consistency(7, 19), signed(7), signed(19)),
        Fork(bytes(32), WHOLE.consistency(7, 19), signed(7), signed(19)),
        Fork(WHOLE.root(7), (), signed(7), signed(7)),
        Fork(WHOLE.root(7), (), signed(19), signed(7)),
        Fork(WHOLE.root(7), WHOLE.consistency(7, 19), signed(7, by=STRANGER), signed(19)),
    ):
        with pytest.raises((Untrue, MalformedProof)):
            convicted(bytes(forged))


@given(st.binary(max_size=200), st.integers(0, 1_000))
def test_any_bytes_are_malformed_or_convict_nobody(raw: bytes, place: int) -> None:
    honest = bytes(Fork(WHOLE.root(7), WHOLE.consistency(7, 19), signed(7), signed(19)))
    for body in (raw, b"sayso fork v1\nroot " + raw, honest[:place] + raw + honest[place:]):
        with pytest.raises((MalformedProof, MalformedCheckpoint, Untrue)):
            convicted(body)


def test_each_changed_byte_of_the_evidence_spoils_it() -> None:
    found = compared(signed(7), signed(19, without(3)), without(3))
    good = bytes(found) if isinstance(found, Fork) else b""
    assert convicted(good)
    for place in range(len(good)):
        bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        with pytest.raises((MalformedProof, MalformedCheckpoint, Untrue)):
            convicted(bad)
