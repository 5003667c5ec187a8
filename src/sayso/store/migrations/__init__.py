"""The numbered steps from an empty database to today's; forward only, each run once.

A step is a file `sqlite/NNNN-name.sql` or `postgres/NNNN-name.sql`; NNNN counts from 0001. The
number of the last step that a store has been taken through is its *format*: the `user_version` of
an SQLite file, the greatest number in `sayso.migration` of a PostgreSQL database.
"""

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from sayso.errors import StoreError


def newest(kind: str) -> int:
    """Return the format that this program writes in databases of `kind`."""
    return len(steps(kind))


@cache
def steps(kind: str) -> tuple[str, ...]:
    """Return the scripts for databases of `kind`, `sqlite` or `postgres`, in their order."""
    folder = files(__name__) / kind
    named = sorted((each.name, each) for each in folder.iterdir() if each.name.endswith(".sql"))
    for number, (name, _) in enumerate(named, 1):
        if not name.startswith(f"{number:04d}-"):
            raise ValueError(f"the step {name} is not number {number}")
    return tuple(each.read_text("utf-8") for _, each in named)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script for SQLite, whose `executescript` would commit."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def check(kind: str, found: int, *, where: str) -> None:
    """Raise unless a store of format `found` is one that this program writes."""
    if found > newest(kind):
        raise StoreError(
            f"the store in `{where}` was written by a later version of sayso",
            hint=f"its format is {found}, and this version knows formats up to {newest(kind)}",
        )
    if found < newest(kind):
        raise StoreError(
            f"the store in `{where}` was written by an earlier version of sayso",
            hint=f"`sayso store upgrade` takes it from format {found} to {newest(kind)}",
        )
