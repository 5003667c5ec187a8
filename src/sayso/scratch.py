"""A database for this process alone: on disk in a file without a name, and gone with its holder.

It is for what may be larger than memory. SQLite keeps as much of it at hand as `CACHE_KIB` says,
whatever its size; the file is where SQLite puts temporary ones (`SQLITE_TMPDIR`, `TMPDIR`,
`/var/tmp`).

>>> scratch = Scratch("CREATE TABLE met (name TEXT)")
>>> scratch.put("INSERT INTO met VALUES (?)", [("one",), ("two",)])
>>> scratch.ask("SELECT count(*) FROM met").fetchone()
(2,)
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import finalize

from sayso.errors import StoreError

CACHE_KIB = 32_768

_NOWHERE = ""  # SQLite's name for a temporary database
_SETTINGS = (
    f"PRAGMA cache_size = -{CACHE_KIB}",
    "PRAGMA journal_mode = OFF",  # nobody goes on with it after a crash
    "BEGIN",  # and never committed: nobody else will read it
)


class Scratch:
    """A private database of the tables that it is made with."""

    __slots__ = ("__weakref__", "_base")

    def __init__(self, *tables: str) -> None:
        self._base = sqlite3.connect(
            _NOWHERE,
            isolation_level=None,
            check_same_thread=False,  # it is let go in whichever thread finds that it can be
        )
        finalize(self, self._base.close)
        for words in (*_SETTINGS, *tables):
            self.ask(words)

    def ask(self, words: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Return what a statement finds; `StoreError` if this machine cannot, as a full disk."""
        try:
            return self._base.execute(words, values)
        except sqlite3.Error as error:
            raise _short(error) from None

    def put(self, words: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out a statement once for each row."""
        try:
            self._base.executemany(words, rows)
        except sqlite3.Error as error:
            raise _short(error) from None


def _short(error: sqlite3.Error) -> StoreError:
    return StoreError(
        f"what does not fit into memory cannot be put aside: {error}",
        hint="temporary files need space; say where with TMPDIR",
    )
