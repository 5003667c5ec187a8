"""`sayso policy verdict`, `prove` and `diff`: readings of policies, with nothing recorded.

They need no store. If there is one, the ranks of its offices are used where two would decide.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from sayso import app, wire
from sayso.cli.policy import VOCABULARY, read_policy, schema
from sayso.cli.rim import INSTANT, REFUSED, Rim, command, told
from sayso.dates import Instant
from sayso.errors import MalformedValue, Unknown
from sayso.policy import decide, explain, prove
from sayso.policy import diff as differ
from sayso.policy.facts import Facts
from sayso.policy.family import as_example
from sayso.policy.nearest import nearest
from sayso.policy.policy import Policy
from sayso.policy.prove import Proof, Report
from sayso.policy.schema import Schema
from sayso.policy.verdicts import Outcome, Verdict

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILES = click.argument("files", metavar="POLICY...", type=_FILE, nargs=-1, required=True)
_SECONDS = click.option(
    "--seconds",
    type=click.FloatRange(min=0.001),
    default=10.0,
    show_default=True,
    help="How long each question may take; what took longer is not proven.",
)


def _facts(file: Path) -> wire.Value:
    try:
        return wire.load(told(file))
    except MalformedValue as error:
        raise MalformedValue(f"`{file}`: {error.what}", hint=error.hint) from None


@click.command("verdict")
@_FILES
@click.option("--facts", "facts_file", type=_FILE, required=True, help="The facts, as JSON.")
@click.option("--at", type=INSTANT, required=True, help="As of when.")
@click.option("--nearest", "also_nearest", is_flag=True, help="Say which change would alter it.")
@VOCABULARY
@command
def verdict(
    rim: Rim,
    files: tuple[Path, ...],
    facts_file: Path,
    at: Instant,
    vocabularies: tuple[Path, ...],
    *,
    also_nearest: bool,
) -> None:
    """Say what policies say of the facts of one use, and why, clause by clause.

    \b
    Example: sayso policy verdict long-range-fires-2.yaml --facts use.json \\
      --at 2025-07-01T00:00:00Z
    """
    known = schema(rim, vocabularies)
    policies = [read_policy(file, known) for file in files]
    facts = Facts.read(_facts(facts_file), known)
    ranks = _ranks(rim)
    found = decide.verdict(policies, facts, at=at, ranks=ranks)
    value = found.printed()
    lines = [explain.words(found, explain.explain(policies, facts, at=at))]
    if also_nearest:
        changes = nearest(policies, facts, at=at, ranks=ranks)
        value["nearest"] = [each.value(known) for each in changes]
        lines += [each.words for each in changes]
    rim.show(value, "\n".join(lines))


@click.command("prove")
@_FILES
@click.option(
    "--as-example", "examples", is_flag=True, help="Print each counterexample as an example."
)
@click.option("--smt-lib", "smt_lib", metavar="ID", help="Print one property as SMT-LIB instead.")
@_SECONDS
@VOCABULARY
@command
def proofs(
    rim: Rim,
    files: tuple[Path, ...],
    smt_lib: str | None,
    seconds: float,
    vocabularies: tuple[Path, ...],
    *,
    examples: bool,
) -> None:
    """Prove the policies' properties for every possible request, or show one that breaks them.

    Says too whether deciders can conflict, which requests no clause covers, and which clauses never
    matter. Status 0 only if every property is proven and no deciders conflict; what could not be
    found out in time is not proven.

    \b
    Example: sayso policy prove long-range-fires-2.yaml
    """
    known = schema(rim, vocabularies)
    policies = [read_policy(file, known) for file in files]
    ranks = _ranks(rim)
    if smt_lib is not None:
        owner = [each for each in policies if smt_lib in {asked.id for asked in each.always}]
        if not owner:
            names = [asked.id for each in policies for asked in each.always]
            raise Unknown.named("property", smt_lib, names)
        text = prove.smtlib(owner[0], smt_lib, ranks=ranks)
        rim.show({"smt_lib": text}, text)
        return
    report = prove.prove(policies, ranks=ranks, seconds=seconds)
    told = _told(report)
    if examples:
        told += "\n" + _examples(report, policies, known)
    rim.show(report.value(), told)
    if not report.holds:
        click.get_current_context().exit(REFUSED)


def _told(report: Report) -> str:
    lines = [_proof(each) for each in (*report.properties, report.deciders)]
    if report.uncovered is not None:
        lines.append(f"No clause covers, and so prohibited: {report.uncovered.words}")
    lines += [f"Can never be true: {each}" for each in report.unreachable]
    lines += [f"Changes no verdict: {each}" for each in report.without_effect]
    return "\n".join(lines)


def _proof(each: Proof) -> str:
    found = {True: "holds", False: "FAILS", None: "not proven"}[each.holds]
    return f"{each.id} {found}: {each.words}"


def _examples(report: Report, policies: Iterable[Policy], known: Schema) -> str:
    """Return each counterexample as an example of what is expected of it now."""
    routes = {
        f"{policy.name}/{clause.id}": clause.route
        for policy in policies
        for clause in policy.clauses
    }
    return "".join(
        as_example(each.family, _expected(each.verdict, routes), known)
        for each in report.properties
        if each.family is not None and each.verdict is not None
    )


def _expected(judged: Verdict, routes: Mapping[str, str | None]) -> str:
    match judged.outcome:
        case Outcome.PERMITTED:
            return "permit: true"
        case Outcome.PROHIBITED:
            return "prohibit: true"
        case Outcome.REFERRED:
            clause = (*judged.because, *judged.possible)[0]
            return f"refer: {routes[clause]}, decider: {judged.decider}"


@click.command("diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@_SECONDS
@VOCABULARY
@command
def diff(
    rim: Rim, before: Path, after: Path, seconds: float, vocabularies: tuple[Path, ...]
) -> None:
    """Say how one policy differs from another: for which requests, and how.

    Equivalent, stricter, looser or incomparable; their dates are left out of account. Status 0 if
    that could be found out.

    \b
    Example: sayso policy diff long-range-fires-1.yaml long-range-fires-2.yaml
    """
    known = schema(rim, vocabularies)
    one, other = read_policy(before, known), read_policy(after, known)
    found = differ.diff(one, other, ranks=_ranks(rim), seconds=seconds)
    rim.show(found.value(), found.words)
    if found.relation is None:
        click.get_current_context().exit(REFUSED)


def _ranks(rim: Rim) -> dict[str, int]:
    return rim.state().ranks() if app.exists(rim.store) else {}
