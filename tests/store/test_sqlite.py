"""What only a file can suffer: crashes, damage, strangers, other processes."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sayso import store
from sayso.errors import Damaged, StoreError
from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.enclosure import digest
from sayso.record.note import Signer
from sayso.store import file, sqlite
from sayso.store.enclosure import Beside
from sayso.store.verify import verify

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)
ENTRIES = [f"entry {number} ".encode() * 3 for number in range(5)]


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


def everything(kept: store.Store) -> tuple[list[bytes], list[bytes], list[bytes]]:
    verify(kept, origin=ORIGIN, keys=[LOG.key])
    return list(kept.entries()), list(kept.leaf_hashes()), list(kept.checkpoints())


def filled(path: Path) -> None:
    with closing(sqlite.create(path)) as kept:
        for size, entry in enumerate(ENTRIES):
            kept.append(
                [entry],
                size=size,
                checkpoint=signed(ENTRIES[: size + 1]),
                beside=Beside((b"enclosure",) if size == 0 else ()),
            )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "record.db"
    filled(path)
    return path


# --- what a store is ----------------------------------------------------------------------------


def test_a_store_can_be_opened_again_by_path_and_by_url(path: Path) -> None:
    for url in (str(path), f"sqlite:{path}"):
        with closing(store.open(url)) as kept:
            assert everything(kept)[0] == ENTRIES


def test_only_the_owner_may_read_it(path: Path) -> None:
    with closing(sqlite.open(path)) as kept:
        kept.append([b"more"], size=5, checkpoint=signed([*ENTRIES, b"more"]))
        for each in path.parent.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        store.create(str(path))
    assert path.read_bytes() == before


def test_what_is_not_there_is_not_created(tmp_path: Path) -> None:
    for url in (str(tmp_path / "none.db"), f"sqlite:{tmp_path}/none.db", f"{tmp_path}/no/no.db"):
        with pytest.raises(StoreError, match="there is no store"):
            store.open(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["memory:", "mysql:x", "sqlite:"])
def test_what_names_no_store_cannot_be_opened(url: str) -> None:
    with pytest.raises(StoreError):
        store.open(url)


def test_a_store_cannot_be_created_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created"):
        store.create(str(tmp_path / "no" / "record.db"))


# --- nothing is changed or removed --------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET bytes = x'00'",
        "UPDATE entry SET number = number + 100",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 4",
        "UPDATE entry SET checkpoint = NULL",
        "INSERT OR REPLACE INTO entry VALUES (4, x'00', zeroblob(32), NULL)",
        "REPLACE INTO entry VALUES (0, x'00', zeroblob(32), NULL)",
        "INSERT INTO entry VALUES (NULL, x'00', zeroblob(32), NULL)",
        "INSERT INTO entry VALUES (7, x'00', zeroblob(32), NULL)",
        "INSERT INTO entry VALUES (5, x'', zeroblob(32), NULL)",
        "INSERT INTO entry VALUES (5, x'00', zeroblob(31), NULL)",
        "INSERT INTO entry VALUES (5, x'00', zeroblob(32), x'')",
        "INSERT INTO entry VALUES (5, zeroblob(65536), zeroblob(32), NULL)",
        "INSERT INTO entry VALUES (5, 'text', zeroblob(32), NULL)",
        "INSERT INTO entry SELECT 5, bytes, leaf_hash, checkpoint FROM entry",
        "UPDATE enclosure SET bytes = x'00'",
        "UPDATE enclosure SET digest = zeroblob(32)",
        "INSERT OR REPLACE INTO enclosure SELECT digest, x'00' FROM enclosure",
        "INSERT OR IGNORE INTO enclosure SELECT digest, x'00' FROM enclosure",
        "INSERT INTO enclosure VALUES (NULL, x'00')",
        "INSERT INTO enclosure VALUES (zeroblob(31), x'00')",
        "INSERT INTO enclosure VALUES (zeroblob(32), 'text')",
        "INSERT INTO enclosure VALUES (zeroblob(32), zeroblob(16777217))",
    ],
)
def test_the_database_itself_refuses_every_change(path: Path, statement: str) -> None:
    before = path.read_bytes()
    with (
        closing(sqlite3.connect(path)) as database,
        pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError)),
    ):
        database.execute(statement)
    with closing(sqlite.open(path)) as kept:
        assert everything(kept)[0] == ENTRIES
    assert path.read_bytes() == before


def test_a_database_without_its_guards_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER entry_remains")
    with pytest.raises(Damaged, match="guards"):
        sqlite.open(path)


# --- what is erased leaves nothing behind ---------------------------------------------------------


def texts(count: int) -> list[bytes]:
    """Return texts of many lengths, each of which can be told from all others by any part of it."""
    draw = random.Random(7)
    lengths = [draw.choice((20, 200, 1000, 5000, 30_000)) for _ in range(count)]
    return [(b"<%04d>" % number) * (length // 6 + 1) for number, length in enumerate(lengths)]


def raw(path: Path) -> bytes:
    """Return every byte of the file and of what SQLite keeps beside it."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def grown(kept: store.Store, beside: Beside) -> None:
    entries = [*kept.entries(), b"more"]
    kept.append([b"more"], size=len(entries) - 1, checkpoint=signed(entries), beside=beside)


