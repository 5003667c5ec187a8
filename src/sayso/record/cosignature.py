r"""Cosignatures, C2SP tlog-cosignature v1.1: a checkpoint's signature that says when it was seen.

In a signature line of the note (`sayso.record.note`) stand, after the key id,

    uint64    the time, in seconds since 1970; big-endian, at most 2^63 - 1
    byte[]    the signature: 64 bytes of Ed25519 (type 0x04) or 2,420 of ML-DSA-44 (type 0x06)

Ed25519 signs `cosignature/v1\ntime SECONDS\n` and then the text of the note. ML-DSA-44 (FIPS 204,
pure, with an empty context) signs these fields:

    byte[12]  "subtree/v1\n\0"
    string    the cosigner's name, after one byte of length
    uint64    the time; 0 makes no statement about time, as for a log's own signature
    string    the log's origin, after one byte of length
    uint64    0
    uint64    the size
    byte[32]  the root

A witness says by it that no greater state of that log was seen by then, and that this one continues
all it signed before. ML-DSA-44 is for the day when Ed25519 can be forged; a log signs with both.

>>> witness = Cosigner.generate("witness.example/w1", MLDSA44)
>>> text = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
>>> signature = witness.at(1679315147).sign(text)
>>> witness.key.holds(text, signature), seconds(signature)
(True, 1679315147)
"""

from dataclasses import dataclass, field

from sayso.errors import MalformedCheckpoint, MalformedNote
from sayso.record import keys, note
from sayso.record.checkpoint import Checkpoint

ED25519 = 0x04
MLDSA44 = 0x06

LATEST = 2**63 - 1

_TIME_BYTES = 8
_LABEL = b"subtree/v1\n\x00"
_MOST_NAME = 255
_CHECKS = {ED25519: keys.check_ed25519, MLDSA44: keys.check_mldsa44}


@dataclass(frozen=True, slots=True)
class CosignerKey:
    """A named key that signs checkpoints with the time; `kind` is its signature type."""

    name: str
    kind: int
    public: bytes
    id: bytes = field(init=False, repr=False)  # the four bytes that tell keys of one name apart

    def __post_init__(self) -> None:
        note.check_name(self.name)
        if self.kind not in _CHECKS:
            raise MalformedNote(
                f"the key `{self.name}` has signature type {self.kind:#04x}",
                hint="0x04, Ed25519, or 0x06, ML-DSA-44, is wanted",
            )
        try:
            _CHECKS[self.kind](self.public)
        except ValueError as error:
            raise MalformedNote(f"the key `{self.name}` is none: {error}") from None
        if len(self.name.encode()) > _MOST_NAME:
            raise MalformedNote(f"a cosigner's name has at most {_MOST_NAME} bytes")
        object.__setattr__(self, "id", note.key_id(self.name, self.kind, self.public))

    @classmethod
    def parse(cls, text: str) -> "CosignerKey":
        """Return the key of a verifier key line: `str` undone."""
        return cls(*note.parse_key(text))

    @property
    def algorithm(self) -> str:
        """What the key signs with, in words."""
        return "Ed25519" if self.kind == ED25519 else "ML-DSA-44"

    def holds(self, text: str, signature: bytes) -> bool:
        """Return whether `signature` over the checkpoint `text` was made with this key."""
        at, raw = int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]
        if at > LATEST:
            return False
        try:
            message = _message(self, at, text)
        except MalformedCheckpoint:
            return False
        holds = keys.ed25519_holds if self.kind == ED25519 else keys.mldsa44_holds
        return holds(self.public, raw, message)

    def __str__(self) -> str:
        return note.key_text(self.name, self.kind, self.public)


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A named private key that signs checkpoints with the time."""

    name: str
    secret: keys.Ed25519 | keys.Held | keys.MlDsa44
    key: CosignerKey = field(init=False)  # the public half

    def __post_init__(self) -> None:
        kind = MLDSA44 if isinstance(self.secret, keys.MlDsa44) else ED25519
        object.__setattr__(self, "key", CosignerKey(self.name, kind, self.secret.public))

    @classmethod
    def generate(cls, name: str, kind: int) -> "Cosigner":
        """Return a new cosigner from the system's randomness."""
        return cls(name, keys.MlDsa44.generate() if kind == MLDSA44 else keys.Ed25519.generate())

    @classmethod
    def read(cls, name: str, pem: bytes, holder: keys.Holder | None = None) -> "Cosigner":
        """Return the cosigner of an unencrypted PKCS#8 PEM, or of the line that names it."""
        try:
            return cls(name, keys.read_pem(pem, holder))
        except ValueError as error:
            raise MalformedNote(f"the private key of `{name}` cannot be read: {error}") from None

    def pem(self) -> bytes:
        """Return the private key as PKCS#8 PEM, unencrypted, or the line that names it."""
        return self.secret.pem()

    def at(self, time: int) -> "Stamped":
        """Return what signs with `time`, in seconds since 1970."""
        return Stamped(self, time)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A cosigner at a moment: what `note.sign` takes."""

    cosigner: Cosigner
    time: int

    def __post_init__(self) -> None:
        if not 0 <= self.time <= LATEST:
            raise MalformedNote(f"the time {self.time} cannot be written")

    @property
    def key(self) -> CosignerKey:
        """The public half."""
        return self.cosigner.key

    def sign(self, text: str) -> bytes:
        """Return the time and the signature over the checkpoint `text`."""
        signature = self.cosigner.secret.sign(_message(self.key, self.time, text))
        return self.time.to_bytes(_TIME_BYTES, "big") + signature


def seconds(signature: bytes) -> int:
    """Return the time of a cosignature, in seconds since 1970; it counts once the key holds."""
    return int.from_bytes(signature[:_TIME_BYTES], "big")


def _message(key: CosignerKey, at: int, text: str) -> bytes:
    """Return the bytes that `key` signs for the checkpoint `text` at the time `at`."""
    if key.kind == ED25519:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    state = Checkpoint.parse(text)
    origin = state.origin.encode()
    if len(origin) > _MOST_NAME:
        raise MalformedCheckpoint(f"ML-DSA-44 signs origins of at most {_MOST_NAME} bytes")
    span = (0).to_bytes(8, "big") + state.size.to_bytes(8, "big")
    names = _named(key.name.encode()) + at.to_bytes(_TIME_BYTES, "big") + _named(origin)
    return _LABEL + names + span + state.root


def _named(raw: bytes) -> bytes:
    return bytes([len(raw)]) + raw
