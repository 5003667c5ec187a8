"""Cases of five signed steps, an act among many cases, a long case, and a change of policy.

A case here is a request, an advice, the consolidation, the decision and the use report: five acts,
each signed by another person, judged, and durable in SQLite before the next; the persons' drafting
and signing is counted in. One row leaves the verification of signatures out. Beside them stand two
workflow engines that make five steps of a case durable in the same database, and judge and sign
nothing, DBOS and SpiffWorkflow: as a straight run, and as they are used where people act, with the
case put away between two steps. `python -m venv PEERS; PEERS/bin/pip install -r
requirements/run.txt dbos SpiffWorkflow` makes a place to run this with both; whichever is not
installed is left out, and said to be.

Rounds are taken in turn, so that whatever else the machine does falls on all; each figure is the
best of its rounds. Only ratios within a run mean anything on another machine.
"""

import argparse
import os
import platform
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from cases.made import (
    MINISTER,
    PARTNER,
    SECOND,
    Atlas,
    House,
    furnished,
    one_case,
    request,
)
from cases.peers import Case, dbos, spiff

from sayso import store
from sayso.casework import requests, verdicts
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Adoption,
    Judgement,
    Undertaking,
)
from sayso.casework.state import State
from sayso.operations.clerk import Clerk
from sayso.queries import coverage, dossier, impact
from sayso.queries.coverage import Use
from sayso.queries.disclosure import OFFICE
from sayso.queries.recall import Memory
from sayso.record import keys
from sayso.store.memory import MemoryStore

ROUNDS = 3
CASES = 64
LONG = 1_000
# --- five steps, beside the engines ------------------------------------------------------------


@contextmanager
def ours(folder: Path, *, clerk: bool = False, verified: bool = True) -> Iterator[Case]:
    """Yield what does a whole case on a new record."""
    with ExitStack() as left:
        kept = left.enter_context(closing(store.create(str(folder / "ours.db"))))
        house = furnished(Memory(kept))
        if clerk:
            house.clerk = Clerk(house.memory, house.log, Atlas())
        if not verified:
            left.enter_context(mock.patch.object(keys, "ed25519_holds", return_value=True))
        yield lambda _: one_case(house)


@dataclass(frozen=True, slots=True)
class Row:
    """Something that is measured: by how many callers, and, of a peer, the package it needs."""

    name: str
    opened: Callable[[Path], Any]
    callers: int = 1
    package: str | None = None
    waits: bool = True

    @property
    def words(self) -> str:
        """Return its name, with the version of the peer."""
        return (
            self.name
            if self.package is None
            else f"{self.package} {version(self.package)}{self.name}"
        )


ROWS = (
    Row("sayso, one caller", ours),
    Row("sayso, one caller, signatures not verified", partial(ours, verified=False)),
    *(Row(f"sayso, a clerk, {n} callers", partial(ours, clerk=True), n) for n in (1, 8, 64)),
    Row(
        "sayso, a clerk, 64 callers, signatures not verified",
        partial(ours, clerk=True, verified=False),
        64,
    ),
    Row(": put away between steps", partial(spiff, waiting=True), package="SpiffWorkflow"),
    Row(": held in memory", spiff, package="SpiffWorkflow", waits=False),
    Row(": waits at each step", partial(dbos, waiting=True), package="dbos"),
    Row(": a straight run", dbos, package="dbos", waits=False),
)


def five_steps() -> None:
    """Print how many cases a second each brings to their end."""
    rows = [row for row in ROWS if row.package is None or find_spec(row.package) is not None]
    for package in {row.package for row in ROWS} - {row.package for row in rows}:
        print(f"{package} is not installed, and not measured")
    measured: dict[str, list[tuple[float, float]]] = {row.words: [] for row in rows}
    for _ in range(ROUNDS):
        for row in rows:
            measured[row.words].append(_round(row))
    print(f"\n{'SQLite: cases of five durable steps':<56}{'per s':>8}{'CPU ms':>8}")
    rates = {}
    for row in rows:
        wall, processor = (min(each) for each in zip(*measured[row.words], strict=True))
        rates[row] = 1 / wall
        print(f"{row.words:<56}{rates[row]:>8.1f}{1000 * processor:>8.2f}")
    _ratios(rates)


