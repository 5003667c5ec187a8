"""The commands on a record in PostgreSQL: the whole scenario, and whatever can be wrong with it."""

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from sayso import store as stores
from sayso.cli import main, story
from sayso.cli.story.player import Player
from sayso.errors import StoreError
from sayso.store import database as databases
from tests.cli.terminal import LIAISON, SPAN, USE, Terminal

Make = Callable[[], str]

FOUND = ("init", "--origin", "sayso.example/pg", "--registrar", "registrar", "--rehearsal")
SECRET = "sEcret-grebe"


@pytest.fixture
def away(tmp_path: Path, database: Make) -> Terminal:
    """Return a terminal whose record is in a database, begun, with a registrar and a log key."""
    at = Terminal(tmp_path, url=database())
    at.key("").mkdir()
    at.asks("key", "new", at.key("registrar"))
    at.asks(*FOUND, by="registrar")
    return at


def said(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def test_the_scenario_plays_in_a_database_as_in_a_file(tmp_path: Path, database: Make) -> None:
    (tmp_path / "keys").mkdir()
    player = Player(main, tmp_path, screen=lambda _: None, url=database())
    shown = list(story.play(player))
    assert all(each.holds is not False for each in shown), shown
    assert [each.number for each in shown if each.holds]
    report = player.quietly("record", "verify", "--store", player.store, *kept(player), "--json")
    assert report["ok"] is True
    assert report["entries"] > 40
    assert not Path(tmp_path / "record.db").exists()


def kept(player: Player) -> tuple[str, str]:
    return "--log-key", player.log_key


def test_the_store_and_the_log_key_can_be_named_by_the_environment(
    away: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_STORE", str(away.url))
    monkeypatch.setenv("SAYSO_LOG_KEY", str(away.log_key))
    at = Terminal(away.folder, bare=True)
    opening = ("office", "open", "desk", "--title", "Desk", "--rank", 3)
    assert at.asks(*opening, by="registrar")["entry"] == 1
    assert at.asks("record", "verify")["ok"] is True


def test_the_log_key_and_the_trust_lie_side_by_side(away: Terminal) -> None:
    assert away.log_key is not None
    assert stat.S_IMODE(away.log_key.stat().st_mode) == 0o600
    assert (away.folder / "office.trust.json").exists()
    assert sorted(each.name for each in away.folder.iterdir()) == [
        "keys",
        "office.log-key",
        "office.trust.json",
    ]


def test_without_a_log_key_a_database_can_be_read_and_not_written(away: Terminal) -> None:
    assert away.log_key is not None
    trust, key = away.folder / "office.trust.json", away.log_key
    opening = ("office", "open", "desk", "--title", "Desk", "--rank", 3)
    away.log_key = None
    assert "--log-key" in away.refused(*opening, by="registrar")
    assert away.run("record", "verify", "--trust", trust).status == 0
    assert away.run("office", "list").status == 0
    assert "--log-key" in away.run("record", "verify").said
    away.log_key = key
    key.chmod(0o640)
    assert "open to others: its mode is 0640" in away.refused(*opening, by="registrar")
    key.chmod(0o600)
    assert away.run(*opening, by="registrar").status == 0


def test_a_record_that_could_not_be_begun_leaves_nothing(tmp_path: Path, database: Make) -> None:
    at = Terminal(tmp_path, url=database())
    at.key("").mkdir()
    at.asks("key", "new", at.key("registrar"))
    at.log_key = tmp_path / "no" / "folder" / "office.log-key"
    at.refused(*FOUND, by="registrar")
    assert not stores.exists(str(at.url))
    at.log_key = None
    assert "--log-key" in at.refused(*FOUND, by="registrar")
    assert not stores.exists(str(at.url))
    at.log_key = tmp_path / "office.log-key"
    at.asks(*FOUND, by="registrar")
    at.log_key = tmp_path / "second.log-key"
    assert "holds a store already" in at.refused(*FOUND, by="registrar")
    assert not at.log_key.exists()


# --- what can be wrong -------------------------------------------------------------------------


def told(at: Terminal, url: str) -> str:
    """Return what is said of the record at `url`, which cannot be read; no secret is in it."""
    ran = at.run("office", "list", "--store", url)
    assert ran.status == 1, ran
    assert ran.err.startswith("error: ")
    assert len(ran.err.strip().splitlines()) == 1
    as_json = at.run("office", "list", "--store", url, as_json=True)
    assert SECRET not in ran.said + as_json.said
    assert SECRET.partition("-")[2] not in ran.said + as_json.said
    return ran.err


def test_what_is_wrong_with_a_database_is_said(tmp_path: Path, database: Make) -> None:
    at, url = Terminal(tmp_path), database()
    assert "there is no store in the database" in told(at, url)
    assert "`sayso init` makes one" in told(at, url)
    gone = told(at, url.replace("/test", "/nothing"))
    assert "does not exist" in gone
    assert "`createdb` makes a database" in gone
    assert "is the server running" in told(at, f"postgresql://ann:{SECRET}@127.0.0.1:1/office")
    assert "cannot be reached" in told(at, f"postgresql:///x?host=/nowhere&password={SECRET}")
    said(url, "CREATE SCHEMA sayso")
    assert "there is no store" in told(at, url)
    at.key("").mkdir()
    at.asks("key", "new", at.key("ann"))
    here = ("--store", url, "--log-key", tmp_path / "log-key", "--key", at.key("ann"))
    assert "a schema `sayso` that is not a store" in at.run(*FOUND, *here).err
    said(url, "CREATE TABLE sayso.migration (number integer)")
    assert "does not have the tables and guards" in told(at, url)


def test_a_wrong_password_is_said_and_not_told(tmp_path: Path, own_server: Any) -> None:
    url = str(own_server.get_uri())
    said(url, f"CREATE ROLE ann LOGIN PASSWORD '{SECRET}'", "CREATE ROLE lee LOGIN")
    rules = Path(own_server.pgdata) / "pg_hba.conf"
    rules.write_text(f"local all ann,lee scram-sha-256\n{rules.read_text()}")
    said(url, "SELECT pg_reload_conf()")
    at = Terminal(tmp_path)
    for person in (f"ann:{SECRET}x", "lee:x", "lee"):
        wrong = told(at, url.replace("postgres:@", f"{person}@"))
        assert "is the password right?" in wrong, wrong
    assert "no store" in told(at, url.replace("postgres:@", f"ann:{SECRET}@"))


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:x@{SECRET}@nohost.invalid/office",
        f"postgresql://ann:x/{SECRET}@nohost.invalid/office",
        f"postgresql://ann:x%{SECRET}@nohost.invalid/office",
        f"postgresql://ann:{SECRET} @nohost.invalid/office",
        f"postgresql://ann:{SECRET}@nohost.invalid/office",
        f"postgresql://ann:{quote('@/' + SECRET)}@nohost.invalid/office",
        f"postgresql:///x?passwrd={SECRET}",
        f"postgres:/ann:{SECRET}@host/office",
        f"postgrsql://ann:{SECRET}@host/office",
        f"POSTGRESQL://ann:{SECRET}@host/office",
    ],
)
def test_no_secret_of_a_url_is_told(tmp_path: Path, url: str) -> None:
    at = Terminal(tmp_path)
    told(at, url)
    for words in (("record", "verify"), ("record", "export", tmp_path / "x"), ("record", "show")):
        ran = at.run(*words, "--store", url, "--log-key", tmp_path / "none")
        assert ran.status in {1, 2}
        assert SECRET not in ran.said


