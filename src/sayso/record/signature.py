"""A person's signature: SSHSIG, as OpenSSH's PROTOCOL.sshsig defines it.

What is signed, for a message and a namespace that says what the signature is for:

    byte[6]   "SSHSIG"
    string    namespace            one for each purpose, so that no signature serves for another
    string    reserved             empty
    string    hash algorithm       "sha512"; "sha256" is read too
    string    H(message)

What is stored, in base64 between two lines of armour:

    byte[6]   "SSHSIG"
    uint32    1
    string    public key           in SSH wire fields (`sayso.record.sshkey`)
    string    namespace
    string    reserved             empty
    string    hash algorithm
    string    signature            in SSH wire fields

`ssh-keygen -Y sign` makes these and `ssh-keygen -Y verify` checks them; nobody needs this program.

>>> key = SigningKey.generate()
>>> armored = sign(key, "decision@sayso", b"granted")
>>> verify(key.public, "decision@sayso", b"granted", armored)
>>> verify(key.public, "decision@sayso", b"refused", armored)
Traceback (most recent call last):
    ...
sayso.errors.Untrue: the signature does not fit the message
"""

from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import new as new_hash

from sayso.errors import MalformedSignature, Untrue
from sayso.record import b64, keys
from sayso.record.hardware import SK_P256, WEBAUTHN, Touch, asserted
from sayso.record.sshkey import ED25519, Made, PublicKey, SigningKey
from sayso.record.sshwire import Fields, mpint, string, uint32

__all__ = [
    "Armored",
    "PublicKey",
    "SigningKey",
    "from_passkey",
    "sign",
    "signed_bytes",
    "signer",
    "verify",
]

MOST_TEXT = 16_384

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = ("sha512", "sha256")
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_ED25519_BYTES = 64
_KEY = slice(14, 65)
"""Where the wire fields of an Ed25519 key stand: its type, and 32 bytes, each with its length."""
_BEFORE_KEY = _MAGIC + uint32(_VERSION) + uint32(_KEY.stop - _KEY.start)
_UNFIT = "the signature does not fit the message"
_WIDTH = 70  # as ssh-keygen breaks its lines, so that both write the same text


@dataclass(frozen=True, slots=True)
class Armored:
    """A signature as it was read; nothing about it is verified."""

    public: PublicKey
    namespace: str
    hash: str
    signature: bytes

    @property
    def touch(self) -> Touch | None:
        """What a hardware key said: whether it was touched, knew who, and a passkey's origin."""
        return Made.parse(self.signature).touch

    @classmethod
    def parse(cls, text: str) -> "Armored":
        """Return the signature of an armored text: `str` undone."""
        fields = Fields(_unarmored(text))
        if fields.take(len(_MAGIC)) != _MAGIC or fields.uint32() != _VERSION:
            raise MalformedSignature("the text is not an SSH signature of version 1")
        public = PublicKey.of(fields.string())
        namespace, reserved, algorithm = fields.text(), fields.string(), fields.text()
        if reserved:  # ssh-keygen ignores it, unsigned: whoever carries the text could write there
            raise MalformedSignature("the reserved field of the signature is not empty")
        if algorithm not in _HASHES:
            raise MalformedSignature(f"the hash `{algorithm[:20]}` is not known here")
        signature = fields.string()
        fields.end()
        return cls(public, namespace, algorithm, signature)

    def __str__(self) -> str:
        namespace, algorithm = self.namespace.encode(), self.hash.encode()
        strings = (self.public.blob, namespace, b"", algorithm, self.signature)
        return _armored(_MAGIC + uint32(_VERSION) + b"".join(map(string, strings)))


def signed_bytes(namespace: str, message: bytes, algorithm: str = "sha512") -> bytes:
    """Return the bytes that the key signs for `message` under `namespace`."""
    digest = new_hash(algorithm, message).digest()
    return _before_digest(namespace, algorithm) + string(digest)


@lru_cache(maxsize=256)  # one for each kind of entry
def _before_digest(namespace: str, algorithm: str) -> bytes:
    if not namespace:
        raise MalformedSignature("a signature needs a namespace that says what it is for")
    return _MAGIC + b"".join(map(string, (namespace.encode(), b"", algorithm.encode())))


def sign(key: SigningKey, namespace: str, message: bytes) -> str:
    """Return the armored signature over `message` under `namespace`: what `verify` checks."""
    signature = key.sign(signed_bytes(namespace, message))
    return str(Armored(key.public, namespace, "sha512", signature))


