"""`sayso store`: a record is backed up while others act, and restored, from any kind into any."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sayso import store as stores
from sayso.queries import trustfile
from sayso.queries.trustfile import TrustFile
from sayso.store import Store, sqlite
from tests.cli.terminal import Terminal
from tests.store.acting import Ack, Office, acks, rest
from tests.witness.served import Served, served

Make = Callable[[], str]


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    url = str(tmp_path / "record.db")
    if request.param == "postgres":
        make: Make = request.getfixturevalue("database")
        url = make()
    return Office.founded(url, tmp_path)


@pytest.fixture
def at(office: Office) -> Terminal:
    """Return a terminal on the office's record."""
    made = Terminal(office.folder, now=None, url=office.url)
    made.log_key = office.folder / "log-key"
    return made


def acted(office: Office, name: str, count: int) -> list[Ack]:
    out, err = office.acting(name, count=count).communicate(timeout=60)
    seen = acks(out)
    assert len(seen) == count, err
    return seen


def everything(kept: Store) -> tuple[list[bytes], list[bytes], list[bytes]]:
    return list(kept.entries()), list(kept.leaf_hashes()), list(kept.checkpoints())


def all_of(url: str) -> tuple[list[bytes], list[bytes], list[bytes]]:
    with closing(stores.open(url)) as kept:
        return everything(kept)


def test_a_backup_restored_into_either_kind_is_the_same_record(
    office: Office, at: Terminal, database: Make
) -> None:
    seen = acted(office, "a", 4)
    backup = at.folder / "monday.db"
    told = at.asks("store", "backup", backup)
    assert told["entries"] == 5
    assert backup.stat().st_mode & 0o777 == 0o600
    for number, url in enumerate((str(at.folder / "restored.db"), database())):
        key = at.folder / f"key-{number}"
        restored = at.asks("store", "restore", backup, "--store", url, "--log-key", key)
        assert (restored["entries"], restored["root"]) == (5, told["root"])
        assert all_of(url) == all_of(office.url) == all_of(str(backup))
        key.write_bytes((at.folder / "log-key").read_bytes())
        key.chmod(0o600)
        verified = at.asks("record", "verify", "--store", url, "--log-key", key)
        assert (verified["ok"], verified["entries"], verified["problem"]) == (True, 5, None)
        signed = [f"{key.algorithm} {key.id.hex()}" for key in office.trust.log_keys]
        assert (verified["ok"], verified["entries"], verified["signed"]) == (True, 5, signed)
        assert office.check(seen, url=url, copied=True) == 5
        more, err = office.acting("b", count=1, url=url).communicate(timeout=60)
        assert [ack.entry for ack in acks(more)] == [5], err


def test_a_backup_taken_while_others_act_is_a_beginning_of_the_record(
    office: Office, at: Terminal
) -> None:
    busy = office.acting("w", count=25)
    assert busy.stdout is not None
    first = busy.stdout.readline()
    at.asks("store", "backup", at.folder / "now.db")
    seen = acks(first + rest(busy))
    assert len(seen) == 25
    size = office.check(
        [ack for ack in seen if ack.entry < 1], url=str(at.folder / "now.db"), copied=True
    )
    assert 2 <= size < 26
    backup = all_of(str(at.folder / "now.db"))
    assert backup[0] == all_of(office.url)[0][:size]
    assert backup[1] == all_of(office.url)[1][:size]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_restoring_that_was_cut_short_can_be_done_again(
    office: Office, at: Terminal, database: Make, kind: str
) -> None:
    """Killed between making the store and filling it, `restore` leaves an empty one."""
    url = database() if kind == "postgres" else str(at.folder / "restored.db")
    stores.create(url).close()
    at.asks("store", "backup", at.folder / "backup.db")
    here = ("store", "restore", at.folder / "backup.db", "--store", url)
    key = ("--log-key", at.folder / "new-key")
    assert at.asks(*here, *key)["entries"] == 1
    assert all_of(url) == all_of(office.url)
    assert "holds a record already" in at.run(*here, *key).err


