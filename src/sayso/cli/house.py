"""`sayso init`, `office`, `article`, `agreement`: the house."""

from pathlib import Path

import click

from sayso import app, wire
from sayso.casework import authority
from sayso.casework.events import (
    Agreement,
    Appointment,
    Article,
    Clock,
    Opening,
    Relief,
)
from sayso.casework.facts import check_article
from sayso.casework.refusal import Refusal
from sayso.casework.registry import LOWEST_RANK
from sayso.casework.roster import Term
from sayso.casework.state import REGISTRAR
from sayso.cli import phrases, words
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.keys import KEY, URI, KeySource, unlocked
from sayso.cli.moments import Moments, moments
from sayso.cli.pins import pins
from sayso.cli.rim import INSTANT, Rim, command, span_of
from sayso.dates import Instant, Period
from sayso.errors import MalformedValue
from sayso.operations.found import Charter, found
from sayso.record.log import Log
from sayso.tokens import KeyUri
from sayso.wire import Value

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--origin", required=True, help="The record's name for ever: a URL without scheme.")
@click.option("--registrar", required=True, help="The first registrar, a person.")
@click.option("--key", type=KEY, required=True, help="The registrar's private key.")
@click.option("--viewpoint", default="us", show_default=True, help="Whose idea of the borders.")
@click.option("--rehearsal", is_flag=True, help="Let --now tell the time, and say so for ever.")
@click.option("--classical", is_flag=True, help="Give the log no key of ML-DSA-44, for ever.")
@click.option(
    "--log-token", type=URI, help="The log's Ed25519 key is this one in a token: pkcs11:…"
)
@command
def init(
    rim: Rim,
    origin: str,
    registrar: str,
    key: KeySource,
    viewpoint: str,
    log_token: KeyUri | None,
    *,
    rehearsal: bool,
    classical: bool,
) -> None:
    """Begin a record: make the store, its log key, and entry 0, signed by the registrar.

    The log signs with Ed25519 and, unless --classical, with ML-DSA-44 beside it. Prints the trust
    that whoever verifies the record must hold. A beginning that was cut short is gone on with.

    \b
    Example: sayso init --origin sayso.example/fires --registrar ann --key ann
    """
    charter = Charter(
        registrar, app.viewpoint(viewpoint), Clock.REHEARSAL if rehearsal else Clock.SYSTEM
    )
    at = app.moment(charter.clock, rim.told)
    secret = unlocked(key)
    left = app.left_key(rim.store, rim.log_key)
    log = app.new_log(origin, classical=classical, token=log_token, pins=pins(), found=left)
    registrar_key = str(secret.public)
    begun = app.founded(rim.store, log, registrar=registrar_key, at=at, log_key=rim.log_key)
    with begun as desk:
        done = found(desk, charter, secret)
        if isinstance(done, Refusal):
            rim.refuse(done)
    told = [
        words.receipt(done, done.follows),
        *([f"Its log key is the one that a beginning cut short has left: {left}"] if left else []),
        f"Whoever verifies the record must hold {rim.trust}:",
        _log_keys(log),
        f"  registrar key  {registrar_key}",
    ]
    rim.show({**done.value(), "trust": str(rim.trust)}, "\n".join(told))


def _log_keys(log: Log) -> str:
    """Return the log's keys for a person: one of ML-DSA-44 fills a screen, so only its id."""
    first, *second = log.keys
    lines = [f"  log key        {first}"]
    lines += [f"  beside it      {each.algorithm}, {each.id.hex()}" for each in second]
    return "\n".join(lines)


@click.group()
def office() -> None:
    """Offices, and who holds them."""


