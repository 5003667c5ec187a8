"""What lies beside a record: which texts and papers were given, withheld, or erased.

A reader is given some enclosures, or none; the record holds either way. What was given must have
the digest that names it and be named by an entry (RFC 9901 §7.1 step 5 rejects what is not). What
was not given was erased, if an entry says so, and otherwise withheld.
"""

import re
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from sayso.casework import sealing, statement
from sayso.casework.state import State
from sayso.errors import Damaged, SaysoError, Untrue
from sayso.record import enclosure
from sayso.record import entry as entries
from sayso.record.entry import Entry
from sayso.record.tiles import Fetch
from sayso.scratch import Scratch

FOLDER = "enclosures"
LIST = f"{FOLDER}/list"

_PLAIN = re.compile(enclosure.NAME.pattern.encode())
_PAPERS = re.compile(rb'"attachments":(?!\[\])')


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


_NAMED, _SHOWN, _GONE = 1, 2, 4
"""What is known of a digest: an entry names it, it was given, an entry says that it was erased."""

_MET = "CREATE TABLE met (digest BLOB, how INTEGER)"
_PUT = "INSERT INTO met VALUES (?, ?)"
_TOLD = """SELECT how, count(*) FROM (
               SELECT max(how & 1) + max(how & 2) + max(how & 4) AS how FROM met GROUP BY digest
           ) GROUP BY how"""
_AT_ONCE = 4_096


class Tally:
    """Counts what the entries of a record name, of which `shown` was given; in any order.

    The digests lie in a `Scratch`: there may be more of them than entries.
    """

    __slots__ = ("_held", "_scratch")

    def __init__(self, shown: Iterable[bytes] = ()) -> None:
        self._held: list[tuple[bytes, int]] = []
        self._scratch = Scratch(_MET)
        self._scratch.put(_PUT, ((each, _SHOWN) for each in shown))

    def passing(self, record: Iterable[bytes]) -> Generator[bytes | Entry, None, None]:
        """Yield the entries of `record`, read if they can be, and count what they name."""
        for raw in record:
            try:
                entry = entries.read(raw)
            except SaysoError:
                yield raw  # what is wrong with it is said where it is judged
            else:
                self.count(names(entry))
                yield entry

    def count(self, digests: Iterable[bytes]) -> None:
        """Count digests of enclosures that entries name."""
        self._held += [(each, _NAMED) for each in digests]
        if len(self._held) >= _AT_ONCE:
            self._put()

    def _put(self) -> None:
        self._scratch.put(_PUT, self._held)
        self._held.clear()

    def told(self, state: State) -> Enclosed:
        """Return what was found, when all have passed; `Untrue` if too much was given."""
        self._put()
        self._scratch.put(_PUT, ((bytes.fromhex(each), _GONE) for each in state.erased))
        many: Counter[int] = Counter(dict(self._scratch.ask(_TOLD)))
        besides = many[_SHOWN] + many[_SHOWN | _GONE]
        if besides:
            raise Untrue(f"{besides} enclosures are given that no entry names")
        # what no entry names was never there to be erased, whatever an entry says
        withheld, erased = many[_NAMED], many[_NAMED | _GONE]
        lingering = many[_NAMED | _SHOWN | _GONE]
        shown = many[_NAMED | _SHOWN] + lingering
        return Enclosed(shown + withheld + erased, shown, withheld, erased, lingering)


def names(entry: Entry) -> tuple[bytes, ...]:
    """Return the digests of the enclosures that an entry names, as often as it does.

    Of one that says nothing there are none: what is wrong with it is said where it is judged.
    """
    try:
        return tuple(named(entry))
    except SaysoError:
        return ()


def named(entry: Entry) -> Iterator[bytes]:
    """Yield the digests of the enclosures that an entry names, as often as it does."""
    payload = entry.payload
    if b"\\" in payload or b'"paper"' in payload or _PAPERS.search(payload):
        yield from sealing.enclosed(statement.read(entry).said)
        return
    # Without an escape a name is spelt in one way, and it stands nowhere but as a whole text.
    for name in _PLAIN.findall(payload):
        yield enclosure.digest_of(name.decode())


def given(fetch: Fetch) -> Iterator[bytes]:
    """Yield the digests of the enclosures of an export, each looked at."""
    listed = fetch(LIST) or b""
    deque(_listed(listed), maxlen=0)  # what is wrong with a line comes before what is with a file
    for digest in _listed(listed):
        kept = fetch(path(digest))
        if kept is None or enclosure.digest(kept) != digest:
            raise Damaged(f"the enclosure {digest.hex()} is not what its name says")
        yield digest


def _listed(listed: bytes) -> Iterator[bytes]:
    """Yield the digests that are listed, one at a time: there may be a million."""
    before = b""
    for line in BytesIO(listed):
        digest = _digest(line.decode("ascii", "replace").removesuffix("\n"))
        if digest <= before:
            raise Damaged(f"`{LIST}` is not in order, each line once")
        yield (before := digest)


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
