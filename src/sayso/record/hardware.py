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

`ssh-keygen -Y verify` asks no more. Here, before an entry is taken in and whenever it is verified,

1.  somebody must have touched the key;
2.  a passkey, that is a key for a domain and not for `ssh:…`, must have known who (0x04), however
    it was asked: whoever finds it lying about cannot sign;
3.  its ORIGIN must be `https://HOST` or `https://HOST:PORT`, or the same with http where HOST is
    `localhost`, and HOST the domain or one below it; and
4.  its client data must be strict JSON (`sayso.wire`) that does not say `"crossOrigin":true`: a
    page within another's page can be shown to somebody who sees only the other.

>>> touch = Touch(flags=0x05, counter=7)
>>> touch.present, touch.verified, len(covered(touch, "ssh:", b"message"))
(True, True, 69)
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from sayso import wire
from sayso.errors import MalformedSignature, MalformedValue, Untrue
from sayso.record import b64
from sayso.record.sshwire import Fields, string, uint32

SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_P256 = "sk-ecdsa-sha2-nistp256@openssh.com"
WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"

_PRESENT, _VERIFIED, _ATTESTED, _EXTENDED = 0x01, 0x04, 0x40, 0x80
_FIXED_BYTES = 37  # of authenticator data before its extensions: hash, flags, counter
_OF_SSH = "ssh:"  # what the application of a key begins with that OpenSSH has made
_ORIGIN = re.compile(r"(?:https://|http://(?=localhost(?::|$)))([a-z0-9.-]{1,253})(?::[0-9]{1,5})?")


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


def covered(touch: Touch, application: str, message: bytes) -> bytes:
    """Return the bytes that the key signed if it signed `message`.

    Raises `Untrue`, and says why, if it cannot have, or if what it says of itself is not enough.
    """
    if not touch.present:
        raise Untrue("nobody touched the key for the signature", hint="touch it, and sign again")
    if not touch.verified and not application.startswith(_OF_SSH):
        raise Untrue(
            f"the passkey of `{application}` did not ask who signs",
            hint="sign again with its PIN, finger or face: userVerification `required`",
        )
    if touch.passkey:
        _check_asked(touch, message)
        _check_origin(touch, application)
    hashed = sha256(touch.client if touch.passkey else message).digest()
    fixed = bytes([touch.flags]) + uint32(touch.counter)
    return sha256(application.encode()).digest() + fixed + touch.extensions + hashed


def _check_asked(touch: Touch, message: bytes) -> None:
    """Raise unless the browser asked for `message`, by the form that OpenSSH accepts."""
    consistent = not touch.flags & _ATTESTED and (
        bool(touch.flags & _EXTENDED) == bool(touch.extensions)
    )
    begin = _begin(message) + touch.origin.encode() + b'"'
    if not consistent or '"' in touch.origin or not touch.client.startswith(begin):
        raise Untrue("the signature does not fit the message: the passkey was asked something else")


def _check_origin(touch: Touch, application: str) -> None:
    """Raise unless the page that asked is one of the passkey's own domain, and stands alone."""
    found = _ORIGIN.fullmatch(touch.origin)
    if found is None or not f".{found[1]}".endswith(f".{application}"):
        raise Untrue(f"a page of `{touch.origin[:80]}` asked the passkey of `{application}`")
    try:
        said = wire.load(touch.client)
    except MalformedValue as error:
        raise Untrue(f"the passkey's client data is not strict JSON: {error.what}") from None
    if not isinstance(said, dict) or said.get("crossOrigin", False) is not False:
        raise Untrue("a page within another's page asked the passkey")


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
    try:
        covered(touch, application, message)
    except Untrue as error:
        raise MalformedSignature(error.what, hint=error.hint) from None
    return touch
