"""The Merkle tree of RFC 6962 §2.1: one hash for any number of entries, and proofs about it.

    MTH({})     = SHA-256()
    MTH({d})    = SHA-256(0x00 || d)                           the hash of a leaf
    MTH(D[0:n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))  k the greatest power of two below n

The two prefixes keep a leaf from being taken for a node (a second preimage). A hash has 32 bytes.
Three forms of the same tree, by what one wants to do with it:

`Frontier`  the roots of its complete subtrees, a few hundred bytes: append, and know the root
`Tree`      every node: any root, any proof
a proof     a tuple of hashes: check one entry, or one older tree, against a root

>>> hashes = [leaf_hash(entry) for entry in (b"one", b"two", b"three")]
>>> tree = Tree.of(hashes)
>>> tree.root() == Frontier.of(hashes).root()
True
>>> check_inclusion(hashes[1], tree.inclusion(1), index=1, size=3, root=tree.root())
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sayso.errors import MalformedProof, Untrue

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash that stands for `entry` in the tree."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree over `leaf_hashes`."""
    return Frontier.of(leaf_hashes).root()


def _parents(nodes: Sequence[bytes]) -> list[bytes]:
    """Return the nodes over an even number of nodes; `node_hash` inlined: all time goes here."""
    pairs = iter(nodes)
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
    ]


# --- appending ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be kept of a tree to append to it: one peak for each bit that is set in `size`.

    A peak is the root of a complete subtree; the greatest, which is the leftmost, stands first.
    """

    size: int
    peaks: tuple[bytes, ...]

    @classmethod
    def of(cls, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the frontier of the tree over `leaf_hashes`."""
        return EMPTY.extended(leaf_hashes)

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the frontier after `leaf_hashes` are appended: a binary addition, by level."""
        carried = list(leaf_hashes)
        size = self.size + len(carried)
        old = list(self.peaks)
        new: list[bytes] = []
        level = 0
        while carried:
            if self.size >> level & 1:
                carried.insert(0, old.pop())
            if len(carried) & 1:
                new.append(carried.pop())
            carried = _parents(carried)
            level += 1
        return Frontier(size, (*old, *reversed(new)))

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        return joined(self.peaks)


EMPTY = Frontier(0, ())


def joined(peaks: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees of falling size: the smallest joins its left first."""
    if not peaks:
        return EMPTY_ROOT
    top = peaks[-1]
    for peak in reversed(peaks[:-1]):
        top = node_hash(peak, top)
    return top


