"""`sayso brief`: the page that the final authority reads, on one screen."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from sayso.cli import beside
from sayso.cli.knowing import read_by, reader_by
from sayso.cli.moments import Moments, moments
from sayso.cli.phrases import counted, inline, left, listed, span
from sayso.cli.rim import Rim, command
from sayso.queries import brief as pages
from sayso.queries.brief import Brief, Stock
from sayso.queries.disclosure import uncleared
from sayso.queries.owed import Owed
from sayso.queries.pace import Awaited, Pending
from sayso.queries.screening import Match
from sayso.queries.ways import Way

WIDTH = 98
_LABEL = 12
_MOST = 4


@click.command("brief")
@click.argument("case")
@moments
@read_by
@command
def brief(rim: Rim, case: str, key: Path | None, purpose: str | None, when: Moments) -> None:
    """Show the one page on a case that the final authority reads before it decides.

    With --key, it also shows what of the case is kept in compartments, if the key's person is
    cleared for all of them; that they read it is put on the record, with --purpose.

    \b
    Example: sayso brief ukraine-5
    """
    stood = when.stood(rim)
    reader = reader_by(rim, stood, case, key, purpose)
    office = stood.seen(uncleared(stood.present, reader))
    page = rim.worded(pages.brief(stood.seen(reader), case, at=stood.at, beside=office))
    rim.show(page.value(), when.headed("\n".join(_lines(page)), stood.at))


def _lines(page: Brief) -> Iterator[str]:
    waits = f", waits for {listed(page.waits_for)}" if page.waits_for else ""
    yield f"{page.case} is {page.stage}{waits}"
    yield "─" * WIDTH
    yield from _asked(page)
    yield from _part("verdict", _verdict(page))
    yield from _part("facts", _facts(page))
    yield from _part("legal", (line for each in page.legal for line in _advice(each)))
    yield from _part("advice", (line for each in page.advice for line in _advice(each)))
    if page.summary is not None and page.summary.strip():
        yield from _part("in sum", [inline(page.summary)])
    yield from _part("options", (line for each in page.options for line in _way(each)))
    yield from _part("signed", (_signed(each) for each in page.signed))
    yield from _part("at once", _at_once(page))
    yield from _part("turn", (_turn(each) for each in page.turns))
    yield from _part("stopped", (_stopped(each) for each in page.queries))
    yield from _part("on hold", _held(page))
    yield from _part("stock", [_stock(page.stock)])
    yield from _part("before", (_precedent(each) for each in page.precedents))
    yield from _part("owed", (_owed(each) for each in page.obligations))
    yield from _part("clock", _clock(page))


def _part(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines under a label, each folded where the screen ends; nothing if there are none."""
    for number, line in enumerate(lines):
        for place, folded in enumerate(_folded(line)):
            lead = label if number == place == 0 else ""
            yield f"{lead:<{_LABEL}}{folded}"


def _folded(line: str) -> list[str]:
    """Return a line in as many as it takes, and no more than `_MOST`: the rest is cut, and shows.

    All of it is in `sayso request show`.
    """
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    folded = textwrap.wrap(
        line,
        WIDTH - _LABEL,
        subsequent_indent=indent,
        break_on_hyphens=False,
        max_lines=_MOST,
        placeholder=" …",
    )
    return folded or [""]


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
    if page.keeping:
        yield f"kept as it was found by {listed(page.keeping)}, which decides nothing about it"


def _facts(page: Brief) -> Iterator[str]:
    """Yield the facts but for those that the request says, which stand above."""
    for each in page.facts:
        if each.source == pages.REQUEST:
            continue
        mark = "  ← differs" if each.differs else ""
        yield f"{each.fact} = {inline(each.value)}  ({inline(each.source)}){mark}"


def _advice(each: pages.Said) -> Iterator[str]:
    risk = "" if each.risk is None else f", {each.risk.value} risk"
    codes = f" ({listed(each.codes)})" if each.codes else ""
    yield f"{each.office}: {each.outcome.value}{risk}{codes}: {inline(each.reasons)}"
    yield from (f"  on condition: {inline(text)}" for text in each.conditions)
    if each.instructions is not None:
        yield f"  instructions: {inline(each.instructions)}"


def _turn(each: Awaited) -> str:
    may = listed(each.able) or ": ".join(("nobody can", *each.why_not[:1]))
    words = f"{each.office} to {each.does} ({may})"
    if each.left is not None:
        return f"{words}; its time stands still, {left(each.left)} are left"
    if each.due is None:
        return words
    return f"{words} {'since it was due at' if each.late else 'by'} {each.due}"


def _stopped(each: Pending) -> str:
    return f"{each.office} asked at {each.asked} (entry {each.entry}): {inline(each.question)}"


def _held(page: Brief) -> Iterator[str]:
    yield from (beside.inquiry(each) for each in page.holds)
    if page.frozen is not None:
        yield page.frozen


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


def _at_once(page: Brief) -> Iterator[str]:
    said = page.at_once
    if said is not None:
        yield f"{said.office} granted it at {said.at}, for it could not wait:"
        yield f"  {inline(said.emergency)}"
        if said.reasons.strip():
            yield f"  reasons: {inline(said.reasons)}"


def _stock(stock: Stock) -> str:
    drawn = f"{stock.granted} granted and not used, {stock.used} used"
    if stock.on_hand is None:
        return f"on hand: not said; {drawn}"
    return f"{stock.on_hand} on hand; {drawn}; {stock.left} left"


def _precedent(each: Match) -> str:
    mark = "denied" if each.denied else each.outcome.value
    alike = f"same {listed(name for name in each.alike if name != 'purpose')}"
    return f"{each.case}  {mark:<22} {inline(each.place)}, {each.decided}; {alike}"


def _owed(each: Owed) -> str:
    found = each.obligation
    due = "" if found.due is None else f", due {found.due}"
    return f"{each.case}/{found.number} {inline(found.condition.text)}{due}: {found.standing.value}"


def _clock(page: Brief) -> Iterator[str]:
    if page.ratify is not None:
        yield f"to be ratified by {page.ratify}, or the grant ends"
    if page.expires is not None:
        yield f"next: {page.expires}"
