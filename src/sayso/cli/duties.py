"""`sayso use`, `sayso obligation`: what follows on a grant."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from sayso.casework import obligations
from sayso.casework.events import (
    Acceptance,
    Breach,
    Change,
    Condition,
    Fulfilment,
    Reconsideration,
    UseReport,
    Variation,
)
from sayso.cli import conditions, papers, phrases
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.asking import READER
from sayso.cli.moments import Moments, moments
from sayso.cli.papers import ATTACH
from sayso.cli.rim import INSTANT, Rim, command
from sayso.dates import Instant
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries import owed
from sayso.queries.disclosure import Reader

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
@acting_anywhere
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
        moment.state.case(case)
        return UseReport(case, uses, used_at, serials, place, remarks, attached)

    act(rim, signer, word, handed=handed)


@click.group()
def obligation() -> None:
    """What grants oblige to."""


@obligation.command("list")
@click.argument("case", required=False)
@click.option("--open", "only_open", is_flag=True, help="Only what is not met.")
@READER
@moments
@command
def list_obligations(
    rim: Rim, case: str | None, reader_name: str, when: Moments, *, only_open: bool
) -> None:
    """List what is owed, what is due first: in one case, or in all.

    \b
    Example: sayso obligation list ukraine-4
    """
    reader, stood = Reader.parse(reader_name), when.stood(rim)
    state = stood.seen(reader)
    if case is None:
        found = owed.everything(state, reader, only_open=only_open)
    else:
        found = tuple(
            each
            for each in owed.of(state.case(case), reader)
            if not only_open or each.obligation.standing.owed
        )
    found = rim.worded(found)
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
    table = phrases.table(rows, heads)
    rim.show_sealed([each.value() for each in found], when.headed(table, stood.at))


def numbered(function: F) -> F:
    """Give a command the arguments that name an obligation."""
    return click.argument("case")(click.argument("number", type=click.IntRange(1))(function))


@obligation.command("meet")
@numbered
@click.option("--evidence", required=True, help="What shows that it is met.")
@ATTACH
@acting_anywhere
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
        moment.state.case(case)
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


@obligation.command("reconsider")
@numbered
@click.option("--reason", "reasons", required=True, help="Why.")
@acting_anywhere
def reconsider(rim: Rim, signer: Signer, case: str, number: int, reasons: str) -> None:
    """Ask for one condition of a live grant to be reconsidered, as the partner's liaison.

    \b
    Example: sayso obligation reconsider ukraine-4 1 --reason "no boat is left" --key liaison
    """

    def word(moment: Moment) -> Reconsideration:
        moment.state.case(case)
        return Reconsideration(case, number, reasons)

    act(rim, signer, word)


def answer_options(function: F) -> F:
    """Give a command the options by which a condition is reworded, ended or kept."""
    for option in (
        OFFICE,
        click.option("--keep", "kept", is_flag=True, help="It stays as it is."),
        click.option("--end", "ended", is_flag=True, help="It ends."),
        click.option(
            "--condition", "typed", help="Its new wording: a text, or PHASE:WHO:DUE:TEXT."
        ),
        click.option("--reason", "reasons", required=True, help="Why."),
    ):
        function = option(function)
    return numbered(function)


@obligation.command("vary")
@answer_options
@acting
def vary(
    rim: Rim,
    signer: Signer,
    case: str,
    number: int,
    reasons: str,
    typed: str | None,
    office: str | None,
    *,
    ended: bool,
    kept: bool,
) -> None:
    """Reword, end or keep a condition that the partner asked about, as the office that decided.

    \b
    Example: sayso obligation vary ukraine-4 1 --end --reason "the boats are lost" --key secretary
    """
    if (typed is not None) + ended + kept != 1:
        raise click.UsageError("say what becomes of it: --condition, --end or --keep")
    change = Change.REWORD if typed is not None else Change.END if ended else Change.KEEP
    worded = None if typed is None else conditions.read(typed)

    def word(moment: Moment) -> Variation:
        dossier = moment.state.case(case).dossier
        decided = tuple(each.said.office for each in dossier.decisions[-1:])
        speaking = drafts.speaks(moment, office, decided)
        new = None if worded is None else _imposed(worded, obligations.imposer(dossier, number))
        return Variation(case, speaking, number, change, reasons, new)

    act(rim, signer, word)


def _imposed(condition: Condition, office: str | None) -> Condition:
    """Return the wording in the name of whoever imposed the condition before."""
    return replace(condition, imposed_by=office)
