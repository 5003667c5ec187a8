r"""What is kept beside the record, and named on it by its SHA-256: it can be withheld and erased.

An *enclosure* is bytes. An entry holds only their digest, which never changes: so the record
verifies whether or not its reader was given the enclosure, and after it was erased everywhere.
There are two kinds. An attachment is a paper as it was handed over, named by its SHA-256 in
hexadecimal. A sealed text is a disclosure as RFC 9901 §4.2.2 has it,

    base64url( ["SALT", "the words"] )        16 random bytes of salt in base64url, then the words

and stands in the entry as the name of its bytes by RFC 6920,

    ni:///sha-256;DIGEST                      the SHA-256 of that text in base64url

Without the salt a short text could be guessed from its digest. Whoever may write a text must not be
able to name what another has sealed: `casework.sealing` sees to it.

>>> disclosed = seal("no use at night", salt=bytes(16))
>>> disclosed
b'WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwibm8gdXNlIGF0IG5pZ2h0Il0'
>>> name(disclosed)
'ni:///sha-256;WzyVkdB5JRRK7Vr_psrVoV_TZ7IcaZVEt1oEyex5On8'
>>> digest_of(name(disclosed)) == digest(disclosed)
True
>>> opened(disclosed)
'no use at night'
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from hashlib import sha256

from sayso import wire
from sayso.errors import Malformed, MalformedEnclosure
from sayso.record import b64

SALT_BYTES = 16
DIGEST_BYTES = 32
MOST_BYTES = 16 * 2**20
MOST_TEXT_BYTES = 65_535  # as many as an entry's

SCHEME = "ni:///sha-256;"
NAME = re.compile(re.escape(SCHEME) + r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""The name of a sealed text, wherever it stands; the last of 43 letters has two spare bits."""

_SALT_LETTERS = 22


def seal(text: str, *, salt: bytes) -> bytes:
    """Return the disclosure of `text`; the salt is 16 bytes of the system's randomness."""
    if len(salt) != SALT_BYTES:
        raise MalformedEnclosure(f"a salt has {SALT_BYTES} bytes")
    return b64.write_url(wire.dump([b64.write_url(salt), text])).encode()


def opened(disclosed: bytes) -> str:
    """Return the words of a disclosure; `MalformedEnclosure` for any bytes that are none."""
    try:
        value = wire.load(b64.read_url(disclosed.decode("ascii")))
    except (Malformed, ValueError):
        raise MalformedEnclosure("the sealed text is no disclosure") from None
    match value:
        case [str(salt), str(text)] if _is_salt(salt):
            return text
    raise MalformedEnclosure("a disclosure is a salt of 16 bytes, and a text")


def write_lines(disclosed: Iterable[bytes]) -> bytes:
    """Return disclosures as lines that a person can read: the JSON of each."""
    return b"".join(b64.read_url(each.decode("ascii")) + b"\n" for each in disclosed)


def read_lines(lines: bytes) -> tuple[bytes, ...]:
    """Return the disclosures of `write_lines`, byte for byte; what they say is not looked at."""
    return tuple(b64.write_url(each).encode() for each in lines.splitlines())


def _is_salt(text: str) -> bool:
    try:
        return len(text) == _SALT_LETTERS and len(b64.read_url(text)) == SALT_BYTES
    except ValueError:
        return False


def digest(enclosed: bytes) -> bytes:
    """Return the SHA-256 of an enclosure: what names it."""
    return sha256(enclosed).digest()


def name(enclosed: bytes) -> str:
    """Return the name by which an entry holds a sealed text: RFC 6920 §3."""
    return written(digest(enclosed))


def written(digest: bytes) -> str:
    """Return the name that has a digest."""
    return SCHEME + b64.write_url(digest)


def digest_of(name: str) -> bytes:
    """Return the digest in a name; `MalformedEnclosure` if it is none."""
    if not NAME.fullmatch(name):
        raise MalformedEnclosure(f"`{name[:80]}` names no sealed text")
    return urlsafe_b64decode(name.removeprefix(SCHEME) + "=")  # of such letters there is one text


def is_name(text: str) -> bool:
    """Return whether a text is the name of an enclosure, and nothing else."""
    return NAME.fullmatch(text) is not None
