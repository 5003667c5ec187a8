"""`sayso authority`, `delegate`, `delegation`, `recuse`: who may act, and by what right."""

from pathlib import Path

import click

from sayso.casework import delegations
from sayso.casework.authority import Warrant
from sayso.casework.events import Delegation, DelegationRevocation, Power, Recusal, Scope
from sayso.cli import phrases
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.beside import delegation as sentence
from sayso.cli.knowing import KEY, inside
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import INSTANT, Rim, command, span_of
from sayso.dates import Instant
from sayso.operations.drafts import Moment
from sayso.queries import mandates, wanted
from sayso.queries.mandates import Mandate
from sayso.queries.wanted import Wanted


@click.group()
def authority() -> None:
    """Who may act, and by which chain of instruments."""


@authority.command("who")
@click.argument("case")
@KEY
@moments
@command
def who(rim: Rim, case: str, key: Path | None, when: Moments) -> None:
    """Who can do the next thing in this case, and by what right.

    Who may advise, consolidate or decide it; countersign the decision, or ratify what was decided
    in an emergency; who may decide at once, if the route lets an office; and who may answer about a
    condition that the partner asks to have reconsidered.

    \b
    Example: sayso authority who ukraine-1 --at 2025-07-01T00:00:00Z
    """
    stood = when.stood(rim)
    found = wanted.who(stood.seen(inside(stood.present, key, stood.now)), case, stood.at)
    lines = [f"{when.words(stood.at)}, {case}:"] + [line for each in found for line in _lines(each)]
    if not found:
        lines.append("  nobody: it waits for no office")
    rim.show([each.value() for each in found], "\n".join(lines))


def _lines(found: Wanted) -> list[str]:
    able = [f"  {found.does} for {found.office}: {_right(each)}" for each in found.able]
    if not able:
        why = "; ".join(each.words for each in found.unable) or "the office is vacant"
        return [f"  {found.does} for {found.office}: nobody: {why}"]
    return able + [f"    not {each.words}" for each in found.unable]


def _right(warrant: Warrant) -> str:
    if warrant.chain:
        return f"{warrant.person}, by {' → '.join(warrant.chain)}"
    return f"{warrant.person}, appointed by entry {warrant.appointed}"


@authority.command("chain")
@click.argument("name", metavar="PERSON|OFFICE")
@click.option("--case", help="Whether each reaches this case.")
@KEY
@moments
@command
def chain(
    rim: Rim,
    name: str,
    case: str | None,
    key: Path | None,
    when: Moments,
) -> None:
    """By which appointments and delegations a person acts, or anybody acts for an office.

    \b
    Example: sayso authority chain under-secretary-policy
    """
    stood = when.stood(rim)
    seen = stood.seen(inside(stood.present, key, stood.now))
    dossier = None if case is None else seen.case(case).dossier
    found = mandates.mandates(seen, name, stood.at, dossier=dossier)
    rows = [_row(each) for each in found]
    heads = ("Mandate", "For", "Powers", "By", "Until", "Grants nothing since")
    table = phrases.table(rows, heads)
    rim.show([each.value() for each in found], when.headed(table, stood.at))


def _row(each: Mandate) -> tuple[str, ...]:
    by = " → ".join(each.chain) or f"entry {each.entry}{' (acting)' if each.acting else ''}"
    powers = phrases.listed(power.value for power in each.powers) if each.chain else "all"
    until = "" if each.term.end is None else str(each.term.end)
    return each.person, each.office, powers, by, until, each.why_not or ""


