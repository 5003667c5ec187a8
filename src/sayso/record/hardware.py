"""What a security key or a passkey really signs: OpenSSH PROTOCOL.u2f, WebAuthn 2 §6.1 and §7.2.

Such a key signs no message but its own statement about one:

    byte[32]  SHA-256 of the application: `ssh:…`, or the domain a passkey belongs to
    byte      flags: 0x01 somebody touched it, 0x04 it knew who, 0x80 extensions follow
    uint32    how often it has signed
    byte[]    extensions
    byte[32]  SHA-256 of the message; of a passkey, of the client data

The client data is what the browser wrote, JSON that begins with exactly

    {"type":"webauthn.get","challenge":"BASE64URL","origin":"ORIGIN"

where the challenge is the message. In an SSH signature stand, after the type and the signature
itself,

    byte      flags
    uint32    counter
    and in type webauthn-sk-ecdsa-sha2-nistp256@openssh.com only:
    string    origin
    string    client data
    string    extensions

A signature that nobody touched the key for holds for nobody; `ssh-keygen -Y verify` does not look.
Whether the key must have known who, and which origins count, is for the caller, who finds both in
`Touch`.

>>> touch = Touch(flags=0x05, counter=7)
>>> touch.present, touch.verified, len(covered(touch, "ssh:", b"message"))
(True, True, 69)
"""

from dataclasses import dataclass
from hashlib import sha256

from sayso.errors import MalformedSignature
from sayso.record import b64
from sayso.record.sshwire import Fields, string, uint32

SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_P256 = "sk-ecdsa-sha2-nistp256@openssh.com"
WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"

_PRESENT, _VERIFIED, _ATTESTED, _EXTENDED = 0x01, 0x04, 0x40, 0x80
_FIXED_BYTES = 37  # of authenticator data before its extensions: hash, flags, counter


@dataclass(frozen=True, slots=True)
class Touch:
    """What the key said beside its signature; a passkey's has an origin and client data."""

    flags: int
    counter: int
    origin: str = ""
    client: bytes = b""
    extensions: bytes = b""

    @property
    def present(self) -> bool:
        """Whether somebody touched the key."""
        return bool(self.flags & _PRESENT)

    @property
    def verified(self) -> bool:
        """Whether the key knew who."""
        return bool(self.flags & _VERIFIED)

    @property
    def passkey(self) -> bool:
        """Whether a browser asked for the signature."""
        return bool(self.client)

    def __bytes__(self) -> bytes:
        fixed = bytes([self.flags]) + uint32(self.counter)
        if not self.passkey:
            return fixed
        return fixed + b"".join(map(string, (self.origin.encode(), self.client, self.extensions)))


def read(fields: Fields, kind: str) -> Touch:
    """Return what stands after the signature itself in a signature of type `kind`: bytes undone."""
    flags, counter = fields.byte(), fields.uint32()
    if kind != WEBAUTHN:
        return Touch(flags, counter)
    origin, client, extensions = fields.text(), fields.string(), fields.string()
    if not client:
        raise MalformedSignature("the passkey's signature has no client data")
    return Touch(flags, counter, origin, client, extensions)


def covered(touch: Touch, application: str, message: bytes) -> bytes | None:
    """Return the bytes that the key signed if it signed `message`, or nothing if it cannot have."""
    if not touch.present or (touch.passkey and not _asked(touch, message)):
        return None
    hashed = sha256(touch.client if touch.passkey else message).digest()
    fixed = bytes([touch.flags]) + uint32(touch.counter)
    return sha256(application.encode()).digest() + fixed + touch.extensions + hashed


def _asked(touch: Touch, message: bytes) -> bool:
    """Return whether the browser asked for `message`, by the form that OpenSSH accepts."""
    consistent = not touch.flags & _ATTESTED and (
        bool(touch.flags & _EXTENDED) == bool(touch.extensions)
    )
    begin = _begin(message) + touch.origin.encode() + b'"'
    return consistent and '"' not in touch.origin and touch.client.startswith(begin)


def _begin(message: bytes) -> bytes:
    challenge = b64.write_url(message)
    return f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"'.encode()


def asserted(application: str, message: bytes, *, authenticator: bytes, client: bytes) -> Touch:
    """Return the touch in a browser's assertion about `message`, for the key of `application`.

    `authenticator` and `client` are the assertion's authenticatorData and clientDataJSON.
    """
    if len(authenticator) < _FIXED_BYTES:
        raise MalformedSignature("the authenticator data is too short")
    if authenticator[:32] != sha256(application.encode()).digest():
        raise MalformedSignature(f"the passkey does not belong to `{application}`")
    begin = _begin(message)
    origin, quote, _ = client.removeprefix(begin).partition(b'"')
    if not client.startswith(begin) or not quote:
        raise MalformedSignature("the browser was asked to sign something else")
    fields = Fields(authenticator[32:])
    flags, counter = fields.byte(), fields.uint32()
    try:
        said = origin.decode()
    except UnicodeDecodeError:
        raise MalformedSignature("the origin is not UTF-8") from None
    touch = Touch(flags, counter, said, client, authenticator[_FIXED_BYTES:])
    if covered(touch, application, message) is None:
        raise MalformedSignature("the passkey was not touched, or says things that do not fit")
    return touch
