"""What may be a name on the record: of an office, a person, an article, a partner, a policy."""

import re

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
