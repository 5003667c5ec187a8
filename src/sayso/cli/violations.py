"""`sayso violation`: a use that was wrong, from the allegation to the closing of its docket."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sayso import wire
from sayso.casework import violations
from sayso.casework.events import Allegation, Closure, Finding, Freeze, Remedy
from sayso.cli import papers, phrases, sentences
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.duties import OFFICE
from sayso.cli.knowing import inside, read_by, reader_by
from sayso.cli.moments import Moments, moments
from sayso.cli.papers import ATTACH
from sayso.cli.rim import Rim, command
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries import disclosure
from sayso.queries.disclosure import Reader
from sayso.queries.moment import Stood

F = TypeVar("F", bound=Callable[..., object])
_TEXT = click.option("--text", required=True, help="What there is to say.")


@click.group()
def violation() -> None:
    """Uses that were wrong, and what is done about them."""


@violation.command("open")
@click.option("--partner", required=True, help="Of whom it is alleged.")
@click.option("--article", help="What was used.")
@click.option("--case", "concerns", help="The case that it concerns.")
@_TEXT
@ATTACH
@OFFICE
@acting_anywhere
def open_docket(
    rim: Rim,
    signer: Signer,
    partner: str,
    article: str | None,
    concerns: str | None,
    text: str,
    files: tuple[Path, ...],
    office: str | None,
) -> None:
    """Open a docket on what is alleged; a partner may on itself.

    \b
    Example: sayso violation open --partner ukraine --article atacms \\
      --text "two seen beyond the border" --key joint-staff
    """
    handed = papers.read(files)
    attached = papers.digests(handed)

    def word(moment: Moment) -> Allegation:
        speaking = drafts.speaks(moment, office)
        return Allegation(speaking, partner, text, article, concerns, attached)

    act(rim, signer, word, handed=handed)


def upon(function: F) -> F:
    """Give a command what names a docket, what is said of it, and which office speaks."""
    return click.argument("docket")(_TEXT(OFFICE(function)))


@violation.command("freeze")
@upon
@acting
def freeze(rim: Rim, signer: Signer, docket: str, text: str, office: str | None) -> None:
    """Grant nothing more, and suspend what is live, as an office above all that could decide.

    \b
    Example: sayso violation freeze violation-1 --text "until it is cleared up" --key secretary
    """
    act(rim, signer, lambda moment: Freeze(docket, drafts.speaks(moment, office), text))


@violation.command("find")
@upon
@ATTACH
@acting
def find(
    rim: Rim,
    signer: Signer,
    docket: str,
    text: str,
    office: str | None,
    files: tuple[Path, ...],
) -> None:
    """Record what was found out.

    \b
    Example: sayso violation find violation-1 --text "one was, by mistake" --key joint-staff
    """
    handed = papers.read(files)
    attached = papers.digests(handed)

    def word(moment: Moment) -> Finding:
        return Finding(docket, drafts.speaks(moment, office), text, attached)

    act(rim, signer, word, handed=handed)


@violation.command("remedy")
@upon
@acting
def remedy(rim: Rim, signer: Signer, docket: str, text: str, office: str | None) -> None:
    """Record what puts it right.

    \b
    Example: sayso violation remedy violation-1 --text "crews are trained anew" --key joint-staff
    """
    act(rim, signer, lambda moment: Remedy(docket, drafts.speaks(moment, office), text))


@violation.command("close")
@upon
@click.option("--confirmed/--unfounded", required=True, help="Whether it was so.")
@acting
def close(
    rim: Rim, signer: Signer, docket: str, text: str, office: str | None, *, confirmed: bool
) -> None:
    """Close a docket, as the office that opened it, or froze it, or one above.

    \b
    Example: sayso violation close violation-1 --confirmed --text "remedied" --key joint-staff
    """

    def word(moment: Moment) -> Closure:
        return Closure(docket, drafts.speaks(moment, office), confirmed, text)

    act(rim, signer, word)


@violation.command("show")
@click.argument("docket", required=False)
@moments
@read_by
@command
def show(
    rim: Rim, docket: str | None, key: Path | None, purpose: str | None, when: Moments
) -> None:
    """Show a docket from first to last, or list them all; for inside only.

    None on a case that is kept in a compartment; with --key, such a docket is shown to who is
    cleared, and that they read of the case is put on the record, with --purpose.

    \b
    Example: sayso violation show violation-1
    """
    stood = when.stood(rim)
    reader = disclosure.OFFICE if docket is None else _reader(rim, stood, docket, key, purpose)
    state = stood.seen(reader)
    if docket is None:
        found = [each for _, each in sorted(state.dockets.items())]
        rows = [(each.name, each.opened.said.partner, each.stands) for each in found]
        values = [{"docket": each.name, "stands": each.stands} for each in found]
        table = phrases.table(rows, ("Docket", "Partner", "Stands"))
        rim.show(values, when.headed(table, stood.at))
        return
    one = violations.named(state, docket)
    said = [(on.stamp, on.said) for on in (one.opened, *one.said)]
    lines = [f"{one.name} is {one.stands}"]
    lines += [f"  {at.index:>5}  {at.at}  {at.by}: {sentences.event(each)}" for at, each in said]
    told = [{"entry": at.index, "at": str(at.at), "said": wire.encode(each)} for at, each in said]
    value = {"docket": one.name, "stands": one.stands, "said": told}
    rim.show(value, when.headed("\n".join(lines), stood.at))


def _reader(rim: Rim, stood: Stood, docket: str, key: Path | None, purpose: str | None) -> Reader:
    """Return for whom a docket is shown: who may read of the case that it is on, if they do."""
    known = stood.seen(inside(stood.present, key, stood.now))
    found = known.dockets.get(docket)  # one that they do not know of names its case to nobody
    concerns = None if found is None else found.opened.said.concerns
    return disclosure.OFFICE if concerns is None else reader_by(rim, stood, concerns, key, purpose)
