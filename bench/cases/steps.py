"""Cases of five signed steps, beside two workflow engines on the same database.

A case here is a request, an advice, the consolidation, the decision and the use report: five acts,
each signed by another person, judged, and durable before the next. The engines make five steps of a
case durable, and judge and sign nothing: as a straight run, and as they are used where people act,
with the case put away between two steps. Some rows leave the verification of signatures out.

What is counted: all that this process does, the persons' drafting and signing as well, which they
would do at machines of their own. An engine's steps are nobody's and cost nothing to draw up. So
where one thread does everything, and it can be told apart, the last column leaves it out. CPU is
that of this process, and not of a database server's.

Where 64 cases go on together, one caller brings the next act of each at once, as a server does that
takes in what has come meanwhile; and the engine puts the next step of each away in one transaction.
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

from cases.made import Atlas, abreast, furnished
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
def ours(
    place: Place, *, clerk: bool = False, verified: bool = True, together: int = 1
) -> Iterator[Case]:
    """Yield what does a whole case on a new record, or several `together`."""
    with ExitStack() as left:
        kept = left.enter_context(closing(store.create(place.new())))
        house = furnished(Memory(kept))
        if clerk:
            house.clerk = Clerk(house.memory, house.log, Atlas())
        if not verified:
            left.enter_context(mock.patch.object(keys, "ed25519_holds", return_value=True))

        def case(_: int) -> float:
            before = house.own
            abreast(house, together)
            return house.own - before

        yield case


@dataclass(frozen=True, slots=True)
class Row:
    """Something that is measured: by how many callers, and, of a peer, the package it needs.

    In a round so many cases are done at least, `together` of them at a time.
    """

    name: str
    opened: Callable[[Place], AbstractContextManager[Case]]
    callers: int = 1
    package: str | None = None
    waits: bool = True
    cases: int = MANY
    together: int = 1

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
    Row("a clerk, 64 cases together", partial(ours, clerk=True, together=MANY), together=MANY),
    Row(
        "a clerk, 64 cases together, signatures not verified",
        partial(ours, clerk=True, together=MANY, verified=False),
        together=MANY,
    ),
    Row("put away between steps", partial(spiff, waiting=True), package="SpiffWorkflow"),
    Row(
        "64 cases together",
        partial(spiff, waiting=True, together=MANY),
        package="SpiffWorkflow",
        together=MANY,
    ),
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
    measured: dict[Row, list[Cost]] = {row: [] for row in rows}
    for _ in range(ROUNDS):
        for row in rows:
            measured[row].append(_round(place, row))
    fastest = {row: Cost.least(costs) for row, costs in measured.items()}
    peers = [row for row in rows if row.package is not None and row.waits]
    best = min(peers, key=lambda row: fastest[row].wall, default=None)
    print(f"\n{place.kind + ': cases of five durable steps':<56}", *_HEADS)
    for row, cost in fastest.items():
        against = None if best is None else fastest[best]
        print(f"{row.words:<56}", *cost.columns(against))
    if best is not None:
        print(f"the ratio is to the best engine that waits for people: {best.words}")


_HEADS = tuple(f"{each:>8}" for each in ("per s", "ratio", "CPU ms", "alone", "ratio"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a case takes: seconds, those of CPU, and those without the persons, if it is known."""

    wall: float
    cpu: float
    alone: float | None

    @classmethod
    def least(cls, costs: list["Cost"]) -> "Cost":
        """Return the least of each."""
        alone = [each.alone for each in costs if each.alone is not None]
        return cls(
            min(each.wall for each in costs),
            min(each.cpu for each in costs),
            min(alone, default=None),
        )

    def columns(self, best: "Cost | None") -> tuple[str, ...]:
        """Return the row of a table, with the ratios to the `best` that it is compared to."""
        return (
            *_rated(self.wall, best),
            f"{1000 * self.cpu:>8.2f}",
            *(("", "") if self.alone is None else _rated(self.alone, best)),
        )


def _rated(wall: float, best: Cost | None) -> tuple[str, str]:
    return f"{1 / wall:>8.1f}", f"{'' if best is None else f'{best.wall / wall:.2f}':>8}"


def _round(place: Place, row: Row) -> Cost:
    """Return what a case takes, in a new database."""
    with row.opened(place) as case:
        case(-1)
        each = max(row.cases // (row.callers * row.together), 4)
        own: list[float | None] = []

        def caller(first: int) -> None:
            own.extend(case(first * each + number) for number in range(each))

        threads = [Thread(target=caller, args=(first,)) for first in range(1, row.callers)]
        processor, start = process_time(), perf_counter()
        for thread in threads:
            thread.start()
        caller(0)
        for thread in threads:
            thread.join()
        count = each * row.callers * row.together
        wall = perf_counter() - start
        theirs = sum(each for each in own if each is not None)
        alone = (wall - theirs) / count if row.callers == 1 and row.package is None else None
        return Cost(wall / count, (process_time() - processor) / count, alone)


def _persons() -> None:
    """Print what of it the persons themselves take, who would be at machines of their own."""
    house = furnished(Memory(MemoryStore()))
    found = []
    for _ in range(MANY):
        house.own, start = 0.0, perf_counter()
        abreast(house)
        found.append((house.own, perf_counter() - start))
    own, whole = (1000 * min(each) for each in zip(*found, strict=True))
    print("\nin memory, one caller: ms of a case, the best")
    print(f"{'the persons: drawing up and signing five acts':<56}{own:>8.2f}")
    print(f"{'sayso: verifying, judging, signing five checkpoints':<56}{whole - own:>8.2f}")
