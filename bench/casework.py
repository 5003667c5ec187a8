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
import importlib
import logging
import os
import platform
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from sayso import store
from sayso.casework import requests, verdicts
from sayso.casework.decisions import grounds
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Appointment,
    Article,
    Clock,
    Consolidation,
    Decision,
    Enrolment,
    Item,
    Judgement,
    Opening,
    Outcome,
    Request,
    Undertaking,
    UseReport,
)
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.operations.clerk import Clerk
from sayso.operations.desk import Desk
from sayso.operations.found import Charter, found
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.queries import coverage, dossier, impact
from sayso.queries.coverage import Use
from sayso.queries.disclosure import OFFICE
from sayso.queries.recall import Memory
from sayso.record import entry, keys
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from sayso.store.memory import MemoryStore
from sayso.wire import Value

ROUNDS = 3
CASES = 64
STEPS = 5
LONG = 1_000
MINISTER, HEAD, DESK, PARTNER = "minister", "head", "desk", "liaison"
WINDOW = Period.parse("2025-06-01T00:00:00Z/2026-06-01T00:00:00Z")
POLICY = """
policy: uses
version: {version}
title: Uses over there
issuer: head
instrument: a memorandum
in_force: {{from: 2025-01-01T00:00:00Z}}
{supersedes}clauses:
  - {{id: there, when: 'place.touches("RU")', refer: review}}
  - {{id: else, when: '!place.touches("RU")', permit: true}}
routes:
  review:
    - {{advise: [{advises}]}}
    - {{consolidate: head}}
    - {{decide: minister}}
"""
FIRST = POLICY.format(version=1, supersedes="", advises="desk")
SECOND = POLICY.format(
    version=2, supersedes="supersedes: uses@1\n", advises="desk, second-desk"
).replace("issuer: head", "issuer: minister")


@dataclass(frozen=True, slots=True)
class There:
    """The only place there is."""

    facts: Value
    basis: Value


@dataclass(frozen=True, slots=True)
class Atlas:
    """What knows only that place, so that no map is measured."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> There:
        """Return the place."""
        basis: Value = {"place": place, "viewpoint": viewpoint, "within_m": within_m or 0}
        facts: Value = {"touches": ["RU"], "certainly_in": ["RU"]}
        return There(facts, basis)


@dataclass(slots=True)
class House:
    """A record and its people; `own` is what they took to draw up and sign, in seconds."""

    memory: Memory
    log: Log = field(default_factory=lambda: Log.generate("bench.example/cases"))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    now: Instant = field(default_factory=lambda: Instant.parse("2025-06-02T00:00:00Z"))
    clerk: Clerk | None = None
    own: float = 0.0

    @property
    def desk(self) -> Desk:
        """Return where acts are done."""
        return Desk(self.memory, self.log, Atlas(), self.now)

    def key(self, person: str) -> SigningKey:
        """Return a person's key."""
        if person not in self.keys:
            self.keys[person] = SigningKey.generate()
        return self.keys[person]

    def do(self, person: str, act: Act) -> Receipt:
        """Return what it became that `person` drew `act` up, signed it and did it."""
        start = perf_counter()  # `process_time` takes as long as the work, on some machines
        if self.clerk is None:
            made = draft(self.desk, person, act)
        else:
            made = self.clerk.draft(person, act, self.now)
        signature = entry.sign(self.key(person), made.kind, made.payload)
        signed = Signed(made.kind, made.payload, signature, made.enclosures)
        self.own += perf_counter() - start
        if self.clerk is None:
            answer = perform(self.desk, signed)
        else:
            answer = self.clerk.perform(signed, self.now)
        assert isinstance(answer, Receipt), answer
        return answer


def furnished(memory: Memory) -> House:
    """Return a record with its offices, their people, an article and a policy."""
    house = House(memory)
    founded = found(house.desk, Charter("clerk", "us", Clock.REHEARSAL), house.key("clerk"))
    assert isinstance(founded, Receipt)
    filled = {MINISTER: MINISTER, HEAD: MINISTER}
    for rank, office in enumerate((MINISTER, HEAD, DESK, "second-desk", PARTNER), start=1):
        theirs = "ukraine" if office == PARTNER else None
        by = filled.get(office, "registrar")
        house.do("clerk", Opening(office, office, rank, by, 1, theirs))
        house.do("clerk", Enrolment(office, str(house.key(office).public)))
        filler = MINISTER if office == HEAD else "clerk"
        house.do(filler, Appointment(office, office, Period(house.now)))
    house.do("clerk", Article("atacms", "ATACMS", {"range_km": 305, "suppliers": ["US"]}))
    house.do("clerk", Agreement("aid", "Aid", "US", "ukraine", ("atacms",)))
    house.do(HEAD, Adoption(FIRST))
    return house


