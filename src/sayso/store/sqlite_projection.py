"""The projection in an SQLite file: one table, of which the row without a name is the head.

A piece that is dropped stays as long as somebody may still read the projection that had it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from sayso.store.paging import AT_ONCE
from sayso.store.pieces import LINGERS, Projection

_HEAD = "SELECT bytes FROM projection WHERE name = x''"
_PIECES = "SELECT name, bytes FROM projection WHERE name IN ({})"
_ADD = """
    INSERT INTO projection (name, bytes) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, dropped = NULL
"""
_DROP = "UPDATE projection SET dropped = ? WHERE name = ?"
_CLEAR = "DELETE FROM projection"
_FORGET = "DELETE FROM projection WHERE dropped <= ?"


def head(database: sqlite3.Connection) -> bytes | None:
    """Return the head that is kept, if one is."""
    found = database.execute(_HEAD).fetchone()
    return found[0] if found is not None and isinstance(found[0], bytes) else None


def pieces(database: sqlite3.Connection, names: Sequence[str]) -> Mapping[str, bytes]:
    """Return those of the named pieces that there are."""
    return dict(_found(database, names))


def _found(database: sqlite3.Connection, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        query = _PIECES.format(",".join("?" * len(some)))
        for name, piece in database.execute(query, [bytes.fromhex(each) for each in some]):
            if isinstance(name, bytes) and isinstance(piece, bytes):
                yield name.hex(), piece


def project(database: sqlite3.Connection, made: Projection) -> bool:
    """Keep a projection; the caller holds the transaction. False: another has come before it."""
    if made.before is None:
        database.execute(_CLEAR)
    elif head(database) != made.before:
        return False
    rows = [(bytes.fromhex(name), piece) for name, piece in made.added.items()]
    database.executemany(_ADD, [*rows, (b"", made.head)])
    database.executemany(_DROP, [(made.size, bytes.fromhex(name)) for name in made.dropped])
    database.execute(_FORGET, (made.size - LINGERS,))
    return True
