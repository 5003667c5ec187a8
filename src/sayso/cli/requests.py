"""`sayso request`: drafts, requests of one or of many items, and where they stand."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import UnionType

import click

from sayso import wire
from sayso.casework import requests
from sayso.casework.case import Case, Returned, Sought
from sayso.casework.events import Item, Request, Undertaking, Withdrawal
from sayso.casework.state import State
from sayso.cli import papers, phrases, words
from sayso.cli.acting import Signer, act, acting_anywhere
from sayso.cli.asking import READER
from sayso.cli.knowing import read_by, reader_by
from sayso.cli.moments import Moments, moments
from sayso.cli.papers import ATTACH
from sayso.cli.rim import INSTANT, METRES, Rim, command, span_of, told, write_new
from sayso.dates import Instant
from sayso.errors import MalformedValue
from sayso.operations.drafts import Moment
from sayso.queries import dossier
from sayso.queries.disclosure import Reader, uncleared, view
from sayso.queries.screening import screen

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def request() -> None:
    """Requests of a partner."""


@request.command("submit")
@click.option("--draft", type=_FILE, help="A draft, in place of the options but --attach.")
@click.option("--agreement", help="Under which agreement it is held.")
@click.option("--article", help="What would be used.")
@click.option("--place", help="Where.")
@click.option("--within", "within_m", type=METRES, help="Its radius: 500m, 5km.")
@click.option("--purpose", help="The category of purpose.")
@click.option("--since", type=INSTANT, help="When the use may begin.")
@click.option("--until", type=INSTANT, help="By when it must be over.")
@click.option("--uses", type=click.IntRange(1), default=1, show_default=True, help="How many.")
@click.option("--end-user", help="The unit that would use it.")
@click.option("--note", help="Anything the offices should know.")
@ATTACH
@acting_anywhere
def submit(
    rim: Rim,
    signer: Signer,
    draft: Path | None,
    files: tuple[Path, ...],
    agreement: str | None,
    article: str | None,
    place: str | None,
    within_m: int | None,
    purpose: str | None,
    since: Instant | None,
    until: Instant | None,
    uses: int,
    end_user: str | None,
    note: str | None,
) -> None:
    """File a request, as the partner's liaison; the answer says what the policies say of it.

    A request of several items is written as a draft first: `sayso request draft`. Of what is
    attached the record itself keeps the SHA-256 alone.

    \b
    Example: sayso request submit --agreement aid --article atacms \\
      --place Belgorod --purpose military-logistics \\
      --since 2025-07-01T00:00:00Z --until 2025-07-03T00:00:00Z --key liaison
    """
    handed = papers.read(files)
    attached = papers.digests(handed)
    if draft is not None:
        drawn = _drawn(draft)
        whole = replace(drawn, attachments=(*drawn.attachments, *attached))
        act(rim, signer, lambda moment: _known(moment, whole), handed=handed)
        return
    needed = {"agreement": agreement, "article": article, "place": place, "purpose": purpose}
    missing = [f"--{name}" for name, value in (*needed.items(), ("since", since)) if value is None]
    if missing or since is None:
        raise click.UsageError(f"say {phrases.listed(missing)}, or --draft FILE")
    item = Item(str(article), str(place), uses, within_m, end_user)
    span = span_of(since, until)

    def word(moment: Moment) -> Request:
        partner = moment.state.agreement(str(agreement)).partner
        asked = Request(partner, str(agreement), (item,), str(purpose), span, note, attached)
        return _known(moment, asked)

    act(rim, signer, word, handed=handed)


def _known(moment: Moment, asked: Request) -> Request:
    """Return the request, or raise `Unknown` with no other names than the partner knows."""
    known = moment.state
    known.agreement(asked.agreement)
    for item in asked.items:
        known.article(item.article)
    return asked


@request.command("draft")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--like", metavar="CASE", help="Copy this request, to amend it or file it again.")
@READER
@command
def draft_request(rim: Rim, file: Path, like: str | None, reader_name: str) -> None:
    """Write a request to a new file, to be completed, and then filed with `submit --draft`.

    A copy of an open request takes its place when it is filed; a copy of one that was returned
    without action follows it. Of several items it has those that are open, or were returned; with
    ukraine-8.1 that one alone. Nothing is recorded before.

    \b
    Example: sayso request draft amended.json --like ukraine-1
    """
    reader = Reader.parse(reader_name)
    drawn = _blank() if like is None else _copy(view(rim.standing(), reader), like)
    text = json.dumps(wire.encode(drawn), indent=2, ensure_ascii=False)
    write_new(file, f"{text}\n".encode())
    rim.show(
        {"draft": str(file), "request": wire.encode(drawn)},
        f"Wrote {file}. Complete it, then: sayso request submit --draft {file} --key KEY",
    )


def _drawn(file: Path) -> Request:
    try:
        return wire.decode(Request, wire.load(told(file)))
    except MalformedValue as error:
        raise MalformedValue(f"`{file}` is no draft: {error.what}", hint=error.hint) from None


def _blank() -> Request:
    item = Item("ARTICLE", "PLACE", 1, 500, "end-user")
    window = span_of(Instant.parse("2030-01-01T00:00:00Z"), Instant.parse("2030-01-03T00:00:00Z"))
    return Request("partner", "AGREEMENT", (item,), "PURPOSE", window, note="NOTE")


def _copy(state: State, like: str) -> Request:
    """Return a copy with the items that it takes the place of, or follows, and no others."""
    cases = [state.cases[name] for name in requests.cases_of(state, like)]
    if any(isinstance(each, Sought) for each in cases):
        return replace(_copied(cases, Sought), replaces=like)
    if any(isinstance(each, Returned) for each in cases):
        return replace(_copied(cases, Returned), after=like)
    return _copied(cases, object)


def _copied(cases: Sequence[Case], kind: type | UnionType) -> Request:
    """Return what is asked in those of the cases that are of a kind, as a request of its own."""
    said = cases[0].dossier.request.said
    numbers = {each.dossier.item for each in cases if isinstance(each, kind)}
    items = tuple(said.items[number] for number in sorted(numbers))
    return replace(said, items=items, replaces=None, after=None)


@request.command("undertake")
@click.argument("case")
@click.option("--text", required=True, help="What is undertaken, in words.")
@acting_anywhere
def undertake(rim: Rim, signer: Signer, case: str, text: str) -> None:
    """Undertake something in a case, as the end user it names, or as the partner if it names none.

    The end user signs with its own key; --prepare draws it up to be signed elsewhere.

    \b
    Example: sayso request undertake ukraine-1 --text "used as stated, and not passed on" \\
      --key brigade-19
    """

    def word(moment: Moment) -> Undertaking:
        moment.state.case(case)
        return Undertaking(case, text)

    act(rim, signer, word)


@request.command("withdraw")
@click.argument("case")
@click.option("--reason", required=True, help="Why.")
@acting_anywhere
def withdraw(rim: Rim, signer: Signer, case: str, reason: str) -> None:
    """Take an open request back, as the partner's liaison.

    \b
    Example: sayso request withdraw ukraine-1 --reason "no longer needed" --key liaison
    """

    def word(moment: Moment) -> Withdrawal:
        requests.cases_of(moment.state, case)
        return Withdrawal(case, reason)

    act(rim, signer, word)


@request.command("list")
@READER
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for somebody.")
@click.option("--waits-for", metavar="OFFICE", help="Only those that wait for this office.")
@click.option("--skipped", metavar="OFFICE", help="Only those decided at once past this office.")
@moments
@command
def list_requests(
    rim: Rim,
    reader_name: str,
    waits_for: str | None,
    skipped: str | None,
    when: Moments,
    *,
    only_open: bool,
) -> None:
    """List the requests and where they stand.

    \b
    Example: sayso request list --waits-for joint-staff
    """
    reader, stood = Reader.parse(reader_name), when.stood(rim)
    state = stood.seen(reader)
    lines = dossier.lines(state, reader, only_open=only_open)
    if waits_for is not None:
        state.office(waits_for)
        lines = tuple(each for each in lines if waits_for in each.waits_for)
    if skipped is not None:
        past = dossier.skipped(state, state.office(skipped).office)
        lines = tuple(each for each in lines if each.case in past)
    rows = [
        (
            each.case,
            each.stage,
            phrases.listed(each.waits_for),
            each.article,
            each.place,
            each.filed,
        )
        for each in lines
    ]
    heads = ("Request", "Stands", "Waits for", "Article", "Place", "Filed")
    table = phrases.table(rows, heads)
    rim.show([each.value() for each in lines], when.headed(table, stood.at))


@request.command("screen")
@click.argument("case")
@moments
@read_by
@command
def screen_request(
    rim: Rim, case: str, key: Path | None, purpose: str | None, when: Moments
) -> None:
    """Screen a request against what was decided before: denials, and precedents.

    A denial is alike if it was of the same end user, or if two of partner, article and place are
    the same. For inside only.

    \b
    Example: sayso request screen ukraine-5
    """
    stood = when.stood(rim)
    reader = reader_by(rim, stood, case, key, purpose)
    office = stood.seen(uncleared(stood.present, reader))
    found = screen(office, stood.seen(reader).case(case).dossier)
    rows = [
        (
            each.case,
            "denied" if each.denied else each.outcome.value,
            each.partner,
            each.article,
            each.place,
            str(each.decided),
            phrases.listed(each.alike),
        )
        for each in (*found.denials, *found.precedents)
    ]
    heads = ("Decided before", "How", "Partner", "Article", "Place", "When", "The same")
    rim.show(found.value(), when.headed(phrases.table(rows, heads), stood.at))


@request.command("show")
@click.argument("case")
@READER
@moments
@command
def show(rim: Rim, case: str, reader_name: str, when: Moments) -> None:
    """Show a request with what has been said of it, as far as the reader may know.

    \b
    Example: sayso request show ukraine-1 --reader partner:ukraine
    """
    reader, stood = Reader.parse(reader_name), when.stood(rim)
    told = dossier.told(stood.seen(reader).case(case), reader)
    rim.show(told.value(), when.headed(words.dossier(told), stood.at))