def verify(public: PublicKey, namespace: str, message: bytes, armored: str) -> None:
    """Raise unless `armored` is the signature of `public` over `message` under `namespace`.

    It must be the text that `ssh-keygen` writes: other line breaks, though they mean the same,
    would let whoever carries a signature change bytes that it should hold fast.
    """
    made = _plain(public, namespace, armored)
    if made is not None:
        if not keys.ed25519_holds(public.raw, made, signed_bytes(namespace, message)):
            raise Untrue(_UNFIT)
        return
    parsed = _parsed(armored)
    if parsed.public != public:
        raise Untrue(
            f"the signature is of the key {parsed.public.fingerprint}, not {public.fingerprint}"
        )
    _check(parsed, namespace, message)


def signer(namespace: str, message: bytes, armored: str) -> PublicKey:
    """Return the key that `armored` brings along, whose signature over `message` it must be."""
    public = _brought(armored)
    if public is not None:
        verify(public, namespace, message, armored)
        return public
    parsed = _parsed(armored)
    _check(parsed, namespace, message)
    return parsed.public


def _brought(armored: str) -> PublicKey | None:
    """Return the Ed25519 key that a signature brings along, or None: then it has to be parsed."""
    try:
        raw = b64decode(armored[len(_BEGIN) : -len(_END) - 1])  # which passes the line breaks over
        return PublicKey.of(raw[_KEY]) if raw.startswith(_BEFORE_KEY) else None
    except (ValueError, MalformedSignature):
        return None


def _parsed(armored: str) -> Armored:
    parsed = Armored.parse(armored)
    if str(parsed) != armored:
        raise MalformedSignature("the signature is not written as `ssh-keygen` writes it")
    return parsed


def _check(parsed: Armored, namespace: str, message: bytes) -> None:
    if parsed.namespace != namespace:
        raise Untrue(f"the signature is for `{parsed.namespace[:64]}`, not for `{namespace}`")
    if not parsed.public.holds(parsed.signature, signed_bytes(namespace, message, parsed.hash)):
        raise Untrue(_UNFIT)


def _plain(public: PublicKey, namespace: str, armored: str) -> bytes | None:
    """Return the 64 bytes of an Ed25519 signature whose text is the one it should have; or None.

    Nearly all are such, and differ from each other in these bytes alone: there is nothing to parse.
    What is otherwise is left to the way that can say what is wrong.
    """
    if public.kind != ED25519:
        return None
    try:
        raw = b64decode(armored[len(_BEGIN) : -len(_END) - 1])  # which passes the line breaks over
    except ValueError:
        return None
    before = _before_signature(public, namespace)
    if not raw.startswith(before) or armored != _armored(raw):
        return None
    made = raw[len(before) :]
    return made if len(made) == _ED25519_BYTES else None


@lru_cache(maxsize=1024)  # the same few people sign again and again
def _before_signature(public: PublicKey, namespace: str) -> bytes:
    """Return all that stands before the 64 bytes in a signature of an Ed25519 key."""
    inner = bytes(Made(ED25519, bytes(_ED25519_BYTES)))
    strings = (public.blob, namespace.encode(), b"", b"sha512", inner)
    whole = _MAGIC + uint32(_VERSION) + b"".join(map(string, strings))
    return whole[:-_ED25519_BYTES]


def from_passkey(
    public: PublicKey, challenge: bytes, *, authenticator: bytes, client: bytes, signature: bytes
) -> str:
    """Return the armored signature that a browser's assertion is, for `verify` and `ssh-keygen`.

    `challenge` is `signed_bytes` of the namespace and message, as it was given to the browser; the
    rest is the assertion's authenticatorData, clientDataJSON and signature.
    """
    if public.kind != SK_P256:
        raise MalformedSignature(
            "only a passkey with an ES256 key can be written as an SSH signature"
        )
    touch = asserted(public.application, challenge, authenticator=authenticator, client=client)
    try:
        first, second = keys.read_der(signature)
    except ValueError:
        raise MalformedSignature("the passkey's signature is not two numbers in DER") from None
    made = Made(WEBAUTHN, mpint(first) + mpint(second), touch)
    fields = Fields(challenge.removeprefix(_MAGIC))
    namespace, _, algorithm = fields.text(), fields.string(), fields.text()
    return str(Armored(public, namespace, algorithm, bytes(made)))


def _armored(raw: bytes) -> str:
    encoded = b64.write(raw)
    lines = (encoded[start : start + _WIDTH] for start in range(0, len(encoded), _WIDTH))
    return "\n".join((_BEGIN, *lines, _END)) + "\n"


def _unarmored(text: str) -> bytes:
    if len(text) > MOST_TEXT:
        raise MalformedSignature(f"a signature of more than {MOST_TEXT} letters is none")
    lines = text.removesuffix("\n").split("\n")
    if (lines[0], lines[-1]) != (_BEGIN, _END):
        raise MalformedSignature(
            "the text is not an armored SSH signature", hint="`ssh-keygen -Y sign` makes one"
        )
    try:
        return b64.read("".join(lines[1:-1]))
    except ValueError:
        raise MalformedSignature("the signature is not base64") from None
