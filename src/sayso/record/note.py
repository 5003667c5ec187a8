r"""Signed notes, C2SP signed-note v1.0.0: a text that several keys have signed.

    text                          UTF-8, ends in a newline, no control character but newline
    (an empty line)               the last one in the note
    — NAME BASE64                 one line for each signature: em dash, space, name, space, base64
                                  of four bytes of key id and the signature over the text

A verifier key is one line, `NAME+IDHEX+BASE64`, where the base64 holds a byte of signature type
and the public key, and

    key id = SHA-256(NAME || 0x0A || type || public key)[:4]

Here the type is 0x01, Ed25519 over the text as it stands. Other types fit in by being a `Key` and a
`Secret` too.

>>> signer = Signer.generate("example.com/log")
>>> note = sign("the text\n", [signer])
>>> note.startswith("the text\n\n— example.com/log ".encode())
True
>>> open(note, [signer.key]).text
'the text\n'
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from sayso.errors import MalformedNote, Untrue
from sayso.record import b64, keys

MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100  # a verifier must accept 16 (signed-note, Format) and should have a limit
ID_BYTES = 4
ED25519 = 0x01

_DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Key(Protocol):
    """What can check a signature line: the public half."""

    @property
    def name(self) -> str:
        """The name that stands in the line."""

    @property
    def id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""

    def holds(self, text: str, signature: bytes) -> bool:
        """Return whether `signature` over `text` was made with this key."""


class Secret(Protocol):
    """What can write a signature line: the private half."""

    @property
    def key(self) -> Key:
        """The public half."""

    def sign(self, text: str) -> bytes:
        """Return the signature over `text`, without the key id."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature of the note that was verified: whose, and its bytes without the key id."""

    key: Key
    signature: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A note that at least one known key has signed; `ignored` counts the lines of other keys."""

    text: str
    signatures: tuple[Signed, ...]
    ignored: int


@dataclass(frozen=True, slots=True)
class Line:
    """A signature line as it was read; nothing about it is verified."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64.write(self.id + self.signature)}\n"


# --- keys --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 key that signs notes as they stand."""

    name: str
    public: bytes
    id: bytes = field(init=False, repr=False)  # the four bytes that tell keys of one name apart

    def __post_init__(self) -> None:
        check_name(self.name)
        try:
            keys.check_ed25519(self.public)
        except ValueError as error:
            raise MalformedNote(f"the key `{self.name}` is none: {error}") from None
        object.__setattr__(self, "id", key_id(self.name, ED25519, self.public))

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Return the key of a verifier key line: `str` undone."""
        name, kind, public = parse_key(text)
        if kind != ED25519:
            raise MalformedNote(
                f"the key `{name}` has signature type {kind:#04x}", hint="0x01, Ed25519, is wanted"
            )
        return cls(name, public)

    @property
    def algorithm(self) -> str:
        """What the key signs with, in words."""
        return "Ed25519"

    def holds(self, text: str, signature: bytes) -> bool:
        """Return whether `signature` over `text` was made with this key."""
        return keys.ed25519_holds(self.public, signature, text.encode())

    def __str__(self) -> str:
        return key_text(self.name, ED25519, self.public)


@dataclass(frozen=True, slots=True)
class Signer:
    """A named private Ed25519 key."""

    name: str
    secret: keys.Ed25519 | keys.Held
    key: VerifierKey = field(init=False)  # the public half

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", VerifierKey(self.name, self.secret.public))

    @classmethod
    def generate(cls, name: str) -> "Signer":
        """Return a new signer from the system's randomness."""
        return cls(name, keys.Ed25519.generate())

    @classmethod
    def read(cls, name: str, pem: bytes, holder: keys.Holder | None = None) -> "Signer":
        """Return the signer of an unencrypted PKCS#8 PEM, or of the line that names it."""
        try:
            secret = keys.read_pem(pem, holder)
        except ValueError as error:
            raise MalformedNote(f"the private key of `{name}` cannot be read: {error}") from None
        if isinstance(secret, keys.MlDsa44):
            raise MalformedNote(f"the private key of `{name}` is not an Ed25519 key")
        return cls(name, secret)

    def pem(self) -> bytes:
        """Return the private key as PKCS#8 PEM, unencrypted, or the line that names it."""
        return self.secret.pem()

    def sign(self, text: str) -> bytes:
        """Return the signature over `text`, without the key id."""
        return self.secret.sign(text.encode())


