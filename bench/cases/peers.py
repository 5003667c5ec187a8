"""Two workflow engines that make five steps of a case durable in a database, and judge nothing."""

import importlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from typing import Any

from cases.places import Place

STEPS = 5

Case = Callable[[int], float | None]
"""What brings the case of that number to its end; returns the seconds persons took, if they did."""


# --- DBOS --------------------------------------------------------------------------------------


@contextmanager
def dbos(place: Place, *, waiting: bool = False) -> Iterator[Case]:
    """Yield a DBOS workflow of five steps, each of which may wait for a person."""
    logging.disable(logging.WARNING)
    engine: Any = importlib.import_module("dbos").DBOS
    where = place.new()
    url = f"sqlite:///{where}" if place.kind == "SQLite" else where
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


# --- SpiffWorkflow -----------------------------------------------------------------------------

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
def spiff(place: Place, *, waiting: bool = False, together: int = 1) -> Iterator[Case]:
    """Yield a SpiffWorkflow process of five tasks, written to the database after each.

    One that waits for people is read from there before each task, as it would be by a server. If
    there are several `together`, each of their steps is one transaction for all of them.
    """
    parser = importlib.import_module("SpiffWorkflow.bpmn.parser.BpmnParser").BpmnParser()
    parser.add_bpmn_str(diagram())
    spec = parser.get_spec("case")
    workflow: Any = importlib.import_module("SpiffWorkflow.bpmn.workflow").BpmnWorkflow
    written: Any = importlib.import_module("SpiffWorkflow.bpmn.serializer.workflow")
    serializer = written.BpmnWorkflowSerializer()
    ready = importlib.import_module("SpiffWorkflow.util.task").TaskState.READY
    with _cases(place) as (put, taken):

        def begun() -> Any:  # noqa: ANN401  # it may not be installed
            running = workflow(spec)
            running.do_engine_steps()
            return running

        def stepped(running: Any) -> str:  # noqa: ANN401  # the same
            (task,) = running.get_tasks(state=ready, manual=True)
            task.run()
            running.do_engine_steps()
            return str(serializer.serialize_json(running))

        def case(number: int) -> None:
            numbers = range(number * together, (number + 1) * together)
            running = [begun() for _ in numbers]
            for _ in range(STEPS):
                put(list(zip(numbers, map(stepped, running), strict=True)))
                if waiting:
                    running = [serializer.deserialize_json(each) for each in taken(numbers)]
            assert all(each.is_completed() for each in running)

        yield case


_KEEP = """
    INSERT INTO cases VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state
"""
_FIND = "SELECT state FROM cases WHERE number = ?"

_Put = Callable[[Sequence[tuple[int, str]]], None]
_Taken = Callable[[Sequence[int]], list[str]]


@contextmanager
def _cases(place: Place) -> Iterator[tuple[_Put, _Taken]]:
    """Yield what puts the texts of cases into the database, durably, and what takes them out."""
    with ExitStack() as left:
        if place.kind == "SQLite":
            database: Any = left.enter_context(closing(sqlite3.connect(place.new())))
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            mark = "?"
        else:
            database = left.enter_context(importlib.import_module("psycopg").connect(place.new()))
            mark = "%s"
        database.execute("CREATE TABLE cases (number bigint PRIMARY KEY, state text)")
        database.commit()
        keep, find = (each.replace("?", mark) for each in (_KEEP, _FIND))

        def put(rows: Sequence[tuple[int, str]]) -> None:
            for row in rows:
                database.execute(keep, row)
            database.commit()

        def taken(numbers: Sequence[int]) -> list[str]:
            found = [database.execute(find, (each,)).fetchone()[0] for each in numbers]
            database.commit()
            return found

        yield put, taken
