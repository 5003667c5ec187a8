"""Two workflow engines that make five steps of a case durable in SQLite, and judge nothing."""

import importlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

STEPS = 5

Case = Callable[[int], object]


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
