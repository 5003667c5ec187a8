r"""A log that has signed two histories, convicted by its own signatures: the fork alarm.

Two checkpoints of one log, both signed by it, of which the smaller does not begin the greater. That
they differ can be shown to anybody who has the log's key and nothing else, in a file:

    sayso fork v1
    root BASE64       the root of the first entries of the greater, as many as the smaller has
    BASE64            the consistency proof of RFC 6962 §2.1.2 from that root to the greater, one
    ...               hash a line
    (an empty line)
    ORIGIN            the smaller checkpoint, as it was signed and cosigned
    ...
    (an empty line)
    ORIGIN            the greater
    ...

The proof shows that the entries which the log signed in the greater begin with that root, and the
smaller, signed too, has another: no honest log can sign both, and nobody without its key can make
them. A proof that merely fails would show nothing, for anybody can write one.

>>> from sayso.record.note import Signer
>>> from sayso.record.tree import Tree, leaf_hash
>>> log = Signer.generate("log.example")
>>> one, other = (Tree.of(map(leaf_hash, each)) for each in ((b"a", b"b"), (b"a", b"x", b"c")))
>>> states = [Checkpoint("log.example", whole.size, whole.root()) for whole in (one, other)]
>>> notes = [checkpoint.sign(state, [log]) for state in states]
>>> found = compare(*notes, whole=other, origin="log.example", keys=[log.key])
>>> convict(parse(bytes(found)), origin="log.example", keys=[log.key]) == tuple(states)
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sayso.errors import Damaged, MalformedProof, Untrue
from sayso.record import b64, checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Key
from sayso.record.tree import HASH_BYTES

MOST_BYTES = 2_000_000
MOST_HASHES = 63

_HEADER = "sayso fork v1"
_PARTS = 5  # the head, and text and signatures of two notes


class Whole(Protocol):
    """A tree that knows its roots and proofs: of the greater state."""

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries."""

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """Return the proof that the first `old` entries begin the tree."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Two signed notes of one log, and what shows that they are of two histories; not verified."""

    root: bytes
    proof: tuple[bytes, ...]
    smaller: bytes
    greater: bytes

    def __bytes__(self) -> bytes:
        lines = (_HEADER, f"root {b64.write(self.root)}", *map(b64.write, self.proof), "", "")
        return "\n".join(lines).encode() + self.smaller + b"\n" + self.greater


def compare(
    kept: bytes, seen: bytes, *, whole: Whole, origin: str, keys: Sequence[Key]
) -> Checkpoint | Fork:
    """Return the greater of two signed states, to be kept from now on, or the fork they are.

    `whole` is the tree of the greater, as whoever showed it tells it; `Damaged` if it is not.
    """
    notes = {each: checkpoint.open(each, origin=origin, keys=keys) for each in (kept, seen)}
    smaller, greater = sorted((kept, seen), key=lambda each: notes[each].size)
    old, new = notes[smaller], notes[greater]
    apart = old.size != new.size
    root = whole.root(old.size) if apart else new.root
    proof = whole.consistency(old.size) if apart else ()
    try:
        tree.check_consistency(proof, old=(old.size, root), new=(new.size, new.root))
    except (MalformedProof, Untrue):
        raise Damaged(f"the tiles are not those of the signed tree of {new.size} entries") from None
    return new if root == old.root else Fork(root, proof, smaller, greater)


def convict(fork: Fork, *, origin: str, keys: Sequence[Key]) -> tuple[Checkpoint, Checkpoint]:
    """Return the two states that the log of `origin` should not both have signed; else raise.

    `Untrue` says that the file convicts nobody, and `MalformedProof` that it is none.
    """
    old = checkpoint.open(fork.smaller, origin=origin, keys=keys)
    new = checkpoint.open(fork.greater, origin=origin, keys=keys)
    tree.check_consistency(fork.proof, old=(old.size, fork.root), new=(new.size, new.root))
    if fork.root == old.root:
        raise Untrue(f"the state of {old.size} entries begins the state of {new.size}: no fork")
    return old, new


def parse(raw: bytes) -> Fork:
    """Return the fork of a file: `bytes` undone."""
    parts = raw.split(b"\n\n")
    if len(raw) > MOST_BYTES or len(parts) != _PARTS or not raw.endswith(b"\n"):
        raise MalformedProof("the file is not a proof and two signed notes")
    head, *notes = parts
    lines = head.decode("utf-8", "replace").split("\n")
    if lines[0] != _HEADER or len(lines) == 1 or not lines[1].startswith("root "):
        raise MalformedProof(f"the file does not begin with `{_HEADER}` and a root")
    if len(lines) > MOST_HASHES + 2:
        raise MalformedProof(f"the proof has more than {MOST_HASHES} hashes")
    root, *proof = (_hash(each) for each in (lines[1].removeprefix("root "), *lines[2:]))
    smaller, greater = b"\n\n".join(notes[:2]) + b"\n", b"\n\n".join(notes[2:])
    return Fork(root, tuple(proof), smaller, greater)


def _hash(text: str) -> bytes:
    try:
        raw = b64.read(text)
    except ValueError:
        raise MalformedProof("a line of the proof is not base64") from None
    if len(raw) != HASH_BYTES:
        raise MalformedProof(f"a hash of the proof is not {HASH_BYTES} bytes long")
    return raw
