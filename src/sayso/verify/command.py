"""The command line of `sayso-verify`: parse, verify, render; the one place that catches.

0   it holds
1   it does not hold; the first entry that does not is named, and why
2   wrong use, or no answer: interrupted, or there was nowhere to write it
"""

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from sayso.atlas import configured
from sayso.errors import Malformed, MalformedCheckpoint, SaysoError
from sayso.queries import exported, sent, trustfile, watching
from sayso.queries.exported import How
from sayso.queries.report import Report
from sayso.record import checkpoint, proof
from sayso.record.tiles import Folder
from sayso.seen import seen
from sayso.verify import bar, single, told
from sayso.wire import Value

FAILED = 1
UNTOLD = 2
MOST_BYTES = 2**20


def main(words: Sequence[str] | None = None) -> None:
    """Verify what the command line names, and exit with a status that says whether it holds.

    Whoever only looks at the status must not take for an answer what nobody was told.
    """
    given = _parser().parse_args(words)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, partial(_interrupted, os.getpid()))
    try:
        value, text, holds = given.answer(given)
        _print(json.dumps(value, ensure_ascii=False, indent=1) if given.json else text)
    except KeyboardInterrupt:
        _give_up("interrupted: nothing was found out")
    except BrokenPipeError:
        _give_up("")  # whoever read it has gone, and knows
    except OSError as error:
        _give_up(f"the answer cannot be written: {error.strerror or error}")
    sys.exit(0 if holds else FAILED)


def _interrupted(ours: int, *_: object) -> None:
    """End this process; those that help it end with it, once they have done what they do."""
    if os.getpid() == ours:
        raise KeyboardInterrupt


def _print(text: str) -> None:
    """Write what was asked for, to the last byte."""
    if sys.stdout is None:  # it was closed before this program began
        raise OSError("standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may know fewer letters
    sys.stdout.write(f"{seen(text)}\n")
    sys.stdout.flush()


def _give_up(why: str) -> NoReturn:
    """Say why there is no answer, if that can be said, and end."""
    with suppress(OSError, AttributeError):  # standard error may be full or closed as well
        sys.stderr.write(f"error: {seen(why)}\n" if why else "")
        sys.stderr.flush()
    os._exit(UNTOLD)  # what could not be written is not tried again


Answer = tuple[dict[str, Value | None], str, bool]
"""What was found for a program, the same in words, and whether it holds."""


def _record(given: argparse.Namespace) -> Answer:
    report = verified(given.folder, given.trust, jobs=given.jobs, drawn=not given.json)
    return told.value(report), told.words(report), report.ok


def _fork(given: argparse.Namespace) -> Answer:
    """Return whether a file that an alarm has written convicts the log."""
    try:
        known = trustfile.read(contents(given.trust))
        old, new = watching.convicted(contents(given.file), known)
    except (SaysoError, OSError) as error:
        why = _why(error)
        return {"convicts": False, "why": why}, f"It convicts nobody: {why}", False
    said = (
        f"The log {old.origin} has signed two histories: {old.size} entries, and {new.size} "
        f"that do not begin with them."
    )
    return {"convicts": True, "sizes": [old.size, new.size]}, said, True


def _proof(given: argparse.Namespace) -> Answer:
    """Return whether a file proves that an entry is on the record."""
    try:
        known = trustfile.read(contents(given.trust))
        found = single.proven(contents(given.file, proof.MOST_BYTES), contents(given.entry), known)
    except (SaysoError, OSError) as error:
        why = _why(error)
        return {"proves": False, "why": why}, f"It proves nothing: {why}", False
    return found.value(), found.words(), True


def _why(error: SaysoError | OSError) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"`{error.filename}`: {error.strerror}"
    return str(error)


def verified(
    folder: Path, trust: Path, *, jobs: int | None, drawn: bool, witnessed: Path | None = None
) -> Report:
    """Return whether the export in `folder` holds under the trust file `trust`.

    What cannot be read does not hold either. `jobs` is the number of processes; None is as many as
    there are cores for this one.
    """
    fetch = Folder(folder)
    try:
        known = trustfile.read(contents(trust))
        kept = None if witnessed is None else noted(witnessed)
        size = exported.opened(fetch, known).checkpoint.size
        with bar.drawn(size) if drawn else nullcontext(_untold) as progress:
            how = How(jobs or _cores(), progress)
            report = exported.verify(fetch, known, atlas=configured(), how=how, witnessed=kept)
        return sent.along(report, fetch, known, _proofs(folder))
    except (SaysoError, OSError) as error:
        return Report(0, _why(error))


def _proofs(folder: Path) -> list[str]:
    """Return the names of the proofs that an export sends along."""
    return sorted(each.name for each in (folder / sent.FOLDER).glob("*.tlog-proof"))


def contents(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file that a person named; a file without end is not read for ever."""
    with path.open("rb") as file:
        read = file.read(most + 1)
    if len(read) > most:
        raise Malformed(f"`{path}` has more than {most} bytes", hint="name another file")
    return read


def noted(path: Path) -> bytes:
    """Return the bytes of a file that somebody keeps a checkpoint in."""
    read = contents(path)
    try:
        checkpoint.claimed(read)
    except MalformedCheckpoint as error:
        raise MalformedCheckpoint(
            f"`{path}` is no checkpoint: {error.what}", hint="name the file that has one"
        ) from None
    return read


def _cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _untold(_: int) -> None:
    """Tell nobody."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sayso-verify",
        description="Verify a record from an export of it, trusting only what you were given.",
        epilog="Exit status: 0 it holds; 1 it does not hold; 2 wrong use, or no answer.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    record = commands.add_parser(
        "record",
        help="recompute a whole record: hashes, signatures, authority, verdicts",
        epilog="Example: sayso-verify record exported --trust trust.json",
    )
    record.add_argument("folder", metavar="DIR", type=Path, help="what `sayso record export` wrote")
    record.add_argument(
        "--jobs", metavar="N", type=_count, help="in how many processes; one for each core"
    )
    record.set_defaults(answer=_record)
    fork = commands.add_parser(
        "fork",
        help="say whether the file of an alarm convicts the log of two histories",
        epilog="Example: sayso-verify fork seen.fork-0123456789abcdef --trust trust.json",
    )
    fork.add_argument("file", metavar="FILE", type=Path, help="what the alarm wrote")
    fork.set_defaults(answer=_fork)
    single_ = commands.add_parser(
        "proof",
        help="say whether a proof shows that an entry is on the record",
        epilog="Example: sayso-verify proof 12.tlog-proof --entry 12.entry --trust trust.json",
    )
    single_.add_argument(
        "file", metavar="FILE", type=Path, help="what `record export --proof` wrote"
    )
    single_.add_argument(
        "--entry",
        required=True,
        metavar="FILE",
        type=Path,
        help="the entry's exact bytes: what `sayso record show N --raw` prints",
    )
    single_.set_defaults(answer=_proof)
    for each in (record, fork, single_):
        each.add_argument(
            "--trust", required=True, metavar="FILE", type=Path, help="what you trust: trust.json"
        )
        each.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 256:  # noqa: PLR2004  # more is a slip
        raise argparse.ArgumentTypeError(
            f"`{text[:20]}` is not a number of processes from 1 to 256"
        )
    return int(text)
