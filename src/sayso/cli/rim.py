"""The rim of the command line: what every command shares, and the one place that catches.

A command parses, calls one operation or query, and renders. Here are the options that all take,
the two ways of output, and the exit statuses:

    0   done, or it holds
    1   refused, or it does not hold
    2   wrong use
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

import click

from sayso import app, files
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.cli.pins import pins
from sayso.dates import Instant, Period, duration
from sayso.errors import Malformed, MalformedTime, SaysoError
from sayso.operations.desk import Desk
from sayso.queries import words
from sayso.queries.moment import standing
from sayso.queries.recall import recall
from sayso.queries.words import Words
from sayso.record import enclosure
from sayso.seen import seen
from sayso.store.contract import Store

P = ParamSpec("P")
T = TypeVar("T")

REFUSED = 1
MISUSED = 2
MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Rim:
    """The options every command takes: which store, told which time, for a person or a program."""

    store: str
    log_key: Path | None
    told: Instant | None
    as_json: bool

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Yield the store, for reading; it is open until the command ends.

        What stands is read from it as it is asked for, even while it is shown.
        """
        yield click.get_current_context().with_resource(app.opened(self.store))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Yield a desk on the store, for acting; its store is open until the command ends."""
        opened = app.desk(self.store, told=self.told, log_key=self.log_key, pins=pins())
        yield click.get_current_context().with_resource(opened)

    @property
    def trust(self) -> Path:
        """Return where the record's trust lies."""
        return app.trust_path(self.store, self.log_key)

    def state(self) -> State:
        """Return what stands on the record."""
        with self.opened() as store:
            return recall(store)

    def standing(self) -> State:
        """Return what stands now, with what is due and not yet recorded."""
        with self.opened() as store:
            return standing(store, at=self.now(recall(store)), atlas=app.atlas())

    def now(self, state: State) -> Instant:
        """Return the time it is on the record."""
        return app.moment(state.clock, self.told)

    def show(self, value: object, text: str) -> None:
        """Print the value for a program, or the text for a person, with the words it names.

        No name in it comes from whoever asked: `command` and `told` take none.
        """
        if self.as_json:
            self.show_sealed(self.words(value).value(value), "")
        else:
            self.show_sealed("", self.words(text).text(text))

    def show_sealed(self, value: object, text: str) -> None:
        """Print the value for a program, or the text for a person, as it stands on the record."""
        click.echo(seen(json.dumps(value, ensure_ascii=False, indent=1) if self.as_json else text))

    def worded(self, thing: T) -> T:
        """Return what a query has found, with the words it names: for a page that is laid out."""
        return self.words(thing).opened(thing)

    def words(self, shown: object) -> Words:
        """Return the words of the texts that are named in what is to be shown."""
        names = words.names(shown)
        if not names:
            return Words({})
        with self.opened() as store:
            return Words.of(names, store, lambda: recall(store))

    def refuse(self, refusal: Refusal) -> NoReturn:
        """Say why nothing was done, and end with the status of a refusal.

        What a person gave is told back here, so no name in it is opened.
        """
        self.show_sealed(
            {"refused": refusal.code, "why": refusal.words, "hint": refusal.hint},
            f"refused: {refusal}\nNothing was written.",
        )
        sys.exit(REFUSED)

    def fail(self, error: SaysoError, status: int) -> NoReturn:
        """Say what went wrong, and end with `status`."""
        self.complain(error)
        sys.exit(status)

    def complain(self, error: SaysoError) -> None:
        """Say what went wrong."""
        if self.as_json:
            self.show_sealed({"error": error.what, "hint": error.hint}, "")
        else:
            click.echo(seen(f"error: {error}"), err=True)

    @contextmanager
    def again(self) -> Iterator[None]:
        """Say what goes wrong, and go on: for what is done again and again."""
        try:
            yield
        except BrokenPipeError:
            raise  # nobody listens any more
        except SaysoError as error:
            self.complain(error)
        except OSError as error:
            self.complain(_named(error))


