"""`sayso request`, `advise`, `consolidate`, `decide`, `check`: a case from first to last."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from sayso import app
from sayso.casework.events import Nature, Outcome, Risk
from sayso.cli import conditions as typed
from sayso.cli import words
from sayso.cli.acting import Signer, act, acting, person_of
from sayso.cli.asking import READER, use_options
from sayso.cli.knowing import KEY, reader_of
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import REFUSED, Rim, command
from sayso.operations import drafts
from sayso.operations.drafts import Weight, Words
from sayso.queries.coverage import Coverage, Use, coverage
from sayso.queries.disclosure import Circle, Reader, as_whom, judging, secrets
from sayso.queries.moment import Stood

F = TypeVar("F", bound=Callable[..., object])


def words_options(outcomes: Iterable[Outcome]) -> Callable[[F], F]:
    """Return what gives a command the options by which an officer says something of a case."""

    def given(function: F) -> F:
        for option in (
            click.option("--office", help="Which of your offices speaks, if several could."),
            click.option("--reason", "reasons", default="", help="Why."),
            click.option(
                "--outcome",
                type=click.Choice([each.value for each in outcomes]),
                required=True,
                help="What you say.",
            ),
            click.argument("case"),
        ):
            function = option(function)
        return function

    return given


CONDITION = click.option(
    "--condition",
    "conditions",
    multiple=True,
    help="With grant-with-conditions: a text, or PHASE:WHO:DUE:TEXT; repeatable.",
)


@click.command()
@words_options(Outcome)
@CONDITION
@click.option("--risk", type=click.Choice([each.value for each in Risk]), help="What is at risk.")
@click.option("--code", "codes", multiple=True, help="A reason in short, as no-stocks; repeatable.")
@click.option("--instructions", help="How a grant is to be used.")
@click.option("--legal", is_flag=True, help="It is legal advice, kept apart from the other.")
@acting
def advise(
    rim: Rim,
    signer: Signer,
    case: str,
    outcome: str,
    reasons: str,
    office: str | None,
    conditions: tuple[str, ...],
    risk: str | None,
    codes: tuple[str, ...],
    instructions: str | None,
    *,
    legal: bool,
) -> None:
    """Give your office's advice on a request; again, while the case still waits for others.

    \b
    Example: sayso advise ukraine-1 --outcome refuse --reason "talks are sought" --key europe
    """
    imposed = tuple(typed.read(each) for each in conditions)
    rated = None if risk is None else Risk(risk)
    weight = Weight(rated, codes, instructions, Nature.LEGAL if legal else None)
    said = Words(Outcome(outcome), reasons, imposed, office, weight=weight)
    act(rim, signer, lambda moment: drafts.advice(moment, case, said))


def _asking(stood: Stood, reader: Reader, key: Path | None) -> Reader:
    """Return who asks: whose key it is, if there is one, or for whom it is asked."""
    if key is None or reader.circle is not Circle.OFFICE:
        return reader
    return as_whom(stood.present, person_of(stood.present, Signer(key, None, None)), stood.now)


def _name_of(reader: Reader, named: str) -> str:
    """Return what a reader is called, if a key said who it is: inside as it was `named`."""
    if reader.circle is Circle.PARTNER:
        return f"{reader.circle.value}:{reader.partner}"
    return named if reader.circle is Circle.OFFICE else reader.circle.value


@click.command()
@use_options
@click.option("--partner", help="Who would use it; the agreement's partner if not given.")
@moments
@click.option("--viewpoint", help="By whose idea of the borders; the record's if not given.")
@READER
@click.option("--reading", metavar="PURPOSE", help="With --key: what you read it for.")
@KEY
@command
def check(
    rim: Rim,
    agreement: str,
    article: str,
    place: str,
    purpose: str,
    within_m: int | None,
    partner: str | None,
    when: Moments,
    viewpoint: str | None,
    reader_name: str,
    key: Path | None,
    reading: str | None,
) -> None:
    """Is this use covered? Status 0 if it is, 1 if not.

    Every reader is answered as far as that reader may know. With --key, a grant that is kept in a
    compartment counts too, if the key's person is cleared; that they read of it is put on the
    record, with --reading.

    \b
    Example: sayso check --agreement aid --article atacms --place Kursk \\
      --purpose military-logistics --at 2025-03-01T00:00:00Z \\
      --known-at 2025-08-01T00:00:00Z --reader public
    """
    stood = when.stood(rim)
    reader = _asking(stood, Reader.parse(reader_name), key)
    known, present = stood.state, stood.present
    if viewpoint is not None:
        known = replace(known, viewpoint=viewpoint)
    whose = partner or judging(known, reader, by=present).agreement(agreement).partner
    use = Use(whose, agreement, article, place, purpose, within_m)

    def answered(reader: Reader) -> Coverage:
        seen = judging(known, reader, by=present)
        return coverage(seen, use, at=stood.at, atlas=app.atlas(), reader=reader)

    answer = answered(reader)
    if key is not None and reader.circle is Circle.OFFICE:
        reader = reader_of(rim, answer.cases, key, reading)
        answer = answered(reader)
    answer = answer.withholding(secrets(known, reader, by=present).policies)
    rim.show(answer.value(), words.coverage(answer, _name_of(reader, reader_name)))
    if not answer.covered:
        click.get_current_context().exit(REFUSED)
