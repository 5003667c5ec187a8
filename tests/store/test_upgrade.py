"""A store of an earlier format is taken to today's, whole, and no byte of an entry changes.

`vectors/KIND-N` are records as the version wrote them whose newest format was N. They are never
made anew: a new format adds a vector.
"""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sayso import store
from sayso.errors import Damaged, StoreError
from sayso.queries import trustfile
from sayso.store import migrations, postgres, sqlite
from sayso.store.verify import verify

VECTORS = Path(__file__).parent / "vectors"
TRUST = trustfile.read((VECTORS / "trust.json").read_bytes()).trust

Restored = Callable[[str], str]


def test_every_format_has_its_vectors() -> None:
    names = {each.stem for each in VECTORS.iterdir()}
    for kind in ("sqlite", "postgres"):
        earlier = range(1, migrations.newest(kind))
        assert {f"{kind}-{number}" for number in earlier} <= names


@pytest.fixture
def restored(tmp_path: Path, database: Callable[[], str], server: Any) -> Restored:
    """Give what puts a vector where a store of its kind lies, and returns the URL."""

    def one(name: str) -> str:
        if name.endswith(".db"):
            path = tmp_path / name
            shutil.copy(VECTORS / name, path)
            return str(path)
        url = database()
        psql = (f"{server.bin_path}/psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", url)
        subprocess.run((*psql, "-o", "/dev/null", "-f", VECTORS / name), check=True)
        return url

    return one


def everything(url: str) -> tuple[list[bytes], list[bytes], list[bytes]]:
    with closing(store.open(url)) as kept:
        verify(kept, origin=TRUST.origin, keys=TRUST.log_keys)
        return list(kept.entries()), list(kept.leaf_hashes()), list(kept.checkpoints())


def raw(url: str) -> list[tuple[object, ...]]:
    """Return every row as the database has it, whatever its format."""
    columns = "SELECT number, bytes, leaf_hash, checkpoint FROM"
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            return connection.execute(
                f"{columns} sayso.entry ORDER BY number".encode(), binary=True
            ).fetchall()
    with closing(sqlite3.connect(url)) as database:
        return database.execute(f"{columns} entry ORDER BY number").fetchall()


@pytest.mark.parametrize("name", sorted(each.name for each in VECTORS.glob("*-*")))
def test_an_earlier_store_is_upgraded_and_keeps_every_byte(name: str, restored: Restored) -> None:
    url = restored(name)
    kind, form = name.partition(".")[0].split("-")
    before, newest = raw(url), migrations.newest(kind)
    assert len(before) == 7
    assert store.about(url).form == int(form)
    if int(form) < newest:
        with pytest.raises(StoreError, match=r"earlier version.*`sayso store upgrade` takes it"):
            store.open(url)
    assert store.upgrade(url) == int(form)
    assert raw(url) == before
    assert everything(url)[0] == [row[1] for row in before]
    assert store.about(url).form == newest
    assert store.upgrade(url) == newest
    assert raw(url) == before


# --- a step that is still to come --------------------------------------------------------------


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give what adds a step after today's last, to both kinds."""
    known = {kind: migrations.steps(kind) for kind in ("sqlite", "postgres")}

    def add(script: str) -> None:
        later = {kind: (*steps, script) for kind, steps in known.items()}
        monkeypatch.setattr(migrations, "steps", lambda kind: later[kind])

    return add


LATER = {
    "sqlite-1.db": "CREATE TABLE added (number INTEGER PRIMARY KEY) STRICT;\n",
    "postgres-1.sql": "CREATE TABLE sayso.added (number integer);\n",
}


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_step_that_fails_leaves_the_store_as_it_was(
    name: str, restored: Restored, one_more: Callable[[str], None]
) -> None:
    url = restored(name)
    store.upgrade(url)
    before = raw(url)
    one_more(f"{LATER[name]}SELECT no_such_function();\n")
    with pytest.raises(StoreError):
        store.upgrade(url)
    one_more(LATER[name])
    about = store.about(url)
    assert about.form == about.newest - 1
    assert raw(url) == before
    assert store.upgrade(url) == about.form
    assert store.about(url).form == about.newest
    assert raw(url) == before
    with closing(store.open(url)) as kept:
        assert kept.size() == len(before)


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_store_of_a_later_version_is_refused(
    name: str, restored: Restored, one_more: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = restored(name)
    one_more(LATER[name])
    store.upgrade(url)
    monkeypatch.undo()
    before = raw(url)
    for each in (store.open, store.upgrade, store.about):
        with pytest.raises(StoreError, match="later version"):
            each(url)
    assert raw(url) == before


def test_a_store_without_its_guards_is_not_upgraded(
    restored: Restored, one_more: Callable[[str], None]
) -> None:
    url = restored("sqlite-1.db")
    with closing(sqlite3.connect(url)) as database:
        database.execute("DROP TRIGGER entry_remains")
    one_more(LATER["sqlite-1.db"])
    with pytest.raises(Damaged, match="guards"):
        sqlite.upgrade(url)
    url = restored("postgres-1.sql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE sayso.entry DISABLE TRIGGER entry_stays")
    with pytest.raises(Damaged, match="guards"):
        postgres.upgrade(url)


def test_no_function_of_another_stands_in_for_the_guards_own(restored: Restored) -> None:
    """The hole that format 2 of PostgreSQL closed: a `max` of one's own let a gap through."""
    url = restored("postgres-1.sql")
    gap = "INSERT INTO sayso.entry VALUES (99, 'x', decode(repeat('00', 32), 'hex'), NULL)"
    steps = (
        "CREATE SCHEMA own",
        "CREATE FUNCTION own.last(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 98'",
        "CREATE AGGREGATE own.max(bigint) (SFUNC = own.last, STYPE = bigint, INITCOND = '98')",
        "SET search_path = own, pg_catalog",
    )
    with psycopg.connect(url) as connection:
        for each in steps:
            connection.execute(each.encode())
        connection.execute(gap.encode())
        connection.rollback()
    store.upgrade(url)
    with psycopg.connect(url) as connection:
        for each in steps:
            connection.execute(each.encode())
        with pytest.raises(psycopg.Error, match="right after the last"):
            connection.execute(gap.encode())
