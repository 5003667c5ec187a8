"""Faults of the disk and of the machine, at each system call that touches the store.

`strace` makes the n-th call of a kind fail, or kills the process there. After each the store must
open, agree with itself, hold everything that was acknowledged, and take the next entry; what is
beside the record is there as the entries that brought and erased it are, and so is the projection.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from sayso.errors import StoreError
from sayso.record import checkpoint, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer
from sayso.store import file, sqlite
from sayso.store.verify import verify

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)
CALLS = ("openat", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "unlinkat", "fcntl")
FAULTS = ("error=EIO", "error=ENOSPC", "signal=KILL")
OLD = [f"old {number}".encode() * 40 for number in range(3)]
NEW = [f"new {number}".encode() * 900 for number in range(4)]
PIECES = ("00" * 32, "11" * 32)

WRITER = """
import sys
from sayso.errors import StoreError
from sayso.record import checkpoint, tree
from sayso.record.note import Signer
from sayso.store import sqlite
from sayso.record.enclosure import digest
from sayso.store.enclosure import Beside
from sayso.store.pieces import Projection

path, pem = sys.argv[1:3]
log = Signer.read("log.example/test", pem.encode())
NEW = [f"new {number}".encode() * 900 for number in range(4)]
try:
    kept = sqlite.open(path)
    brings = Beside((b"enclosed" * 2000,))
    erases = Beside((b"another",), frozenset({digest(b"enclosed" * 2000)}))
    whole = Projection(4, b"first", {"00" * 32: b"piece" * 3000}, ())
    next = Projection(7, b"second", {"11" * 32: b"another"}, ("00" * 32,), before=b"first")
    for some, beside, made in ((NEW[:1], brings, whole), (NEW[1:], erases, next)):
        entries = [*kept.entries(), *some]
        root = tree.root(map(tree.leaf_hash, entries))
        signed = checkpoint.sign(checkpoint.Checkpoint(log.name, len(entries), root), [log])
        size = len(entries) - len(some)
        kept.append(some, size=size, checkpoint=signed, beside=beside, projection=made)
        print(len(entries), flush=True)
    kept.close()
except StoreError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


def signed(entries: list[bytes]) -> bytes:
    root = tree.root(map(tree.leaf_hash, entries))
    return checkpoint.sign(Checkpoint(ORIGIN, len(entries), root), [LOG])


def base(path: Path) -> None:
    with closing(sqlite.create(path)) as kept:
        kept.append(OLD, size=0, checkpoint=signed(OLD))


def traced(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the writer on `path` under strace; `options` say what it traces or injects."""
    python = (sys.executable, "-c", WRITER, str(path), LOG.pem().decode())
    return subprocess.run(
        ("strace", "-f", "-y", *options, *python),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@cache
def why_not() -> str:
    """Return why strace cannot be used here, or nothing."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(("strace", "-o", os.devnull, "true"), capture_output=True, check=False)
    return "" if done.returncode == 0 else "strace may not trace here"


def touching(path: Path, log: Path) -> list[tuple[str, int]]:
    """Return each call of a traced run that touches the store: its kind, and which of its kind."""
    seen: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    for line in log.read_text().splitlines():
        call = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if call is None or call[1] not in CALLS:
            continue
        seen[call[1]] += 1
        if str(path) in line:
            found.append((call[1], seen[call[1]]))
    return found


def test_no_fault_at_any_call_loses_or_damages_anything(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    whole, path = tmp_path / "whole.db", tmp_path / "run" / "record.db"
    base(whole)
    calls = [each for each in points(whole, path) if each[0] != "fcntl"][:: stride()]
    outcomes: Counter[str] = Counter()
    for call, number in calls:
        for fault in FAULTS:
            fresh(whole, path)
            done = traced(path, "-o", os.devnull, "-e", f"inject={call}:{fault}:when={number}")
            outcomes["died" if done.returncode else "went on"] += 1
            check(path, acknowledged=[int(line) for line in done.stdout.split()])
    assert outcomes["died"] > len(calls)


def stride() -> int:
    """Return how many calls to pass over: all are tried when SAYSO_TORTURE is set."""
    return 1 if os.environ.get("SAYSO_TORTURE") else 5


def points(whole: Path, path: Path) -> list[tuple[str, int]]:
    """Return the calls of a run without faults, which must itself succeed."""
    log = path.parent.parent / "trace"
    fresh(whole, path)
    done = traced(path, "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    assert done.stdout.split() == ["4", "7"], done.stderr
    calls = touching(path, log)
    assert {"openat", "pwrite64", "fdatasync"} <= {call for call, _ in calls}
    return calls


def fresh(whole: Path, path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    shutil.copy(whole, path)


def check(path: Path, *, acknowledged: list[int]) -> None:
    with closing(sqlite.open(path)) as kept:
        entries = list(kept.entries())
        assert verify(kept, origin=ORIGIN, keys=[LOG.key]).size == len(entries)
        assert len(entries) >= max(acknowledged, default=len(OLD))
        states = {3: set(), 4: {b"enclosed" * 2000}, 7: {b"another"}}
        assert entries == [*OLD, *NEW][: len(entries)]
        assert set(kept.enclosures()) == states[len(entries)]
        assert kept.projection() == {3: None, 4: b"first", 7: b"second"}[len(entries)]
        assert set(kept.pieces(PIECES)) == set(PIECES[: {3: 0, 4: 1, 7: 2}[len(entries)]])
        more = [*entries, b"more"]
        kept.append(more[-1:], size=len(entries), checkpoint=signed(more))
        assert verify(kept, origin=ORIGIN, keys=[LOG.key]).size == len(more)


def test_a_store_that_could_not_be_created_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise StoreError("the disk is full")

    path = tmp_path / "record.db"
    monkeypatch.setattr(file, "prepare", fail)
    with pytest.raises(StoreError, match="full"):
        sqlite.create(path)
    assert list(tmp_path.iterdir()) == []
