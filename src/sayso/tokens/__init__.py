"""Keys that a token holds: an HSM, a smart card, anything that speaks PKCS#11 (OASIS, v2.40).

A key is named by a `pkcs11:` URI (`tokens.uri`) and never leaves its token, which signs when it is
asked. What comes out is a key that signs as one from a file does (`record.keys`), for a person's
signatures or for a log's. Only `tokens.driver` knows the library, and only who asks for a token
needs it.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from sayso.errors import TokenError
from sayso.record.keys import Held, HeldP256
from sayso.tokens.pins import Pins
from sayso.tokens.uri import SCHEME, KeyUri

__all__ = ["SCHEME", "KeyUri", "Pins", "held", "make"]


def held(uri: KeyUri, pins: Pins) -> Held | HeldP256:
    """Return the key that a token holds, ready to be asked; the token stays open."""
    return _driver().held(uri, pins)


def make(uri: KeyUri, pins: Pins, *, ecdsa: bool = False) -> None:
    """Let a token make a key pair that is named so: of Ed25519, or of ECDSA on P-256."""
    _driver().make(uri, pins, ecdsa=ecdsa)


class _Driver(Protocol):
    def held(self, uri: KeyUri, pins: Pins) -> Held | HeldP256:
        """See above."""

    def make(self, uri: KeyUri, pins: Pins, *, ecdsa: bool) -> None:
        """See above."""


def _driver() -> _Driver:
    """Return the module that asks tokens, which only those need who installed its library."""
    if find_spec("pkcs11") is None:
        raise TokenError(
            "the library for keys in tokens is not installed", hint="`pip install sayso[hsm]`"
        )
    return cast(_Driver, import_module("sayso.tokens.driver"))
