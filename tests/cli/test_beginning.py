"""A beginning that is cut short is no dead end, and a trust that is lost is written again."""

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from sayso import store as stores
from tests.cli.terminal import Terminal

INIT = ("init", "--origin", "sayso.example/new", "--registrar", "ann")
OFFICE = ("office", "open", "desk", "--title", "Desk", "--rank", 3)


@pytest.fixture(params=["sqlite", "postgres"])
def new(tmp_path: Path, request: pytest.FixtureRequest) -> Terminal:
    """Return a terminal where nothing is but Ann's key."""
    url = None
    if request.param == "postgres":
        make: Callable[[], str] = request.getfixturevalue("database")
        url = make()
    at = Terminal(tmp_path, now=None, url=url)
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    return at


def place(at: Terminal) -> str:
    return at.url or str(at.store)


def name(at: Terminal) -> str:
    return "office" if at.url else "record.db"


def killed(at: Terminal, step: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether a beginning was killed at one of the steps that it brings to the disk."""
    child = os.fork()
    if child == 0:
        real, count = os.fsync, 0

        def fsync(handle: int) -> None:
            nonlocal count
            if count == step:
                os._exit(9)
            count += 1
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        os._exit(at.run(*INIT, by="ann").status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in {0, 9}
    return ended == 9


@pytest.mark.parametrize("step", range(6))
def test_a_beginning_killed_at_any_step_is_begun_again(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Terminal(tmp_path, now=None)
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    assert killed(at, step, monkeypatch) == (step < 5)
    key = at.folder / "record.db.log-key"
    kept = key.read_bytes() if key.exists() else None
    if step < 5:
        done = at.run(*INIT, by="ann")
        assert done.status == 0, done
        assert kept in {None, key.read_bytes()}
        assert ("a beginning cut short has left" in done.out) == (kept is not None)
    assert at.run(*INIT, by="ann").status == 1
    assert at.asks(*OFFICE, by="ann")["entry"] == 1
    assert at.asks("record", "verify")["entries"] == 2


def test_what_a_beginning_left_is_taken_and_never_replaced(new: Terminal) -> None:
    stores.create(place(new)).close()
    assert "no record yet" in new.run("office", "list").err
    done = new.asks(*INIT, "--classical", by="ann")
    assert done["entry"] == 0
    assert new.asks("record", "verify")["entries"] == 1
    before = new.bytes()
    assert "already" in new.refused(*INIT, "--classical", by="ann")
    assert new.bytes() == before


def test_a_log_key_beside_an_empty_store_is_taken_if_it_is_such_as_is_asked_for(
    new: Terminal,
) -> None:
    other = Terminal(new.folder / "other", now=None)
    other.key("").mkdir(parents=True)
    other.asks("key", "new", other.key("ann"))
    other.asks(*INIT, by="ann")
    key, trust = (new.folder / f"{name(new)}.{end}" for end in ("log-key", "trust.json"))
    stores.create(place(new)).close()
    key.write_bytes((other.folder / "record.db.log-key").read_bytes())
    key.chmod(0o644)
    assert "open to others" in new.refused(*INIT, by="ann")
    key.chmod(0o600)
    assert "keys of another kind" in new.refused(*INIT, "--classical", by="ann")
    trust.write_bytes((other.folder / "record.db.trust.json").read_bytes())
    assert "of another beginning" in new.refused(*INIT, by="ann")  # another registrar's key
    trust.unlink()
    cosigned = new.folder / f"{name(new)}.cosigned"
    cosigned.touch()
    assert "a record that there was" in new.refused(*INIT, by="ann")
    cosigned.unlink()
    new.asks(*INIT, by="ann")
    assert new.asks("record", "trust")["log"] == other.asks("record", "trust")["log"]


def test_what_lies_where_no_store_is_is_of_something_else(new: Terminal) -> None:
    for end in ("log-key", "trust.json", "cosigned"):
        path = new.folder / f"{name(new)}.{end}"
        path.write_text("something")
        assert "is there already; name a new store" in new.refused(*INIT, by="ann")
        path.unlink()
    assert not stores.exists(place(new))


def test_a_trust_that_was_lost_is_written_again(new: Terminal) -> None:
    new.asks(*INIT, by="ann")
    trust = new.folder / f"{name(new)}.trust.json"
    before = trust.read_bytes()
    trust.unlink()
    assert "`sayso record trust` makes it again" in new.run("record", "export", "x").err
    told = new.run("record", "trust")
    assert (told.status, trust.read_bytes()) == (0, before)
    assert "compare" in told.out
    assert new.asks("record", "trust")["lost"] is False
    assert new.asks("record", "verify")["ok"] is True


def test_no_trust_is_written_of_a_record_that_does_not_hold(
    tmp_path: Path, database: Callable[[], str]
) -> None:
    at = Terminal(tmp_path, now=None, url=database())
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    at.asks(*INIT, by="ann")
    trust = at.folder / "office.trust.json"
    trust.unlink()
    moved = "overlay(bytes placing '1'::bytea from position('2'::bytea in bytes))"
    change = ("UPDATE sayso.entry", f"SET bytes = {moved}")
    with psycopg.connect(str(at.url), autocommit=True) as owner:
        owner.execute("ALTER TABLE sayso.entry DISABLE TRIGGER entry_stays")
        owner.execute(" ".join(change).encode())
        owner.execute("ALTER TABLE sayso.entry ENABLE TRIGGER entry_stays")
    assert "entry 0 cannot be read" in at.refused("record", "trust")
    assert not trust.exists()