def _ratios(rates: dict[Row, float]) -> None:
    own = [row for row in rates if row.package is None]
    peers = {row: rate for row, rate in rates.items() if row.package is not None and row.waits}
    if peers:
        best = max(peers, key=lambda row: peers[row])
        print(f"in cases per second, of those of {best.words}:")
        for row in own:
            print(f"{row.name:<56}{rates[row] / peers[best]:>8.1f}")


def _round(row: Row) -> tuple[float, float]:
    """Return the seconds, and those of CPU, that a case takes; on a new store."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, row.opened(Path(folder)) as case:
        case(-1)
        each = max(CASES // row.callers, 4)

        def caller(first: int) -> None:
            for number in range(each):
                case(first * each + number)

        threads = [Thread(target=caller, args=(first,)) for first in range(1, row.callers)]
        processor, wall = process_time(), perf_counter()
        for thread in threads:
            thread.start()
        caller(0)
        for thread in threads:
            thread.join()
        count = each * row.callers
        return (perf_counter() - wall) / count, (process_time() - processor) / count


def persons() -> None:
    """Print what of it the persons themselves take to draw up and sign."""
    house = furnished(Memory(MemoryStore()))
    found = []
    for _ in range(CASES):
        house.own, start = 0.0, perf_counter()
        one_case(house)
        found.append((house.own, perf_counter() - start))
    own, whole = (1000 * min(each) for each in zip(*found, strict=True))
    print(f"the persons' own drafting and signing of a case: {own:.2f} ms, the best")
    print(f"all of it, in memory: {whole:.2f} ms")


# --- many cases --------------------------------------------------------------------------------


def many(count: int) -> tuple[House, State]:
    """Return a state with that many open cases: filed and judged, but not by anybody."""
    house = furnished(Memory(MemoryStore()))
    state = house.do(PARTNER, request()).state
    judged = state.cases["ukraine-1"].dossier.judgements[0].said
    for number in range(2, count + 1):
        filed = Stamp(state.size, house.now, PARTNER, f"{2 * number:064x}")
        state = requests.apply(state, request(), filed)
        given = Stamp(state.size + 1, house.now, None, f"{2 * number + 1:064x}")
        state = verdicts.apply(state, replace(judged, case=f"ukraine-{number}"), given)
        state = replace(state, size=state.size + 2)
    return house, state


def long_case() -> None:
    """Print how long it takes to open a case of a thousand entries from a warm store."""
    with ExitStack() as left:
        folder = left.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd()))
        kept = left.enter_context(closing(store.create(str(Path(folder) / "long.db"))))
        house = furnished(Memory(kept))
        house.do(PARTNER, request())
        for number in range(LONG):
            house.do(PARTNER, Undertaking("ukraine-1", f"undertaking {number}"))

        def opened() -> None:
            found = house.memory.recall().state.case("ukraine-1")
            assert len(dossier.told(found, OFFICE).history) >= LONG

        print(f"a case of {LONG:,} entries: opened in {1000 * _best(opened):.1f} ms CPU, best")


def changed_policy(count: int) -> None:
    """Print what it takes to say what a new policy would do to every open case, and to do it."""
    house, state = many(count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:,} open cases take {peak} MiB")
    start = process_time()
    moved = impact.impact(state, SECOND, at=house.now, atlas=Atlas())
    print(f"a policy's impact on them: {process_time() - start:.1f} s CPU")
    assert len(moved) == count
    asked = Use("ukraine", "aid", "atacms", "over there", "military-logistics")
    found = partial(coverage.coverage, state, asked, at=house.now, atlas=Atlas())
    print(f"is a use covered, among them: {1000 * _best(found):.1f} ms CPU, best")
    house.memory.past = replace(house.memory.past, state=state)
    start = process_time()
    done = house.do(MINISTER, Adoption(SECOND))
    took = process_time() - start
    assert sum(isinstance(each, Judgement) for each in done.follows) == count
    print(f"its adoption, with a judgement on each recorded: {took:.1f} s CPU")


def _best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(2 * ROUNDS):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return min(taken)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def main() -> None:
    """Print all tables, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--only", choices=("steps", "long", "impact"))
    asked = parser.parse_args()
    processors, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{platform.platform()}, {processors} processors of {_processor()}, load {load:.1f}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    if asked.only in {None, "steps"}:
        five_steps()
        persons()
    if asked.only in {None, "long"}:
        long_case()
    if asked.only in {None, "impact"}:
        changed_policy(asked.cases)


if __name__ == "__main__":
    main()
