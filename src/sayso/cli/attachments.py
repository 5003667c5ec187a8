"""`sayso attachment`: the papers that were handed over, given back to those who may know them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sayso.casework.state import State
from sayso.cli import phrases
from sayso.cli.acting import Signer, person_of
from sayso.cli.asking import READER
from sayso.cli.rim import Rim, command, write_new
from sayso.queries import papers
from sayso.queries.disclosure import Circle, Reader

F = TypeVar("F", bound=Callable[..., object])


def _reading(function: F) -> F:
    """Give a command the options that say for whom it reads."""
    key = click.option(
        "--key",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Your key: to see also what you have read in a compartment (`sayso read`).",
    )
    return key(READER(function))


@click.group()
def attachment() -> None:
    """Papers handed over with what was said."""


@attachment.command("list")
@click.argument("case")
@_reading
@command
def list_papers(rim: Rim, case: str, reader_name: str, key: Path | None) -> None:
    """List the papers of a case by their SHA-256, as far as the reader may know them.

    \b
    Example: sayso attachment list ukraine-1 --reader partner:ukraine
    """
    state = rim.state()
    with rim.opened() as store:
        found = papers.listed(store, state, case, _reader(rim, state, reader_name, key))
    rows = [
        (each.digest, "" if each.size is None else str(each.size), each.stands) for each in found
    ]
    rim.show([each.value() for each in found], phrases.table(rows, ("SHA-256", "Bytes", "Stands")))


@attachment.command("save")
@click.argument("digest")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The new file to write.",
)
@_reading
@command
def save(rim: Rim, digest: str, file: Path, reader_name: str, key: Path | None) -> None:
    """Write a paper into a new file: the one that DIGEST, or the beginning of it, names.

    \b
    Example: sayso attachment save 2c26b46b --to annex.pdf --reader partner:ukraine
    """
    state = rim.state()
    with rim.opened() as store:
        paper = papers.saved(store, state, digest, _reader(rim, state, reader_name, key))
    write_new(file, paper)
    rim.show({"file": str(file), "bytes": len(paper)}, f"Wrote {file}, {len(paper)} bytes.")


def _reader(rim: Rim, state: State, name: str, key: Path | None) -> Reader:
    reader = Reader.parse(name)
    if key is None:
        return reader
    if reader.circle is not Circle.OFFICE:
        raise click.UsageError("--key is for a reader in the office")
    person = person_of(state, Signer(key, None, None))
    return Reader(Circle.OFFICE, person=person, at=rim.now(state))
