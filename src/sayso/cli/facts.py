"""`sayso fact`: circumstances that offices assert, and that policies may depend on."""

from pathlib import Path

import click

from sayso import wire
from sayso.casework import circumstances
from sayso.casework.dossier import On
from sayso.casework.events import (
    Assertion,
    Circumstances,
    Claim,
    Confidence,
    Retraction,
    Settlement,
    Vocabulary,
)
from sayso.casework.state import State
from sayso.cli import phrases
from sayso.cli.acting import Signer, act, acting
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import INSTANT, Rim, command, span_of, told
from sayso.dates import Instant
from sayso.errors import MalformedValue
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.policy.outline import decoded
from sayso.queries.disclosure import OFFICE
from sayso.wire import Value

_OFFICE = click.option("--office", help="Which of your offices speaks, if you hold several.")
_SINCE = click.option("--since", type=INSTANT, help="From when it holds; now if not given.")
_UNTIL = click.option("--until", type=INSTANT, help="Until when, if it ends.")


@click.group()
def fact() -> None:
    """Circumstances: what offices assert, and what counts where they differ."""


@fact.command("define")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--asserted-by", multiple=True, metavar="OFFICE", help="Who may assert them; repeatable."
)
@click.option("--releasable-to", multiple=True, metavar="PARTNER|public", help="Who may know.")
@_OFFICE
@acting
def define(
    rim: Rim,
    signer: Signer,
    file: Path,
    asserted_by: tuple[str, ...],
    releasable_to: tuple[str, ...],
    office: str | None,
) -> None:
    """Add facts that policies may speak of; FILE is YAML, as docs/language.md says.

    \b
    Example: sayso fact define facts.yaml --asserted-by europe-desk --key owner
    """
    text = decoded(told(file), source=str(file))

    def word(moment: Moment) -> Vocabulary:
        return Vocabulary(drafts.speaks(moment, office), text, asserted_by, releasable_to)

    act(rim, signer, word)


@fact.command("assert")
@click.argument("name")
@click.argument("value", metavar="JSON")
@click.option("--source", required=True, help="Where it is from.")
@click.option("--quotation", help="What the source says, word for word.")
@click.option(
    "--confidence",
    type=click.Choice([each.value for each in Confidence]),
    default=Confidence.MEDIUM.value,
    show_default=True,
    help="How sure your office is.",
)
@_SINCE
@_UNTIL
@_OFFICE
@acting
def assert_(
    rim: Rim,
    signer: Signer,
    name: str,
    value: str,
    source: str,
    quotation: str | None,
    confidence: str,
    since: Instant | None,
    until: Instant | None,
    office: str | None,
) -> None:
    """Assert a circumstance, as an office that may: with its source, for a time.

    \b
    Example: sayso fact assert talks_under_way true --source "cable 25-1187" --key europe
    """
    given = _value(name, value)

    def word(moment: Moment) -> Assertion:
        holds = span_of(since or moment.at, until)
        speaks = drafts.speaks(moment, office)
        return Assertion(speaks, name, given, source, holds, Confidence(confidence), quotation)

    act(rim, signer, word)


@fact.command("retract")
@click.argument("entry", type=click.IntRange(0))
@click.option("--reason", "reasons", required=True, help="Why.")
@_OFFICE
@acting
def retract(rim: Rim, signer: Signer, entry: int, reasons: str, office: str | None) -> None:
    """Take an assertion back; it stays on the record and counts no more.

    \b
    Example: sayso fact retract 41 --reason "the cable was misread" --key europe
    """
    act(rim, signer, lambda moment: Retraction(drafts.speaks(moment, office), entry, reasons))


@fact.command("settle")
@click.argument("name")
@click.argument("value", metavar="JSON")
@click.option("--reason", "reasons", required=True, help="Why.")
@_SINCE
@_UNTIL
@_OFFICE
@acting
def settle(
    rim: Rim,
    signer: Signer,
    name: str,
    value: str,
    reasons: str,
    since: Instant | None,
    until: Instant | None,
    office: str | None,
) -> None:
    """Settle a circumstance that offices see differently, as an office above them.

    It cites every assertion that counts; what is asserted later is weighed beside it anew.

    \b
    Example: sayso fact settle talks_under_way false --reason "the cable is newer" --key owner
    """
    given = _value(name, value)

    def word(moment: Moment) -> Settlement:
        said = circumstances.counting(moment.state, name, moment.at)
        cites = tuple(on.stamp.index for on in said)
        holds = span_of(since or moment.at, until)
        return Settlement(drafts.speaks(moment, office), name, given, reasons, holds, cites)

    act(rim, signer, word)


@fact.command("list")
@moments
@command
def list_facts(rim: Rim, when: Moments) -> None:
    """List the circumstances: what is asserted of each, by whom, and what counts.

    \b
    Example: sayso fact list
    """
    stood = when.stood(rim)
    state, at = stood.seen(OFFICE), stood.at
    known = circumstances.standing(state, at)
    rows = rim.worded(
        [(name, *row) for name in sorted(state.words) for row in _rows(state, name, at, known)]
    )
    keys = ("fact", "counts", "said", "by", "entry", "source")
    heads = ("Circumstance", "Counts", "Said", "By", "Entry", "Source")
    value = [dict(zip(keys, row, strict=True)) for row in rows]
    rim.show_sealed(value, f"{when.words(at)}:\n{phrases.table(rows, heads)}")


def _rows(state: State, name: str, at: Instant, known: Circumstances) -> list[tuple[str, ...]]:
    said = circumstances.counting(state, name, at)
    if not said:
        return [("unknown", "", "", "", "")]
    stands = wire.dump(known.facts[name]).decode() if name in known.facts else "unknown"
    return [(stands, *_said(on)) for on in said]


def _said(on: On[Claim]) -> tuple[str, str, str, str]:
    source = on.said.source if isinstance(on.said, Assertion) else f"settled: {on.said.reasons}"
    return wire.dump(on.said.value).decode(), on.said.office, str(on.stamp.index), source


def _value(name: str, text: str) -> Value:
    try:
        return wire.load(text.encode("utf-8", "surrogateescape"))
    except MalformedValue as error:
        raise MalformedValue(
            f"the value of `{name}`: {error.what}", hint='write JSON: true, 40, "north"'
        ) from None
