"""`sayso use`, `sayso obligation`: what follows on a grant."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sayso.casework import obligations
from sayso.casework.events import Acceptance, Breach, Fulfilment, UseReport
from sayso.cli import papers, phrases
from sayso.cli.acting import Signer, act, acting
from sayso.cli.asking import READER
from sayso.cli.papers import ATTACH
from sayso.cli.rim import INSTANT, Rim, command
from sayso.dates import Instant
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries import owed
from sayso.queries.disclosure import Reader, view

F = TypeVar("F", bound=Callable[..., object])

OFFICE = click.option("--office", help="Which of your offices speaks, if several could.")


@click.group()
def use() -> None:
    """Uses of what was granted."""


@use.command("report")
@click.argument("case")
@click.option("--uses", type=click.IntRange(0), default=1, show_default=True, help="How many.")
@click.option("--when", "used_at", type=INSTANT, help="When; left out if there was no use.")
@click.option("--serial", "serials", multiple=True, help="The serial number used; repeatable.")
@click.option("--place", help="Where, if not at the place that was asked for.")
@click.option("--remark", "remarks", help="Anything the offices should know.")
@ATTACH
@acting
def report(
    rim: Rim,
    signer: Signer,
    case: str,
    uses: int,
    used_at: Instant | None,
    serials: tuple[str, ...],
    place: str | None,
    remarks: str | None,
    files: tuple[Path, ...],
) -> None:
    """Report a use of what was granted, as the partner's liaison; it is drawn down.

    After the window, `--uses 0` reports that nothing more was used.

    \b
    Example: sayso use report ukraine-4 --when 2025-07-16T10:00:00Z --serial M57-0001 --key liaison
    """
    handed = papers.read(files)
    attached = papers.digests(handed)

    def word(moment: Moment) -> UseReport:
        drafts.known_to(moment).case(case)
        return UseReport(case, uses, used_at, serials, place, remarks, attached)

    act(rim, signer, word, handed=handed)


@click.group()
def obligation() -> None:
    """What grants oblige to."""


@obligation.command("list")
@click.argument("case", required=False)
@click.option("--open", "only_open", is_flag=True, help="Only what is not met.")
@READER
@command
def list_obligations(rim: Rim, case: str | None, reader_name: str, *, only_open: bool) -> None:
    """List what is owed, what is due first: in one case, or in all.

    \b
    Example: sayso obligation list ukraine-4
    """
    reader = Reader.parse(reader_name)
    state = view(rim.standing(), reader)
    if case is None:
        found = owed.everything(state, reader, only_open=only_open)
    else:
        found = tuple(
            each
            for each in owed.of(state.case(case), reader)
            if not only_open or each.obligation.standing.owed
        )
    heads = ("Obligation", "What", "Binds", "Due", "Stands")
    rows = [
        (
            f"{each.case}/{each.obligation.number}",
            each.obligation.condition.text,
            each.obligation.condition.binds,
            "" if each.obligation.due is None else str(each.obligation.due),
            each.obligation.standing.value,
        )
        for each in found
    ]
    rim.show([each.value() for each in found], phrases.table(rows, heads))


def numbered(function: F) -> F:
    """Give a command the arguments that name an obligation."""
    return click.argument("case")(click.argument("number", type=click.IntRange(1))(function))


@obligation.command("meet")
@numbered
@click.option("--evidence", required=True, help="What shows that it is met.")
@ATTACH
@acting
def meet(
    rim: Rim, signer: Signer, case: str, number: int, evidence: str, files: tuple[Path, ...]
) -> None:
    """Say that an obligation is met, as whoever it binds.

    \b
    Example: sayso obligation meet ukraine-4 1 --evidence "undertaking of 14 July" --key liaison
    """
    handed = papers.read(files)
    attached = papers.digests(handed)

    def word(moment: Moment) -> Fulfilment:
        drafts.known_to(moment).case(case)
        return Fulfilment(case, number, evidence, attached)

    act(rim, signer, word, handed=handed)


@obligation.command("accept")
@numbered
@OFFICE
@acting
def accept(rim: Rim, signer: Signer, case: str, number: int, office: str | None) -> None:
    """Take an obligation as met, as the office that imposed it.

    \b
    Example: sayso obligation accept ukraine-4 1 --key secretary
    """

    def word(moment: Moment) -> Acceptance:
        imposing = obligations.imposed_by(moment.state.case(case).dossier, number)
        return Acceptance(case, drafts.speaks(moment, office, imposing), number)

    act(rim, signer, word)


@obligation.command("breach")
@numbered
@click.option("--reason", "reasons", required=True, help="Why.")
@OFFICE
@acting
def breach(
    rim: Rim, signer: Signer, case: str, number: int, reasons: str, office: str | None
) -> None:
    """Find that an obligation was breached, as the office that imposed it.

    \b
    Example: sayso obligation breach ukraine-4 1 --reason "no undertaking came" --key secretary
    """

    def word(moment: Moment) -> Breach:
        imposing = obligations.imposed_by(moment.state.case(case).dossier, number)
        return Breach(case, drafts.speaks(moment, office, imposing), number, reasons)

    act(rim, signer, word)