def command(function: Callable[Concatenate[Rim, P], None]) -> Callable[P, None]:
    """Give `function` the options every command takes, as a `Rim`, and catch what goes wrong."""

    @click.option(
        "--store",
        default="sayso.db",
        show_default=True,
        envvar="SAYSO_STORE",
        metavar="PATH-or-URL",
        help="The store that keeps the record (or SAYSO_STORE).",
    )
    @click.option(
        "--log-key",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="SAYSO_LOG_KEY",
        help="The log's key; STORE.log-key if not given, a database's must be (or SAYSO_LOG_KEY).",
    )
    @click.option(
        "--now",
        "told",
        envvar="SAYSO_NOW",
        type=INSTANT,
        help="The time it is, for a record founded as a rehearsal (or SAYSO_NOW).",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        rim = Rim(
            store=str(kwargs.pop("store")),
            log_key=kwargs.pop("log_key"),  # type: ignore[arg-type]  # click parsed it as a path
            told=kwargs.pop("told"),  # type: ignore[arg-type]  # click parsed it with INSTANT
            as_json=bool(kwargs.pop("as_json")),
        )
        try:
            _check_unnamed(kwargs.values())
            function(rim, *args, **kwargs)
        except SaysoError as error:
            rim.fail(error, REFUSED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            rim.fail(_named(error), REFUSED)

    return run


def _named(error: OSError) -> SaysoError:
    what = f"`{error.filename}`: {error.strerror}" if error.filename else str(error)
    return SaysoError(what, hint="look at the path and its permissions")


def _check_unnamed(given: Iterable[object]) -> None:
    """Raise if a sealed text is named in what a person gave: it would be opened where it is told.

    Names are on the record, for everybody who has it; the words are for those who may know them.
    """
    for each in given:
        if isinstance(each, tuple | list):
            _check_unnamed(each)
        elif isinstance(each, str) and enclosure.SCHEME in each:
            raise Malformed(
                "what you gave names a sealed text", hint="say it in words, or leave it out"
            )


def told(path: Path) -> bytes:
    """Return the bytes of a file in which a person says something: it may name no sealed text."""
    read = contents(path)
    _check_unnamed((read.decode("utf-8", "replace"),))
    return read


def contents(path: Path) -> bytes:
    """Return the bytes of a file that a person named; a file without end is not read for ever."""
    with path.open("rb") as file:
        read = file.read(MOST_BYTES + 1)
    if len(read) > MOST_BYTES:
        raise Malformed(f"`{path}` has more than {MOST_BYTES} bytes", hint="name another file")
    return read


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must be new: what is there already is never overwritten."""
    files.new(path, data, hint="name a new file")


class InstantType(click.ParamType[Instant]):
    """An instant with its offset, as in 2025-05-30T00:00:00Z."""

    name = "instant"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Instant:
        """Return the instant, or fail as wrong use."""
        try:
            return Instant.parse(value)
        except MalformedTime as error:
            self.fail(str(error), param, ctx)


class MetresType(click.ParamType[int]):
    """A length in metres or kilometres, as in 500m or 5km."""

    name = "length"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the length in metres, or fail as wrong use."""
        text = value.strip().lower()
        digits, factor = (text[:-2], 1000) if text.endswith("km") else (text.rstrip("m"), 1)
        if not (digits.isascii() and digits.isdigit()) or len(digits) > len("20000000"):
            self.fail(f"`{value}` is not a length; write 500m or 5km", param, ctx)
        return int(digits) * factor


class DurationType(click.ParamType[timedelta]):
    """A span of time, as in P2D or PT48H."""

    name = "duration"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the span, or fail as wrong use."""
        try:
            return duration(value)
        except MalformedTime as error:
            self.fail(str(error), param, ctx)


INSTANT = InstantType()
DURATION = DurationType()
METRES = MetresType()


def span_of(since: Instant, until: Instant | None) -> Period:
    """Return the period between two moments that a person gave; wrong use if it is empty."""
    try:
        return Period(since, until)
    except MalformedTime as error:
        raise click.UsageError(str(error)) from None
