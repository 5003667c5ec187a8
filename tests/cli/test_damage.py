"""A store or export that was touched is named and never repaired, and a crash harms nothing."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from sayso import app
from sayso import store as stores
from sayso.queries import trustfile, verification
from sayso.store.contract import Store
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.pieces import Projection
from tests.cli.terminal import LIAISON, SAYSO, SPAN, USE, Terminal

PLACE = ("--place", "Belgorod")
FILE = ("request", "submit", *USE, *PLACE, *SPAN)


def broken(at: Terminal) -> str:
    """Return the problem that verifying finds; no command may mend it or end in a traceback."""
    before = at.store.read_bytes() if at.store.exists() else b""
    ran = at.run("record", "verify", as_json=True)
    assert ran.status == 1, ran
    assert ran.value["ok"] is False
    assert at.store.exists() is bool(before) or not before
    if before:
        assert at.store.read_bytes() == before
    return str(ran.value["problem"])


def test_a_store_that_is_missing_foreign_or_empty(at: Terminal) -> None:
    at.store.unlink()
    for words in (("request", "list"), ("policy", "show"), ("record", "export", at.folder / "x")):
        assert "no store at" in at.refused(*words)
    assert "no store at" in at.refused(*FILE, by=LIAISON)
    assert not at.store.exists()
    at.store.write_bytes(b"")
    assert "cut short" in at.refused("request", "list")
    assert "cut short" in at.refused(*FILE, by=LIAISON)
    at.store.write_bytes(b"a letter, not a store")
    assert "not a store" in at.refused("request", "list")
    at.store.unlink()
    with closing(sqlite3.connect(at.store)) as other:
        other.execute("CREATE TABLE note (text TEXT)")
    assert "another program" in at.refused("request", "list")
    at.store.unlink()
    at.store.mkdir()
    assert "not a file" in at.refused("request", "list") or "read" in at.refused("request", "list")


@pytest.mark.parametrize("url", ["memory:", "postgres://x/y", "sqlite:", "ftp:x"])
def test_a_store_of_no_kind(at: Terminal, url: str) -> None:
    ran = at.run("request", "list", "--store", url)
    assert ran.status in {1, 2}, ran
    assert ran.err.strip()


def test_a_store_without_its_log_key_can_be_read_and_not_written(at: Terminal) -> None:
    Path(f"{at.store}.log-key").unlink()
    assert "log key" in at.refused(*FILE, by=LIAISON)
    assert at.run("request", "list").status == 0
    assert at.run("record", "verify").status == 0
    Path(f"{at.store}.log-key").write_bytes(b"garbage")
    assert "open to others" in at.refused(*FILE, by=LIAISON)
    Path(f"{at.store}.log-key").chmod(0o600)
    assert "cannot be read" in at.refused(*FILE, by=LIAISON)


def test_a_store_with_anothers_log_key(at: Terminal, tmp_path: Path) -> None:
    """What it signs nobody would believe: it must not be written."""
    other = Terminal(tmp_path / "other")
    other.key("").mkdir(parents=True)
    other.asks("key", "new", other.key("ann"))
    named = ("--origin", "sayso.example/long-range-fires", "--registrar", "ann", "--rehearsal")
    other.asks("init", *named, by="ann")
    shutil.copy(f"{other.store}.log-key", f"{at.store}.log-key")
    assert "log key" in at.refused(*FILE, by=LIAISON)
    assert at.run("record", "verify").status == 0


def test_a_store_cut_at_any_length(at: Terminal) -> None:
    whole = at.store.read_bytes()
    lengths = {1, 15, 16, 99, 100, 512, 4096, 8192, len(whole) // 2, len(whole) - 1}
    lengths |= set(random.Random(1).sample(range(len(whole)), 25))
    for length in sorted(lengths):
        at.store.write_bytes(whole[:length])
        assert broken(at)
        assert at.run(*FILE, by=LIAISON).status == 1
        assert at.store.read_bytes() == whole[:length]


def test_a_byte_flipped_anywhere_in_the_file_is_never_believed(at: Terminal) -> None:
    """Where the file has room that nothing uses, nothing may change; elsewhere it is found."""
    whole = at.store.read_bytes()
    good = at.run("record", "show").out
    for place in random.Random(2).sample(range(len(whole)), 80):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        at.store.write_bytes(changed)
        ran = at.run("record", "verify", as_json=True)
        if ran.status == 0:
            assert at.run("record", "show").out == good
        for each in at.store.parent.glob("record.db-*"):
            each.unlink()


@contextmanager
def opened_raw(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield the database with its guards taken off; they are put back at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type='trigger'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, sql in guards:
            raw.execute(sql)


def stored(at: Terminal) -> list[tuple[str, str, str, int, bytes]]:
    """Return every stored text: its table, column and key, and its bytes."""
    with closing(sqlite3.connect(at.store)) as raw:
        tables = dict(raw.execute("SELECT name, sql FROM sqlite_schema WHERE type='table'"))
        found = []
        for table in sorted(tables):
            columns = [row[1:3] for row in raw.execute(f"PRAGMA table_info({table})")]
            key = next((name for name, kind in columns if kind == "INTEGER"), None)
            for name, kind in columns:
                if kind == "BLOB" and key is not None:
                    rows = raw.execute(f"SELECT {key}, {name} FROM {table}")  # noqa: S608  # ours
                    found += [(table, name, key, *row) for row in rows if row[1] is not None]
    assert len(found) > 100
    return found


def test_any_byte_of_any_stored_entry_or_checkpoint_changed_is_named(at: Terminal) -> None:
    texts = stored(at)
    draw = random.Random(3)
    store, trust = (
        stores.open(str(at.store)),
        trustfile.read(Path(f"{at.store}.trust.json").read_bytes()).trust,
    )
    missed: list[object] = []
    signing = sorted(number for _, column, _, number, _ in texts if column == "checkpoint")
    with closing(store):
        for table, column, _, number, data in texts:
            name = "checkpoint" if column == "checkpoint" else "entry"
            named = signing.index(number) if column == "checkpoint" else number
            places = {draw.randrange(len(data)), draw.choice((0, len(data) - 1))}
            for place in places:
                changed = bytearray(data)
                changed[place] ^= 1 << draw.randrange(8)
                altered = _Altered(store, column, number, bytes(changed))
                report = verification.verify_store(
                    altered, trust, atlas=app.atlas(), progress=lambda _: None
                )
                problem = report.problem or ""
                held = number if column != "checkpoint" else [-1, *signing][named] + 1
                if report.entries != held:
                    missed.append((table, column, number, place, report))
                if re.match(rf"{name} {named}\b", problem) is None:
                    missed.append((table, column, number, place, problem))
    assert not missed


class _Altered:
    """A store in which one stored text reads otherwise than it was written."""

    def __init__(self, store: Store, column: str, number: int, data: bytes) -> None:
        self.store, self.column, self.number, self.data = store, column, number, data

    def size(self) -> int:
        return self.store.size()

    def head(self) -> bytes | None:
        *_, last = self.checkpoints()
        return last

    def checkpoints(self, stop: int | None = None) -> Iterator[bytes]:
        for each in self.store.checkpoints(stop):
            claimed = int(each.splitlines()[1])
            hit = self.column == "checkpoint" and claimed == self.number + 1
            yield self.data if hit else each

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        for number, each in enumerate(self.store.entries(start, stop), start):
            hit = self.column == "bytes" and number == self.number
            yield self.data if hit else each

    def leaf_hashes(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        for number, each in enumerate(self.store.leaf_hashes(start, stop), start):
            hit = self.column == "leaf_hash" and number == self.number
            yield self.data if hit else each

    def enclosed(self, digests: Collection[bytes]) -> dict[bytes, bytes]:
        return self.store.enclosed(digests)

    def enclosures(self) -> Iterator[bytes]:
        return self.store.enclosures()

    def append(
        self,
        entries: Sequence[bytes],
        *,
        size: int,
        checkpoint: bytes,
        beside: Beside = NOTHING_BESIDE,
        projection: Projection | None = None,
    ) -> None:
        raise AssertionError(entries, size, checkpoint, beside, projection)

    def erase(self, digests: Collection[bytes]) -> int:
        raise AssertionError(digests)

    def projection(self) -> bytes | None:
        return self.store.projection()

    def pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        return self.store.pieces(names)

    def project(self, made: Projection) -> bool:
        raise AssertionError(made)

    def turn(self) -> AbstractContextManager[None]:
        raise AssertionError

    def fill(self, kept: Iterable[object], enclosures: Iterable[bytes] = ()) -> None:
        raise AssertionError(kept, enclosures)

    def close(self) -> None:
        raise AssertionError


def test_a_text_changed_in_the_database_itself_is_named_by_the_command(at: Terminal) -> None:
    draw = random.Random(4)
    texts = stored(at)
    for table, column, key, number, data in draw.sample(texts, 25):
        changed = bytearray(data)
        changed[draw.randrange(len(data))] ^= 1
        statement = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"  # noqa: S608  # ours
        with opened_raw(at.store) as raw:
            raw.execute(statement, (bytes(changed), number))
        problem = broken(at)
        named = "checkpoint" if column == "checkpoint" else "entr"
        assert named in problem, (table, column, number, problem)
        if column != "checkpoint":
            assert f"entry {number} " in problem
        with opened_raw(at.store) as raw:
            raw.execute(statement, (data, number))
    assert at.run("record", "verify").status == 0


def test_a_row_taken_away_or_put_in_between_is_found(at: Terminal) -> None:
    draw = random.Random(5)
    last = len(at.asks("record", "show")) - 1
    for number in (0, *draw.sample(range(1, last), 4)):
        copy = at.copied(at.folder.parent / f"without-{number}")
        with opened_raw(copy.store) as raw:
            raw.execute("DELETE FROM entry WHERE number = ?", (number,))
        assert "entr" in broken(copy)
        assert copy.run(*FILE, by=LIAISON).status == 1
    copy = at.copied(at.folder.parent / "with-one-more")
    with opened_raw(copy.store) as raw:
        more = "INSERT INTO entry SELECT number + 1, bytes, leaf_hash, NULL FROM entry"
        raw.execute(f"{more} WHERE number = ?", (last,))
    assert broken(copy) == f"entry {last + 1} is under no checkpoint"
    assert copy.run("record", "verify", as_json=True).value["entries"] == last + 1
    assert "`sayso record verify` names the first" in copy.refused("record", "show")
    assert copy.run(*FILE, by=LIAISON).status == 1


def test_guards_taken_off_are_noticed(at: Terminal) -> None:
    with closing(sqlite3.connect(at.store)) as raw:
        raw.execute("DROP TRIGGER entry_stays")
    assert "guards" in at.refused("request", "list")


def test_any_byte_of_the_export_changed_is_found(at: Terminal) -> None:
    export = at.folder / "exported"
    at.asks("record", "export", export, "--proof", 0, "--proof", 17)
    trust = at.folder / "trust"
    shutil.copy(export / "trust.json", trust)
    needless = {"trust.json", "0.tlog-proof", "17.tlog-proof"}  # the record holds without them
    draw = random.Random(6)

    def verify() -> tuple[int, str]:
        ran = at.run("record", "verify", export, "--trust", trust, as_json=True)
        return ran.status, str(ran.value["problem"])

    assert verify()[0] == 0
    for file in sorted(each for each in export.rglob("*") if each.is_file()):
        data = file.read_bytes()
        for place in {0, len(data) - 1, *draw.sample(range(len(data)), 12)}:
            changed = bytearray(data)
            changed[place] ^= 1 << draw.randrange(8)
            file.write_bytes(changed)
            status, problem = verify()
            assert status == 1, (file, place)
            assert problem
        for cut in (0, len(data) // 2, len(data) - 1):
            file.write_bytes(data[:cut])
            assert verify()[0] == 1, (file, cut)
        file.unlink()
        assert verify()[0] == (0 if file.name in needless else 1)
        file.write_bytes(data)
    assert verify()[0] == 0


def test_what_was_cut_off_shows_against_a_checkpoint_kept(at: Terminal) -> None:
    kept = at.folder / "kept"
    shutil.copy(at.store, at.folder / "before.db")
    said = ("--outcome", "refuse", "--reason", "escalation")
    done = at.asks("decide", "ukraine-5", *said, by="secretary-of-defense")
    kept.write_text(done["checkpoint"])
    assert at.run("record", "verify", "--witnessed", kept).status == 0
    shutil.copy(at.folder / "before.db", at.store)
    assert at.run("record", "verify").status == 0
    problem = at.run("record", "verify", "--witnessed", kept, as_json=True).value["problem"]
    assert "witnessed" in problem


def unprivileged(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program without root's right to pass over permissions."""
    drop = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
    asroot = os.geteuid() == 0
    return subprocess.run(
        [*(drop if asroot else ()), SAYSO, *words], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="needs setpriv")
