"""Base64 (RFC 4648 §4) with exactly one text for the same bytes.

Python's decoder skips letters it does not know and ignores the spare bits of the last one, so a
changed text may stand for unchanged bytes; in a record where every byte must count that is a hole.

>>> write(b"sayso")
'c2F5c28='
>>> read("c2F5c28=")
b'sayso'
"""

from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import Error


def write(raw: bytes) -> str:
    """Return the base64 text of `raw`."""
    return b64encode(raw).decode()


def read(text: str) -> bytes:
    """Return the bytes of the one base64 `text`; ValueError for any other text."""
    try:
        raw = b64decode(text, validate=True)
    except Error as error:
        raise ValueError(str(error)) from None
    if write(raw) != text:
        raise ValueError("the base64 text is not the one its bytes have")
    return raw


def write_url(raw: bytes) -> str:
    """Return the base64url text of `raw` without padding: RFC 4648 §5."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_url(text: str) -> bytes:
    """Return the bytes of the one base64url `text`; ValueError for any other text."""
    if not text.isascii() or "+" in text or "/" in text or "=" in text:
        raise ValueError("not base64url without padding")
    padded = text.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(text) % 4)
    return read(padded)
