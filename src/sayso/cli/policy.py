"""`sayso policy`: check, adopt, impact, show."""

from collections.abc import Iterable
from pathlib import Path

import click

from sayso import app, wire
from sayso.casework.events import Adoption, Judgement, Rescission
from sayso.casework.facts import lookup
from sayso.casework.inforce import in_force
from sayso.casework.state import State
from sayso.cli import phrases, sentences
from sayso.cli.acting import Signer, act, acting, person_of
from sayso.cli.asking import READER
from sayso.cli.knowing import KEY, inside_as
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import REFUSED, Rim, command, told
from sayso.dates import Instant
from sayso.errors import MalformedPolicy, Unknown
from sayso.operations import drafts
from sayso.policy import document, examples
from sayso.policy.examples import Result
from sayso.policy.outline import decoded
from sayso.policy.policy import Policy
from sayso.policy.schema import BUILT_IN, Schema
from sayso.queries import impact as impacts
from sayso.queries.disclosure import OFFICE, Reader
from sayso.wire import Value

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


VOCABULARY = click.option(
    "--vocabulary",
    "vocabularies",
    type=_FILE,
    multiple=True,
    help="Facts beside the built-in ones and the record's, as YAML; repeatable.",
)


@click.group()
def policy() -> None:
    """Policies: the binding texts."""


@policy.command("check")
@click.argument("file", type=_FILE)
@VOCABULARY
@command
def check(rim: Rim, file: Path, vocabularies: tuple[Path, ...]) -> None:
    """Check a policy: is it well-formed and typed, and do its examples hold?

    Its examples name articles and places, so they are run against the record in --store if there is
    one.

    \b
    Example: sayso policy check long-range-fires-2.yaml
    """
    read = read_policy(file, schema(rim, vocabularies))
    state = rim.state() if app.exists(rim.store) else None
    results = _examples(read, state) if state is not None else ()
    failed = [each for each in results if not each.passed]
    value: Value = {
        "policy": read.name,
        "digest": read.digest,
        "clauses": len(read.clauses),
        "examples": len(read.examples),
        "examples_run": len(results),
        "failed": [each.words for each in failed],
        "ok": not failed,
    }
    said = f"{read.name}: {len(read.clauses)} clauses, digest {read.digest}"
    ran = f"{len(results)} of {len(read.examples)} examples were run, {len(failed)} failed"
    rim.show(value, "\n".join([said, ran, *(f"  {each.words}" for each in failed)]))
    if failed:
        click.get_current_context().exit(REFUSED)


def _examples(read: Policy, state: State) -> tuple[Result, ...]:
    return examples.run(read, lookup(state, app.atlas()), schema=state.schema)


@policy.command("adopt")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Only list what it would change.")
@acting
def adopt(rim: Rim, signer: Signer, file: Path, *, dry_run: bool) -> None:
    """Adopt a policy, as its issuer; says which cases change standing, and how.

    With --dry-run, or by `sayso policy impact`, it is said before and nothing is done.

    \b
    Example: sayso policy adopt long-range-fires-2.yaml --key owner
    """
    text = read_policy(file, schema(rim)).text
    if dry_run:
        _list_impact(rim, text, _reader(rim, signer))
    else:
        act(rim, signer, lambda _: Adoption(text))


@policy.command("rescind")
@click.argument("name")
@click.option("--reason", "reasons", required=True, help="Why.")
@click.option("--office", help="Which of your offices speaks, if you hold several.")
@acting
def rescind(rim: Rim, signer: Signer, name: str, reasons: str, office: str | None) -> None:
    """End a policy without a successor, as who could supersede it.

    `sayso policy impact --rescind NAME` lists before what that would change.

    \b
    Example: sayso policy rescind long-range-fires@2 --reason "talks have ended" --key secretary
    """
    act(rim, signer, lambda moment: Rescission(name, drafts.speaks(moment, office), reasons))


