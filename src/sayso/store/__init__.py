"""What keeps the record: memory and SQLite, under one contract.

A store is named by a path, `sqlite:PATH`, or `memory:`.
"""

from sayso.errors import StoreError
from sayso.store import sqlite
from sayso.store.contract import Store
from sayso.store.memory import MemoryStore

__all__ = ["Store", "create", "open", "path"]


def create(url: str) -> Store:
    """Return a new store at `url`; what exists already is refused."""
    return MemoryStore() if url == "memory:" else sqlite.create(path(url))


def open(url: str) -> Store:  # noqa: A001  # the pair of `create`
    """Return the store that is at `url`; what does not exist is refused."""
    if url == "memory:":
        raise StoreError(
            "a store in memory cannot be opened again", hint="it ends with its process"
        )
    return sqlite.open(path(url))


def path(url: str) -> str:
    """Return the path of the file that a store at `url` is kept in."""
    scheme, colon, rest = url.partition(":")
    if not colon or "/" in scheme:
        return url
    if scheme != "sqlite" or not rest:
        raise StoreError(f"`{url}` names no store", hint="give a path, sqlite:PATH or memory:")
    return rest
