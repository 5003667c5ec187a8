"""Verifying an exported record, beside the bare hashing and bare Ed25519 it cannot do without.

    python bench/verify.py [ENTRIES]

The first table is what needs no order: leaf hashes, tree, form, signatures, in one process and in
two, over ENTRIES synthesized entries (20,000 unless said; as few as 256 are distinct, which saves
none of the work). The bare work is the same SHA-256 over the same bytes, and as many Ed25519
verifications, each with its key at hand; in one process and split between two.

The second is the whole of `sayso-verify`, with what must be in order: who may say what, asked entry
by entry, over a record that is valid throughout (opened offices, the cheapest act there is).

Each figure is the better of two rounds; `cpu` is of all processes, so that what else the machine
does counts less; `wall` is what a person waits.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sayso.atlas import configured
from sayso.casework import statement
from sayso.casework.events import Clock, Founding, Opening
from sayso.casework.replay import Trust
from sayso.casework.statement import Statement
from sayso.dates import Instant
from sayso.queries import exported
from sayso.queries.exported import How
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, entry, sweep, tiles
from sayso.record.checkpoint import Checkpoint
from sayso.record.entry import Entry
from sayso.record.note import Signer
from sayso.record.signature import SigningKey, signed_bytes
from sayso.record.tiles import Folder
from sayso.record.tree import Tree, leaf_hash

ROUNDS = 2
ENTRIES = 20_000
ACTS = 3_000
DISTINCT = 256
BOTH = 2
ORIGIN = "bench.example/log"
AT = Instant.parse("2025-05-30T00:00:00Z")
ANN = SigningKey.generate()
LOG = Signer.generate(ORIGIN)


def main() -> None:
    """Print both tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        anywhere(Record.written(Path(folder), synthesized(count)))
    with tempfile.TemporaryDirectory() as folder:
        in_order(Record.written(Path(folder), openings(ACTS)))
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"the largest process had {most / 1024:,.0f} MiB, with this benchmark's own records in it"
    )


# --- records -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """An exported record in a folder, and its entries."""

    folder: Path
    entries: list[bytes]
    root: bytes

    @classmethod
    def written(cls, folder: Path, entries: list[bytes]) -> "Record":
        """Return the record of `entries`, exported into `folder`."""
        whole = Tree.of(map(leaf_hash, entries))
        for path, data in tiles.write(entries, whole):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        state = Checkpoint(ORIGIN, whole.size, whole.root())
        (folder / "checkpoint").write_bytes(checkpoint.sign(state, [LOG]))
        return cls(folder, entries, whole.root())


def synthesized(count: int) -> list[bytes]:
    """Return `count` signed entries, of which a few are distinct."""
    few = [said(opening(number), number) for number in range(DISTINCT)]
    return [few[number % DISTINCT] for number in range(count)]


def openings(count: int) -> list[bytes]:
    """Return a valid record: a founding, and so many offices opened."""
    founding = Founding(ORIGIN, str(LOG.key), "ann", str(ANN.public), "us", Clock.REHEARSAL)
    return [said(founding, 0), *(said(opening(number), number) for number in range(1, count))]


def opening(number: int) -> Opening:
    """Return the opening of an office."""
    return Opening(f"office-{number}", f"The office number {number}", 3, "registrar", 1)


def said(act: Founding | Opening, number: int) -> bytes:
    """Return the entry in which Ann says `act`."""
    kind = "founding" if isinstance(act, Founding) else "opening"
    nonce = entry.nonce(number.to_bytes(16, "big"))
    payload = statement.write(Statement(ORIGIN, "ann", AT, nonce, act))
    return entry.write(Entry(kind, payload, (entry.sign(ANN, kind, payload),), AT))


# --- the bare work -----------------------------------------------------------------------------


def bare(entries: list[bytes]) -> None:
    """Hash the entries and the nodes over them, and verify a signature for each."""
    bare_hashing(entries)
    bare_signatures(len(entries))