def test_a_folder_that_cannot_be_written(at: Terminal) -> None:
    before = at.bytes()
    at.folder.chmod(0o555)
    try:
        told = ("--store", str(at.store), "--now", str(at.now))
        ran = unprivileged(*FILE, *told, "--key", str(at.key(LIAISON)))
        assert ran.returncode == 1, ran
        assert ran.stderr.startswith("error: "), ran.stderr
        new = ("--origin", "a.example/b", "--registrar", "registrar", "--rehearsal")
        there = ("--store", str(at.folder / "new.db"), "--key", str(at.key("registrar")))
        assert unprivileged("init", *new, *there).returncode == 1
        assert unprivileged("record", "export", str(at.folder / "x"), *told).returncode == 1
    finally:
        at.folder.chmod(0o755)
    at.key(LIAISON).chmod(0)
    unreadable = unprivileged(*FILE, *told, "--key", str(at.key(LIAISON)))
    assert unreadable.returncode in {1, 2}
    assert "Traceback" not in unreadable.stderr
    at.key(LIAISON).chmod(0o600)
    assert at.bytes() == before


def test_a_persons_key_that_is_open_to_others_is_refused(at: Terminal) -> None:
    before = at.bytes()
    at.key(LIAISON).chmod(0o644)
    said = at.refused(*FILE, by=LIAISON)
    assert f"`{at.key(LIAISON)}` is open to others: its mode is 0644" in said
    assert "chmod 600" in said
    at.key(LIAISON).chmod(0o600)
    assert at.bytes() == before