def test_an_append_that_erases_overwrites_what_lies_where_it_was_put(path: Path) -> None:
    with closing(sqlite.open(path)) as kept:
        grown(kept, Beside(tuple(texts(5))))
        assert all(each[:6] in raw(path) for each in texts(5))
        grown(kept, Beside((), frozenset(map(digest, texts(5)))))
        assert [each[:6] for each in texts(5) if each[:6] in raw(path)] == []


def test_no_byte_of_what_was_erased_is_left_in_the_files(path: Path) -> None:
    """Also not where SQLite had moved it from, to join pages that were half empty."""
    draw = random.Random(11)
    with closing(sqlite.open(path)) as kept:
        live: list[bytes] = []
        for some in (texts(400)[start : start + 20] for start in range(0, 400, 20)):
            grown(kept, Beside(tuple(some)))
            live += some
            assert all(each[:6] in raw(path) for each in live)
            gone = draw.sample(live, k=min(len(live), draw.choice((1, 15, 30))))
            grown(kept, Beside((), frozenset(map(digest, gone[:5]))))
            assert kept.erase(list(map(digest, gone))) == len(gone[5:])
            live = [each for each in live if each not in gone]
            left = raw(path)
            assert [each[:6] for each in gone if each[:6] in left] == []
        assert set(kept.enclosures()) == {b"enclosure", *live}


def test_what_a_reader_holds_up_goes_with_the_next_erasing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.05)
    secret = b"the words that nobody may keep"
    with closing(sqlite.open(path)) as kept, closing(sqlite3.connect(path)) as reader:
        grown(kept, Beside((secret,)))
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchall()
        grown(kept, Beside((), frozenset({digest(secret)})))
        assert kept.enclosed([digest(secret)]) == {}
        assert secret in raw(path)
        reader.execute("ROLLBACK")
        assert kept.erase([]) == 0
        assert secret not in raw(path)


# --- damage -------------------------------------------------------------------------------------


def test_a_file_cut_short_is_refused_at_every_length_and_left_alone(path: Path) -> None:
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 101), *range(0, len(whole), 4096), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(StoreError):
            read_all(path)
        assert path.read_bytes() == whole[:length]
        assert list(path.parent.glob("*-journal")) == []


def test_a_flipped_byte_is_told_or_changes_nothing_that_is_read(path: Path) -> None:
    whole = path.read_bytes()
    with closing(sqlite.open(path)) as kept:
        expected = everything(kept)
    rows = [place for place in range(len(whole)) if whole[place]][::3]
    told = 0
    for place in rows:
        changed = bytearray(whole)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        try:
            assert read_all(path) == expected, place
        except StoreError:
            told += 1
    assert told > len(rows) // 2


