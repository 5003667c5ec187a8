"""`sayso brief`: the page that the final authority reads, on one screen."""

from collections.abc import Iterable, Iterator

import click

from sayso.cli.phrases import counted, inline, listed, span
from sayso.cli.rim import Rim, command
from sayso.queries import brief as pages
from sayso.queries.brief import Brief, Stock, Way
from sayso.queries.disclosure import OFFICE, view
from sayso.queries.owed import Owed
from sayso.queries.recall import recall

WIDTH = 98
_LABEL = 12


@click.command("brief")
@click.argument("case")
@command
def brief(rim: Rim, case: str) -> None:
    """Show the one page on a case that the final authority reads before it decides.

    \b
    Example: sayso brief ukraine-5
    """
    with rim.opened() as store:
        now = rim.now(recall(store))
    page = rim.worded(pages.brief(view(rim.standing(), OFFICE), case, at=now))
    rim.show(page.value(), "\n".join(_lines(page)))


def _lines(page: Brief) -> Iterator[str]:
    waits = f", waits for {listed(page.waits_for)}" if page.waits_for else ""
    yield f"{page.case} is {page.stage}{waits}"
    yield "─" * WIDTH
    yield from _asked(page)
    yield from _part("verdict", _verdict(page))
    yield from _part("facts", _facts(page))
    yield from _part("advice", (_advice(each) for each in page.advice))
    if page.summary is not None and page.summary.strip():
        yield from _part("in sum", [inline(page.summary)])
    yield from _part("options", (line for each in page.options for line in _way(each)))
    yield from _part("signed", (_signed(each) for each in page.signed))
    yield from _part("stock", [_stock(page.stock)])
    yield from _part("before", (_precedent(each) for each in page.precedents))
    yield from _part("owed", (_owed(each) for each in page.obligations))
    yield from _part("clock", _clock(page))


def _part(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines under a label, each cut where the screen ends; nothing if there are none."""
    for number, line in enumerate(lines):
        lead = label if number == 0 else ""
        room = WIDTH - _LABEL
        yield f"{lead:<{_LABEL}}{line if len(line) <= room else line[: room - 1] + '…'}"


def _asked(page: Brief) -> Iterator[str]:
    asked = page.asked
    around = f" within {asked.within_m} m" if asked.within_m else ""
    unit = f" by {asked.end_user}" if asked.end_user else ""
    what = f"{counted(asked.uses)} of {asked.article} at {inline(asked.place)}{around}{unit}"
    whose = f"{asked.partner}, under {asked.agreement}, filed {page.filed}"
    purpose = f"for {inline(asked.purpose)}, {span(asked.window)}"
    yield from _part("asked", [what, purpose, whose])


def _verdict(page: Brief) -> Iterator[str]:
    yield page.verdict if page.decider is None else f"{page.verdict}: {page.decider} decides"
    for each in page.clauses:
        may = "" if each.sure else " (may apply)"
        yield f"{each.clause}{may}: {inline(each.text)}"
        if each.source:
            yield f"  source: {inline(each.source)}"
    if page.missing:
        yield f"not known: {listed(page.missing)}"


def _facts(page: Brief) -> Iterator[str]:
    """Yield the facts but for those that the request says, which stand above."""
    for each in page.facts:
        if each.source == pages.REQUEST:
            continue
        mark = "  ← differs" if each.differs else ""
        yield f"{each.fact} = {inline(each.value)}  ({inline(each.source)}){mark}"


def _advice(each: pages.Said) -> str:
    return f"{each.office}: {each.outcome.value}: {inline(each.reasons)}"


def _way(each: Way) -> Iterator[str]:
    mark = "▸" if each.consolidated else " "
    yield f"{mark} {each.name:<24}{inline(each.text)}"
    said = []
    if each.name != each.outcome.value:
        said.append(f"amounts to {each.outcome.value}")
    if each.uses is not None:
        said.append(counted(each.uses))
    if each.window is not None:
        said.append(span(each.window))
    said += [f"on condition: {inline(text)}" for text in each.conditions]
    if each.advised_by:
        said.append(f"advised by {listed(each.advised_by)}")
    if each.against:
        said.append(f"against: {listed(each.against)}")
    if said:
        yield f"  {'':<24}{'; '.join(said)}"


def _signed(each: pages.Signed) -> str:
    limits = f", {each.limits}" if each.limits else ""
    return f"{each.by} for {each.office}: {each.outcome.value}{limits}"


def _stock(stock: Stock) -> str:
    drawn = f"{stock.granted} granted and not used, {stock.used} used"
    if stock.on_hand is None:
        return f"on hand: not said; {drawn}"
    return f"{stock.on_hand} on hand; {drawn}; {stock.left} left"


def _precedent(each: pages.Precedent) -> str:
    mark = "denied" if each.denied else each.outcome.value
    where = f"{each.article} at {inline(each.place)}"
    return f"{each.case}  {mark:<22} {each.partner}, {where}, {each.decided}"


def _owed(each: Owed) -> str:
    found = each.obligation
    due = "" if found.due is None else f", due {found.due}"
    return f"{each.case}/{found.number} {inline(found.condition.text)}{due}: {found.standing.value}"


def _clock(page: Brief) -> Iterator[str]:
    if page.ratify is not None:
        yield f"to be ratified by {page.ratify}, or the grant ends"
    if page.expires is not None:
        yield f"next: {page.expires}"
