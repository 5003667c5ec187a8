"""Files that are handed over with an act: the record keeps their SHA-256, the store their bytes."""

from collections.abc import Iterable
from pathlib import Path

import click

from sayso.cli.rim import contents
from sayso.record import enclosure

ATTACH = click.option(
    "--attach",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file handed over with it, of at most 16 MiB; repeatable.",
)


def read(files: Iterable[Path]) -> tuple[bytes, ...]:
    """Return the bytes of each file; one that is too big to be handed over is refused."""
    return tuple(map(contents, files))


def digests(papers: Iterable[bytes]) -> tuple[str, ...]:
    """Return the SHA-256 of each paper, in hexadecimal, as an act names it."""
    return tuple(enclosure.digest(each).hex() for each in papers)