def request() -> Request:
    """Return a request for one use."""
    item = Item("atacms", "over there", 1)
    return Request("ukraine", "aid", (item,), "military-logistics", WINDOW)


def one_case(house: House) -> None:
    """Bring one case from its request to its use report: five acts of four people."""
    filed = house.do(PARTNER, request())
    (judged,) = (each for each in filed.follows if isinstance(each, Judgement))
    name = judged.case
    state = house.do(DESK, Advice(name, DESK, Outcome.GRANT, "fit", ())).state
    cites = tuple(on.stamp.index for on in state.case(name).dossier.current_advice)
    state = house.do(HEAD, Consolidation(name, HEAD, Outcome.GRANT, "all in all", cites)).state
    asked, verdict = grounds(state.case(name).dossier)
    grant = Decision(name, MINISTER, Outcome.GRANT, "", (), asked, verdict, uses=1, window=WINDOW)
    house.do(MINISTER, grant)
    house.do(PARTNER, UseReport(name, 1, house.now))


# --- five steps, beside the engines ------------------------------------------------------------


Case = Callable[[int], object]


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


@contextmanager
def dbos(folder: Path, *, waiting: bool = False) -> Iterator[Case]:
    """Yield a DBOS workflow of five steps, each of which may wait for a person."""
    logging.disable(logging.WARNING)
    engine: Any = importlib.import_module("dbos").DBOS
    url = f"sqlite:///{folder / 'dbos.db'}"
    engine(config={"name": "bench", "system_database_url": url, "run_admin_server": False})

    @engine.step()  # type: ignore[untyped-decorator]  # it may not be installed
    def step(number: int, _: int) -> str:
        return f"step of {number}"

    @engine.workflow()  # type: ignore[untyped-decorator]  # the same
    def straight(number: int) -> None:
        for each in range(STEPS):
            step(number, each)

    @engine.workflow()  # type: ignore[untyped-decorator]  # the same
    def patient(number: int) -> None:
        for each in range(STEPS):
            assert engine.recv(f"step{each}", timeout_seconds=60) == number
            step(number, each)

    def people(number: int) -> None:
        handle = engine.start_workflow(patient, number)
        for each in range(STEPS):
            engine.send(handle.workflow_id, number, f"step{each}")
        handle.get_result()

    engine.launch()
    try:
        yield people if waiting else straight
    finally:
        engine.destroy(destroy_registry=True)
        logging.disable(logging.NOTSET)


_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram() -> bytes:
    """Return five manual tasks in a row, in BPMN."""
    names = ["begin", *(f"step{each}" for each in range(STEPS)), "end"]
    flows = "".join(
        f'<sequenceFlow id="to-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names)
    )
    tasks = "".join(f'<manualTask id="{each}" name="{each}"/>' for each in names[1:-1])
    nodes = f'<startEvent id="begin"/>{tasks}<endEvent id="end"/>{flows}'
    process = f'<process id="case" isExecutable="true">{nodes}</process>'
    return f'<definitions xmlns="{_BPMN}" id="all">{process}</definitions>'.encode()


@contextmanager
def spiff(folder: Path, *, waiting: bool = False) -> Iterator[Case]:
    """Yield a SpiffWorkflow process of five tasks, written to SQLite after each.

    One that waits for people is read from there before each task, as it would be by a server.
    """
    parser = importlib.import_module("SpiffWorkflow.bpmn.parser.BpmnParser").BpmnParser()
    parser.add_bpmn_str(diagram())
    spec = parser.get_spec("case")
    workflow: Any = importlib.import_module("SpiffWorkflow.bpmn.workflow").BpmnWorkflow
    written: Any = importlib.import_module("SpiffWorkflow.bpmn.serializer.workflow")
    serializer = written.BpmnWorkflowSerializer()
    ready = importlib.import_module("SpiffWorkflow.util.task").TaskState.READY
    with closing(sqlite3.connect(folder / "spiff.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE cases (number INTEGER PRIMARY KEY, state TEXT)")

        def kept(number: int, running: Any) -> Any:  # noqa: ANN401  # it may not be installed
            row = (number, serializer.serialize_json(running))
            database.execute("INSERT OR REPLACE INTO cases VALUES (?, ?)", row)
            database.commit()
            if not waiting:
                return running
            found = database.execute("SELECT state FROM cases WHERE number = ?", (number,))
            return serializer.deserialize_json(found.fetchone()[0])

        def case(number: int) -> None:
            running = workflow(spec)
            running.do_engine_steps()
            for _ in range(STEPS):
                (task,) = running.get_tasks(state=ready, manual=True)
                task.run()
                running.do_engine_steps()
                running = kept(number, running)
            assert running.is_completed()

        yield case


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