def acting(at: Terminal, place: str) -> "subprocess.Popen[str]":
    words = at.words(("request", "submit", *USE, "--place", place, *SPAN), LIAISON, as_json=True)
    return subprocess.Popen(
        [SAYSO, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_several_who_act_at_once_all_get_in_or_are_told(at: Terminal) -> None:
    size = len(at.asks("record", "show"))
    racing = [acting(at, "Belgorod") for _ in range(3)]
    answers = [(each.communicate(timeout=60), each.returncode) for each in racing]
    done = [json_of(out) for (out, _), status in answers if status == 0]
    assert len({each["case"] for each in done}) == len(done) >= 2
    for (out, err), status in answers:
        assert status == 0 or "try again" in out + err
    report = at.run("record", "verify", as_json=True)
    assert (report.value["ok"], report.value["entries"]) == (True, size + 2 * len(done))


def json_of(text: str) -> dict[str, object]:
    """Return the JSON of a text."""
    return dict(json.loads(text))


def test_killed_in_the_middle_the_store_stays_valid(at: Terminal) -> None:
    draw = random.Random(7)
    for _ in range(5):
        before = len(at.asks("record", "show"))
        process = acting(at, "Kursk")
        time.sleep(0.25 + draw.random() * 0.5)
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
        after = len(at.asks("record", "show"))
        assert after in {before, before + 2}
        assert not out or after == before + 2
        assert at.run("record", "verify").status == 0
