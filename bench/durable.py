"""Durable entries from many callers, and a case of five steps, beside bare work and a peer.

Each figure is the fastest of a few rounds, each on a new store; the rows of one table are taken in
turn, so that whatever else the machine does falls on all. Only ratios within a table mean anything
on another machine. DBOS (`pip install dbos`) is measured if it is installed.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from threading import Thread
from typing import Any

from cases.places import Place, places

from sayso import store
from sayso.dates import Instant
from sayso.record import checkpoint, entry
from sayso.record.checkpoint import Checkpoint
from sayso.record.entry import Entry
from sayso.record.note import Signer
from sayso.record.signature import SigningKey
from sayso.record.tree import Frontier
from sayso.store.writer import Writer

CALLERS = (1, 8, 64, 256)
SHARED = 2_048  # entries that the callers append together
SINGLE = 300  # bare inserts, one a commit
BATCH = 100  # bare inserts in one commit
CASES = 60
STEPS = 5
ROUNDS = 3
BYTES = 512

LOG = Signer.generate("bench.example/log")
ANN = SigningKey.generate()
AT = Instant.parse("2025-05-30T00:00:00Z")
TABLE = {
    "SQLite": "CREATE TABLE bare (number INTEGER PRIMARY KEY, bytes BLOB)",
    "PostgreSQL": "CREATE TABLE bare (number bigint PRIMARY KEY, bytes bytea)",
}

Rows = list[tuple[int, bytes]]

Run = Callable[[], list[float]]
"""What does some durable things, and returns how many seconds each of them waited."""


@dataclass(slots=True)
class Row:
    """A line of a table: what was done, and the fastest round of it."""

    what: str
    run: Run
    seconds: float = float("inf")
    waits: list[float] = field(default_factory=list)

    def again(self) -> None:
        """Do it once more, and keep the round if it is the fastest."""
        start = time.perf_counter()
        waits = self.run()
        seconds = time.perf_counter() - start
        if seconds / len(waits) < self.seconds:
            self.seconds, self.waits = seconds / len(waits), sorted(waits)

    def line(self, first: "Row") -> str:
        """Return the line; the ratio is to the `first` row's rate."""
        p50, p99 = (1000 * self.waits[int(len(self.waits) * part)] for part in (0.5, 0.99))
        rate = f"{1 / self.seconds:>10,.0f}{first.seconds / self.seconds:>8.2f}"
        return f"{self.what:<64}{rate}{p50:>9.2f}{p99:>9.2f}"


def main() -> None:
    """Print both tables for each kind of store that is here."""
    with places() as found:
        for place in found:
            entries(place)
            cases(place)