@office.command("open")
@click.argument("name")
@click.option("--title", required=True, help="What it is called.")
@click.option("--rank", type=click.IntRange(1), required=True, help="1 is the highest.")
@click.option("--appointed-by", help="The office that fills it; the registrar if not given.")
@click.option(
    "--seats", type=click.IntRange(1), default=1, show_default=True, help="How many may hold it."
)
@click.option("--partner", help="The partner whose office it is.")
@click.option("--supplier", help="The further supplier whose office it is: a territory, as GB.")
@click.option("--end-user", is_flag=True, help="It is the unit of that partner's of this name.")
@acting_anywhere
def open_office(
    rim: Rim,
    signer: Signer,
    name: str,
    title: str,
    rank: int,
    appointed_by: str | None,
    seats: int,
    partner: str | None,
    supplier: str | None,
    *,
    end_user: bool,
) -> None:
    """Open an office. One that appoints itself is handed over by its holder.

    An article in which a further supplier has a part needs the consent of its offices too. An end
    user undertakes, with its own key, in the requests that name it.

    \b
    Example: sayso office open secretary --title Secretary --rank 1 --appointed-by secretary
    """
    filled = appointed_by or REGISTRAR
    opening = Opening(name, title, rank, filled, seats, partner, supplier, end_user or None)
    act(rim, signer, lambda _: opening)


@office.command("appoint")
@click.argument("name")
@click.argument("person_name", metavar="PERSON")
@click.option("--since", type=INSTANT, help="From when; from now if not given.")
@click.option("--until", type=INSTANT, help="Until when; without end if not given.")
@click.option("--acting", "as_substitute", is_flag=True, help="As a substitute, until a moment.")
@acting_anywhere
def appoint(
    rim: Rim,
    signer: Signer,
    name: str,
    person_name: str,
    since: Instant | None,
    until: Instant | None,
    *,
    as_substitute: bool,
) -> None:
    """Appoint a person to an office, as the office that fills it.

    A substitute stands beside the holder, with all their powers; a holder names none.

    \b
    Example: sayso office appoint europe-desk bob --key ann
    """
    if since is not None:
        span_of(since, until)
    act(
        rim,
        signer,
        lambda moment: Appointment(
            name, person_name, Period(since or moment.at, until), as_substitute or None
        ),
    )


@office.command("relieve")
@click.argument("name")
@click.argument("person_name", metavar="PERSON")
@click.option("--at", type=INSTANT, help="When the term ends; now if not given.")
@click.option("--successor", metavar="PERSON", help="Who holds the office from then on.")
@acting_anywhere
def relieve(
    rim: Rim,
    signer: Signer,
    name: str,
    person_name: str,
    at: Instant | None,
    successor: str | None,
) -> None:
    """End a person's term in an office.

    The last holder of an office that fills itself names the successor: nobody else could.

    \b
    Example: sayso office relieve europe-desk bob --successor carol --key ann
    """
    act(rim, signer, lambda moment: Relief(name, person_name, at or moment.at, successor))


@office.command("list")
@moments
@command
def list_offices(rim: Rim, when: Moments) -> None:
    """List the offices by rank, and who holds them.

    \b
    Example: sayso office list --at 2025-06-01T00:00:00Z
    """
    stood = when.stood(rim)
    state = stood.state
    rows = [
        (
            name,
            each.rank,
            phrases.listed(map(_holder, authority.holders(state, name, stood.at))),
            each.appointed_by,
            each.partner or "",
            each.supplier or "",
            each.title,
        )
        for name, each in sorted(state.offices.items(), key=lambda item: (item[1].rank, item[0]))
    ]
    heads = ("Office", "Rank", "Held by", "Filled by", "Partner", "Supplier", "Title")
    shown = [
        (name, "lowest" if rank == LOWEST_RANK else str(rank), held or "nobody", *rest)
        for name, rank, held, *rest in rows
    ]
    keys = ("office", "rank", "held_by", "filled_by", "partner", "supplier", "title")
    rim.show(
        [dict(zip(keys, row, strict=True)) for row in rows],
        f"{when.words(stood.at)}:\n{phrases.table(shown, heads)}",
    )


def _holder(term: Term) -> str:
    return f"{term.person} (acting)" if term.acting else term.person


