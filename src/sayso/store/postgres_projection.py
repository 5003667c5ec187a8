"""The projection in a PostgreSQL database: one table, of which the row without a name is the head.

As in the SQLite store. Whoever keeps one has the turn; nobody who reads waits for it.
"""

from collections.abc import Mapping, Sequence

from sayso.store.database import Connection
from sayso.store.pieces import LINGERS, Projection

_HEAD = "SELECT bytes FROM sayso.projection WHERE name = ''"
_PIECES = "SELECT name, bytes FROM sayso.projection WHERE name = ANY(%s::bytea[])"
_ADD = """
    INSERT INTO sayso.projection (name, bytes) SELECT * FROM unnest(%s::bytea[], %s::bytea[])
    ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, dropped = NULL
"""
_DROP = "UPDATE sayso.projection SET dropped = %s WHERE name = ANY(%s::bytea[])"
_CLEAR = "DELETE FROM sayso.projection"
_FORGET = "DELETE FROM sayso.projection WHERE dropped <= %s"


def head(connection: Connection) -> bytes | None:
    """Return the head that is kept, if one is."""
    found = connection.execute(_HEAD, binary=True).fetchone()
    return found[0] if found is not None and isinstance(found[0], bytes) else None


def pieces(connection: Connection, names: Sequence[str]) -> Mapping[str, bytes]:
    """Return those of the named pieces that there are."""
    wanted = [bytes.fromhex(each) for each in names]
    rows = connection.execute(_PIECES, (wanted,), binary=True).fetchall()
    return {
        name.hex(): piece
        for name, piece in rows
        if isinstance(name, bytes) and isinstance(piece, bytes)
    }


def project(connection: Connection, made: Projection) -> bool:
    """Keep a projection; the caller has the turn. False: another has come before it."""
    if made.before is None:
        connection.execute(_CLEAR)
    elif head(connection) != made.before:
        return False
    names = [bytes.fromhex(name) for name in made.added]
    connection.execute(_ADD, ([*names, b""], [*made.added.values(), made.head]), binary=True)
    dropped = [bytes.fromhex(name) for name in made.dropped]
    connection.execute(_DROP, (made.size, dropped), binary=True)
    connection.execute(_FORGET, (made.size - LINGERS,))
    return True
