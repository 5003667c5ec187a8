"""What is erased stays erased: in a backup, after a restoring, in the bytes of the files."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from sayso import store as stores
from sayso.record import enclosure
from tests.cli.terminal import SECRETARY, Terminal

WORDS = "the neighbour of the depot, by name"
BASIS = ("--basis", "Regulation 2016/679, article 17")
Make = Callable[[], str]


def url(at: Terminal) -> str:
    return at.url or str(at.store)


def texts(where: str | Path) -> list[str]:
    """Return the words of every text that a store keeps."""
    with closing(stores.open(str(where))) as kept:
        return [enclosure.opened(each) for each in kept.enclosures()]


def refused(at: Terminal) -> int:
    """Return the entry that holds the words: why a request was refused, whose case is closed."""
    why = ("--outcome", "refuse", "--reason", WORDS)
    entry: int = at.asks("decide", "ukraine-5", *why, by=SECRETARY)["entry"]
    return entry


def erase(at: Terminal, entry: int) -> None:
    at.asks("record", "erase", "--entry", entry, *BASIS, by=SECRETARY)


def keep_again(where: str, raw: bytes) -> None:
    """Put an enclosure into a store behind its back, as a copy that knows no better may."""
    row = (enclosure.digest(raw), raw)
    if where.startswith("postgresql"):
        with psycopg.connect(where) as connection:
            connection.execute("INSERT INTO sayso.enclosure VALUES (%s, %s)", row)
        return
    with closing(sqlite3.connect(where)) as database:
        database.execute("INSERT INTO enclosure VALUES (?, ?)", row)
        database.commit()


def test_a_backup_has_what_is_kept_and_not_what_is_erased(kept: Terminal, database: Make) -> None:
    entry = refused(kept)
    before, after = kept.folder / "before.db", kept.folder / "after.db"
    kept.asks("store", "backup", before)
    erase(kept, entry)
    kept.asks("store", "backup", after)
    assert sorted(texts(before)) == sorted(
        [*texts(url(kept)), WORDS, BASIS[1]][: len(texts(before))]
    )
    assert texts(after) == texts(url(kept))
    assert WORDS in texts(before)
    for number, target in enumerate((str(kept.folder / "restored.db"), database())):
        here = ("--store", target, "--log-key", kept.folder / f"key-{number}")
        kept.asks("store", "restore", after, *here)
        assert texts(target) == texts(url(kept))
        assert kept.asks("record", "verify", *here)["ok"] is True


def test_what_a_copy_still_has_of_what_its_record_says_is_erased_goes(
    kept: Terminal, database: Make
) -> None:
    entry = refused(kept)
    with closing(stores.open(url(kept))) as store:
        (raw,) = [each for each in store.enclosures() if enclosure.opened(each) == WORDS]
    erase(kept, entry)
    left = texts(url(kept))
    assert WORDS not in left
    keep_again(url(kept), raw)
    assert WORDS in texts(url(kept))
    for number, target in enumerate((str(kept.folder / "restored.db"), database())):
        kept.asks("store", "backup", kept.folder / f"backup-{number}.db")
        here = ("--store", target, "--log-key", kept.folder / f"key-{number}")
        kept.asks("store", "restore", kept.folder / f"backup-{number}.db", *here)
        assert texts(target) == left
    assert kept.asks("store", "tidy") == {"removed": 1}
    assert texts(url(kept)) == left
    assert kept.asks("store", "tidy") == {"removed": 0}


def test_an_older_backup_is_tidied_by_the_newer_record(kept: Terminal) -> None:
    entry = refused(kept)
    monday = kept.folder / "monday.db"
    kept.asks("store", "backup", monday)
    with closing(stores.open(str(monday))) as store:
        (raw,) = [each for each in store.enclosures() if enclosure.opened(each) == WORDS]
    erase(kept, entry)
    here = ("--store", monday, "--log-key", kept.folder / "monday.key")
    assert kept.asks("store", "tidy", *here) == {"removed": 0}
    assert raw in monday.read_bytes()
    assert kept.asks("store", "tidy", *here, "--newer", url(kept)) == {"removed": 1}
    assert WORDS not in texts(monday)
    assert raw not in monday.read_bytes()
    trust = kept.folder / "record.db.trust.json"
    assert kept.asks("record", "verify", "--store", monday, "--trust", trust)["ok"] is True


def test_the_record_of_another_says_nothing_of_what_is_erased_here(
    at: Terminal, tmp_path: Path
) -> None:
    other = Terminal(tmp_path / "other", at.now)
    (tmp_path / "other" / "keys").mkdir(parents=True)
    other.asks("key", "new", other.key("registrar"))
    other.asks(
        "init",
        "--origin",
        "other.example/office",
        "--registrar",
        "registrar",
        "--rehearsal",
        by="registrar",
    )
    said = at.refused("store", "tidy", "--newer", other.store)
    assert "another record: `other.example/office`" in said
