"""`sayso compartment`, `read` and `release`: who may know what, and what goes out on purpose."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from sayso import wire
from sayso.casework import knowing
from sayso.casework.events import (
    Clearance,
    Compartment,
    Debriefing,
    Marking,
    Reading,
    Release,
)
from sayso.casework.state import State
from sayso.cli import phrases, words
from sayso.cli.acting import Signer, act, acting, acting_anywhere, person_of
from sayso.cli.asking import READER
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import INSTANT, Rim, command, span_of, write_new
from sayso.dates import Instant
from sayso.errors import SaysoError
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries import dossier, papers
from sayso.queries.disclosure import OFFICE, Circle, Reader, as_whom, uncleared, view
from sayso.queries.moment import Stood

F = TypeVar("F", bound=Callable[..., object])

_OFFICE = click.option("--office", help="Which of your offices speaks, if you hold several.")


@click.group()
def compartment() -> None:
    """Compartments: what is shown only to those who are cleared."""


@compartment.command("open")
@click.argument("name")
@click.option("--title", required=True, help="What it is called.")
@_OFFICE
@acting
def open_(rim: Rim, signer: Signer, name: str, title: str, office: str | None) -> None:
    """Open a compartment; your office answers for it, and says who is cleared.

    \b
    Example: sayso compartment open longshot --title "Long-range fires" --key owner
    """
    act(rim, signer, lambda moment: Compartment(drafts.speaks(moment, office), name, title))


@compartment.command("clear")
@click.argument("name")
@click.argument("person")
@click.option("--since", type=INSTANT, help="From when; now if not given.")
@click.option("--until", type=INSTANT, help="Until when, if it ends.")
@_OFFICE
@acting
def clear(
    rim: Rim,
    signer: Signer,
    name: str,
    person: str,
    since: Instant | None,
    until: Instant | None,
    office: str | None,
) -> None:
    """Clear a person for a compartment.

    \b
    Example: sayso compartment clear longshot secretary-of-defense --key owner
    """

    def word(moment: Moment) -> Clearance:
        term = span_of(since or moment.at, until)
        return Clearance(drafts.speaks(moment, office), name, person, term)

    act(rim, signer, word)


@compartment.command("debrief")
@click.argument("name")
@click.argument("person")
@click.option("--at", type=INSTANT, help="When the clearance ends; now if not given.")
@_OFFICE
@acting
def debrief(
    rim: Rim, signer: Signer, name: str, person: str, at: Instant | None, office: str | None
) -> None:
    """End a person's clearance.

    \b
    Example: sayso compartment debrief longshot europe-desk --key owner
    """

    def word(moment: Moment) -> Debriefing:
        return Debriefing(drafts.speaks(moment, office), name, person, at or moment.at)

    act(rim, signer, word)


@compartment.command("mark")
@click.argument("name")
@click.option("--case", help="Keep this case in it.")
@click.option("--policy", help="Keep this policy in it.")
@click.option("--entry", type=click.IntRange(0), help="Keep what this entry says in it.")
@_OFFICE
@acting
def mark(
    rim: Rim,
    signer: Signer,
    name: str,
    case: str | None,
    policy: str | None,
    entry: int | None,
    office: str | None,
) -> None:
    """Keep a case, a policy, or what one entry says in a compartment, as one who is cleared.

    \b
    Example: sayso compartment mark longshot --case ukraine-1 --key owner
    """
    if sum(each is not None for each in (case, policy, entry)) != 1:
        raise click.UsageError("name one --case, --policy or --entry")
    act(
        rim,
        signer,
        lambda moment: Marking(drafts.speaks(moment, office), name, case, policy, entry),
    )


@compartment.command("list")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your private key: to be shown those of your house, and all you are cleared for.",
)
@moments
@command
def list_compartments(rim: Rim, when: Moments, key: Path | None) -> None:
    """List the compartments of your house, who answers for them and who is cleared.

    Without --key, those of the record keeper's; with it, also what you are cleared for elsewhere.

    \b
    Example: sayso compartment list
    """
    found, at = when.unmarked(rim)
    present = rim.state()
    state = view(found, inside(present, key, rim.now(present)), by=present)
    rows = [
        (
            name,
            each.office,
            phrases.listed(
                term.person for term in state.clearances.get(name, ()) if term.period.holds(at)
            ),
            each.title,
        )
        for name, each in sorted(state.compartments.items())
    ]
    keys = ("compartment", "office", "cleared", "title")
    table = phrases.table(rows, ("Compartment", "Answered for by", "Cleared", "Title"))
    rim.show([dict(zip(keys, row, strict=True)) for row in rows], when.headed(table, at))


@click.command()
@click.argument("case")
@click.option("--purpose", required=True, help="What you read it for; it stands on the record.")
@click.option(
    "--papers",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the papers of the case into this folder, each under its SHA-256.",
)
@acting_anywhere
def read(rim: Rim, signer: Signer, case: str, purpose: str, folder: Path | None) -> None:
    """Read a case with what is kept in compartments; that you read it is put on the record.

    \b
    Example: sayso read ukraine-1 --purpose "to decide it" --key secretary
    """
    state = rim.standing()
    reader = as_whom(state, person_of(state, signer), rim.now(state))
    seen = view(state, reader)
    seen.case(case)  # an unknown name is told with none that is kept from them
    wanted = knowing.compartments(seen, case) if reader.circle is Circle.OFFICE else ()
    if wanted:
        act(rim, signer, lambda _: Reading(case, wanted, purpose), quietly=True)
    if signer.prepare is not None:
        return  # nothing is read before it is on the record that it was
    told = dossier.told(view(rim.standing(), reader).case(case), reader)
    if folder is not None:
        _write_papers(rim, folder, case, reader)
    rim.show(told.value(), words.dossier(told))


def _write_papers(rim: Rim, folder: Path, case: str, reader: Reader) -> None:
    state = rim.state()
    folder.mkdir(parents=True, exist_ok=True)
    with rim.opened() as store:
        for digest, paper in papers.here(store, state, case, reader).items():
            write_new(folder / digest.hex(), paper)


def read_by(function: F) -> F:
    """Give a question the options by which somebody reads what is kept in compartments too."""
    for option in (
        click.option("--purpose", help="With --key: what you read it for."),
        click.option(
            "--key",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Your private key: to read also what is kept in compartments.",
        ),
    ):
        function = option(function)
    return function


KEY = click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your private key: to be shown also the cases kept in compartments you are cleared for.",
)


def inside(state: State, key: Path | None, at: Instant) -> Reader:
    """Return the reader inside whose key it is; without one, anybody in the record keeper's house.

    For lists, which say that a case is there and not what is said in it.
    """
    if key is None:
        return OFFICE
    return inside_as(state, person_of(state, Signer(key, None, None)), at)


def inside_as(state: State, person: str, at: Instant) -> Reader:
    """Return the reader inside that a person is; an error if they stand outside."""
    reader = as_whom(state, person, at)
    if reader.circle is not Circle.OFFICE:
        raise SaysoError(
            f"this is shown inside, and `{person}` has no part there",
            hint="a partner is shown what it may know with --reader partner:NAME",
        )
    return reader


def reader_by(rim: Rim, stood: Stood, case: str, key: Path | None, purpose: str | None) -> Reader:
    """Return for whom a case is shown; who is cleared reads all of it, which goes on the record.

    If there was no such case then, that is said first, and nothing goes on the record.
    """
    if key is None:
        return OFFICE
    stood.seen(inside(stood.present, key, stood.now)).case(case)
    return reader_of(rim, (case,), key, purpose)


def reader_of(rim: Rim, names: Iterable[str], key: Path, purpose: str | None) -> Reader:
    """Return for whom cases are shown: who is cleared for all of them reads each, on the record.

    Whoever is not cleared for all that they are kept in is shown what anybody in their house is,
    and nothing tells them that there is more.
    """
    state = rim.standing()
    signer = Signer(key, None, None)
    reader = inside(state, key, rim.now(state))
    kept = {name: _readable(state, name, reader) for name in names}
    if None in kept.values() or not any(kept.values()):
        return uncleared(state, reader)
    if purpose is None:
        raise click.UsageError("say what you read it for")
    for name, compartments in kept.items():
        if compartments:
            act(rim, signer, partial(_reading, name, compartments, purpose), quietly=True)
    return reader


def _readable(state: State, name: str, reader: Reader) -> tuple[str, ...] | None:
    """Return in what a case is kept that `reader` may read all of; None if they may not."""
    seen = view(state, reader)
    shown = seen.cases.get(name)
    if shown is None or reader.person in shown.dossier.recused:
        return None
    kept = knowing.compartments(state, name)
    return kept if kept == knowing.compartments(seen, name) else None


def _reading(name: str, kept: tuple[str, ...], purpose: str, _: Moment) -> Reading:
    return Reading(name, kept, purpose)


@click.group()
def release() -> None:
    """What is given out on purpose, to a partner or to the public."""


@release.command("say")
@click.option("--to", required=True, metavar="PARTNER|public", help="To whom.")
@click.option("--text", required=True, help="The words that are given out.")
@click.option("--case", help="The case they are about.")
@click.option("--policy", help="The policy they are about.")
@click.option("--whole", is_flag=True, help="With --policy: its whole text is released.")
@_OFFICE
@acting
def say(
    rim: Rim,
    signer: Signer,
    to: str,
    text: str,
    case: str | None,
    policy: str | None,
    office: str | None,
    *,
    whole: bool,
) -> None:
    """Give words out about a case or a policy, as the office that answers for it.

    \b
    Example: sayso release say --to public --policy long-range-fires@2 --whole \\
      --text "A review mechanism is in force." --key owner
    """
    if (case is None) == (policy is None):
        raise click.UsageError("name the --case or the --policy it is about")

    def word(moment: Moment) -> Release:
        speaks = drafts.speaks(moment, office)
        return Release(speaks, to, text, case, policy, whole or None)

    act(rim, signer, word)


@release.command("list")
@moments
@READER
@command
def list_releases(rim: Rim, reader_name: str, when: Moments) -> None:
    """List what was given out, as far as the reader may know; or knew at a moment.

    \b
    Example: sayso release list --reader public --known-at 2025-08-01T00:00:00Z
    """
    stood = when.stood(rim)
    made = [on for on in stood.seen(Reader.parse(reader_name)).releases if on.stamp.at <= stood.at]
    value = [{"at": str(on.stamp.at), **wire.encode(on.said)} for on in made]  # type: ignore[dict-item]  # an event is an object
    rows = [
        (str(on.stamp.at), on.said.to, on.said.policy or str(on.said.case), on.said.text)
        for on in made
    ]
    table = phrases.table(rows, ("Released", "To", "About", "Words"))
    rim.show(value, when.headed(table, stood.at))
