"""What keeps the record: memory, SQLite and PostgreSQL, under one contract.

A store is named by a path, `sqlite:PATH`, `memory:`, or `postgresql://…` as libpq takes it.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from sayso.errors import StoreError
from sayso.store import sqlite
from sayso.store.contract import About, Kind, Store
from sayso.store.memory import MemoryStore

__all__ = ["About", "Store", "about", "create", "discard", "exists", "open", "path", "upgrade"]

_POSTGRES = ("postgresql://", "postgres://")


def create(url: str) -> Store:
    """Return a new store at `url`; what exists already is refused."""
    if url == "memory:":
        return MemoryStore()
    kind, place = _found(url)
    return kind.create(place)


def open(url: str, *, whole: bool = True) -> Store:  # noqa: A001  # the pair of `create`
    """Return the store that is at `url`; what does not exist is refused.

    It must be `whole`, its last entry under a checkpoint, but for whoever finds out what is wrong,
    or saves what is not.
    """
    kind, place = _found(url)
    return kind.open(place, whole=whole)


def exists(url: str) -> bool:
    """Return whether there is a store at `url`."""
    kind, place = _found(url)
    return kind.exists(place)


def discard(url: str) -> None:
    """Remove the store at `url` if it has no entry, and leave it if it has."""
    kind, place = _found(url)
    kind.discard(place)


def upgrade(url: str) -> int:
    """Take the store at `url` to the format of this version; return the one it had."""
    kind, place = _found(url)
    return kind.upgrade(place)


def about(url: str) -> About:
    """Return what the store at `url` is."""
    kind, place = _found(url)
    return kind.about(place)


def path(url: str) -> Path | None:
    """Return the file that a store at `url` is kept in, or nothing if a server keeps it."""
    return None if url.startswith(_POSTGRES) else Path(_path(url))


def _found(url: str) -> tuple[Kind, str]:
    """Return the kind of store that `url` names, and the part of it that says where."""
    if url.startswith(_POSTGRES):
        return _postgres(), url
    if url == "memory:":
        raise StoreError(
            "a store in memory cannot be opened again", hint="it ends with its process"
        )
    return sqlite, _path(url)


def _path(url: str) -> str:
    """Return the path in `url`; one that names no store may hold a password, and is not told."""
    scheme, colon, rest = url.partition(":")
    if not colon or "/" in scheme:
        return url
    if scheme != "sqlite" or not rest:
        raise StoreError(
            f"`{scheme}:…` names no store", hint="give a path, sqlite:PATH or postgresql://"
        )
    return rest


def _postgres() -> Kind:
    """Return the module of the PostgreSQL store, which only those need who installed its driver."""
    if find_spec("psycopg") is None:
        raise StoreError(
            "the driver for PostgreSQL is not installed", hint="`pip install sayso[postgres]`"
        )
    return cast(Kind, import_module("sayso.store.postgres"))
