"""What opens a token: its PIN, from a file that the key's URI names, or from whoever is asked.

A PIN is never an argument, which others on the machine could see, and is asked for once a token.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IMODE

from sayso.errors import TokenError
from sayso.tokens.uri import KeyUri

OWNER_ONLY = 0o600
MOST_BYTES = 256

Asked = Callable[[str], str]
"""Asks somebody for the PIN of the token of that label."""


@dataclass(frozen=True, slots=True)
class Pins:
    """The PINs of this process: `asked` is called when the URI names no file for it."""

    asked: Asked
    _known: dict[str, str] = field(default_factory=dict, repr=False)

    def of(self, uri: KeyUri, label: str) -> str:
        """Return the PIN of the token with this label, in which the key of the URI is."""
        if uri.pin_source is not None:
            return _read(Path(uri.pin_source))
        if label not in self._known:
            self._known[label] = self.asked(label)
        return self._known[label]


def _read(path: Path) -> str:
    """Return the first line of a file that only its owner may read."""
    try:
        with path.open("rb") as file:
            mode, raw = S_IMODE(os.fstat(file.fileno()).st_mode), file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TokenError(f"the PIN file `{path}` cannot be read: {error.strerror}") from None
    if mode & ~OWNER_ONLY:
        raise TokenError(
            f"the PIN file `{path}` is open to others: its mode is {mode:04o}",
            hint=f"`chmod 600 {path}`, and consider who has read it",
        )
    try:
        pin = raw.decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        pin = ""
    if not pin or len(raw) > MOST_BYTES:
        raise TokenError(f"the PIN file `{path}` does not hold a PIN in its first line")
    return pin
