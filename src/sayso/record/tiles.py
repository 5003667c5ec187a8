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
>>> tree = Tree.of(map(leaf_hash, entries))
>>> files = dict(write(entries, tree))
>>> list(files)
['tile/0/000.p/3', 'tile/entries/000.p/3']
>>> list(read(files.get, size=3, root=tree.root()))
[b'one', b'two', b'three']
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sayso.errors import Damaged, MalformedEntry
from sayso.record.tree import HASH_BYTES, Frontier, Tree, joined, leaf_hash

FULL = 256
_BITS = 8  # 2^8 is 256
_LENGTH_BYTES = 2
_MOST_BYTES = 2**16 - 1

Fetch = Callable[[str], bytes | None]
"""What gives the bytes of a path, or nothing if there is no such file."""


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


def write(entries: Iterable[bytes], tree: Tree, *, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of every file that `tree` has and its first `start` entries had not.

    `entries` are those from `first_entry(start)` on.
    """
    for level in range(_levels(tree.size)):
        old, new = start >> _BITS * level, tree.size >> _BITS * level
        for number, width in _changed(old, new):
            first = number * FULL
            yield tile_path(level, number, width), tree.nodes(_BITS * level, first, first + width)
    left = iter(entries)
    for number, width in _changed(start, tree.size):
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
    counts = [size >> _BITS * level for level in range(_levels(size))]
    edge = [_tile(fetch, level, *divmod(count, FULL)) for level, count in enumerate(counts)]
    peaks = [peak for nodes in reversed(edge) for peak in Frontier.of(nodes).peaks]
    if joined(peaks) != root:
        raise Damaged(f"the tiles are not those of the signed tree of {size} entries")
    for level in reversed(range(len(edge))):
        yield from _beneath(fetch, level, counts[level] // FULL, nodes=edge[level])


def _beneath(fetch: Fetch, level: int, number: int, *, nodes: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the entries beneath the tile `number` at `level`, whose `nodes` are proven."""
    if level == 0:
        yield from _entries(fetch, number, nodes)
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


def _entries(fetch: Fetch, number: int, hashes: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the entries of a bundle, proven by their leaf `hashes`."""
    if not hashes:
        return
    first, width = number * FULL, len(hashes)
    paths = {width: entries_path(number, width), FULL: entries_path(number)}
    there, rest = _fetched(fetch, paths, entry=first)
    path = paths[there]
    for place, proven in enumerate(hashes, first):
        length = int.from_bytes(rest[:_LENGTH_BYTES], "big")
        entry, rest = rest[_LENGTH_BYTES : _LENGTH_BYTES + length], rest[_LENGTH_BYTES + length :]
        if len(entry) != length or leaf_hash(entry) != proven:
            raise Damaged(f"entry {place} in `{path}` is not the one that was signed", entry=place)
        yield entry
    if rest and there == width:
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