def check_name(name: str) -> None:
    """Raise unless `name` can name a key: not empty, no space, no plus, no control character."""
    if not _NAME.fullmatch(name):
        raise MalformedNote(
            f"`{name}` cannot name a key", hint="write it as example.com/log: no spaces, no plus"
        )
    _encoded(name)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes that stand for the key in a signature line."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:ID_BYTES]


def key_text(name: str, kind: int, public: bytes) -> str:
    """Return the verifier key line: `parse_key` undone."""
    kinded = bytes([kind]) + public
    return f"{name}+{key_id(name, kind, public).hex()}+{b64.write(kinded)}"


def parse_key(text: str) -> tuple[str, int, bytes]:
    """Return the name, signature type and public key of a verifier key line."""
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    check_name(name)
    try:
        kinded = b64.read(encoded)
    except ValueError:
        raise MalformedNote(f"the key of `{name}` is not base64") from None
    if not kinded or key_id(name, kinded[0], kinded[1:]).hex() != identity:
        raise MalformedNote(
            f"`{identity[:16]}` is not the id of the key of `{name}`",
            hint="copy the whole line, NAME+ID+KEY",
        )
    return name, kinded[0], kinded[1:]


# --- notes -------------------------------------------------------------------------------------


def sign(text: str, signers: Sequence[Secret]) -> bytes:
    """Return the note of `text` with one signature line by each of `signers`."""
    _check_text(text)
    return (text + "\n").encode() + b"".join(line(text, signer) for signer in signers)


def line(text: str, signer: Secret) -> bytes:
    """Return the signature line of `signer` under `text`; it may be put at the end of its note."""
    return str(Line(signer.key.name, signer.key.id, signer.sign(text))).encode()


def open(note: bytes, known: Iterable[Key]) -> Opened:  # noqa: A001  # note.open undoes note.sign
    """Return the note with the signatures of the `known` keys, every one of them verified.

    Lines of other keys are ignored. One line of a known key that does not hold makes the whole note
    untrue, and so does a note that no known key has signed: signed-note, Signatures.
    """
    text, lines = split(note)
    by_line = {(key.name, key.id): key for key in known}
    verified: dict[tuple[str, bytes], Signed] = {}
    for each in lines:
        key = by_line.get((each.name, each.id))
        if key is None:
            continue
        if not key.holds(text, each.signature):
            raise Untrue(f"the signature of `{each.name}` does not fit the note")
        verified.setdefault((each.name, each.id), Signed(key, each.signature))
    if not verified:
        raise Untrue("the note is signed by no known key")
    ignored = sum((each.name, each.id) not in by_line for each in lines)
    return Opened(text, tuple(verified.values()), ignored)


def split(note: bytes) -> tuple[str, tuple[Line, ...]]:
    """Return the text and the signature lines of a note, unverified."""
    if len(note) > MOST_BYTES:
        raise MalformedNote(f"the note is longer than {MOST_BYTES} bytes")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise MalformedNote(f"byte {error.start} of the note is not UTF-8") from None
    head, gap, foot = whole.rpartition("\n\n")
    if not gap or not foot.endswith("\n"):
        raise MalformedNote("the note does not end in an empty line and signature lines")
    text = head + "\n"
    _check_text(text)
    lines = foot[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise MalformedNote(f"the note has more than {MOST_SIGNATURES} signatures")
    return text, tuple(parse_line(each) for each in lines)


def parse_line(text: str) -> Line:
    """Return the signature line that `text`, without its newline, is: `str` undone."""
    name, space, encoded = text.removeprefix(_DASH).partition(" ")
    if not text.startswith(_DASH) or not space:
        raise MalformedNote(f"`{text[:40]}` is not a signature line")
    check_name(name)
    try:
        raw = b64.read(encoded)
    except ValueError:
        raise MalformedNote(f"the signature of `{name}` is not base64") from None
    if len(raw) <= ID_BYTES:
        raise MalformedNote(f"the signature of `{name}` is too short")
    return Line(name, raw[:ID_BYTES], raw[ID_BYTES:])


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise MalformedNote("the text of a note ends in a newline")
    if _CONTROL.search(text):
        raise MalformedNote("the text of a note has a control character")
    _encoded(text)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise MalformedNote("the text holds a lone surrogate") from None
