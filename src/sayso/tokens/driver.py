"""The one module that asks tokens: PKCS#11 through `python-pkcs11`.

A key is looked for by its public and its private object, of which there must be one each. The
public one gives the key itself (CKA_EC_POINT), and the private one signs: with CKM_EDDSA, or with
CKM_ECDSA over a SHA-256 that is taken here, since few tokens hash. Whatever a token signs is
verified before it is used: a checkpoint that did not hold would stand in the record for ever.

A token is logged in to once and stays so as long as this process runs; a wrong PIN is tried once,
since a token locks itself after a few.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Protocol, cast

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag

from sayso.errors import TokenError
from sayso.record import keys
from sayso.record.keys import Held, HeldP256
from sayso.tokens.pins import Pins
from sayso.tokens.uri import KeyUri

# CKA_EC_PARAMS: the curve's name (PKCS#11 v3.0 §2.3.10) or its object identifier (RFC 8410 §3)
_ED25519 = (bytes.fromhex("130c656477617264733235353139"), bytes.fromhex("06032b6570"))
_P256 = bytes.fromhex("06082a8648ce3d030107")  # 1.2.840.10045.3.1.7, RFC 5480 §2.1.1.1
_OCTETS, _BITS = 0x04, 0x03  # the tags of DER that a point may be wrapped in


class _Private(Protocol):
    """A private key in a token, whatever it signs with."""

    session: pkcs11.Session

    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes:
        """Return the signature over `data`, as the token gives it."""


def held(uri: KeyUri, pins: Pins) -> Held | HeldP256:
    """Return the key that a token holds, ready to be asked; the token stays open."""
    with _told(uri):
        session = _session(uri, pins, writes=False)
        public = _one(session, uri, ObjectClass.PUBLIC_KEY)
        private = cast(_Private, _one(session, uri, ObjectClass.PRIVATE_KEY))
        kind, point = public[Attribute.KEY_TYPE], public[Attribute.EC_POINT]
        curve = public[Attribute.EC_PARAMS]
    if kind is KeyType.EC_EDWARDS and curve in _ED25519:
        raw = _point(point, keys.ED25519_BYTES, uri)
        return Held(raw, str(uri), _asking(uri, private, Mechanism.EDDSA, raw))
    if kind is KeyType.EC and curve == _P256:
        raw = _point(point, keys.P256_BYTES, uri)
        return HeldP256(raw, str(uri), _asking(uri, private, Mechanism.ECDSA, raw))
    raise TokenError(
        f"the key `{_named(uri)}` is neither an Ed25519 nor an ECDSA P-256 key",
        hint="`sayso key new pkcs11:…` makes one, if the token can",
    )


def make(uri: KeyUri, pins: Pins, *, ecdsa: bool) -> None:
    """Let the token make a key pair that is named so, and can never be taken out of it."""
    if uri.object is None:
        raise TokenError("a new key needs a label: name it with `object`")
    kind, curve = (KeyType.EC, _P256) if ecdsa else (KeyType.EC_EDWARDS, _ED25519[0])
    how = Mechanism.EC_KEY_PAIR_GEN if ecdsa else Mechanism.EC_EDWARDS_KEY_PAIR_GEN
    with _told(uri):
        session = _session(uri, pins, writes=True)
        _check_can(session.token, how, uri)
        if next(iter(session.get_objects({Attribute.LABEL: uri.object})), None) is not None:
            raise TokenError(
                f"the token has something named `{uri.object}` already",
                hint="a key is never replaced; name a new one",
            )
        domain = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: curve}, local=True)
        domain.generate_keypair(
            id=uri.id,
            label=uri.object,
            store=True,
            mechanism=how,
            private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )


def _asking(
    uri: KeyUri, private: "_Private", how: Mechanism, public: bytes
) -> Callable[[bytes], bytes]:
    """Return what signs with the private key in the token, one signature at a time."""
    turn = Lock()  # a session does one thing at a time

    def ask(message: bytes) -> bytes:
        given = sha256(message).digest() if how is Mechanism.ECDSA else message
        with turn, _told(uri):
            _check_can(private.session.token, how, uri)
            signature = bytes(private.sign(given, mechanism=how))
        if not _holds(how, public, signature, message):
            raise TokenError(
                f"what the token signed does not hold under the key `{_named(uri)}`",
                hint="are the public and the private object of one pair?",
            )
        return signature

    return ask


def _holds(how: Mechanism, public: bytes, signature: bytes, message: bytes) -> bool:
    if how is Mechanism.EDDSA:
        return keys.ed25519_holds(public, signature, message)
    half = len(signature) // 2
    numbers = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    return keys.p256_holds(public, numbers, message)


def _session(uri: KeyUri, pins: Pins, *, writes: bool) -> pkcs11.Session:
    """Return a session with the token, logged in."""
    token = _token(uri)
    try:
        return token.open(rw=writes, user_pin=pins.of(uri, token.label))
    except pkcs11.UserAlreadyLoggedIn:  # by another key of this process: all sessions share it
        return token.open(rw=writes)


def _token(uri: KeyUri) -> pkcs11.Token:
    try:
        library = pkcs11.lib(uri.module)
    except pkcs11.PKCS11Error as error:
        raise TokenError(
            f"`{uri.module}` is no PKCS#11 module that can be loaded: {error}",
            hint="give the path of the library that the token's maker gives, as `module-path`",
        ) from None
    slots = (slot.get_token() for slot in library.get_slots(token_present=True))
    there = [each for each in slots if TokenFlag.TOKEN_INITIALIZED in each.flags]
    fit = [each for each in there if _fits(each, uri)]
    if len(fit) != 1:
        labels = ", ".join(sorted(f"`{each.label}`" for each in there if each.label))
        raise TokenError(
            f"{'no token fits' if not fit else f'{len(fit)} tokens fit'} `{_sought(uri)}`",
            hint=f"there are {labels}" if labels else "no token is there",
        )
    return fit[0]


def _fits(token: pkcs11.Token, uri: KeyUri) -> bool:
    pairs = (
        (uri.token, token.label),
        (uri.serial, token.serial.decode("utf-8", "replace").strip()),
        (uri.manufacturer, token.manufacturer_id),
        (uri.model, token.model),
    )
    return all(wanted is None or wanted == found for wanted, found in pairs)


def _one(session: pkcs11.Session, uri: KeyUri, kind: ObjectClass) -> "pkcs11.Object":
    """Return the one object of that class that the URI names."""
    wanted: dict[Attribute, object] = {Attribute.CLASS: kind}
    if uri.object is not None:
        wanted[Attribute.LABEL] = uri.object
    if uri.id is not None:
        wanted[Attribute.ID] = uri.id
    found = list(session.get_objects(wanted))
    if len(found) == 1:
        return found[0]
    half = "private" if kind is ObjectClass.PRIVATE_KEY else "public"
    raise TokenError(
        f"the token `{session.token.label}` has {len(found) or 'no'} {half} "
        f"key{'s' if found else ''} named `{_named(uri)}`",
        hint="`sayso key new pkcs11:…` makes a pair; `id` tells two of one label apart",
    )


def _point(wrapped: bytes, size: int, uri: KeyUri) -> bytes:
    """Return the bytes of a public key: as they are, or out of an OCTET STRING or BIT STRING."""
    for head in (b"", bytes((_OCTETS, size)), bytes((_BITS, size + 1, 0))):
        if wrapped.startswith(head) and len(wrapped) == len(head) + size:
            return wrapped[len(head) :]
    raise TokenError(f"the public key `{_named(uri)}` cannot be read from the token")


def _check_can(token: pkcs11.Token, how: Mechanism, uri: KeyUri) -> None:
    if how not in token.slot.get_mechanisms():
        raise TokenError(
            f"the token `{token.label}` cannot do CKM_{how.name}, which `{_named(uri)}` needs",
            hint="Ed25519 needs CKM_EDDSA, and ECDSA P-256, which is more common, CKM_ECDSA",
        )


def _named(uri: KeyUri) -> str:
    return uri.object or (uri.id or b"").hex()


def _sought(uri: KeyUri) -> str:
    wanted = (uri.token, uri.serial, uri.manufacturer, uri.model)
    return ", ".join(each for each in wanted if each is not None) or "anything"


_PINS = {
    pkcs11.PinIncorrect: "the PIN of the token is not right",
    pkcs11.PinInvalid: "the PIN has characters that the token does not take",
    pkcs11.PinLenRange: "the PIN is too long or too short for the token",
    pkcs11.PinLocked: "the token is locked: its PIN was given wrong too often",
    pkcs11.PinExpired: "the PIN of the token has expired",
    pkcs11.UserPinNotInitialized: "the token has no PIN for its user yet",
}


@contextmanager
def _told(uri: KeyUri) -> Iterator[None]:
    """Say in one way whatever the library or the token says."""
    try:
        yield
    except tuple(_PINS) as error:
        hint = "it was tried once, and a token locks itself after a few"
        raise TokenError(_PINS[type(error)], hint=hint) from None
    except pkcs11.PKCS11Error as error:
        said = str(error) or type(error).__name__
        raise TokenError(f"the token did not do it for `{_named(uri)}`: {said}") from None