# --- proving -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Tree:
    """A tree with all its nodes: `levels[k]` is the complete subtrees of 2^k leaves, end to end."""

    levels: tuple[bytes, ...]

    @classmethod
    def of(cls, leaf_hashes: Iterable[bytes]) -> "Tree":
        """Return the tree over `leaf_hashes`."""
        nodes = list(leaf_hashes)
        levels = [b"".join(nodes)]
        while len(nodes) > 1:
            nodes = _parents(nodes[: len(nodes) & ~1])
            levels.append(b"".join(nodes))
        return cls(tuple(levels))

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self.levels[0]) // HASH_BYTES

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves; of all of them if no size is given."""
        size = self._within(size)
        return self._span(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that leaf `index` is among the first `size`: RFC 6962 §2.1.1."""
        return inclusion(self._span, index, self._within(size))

    def consistency(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the first `old` leaves begin the first `new`: RFC 6962 §2.1.2."""
        return consistency(self._span, old, self._within(new))

    def nodes(self, level: int, start: int, stop: int) -> bytes:
        """Return the nodes `start` to `stop` of 2^`level` leaves each, end to end."""
        if level >= len(self.levels):
            return b""
        return self.levels[level][start * HASH_BYTES : stop * HASH_BYTES]

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise MalformedProof(f"the tree has {self.size} entries, not {size}")
        return size

    def _span(self, start: int, stop: int) -> bytes:
        return span(self._node, start, stop)

    def _node(self, level: int, number: int) -> bytes:
        return self.nodes(level, number, number + 1)


Node = Callable[[int, int], bytes]
"""What gives the root of the complete subtree `number` of 2^`level` leaves."""

Span = Callable[[int, int], bytes]
"""What gives MTH(D[start:stop]), where `start` is a multiple of a power of two ≥ the width."""


def span(node: Node, start: int, stop: int) -> bytes:
    """Return MTH(D[start:stop]), where `start` is a multiple of a power of two ≥ the width."""
    width = stop - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    split = start + _split(width)
    return node_hash(span(node, start, split), span(node, split, stop))


def inclusion(hashed: Span, index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` is among the first `size`: RFC 6962 §2.1.1."""
    start, stop = 0, size
    if not 0 <= index < stop:
        raise MalformedProof(f"there is no entry {index} among the first {stop}")
    path = []
    while stop - start > 1:
        split = start + _split(stop - start)
        if index < split:
            path.append(hashed(split, stop))
            stop = split
        else:
            path.append(hashed(start, split))
            start = split
    return tuple(reversed(path))


def consistency(hashed: Span, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old` leaves begin the first `new`: RFC 6962 §2.1.2."""
    start, stop = 0, new
    if not 0 <= old <= stop:
        raise MalformedProof(f"a tree of {old} entries does not begin one of {stop}")
    if old == 0:
        return ()
    path = []
    while stop != old:
        split = start + _split(stop - start)
        if old <= split:
            path.append(hashed(split, stop))
            stop = split
        else:
            path.append(hashed(start, split))
            start = split
    if start:  # the old tree is no complete subtree: its last part is not known from its root
        path.append(hashed(start, stop))
    return tuple(reversed(path))


def _split(width: int) -> int:
    """Return the greatest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


# --- checking ----------------------------------------------------------------------------------
#
# The path from a leaf to the root has two stretches. As long as the node may still have a sibling
# on its right within the tree, the bits of the index say on which side the sibling stands; above
# that the node lies on the right border, and siblings stand only on the left, one for each bit set.


def check_inclusion(
    leaf: bytes, proof: Sequence[bytes], *, index: int, size: int, root: bytes
) -> None:
    """Raise unless `leaf`, an entry's hash, is number `index` under `root`: RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        raise MalformedProof(f"there is no entry {index} among the first {size}")
    inner = (index ^ (size - 1)).bit_length()
    _check_shape(proof, inner + (index >> inner).bit_count())
    if _climbed(leaf, proof, inner=inner, sides=index) != root:
        raise Untrue(f"entry {index} is not in the tree of {size} entries with this root")


def check_consistency(
    proof: Sequence[bytes], *, old: tuple[int, bytes], new: tuple[int, bytes]
) -> None:
    """Raise unless the tree `old` begins the tree `new`, each (size, root): RFC 9162 §2.1.4.2."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 <= old_size <= new_size:
        raise MalformedProof(f"a tree of {old_size} entries does not begin one of {new_size}")
    if old_size in {0, new_size}:
        _check_shape(proof, 0)
        known = EMPTY_ROOT if old_size == 0 else new_root
        _check_roots(known == old_root, old_size, new_size)
        return
    last = old_size - 1
    complete = (old_size ^ last).bit_length() - 1  # height of the last peak of the old tree
    sides = last >> complete
    inner = (sides ^ (new_size - 1 >> complete)).bit_length()
    start = 0 if old_size == 1 << complete else 1
    _check_shape(proof, start + inner + (sides >> inner).bit_count())
    seed, path = (proof[0] if start else old_root), proof[start:]
    left = [each for height, each in enumerate(path) if height >= inner or sides >> height & 1]
    _check_roots(
        _climbed(seed, left, inner=0, sides=0) == old_root
        and _climbed(seed, path, inner=inner, sides=sides) == new_root,
        old_size,
        new_size,
    )


def _climbed(node: bytes, path: Sequence[bytes], *, inner: int, sides: int) -> bytes:
    for height, sibling in enumerate(path):
        if height >= inner or sides >> height & 1:
            node = node_hash(sibling, node)
        else:
            node = node_hash(node, sibling)
    return node


def _check_shape(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length:
        raise MalformedProof(f"the proof has {len(proof)} hashes where {length} are wanted")
    if any(len(each) != HASH_BYTES for each in proof):
        raise MalformedProof(f"a hash of the proof is not {HASH_BYTES} bytes long")


def _check_roots(agree: bool, old: int, new: int) -> None:  # noqa: FBT001  # the question itself
    if not agree:
        raise Untrue(
            f"the tree of {new} entries does not continue the tree of {old}",
            hint="keep both signed checkpoints: together they show that the record was rewritten",
        )
