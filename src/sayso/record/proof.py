r"""One entry, proven to somebody who has nothing else: a file, C2SP tlog-proof.

    c2sp.org/tlog-proof@v1
    extra BASE64                   may be left out; signed by nobody
    index NUMBER                   the number of the entry, from 0, in decimal
    BASE64                         the inclusion proof of RFC 6962 §2.1.1, one hash a line, from the
    ...                            leaf's sibling up
    (an empty line)
    ORIGIN                         the checkpoint as it was signed and cosigned
    ...

The file is kept as `*.tlog-proof`. Whoever checks it has the entry, and a policy that says whom to
believe (`sayso.record.trust`).

>>> from sayso.record.note import Signer
>>> from sayso.record.trust import Trust
>>> log = Signer.generate("log.example")
>>> leaves = Tree.of(map(leaf_hash, (b"one", b"two")))
>>> signed = checkpoint.sign(checkpoint.Checkpoint("log.example", 2, leaves.root()), [log])
>>> file = write(prove(leaves, 1, signed))
>>> trust = Trust.parse(f"log {log.key}\nquorum none\n".encode())
>>> check(read(file), b"two", trust).checkpoint.size
2
"""

import re
from dataclasses import dataclass
from typing import Protocol

from sayso.errors import MalformedCheckpoint, MalformedProof
from sayso.record import b64, checkpoint, tree
from sayso.record.tree import HASH_BYTES, Tree, leaf_hash
from sayso.record.trust import Trusted

MOST_BYTES = 2_000_000
MOST_HASHES = 63  # a tree of 2^63 - 1 leaves is not higher

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry has a place in a record, as it was read; nothing about it is verified."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def prove(whole: Tree, index: int, signed: bytes, *, extra: bytes | None = None) -> Proof:
    """Return the proof that entry `index` is under the checkpoint `signed`: what `check` checks."""
    return Proof(index, whole.inclusion(index, checkpoint.claimed(signed).size), signed, extra)


class Trusting(Protocol):
    """Whoever says which checkpoints to believe: a policy, or a trust that asks for more."""

    def open(self, signed: bytes) -> Trusted:
        """Return the checkpoint that a note carries, if it is believed."""


def check(proof: Proof, entry: bytes, trust: Trusting) -> Trusted:
    """Return the checkpoint that vouches for `entry`, if `trust` believes it."""
    try:
        trusted = trust.open(proof.checkpoint)
    except MalformedCheckpoint as error:
        raise MalformedProof(f"the checkpoint of the proof: {error.what}") from None
    state = trusted.checkpoint
    tree.check_inclusion(
        leaf_hash(entry), proof.hashes, index=proof.index, size=state.size, root=state.root
    )
    return trusted


def write(proof: Proof) -> bytes:
    """Return the file of a proof."""
    extra = [] if proof.extra is None else [f"extra {b64.write(proof.extra)}"]
    hashes = [b64.write(each) for each in proof.hashes]
    lines = [_HEADER, *extra, f"index {proof.index}", *hashes, "", ""]
    return "\n".join(lines).encode() + proof.checkpoint


def read(raw: bytes) -> Proof:
    """Return the proof of a file: `write` undone."""
    if len(raw) > MOST_BYTES:
        raise MalformedProof(f"the proof is longer than {MOST_BYTES} bytes")
    head, gap, signed = raw.partition(b"\n\n")
    if not gap:
        raise MalformedProof("the proof has no empty line before its checkpoint")
    header, *lines = head.decode("utf-8", "replace").split("\n")
    if header != _HEADER:
        raise MalformedProof(f"the proof does not begin with `{_HEADER}`")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _decoded(lines.pop(0).removeprefix("extra "))
    found = _INDEX.fullmatch(lines[0]) if lines else None
    if found is None:
        raise MalformedProof("the proof has no line `index NUMBER`")
    if len(lines) > 1 + MOST_HASHES:
        raise MalformedProof(f"the proof has more than {MOST_HASHES} hashes")
    hashes = tuple(_decoded(each) for each in lines[1:])
    if any(len(each) != HASH_BYTES for each in hashes):
        raise MalformedProof(f"a hash of the proof is not {HASH_BYTES} bytes long")
    return Proof(int(found[1]), hashes, signed, extra)


def _decoded(text: str) -> bytes:
    try:
        return b64.read(text)
    except ValueError:
        raise MalformedProof("a line of the proof is not base64") from None
