"""Two workflow engines that make five steps of a case durable in a database, and judge nothing."""

import importlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from typing import Any

from cases.places import Place

STEPS = 5

Case = Callable[[int], object]
"""What brings the case of that number from its beginning to its end."""


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
def spiff(place: Place, *, waiting: bool = False) -> Iterator[Case]:
    """Yield a SpiffWorkflow process of five tasks, written to the database after each.

    One that waits for people is read from there before each task, as it would be by a server.
    """
    parser = importlib.import_module("SpiffWorkflow.bpmn.parser.BpmnParser").BpmnParser()
    parser.add_bpmn_str(diagram())
    spec = parser.get_spec("case")
    workflow: Any = importlib.import_module("SpiffWorkflow.bpmn.workflow").BpmnWorkflow
    written: Any = importlib.import_module("SpiffWorkflow.bpmn.serializer.workflow")
    serializer = written.BpmnWorkflowSerializer()
    ready = importlib.import_module("SpiffWorkflow.util.task").TaskState.READY
    with _cases(place) as (put, taken):

        def case(number: int) -> None:
            running = workflow(spec)
            running.do_engine_steps()
            for _ in range(STEPS):
                (task,) = running.get_tasks(state=ready, manual=True)
                task.run()
                running.do_engine_steps()
                put(number, serializer.serialize_json(running))
                if waiting:
                    running = serializer.deserialize_json(taken(number))
            assert running.is_completed()

        yield case


_KEEP = """
    INSERT INTO cases VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state
"""
_FIND = "SELECT state FROM cases WHERE number = ?"


@contextmanager
def _cases(place: Place) -> Iterator[tuple[Callable[[int, str], None], Callable[[int], str]]]:
    """Yield what puts the text of a case into the database, durably, and what takes it out."""
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

        def put(number: int, text: str) -> None:
            database.execute(keep, (number, text))
            database.commit()

        def taken(number: int) -> str:
            found = database.execute(find, (number,)).fetchone()[0]
            database.commit()
            return str(found)

        yield put, taken
