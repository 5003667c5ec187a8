"""`sayso policy rehearse` and `sql`: what a policy would have said of every past request."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from sayso import app, tables
from sayso.cli import phrases
from sayso.cli.policy import VOCABULARY, read_policy, schema
from sayso.cli.rim import INSTANT, REFUSED, Rim, command
from sayso.dates import Instant
from sayso.policy.policy import Policy
from sayso.policy.schema import Schema
from sayso.policy.verdicts import Outcome
from sayso.queries.disclosure import OFFICE, view

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("rehearse")
@click.argument("new", type=_FILE, nargs=-1, required=True)
@click.option("--against", type=_FILE, multiple=True, required=True, help="Old policies.")
@click.option("--requests", type=_FILE, help="Past requests: .parquet, .csv or .jsonl.")
@click.option("--history", is_flag=True, help="The requests on the record instead.")
@click.option("--at", type=INSTANT, help="As of when; when the new policy comes into force.")
@click.option("--check-sql", is_flag=True, help="Judge all again in SQL; both must agree.")
@VOCABULARY
@command
def rehearse(
    rim: Rim,
    new: tuple[Path, ...],
    against: tuple[Path, ...],
    requests: Path | None,
    at: Instant | None,
    vocabularies: tuple[Path, ...],
    *,
    history: bool,
    check_sql: bool,
) -> None:
    """Say what NEW would have said of past requests, beside what the old policies say.

    Every request is judged twice, as if both had been in force: how many change, which, and what it
    means for each office's load.

    \b
    Example: sayso policy rehearse long-range-fires-2.yaml \\
      --against long-range-fires-1.yaml --requests past.parquet
    """
    if (requests is None) != history:
        raise click.UsageError("say which requests: --requests FILE or --history")
    known = schema(rim, vocabularies)
    after, before = _read(new, known), _read(against, known)
    when = at or max(policy.in_force.start for policy in after)
    state = rim.state() if history or app.exists(rim.store) else None
    ranks = {} if state is None else state.ranks()

    def rows() -> Iterable[Any]:
        if requests is None:
            return tables.history(view(rim.state(), OFFICE))
        return tables.read(requests, tables.mentioned((*after, *before)), schema=known)

    found = tables.rehearse(after, before, rows(), at=when, ranks=ranks)
    value = found.value()
    lines = [
        f"{found.rows} requests, judged as of {when}:",
        _matrix(found.matrix),
        _load(found.load()),
    ]
    if check_sql:
        counted = _by_outcome(found.matrix)
        agrees = counted == tables.by_sql(after, rows(), at=when, ranks=ranks, schema=known)
        value["sql_agrees"] = agrees
        lines.append(f"SQL on DuckDB {'agrees' if agrees else 'DISAGREES'}.")
    rim.show(value, "\n\n".join(lines))
    if value.get("sql_agrees") is False:
        click.get_current_context().exit(REFUSED)


def _read(files: Iterable[Path], known: Schema) -> tuple[Policy, ...]:
    return tuple(read_policy(file, known) for file in files)


_Matrix = Mapping[tuple[Outcome, Outcome], int]


def _by_outcome(matrix: _Matrix) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (_, after), count in matrix.items():
        counts[after.value] += count
    return counts


def _matrix(matrix: _Matrix) -> str:
    rows = [
        (before.value, after.value, str(count), "" if before is after else "changes")
        for (before, after), count in sorted(matrix.items(), key=lambda item: -item[1])
    ]
    return phrases.table(rows, ("Before", "After", "Requests", ""))


def _load(load: Mapping[str, Mapping[str, list[int]]]) -> str:
    rows = [
        (office, "{} → {}".format(*of["decides"]), "{} → {}".format(*of["advises"]))
        for office, of in load.items()
    ]
    return phrases.table(rows, ("Office", "Decides", "Advises"))


@click.command("sql")
@click.argument("files", metavar="POLICY...", type=_FILE, nargs=-1, required=True)
@click.option(
    "--dialect",
    type=click.Choice(["duckdb", "postgres", "spark"]),
    default="duckdb",
    show_default=True,
    help="For which database.",
)
@click.option("--at", type=INSTANT, required=True, help="As of when.")
@VOCABULARY
@command
def sql(
    rim: Rim, files: tuple[Path, ...], dialect: str, at: Instant, vocabularies: tuple[Path, ...]
) -> None:
    """Print policies as one SQL statement over a table `requests`, to be judged by others.

    \b
    Example: sayso policy sql long-range-fires-2.yaml --at 2025-07-01T00:00:00Z
    """
    ranks = rim.state().ranks() if app.exists(rim.store) else {}
    known = schema(rim, vocabularies)
    text = tables.sql(_read(files, known), at=at, ranks=ranks, dialect=dialect)
    rim.show({"dialect": dialect, "sql": text}, text)
