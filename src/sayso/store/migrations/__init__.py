"""The numbered steps from an empty database to today's; forward only, each run once.

A step is a file `sqlite/NNNN-name.sql` or `postgres/NNNN-name.sql`; NNNN counts from 0001. In
SQLite it is the `user_version` of a database that has it.
"""

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def run(database: sqlite3.Connection) -> None:
    """Take a new SQLite database through every step; the caller holds the transaction."""
    for script in steps("sqlite"):
        for statement in _statements(script):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {newest()}")


def newest() -> int:
    """Return the number of the last step of SQLite."""
    return len(steps("sqlite"))


@cache
def steps(kind: str) -> tuple[str, ...]:
    """Return the scripts for databases of `kind`, `sqlite` or `postgres`, in their order."""
    folder = files(__name__) / kind
    named = sorted((each.name, each) for each in folder.iterdir() if each.name.endswith(".sql"))
    for number, (name, _) in enumerate(named, 1):
        if not name.startswith(f"{number:04d}-"):
            raise ValueError(f"the step {name} is not number {number}")
    return tuple(each.read_text("utf-8") for _, each in named)


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; `executescript` would commit the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