def table(heading: str, rows: list[Row]) -> None:
    """Measure the rows in turn, and print them."""
    for _ in range(ROUNDS):
        for row in rows:
            row.again()
    print(f"\n{heading:<64}{'per s':>10}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for row in rows:
        print(row.line(rows[0]))


# --- entries -----------------------------------------------------------------------------------


def entries(place: Place) -> None:
    """Compare bare inserts with entries under signed checkpoints, from many callers."""
    rows = [
        Row("bare: one insert a commit", lambda: bare(place, SINGLE, 1)),
        Row(f"bare: {BATCH} inserts a commit", lambda: bare(place, SINGLE * BATCH // 10, BATCH)),
    ]
    for many in CALLERS:
        what = f"entries under signed checkpoints, group commit, callers: {many}"
        rows.append(Row(what, partial(shared, place, many)))
    table(f"{place.kind}: durable entries of {BYTES} bytes", rows)


def bare(place: Place, total: int, at_once: int) -> list[float]:
    """Insert rows and do nothing else, `at_once` in each commit."""
    with opened(place) as (insert, commit):
        waits = []
        for start in range(0, total, at_once):
            began = time.perf_counter()
            insert([(number, payload(number)) for number in range(start, start + at_once)])
            commit()
            waits += [time.perf_counter() - began] * at_once
    return waits


@contextmanager
def opened(place: Place) -> Iterator[tuple[Callable[[Rows], object], Callable[[], object]]]:
    """Yield what inserts rows into a bare table, and what commits."""
    if place.kind == "SQLite":
        with closing(sqlite3.connect(place.new())) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute(TABLE[place.kind])
            yield partial(database.executemany, "INSERT INTO bare VALUES (?, ?)"), database.commit
        return
    with import_module("psycopg").connect(place.new()) as connection:
        connection.execute(TABLE[place.kind])
        connection.commit()
        cursor = connection.cursor()
        yield partial(cursor.executemany, "INSERT INTO bare VALUES (%s, %s)"), connection.commit


def shared(place: Place, many: int) -> list[float]:
    """Let `many` callers append together, each waiting for one receipt after the other."""
    waits: list[float] = []
    with closing(store.create(place.new())) as kept:
        writer = Writer(kept, signed)

        def call() -> None:
            for _ in range(SHARED // many):
                began = time.perf_counter()
                writer.append(payload)
                waits.append(time.perf_counter() - began)

        threads = [Thread(target=call) for _ in range(many)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert kept.size() == len(waits)
    return waits


def payload(number: int) -> bytes:
    """Return an entry's bytes."""
    return b"%0*d" % (BYTES, number)


def signed(tree: Frontier) -> bytes:
    """Return the checkpoint of a tree."""
    return checkpoint.sign(Checkpoint(LOG.name, tree.size, tree.root()), [LOG])


# --- a case of five steps ----------------------------------------------------------------------


def cases(place: Place) -> None:
    """Compare a case of five durable steps, one after the other, with a workflow engine's."""
    drafts = [draft(number) for number in range(STEPS)]
    rows = [
        Row("bare: five commits", lambda: grouped(bare(place, CASES * STEPS, 1))),
        Row("five entries under signed checkpoints", lambda: stepped(place, drafts, check=False)),
        Row("the same, each personal signature verified", lambda: stepped(place, drafts)),
    ]
    if find_spec("dbos") is None:
        print("DBOS: not measured, it is not installed")
        table(f"{place.kind}: cases of five durable steps, one caller", rows)
        return
    with workflow(place) as run:
        peer = Row("DBOS: a workflow of five steps", lambda: [timed(run, n) for n in range(CASES)])
        table(f"{place.kind}: cases of five durable steps, one caller", [*rows, peer])


def grouped(waits: list[float]) -> list[float]:
    """Return how long each case waited, of how long each step did."""
    return [sum(waits[start : start + STEPS]) for start in range(0, len(waits), STEPS)]


def draft(number: int) -> Entry:
    """Return a signed decision."""
    nonce = entry.nonce(number.to_bytes(16, "big"))
    said = f'{{"case":"case-{number}","nonce":"{nonce}","outcome":"granted"}}'.encode()
    return Entry("decision", said, (entry.sign(ANN, "decision", said),), AT)


def stepped(place: Place, drafts: list[Entry], *, check: bool = True) -> list[float]:
    """Append the entries of each case, each on the disk before the next."""
    with closing(store.create(place.new())) as kept:
        writer = Writer(kept, signed)

        def case(_: int) -> None:
            for each in drafts:
                if check:
                    entry.check(each, ANN.public)
                writer.append(partial(written, each))

        return [timed(case, number) for number in range(CASES)]


def written(each: Entry, _: int) -> bytes:
    """Return the bytes of an entry, whatever its number."""
    return entry.write(each)


def timed(run: Callable[[int], object], number: int) -> float:
    """Return the seconds of one run."""
    began = time.perf_counter()
    run(number)
    return time.perf_counter() - began


@contextmanager
def workflow(place: Place) -> Iterator[Callable[[int], object]]:
    """Yield a DBOS workflow of five steps, each of which is durable before the next."""
    logging.disable(logging.WARNING)
    dbos: Any = import_module("dbos").DBOS
    where = place.new()
    url = f"sqlite:///{where}" if place.kind == "SQLite" else where
    dbos(config={"name": "bench", "system_database_url": url, "run_admin_server": False})

    @dbos.step()  # type: ignore[untyped-decorator]  # it may not be installed
    def step(number: int, _: int) -> str:
        return payload(number).decode()

    @dbos.workflow()  # type: ignore[untyped-decorator]  # the same
    def case(number: int) -> None:
        for each in range(STEPS):
            step(number, each)

    dbos.launch()
    try:
        case(-1)
        yield case
    finally:
        dbos.destroy(destroy_registry=True)
        logging.disable(logging.NOTSET)


if __name__ == "__main__":
    main()
