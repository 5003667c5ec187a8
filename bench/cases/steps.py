"""Cases of five signed steps, beside two workflow engines on the same database.

A case here is a request, an advice, the consolidation, the decision and the use report: five acts,
each signed by another person, judged, and durable before the next; the persons' drafting and
signing is counted in. One row a database leaves the verification of signatures out. The engines
make five steps of a case durable, and judge and sign nothing: as a straight run, and as they are
used where people act, with the case put away between two steps. CPU is that of this process, and
not of a database server's.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from threading import Thread
from time import perf_counter, process_time
from unittest import mock

from cases.made import Atlas, furnished, one_case
from cases.peers import Case, dbos, spiff
from cases.places import Place, places

from sayso import store
from sayso.operations.clerk import Clerk
from sayso.queries.recall import Memory
from sayso.record import keys
from sayso.store.memory import MemoryStore

ROUNDS = 3
MANY = 64


@contextmanager
def ours(place: Place, *, clerk: bool = False, verified: bool = True) -> Iterator[Case]:
    """Yield what does a whole case on a new record."""
    with ExitStack() as left:
        kept = left.enter_context(closing(store.create(place.new())))
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
    opened: Callable[[Place], AbstractContextManager[Case]]
    callers: int = 1
    package: str | None = None
    waits: bool = True
    cases: int = MANY

    @property
    def words(self) -> str:
        """Return its name, with the version of the peer."""
        if self.package is None:
            return f"sayso, {self.name}"
        return f"{self.package} {version(self.package)}: {self.name}"


ROWS = (
    Row("one caller", ours),
    Row("one caller, signatures not verified", partial(ours, verified=False)),
    *(Row(f"a clerk, callers: {n}", partial(ours, clerk=True), n) for n in (1, 8, 64)),
    Row(
        "a clerk, callers: 64, signatures not verified",
        partial(ours, clerk=True, verified=False),
        64,
    ),
    Row("put away between steps", partial(spiff, waiting=True), package="SpiffWorkflow"),
    Row("held in memory", spiff, package="SpiffWorkflow", waits=False),
    Row("waits at each step", partial(dbos, waiting=True), package="dbos", cases=16),
    Row("waits at each step, callers: 8", partial(dbos, waiting=True), 8, "dbos", cases=32),
    Row("a straight run", dbos, package="dbos", waits=False, cases=32),
)


def tables() -> None:
    """Print how many cases a second each brings to their end, on each database that is here."""
    rows = [row for row in ROWS if row.package is None or find_spec(row.package) is not None]
    for package in {row.package for row in ROWS} - {row.package for row in rows}:
        print(f"{package} is not installed, and not measured")
    with places() as found:
        for place in found:
            _table(place, rows)
    _persons()


def _table(place: Place, rows: list[Row]) -> None:
    measured: dict[Row, list[tuple[float, float]]] = {row: [] for row in rows}
    for _ in range(ROUNDS):
        for row in rows:
            measured[row].append(_round(place, row))
    fastest = {row: tuple(map(min, zip(*measured[row], strict=True))) for row in rows}
    rates = {row: 1 / wall for row, (wall, _) in fastest.items()}
    peers = {row: rates[row] for row in rows if row.package is not None and row.waits}
    best = max(peers, key=lambda row: peers[row], default=None)
    print(
        f"\n{f'{place.kind}: cases of five durable steps':<56}{'per s':>8}{'CPU ms':>8}{'ratio':>8}"
    )
    for row, (_, processor) in fastest.items():
        ratio = "" if best is None else f"{rates[row] / peers[best]:.2f}"
        print(f"{row.words:<56}{rates[row]:>8.1f}{1000 * processor:>8.2f}{ratio:>8}")
    if best is not None:
        print(f"the ratio is to the best engine that waits for people: {best.words}")


def _round(place: Place, row: Row) -> tuple[float, float]:
    """Return the seconds, and those of CPU, that a case takes; in a new database."""
    with row.opened(place) as case:
        case(-1)
        each = max(row.cases // row.callers, 4)

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


def _persons() -> None:
    """Print what of it the persons themselves take, who would be at machines of their own."""
    house = furnished(Memory(MemoryStore()))
    found = []
    for _ in range(MANY):
        house.own, start = 0.0, perf_counter()
        one_case(house)
        found.append((house.own, perf_counter() - start))
    own, whole = (1000 * min(each) for each in zip(*found, strict=True))
    print("\nin memory, one caller: ms of a case, the best")
    print(f"{'the persons: drawing up and signing five acts':<56}{own:>8.2f}")
    print(f"{'sayso: verifying, judging, signing five checkpoints':<56}{whole - own:>8.2f}")
