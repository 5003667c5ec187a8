"""The head of a projection: a signed note of which state its pieces are, and of which record.

Its text is

    sayso projection of ORIGIN     no log and no key can have this name: there are spaces in it
    SIZE                           the number of entries that were folded
    HEX HEX …                      the peaks of the tree over them (`record.tree.Frontier`)
    HEX                            the fingerprint of the program that folded them (`written`)
    MAP COUNT HEX                  a line for each map that is not empty: its first piece (`trie`)

and the log's key signs it, as it signs checkpoints: so whoever edits a store without that key edits
a projection that nobody believes. It never leaves the house.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.errors import MalformedNote
from sayso.projection.trie import Root
from sayso.projection.written import Roots
from sayso.record import note
from sayso.record.tree import Frontier

_TITLE = "sayso projection of "
_HEX = re.compile(r"(?:[0-9a-f]{64})?(?: [0-9a-f]{64})*")
_MAP = re.compile(r"([a-z_]+) ([1-9][0-9]*) ([0-9a-f]{64})")
_FIRST_LINES = 4


@dataclass(frozen=True, slots=True)
class Head:
    """Which state a projection is of: of what record, how far, by what program, in which pieces."""

    origin: str
    tree: Frontier
    fingerprint: str
    roots: Roots

    def text(self) -> str:
        """Return the text that is signed."""
        lines = [
            _TITLE + self.origin,
            str(self.tree.size),
            " ".join(each.hex() for each in self.tree.peaks),
            self.fingerprint,
            *(f"{of} {root.count} {root.name}" for of, root in self.roots.items() if root),
        ]
        return "".join(f"{line}\n" for line in lines)


def sign(head: Head, signers: Sequence[note.Secret]) -> bytes:
    """Return the head, signed by each of `signers`."""
    return note.sign(head.text(), signers)


def open(  # noqa: A001  # head.open undoes head.sign
    signed: bytes, *, origin: str, keys: Iterable[note.Key], maps: Iterable[str]
) -> Head:
    """Return the head that a signed note vouches for; `maps` are those that there are.

    Raises `MalformedNote` for what is none, and `Untrue` for one that another key has signed.
    """
    lines = note.open(signed, keys).text.split("\n")[:-1]
    if len(lines) < _FIRST_LINES or lines[0] != _TITLE + origin:
        raise MalformedNote(f"this is no projection of `{origin}`")
    _, size, peaks, fingerprint, *rest = lines
    found = [_MAP.fullmatch(line) for line in rest]
    if not size.isdecimal() or not _HEX.fullmatch(peaks) or not all(found):
        raise MalformedNote("the head of the projection cannot be read")
    tree = Frontier(int(size), tuple(bytes.fromhex(each) for each in peaks.split()))
    roots: dict[str, Root | None] = dict.fromkeys(maps)
    roots |= {each[1]: Root(int(each[2]), each[3]) for each in found if each is not None}
    return Head(origin, tree, fingerprint, roots)