RELEASABLE = click.option(
    "--releasable-to",
    multiple=True,
    metavar="PARTNER|public",
    help="Who else may know of it; repeatable.",
)


@click.group()
def article() -> None:
    """Controlled articles."""


@article.command("add")
@click.argument("name")
@click.option("--title", required=True, help="What it is called.")
@click.option("--range-km", type=click.IntRange(0), help="How far it reaches.")
@click.option("--supplier", "suppliers", multiple=True, help="Whose consent it needs; repeatable.")
@click.option("--fact", "facts", multiple=True, metavar="NAME=JSON", help="Any other fact of it.")
@RELEASABLE
@acting
def add_article(
    rim: Rim,
    signer: Signer,
    name: str,
    title: str,
    range_km: int | None,
    suppliers: tuple[str, ...],
    facts: tuple[str, ...],
    releasable_to: tuple[str, ...],
) -> None:
    """Register an article with the facts that policies ask of it.

    \b
    Example: sayso article add atacms --title ATACMS --range-km 300 --supplier US --key ann
    """
    known: dict[str, Value] = dict(_fact(text) for text in facts)
    if range_km is not None:
        known["range_km"] = range_km
    if suppliers:
        known["suppliers"] = list(suppliers)
    check_article(known)
    act(rim, signer, lambda _: Article(name, title, known, releasable_to))


def _fact(text: str) -> tuple[str, Value]:
    name, equals, value = text.partition("=")
    if not equals:
        raise MalformedValue(f"`{text}` is not a fact", hint="write NAME=JSON: stock=40")
    try:
        return name, wire.load(value.encode("utf-8", "surrogateescape"))
    except MalformedValue as error:
        raise MalformedValue(
            f"the fact `{text[:80]}`: {error.what}", hint="write NAME=JSON: stock=40"
        ) from None


@article.command("list")
@moments
@command
def list_articles(rim: Rim, when: Moments) -> None:
    """List the articles and their facts.

    \b
    Example: sayso article list
    """
    stood = when.stood(rim)
    articles = [each for _, each in sorted(stood.state.articles.items())]
    rows = [(each.article, each.title, wire.dump(dict(each.facts)).decode()) for each in articles]
    table = phrases.table(rows, ("Article", "Title", "Facts"))
    rim.show([wire.encode(each) for each in articles], when.headed(table, stood.at))


@click.group()
def agreement() -> None:
    """Agreements under which articles were transferred."""


@agreement.command("add")
@click.argument("name")
@click.option("--title", required=True, help="What it is called.")
@click.option("--supplier", required=True, help="Who keeps the say: a territory, as US.")
@click.option("--partner", required=True, help="Who received the articles.")
@click.option("--article", "articles", multiple=True, required=True, help="Repeatable.")
@RELEASABLE
@acting
def add_agreement(
    rim: Rim,
    signer: Signer,
    name: str,
    title: str,
    supplier: str,
    partner: str,
    articles: tuple[str, ...],
    releasable_to: tuple[str, ...],
) -> None:
    """Register an agreement.

    \b
    Example: sayso agreement add aid-2023 --title "Aid package" \\
      --supplier US --partner ukraine --article atacms --key ann
    """
    made = Agreement(name, title, supplier, partner, articles, releasable_to)
    act(rim, signer, lambda _: made)


@agreement.command("list")
@moments
@command
def list_agreements(rim: Rim, when: Moments) -> None:
    """List the agreements.

    \b
    Example: sayso agreement list
    """
    stood = when.stood(rim)
    agreements = [each for _, each in sorted(stood.state.agreements.items())]
    rows = [
        (each.agreement, each.supplier, each.partner, phrases.listed(each.articles), each.title)
        for each in agreements
    ]
    table = phrases.table(rows, ("Agreement", "Supplier", "Partner", "Articles", "Title"))
    rim.show([wire.encode(each) for each in agreements], when.headed(table, stood.at))
