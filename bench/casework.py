"""Cases of five signed steps, an act among many cases, a long case, and a change of policy.

A case here is a request, an advice, the consolidation, the decision and the use report: five acts,
each signed by another person, judged, and durable in SQLite before the next. Beside it stand two
workflow engines that make five steps of a case durable in SQLite, and judge and sign nothing: DBOS
(`pip install dbos`) and SpiffWorkflow (`pip install SpiffWorkflow`), if they are installed.
"""

import argparse
import importlib
import logging
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sayso import store
from sayso.casework import judge, statement
from sayso.casework.decisions import grounds
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
    Opening,
    Outcome,
    Request,
    Undertaking,
    UseReport,
    kind_of,
)
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.dates import Instant, Period
from sayso.operations.desk import Desk, nonce
from sayso.operations.found import Charter, found
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.queries import dossier, impact
from sayso.queries.disclosure import OFFICE
from sayso.queries.recall import Memory
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from sayso.store.memory import MemoryStore
from sayso.wire import Value

ROUNDS = 3
CASES = 30
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
SECOND = POLICY.format(version=2, supersedes="supersedes: uses@1\n", advises="desk, second-desk")


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
    """A record and its people."""

    memory: Memory
    log: Log = field(default_factory=lambda: Log.generate("bench.example/cases"))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    now: Instant = field(default_factory=lambda: Instant.parse("2025-06-02T00:00:00Z"))

    @property
    def desk(self) -> Desk:
        """Return where acts are done."""
        return Desk(self.memory, self.log, Atlas(), self.now)

    def key(self, person: str) -> SigningKey:
        """Return a person's key."""
        return self.keys.setdefault(person, SigningKey.generate())

    def do(self, person: str, act: Act) -> State:
        """Return what stands once `person` has signed and done `act`."""
        made = draft(self.desk, person, act)
        signature = entry.sign(self.key(person), made.kind, made.payload)
        signed = Signed(made.kind, made.payload, signature, made.enclosures)
        answer = perform(self.desk, signed)
        assert isinstance(answer, Receipt), answer
        return answer.state


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
    state = house.do(PARTNER, request())
    name = f"ukraine-{state.filed_by['ukraine']}"
    state = house.do(DESK, Advice(name, DESK, Outcome.GRANT, "fit", ()))
    cites = tuple(on.stamp.index for on in state.case(name).dossier.current_advice)
    state = house.do(HEAD, Consolidation(name, HEAD, Outcome.GRANT, "all in all", cites))
    asked, verdict = grounds(state.case(name).dossier)
    grant = Decision(name, MINISTER, Outcome.GRANT, "", (), asked, verdict, uses=1, window=WINDOW)
    house.do(MINISTER, grant)
    house.do(PARTNER, UseReport(name, 1, house.now))


# --- five steps, beside the engines ------------------------------------------------------------


@contextmanager
def ours(folder: Path) -> Iterator[Callable[[int], object]]:
    """Yield what does a whole case on a new record."""
    with closing(store.create(str(folder / "ours.db"))) as kept:
        house = furnished(Memory(kept))
        yield lambda _: one_case(house)


@contextmanager
def dbos(folder: Path) -> Iterator[Callable[[int], object]]:
    """Yield a DBOS workflow of five steps, each of which is durable before the next."""
    logging.disable(logging.WARNING)
    engine: Any = importlib.import_module("dbos").DBOS
    url = f"sqlite:///{folder / 'dbos.db'}"
    engine(config={"name": "bench", "system_database_url": url, "run_admin_server": False})

    @engine.step()  # type: ignore[untyped-decorator]  # it may not be installed
    def step(number: int, _: int) -> str:
        return f"step of {number}"

    @engine.workflow()  # type: ignore[untyped-decorator]  # the same
    def case(number: int) -> None:
        for each in range(STEPS):
            step(number, each)

    engine.launch()
    try:
        yield case
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
def spiff(folder: Path) -> Iterator[Callable[[int], object]]:
    """Yield a SpiffWorkflow process of five tasks, written to SQLite after each."""
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

        def case(number: int) -> None:
            running = workflow(spec)
            running.do_engine_steps()
            for _ in range(STEPS):
                (task,) = running.get_tasks(state=ready, manual=True)
                task.run()
                running.do_engine_steps()
                row = (number, serializer.serialize_json(running))
                database.execute("INSERT OR REPLACE INTO cases VALUES (?, ?)", row)
                database.commit()
            assert running.is_completed()

        yield case


PEERS: dict[str, tuple[str | None, Callable[[Path], Any]]] = {
    "sayso: five acts, signed, judged, under checkpoints": (None, ours),
    "DBOS: a workflow of five steps": ("dbos", dbos),
    "SpiffWorkflow: five tasks, written after each": ("SpiffWorkflow", spiff),
}


def five_steps() -> None:
    """Print how many cases a second each brings to their end."""
    print(f"\n{'SQLite: cases of five durable steps, one caller':<56}{'per s':>8}{'CPU ms':>8}")
    rates: dict[str, float] = {}
    for name, (package, opened) in PEERS.items():
        if package is not None and find_spec(package) is None:
            print(f"{name}: not measured, {package} is not installed")
            continue
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, opened(Path(folder)) as case:
            case(-1)
            wall, processor = min(_timed(case, each) for each in range(ROUNDS))
        rates[name] = CASES / wall
        print(f"{name:<56}{rates[name]:>8.1f}{1000 * processor / CASES:>8.1f}")
    first, *others = rates.values()
    if others:
        print(f"   {first / max(others):.1f} times the better of the others")


def _timed(case: Callable[[int], object], start: int) -> tuple[float, float]:
    processor, wall = process_time(), perf_counter()
    for number in range(CASES):
        case(start * CASES + number)
    return perf_counter() - wall, process_time() - processor


# --- many cases --------------------------------------------------------------------------------


def said(house: House, state: State, by: str | None, event: Any) -> State:  # noqa: ANN401  # any event
    """Return the state after an event that is neither signed nor judged: only to make many."""
    words = Statement(state.origin, by, house.now, nonce(), event)
    return judge.apply(state, Entry(kind_of(event), statement.write(words), (), house.now))


def many(count: int) -> tuple[House, State]:
    """Return a state with that many open cases."""
    house = furnished(Memory(MemoryStore()))
    state = house.do(PARTNER, request())
    judged = state.cases["ukraine-1"].dossier.judgements[0].said
    for number in range(2, count + 1):
        state = said(house, state, PARTNER, request())
        state = said(house, state, None, replace(judged, case=f"ukraine-{number}"))
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
    """Print what it takes to say what a new policy would do to every open case."""
    house, state = many(count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    start = process_time()
    moved = impact.impact(state, SECOND, at=house.now, atlas=Atlas())
    took = process_time() - start
    assert len(moved) == count
    print(f"a policy's impact on {count:,} open cases: {took:.1f} s CPU; the cases: {peak} MiB")


def _best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(2 * ROUNDS):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return min(taken)


def main() -> None:
    """Print all tables, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--only", choices=("steps", "long", "impact"))
    asked = parser.parse_args()
    if asked.only in {None, "steps"}:
        five_steps()
    if asked.only in {None, "long"}:
        long_case()
    if asked.only in {None, "impact"}:
        changed_policy(asked.cases)


if __name__ == "__main__":
    main()
