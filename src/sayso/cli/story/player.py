"""Plays commands as their users would type them, and keeps what they answered."""

import io
import json
import shlex
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import click

from sayso.cli.story import gist
from sayso.cli.story.gist import Answer
from sayso.errors import SaysoError

Say = Callable[[str], None]
Told = Callable[[], Any]
WIDTH = 98
_LONGEST = 76
"""Letters of a word that are shown: a key may have thousands."""


@dataclass(slots=True)
class Player:
    """A rehearsal in `folder`: one store, everybody's keys, and a clock that is told the time.

    `texts` is where the policies and other texts of the story lie. On the screen a command leaves
    the two folders out, and what names the store, the time and the key.
    """

    program: click.Command
    folder: Path
    screen: Say
    now: str = ""
    url: str | None = None
    texts: str = ""
    in_gap: bool = True

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

    def say(self, line: str) -> None:
        """Show something."""
        self.screen(line)
        self.in_gap = False

    def gap(self) -> None:
        """Leave one line empty, and never two."""
        if not self.in_gap:
            self.screen("")
            self.in_gap = True

    def chapter(self, title: str, words: str) -> None:
        """Begin a chapter of the story: its title, and what it is about."""
        self.gap()
        self.say(f"━━ {title} {'━' * (WIDTH - len(title) - 4)}")
        self.tell(words)

    def tell(self, words: str) -> None:
        """Say something of the story, in lines that a screen has room for."""
        self.say(filled(words, "   ", "   "))

    def at(self, now: str) -> None:
        """Let the time be `now`."""
        self.now = now
        self.gap()
        self.say(f"  {now}")

    def run(self, *words: str, by: str | None = None) -> Answer:
        """Run a command, as the person `by` if it is an act, and show it with its gist."""
        self.say(self._typed(words, by or "reader"))
        answer = self._run(words, by)
        self._show(answer)
        return answer

    def each(self, acts: Sequence[Sequence[str]], *, by: str) -> tuple[Answer, ...]:
        """Run commands that are all alike, and show the first of them."""
        self.say(self._typed(acts[0], by))
        answers = tuple(self._run(words, by) for words in acts)
        self._show(answers[0])
        if len(acts) > 1:
            self.say(f"      … and {len(acts) - 1} more like it")
        return answers

    def _run(self, words: Sequence[str], by: str | None) -> Answer:
        kept = ("--store", self.store, "--log-key", self.log_key)
        given = [*words, *kept, "--now", self.now, "--json"]
        if by is not None:
            given += ["--key", self.key(by)]
        return self.quietly(*given)

    def _show(self, answer: Answer) -> None:
        for line in gist.lines(answer):
            self.say(filled(line, " " * 6, " " * 8))

    def _typed(self, words: Sequence[str], by: str) -> str:
        """Return a command as somebody would type it, folded where the screen ends."""
        lines = [f"    {by}$ sayso"]
        for part in _parts(tuple(map(self._short, words))):
            if len(lines[-1]) + len(part) + 3 > WIDTH:
                lines[-1] += " \\"
                lines.append(" " * 9)
            lines[-1] += f" {part}"
        return "\n".join(lines)

    def _short(self, word: str) -> str:
        for folder in filter(None, (str(self.folder), self.texts)):
            word = word.replace(f"{folder}/", "")
        return shlex.quote(word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…")

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
        self.say(f"{self._typed(words, by)} &")
        given = [sys.executable, "-m", "sayso", *words, "--json"]
        with Popen(given, stdout=PIPE, stderr=DEVNULL, text=True) as process:  # noqa: S603  # ourselves
            try:
                yield lambda: _first(process)
            finally:
                process.terminate()


def filled(words: str, first: str, then: str) -> str:
    """Return words in lines that a screen has room for, led by `first` and `then`."""
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _parts(words: Sequence[str]) -> Iterator[str]:
    """Yield the parts of a command that stay in one line: an option goes with its value."""
    option = ""
    for word in words:
        is_option = word.startswith("--")
        if option:
            yield option if is_option else f"{option} {word}"
        elif not is_option:
            yield word
        option = word if is_option else ""
    if option:
        yield option


def _first(process: "Popen[str]") -> Any:  # noqa: ANN401  # JSON, read at the rim
    """Return the value that a process has told when it has begun."""
    told = ""
    for line in process.stdout or ():
        told += line
        if line == "}\n":
            return json.loads(told)
    raise SaysoError("a process of the demo did not begin")
