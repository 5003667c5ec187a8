"""`sayso attachment`: the papers that were handed over, given back to those who may know them.

What is kept in a compartment is read with `sayso read`, which says on the record who did.
"""

from pathlib import Path

import click

from sayso.cli import phrases
from sayso.cli.asking import READER
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import Rim, command, write_new
from sayso.queries import papers
from sayso.queries.disclosure import Reader


@click.group()
def attachment() -> None:
    """Papers handed over with what was said."""


@attachment.command("list")
@click.argument("case")
@READER
@moments
@command
def list_papers(rim: Rim, case: str, reader_name: str, when: Moments) -> None:
    """List the papers of a case by their SHA-256, as far as the reader may know them.

    \b
    Example: sayso attachment list ukraine-1 --reader partner:ukraine
    """
    stood = when.stood(rim)
    with rim.opened() as store:
        found = papers.listed(store, stood.state, case, Reader.parse(reader_name))
    rows = [
        (each.digest, "" if each.size is None else str(each.size), each.stands) for each in found
    ]
    table = phrases.table(rows, ("SHA-256", "Bytes", "Stands"))
    rim.show([each.value() for each in found], when.headed(table, stood.at))


@attachment.command("save")
@click.argument("digest")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The new file to write.",
)
@READER
@moments
@command
def save(rim: Rim, digest: str, file: Path, reader_name: str, when: Moments) -> None:
    """Write a paper into a new file: the one that DIGEST, or the beginning of it, names.

    \b
    Example: sayso attachment save 2c26b46b --to annex.pdf --reader partner:ukraine
    """
    stood = when.stood(rim)
    with rim.opened() as store:
        paper = papers.saved(store, stood.state, digest, Reader.parse(reader_name))
    write_new(file, paper)
    rim.show({"file": str(file), "bytes": len(paper)}, f"Wrote {file}, {len(paper)} bytes.")
