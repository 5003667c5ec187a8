"""A store of each kind, for the suite of the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso import store
from sayso.store import Store
from tests.store.kept import Again, Make


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opened() -> Iterator[dict[Store, str]]:
    """Give the stores that a test has open, each with its URL, and close them."""
    stores: dict[Store, str] = {}
    yield stores
    for each in stores:
        each.close()


@pytest.fixture
def make(opened: dict[Store, str], request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Give what makes a new store of the kind under test."""

    def url() -> str:
        match request.node.callspec.params["opened"]:
            case "memory":
                return "memory:"
            case "sqlite":
                return f"sqlite:{tmp_path / f'{len(opened)}.db'}"
            case _:
                return str(request.getfixturevalue("database")())

    def one() -> Store:
        where = url()
        made = store.create(where)
        opened[made] = where
        return made

    return one


@pytest.fixture
def again(opened: dict[Store, str]) -> Again:
    """Give what opens a store once more, as another process would; memory has no other."""

    def one(kept: Store) -> Store:
        if opened[kept] == "memory:":
            return kept
        beside = store.open(opened[kept])
        opened[beside] = opened[kept]
        return beside

    return one
