r"""The record as plain files, C2SP tlog-tiles: anybody can fetch, keep and check them.

    tile/L/N            the 256 hashes N*256 to N*256+255 of complete subtrees of 256^L leaves
    tile/L/N.p/W        the first W of them, as long as there are no more; 1 ≤ W ≤ 255
    tile/entries/N      the 256 entries N*256 to N*256+255, each after its length, a big-endian
                        uint16
    tile/entries/N.p/W  the first W of them, as long as there are no more

N is written in groups of three digits, all but the last with an `x` before: 1234067 is
`x001/x234/067`. The hashes of level 0 are the leaf hashes, and each hash above is the root over a
full tile below. Beside them stands `checkpoint`, which the caller writes last.

>>> entries = [b"one", b"two", b"three"]
>>> whole = Tree.of(map(leaf_hash, entries))
>>> files = dict(write(entries, whole))
>>> list(files)
['tile/0/000.p/3', 'tile/entries/000.p/3']
>>> list(read(files.get, size=3, root=whole.root()))
[b'one', b'two', b'three']
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sayso.errors import Damaged, MalformedEntry
from sayso.record import tree
from sayso.record.tree import HASH_BYTES, Frontier, Tree, joined, leaf_hash

FULL = 256
_BITS = 8  # 2^8 is 256
_LENGTH_BYTES = 2
_MOST_BYTES = 2**16 - 1
_MOST_FILE_BYTES = 64 * 2**20  # a full bundle of entries, the greatest of them, has 16 MiB

Fetch = Callable[[str], bytes | None]
"""What gives the bytes of a path, or nothing if there is no such file."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a record in a folder: a `Fetch`."""

    path: Path

    def __call__(self, path: str) -> bytes | None:
        """Return the bytes of a file, or nothing if there is none."""
        file = self.path / path
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            read = opened.read(_MOST_FILE_BYTES + 1)
        if len(read) > _MOST_FILE_BYTES:
            raise Damaged(
                f"`{path}` has more than {_MOST_FILE_BYTES >> 20} MiB, as no file here has"
            )
        return read


def tile_path(level: int, number: int, width: int = FULL) -> str:
    """Return the path of the tile of hashes `number` at `level`, `width` hashes wide."""
    return f"tile/{level}/{_grouped(number)}{_part(width)}"


def entries_path(number: int, width: int = FULL) -> str:
    """Return the path of the bundle `number` of `width` entries."""
    return f"tile/entries/{_grouped(number)}{_part(width)}"


def _grouped(number: int) -> str:
    number, last = divmod(number, 1000)
    path = f"{last:03d}"
    while number:
        number, group = divmod(number, 1000)
        path = f"x{group:03d}/{path}"
    return path


def _part(width: int) -> str:
    return "" if width == FULL else f".p/{width}"


# --- writing -----------------------------------------------------------------------------------


