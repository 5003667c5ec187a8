"""Plays commands as their users would type them, and keeps what they answered."""

import io
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import click

from sayso.errors import SaysoError

Say = Callable[[str], None]
Told = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answered: its exit status, and the JSON it printed."""

    status: int
    value: Any

    @property
    def done(self) -> bool:
        """Return whether it was done, or held."""
        return self.status == 0

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  # JSON, read at the rim
        return self.value[key]


@dataclass(slots=True)
class Player:
    """A rehearsal in `folder`: one store, everybody's keys, and a clock that is told the time."""

    program: click.Command
    folder: Path
    say: Say
    now: str = ""
    url: str | None = None

    @property
    def store(self) -> str:
        """Return where the record is kept: in a file of the folder, unless elsewhere."""
        return self.url or str(self.folder / "record.db")

    @property
    def log_key(self) -> str:
        """Return the path of the log's key."""
        return str(self.folder / "record.db.log-key")

    def key(self, person: str) -> str:
        """Return the path of a person's private key."""
        return str(self.folder / "keys" / person)

    def at(self, now: str) -> None:
        """Let the time be `now`."""
        self.now = now
        self.say(f"\n  {now}")

    def run(self, *words: str, by: str | None = None) -> Answer:
        """Run a command, as the person `by` if it is an act."""
        shown = " ".join(shlex.quote(word) for word in words)
        self.say(f"    {by or 'reader'}$ sayso {shown}")
        kept = ("--store", self.store, "--log-key", self.log_key)
        given = [*words, *kept, "--now", self.now, "--json"]
        if by is not None:
            given += ["--key", self.key(by)]
        answer = self.quietly(*given)
        self.say(f"      {_gist(answer)}")
        return answer

    def quietly(self, *words: str) -> Answer:
        """Run a command just as it is given, and show nothing of it."""
        printed = io.StringIO()
        status = 0
        with redirect_stdout(printed):
            try:
                self.program.main([*words], prog_name="sayso")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
        text = printed.getvalue()
        return Answer(status, json.loads(text) if text else None)

    @contextmanager
    def begun(self, *words: str, by: str) -> Iterator[Told]:
        """Run a command that goes on, in a process of its own, as `by`; yield what it told first.

        What is yielded waits for it, so that several may begin at once.
        """
        self.say(f"    {by}$ sayso {' '.join(shlex.quote(word) for word in words)} &")
        given = [sys.executable, "-m", "sayso", *words, "--json"]
        with Popen(given, stdout=PIPE, stderr=DEVNULL, text=True) as process:  # noqa: S603  # ourselves
            try:
                yield lambda: _first(process)
            finally:
                process.terminate()


def _first(process: "Popen[str]") -> Any:  # noqa: ANN401  # JSON, read at the rim
    """Return the value that a process has told when it has begun."""
    told = ""
    for line in process.stdout or ():
        told += line
        if line == "}\n":
            return json.loads(told)
    raise SaysoError("a process of the demo did not begin")


def _gist(answer: Answer) -> str:  # noqa: PLR0911  # one way out a shape of answer
    """Return the answer in one line: what a person would look for first."""
    value = answer.value
    if not isinstance(value, dict):
        return f"{len(value)} lines" if isinstance(value, list) else f"status {answer.status}"
    if "refused" in value:
        return f"refused: {value['why']}"
    if "error" in value:
        return f"error: {value['error']}"
    if "covered" in value:
        verdict = value["verdict"]
        because = ", ".join(verdict["because"]) or "no clause permits it"
        covered = f"covered by {value['by']}" if value["covered"] else "not covered"
        return f"{covered}: {verdict['outcome']} ({because})"
    if "holds" in value:
        return "\n      ".join(f"{each['id']}: {each['words']}" for each in value["properties"])
    if "cosigned" in value:
        return f"cosigned by {', '.join(value['cosigned']['by'])}"
    if "stage" in value:
        waits = ", ".join(value["waits_for"])
        return f"{value['case']} is {value['stage']}" + (f", waits for {waits}" if waits else "")
    return f"recorded as entry {value['entry']}" if "entry" in value else "done"
