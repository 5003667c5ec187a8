"""Durable steps and verification of the record, beside the bare work they cannot do without.

Each figure is the fastest of several rounds, taken in turn: whatever else the machine does only
slows. Each ratio compares two rows of this one table; other machines give other rates, but similar
ratios. `durable` follows: entries from 1, 8, 64 and 256 callers at once, on SQLite and PostgreSQL,
with how long half of them and 99 of 100 waited, beside bare inserts and DBOS.
"""

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import durable

from sayso.dates import Instant
from sayso.record import checkpoint, entry, note
from sayso.record.audit import audit
from sayso.record.checkpoint import Checkpoint
from sayso.record.entry import Entry
from sayso.record.note import Signer
from sayso.record.signature import SigningKey
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store import sqlite

STEPS = 500
ROUNDS = 9
ENTRIES = 100_000
AT_ONCE = 100  # entries under one checkpoint in the record that is verified
ORIGIN = "bench.example/log"

LOG = Signer.generate(ORIGIN)
ANN = SigningKey.generate()
AT = Instant.parse("2025-05-30T00:00:00Z")


def main() -> None:
    """Print the table, and those of `durable`: many callers, both stores, and DBOS beside them."""
    print(f"machine: {machine()}")
    print(f"{'what':<66}{'per second':>12}{'ratio':>8}")
    steps()
    verification()
    durable.main()


def machine() -> str:
    """Return what the figures were taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def rows(runs: dict[str, Callable[[], float]], count: int) -> None:
    """Print a line for each run, which tells its seconds; the ratio is to the first."""
    rounds = [[run() for run in runs.values()] for _ in range(ROUNDS)]
    fastest = [min(each) for each in zip(*rounds, strict=True)]
    for what, seconds in zip(runs, fastest, strict=True):
        print(f"{what:<66}{count / seconds:>12,.0f}{fastest[0] / seconds:>8.2f}")


# --- durable steps -----------------------------------------------------------------------------


def steps() -> None:
    """Measure one caller who appends one entry at a time, each on the disk before the next."""
    drafts = [draft(number) for number in range(STEPS)]
    bare_rows = written(drafts)
    runs = {
        "bare sqlite3: one insert of the same bytes, WAL, FULL": lambda path: bare(path, bare_rows),
        "a step: entry, tree, signed checkpoint, commit": lambda path: kept(path, drafts),
        "a step, its Ed25519 personal signature verified too": lambda path: checked(path, drafts),
    }
    rows({what: partial(timed_in_folder, run) for what, run in runs.items()}, STEPS)


def draft(number: int) -> Entry:
    """Return a signed decision."""
    nonce = entry.nonce(number.to_bytes(16, "big"))
    payload = f'{{"case":"case-{number}","nonce":"{nonce}","outcome":"granted"}}'.encode()
    return Entry("decision", payload, (entry.sign(ANN, "decision", payload),), AT)


Row = tuple[int, bytes, bytes, bytes]


def written(drafts: list[Entry]) -> list[Row]:
    """Return the rows that the steps write, for those who only write them."""
    rows: list[Row] = []
    frontier = EMPTY
    for number, each in enumerate(drafts):
        raw = entry.write(each)
        leaf = leaf_hash(raw)
        frontier = frontier.extended([leaf])
        rows.append((number, raw, leaf, signed(frontier)))
    return rows


def signed(frontier: Frontier) -> bytes:
    """Return the checkpoint of a tree."""
    return checkpoint.sign(Checkpoint(ORIGIN, frontier.size, frontier.root()), [LOG])


def bare(path: Path, rows: list[Row]) -> None:
    """Insert the rows and do nothing else."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(
        "CREATE TABLE entry (number INTEGER PRIMARY KEY, bytes BLOB, leaf BLOB, note BLOB) STRICT"
    )
    for row in rows:
        database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", row)
    database.close()


def kept(path: Path, drafts: list[Entry]) -> None:
    """Append each entry as the program does."""
    kept_in, frontier = sqlite.create(path), EMPTY
    for each in drafts:
        raw = entry.write(each)
        grown = frontier.extended([leaf_hash(raw)])
        kept_in.append([raw], size=frontier.size, checkpoint=signed(grown))
        frontier = grown
    assert kept_in.size() == len(drafts)
    kept_in.close()


def checked(path: Path, drafts: list[Entry]) -> None:
    """Do the same with each personal signature verified before."""
    for each in drafts:
        entry.check(each, ANN.public)
    kept(path, drafts)


def timed_in_folder(run: Callable[[Path], None]) -> float:
    """Return the seconds of `run` on a new file."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        return timed(lambda: run(Path(folder) / "record.db"))


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that `run` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


# --- verification ------------------------------------------------------------------------------


def verification() -> None:
    """Measure the audit of a record in memory beside the hashing it cannot do without."""
    signed_payload = entry.write(draft(0))
    entries = [signed_payload[:-20] + f"{number:020d}".encode() for number in range(ENTRIES)]
    hashes = [leaf_hash(each) for each in entries]
    frontier, notes = EMPTY, []
    for start in range(0, ENTRIES, AT_ONCE):
        frontier = frontier.extended(hashes[start : start + AT_ONCE])
        notes.append(signed(frontier))

    def audited(count: int) -> None:
        found = audit(
            entries,
            leaf_hashes=hashes,
            checkpoints=notes[-count:],
            origin=ORIGIN,
            keys=[LOG.key],
        )
        assert found.root == frontier.root()

    size = sum(map(len, entries)) // ENTRIES
    runs: dict[str, Callable[[], object]] = {
        f"bare hashlib: SHA-256 of {ENTRIES:,} entries of {size} bytes": lambda: [
            sha256(each).digest() for each in entries
        ],
        "bare hashlib: the same, and the nodes of a tree": lambda: bare_tree(entries),
        f"bare: the same, and {len(notes):,} Ed25519 verifications": lambda: bare_all(
            entries, notes
        ),
        "the tree: leaf hashes and root": lambda: Frontier.of(map(leaf_hash, entries)).root(),
        "audit: entries, leaf hashes, one checkpoint": lambda: audited(1),
        f"audit: entries, leaf hashes, {len(notes):,} checkpoints": lambda: audited(len(notes)),
    }
    rows({what: partial(timed, run) for what, run in runs.items()}, ENTRIES)


def bare_tree(entries: list[bytes]) -> bytes:
    """Hash as often, and over as many bytes, as a tree of these entries needs."""
    digest = b""
    for each in entries:
        digest = sha256(each).digest()
    pair = b"\x01" + digest + digest
    for _ in range(len(entries) - 1):
        digest = sha256(pair).digest()
    return digest


def bare_all(entries: list[bytes], notes: list[bytes]) -> None:
    """Do the same, and verify as many signatures over texts as long as a checkpoint's."""
    bare_tree(entries)
    text, (line,) = note.split(notes[0])
    for _ in notes:
        assert LOG.key.holds(text, line.signature)


if __name__ == "__main__":
    main()