def bare_signatures(count: int) -> None:
    """Verify so many signatures, the key at hand, and do nothing else."""
    key = Ed25519PrivateKey.generate()
    message = signed_bytes("opening@sayso", b"")
    signature, public = key.sign(message), key.public_key()
    for _ in range(count):
        public.verify(signature, message)


def bare_hashing(entries: list[bytes]) -> None:
    """Hash the entries and the nodes over them, and nothing else."""
    digest = b""
    for each in entries:
        digest = sha256(b"\x00" + each).digest()
    pair = b"\x01" + digest + digest
    for _ in range(len(entries) - 1):
        digest = sha256(pair).digest()


def bare_twice(entries: list[bytes]) -> None:
    """Do the bare work in two processes, half of it each."""
    half = len(entries) // BOTH
    with ProcessPoolExecutor(BOTH, mp_context=get_context("fork")) as pool:
        list(pool.map(bare, (entries[:half], entries[half:])))


# --- the tables --------------------------------------------------------------------------------


def anywhere(record: Record) -> None:
    """Print what it costs to sweep a record, beside the bare work."""

    def swept(jobs: int) -> None:
        fetch, size = Folder(record.folder), len(record.entries)
        found = sweep.entries(fetch, size=size, root=record.root, jobs=jobs)
        assert all(isinstance(each, Entry) and each.holding for each in found)

    table(
        f"{len(record.entries):,} entries of {len(record.entries[1])} bytes, in no order",
        len(record.entries),
        {
            "bare SHA-256 of entries and nodes": lambda: bare_hashing(record.entries),
            "bare SHA-256 and Ed25519, one process": lambda: bare(record.entries),
            "bare SHA-256 and Ed25519, two processes": lambda: bare_twice(record.entries),
            "swept, one process": lambda: swept(1),
            "swept, two processes": lambda: swept(BOTH),
        },
    )


def in_order(record: Record) -> None:
    """Print what the whole of verifying costs, beside the bare work."""
    known = TrustFile.of(Trust(ORIGIN, str(LOG.key), str(ANN.public)))

    def verified(jobs: int) -> None:
        how = How(jobs, lambda _: None)
        report = exported.verify(Folder(record.folder), known, atlas=configured(), how=how)
        assert report.problem is None, report.problem
        assert report.entries == len(record.entries)

    table(
        f"{len(record.entries):,} openings, verified whole",
        len(record.entries),
        {
            "bare SHA-256 and Ed25519, one process": lambda: bare(record.entries),
            "bare SHA-256 and Ed25519, two processes": lambda: bare_twice(record.entries),
            "sayso-verify record, one process": lambda: verified(1),
            "sayso-verify record, two processes": lambda: verified(BOTH),
        },
    )


def table(title: str, count: int, runs: dict[str, Callable[[], None]]) -> None:
    """Print a line for each run; the ratios are to the bare work in one process."""
    print(f"\n{title:<52}{'cpu us each':>12}{'ratio':>8}{'wall us each':>14}{'ratio':>8}")
    rounds = [[timed(run) for run in runs.values()] for _ in range(ROUNDS)]
    best = [tuple(map(min, zip(*each, strict=True))) for each in zip(*rounds, strict=True)]
    cpu_of_bare, wall_of_bare = best[list(runs).index("bare SHA-256 and Ed25519, one process")]
    for what, (cpu, wall) in zip(runs, best, strict=True):
        each = (1e6 * cpu / count, cpu / cpu_of_bare, 1e6 * wall / count, wall / wall_of_bare)
        print("{:<52}{:>12.1f}{:>8.2f}{:>14.1f}{:>8.2f}".format(what, *each))


def timed(run: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that a run took of all processes, and of the clock."""
    cpu, wall = sum(os.times()[:4]), time.perf_counter()
    run()
    return sum(os.times()[:4]) - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
