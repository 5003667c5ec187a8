"""`sayso stock`: what was delivered, and what became of it."""

import click

from sayso.casework.events import Delivery, EndUseCheck, Inventory, Loss
from sayso.cli import phrases
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.asking import READER
from sayso.cli.duties import OFFICE
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import INSTANT, Rim, command
from sayso.dates import Instant
from sayso.operations import drafts
from sayso.operations.drafts import Moment
from sayso.queries import stock as accounts
from sayso.queries.disclosure import Reader

_AGREEMENT = click.option("--agreement", required=True, help="Under which agreement.")
_ARTICLE = click.option("--article", required=True, help="Of which article.")
_COUNT = click.option(
    "--count", type=click.IntRange(0), help="How many; as many as there are serials if not given."
)
_SERIAL = click.option("--serial", "serials", multiple=True, help="A serial number; repeatable.")


@click.group()
def stock() -> None:
    """What was delivered, and what became of it."""


def _number(count: int | None, serials: tuple[str, ...]) -> int:
    if count is None and not serials:
        raise click.UsageError("say how many: --count, or a --serial for each")
    return len(serials) if count is None else count


@stock.command("deliver")
@_AGREEMENT
@_ARTICLE
@click.option("--tranche", required=True, help="The tranche's name.")
@_COUNT
@_SERIAL
@acting
def deliver(
    rim: Rim,
    signer: Signer,
    agreement: str,
    article: str,
    tranche: str,
    count: int | None,
    serials: tuple[str, ...],
) -> None:
    """Record that a tranche was handed over, as the registrar.

    \b
    Example: sayso stock deliver --agreement aid --article atacms --tranche first \\
      --serial M57-0001 --serial M57-0002 --key registrar
    """
    number = _number(count, serials)
    act(rim, signer, lambda _: Delivery(agreement, article, tranche, number, serials))


@stock.command("count")
@_AGREEMENT
@_ARTICLE
@_COUNT
@_SERIAL
@acting_anywhere
def count_held(
    rim: Rim,
    signer: Signer,
    agreement: str,
    article: str,
    count: int | None,
    serials: tuple[str, ...],
) -> None:
    """State what is held now, all of it, as the partner's liaison.

    \b
    Example: sayso stock count --agreement aid --article atacms --serial M57-0002 --key liaison
    """
    number = _number(count, serials)

    def word(moment: Moment) -> Inventory:
        moment.state.agreement(agreement)
        return Inventory(agreement, article, number, serials)

    act(rim, signer, word)


@stock.command("lose")
@_AGREEMENT
@_ARTICLE
@click.option("--when", "lost_at", type=INSTANT, required=True, help="When.")
@click.option("--account", required=True, help="How it came about.")
@_COUNT
@_SERIAL
@acting_anywhere
def lose(
    rim: Rim,
    signer: Signer,
    agreement: str,
    article: str,
    lost_at: Instant,
    account: str,
    count: int | None,
    serials: tuple[str, ...],
) -> None:
    """Tell that some were lost or destroyed, as the partner's liaison.

    \b
    Example: sayso stock lose --agreement aid --article atacms --serial M57-0002 \\
      --when 2025-07-16T10:00:00Z --account "the depot burned" --key liaison
    """
    number = _number(count, serials)

    def word(moment: Moment) -> Loss:
        moment.state.agreement(agreement)
        return Loss(agreement, article, number, lost_at, account, serials)

    act(rim, signer, word)


@stock.command("check")
@_AGREEMENT
@_ARTICLE
@click.option("--sound/--unsound", required=True, help="Whether all is as it was told.")
@click.option("--findings", required=True, help="What was seen.")
@_SERIAL
@OFFICE
@acting
def check_use(
    rim: Rim,
    signer: Signer,
    agreement: str,
    article: str,
    findings: str,
    serials: tuple[str, ...],
    office: str | None,
    *,
    sound: bool,
) -> None:
    """Record an end-use check, as the office that made it.

    \b
    Example: sayso stock check --agreement aid --article atacms --sound \\
      --findings "all nine seen at the depot" --key joint-staff
    """

    def word(moment: Moment) -> EndUseCheck:
        speaking = drafts.speaks(moment, office)
        return EndUseCheck(agreement, article, speaking, sound, findings, serials)

    act(rim, signer, word)


@stock.command("show")
@_AGREEMENT
@READER
@moments
@command
def show(rim: Rim, agreement: str, reader_name: str, when: Moments) -> None:
    """Show what was delivered, authorised, used, lost and held, and what does not add up.

    \b
    Example: sayso stock show --agreement aid
    """
    stood = when.stood(rim)
    found = accounts.accounts(stood.seen(Reader.parse(reader_name)), agreement)
    heads = ("Article", "Delivered", "Used", "Lost", "Expected", "Held", "Authorised")
    rows = [
        (
            each.article,
            *map(str, (each.delivered, each.used, each.lost, each.expected)),
            "not counted" if each.held is None else str(each.held),
            str(each.authorised),
        )
        for each in found
    ]
    lines = [f"  {each.article}: {words}" for each in found for words in each.differs]
    said = "\n".join((phrases.table(rows, heads), *lines))
    rim.show([each.value() for each in found], when.headed(said, stood.at))
