"""What only a server can suffer: strangers, lost connections, other servers, a kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sayso import store
from sayso.errors import Damaged, StoreError
from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.enclosure import digest
from sayso.record.note import Signer
from sayso.store import database as databases
from sayso.store import postgres
from sayso.store.enclosure import Beside
from sayso.store.verify import verify

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)
ENTRIES = [f"entry {number}".encode() for number in range(5)]


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


@pytest.fixture
def url(database: Callable[[], str]) -> str:
    url = database()
    with closing(store.create(url)) as kept:
        kept.append(ENTRIES, size=0, checkpoint=signed(ENTRIES), beside=Beside((b"enclosure",)))
    return url


def all_of(url: str) -> list[bytes]:
    with closing(store.open(url)) as kept:
        verify(kept, origin=ORIGIN, keys=[LOG.key])
        return list(kept.entries())


def said(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def test_a_store_can_be_opened_again(url: str) -> None:
    assert all_of(url) == ENTRIES


def test_an_existing_store_is_never_overwritten(url: str) -> None:
    with pytest.raises(StoreError, match="already"):
        store.create(url)
    assert all_of(url) == ENTRIES


def test_what_is_not_there_is_not_created(database: Callable[[], str]) -> None:
    empty = database()
    with pytest.raises(StoreError, match="there is no store"):
        store.open(empty)
    with pytest.raises(StoreError, match="cannot be reached"):
        store.open(empty.replace("/test", "/nothing"))
    with pytest.raises(StoreError, match="cannot be reached"):
        store.open("postgresql://nobody@127.0.0.1:1/nothing")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sayso.entry SET bytes = 'x'",
        "DELETE FROM sayso.entry",
        "DELETE FROM sayso.entry WHERE number = 4",
        "TRUNCATE sayso.entry",
        "INSERT INTO sayso.entry VALUES (4, 'x', decode(repeat('00', 32), 'hex'), NULL)",
        "INSERT INTO sayso.entry VALUES (6, 'x', decode(repeat('00', 32), 'hex'), NULL)",
        "INSERT INTO sayso.entry VALUES (5, '', decode(repeat('00', 32), 'hex'), NULL)",
        "INSERT INTO sayso.entry VALUES (5, 'x', decode(repeat('00', 31), 'hex'), NULL)",
        "INSERT INTO sayso.entry SELECT * FROM sayso.entry ON CONFLICT DO NOTHING",
        "INSERT INTO sayso.entry VALUES (5, 'x', decode(repeat('00', 32), 'hex'), NULL)",
        "INSERT INTO sayso.entry VALUES (5, 'x', decode(repeat('00', 32), 'hex'), 'x')",
        (
            "INSERT INTO sayso.entry SELECT 5, bytes, leaf_hash, checkpoint FROM sayso.entry"
            " WHERE number = 4"
        ),
        "INSERT INTO sayso.entry VALUES (5, 'x', decode(repeat('00', 32), 'hex'), E'x\\n61\\n')",
        (
            "INSERT INTO sayso.entry VALUES (5, 'x', decode(repeat('00', 32), 'hex'), E'x\\n6\\n'),"
            " (6, 'x', decode(repeat('00', 32), 'hex'), NULL)"
        ),
        "UPDATE sayso.enclosure SET bytes = 'x'",
        "UPDATE sayso.enclosure SET bytes = 'x', digest = sha256('x')",
        "TRUNCATE sayso.enclosure",
        "INSERT INTO sayso.enclosure SELECT digest, 'x' FROM sayso.enclosure",
        "INSERT INTO sayso.enclosure SELECT * FROM sayso.enclosure",
        "INSERT INTO sayso.enclosure SELECT digest FROM sayso.enclosure ON CONFLICT DO NOTHING",
    ],
)
def test_the_database_itself_refuses_every_change(url: str, statement: str) -> None:
    with pytest.raises(psycopg.Error):
        said(url, statement)
    assert all_of(url) == ENTRIES


GUARDS = ["entry_follows", "entry_stays", "entry_ends", "enclosure_stays"]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_database_without_its_guards_is_refused(url: str, guard: str) -> None:
    said(url, f"ALTER TABLE sayso.{guard.partition('_')[0]} DISABLE TRIGGER {guard}")
    with pytest.raises(Damaged, match="guards"):
        store.open(url)


LAME = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS"
NOTHING = "$$ BEGIN RETURN NULL; END $$"


@pytest.mark.parametrize(
    "change",
    [
        f"CREATE OR REPLACE FUNCTION sayso.stays() {LAME} {NOTHING}",
        f"CREATE OR REPLACE FUNCTION sayso.entry_follows() {LAME} {NOTHING}",
        f"CREATE OR REPLACE FUNCTION sayso.entry_ends() {LAME} {NOTHING}",
        f"CREATE OR REPLACE FUNCTION sayso.enclosure_stays() {LAME} {NOTHING}",
        "ALTER FUNCTION sayso.entry_follows() RESET search_path",
        (
            "CREATE OR REPLACE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON sayso.entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION sayso.stays()"
        ),
        (
            "CREATE OR REPLACE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON sayso.entry FOR EACH STATEMENT WHEN (1 = 2) EXECUTE FUNCTION sayso.stays()"
        ),
        (
            f"CREATE FUNCTION public.stays() {LAME} {NOTHING};"
            " CREATE OR REPLACE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON sayso.entry FOR EACH STATEMENT EXECUTE FUNCTION public.stays()"
        ),
        (
            f"CREATE FUNCTION hides() {LAME} {NOTHING};"
            " CREATE TRIGGER a BEFORE INSERT ON sayso.entry FOR EACH ROW EXECUTE FUNCTION hides()"
        ),
        "CREATE RULE a AS ON INSERT TO sayso.entry DO INSTEAD NOTHING",
    ],
)
def test_a_guard_that_is_there_by_name_alone_is_none(url: str, change: str) -> None:
    said(url, change)
    for each in (store.open, store.upgrade, store.about):
        with pytest.raises(Damaged, match="guards of a store; its owner has changed them"):
            each(url)


def test_whoever_only_listens_behind_the_guards_may(url: str) -> None:
    listens = f"CREATE FUNCTION public.hears() {LAME} {NOTHING}"
    said(
        url,
        listens,
        "CREATE TRIGGER hears AFTER INSERT ON sayso.entry FOR EACH ROW EXECUTE"
        " FUNCTION public.hears()",
    )
    more = [*ENTRIES, b"x"]
    with closing(store.open(url)) as kept:
        kept.append([b"x"], size=5, checkpoint=signed(more))
    assert all_of(url) == more


def test_a_later_versions_database_is_refused(url: str) -> None:
    said(url, "INSERT INTO sayso.migration VALUES (99)")
    with pytest.raises(StoreError, match="later version"):
        store.open(url)


@pytest.mark.parametrize("change", ["DELETE FROM {} WHERE number = 2", "UPDATE {} SET bytes = 'x'"])
def test_what_the_owner_changed_behind_the_guards_is_found(url: str, change: str) -> None:
    said(
        url,
        "ALTER TABLE sayso.entry DISABLE TRIGGER entry_stays",
        change.format("sayso.entry"),
        "ALTER TABLE sayso.entry ENABLE TRIGGER entry_stays",
    )
    with pytest.raises(Damaged):
        all_of(url)


def test_a_head_that_does_not_cover_the_entries_is_found(url: str) -> None:
    said(
        url,
        "ALTER TABLE sayso.entry DISABLE TRIGGER entry_stays",
        "DELETE FROM sayso.entry WHERE number = 4",
        "ALTER TABLE sayso.entry ENABLE TRIGGER entry_stays",
    )
    with pytest.raises(Damaged, match="does not cover"):
        store.open(url)


def test_a_lost_connection_is_told(url: str) -> None:
    with closing(store.open(url)) as kept:
        said(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()",
        )
        with pytest.raises(StoreError, match="cannot be reached"):
            kept.append([b"x"], size=5, checkpoint=signed([*ENTRIES, b"x"]))
    assert all_of(url) == ENTRIES


def test_a_table_that_another_holds_is_busy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.store.database._SETTINGS", ("SET lock_timeout = '50ms'",))
    with psycopg.connect(url) as other, closing(store.open(url)) as kept:
        other.execute("LOCK TABLE sayso.entry IN EXCLUSIVE MODE")
        with pytest.raises(StoreError, match="busy"):
            kept.append([b"x"], size=5, checkpoint=signed([*ENTRIES, b"x"]))
        assert kept.size() == 5


def test_who_sleeps_with_the_turn_loses_it_and_writes_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_TAKE", postgres._TAKE.replace("60s", "200ms"))
    others, mine = [*ENTRIES, b"other"], [*ENTRIES, b"mine"]
    with closing(store.open(url)) as sleeper, closing(store.open(url)) as other:
        with sleeper.turn():
            other.append(others[5:], size=5, checkpoint=signed(others))  # waits, and gets in
            with pytest.raises(StoreError, match="cannot be reached"):
                sleeper.append(mine[5:], size=5, checkpoint=signed(mine))
        with other.turn():
            assert other.size() == 6
    assert all_of(url) == others


def test_who_waits_too_long_for_the_turn_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "_SETTINGS", ("SET lock_timeout = '100ms'",))
    more = [*ENTRIES, b"x"]
    with closing(store.open(url)) as holder, closing(store.open(url)) as other:
        with holder.turn():
            with pytest.raises(StoreError, match="busy"):
                other.append(more[5:], size=5, checkpoint=signed(more))
            with pytest.raises(StoreError, match="busy"), other.turn():
                pytest.fail("two have the turn")
        other.append(more[5:], size=5, checkpoint=signed(more))
    assert all_of(url) == more


# --- what is erased -------------------------------------------------------------------------------


def files_with(server: Any, words: bytes) -> list[str]:
    """Return the names of the tables' files that hold `words`, outside its log."""
    said(server.get_uri(), "CHECKPOINT")
    found = (Path(server.pgdata) / "base").rglob("*")
    return [each.name for each in found if each.is_file() and words in each.read_bytes()]