@click.command()
@click.argument("name")
@click.option("--office", required=True, help="The office whose powers they are.")
@click.option("--to", "person", metavar="PERSON", help="Who shall have them,")
@click.option("--to-office", metavar="OFFICE", help="or whoever holds this office.")
@click.option(
    "--power",
    "powers",
    type=click.Choice([each.value for each in Power]),
    multiple=True,
    required=True,
    help="Which; repeatable.",
)
@click.option("--instrument", required=True, help="The paper that grants them.")
@click.option("--since", type=INSTANT, help="From when; from now if not given.")
@click.option("--until", type=INSTANT, required=True, help="Until when.")
@click.option("--partner", "partners", multiple=True, help="Only for this partner; repeatable.")
@click.option("--article", "articles", multiple=True, help="Only for this article; repeatable.")
@click.option(
    "--territory",
    "territories",
    multiple=True,
    help="Only for places that touch no other territory; repeatable.",
)
@click.option("--purpose", "purposes", multiple=True, help="Only for this purpose; repeatable.")
@click.option("--most-uses", type=click.IntRange(1), help="The most that one grant may allow.")
@click.option("--onward", is_flag=True, help="They may be granted on, never further.")
@click.option("--under", metavar="DELEGATION", help="The delegation by which you have them.")
@acting
def delegate(
    rim: Rim,
    signer: Signer,
    name: str,
    office: str,
    person: str | None,
    to_office: str | None,
    powers: tuple[str, ...],
    instrument: str,
    since: Instant | None,
    until: Instant,
    partners: tuple[str, ...],
    articles: tuple[str, ...],
    territories: tuple[str, ...],
    purposes: tuple[str, ...],
    most_uses: int | None,
    under: str | None,
    *,
    onward: bool,
) -> None:
    """Grant powers of an office you hold to another, who then acts in its name.

    A power that a route reserves to the office is not granted by any delegation.

    \b
    Example: sayso delegate memo-7 --office under-secretary-policy --to deputy \\
      --power consolidate --until 2026-01-01T00:00:00Z --instrument "Memo 7" --key owner
    """
    if (person is None) == (to_office is None):
        raise click.UsageError("say to whom: --to PERSON, or --to-office OFFICE")

    def word(moment: Moment) -> Delegation:
        return Delegation(
            delegation=name,
            office=office,
            powers=tuple(map(Power, dict.fromkeys(powers))),
            term=span_of(since or moment.at, until),
            instrument=instrument,
            person=person,
            to_office=to_office,
            scope=Scope(partners, articles, territories, purposes),
            most_uses=most_uses,
            onward=onward or None,
            under=under,
        )

    act(rim, signer, word)


@click.group()
def delegation() -> None:
    """Delegations on the record."""


@delegation.command("revoke")
@click.argument("name")
@click.option("--reason", required=True, help="Why.")
@acting_anywhere
def revoke_delegation(rim: Rim, signer: Signer, name: str, reason: str) -> None:
    """End a delegation, as its grantor or from above, and whatever was granted on under it.

    \b
    Example: sayso delegation revoke memo-7 --reason "back from leave" --key owner
    """
    act(rim, signer, lambda _: DelegationRevocation(name, reason))


@delegation.command("list")
@KEY
@moments
@command
def list_delegations(rim: Rim, key: Path | None, when: Moments) -> None:
    """List the delegations, and which of them grant nothing any more.

    \b
    Example: sayso delegation list
    """
    stood = when.stood(rim)
    seen = stood.seen(inside(stood.present, key, stood.now))
    links = [link for _, link in sorted(seen.delegations.items())]
    over = [delegations.ended(seen, link, stood.at) for link in links]
    rows = [
        (link.said.delegation, sentence(link.said), why or "in force")
        for link, why in zip(links, over, strict=True)
    ]
    value = [
        {"delegation": name, "says": says, "entry": link.stamp.index, "in_force": why is None}
        for (name, says, _), link, why in zip(rows, links, over, strict=True)
    ]
    lines = [f"{says}: {stands}" for _, says, stands in rows]
    rim.show(value, when.headed("\n".join(lines) or "No delegations to show.", stood.at))


@click.command()
@click.argument("case")
@click.option("--person", help="Who is out of it; yourself if not given.")
@click.option("--office", help="The higher office that demands it of another.")
@click.option("--reason", required=True, help="Why.")
@acting_anywhere
def recuse(
    rim: Rim, signer: Signer, case: str, person: str | None, office: str | None, reason: str
) -> None:
    """Take yourself out of a case for good; or another, from above.

    \b
    Example: sayso recuse ukraine-1 --reason "a brother serves there" --key europe
    """
    act(rim, signer, lambda moment: Recusal(case, person or moment.by, reason, office))
