"""`sayso record`: verify, show, export. For the overseer, who trusts nobody."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bar

from sayso import app, wire
from sayso.casework import statement
from sayso.casework.events import Clock
from sayso.casework.replay import Trust
from sayso.cli import sentences
from sayso.cli.rim import REFUSED, Rim, command, contents
from sayso.errors import SaysoError, Unknown
from sayso.queries import verification
from sayso.queries.verification import Report
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.tree import leaf_hash
from sayso.wire import Value

_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def record() -> None:
    """The record: what was said, and the proof that nothing of it was changed."""


@record.command("verify")
@click.argument("export", type=_DIR, required=False)
@click.option(
    "--trust", "trust_file", type=_FILE, help="What you trust; STORE.trust.json if not given."
)
@click.option("--witnessed", type=_FILE, help="A checkpoint you kept: the record must contain it.")
@command
def verify(rim: Rim, export: Path | None, trust_file: Path | None, witnessed: Path | None) -> None:
    """Recompute the whole record: hashes, checkpoints, signatures, authority, verdicts.

    Verifies the store, or an EXPORT of it on a machine that has nothing else. Status 0 if it all
    holds; otherwise 1, and the first entry or checkpoint that does not is named.

    \b
    Example: sayso record verify exported --trust trust.json
    """
    try:
        report = _verify(rim, export, trust_file, witnessed)
    except SaysoError as error:
        report = Report(0, str(error))
    except OSError as error:
        report = Report(0, f"`{error.filename}`: {error.strerror}")
    rim.show(
        {"ok": report.ok, "entries": report.entries, "problem": report.problem}, _found(report)
    )
    if not report.ok:
        click.get_current_context().exit(REFUSED)


def _found(report: Report) -> str:
    if not report.ok:
        return f"The record does not hold after {report.entries} entries: {report.problem}"
    state = report.state
    if state is None or state.at is None:
        return "The record holds, and has no entry."
    clock = (
        "\nIt is a rehearsal: its times are those it was told."
        if state.clock is Clock.REHEARSAL
        else ""
    )
    return (
        f"The record {state.origin} holds: {report.entries} entries verified, the last of "
        f"{state.at}.{clock}\nThat none was cut off at its end shows only against a checkpoint "
        "somebody else kept: --witnessed."
    )


def _verify(
    rim: Rim, export: Path | None, trust_file: Path | None, witnessed: Path | None
) -> Report:
    kept = contents(witnessed) if witnessed is not None else None
    path = trust_file or rim.trust
    with _progress(rim) as progress:
        if export is not None:
            return verification.verify_export(
                _reader(export), _trust(path), atlas=app.atlas(), progress=progress, witnessed=kept
            )
        with rim.opened() as store:
            return verification.verify_store(
                store, _trust(path), atlas=app.atlas(), progress=progress, witnessed=kept
            )


def _trust(path: Path) -> Trust:
    if not path.exists():
        raise SaysoError(f"there is no trust file `{path}`", hint="name it with --trust")
    return verification.read_trust(contents(path))


def _reader(folder: Path) -> Callable[[str], bytes | None]:
    def fetch(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return fetch


@contextmanager
def _progress(rim: Rim) -> Iterator[Callable[[int], None]]:
    """Yield what is told of progress; it is shown to a person, on standard error."""
    if rim.as_json or not sys.stderr.isatty():
        yield lambda _: None
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Verifying", total=None)
        yield lambda done: bar.update(task, completed=done)


@record.command("show")
@click.argument("index", type=click.IntRange(0), required=False)
@command
def show(rim: Rim, index: int | None) -> None:
    """Show the entries, one line each, or one entry whole, with its signature.

    \b
    Example: sayso record show 12
    """
    with rim.opened() as store:
        if index is None:
            pairs = [(number, entry.read(each)) for number, each in enumerate(store.entries())]
        else:
            found = next(iter(store.entries(index, index + 1)), None)
            if found is None:
                raise Unknown(f"there is no entry {index}", hint=f"the record has {store.size()}")
            pairs = [(index, entry.read(found))]
    shown = [_Shown.of(number, each) for number, each in pairs]
    rim.show(
        shown[0].value if index is not None else [each.value for each in shown],
        shown[0].whole if index is not None else "\n".join(each.line for each in shown),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """An entry on the screen: one line, the whole, and its value for a program."""

    line: str
    whole: str
    value: dict[str, Value]

    @classmethod
    def of(cls, number: int, each: Entry) -> "_Shown":
        """Return entry `number` as it is shown."""
        said = statement.read(each)
        by = said.by if said.by is not None else "by rule"
        leaf = leaf_hash(entry.write(each)).hex()
        line = f"{number:>5}  {each.recorded_at}  {by}: {sentences.event(said.said)}"
        signed = "\n".join(f"signed  {each.keyid}\n{each.sig}" for each in each.signatures)
        whole = (
            f"{line}\nleaf    {leaf}\nkind    {each.kind}\nsaid    {each.payload.decode()}\n"
            f"{signed or 'signed  by nobody: it follows by rule'}"
        )
        value: dict[str, Value] = {
            "entry": number,
            "kind": each.kind,
            "recorded_at": str(each.recorded_at),
            "leaf": leaf,
            **({"by": said.by} if said.by is not None else {}),
            "said": wire.encode(said.said),
            "payload": each.payload.decode(),
            "namespace": each.namespace,
            "signatures": [{"keyid": one.keyid, "sig": one.sig} for one in each.signatures],
        }
        return cls(line, whole, value)


@record.command("signers")
@command
def signers(rim: Rim) -> None:
    """Print everybody's keys as an allowed_signers file, for `ssh-keygen -Y verify`.

    \b
    Example: sayso record signers > allowed_signers
    """
    keys = sorted((key.person, key.line) for key in rim.state().keys.values())
    lines = [f'{person} namespaces="*@sayso" {line}' for person, line in keys]
    rim.show([{"person": person, "key": line} for person, line in keys], "\n".join(lines))


@record.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@command
def export(rim: Rim, folder: Path) -> None:
    """Write the record as plain files (C2SP tlog-tiles) with its trust.json, into a new folder.

    \b
    Example: sayso record export exported
    """
    if folder.exists() and any(folder.iterdir()):
        raise SaysoError(f"`{folder}` is not empty", hint="export into a new folder")
    trust = rim.trust
    if not trust.exists():
        raise SaysoError(f"there is no trust file `{trust}`", hint="it is made by `sayso init`")
    count = 0
    with rim.opened() as store:
        for path, data in verification.export(store):
            _write(folder / path, data)
            count += 1
        size = store.size()
    _write(folder / "trust.json", contents(trust))
    rim.show(
        {"folder": str(folder), "files": count + 1, "entries": size},
        f"Wrote {size} entries into {folder}, as {count + 1} files.\n"
        f"Verify them anywhere: sayso record verify {folder} --trust trust.json, with the\n"
        "trust.json that the office gave you, not the one it sends along.",
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
