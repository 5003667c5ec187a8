"""`sayso consolidate`, `decide`, `countersign`, `ratify`: what is laid before the final authority.

The options of a consolidation are read from a JSON file, each with its conditions as typed:

    [{"name": "one-use", "outcome": "grant-with-conditions", "text": "a single use",
      "uses": 1, "conditions": ["after:partner:PT24H:report the use"]},
     {"name": "refuse", "outcome": "refuse", "text": "talks go first"}]
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import click

from sayso import wire
from sayso.casework.events import (
    Code,
    Consolidation,
    Countersignature,
    Decision,
    Option,
    Outcome,
    Ratification,
)
from sayso.cli import conditions as typed
from sayso.cli import papers
from sayso.cli.acting import Signer, act, acting
from sayso.cli.case import CONDITION, words_options
from sayso.cli.rim import INSTANT, Rim, span_of, told
from sayso.dates import Instant, Period
from sayso.operations import drafts
from sayso.operations.drafts import Beside, Moment, Words

F = TypeVar("F", bound=Callable[..., object])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OFFICE = click.option("--office", help="Which of your offices speaks, if several could.")


@dataclass(frozen=True, slots=True)
class _Option:
    """An option as it is written in the file."""

    name: str
    outcome: Outcome
    text: str
    conditions: tuple[str, ...] | None = None
    uses: int | None = None
    window: Period | None = None


def options_in(path: Path) -> tuple[Option, ...]:
    """Return the options in a JSON file; `MalformedValue` if it holds none."""
    found = wire.load(told(path))
    listed = found if isinstance(found, list) else [found]
    written = [wire.decode(_Option, each) for each in listed]
    return tuple(
        Option(
            each.name,
            each.outcome,
            each.text,
            tuple(typed.read(condition) for condition in each.conditions or ()),
            each.uses,
            each.window,
        )
        for each in written
    )


@click.command()
@words_options(Outcome)
@click.option("--options", type=_FILE, help="A JSON file of the ways to decide, side by side.")
@acting
def consolidate(
    rim: Rim,
    signer: Signer,
    case: str,
    outcome: str,
    reasons: str,
    office: str | None,
    options: Path | None,
) -> None:
    """Consolidate the advice on a request for the final authority; cites every advice.

    \b
    Example: sayso consolidate ukraine-1 --outcome refuse --reason "two of three" --key owner
    """
    laid = () if options is None else options_in(options)
    said = Words(Outcome(outcome), reasons, (), office, options=laid)

    def word(moment: Moment) -> Consolidation:
        return drafts.consolidation(moment, case, said)

    act(rim, signer, word)


_OUTCOMES = [each.value for each in Outcome if each is not Outcome.NOT_REQUIRED]


def decision_options(function: F) -> F:
    """Give a command the options by which the final authority says what it decides."""
    for option in (
        click.option("--paper", type=_FILE, help="The scan of a decision made on paper."),
        click.option("--made-at", type=INSTANT, help="When it was made on paper."),
        click.option("--emergency", metavar="WHY", help="Decide at once: why it cannot wait."),
        click.option("--option", help="The option chosen of those laid side by side."),
        click.option(
            "--code",
            "codes",
            multiple=True,
            type=click.Choice([each.value for each in Code]),
            help="A coded reason; repeatable.",
        ),
        click.option("--until", type=INSTANT, help="Until when; as asked if not given."),
        click.option("--since", type=INSTANT, help="From when; as asked if not given."),
        click.option("--uses", type=click.IntRange(1), help="How many; as asked if not given."),
        CONDITION,
        OFFICE,
        click.option("--reason", "reasons", default="", help="Why."),
        click.option(
            "--outcome",
            type=click.Choice(_OUTCOMES),
            help="What you say; with --option, what that option amounts to.",
        ),
        click.argument("case"),
    ):
        function = option(function)
    return function


@click.command()
@decision_options
@acting
def decide(
    rim: Rim,
    signer: Signer,
    case: str,
    outcome: str | None,
    reasons: str,
    office: str | None,
    conditions: tuple[str, ...],
    uses: int | None,
    since: Instant | None,
    until: Instant | None,
    codes: tuple[str, ...],
    option: str | None,
    emergency: str | None,
    made_at: Instant | None,
    paper: Path | None,
) -> None:
    """Decide a request, as its final authority; signed on what stands, or not at all.

    \b
    Example: sayso decide ukraine-1 --outcome refuse --reason "escalation" --key secretary
    """
    if outcome is None and option is None:
        raise click.UsageError("say what you decide: --outcome, or --option")
    imposed = tuple(typed.read(each) for each in conditions)
    handed = () if paper is None else papers.read((paper,))
    scan = next(iter(papers.digests(handed)), None)
    coded = tuple(Code(each) for each in codes)
    beside = Beside(coded, option, emergency, made_at, scan)

    def word(moment: Moment) -> Decision:
        limits = None
        if since is not None or until is not None:
            asked = moment.state.case(case).dossier.asked.window
            limits = span_of(since or asked.start, until or asked.end)
        said = Words(Outcome(outcome or "grant"), reasons, imposed, office, uses, limits)
        if option is not None:
            said = _chosen(said, drafts.chosen(moment, case, option), given=outcome)
        return drafts.decision(moment, case, said, beside)

    act(rim, signer, word, handed=handed)


def _chosen(said: Words, option: Option, *, given: str | None) -> Words:
    """Return the words of an option, but for what was said otherwise."""
    return replace(
        said,
        outcome=option.outcome if given is None else said.outcome,
        conditions=said.conditions or option.conditions,
        uses=said.uses or option.uses,
        window=said.window or option.window,
    )


def second_options(function: F) -> F:
    """Give a command the options by which a second office upholds a decision, or does not."""
    for option in (
        OFFICE,
        click.option("--reason", "reasons", default="", help="Why; needed with --no."),
        click.option("--yes/--no", "upheld", required=True, help="Whether you uphold it."),
        click.argument("case"),
    ):
        function = option(function)
    return function


@click.command()
@second_options
@acting
def countersign(
    rim: Rim, signer: Signer, case: str, reasons: str, office: str | None, *, upheld: bool
) -> None:
    """Countersign a decision, which takes no effect without; or object, which returns it.

    \b
    Example: sayso countersign ukraine-1 --yes --key counsel
    """

    def word(moment: Moment) -> Countersignature:
        digest = drafts.pending(moment, case)
        speaking = drafts.waited_for(moment, case, office)
        return Countersignature(case, speaking, digest, upheld, reasons)

    act(rim, signer, word)


@click.command()
@second_options
@acting
def ratify(
    rim: Rim, signer: Signer, case: str, reasons: str, office: str | None, *, upheld: bool
) -> None:
    """Ratify what was decided in an emergency; with --no, or in no time, the grant ends.

    \b
    Example: sayso ratify ukraine-1 --yes --key secretary
    """

    def word(moment: Moment) -> Ratification:
        digest = drafts.pending(moment, case)
        speaking = drafts.waited_for(moment, case, office)
        return Ratification(case, speaking, digest, upheld, reasons)

    act(rim, signer, word)
