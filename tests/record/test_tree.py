"""RFC 6962, transcribed slowly and obviously, agrees with the tree at every size from 0 to 100."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedProof, Untrue
from sayso.record import tree
from sayso.record.tree import EMPTY, Frontier, Tree

SIZES = range(101)
ENTRIES = [f"entry {number}".encode() for number in SIZES]
HASHES = [tree.leaf_hash(entry) for entry in ENTRIES]
WHOLE = Tree.of(HASHES)


# --- the standard, word for word ----------------------------------------------------------------


def mth(entries: list[bytes]) -> bytes:
    n = len(entries)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return sha256(b"\0" + entries[0]).digest()
    k = greatest_power_below(n)
    return sha256(b"\1" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    n = len(entries)
    if n == 1:
        return []
    k = greatest_power_below(n)
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:  # noqa: FBT001  # the RFC's b
    n = len(entries)
    if m == n:
        return [] if whole else [mth(entries)]
    k = greatest_power_below(n)
    if m <= k:
        return [*subproof(m, entries[:k], whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


def greatest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


# --- what is claimed ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_every_root_is_the_standards(size: int) -> None:
    expected = mth(ENTRIES[:size])
    assert tree.root(HASHES[:size]) == expected
    assert Tree.of(HASHES[:size]).root() == expected
    assert WHOLE.root(size) == expected


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof_is_the_standards_and_holds(size: int) -> None:
    root = WHOLE.root(size)
    for index in range(size):
        proof = WHOLE.inclusion(index, size)
        assert list(proof) == path(index, ENTRIES[:size])
        tree.check_inclusion(HASHES[index], proof, index=index, size=size, root=root)


@pytest.mark.parametrize("new", SIZES)
def test_every_consistency_proof_is_the_standards_and_holds(new: int) -> None:
    for old in range(new + 1):
        proof = WHOLE.consistency(old, new)
        assert list(proof) == (subproof(old, ENTRIES[:new], True) if old else [])
        tree.check_consistency(proof, old=(old, WHOLE.root(old)), new=(new, WHOLE.root(new)))


@pytest.mark.parametrize("size", range(1, 34))
def test_an_inclusion_proof_holds_for_nothing_else(size: int) -> None:
    root = WHOLE.root(size)
    for index in range(size):
        proof = WHOLE.inclusion(index, size)
        for other in set(range(size)) - {index}:
            with pytest.raises((Untrue, MalformedProof)):
                tree.check_inclusion(HASHES[index], proof, index=other, size=size, root=root)
        for wrong in altered(proof):
            with pytest.raises((Untrue, MalformedProof)):
                tree.check_inclusion(HASHES[index], wrong, index=index, size=size, root=root)


@pytest.mark.parametrize("new", range(1, 34))
def test_a_consistency_proof_holds_for_nothing_else(new: int) -> None:
    for old in range(new + 1):
        proof = WHOLE.consistency(old, new)
        heads = {"old": (old, WHOLE.root(old)), "new": (new, WHOLE.root(new))}
        for wrong in altered(proof):
            with pytest.raises((Untrue, MalformedProof)):
                tree.check_consistency(wrong, **heads)
        for each, (size, root) in heads.items():
            if each == "new" and old == 0:
                continue  # the empty tree begins every tree
            with pytest.raises((Untrue, MalformedProof)):
                tree.check_consistency(proof, **{**heads, each: (size, flipped(root))})


def altered(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    longer = [(*proof, HASHES[0]), (HASHES[0], *proof)]
    shorter = [proof[1:], proof[:-1]] if proof else []
    short = [(*proof[:-1], proof[-1][:-1])] if proof else []
    flips = [
        (*proof[:place], flipped(proof[place]), *proof[place + 1 :]) for place in range(len(proof))
    ]
    swaps = [
        (*proof[:place], two, one, *proof[place + 2 :])
        for place, (one, two) in enumerate(pairwise(proof))
    ]
    return longer + shorter + short + flips + swaps


def flipped(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]


@given(st.lists(st.integers(0, 20), max_size=8))
def test_appending_in_any_portions_gives_the_same_frontier(portions: list[int]) -> None:
    grown, taken = EMPTY, 0
    for portion in portions:
        grown = grown.extended(HASHES[:portion])
        taken += portion
    leaves = [each for portion in portions for each in HASHES[:portion]]
    assert grown == Frontier.of(leaves)
    assert grown.size == taken
    assert grown.root() == Tree.of(leaves).root()


def test_a_leaf_is_never_taken_for_a_node() -> None:
    one, two = HASHES[:2]
    assert tree.leaf_hash(one + two) != tree.node_hash(one, two)


def test_what_is_not_there_cannot_be_proven() -> None:
    small = Tree.of(HASHES[:5])
    for ask in (
        lambda: small.root(6),
        lambda: small.inclusion(5, 5),
        lambda: small.inclusion(-1, 5),
        lambda: small.inclusion(0, 6),
        lambda: small.consistency(4, 3),
        lambda: small.consistency(2, 6),
        lambda: tree.check_inclusion(HASHES[0], (), index=1, size=1, root=HASHES[0]),
        lambda: tree.check_consistency((), old=(2, HASHES[0]), new=(1, HASHES[0])),
    ):
        with pytest.raises(MalformedProof):
            ask()