@pytest.mark.parametrize(("version", "known"), [(130_020, False), (140_000, True), (180_004, True)])
def test_a_server_that_is_too_old_is_refused(version: int, *, known: bool) -> None:
    if known:
        databases._check_server(version)
        return
    with pytest.raises(StoreError, match=r"the server is PostgreSQL 13; sayso needs 14 or later"):
        databases._check_server(version)


def test_without_the_driver_it_is_said_what_to_install(
    away: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "find_spec", lambda _: None)
    assert "pip install sayso[postgres]" in told(away, str(away.url))


def test_a_password_is_taken_from_the_environment_of_libpq(
    away: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = databases._check_url(str(away.url))
    monkeypatch.setenv("PGHOST", str(parts["host"]))
    monkeypatch.setenv("PGUSER", "postgres")
    away.url = f"postgresql:///{parts['dbname']}"
    assert away.asks("record", "verify")["ok"] is True


# --- rights ------------------------------------------------------------------------------------


def given(word: str) -> list[str]:
    """Return the statements of docs/running.md that begin with `word`, or come with such."""
    page = Path(__file__).parents[2] / "docs" / "running.md"
    found = re.findall(r"^```sql\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    (block,) = (each for each in found if each.startswith(word))
    return [each for each in str(block).splitlines() if each]


def test_the_rights_that_the_docs_give_a_server_are_enough_and_no_more(away: Terminal) -> None:
    said(str(away.url), "CREATE ROLE sayso_server LOGIN", *given("GRANT"))
    owned, away.url = away.url, str(away.url).replace("postgres:@", "sayso_server@")
    opening = ("office", "open", LIAISON, "--title", "Liaison", "--rank", 9, "--partner", "ukraine")
    assert away.asks(*opening, by="registrar")["entry"] == 1
    assert away.asks("record", "verify")["entries"] == 2
    for attack in (
        "UPDATE sayso.entry SET bytes = 'x'",
        "DELETE FROM sayso.entry",
        "TRUNCATE sayso.entry",
        "ALTER TABLE sayso.entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_follows ON sayso.entry",
        "SET session_replication_role = replica",
        "UPDATE sayso.migration SET number = 0",
        "CREATE TABLE sayso.other (number int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            said(str(away.url), attack)
    away.url = owned
    assert away.asks("record", "verify")["entries"] == 2
    said(str(owned), "DROP OWNED BY sayso_server", "DROP ROLE sayso_server")


def test_a_row_that_is_no_entry_does_not_end_the_record(away: Terminal, database: Make) -> None:
    """One INSERT of a server's account: what the log signed is saved, or the row taken out."""
    said(str(away.url), "CREATE ROLE sayso_server LOGIN", *given("GRANT"))
    opening = ("office", "open", "desk", "--title", "Desk", "--rank", 3)
    away.asks(*opening, by="registrar")
    server = str(away.url).replace("postgres:@", "sayso_server@")
    row = "INSERT INTO sayso.entry VALUES (2, 'x', decode(repeat('00', 32), 'hex'), {})"
    for checkpoint in ("NULL", "'x'", r"'x\0122\012'"):
        with pytest.raises(psycopg.Error, match=r"last entry|entry_covered"):
            said(server, row.format(checkpoint))
    assert away.asks("record", "verify")["entries"] == 2
    forged = r"'sayso.example/pg\0123\012x\012'"  # no database knows signatures
    said(server, row.format(forged))
    assert "--salvage` saves" in away.refused("office", "list")
    assert "--salvage` saves" in away.refused("office", "appoint", "desk", "x", by="registrar")
    away.refused("store", "backup", away.folder / "whole.db")
    saved = away.asks("store", "backup", away.folder / "sound.db", "--salvage")
    assert (saved["entries"], "left" in saved) == (2, True)
    elsewhere = Terminal(away.folder, url=database())
    elsewhere.asks("store", "restore", away.folder / "sound.db")
    assert elsewhere.asks("record", "verify")["entries"] == 2
    disable, delete, enable = given("ALTER")
    said(str(away.url), disable, delete.replace("42", str(saved["entries"])), enable)
    assert away.asks("record", "verify")["entries"] == 2
    again = ("office", "open", "other", "--title", "Desk", "--rank", 3)
    assert away.asks(*again, by="registrar")["entry"] == 2
    said(str(away.url), "DROP OWNED BY sayso_server", "DROP ROLE sayso_server")


def test_an_entry_that_the_owner_changed_is_named_with_what_says_more(away: Terminal) -> None:
    opening = ("office", "open", "desk", "--title", "Desk", "--rank", 3)
    away.asks(*opening, by="registrar")
    disable, _, enable = given("ALTER")
    place = 'position(\'"recordedAt":"2\'::bytea IN bytes) + 14'
    for number, changes in ((1, f"overlay(bytes PLACING '3' FROM {place})"), (0, "'nonsense'")):
        change = f"UPDATE sayso.entry SET bytes = {changes} WHERE number = {number}"  # noqa: S608  # the test wrote both
        said(str(away.url), disable, change, enable)
        told = away.refused("office", "list")
        assert f"entry {number} " in told
        assert "`sayso record verify` says more" in told


def test_a_request_is_refused_by_a_standby_in_words(away: Terminal) -> None:
    name = psycopg.conninfo.conninfo_to_dict(str(away.url))["dbname"]
    said(str(away.url), f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    ran = away.run("office", "open", "x", "--title", "X", "--rank", 3, by="registrar")
    assert ran.status == 1
    assert "cannot be written" in ran.err
    assert away.run("request", "submit", *USE, *SPAN, "--place", "Kursk").status == 2