def test_nothing_is_overwritten(office: Office, at: Terminal) -> None:
    backup = at.folder / "backup.db"
    at.asks("store", "backup", backup)
    before = backup.read_bytes()
    assert "exists already" in at.refused("store", "backup", backup)
    assert backup.read_bytes() == before
    assert "already" in at.refused("store", "restore", backup)
    assert office.check([]) == 1


def test_what_holds_of_a_store_that_is_damaged_at_its_end_is_saved(
    at: Terminal, office: Office, tmp_path: Path
) -> None:
    acted(office, "a", 4)
    backup, sound = tmp_path / "backup.db", tmp_path / "sound.db"
    at.asks("store", "backup", backup, "--salvage")
    entries, leaves, notes = all_of(str(backup))
    assert len(entries) == 5
    for row in (
        (5, b"x", bytes(32), None),
        (5, b"x", bytes(32), notes[4]),
        (5, b"x", bytes(32), notes[4].replace(b"\n5\n", b"\n6\n", 1)),
        (5, entries[4], leaves[4], b"no checkpoint"),
    ):
        with closing(sqlite3.connect(backup)) as database, database:
            database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", row)
        told = at.run("office", "list", "--store", backup)
        assert (told.status, "--salvage` saves" in told.err) == (1, True)
        done = at.asks("store", "backup", sound, "--salvage", "--store", backup)
        assert (done["entries"], bool(done["left"])) == (5, True)
        assert all_of(str(sound)) == (entries, leaves, notes)
        shutil.copy(sound, backup)
        sound.unlink()


