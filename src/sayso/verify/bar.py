"""How far it has come, drawn on a terminal, on standard error.

Nothing is drawn from another thread: where a second one runs, no process can be forked safely.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sayso.queries.report import Progress as Told

_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)


@contextmanager
def drawn(total: int | None) -> Iterator[Told]:
    """Yield what is told of progress, of `total` entries if that is known, and draws it."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("Verifying", total=total)
        yield lambda done: bar.update(task, completed=done, refresh=True)