@pytest.mark.parametrize("table", ["entries", "leaf hashes", "checkpoints"])
def test_every_flipped_byte_of_what_was_kept_is_told_and_named(path: Path, table: str) -> None:
    whole = path.read_bytes()
    with closing(sqlite.open(path)) as kept:
        kinds = dict(zip(("entries", "leaf hashes", "checkpoints"), everything(kept), strict=True))
    for number, stored in enumerate(kinds[table]):
        start = whole.index(stored)
        for place in range(start, start + len(stored)):
            changed = bytearray(whole)
            changed[place] ^= 0x01
            path.write_bytes(changed)
            with pytest.raises(Damaged) as told:
                read_all(path)
            last = table == "checkpoints" and number == len(ENTRIES) - 1
            found = told.value.checkpoint if table == "checkpoints" else told.value.entry
            assert found == number or (last and "newest checkpoint" in told.value.what)


def read_all(path: Path) -> tuple[list[bytes], list[bytes], list[bytes]]:
    with closing(sqlite.open(path)) as kept:
        return everything(kept)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 4096, b"hello\n" * 900])
def test_a_strangers_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(StoreError):
        sqlite.open(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY)")
    with pytest.raises(StoreError, match="another program"):
        sqlite.open(path)


def test_a_later_versions_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="later version"):
        sqlite.open(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        sqlite.open(tmp_path)


def test_a_file_that_may_not_be_written_is_told(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everything")
    path.chmod(0o400)
    with pytest.raises(StoreError), closing(sqlite.open(path)) as kept:
        kept.append([b"more"], size=5, checkpoint=signed([*ENTRIES, b"more"]))


def test_a_full_disk_is_told_and_nothing_is_lost(path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    much = [bytes([65 + number]) * 60_000 for number in range(20)]
    with closing(sqlite.open(path)) as kept:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
            with pytest.raises(StoreError):
                kept.append(much, size=5, checkpoint=signed(ENTRIES + much))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        assert everything(kept)[0] == ENTRIES
        kept.append(much, size=5, checkpoint=signed(ENTRIES + much))
    assert read_all(path)[0] == ENTRIES + much


# --- other processes ----------------------------------------------------------------------------

WRITER = """
import sys
from sayso.errors import Overtaken
from sayso.record import checkpoint, tree
from sayso.record.note import Signer
from sayso.store import sqlite

path, name, pem = sys.argv[1:4]
log = Signer.read("log.example/test", pem.encode())
kept = sqlite.open(path)
done = 0
while done < 20:
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


def writer(path: Path, name: str) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-c", WRITER, str(path), name, LOG.pem().decode())
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_several_processes_append_and_none_loses_anything(path: Path) -> None:
    writers = [writer(path, name) for name in "abc"]
    assert [each.wait(60) for each in writers] == [0, 0, 0]
    for each in writers:
        assert each.stdout is not None
        each.stdout.close()
    entries = read_all(path)[0]
    assert len(entries) == 5 + 60
    for name in "abc":
        assert [each for each in entries if each.startswith(name.encode())] == [
            f"{name} {number}".encode() for number in range(20)
        ]


def test_what_was_acknowledged_survives_a_kill(path: Path) -> None:
    killed = writer(path, "k")
    assert killed.stdout is not None
    acknowledged = [killed.stdout.readline() for _ in range(7)]
    killed.kill()
    killed.wait(10)
    killed.stdout.close()
    assert len(acknowledged) == 7
    assert len(read_all(path)[0]) >= 5 + 7


def test_a_store_held_by_another_is_busy_and_can_still_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(sqlite.open(path)) as kept:
            with pytest.raises(StoreError, match="busy"):
                kept.append([b"more"], size=5, checkpoint=signed([*ENTRIES, b"more"]))
            assert everything(kept)[0] == ENTRIES


def test_a_copy_taken_while_closed_is_the_same_store(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    assert read_all(copy) == read_all(path)