@policy.command("impact")
@click.argument("file", type=_FILE, required=False)
@click.option("--rescind", metavar="NAME", help="Ask what rescinding this policy would change.")
@KEY
@command
def impact(rim: Rim, file: Path | None, rescind: str | None, key: Path | None) -> None:
    """List every open case and live authorization whose standing a policy would change.

    \b
    Example: sayso policy impact long-range-fires-2.yaml
    """
    if file is not None and rescind is None:
        reader = _reader(rim, Signer(key, None, None))
        _list_impact(rim, read_policy(file, schema(rim)).text, reader)
    elif rescind is not None and file is None:
        state, reader = rim.standing(), _reader(rim, Signer(key, None, None))
        now = rim.now(state)
        moved = impacts.without(state, rescind, reader=reader, at=now, atlas=app.atlas())
        _show_impact(rim, impacts.shown(state, moved, reader), "Rescinding")
    else:
        raise click.UsageError("name a policy's FILE, or --rescind NAME")


def _reader(rim: Rim, signer: Signer) -> Reader:
    """Return who asks: whose key it is, and what they know; else anybody at the record keeper's."""
    if signer.key is None and signer.by is None:
        return OFFICE
    state = rim.state()
    return inside_as(state, person_of(state, signer), rim.now(state))


def _list_impact(rim: Rim, text: str, reader: Reader) -> None:
    state = rim.standing()
    moved = impacts.impact(state, text, reader=reader, at=rim.now(state), atlas=app.atlas())
    _show_impact(rim, impacts.shown(state, moved, reader), "Adopting")


def _show_impact(rim: Rim, moved: tuple[Judgement, ...], doing: str) -> None:
    lines = [f"  {sentences.event(each)}" for each in moved]
    cases = "one case" if len(moved) == 1 else f"{len(moved)} cases"
    head = f"{doing} it would change the standing of {cases}:"
    rim.show(
        {"impact": [wire.encode(each) for each in moved]},
        "\n".join([head, *lines]) if moved else f"{doing} it would change no case's standing.",
    )


@policy.command("show")
@click.argument("name", required=False)
@moments
@READER
@command
def show(rim: Rim, name: str | None, when: Moments, reader_name: str) -> None:
    """Show a policy's text, or without a name list those on the record and which bind.

    \b
    Example: sayso policy show long-range-fires@2
    """
    stood = when.stood(rim)
    state = stood.seen(Reader.parse(reader_name))
    if name is None:
        _list(rim, state, stood.at)
        return
    found = state.policies.get(name)
    if found is None:
        raise Unknown.named("policy", name, state.policies)
    rim.show({"policy": name, "text": found.policy.text}, found.policy.text)


def _list(rim: Rim, state: State, at: Instant) -> None:
    now = in_force(state, at)
    stands = {each.policy: "for what is kept" for each in now.retained}
    stands |= dict.fromkeys((each.policy for each in now.bound), "binds")
    rows = [
        (
            name,
            stands.get(name, ""),
            each.policy.issuer,
            str(each.policy.in_force),
            str(each.stamp.at),
            each.policy.title,
        )
        for name, each in sorted(state.policies.items())
    ]
    keys = ("policy", "binding", "issuer", "in_force", "adopted_at", "title")
    heads = ("Policy", f"At {at}", "Issuer", "In force", "Adopted", "Title")
    rim.show([dict(zip(keys, row, strict=True)) for row in rows], phrases.table(rows, heads))


def schema(rim: Rim, vocabularies: Iterable[Path] = ()) -> Schema:
    """Return the facts there are to speak of: the record's, if there is one, and those given."""
    known = rim.state().schema if app.exists(rim.store) else BUILT_IN
    for file in vocabularies:
        known = known.extended(decoded(told(file), source=str(file)), source=str(file))
    return known


def read_policy(file: Path, known: Schema) -> Policy:
    """Return the policy in `file`, or raise with every finding in it."""
    try:
        text = told(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedPolicy(
            f"`{file}`: byte {error.start} is not UTF-8", hint="give a policy's YAML text"
        ) from None
    return document.read(text, source=str(file), schema=known)
