"""What lies beside a record: which texts and papers were given, withheld, or erased.

A reader is given some enclosures, or none; the record holds either way. What was given must have
the digest that names it and be named by an entry (RFC 9901 §7.1 step 5 rejects what is not). What
was not given was erased, if an entry says so, and otherwise withheld.
"""

import re
from array import array
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from sayso.casework import sealing, statement
from sayso.casework.state import State
from sayso.errors import Damaged, SaysoError, Untrue
from sayso.record import enclosure
from sayso.record import entry as entries
from sayso.record.entry import Entry
from sayso.record.tiles import Fetch

FOLDER = "enclosures"
LIST = f"{FOLDER}/list"

_PLAIN = re.compile(enclosure.NAME.pattern.encode())


@dataclass(frozen=True, slots=True)
class Enclosed:
    """How many enclosures the entries name, and how many of them were shown, withheld, erased.

    `lingering` are those among the shown of which an entry says that they were erased: the record
    holds, but whoever gave them has not done what it says.
    """

    named: int
    shown: int
    withheld: int
    erased: int
    lingering: int = 0

    def __str__(self) -> str:
        told = (
            f"{self.named} texts and papers beside it: {self.shown} shown, "
            f"{self.withheld} withheld, {self.erased} erased"
        )
        if not self.lingering:
            return told
        return (
            f"{told}; {self.lingering} of those shown should be gone, for an entry says so: "
            "`sayso store tidy` erases what a store still has of them"
        )


@dataclass(slots=True)
class Tally:
    """Counts what the entries that pass by name, of which `shown` was given.

    Of the others, which may be more than there are entries, eight bytes each are kept to tell them
    apart: of a million, two would be counted as one in one record of 37 million.
    """

    shown: frozenset[bytes]
    _met: set[bytes] = field(default_factory=set)
    _others: "array[int]" = field(default_factory=lambda: array("Q"))

    def passing(self, record: Iterable[bytes | Entry]) -> Generator[bytes | Entry, None, None]:
        """Yield the entries of `record`, read if they can be."""
        for each in record:
            try:
                entry = each if isinstance(each, Entry) else entries.read(each)
                for digest in named(entry):
                    self._count(digest)
            except SaysoError:
                yield each  # what is wrong with it is said where it is judged
            else:
                yield entry

    def _count(self, digest: bytes) -> None:
        if digest in self.shown:
            self._met.add(digest)
        else:
            self._others.append(_short(digest))

    def told(self, state: State) -> Enclosed:
        """Return what was found, when all have passed; `Untrue` if too much was given."""
        besides = len(self.shown) - len(self._met)
        if besides:
            raise Untrue(f"{besides} enclosures are given that no entry names")
        missing = set(self._others)
        gone = {bytes.fromhex(each) for each in state.erased}
        lingering = len(gone & self.shown)
        # what no entry names was never there to be erased, whatever an entry says
        erased = sum(_short(each) in missing for each in gone - self.shown)
        return Enclosed(
            named=len(self.shown) + len(missing),
            shown=len(self.shown),
            withheld=len(missing) - erased,
            erased=erased,
            lingering=lingering,
        )


def _short(digest: bytes) -> int:
    return int.from_bytes(digest[:8])


def named(entry: Entry) -> Iterator[bytes]:
    """Yield the digests of the enclosures that an entry names, as often as it does."""
    payload = entry.payload
    if b"\\" in payload or b'"attachments"' in payload or b'"paper"' in payload:
        yield from sealing.enclosed(statement.read(entry).said)
        return
    # Without an escape a name is spelt in one way, and it stands nowhere but as a whole text.
    for name in _PLAIN.findall(payload):
        yield enclosure.digest_of(name.decode())


def given(fetch: Fetch) -> frozenset[bytes]:
    """Return the digests of the enclosures of an export, each looked at."""
    listed = fetch(LIST)
    if listed is None:
        return frozenset()
    digests = [_digest(each) for each in listed.decode("ascii", "replace").splitlines()]
    if digests != sorted(set(digests)):
        raise Damaged(f"`{LIST}` is not in order, each line once")
    for each in digests:
        kept = fetch(path(each))
        if kept is None or enclosure.digest(kept) != each:
            raise Damaged(f"the enclosure {each.hex()} is not what its name says")
    return frozenset(digests)


def path(digest: bytes) -> str:
    """Return where the enclosure with a digest lies in an export."""
    name = digest.hex()
    return f"{FOLDER}/{name[:2]}/{name[2:]}"


def _digest(line: str) -> bytes:
    try:
        digest = bytes.fromhex(line)
    except ValueError:
        digest = b""
    if len(digest) != enclosure.DIGEST_BYTES or digest.hex() != line:
        raise Damaged(f"`{LIST}` has a line that is no SHA-256: `{line[:70]}`")
    return digest