@pytest.mark.parametrize("length", [1, 1000])
def test_no_byte_of_what_was_erased_is_left_in_the_tables_after_a_sweep(
    own_server: Any, length: int
) -> None:
    secret, other = b"the words that nobody may keep" * length, b"what stays" * length
    with closing(store.create(own_server.get_uri())) as kept:
        beside = Beside((secret, other))
        kept.append(ENTRIES, size=0, checkpoint=signed(ENTRIES), beside=beside)
        assert files_with(own_server, secret[:30])
        more = [*ENTRIES, b"x"]
        gone = Beside((), frozenset({digest(secret)}))
        kept.append([b"x"], size=5, checkpoint=signed(more), beside=gone)
        kept.erase([])
        assert files_with(own_server, secret[:30]) == []
        assert files_with(own_server, other[:10])
        assert list(kept.enclosures()) == [other]


SERVER_GRANTS = """
    GRANT USAGE ON SCHEMA sayso TO sayso_server;
    GRANT SELECT ON sayso.migration TO sayso_server;
    GRANT SELECT, INSERT ON sayso.entry TO sayso_server;
    GRANT SELECT, INSERT, DELETE ON sayso.enclosure TO sayso_server;
"""


def test_a_server_that_does_not_own_the_tables_keeps_and_erases(own_server: Any) -> None:
    """The rights of docs/running.md: they are enough to erase, and not to take a guard off."""
    url = own_server.get_uri()
    store.create(url).close()
    said(url, "CREATE ROLE sayso_server LOGIN", *SERVER_GRANTS.strip().split("\n"))
    server = url.replace("//postgres:@", "//sayso_server:@")
    assert server != url
    with closing(store.open(server)) as kept:
        kept.append(ENTRIES, size=0, checkpoint=signed(ENTRIES), beside=Beside((b"one", b"two")))
        more = [*ENTRIES, b"x"]
        gone = Beside((), frozenset({digest(b"one")}))
        kept.append([b"x"], size=5, checkpoint=signed(more), beside=gone)
        with pytest.raises(StoreError, match="as the owner of the tables"):
            kept.erase([digest(b"two")])
        assert (kept.size(), list(kept.enclosures())) == (6, [])
    for each in ("UPDATE sayso.enclosure SET bytes = 'x'", "TRUNCATE sayso.enclosure"):
        with pytest.raises(psycopg.Error):
            said(server, each)


