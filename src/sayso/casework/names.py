"""What may be a name on the record: of an office, a person, an article, a partner, a policy."""

import re
from collections.abc import Iterable

from sayso.errors import MalformedEntry

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 63


def check(kind: str, text: str) -> None:
    """Raise `MalformedEntry` unless `text` is lower-case letters, digits and single hyphens."""
    if len(text) > _LONGEST or _NAME.fullmatch(text) is None:
        raise MalformedEntry(
            f"`{text}` cannot name {kind}",
            hint=f"use lower-case letters, digits and single hyphens, {_LONGEST} at most",
        )


_HEXADECIMAL = set("0123456789abcdef")
_SHA_256 = 64  # hexadecimal digits


def check_digests(digests: Iterable[str]) -> None:
    """Raise `MalformedEntry` unless each is a SHA-256 in lower-case hexadecimal."""
    for digest in digests:
        if len(digest) != _SHA_256 or not set(digest) <= _HEXADECIMAL:
            raise MalformedEntry(
                f"`{digest[:70]}` is no SHA-256", hint="give 64 lower-case hexadecimal digits"
            )
