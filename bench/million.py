"""Many entries verified whole from an export: how long, beside the bare work, and in how much.

    python bench/million.py 1000000 [--jobs N] [--folder FOLDER]          100,000 unless said

The record is `grown`: cases of five entries, four of them signed. Each measurement is a process of
its own, and its own reading of the entries is not counted. The bare work is the same SHA-256 of the
same bytes and of the nodes over them, and as many Ed25519 verifications as there are signatures, in
one process. CPU is that of all the processes that took part, memory the greatest of any one. A
folder that is named is kept, and what was made in it before is verified again.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from cases.made import Atlas
from grown import Grown
from verify import bare_hashing, bare_signatures

from sayso.queries import exported, trustfile
from sayso.queries.exported import How
from sayso.queries.trustfile import TrustFile
from sayso.record import tiles
from sayso.record.tiles import Folder
from sayso.record.tree import Tree, leaf_hash

ENTRIES = 100_000
UNSIGNED = 5
"""One entry of so many is a consequence, which nobody signs."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds of CPU and of the clock, and MiB."""

    cpu: float
    wall: float
    peak: float


def main() -> None:
    """Print the table, or do one of the things measured and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="?", default=ENTRIES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--do", choices=("make", "bare", "verify"))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.do is None and asked.folder is not None:
        table(asked.folder, asked.entries, asked.jobs)
    elif asked.do is None:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            table(Path(folder), asked.entries, asked.jobs)
    elif asked.do == "make":
        told(partial(make, asked.folder, asked.entries))
    elif asked.do == "bare":
        told(partial(worked, entries_in(asked.folder)))
    else:
        told(partial(verified, asked.folder, asked.jobs))


def table(folder: Path, count: int, jobs: int) -> None:
    """Print what verifying costs, beside the bare work."""
    there = (folder / "checkpoint").exists()
    done = ("bare", "verify") if there else ("make", "bare", "verify")
    costs = {what: measured(folder, what, count, jobs) for what in done}
    python = platform.python_version()
    print(f"{state_in(folder)[0]:,} entries, {os.cpu_count()} cores, {jobs} jobs, Python {python}")
    print(f"{'':<24}{'CPU s':>10}{'ratio':>8}{'wall s':>10}{'ratio':>8}{'peak MiB':>10}")
    beside = costs["bare"]
    for what, cost in costs.items():
        print(
            f"{what:<24}{cost.cpu:>10.1f}{cost.cpu / beside.cpu:>8.2f}"
            f"{cost.wall:>10.1f}{cost.wall / beside.wall:>8.2f}{cost.peak:>10.0f}"
        )


def told(run: Callable[[], None]) -> None:
    """Print the seconds of CPU, of all processes, and of the clock that `run` takes."""
    cpu, wall = sum(os.times()[:4]), time.perf_counter()
    run()
    print(sum(os.times()[:4]) - cpu, time.perf_counter() - wall)


def measured(folder: Path, what: str, count: int, jobs: int) -> Cost:
    """Return what one thing costs in a process of its own."""
    words = [sys.executable, __file__, str(count), "--do", what, "--folder", str(folder)]
    with subprocess.Popen([*words, "--jobs", str(jobs)], stdout=subprocess.PIPE) as running:
        said = running.stdout.read() if running.stdout is not None else b""
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, what
    cpu, wall = map(float, said.split())
    return Cost(cpu, wall, used.ru_maxrss / 1024)


def worked(entries: list[bytes]) -> None:
    """Do the bare work: the hashes, and a signature for every entry that has one."""
    bare_hashing(entries)
    bare_signatures(len(entries) - len(entries) // UNSIGNED)


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


def entries_in(folder: Path) -> list[bytes]:
    """Return the entries of an export."""
    size, root = state_in(folder)
    return list(tiles.read(Folder(folder), size=size, root=root))


def verified(folder: Path, jobs: int) -> None:
    """Verify an export, which must hold."""
    known = trustfile.read((folder / "trust.json").read_bytes())
    how = How(jobs, lambda _: None)
    report = exported.verify(Folder(folder), known, atlas=Atlas(), how=how)
    assert report.problem is None, report.problem


if __name__ == "__main__":
    main()