# --- other servers, and a kill ------------------------------------------------------------------

WRITER = """
import sys
from sayso import store
from sayso.errors import Overtaken
from sayso.record import checkpoint, tree
from sayso.record.note import Signer

url, name, pem, count = sys.argv[1:5]
log = Signer.read("log.example/test", pem.encode())
kept = store.open(url)
done = 0
while done < int(count):
    entries = [*kept.entries(), f"{name} {done}".encode()]
    root = tree.root(map(tree.leaf_hash, entries))
    signed = checkpoint.sign(checkpoint.Checkpoint(log.name, len(entries), root), [log])
    try:
        kept.append(entries[-1:], size=len(entries) - 1, checkpoint=signed)
    except Overtaken:
        continue
    done += 1
    print(done, flush=True)
"""


def writer(url: str, name: str, *, count: int) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", WRITER, url, name, LOG.pem().decode(), str(count))
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_several_servers_append_and_none_loses_anything(url: str) -> None:
    writers = [writer(url, name, count=20) for name in "abc"]
    for each in writers:
        each.communicate(timeout=60)
        assert each.returncode == 0
    entries = all_of(url)
    assert len(entries) == 5 + 60
    for name in "abc":
        assert [each for each in entries if each.startswith(name.encode())] == [
            f"{name} {number}".encode() for number in range(20)
        ]


def test_what_was_acknowledged_survives_a_kill_of_the_database(own_server: Any) -> None:
    url = own_server.get_uri()
    with closing(store.create(url)) as kept:
        kept.append(ENTRIES, size=0, checkpoint=signed(ENTRIES))
    busy = writer(url, "k", count=100_000)
    assert busy.stdout is not None
    acknowledged = [busy.stdout.readline() for _ in range(20)]
    os.kill(own_server.get_pid(), signal.SIGKILL)
    acknowledged += busy.stdout.readlines()
    busy.wait(30)
    busy.stdout.close()
    assert busy.returncode != 0
    restarted(own_server)
    assert len(all_of(url)) >= 5 + len(acknowledged)


def restarted(server: Any) -> None:
    """Start the killed server again, whose children may hold its memory for a moment."""
    told: Exception | None = None
    for _ in range(100):
        try:
            server.ensure_postgres_running()
            psycopg.connect(server.get_uri()).close()
        except (AssertionError, OSError, subprocess.SubprocessError, psycopg.Error) as error:
            told = error
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the database did not start again: {told}")
