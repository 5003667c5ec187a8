"""What keeps the record: memory, SQLite and PostgreSQL, under one contract.

A store is named by a path, `sqlite:PATH`, `memory:`, or `postgresql://…` as libpq takes it.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from sayso.errors import StoreError
from sayso.store import sqlite
from sayso.store.contract import Store
from sayso.store.memory import MemoryStore

__all__ = ["Store", "create", "open", "path"]

_POSTGRES = ("postgresql://", "postgres://")


def create(url: str) -> Store:
    """Return a new store at `url`; what exists already is refused."""
    if url.startswith(_POSTGRES):
        made: Store = _postgres().create(url)
        return made
    return MemoryStore() if url == "memory:" else sqlite.create(path(url))


def open(url: str) -> Store:  # noqa: A001  # the pair of `create`
    """Return the store that is at `url`; what does not exist is refused."""
    if url == "memory:":
        raise StoreError(
            "a store in memory cannot be opened again", hint="it ends with its process"
        )
    if url.startswith(_POSTGRES):
        opened: Store = _postgres().open(url)
        return opened
    return sqlite.open(path(url))


def _postgres() -> ModuleType:
    """Return the module of the PostgreSQL store, which only those need who installed its driver."""
    if find_spec("psycopg") is None:
        raise StoreError(
            "the driver for PostgreSQL is not installed", hint="`pip install sayso[postgres]`"
        )
    return import_module("sayso.store.postgres")


def path(url: str) -> str:
    """Return the path of the file that a store at `url` is kept in."""
    if url.startswith(_POSTGRES):
        raise StoreError(
            "a record in PostgreSQL has no file to lay the log key beside, which commands need",
            hint="give a path; a program may open it with sayso.store",
        )
    scheme, colon, rest = url.partition(":")
    if not colon or "/" in scheme:
        return url
    if scheme != "sqlite" or not rest:
        raise StoreError(
            f"`{url}` names no store", hint="give a path, sqlite:PATH, memory: or postgresql://"
        )
    return rest
