"""What every store does alike with enclosures: what is kept beside the record, and may go.

To a store an enclosure (`sayso.record.enclosure`) is bytes under their SHA-256. They are read in
portions, since one may be large and all may be many, and looked at as they are read.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sayso.errors import Damaged, StoreError
from sayso.record.enclosure import DIGEST_BYTES, MOST_BYTES, digest

MOST_TOGETHER = 4 * MOST_BYTES
AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Beside:
    """What an append does beside the record: bytes that come, and digests of bytes that go.

    What comes and goes in one append is not kept.
    """

    added: tuple[bytes, ...] = ()
    erased: frozenset[bytes] = frozenset()

    def kept(self) -> dict[bytes, bytes]:
        """Return what is to be kept, under its digest."""
        named = {digest(each): each for each in self.added}
        return {each: raw for each, raw in named.items() if each not in self.erased}


NOTHING_BESIDE = Beside()


def check(beside: Beside) -> None:
    """Raise unless every store can take this in one append."""
    for each in beside.added:
        check_size(len(each))
    if sum(map(len, beside.added)) > MOST_TOGETHER:
        raise StoreError(f"what is added in one append has at most {MOST_TOGETHER >> 20} MiB")
    if any(len(each) != DIGEST_BYTES for each in beside.erased):
        raise StoreError(f"the digest of an enclosure has {DIGEST_BYTES} bytes")


def check_size(size: int) -> None:
    """Raise if an enclosure of `size` bytes is too large to be kept."""
    if size > MOST_BYTES:
        raise StoreError(f"an enclosure has at most {MOST_BYTES >> 20} MiB, not {size} bytes")


def portions(enclosures: Iterable[bytes]) -> Iterator[dict[bytes, bytes]]:
    """Yield enclosures under their digests, a few at a time, so that memory holds no more."""
    some: dict[bytes, bytes] = {}
    weight = 0
    for each in enclosures:
        check_size(len(each))
        if some and (weight + len(each) > MOST_BYTES or len(some) == AT_ONCE):
            yield some
            some, weight = {}, 0
        some[digest(each)] = each
        weight += len(each)
    if some:
        yield some


# --- reading -----------------------------------------------------------------------------------

Rows = list[tuple[object, ...]]

Ask = Callable[[Sequence[bytes]], Rows]
"""What gives (digest, bytes) of those of at most `AT_ONCE` digests that are there."""

Page = Callable[[bytes], Rows]
"""What gives the next (digest, length), at most `AT_ONCE`, after a digest, in order."""


def found(ask: Ask, digests: Collection[bytes]) -> dict[bytes, bytes]:
    """Return those of the enclosures with `digests` that are there, by digest."""
    wanted = sorted(set(digests))
    there: dict[bytes, bytes] = {}
    for start in range(0, len(wanted), AT_ONCE):
        there.update(_whole(*row) for row in ask(wanted[start : start + AT_ONCE]))
    return there


def every(page: Page, ask: Ask) -> Iterator[bytes]:
    """Yield all enclosures, ordered by digest; what is erased meanwhile is left out."""
    last = b""
    while rows := page(last):
        for some in _portions(rows, last):
            there = found(ask, some)
            yield from (there[each] for each in some if each in there)
            last = some[-1]


def _portions(rows: Rows, last: bytes) -> Iterator[list[bytes]]:
    """Yield the digests of `rows`, which come after `last`, in portions that memory can hold."""
    some: list[bytes] = []
    weight = 0
    for named, length in rows:
        if not isinstance(named, bytes) or not isinstance(length, int) or named <= last:
            raise Damaged("the enclosures of the store are not in order")
        if some and weight + length > MOST_BYTES:
            yield some
            some, weight = [], 0
        some.append(named)
        weight += length
        last = named
    yield some


def _whole(named: object, raw: object) -> tuple[bytes, bytes]:
    """Return a digest and the bytes kept under it, or raise if they are not its own."""
    if not isinstance(named, bytes) or not isinstance(raw, bytes) or digest(raw) != named:
        which = named.hex() if isinstance(named, bytes) else "without a digest"
        raise Damaged(f"the enclosure {which} in the store is not what was kept")
    return named, raw