def write(entries: Iterable[bytes], whole: Tree, *, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of every file that `whole` has and its first `start` entries had not.

    `entries` are those from `first_entry(start)` on.
    """
    for level in range(_levels(whole.size)):
        old, new = start >> _BITS * level, whole.size >> _BITS * level
        for number, width in _changed(old, new):
            first = number * FULL
            yield tile_path(level, number, width), whole.nodes(_BITS * level, first, first + width)
    left = iter(entries)
    for number, width in _changed(start, whole.size):
        yield entries_path(number, width), bundle(tuple(islice(left, width)))


def first_entry(start: int) -> int:
    """Return the first entry of the bundle that an entry `start` goes into."""
    return start - start % FULL


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries end to end, each with its length before it."""
    if any(len(entry) > _MOST_BYTES for entry in entries):
        raise MalformedEntry(f"an entry of more than {_MOST_BYTES} bytes fits into no bundle")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def _levels(size: int) -> int:
    return (size.bit_length() + _BITS - 1) // _BITS


def _changed(old: int, new: int) -> Iterator[tuple[int, int]]:
    """Yield number and width of each tile that changes as a row grows from `old` to `new`."""
    if old == new:
        return
    for number in range(old // FULL, (new + FULL - 1) // FULL):
        yield number, min(FULL, new - number * FULL)


# --- reading -----------------------------------------------------------------------------------
#
# From the top down: the tiles at the right edge together have the root that the checkpoint signs,
# each full tile has the hash that the tile above holds for it, and each entry its leaf hash. So no
# byte is given out before it is proven, and no more than one tile of each level is in memory.


def read(fetch: Fetch, *, size: int, root: bytes) -> Iterator[bytes]:
    """Yield the entries of the tree of `size` and `root`, each proven; else `Damaged` names it."""
    for number, hashes in proven(fetch, size=size, root=root):
        yield from entries(fetch, number, hashes)


def proven(fetch: Fetch, *, size: int, root: bytes) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """Yield number and leaf hashes of each bundle of the tree of `size` and `root`, in order."""
    counts = [size >> _BITS * level for level in range(_levels(size))]
    edge = [_tile(fetch, level, *divmod(count, FULL)) for level, count in enumerate(counts)]
    peaks = [peak for nodes in reversed(edge) for peak in Frontier.of(nodes).peaks]
    if joined(peaks) != root:
        raise Damaged(f"the tiles are not those of the signed tree of {size} entries")
    for level in reversed(range(len(edge))):
        yield from _beneath(fetch, level, counts[level] // FULL, nodes=edge[level])


def _beneath(
    fetch: Fetch, level: int, number: int, *, nodes: tuple[bytes, ...]
) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """Yield the bundles beneath the tile `number` at `level`, whose `nodes` are proven."""
    if level == 0:
        if nodes:
            yield number, nodes
        return
    for child, node in enumerate(nodes, number * FULL):
        below = _tile(fetch, level - 1, child, FULL)
        if joined(Frontier.of(below).peaks) != node:
            path, first = tile_path(level - 1, child), child * FULL**level
            raise Damaged(f"`{path}` is not the tile that was signed", entry=first)
        yield from _beneath(fetch, level - 1, child, nodes=below)


def _tile(fetch: Fetch, level: int, number: int, width: int) -> tuple[bytes, ...]:
    """Return the `width` hashes of a tile, not proven."""
    if width == 0:
        return ()
    first = number * FULL ** (level + 1)
    paths = {width: tile_path(level, number, width), FULL: tile_path(level, number)}
    there, raw = _fetched(fetch, paths, entry=first)
    if len(raw) != there * HASH_BYTES:
        path = paths[there]
        raise Damaged(f"`{path}` has {len(raw)} bytes, not {there} hashes", entry=first)
    return tuple(raw[at : at + HASH_BYTES] for at in range(0, width * HASH_BYTES, HASH_BYTES))


def entries(fetch: Fetch, number: int, hashes: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the entries of the bundle `number`, proven by their leaf `hashes`."""
    first, width = number * FULL, len(hashes)
    paths = {width: entries_path(number, width), FULL: entries_path(number)}
    there, raw = _fetched(fetch, paths, entry=first)
    path, at = paths[there], 0
    for place, signed in enumerate(hashes, first):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(raw[at:start], "big")
        entry = raw[start:at]
        if at > len(raw) or leaf_hash(entry) != signed:
            raise Damaged(f"entry {place} in `{path}` is not the one that was signed", entry=place)
        yield entry
    if at < len(raw) and there == width:
        raise Damaged(f"`{path}` goes on after its last entry", entry=first + width - 1)


def _fetched(fetch: Fetch, paths: Mapping[int, str], *, entry: int) -> tuple[int, bytes]:
    """Return the width and bytes of the first file that is there.

    A log may delete a partial tile once the full one is there: tlog-tiles, Partial Tiles.
    """
    for width, path in paths.items():
        raw = fetch(path)
        if raw is not None:
            return width, raw
    raise Damaged(f"`{next(iter(paths.values()))}` is missing", entry=entry)


# --- any node ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Tiled:
    """The tree of `size` entries as its tiles tell it, not proven: roots, and proofs to be checked.

    Each tile that is asked for is kept: a proof needs two or three of each level.
    """

    fetch: Fetch
    size: int
    _kept: dict[tuple[int, int], tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries."""
        return tree.span(self._node, 0, size) if size else tree.EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Return the hash of entry `index`."""
        return self._node(0, index)

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that entry `index` is there: RFC 6962 §2.1.1."""
        return tree.inclusion(self._span, index, self.size)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """Return the proof that the first `old` entries begin the record: RFC 6962 §2.1.2."""
        return tree.consistency(self._span, old, self.size)

    def _span(self, start: int, stop: int) -> bytes:
        return tree.span(self._node, start, stop)

    def _node(self, height: int, number: int) -> bytes:
        """Return the root of the complete subtree `number` of 2^`height` leaves."""
        level, within = divmod(height, _BITS)
        tile, first = divmod(number << within, FULL)
        return tree.root(self._tile(level, tile)[first : first + (1 << within)])

    def _tile(self, level: int, number: int) -> tuple[bytes, ...]:
        place = (level, number)
        if place not in self._kept:
            width = min(FULL, (self.size >> _BITS * level) - number * FULL)
            self._kept[place] = _tile(self.fetch, level, number, width)
        return self._kept[place]
