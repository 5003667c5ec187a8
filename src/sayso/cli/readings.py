"""`sayso policy verdict`: what policies say of facts, with no store and nothing recorded."""

from pathlib import Path

import click

from sayso import app, wire
from sayso.cli.policy import read_policy
from sayso.cli.rim import INSTANT, Rim, command, contents
from sayso.dates import Instant
from sayso.errors import MalformedValue
from sayso.policy import decide, explain
from sayso.policy.facts import Facts
from sayso.policy.schema import BUILT_IN

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _facts(file: Path) -> wire.Value:
    try:
        return wire.load(contents(file))
    except MalformedValue as error:
        raise MalformedValue(f"`{file}`: {error.what}", hint=error.hint) from None


@click.command("verdict")
@click.argument("files", metavar="POLICY...", type=_FILE, nargs=-1, required=True)
@click.option("--facts", "facts_file", type=_FILE, required=True, help="The facts, as JSON.")
@click.option("--at", type=INSTANT, required=True, help="As of when.")
@command
def verdict(rim: Rim, files: tuple[Path, ...], facts_file: Path, at: Instant) -> None:
    """Say what policies say of the facts of one use, and why, clause by clause.

    Needs no store; if there is one, the ranks of its offices are used where two would decide.

    \b
    Example: sayso policy verdict long-range-fires-2.yaml --facts use.json \\
      --at 2025-07-01T00:00:00Z
    """
    policies = [read_policy(file) for file in files]
    facts = Facts.read(_facts(facts_file), BUILT_IN)
    ranks = rim.state().ranks() if app.exists(rim.store) else {}
    found = decide.verdict(policies, facts, at=at, ranks=ranks)
    reasons = explain.explain(policies, facts, at=at)
    rim.show(found.printed(), explain.words(found, reasons))
