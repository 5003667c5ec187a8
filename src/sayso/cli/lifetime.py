"""`sayso suspend`, `revoke`, `reinstate`, `surrender`, `appeal`: what becomes of a decision."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sayso.casework.events import Appeal, Reinstatement, Revocation, Surrender, Suspension
from sayso.cli import papers
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.duties import OFFICE
from sayso.cli.papers import ATTACH
from sayso.cli.rim import Rim
from sayso.operations import drafts
from sayso.operations.drafts import Moment

F = TypeVar("F", bound=Callable[..., object])
_REASON = click.option("--reason", "reasons", required=True, help="Why.")


def _speaks(moment: Moment, case: str, office: str | None) -> str:
    """Return the office that speaks: the one given, or best the one that decided."""
    decided = moment.state.case(case).dossier.decisions
    return drafts.speaks(moment, office, (decided[-1].said.office,) if decided else ())


def upon(function: F) -> F:
    """Give a command what names a case, why, and which office speaks."""
    return click.argument("case")(_REASON(OFFICE(function)))


@click.command()
@upon
@acting
def suspend(rim: Rim, signer: Signer, case: str, reasons: str, office: str | None) -> None:
    """Put an authorization on hold, as the office that decided it or one above.

    \b
    Example: sayso suspend ukraine-4 --reason "talks have begun" --key secretary
    """

    def word(moment: Moment) -> Suspension:
        return Suspension(case, _speaks(moment, case, office), reasons)

    act(rim, signer, word)


@click.command()
@upon
@acting
def revoke(rim: Rim, signer: Signer, case: str, reasons: str, office: str | None) -> None:
    """End an authorization, as the office that decided it or one above; uses made stand.

    \b
    Example: sayso revoke ukraine-4 --reason "a condition was breached" --key secretary
    """

    def word(moment: Moment) -> Revocation:
        return Revocation(case, _speaks(moment, case, office), reasons)

    act(rim, signer, word)


@click.command()
@upon
@acting
def reinstate(rim: Rim, signer: Signer, case: str, reasons: str, office: str | None) -> None:
    """Let a suspended authorization stand again, as the office that decided it or one above.

    \b
    Example: sayso reinstate ukraine-4 --reason "talks have ended" --key secretary
    """

    def word(moment: Moment) -> Reinstatement:
        return Reinstatement(case, _speaks(moment, case, office), reasons)

    act(rim, signer, word)


@click.command()
@click.argument("case")
@_REASON
@acting_anywhere
def surrender(rim: Rim, signer: Signer, case: str, reasons: str) -> None:
    """Give back what is left of an authorization, as the partner's liaison.

    \b
    Example: sayso surrender ukraine-4 --reason "no longer needed" --key liaison
    """

    def word(moment: Moment) -> Surrender:
        moment.state.case(case)
        return Surrender(case, reasons)

    act(rim, signer, word)


@click.command()
@click.argument("case")
@_REASON
@ATTACH
@acting_anywhere
def appeal(rim: Rim, signer: Signer, case: str, reasons: str, files: tuple[Path, ...]) -> None:
    """Ask for a refusal to be decided anew, on new advice, as the partner's liaison; once.

    \b
    Example: sayso appeal ukraine-3 --reason "the depot has moved" --key liaison
    """
    handed = papers.read(files)
    attached = papers.digests(handed)

    def word(moment: Moment) -> Appeal:
        moment.state.case(case)
        return Appeal(case, reasons, attached)

    act(rim, signer, word, handed=handed)
