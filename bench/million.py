"""A million entries verified whole from an export: how long, beside the bare work, and in how much.

    python bench/million.py [ENTRIES] [--jobs N]

The record is `grown`: cases of five entries, four of them signed. Each measurement is a process of
its own; the bare work is the same SHA-256 of the same bytes and of the nodes over them, and as many
Ed25519 verifications as there are signatures, in one process. Ratios are of CPU time, of all the
processes that took part; memory is the greatest of any one of them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from casework import Atlas
from grown import Grown
from verify import bare

from sayso.queries import exported, trustfile
from sayso.queries.exported import How
from sayso.queries.trustfile import TrustFile
from sayso.record import tiles
from sayso.record.tiles import Folder
from sayso.record.tree import Tree, leaf_hash

ENTRIES = 1_000_000
UNSIGNED = 5
"""One entry of so many is a consequence, which nobody signs."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds of CPU and of the clock, and MiB."""

    cpu: float
    wall: float
    peak: float


def main() -> None:
    """Print the table, or do one of the things measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--do", choices=("make", "bare", "verify"))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.do is None:
        table(asked.entries, asked.jobs)
    elif asked.do == "make":
        make(asked.folder, asked.entries)
    elif asked.do == "bare":
        size, root = state_in(asked.folder)
        del root
        bare(entries_in(asked.folder, size))
    else:
        verified(asked.folder, asked.jobs)


def table(count: int, jobs: int) -> None:
    """Print what verifying costs, beside the bare work."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        costs = {what: measured(folder, what, count, jobs) for what in ("make", "bare", "verify")}
    print(f"{count:,} entries, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'':<24}{'CPU s':>10}{'ratio':>8}{'wall s':>10}{'ratio':>8}{'peak MiB':>10}")
    beside = costs["bare"]
    for what, cost in costs.items():
        print(
            f"{what:<24}{cost.cpu:>10.1f}{cost.cpu / beside.cpu:>8.2f}"
            f"{cost.wall:>10.1f}{cost.wall / beside.wall:>8.2f}{cost.peak:>10.0f}"
        )


def measured(folder: str, what: str, count: int, jobs: int) -> Cost:
    """Return what one thing costs in a process of its own."""
    start = time.perf_counter()
    words = [sys.executable, __file__, str(count), "--do", what, "--folder", folder]
    running = subprocess.Popen([*words, "--jobs", str(jobs)])
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, what
    wall = time.perf_counter() - start
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def make(folder: Path, count: int) -> None:
    """Write an export of that many entries, or a few more: whole cases."""
    made = Grown.furnished()
    rest = len(made.begun)
    entries = list(islice(made.entries(), rest + -(-(count - rest) // UNSIGNED) * UNSIGNED))
    whole = Tree.of(map(leaf_hash, entries))
    for path, data in tiles.write(entries, whole):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    signed = made.house.log.sign(whole.size, whole.root())
    (folder / "checkpoint").write_bytes(signed)
    (folder / "trust.json").write_bytes(trustfile.write(TrustFile.of(made.trust)))


def state_in(folder: Path) -> tuple[int, bytes]:
    """Return the size and the root of an export."""
    known = trustfile.read((folder / "trust.json").read_bytes())
    state = exported.opened(Folder(folder), known).checkpoint
    return state.size, state.root


def entries_in(folder: Path, size: int) -> list[bytes]:
    """Return the entries of an export."""
    return list(tiles.Tiled(Folder(folder), size).entries())


def verified(folder: Path, jobs: int) -> None:
    """Verify an export, which must hold."""
    known = trustfile.read((folder / "trust.json").read_bytes())
    how = How(jobs, lambda _: None)
    report = exported.verify(Folder(folder), known, atlas=Atlas(), how=how)
    assert report.problem is None, report.problem


if __name__ == "__main__":
    main()
