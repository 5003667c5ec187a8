"""A file that holds a private key is its owner's alone, or it is refused, as `ssh` does."""

import os
import stat
from typing import BinaryIO

from sayso.errors import StoreError

_OTHERS = 0o077


def check(file: BinaryIO, called: str) -> None:
    """Raise if others than its owner may do anything with an open file, which is `called` so.

    What is no file, such as a pipe, lies nowhere.
    """
    status = os.fstat(file.fileno())
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISREG(status.st_mode) and mode & _OTHERS:
        raise StoreError(
            f"{called} is open to others: its mode is {mode:04o}",
            hint=f"`chmod 600 {file.name}`, and consider who has read it",
        )
