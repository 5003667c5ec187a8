"""`sayso record watch`: for whoever looks at a record from outside, again and again."""

import time
from dataclasses import dataclass
from pathlib import Path

import click

from sayso import files, replies
from sayso.cli.outside import evidence_of
from sayso.cli.rim import REFUSED, Rim, command, contents
from sayso.errors import SaysoError
from sayso.queries import trustfile, watching
from sayso.queries.trustfile import TrustFile
from sayso.queries.watching import Alone, Back, Kept
from sayso.record.fork import Fork
from sayso.record.tiles import Fetch, Folder
from sayso.verify.command import noted
from sayso.wire import Value

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_GONE = {404, 410}
_IN_ALL = 120  # seconds for one file, of which the longest has 16 MiB


@click.command("watch")
@click.argument("source")
@click.option("--trust", "trust_file", type=_FILE, required=True, help="What you trust.")
@click.option(
    "--kept",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where the last state that was seen is kept; made by the first look.",
)
@click.option("--every", type=click.IntRange(1), metavar="SECONDS", help="Go on looking.")
@command
def watch(rim: Rim, source: str, trust_file: Path, kept: Path, every: int | None) -> None:
    """Look at the record at SOURCE, and raise the alarm if it does not continue what was seen.

    SOURCE is the folder of an export, the address where one is served, or a checkpoint alone.
    Status 0 if it continues; 1 with the alarm, and a file beside the kept state that shows why:
    `sayso-verify fork FILE --trust FILE` tells anybody whether it convicts the log. With --every
    nothing but the alarm ends it: if SOURCE is away or damaged, that is told, and looked at again.

    \b
    Example: sayso record watch https://office.example/record --trust trust.json --kept seen
    """
    known = trustfile.read(contents(trust_file))
    _check(source)
    if every is None:
        _look(rim, _fetch(source), known, kept)
    while every is not None:
        with rim.again():
            _look(rim, _fetch(source), known, kept)
        time.sleep(every)


def _check(source: str) -> None:
    """Raise unless there can be a record at the source; whether it answers is another matter."""
    if not replies.is_address(source):
        if not Path(source).exists():
            raise click.UsageError(f"`{source}` is not there: name a folder, a file or an address")
        return
    try:
        replies.check(source)
    except SaysoError as error:
        raise click.UsageError(str(error)) from None


def _fetch(source: str) -> Fetch:
    if replies.is_address(source):
        return Site(source)
    path = Path(source)
    if path.is_dir():
        return Folder(path)
    return Alone(noted(path))


@dataclass(frozen=True, slots=True)
class Site:
    """The files of a record where they are served: a `Fetch`."""

    url: str

    def __call__(self, path: str) -> bytes | None:
        """Return the bytes of a file, or nothing if there is none."""
        reply = replies.ask(self.url, path, most=watching.MOST_BYTES, within=_IN_ALL)
        if reply.status == replies.OK:
            return reply.body
        if reply.status in _GONE:
            return None
        raise SaysoError(f"`{self.url}` answers {reply.status}", hint="look again later")


def _look(rim: Rim, fetch: Fetch, known: TrustFile, kept: Path) -> None:
    """Look once, keep what is to be kept, and show it; the alarm ends the program."""
    before = noted(kept) if kept.exists() or kept.is_symlink() else None
    found = watching.watched(fetch, known, before)
    match found:
        case Kept():
            if found.signed != before:
                files.replace(kept, found.signed)
            rim.show(_value("none", found.before, found.state.size), _continued(found))
        case Back():
            said = f"{found.size} entries are shown, and {found.before} were seen"
            _alarm(
                rim,
                _value("back", found.before, found.size),
                said,
                evidence_of(bytes(found), beside=kept),
            )
        case Fork():
            old, new = watching.convicted(bytes(found), known)
            said = (
                f"the log has signed two histories: its {new.size} entries do not continue the "
                f"{old.size} it has signed as well"
            )
            _alarm(
                rim,
                _value("fork", old.size, new.size),
                said,
                evidence_of(bytes(found), beside=kept),
            )


def _value(alarm: str, before: int, size: int) -> dict[str, Value]:
    return {"alarm": alarm, "before": before, "entries": size}


def _continued(found: Kept) -> str:
    if not found.before:
        return f"{found.state.size} entries are seen for the first time, and kept."
    return f"{found.state.size} entries continue the {found.before} that were seen."


def _alarm(rim: Rim, value: dict[str, Value], said: str, evidence: Path) -> None:
    rim.show(
        {**value, "evidence": str(evidence)},
        f"ALARM: {said}.\nWhat shows it: {evidence}\nThe state that was kept stays kept.",
    )
    click.get_current_context().exit(REFUSED)