def test_nothing_is_saved_of_what_does_not_hold_at_all(at: Terminal, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    at.asks("store", "backup", backup)
    _, _, notes = all_of(str(backup))
    whole = backup.read_bytes()
    place = whole.index(notes[0][40:80])
    backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    told = at.refused("store", "backup", tmp_path / "sound.db", "--salvage", "--store", backup)
    assert "nothing of the record holds" in told
    assert not (tmp_path / "sound.db").exists()


# --- what a witness has seen -------------------------------------------------------------------


@pytest.fixture
def witness(office: Office, at: Terminal) -> Iterator[Served]:
    """Give a witness of the record, which the trust names."""
    trust = at.folder / "log-key.trust.json"
    trust.write_bytes(trustfile.write(TrustFile.of(office.trust)))
    logs = [str(key) for key in office.trust.log_keys]
    with served(at.folder / "w1", logs=logs) as running:
        policy = at.folder / "witness.policy"
        named = "".join(f"log {log}\n" for log in logs)
        policy.write_text(f"{named}witness w1 {running.key} {running.url}\nquorum w1\n")
        at.asks("record", "trust", "--policy", policy)
        yield running


def test_a_backup_that_a_witness_has_seen_more_than_is_refused(
    office: Office, at: Terminal, witness: Served
) -> None:
    """Whoever has seen more is believed: the witness of the trust, one named, or what was kept."""
    acted(office, "a", 2)
    backup, restored = at.folder / "backup.db", at.folder / "restored.db"
    at.asks("store", "backup", backup)
    acted(office, "b", 3)
    at.asks("record", "witness")
    lost = "the backup ends at entry 2, and {} has seen 6 entries"
    here = ("store", "restore", backup, "--store", restored)
    own = ("--log-key", at.folder / "log-key")
    away = ("--log-key", at.folder / "away.log-key")
    assert lost.format("the witness `w1`") in at.run(*here, *own).err
    assert lost.format(f"`{witness.url}`") in at.run(*here, *away, "--witnessed", witness.url).err
    witness.process.terminate()
    witness.process.wait(30)
    kept = at.folder / "log-key.cosigned"
    assert lost.format(f"`{kept}`") in at.run(*here, *own).err
    assert lost.format(f"`{kept}`") in at.run(*here, *away, "--witnessed", kept).err
    assert "does not answer" in at.run(*here, *away, "--witnessed", witness.url).err
    assert not restored.exists()
    older = at.run(*here, *own, "--older")
    assert older.status == 0, older
    assert "The witness `w1` was not heard" in older.out
    assert len(all_of(str(restored))[0]) == 3


def test_a_backup_that_has_all_that_a_witness_saw_is_restored(
    office: Office, at: Terminal, witness: Served
) -> None:
    acted(office, "a", 1)
    at.asks("record", "witness")
    acted(office, "b", 1)
    at.asks("store", "backup", at.folder / "backup.db")
    here = ("--store", at.folder / "restored.db", "--witnessed", witness.url)
    told = at.run("store", "restore", at.folder / "backup.db", *here)
    assert told.status == 0, told
    assert "--witnessed" not in told.out


def test_a_backup_of_another_history_is_refused(office: Office, at: Terminal) -> None:
    """Who holds the log key and writes everything anew is found by what a witness kept."""
    first, backup = acted(office, "a", 2), at.folder / "backup.db"
    at.asks("store", "backup", backup)
    fork = at.folder / "fork.db"
    with closing(stores.open(str(backup))) as kept, closing(sqlite.create(fork)) as made:
        entries, _, notes = everything(kept)
        made.append(entries[:1], size=0, checkpoint=notes[0])
    forged, _ = office.acting("other", count=2, url=str(fork)).communicate(timeout=60)
    assert len(acks(forged)) == 2
    witnessed = at.folder / "kept.checkpoint"
    witnessed.write_text(first[-1].checkpoint)
    here = ("--store", at.folder / "restored.db", "--log-key", at.folder / "log-key")
    said = at.run("store", "restore", fork, *here, "--witnessed", witnessed)
    assert said.status == 1
    assert f"does not contain what `{witnessed}` has seen signed" in said.err
    assert not (at.folder / "restored.db").exists()


def test_a_backup_of_another_record_is_refused(at: Terminal) -> None:
    elsewhere = at.folder / "elsewhere"
    elsewhere.mkdir()
    other = Office.founded(str(elsewhere / "record.db"), elsewhere)
    at.asks("store", "backup", at.folder / "mine.db")
    trust = elsewhere / "log-key.trust.json"
    trust.unlink()
    here = ("--store", elsewhere / "new.db", "--log-key", elsewhere / "log-key")
    at.asks("store", "restore", other.url, *here)
    assert trust.exists()
    here = ("--store", elsewhere / "newer.db", "--log-key", elsewhere / "log-key")
    said = at.run("store", "restore", at.folder / "mine.db", *here)
    assert said.status == 1
    assert "another record" in said.err


def test_a_backup_with_a_changed_byte_is_refused_and_leaves_nothing(
    office: Office, at: Terminal, database: Make
) -> None:
    acted(office, "a", 2)
    backup, url = at.folder / "backup.db", database()
    at.asks("store", "backup", backup)
    whole = backup.read_bytes()
    entries, _, notes = all_of(str(backup))
    for stored in (*entries, *notes):
        # what is longer than a page of SQLite lies there in pieces
        parts = (stored[start : start + 24] for start in range(len(stored) // 2, len(stored) - 24))
        place = next(whole.index(part) for part in parts if part in whole)
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        for target in (url, str(at.folder / "restored.db")):
            here = ("--store", target, "--log-key", at.folder / "other-key")
            said = at.run("store", "restore", backup, *here)
            assert said.status == 1, said
            assert not stores.exists(target)


# --- show and upgrade --------------------------------------------------------------------------


def test_what_a_store_is_can_be_shown(office: Office, at: Terminal) -> None:
    seen = acted(office, "a", 2)
    shown = at.asks("store", "show")
    assert (shown["entries"], shown["checkpoint"]) == (3, seen[-1].checkpoint)
    assert shown["format"] == shown["newest"]
    assert shown["bytes"] > 8000
    assert shown["kind"].split()[0] in {"SQLite", "PostgreSQL"}
    text = at.run("store", "show").out
    assert "3 entries, root" in text
    assert at.asks("store", "upgrade") == {
        "from": shown["format"],
        "to": shown["format"],
        "entries": 3,
    }
    assert "nothing was changed" in at.run("store", "upgrade").out
