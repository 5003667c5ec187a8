"""Checkpoints, C2SP tlog-checkpoint v1.0.0: the signed state of the record.

A checkpoint is a signed note (`sayso.record.note`) whose text is

    ORIGIN            names the log; here it is also the name of the key that signs
    SIZE              the number of entries, in decimal without leading zeros
    BASE64            of the 32 bytes of the root of the tree of the first SIZE entries
    (more lines)      allowed to others, never written here: nobody can check them

Who signs two checkpoints of which one does not continue the other has lied, and both together show
it. So nobody is shown a checkpoint before its entries are kept. Of two who append at once both have
signed; whoever was overtaken drops what it has signed, a state that never stood.

>>> from sayso.record.note import Signer
>>> log = Signer.generate("example.com/log")
>>> state = Checkpoint("example.com/log", size=0, root=EMPTY_ROOT)
>>> print(state.text(), end="")
example.com/log
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
>>> open(sign(state, [log]), origin="example.com/log", keys=[log.key]) == state
True
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sayso.errors import MalformedCheckpoint, MalformedNote, Untrue
from sayso.record import b64, note
from sayso.record.tree import EMPTY_ROOT, HASH_BYTES

MOST_ENTRIES = 2**63 - 1  # other readers keep the size in a signed 64-bit integer

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_FIRST_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a record: the root of the tree of its first `size` entries."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise MalformedCheckpoint("the origin is one line, and not empty")
        if not 0 <= self.size <= MOST_ENTRIES:
            raise MalformedCheckpoint(f"a record has 0 to {MOST_ENTRIES} entries")
        if len(self.root) != HASH_BYTES:
            raise MalformedCheckpoint(f"a root has {HASH_BYTES} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint("the root is not that of an empty record")

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the state that the text of a note claims: `text` undone."""
        lines = text.split("\n")[:-1]
        if len(lines) < _FIRST_LINES or not all(lines):
            raise MalformedCheckpoint("a checkpoint has an origin, a size and a root, each a line")
        origin, size, encoded, *extensions = lines
        if not _SIZE.fullmatch(size):
            raise MalformedCheckpoint(f"`{size[:24]}` is not a size")
        try:
            root = b64.read(encoded)
        except ValueError:
            raise MalformedCheckpoint("the root is not base64") from None
        return cls(origin, int(size), root, tuple(extensions))

    def text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64.write(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sign(checkpoint: Checkpoint, signers: Sequence[note.Secret]) -> bytes:
    """Return the checkpoint, signed by each of `signers`."""
    try:
        return note.sign(checkpoint.text(), signers)
    except MalformedNote as error:
        raise MalformedCheckpoint(error.what, hint=error.hint) from None


def open(  # noqa: A001  # checkpoint.open undoes checkpoint.sign
    signed: bytes, *, origin: str, keys: Iterable[note.Key]
) -> Checkpoint:
    """Return the state of the record of `origin` that a note vouches for, signed by all `keys`.

    A log signs with each of its keys; what only some of them have signed is no state of it.
    """
    known = tuple(keys)
    checkpoint, verified = opened(signed, origin=origin, keys=known)
    check_all(known, [each.key for each in verified.signatures])
    return checkpoint


def check_all(keys: Iterable[note.Key], signed: Collection[note.Key]) -> None:
    """Raise unless every one of the log's `keys` is among those that have `signed`."""
    for key in keys:
        if key not in signed:
            raise Untrue(
                f"the checkpoint is not signed with the key {key.id.hex()} of `{key.name}`",
                hint="a log that has several keys signs with each of them",
            )


def opened(
    signed: bytes, *, origin: str, keys: Iterable[note.Key]
) -> tuple[Checkpoint, note.Opened]:
    """Return the state with the signatures that vouch for it, of at least one of the keys."""
    try:
        verified = note.open(signed, keys)
    except MalformedNote as error:
        raise MalformedCheckpoint(error.what, hint=error.hint) from None
    checkpoint = Checkpoint.parse(verified.text)
    if checkpoint.origin != origin:
        raise Untrue(f"this is a checkpoint of `{checkpoint.origin}`, not of `{origin}`")
    return checkpoint, verified


def claimed(signed: bytes) -> Checkpoint:
    """Return the state that a note claims, with no signature verified."""
    try:
        text, _ = note.split(signed)
    except MalformedNote as error:
        raise MalformedCheckpoint(error.what, hint=error.hint) from None
    return Checkpoint.parse(text)
