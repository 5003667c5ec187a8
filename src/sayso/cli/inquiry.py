"""`sayso query`, `answer`, `comment`, `object`, `hold`, `calendar`, `inbox`, `clock`."""

from datetime import timedelta
from pathlib import Path

import click

from sayso.casework import case as cases
from sayso.casework import holds
from sayso.casework.events import (
    Answer,
    Calendar,
    Comment,
    Hold,
    HoldRelease,
    Objection,
    Query,
)
from sayso.casework.refusal import Refusal
from sayso.cli import phrases, sentences
from sayso.cli.acting import Signer, act, acting, acting_anywhere
from sayso.cli.knowing import KEY, inside
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import DURATION, INSTANT, Rim, command
from sayso.dates import Instant, duration_text
from sayso.errors import SaysoError
from sayso.operations import calendars, drafts
from sayso.operations.drafts import Moment
from sayso.operations.tick import tick
from sayso.queries import disclosure
from sayso.queries.inbox import SOON, Task
from sayso.queries.inbox import inbox as lies_before

OFFICE = click.option("--office", help="Which of your offices speaks, if several could.")


def _speaks(moment: Moment, office: str | None, case: str) -> str:
    return drafts.speaks(moment, office, cases.waits_for(moment.state.case(case)))


@click.command()
@click.argument("case")
@click.argument("question")
@OFFICE
@acting
def query(rim: Rim, signer: Signer, case: str, question: str, office: str | None) -> None:
    """Ask the partner back; the offices' time stands still until it is answered.

    The partner is told the question and the office, not who asked.

    \b
    Example: sayso query ukraine-1 "Which unit will use it?" --key europe
    """
    act(rim, signer, lambda moment: Query(case, _speaks(moment, office, case), question))


@click.command()
@click.argument("case")
@click.argument("text", metavar="ANSWER")
@click.option("--query", "entry", type=int, help="Its entry; the oldest open one if not given.")
@acting_anywhere
def answer(rim: Rim, signer: Signer, case: str, text: str, entry: int | None) -> None:
    """Answer an office's query, as the partner's liaison; the time goes on.

    \b
    Example: sayso answer ukraine-1 "The third brigade" --key liaison
    """

    def word(moment: Moment) -> Answer:
        asked = moment.state.case(case).dossier.open_queries
        if entry is None and not asked:
            raise SaysoError(f"no query on `{case}` is open")
        return Answer(case, asked[0].stamp.index if entry is None else entry, text)

    act(rim, signer, word)


@click.command()
@click.argument("case")
@click.argument("text", metavar="COMMENT")
@OFFICE
@acting
def comment(rim: Rim, signer: Signer, case: str, text: str, office: str | None) -> None:
    """Note something on a case, for the offices only.

    \b
    Example: sayso comment ukraine-1 "Compare ukraine-3" --key europe
    """
    act(rim, signer, lambda moment: Comment(case, _speaks(moment, office, case), text))


@click.command("object")
@click.argument("case")
@click.option("--reason", required=True, help="Why.")
@OFFICE
@acting
def object_to(rim: Rim, signer: Signer, case: str, reason: str, office: str | None) -> None:
    """Break the silence that would grant a request: a person has then to decide it.

    \b
    Example: sayso object ukraine-1 --reason "stocks are low" --key staff
    """
    act(rim, signer, lambda moment: Objection(case, _speaks(moment, office, case), reason))


@click.group()
def hold() -> None:
    """Holds: nothing is granted, and nothing granted is used, while one stands."""


NAME = click.option("--name", help="What the hold is called; numbered if not given.")
UNTIL = click.option("--until", type=INSTANT, help="Until when; until released if not given.")
REASON = click.option("--reason", required=True, help="Why.")


def _name(moment: Moment, name: str | None) -> str:
    return name or f"hold-{moment.state.size}"


@hold.command("case")
@click.argument("case")
@REASON
@NAME
@UNTIL
@OFFICE
@acting
def hold_case(
    rim: Rim,
    signer: Signer,
    case: str,
    reason: str,
    name: str | None,
    until: Instant | None,
    office: str | None,
) -> None:
    """Hold one case, as its decider or from above.

    \b
    Example: sayso hold case ukraine-1 --reason "talks are on" --key secretary
    """

    def word(moment: Moment) -> Hold:
        speaks = _speaks(moment, office, case)
        return Hold(_name(moment, name), speaks, reason, case=case, until=until)

    act(rim, signer, word)


@hold.command("class")
@click.option("--partner", help="Every use by this partner,")
@click.option("--article", help="of this article,")
@click.option("--territory", help="and at places that touch this territory.")
@REASON
@NAME
@UNTIL
@OFFICE
@acting
def hold_class(
    rim: Rim,
    signer: Signer,
    partner: str | None,
    article: str | None,
    territory: str | None,
    reason: str,
    name: str | None,
    until: Instant | None,
    office: str | None,
) -> None:
    """Hold a whole class of uses, as who could decide all of them or from above.

    \b
    Example: sayso hold class --article atacms --reason "a fault was found" --key secretary
    """
    if partner is None and article is None and territory is None:
        raise click.UsageError("say what is held: --partner, --article or --territory")

    def word(moment: Moment) -> Hold:
        speaks = drafts.speaks(moment, office)
        named = _name(moment, name)
        return Hold(named, speaks, reason, None, partner, article, territory, until)

    act(rim, signer, word)


@hold.command("release")
@click.argument("name")
@REASON
@OFFICE
@acting
def release_hold(rim: Rim, signer: Signer, name: str, reason: str, office: str | None) -> None:
    """End a hold, as the office that holds or from above.

    \b
    Example: sayso hold release hold-1 --reason "the fault is mended" --key secretary
    """

    def word(moment: Moment) -> HoldRelease:
        return HoldRelease(name, drafts.speaks(moment, office), reason)

    act(rim, signer, word)


@hold.command("list")
@moments
@command
def list_holds(rim: Rim, when: Moments) -> None:
    """List the holds that stand; none on a case that is kept in a compartment.

    \b
    Example: sayso hold list
    """
    stood = when.stood(rim)
    standing = holds.standing(stood.seen(disclosure.OFFICE), stood.at)
    value = [
        {"hold": on.said.hold, "entry": on.stamp.index, "says": sentences.event(on.said)}
        for on in standing
    ]
    lines = "\n".join(str(each["says"]) for each in value)
    rim.show(value, when.headed(lines or "No holds to show.", stood.at))


@click.group()
def calendar() -> None:
    """The working hours by which an office's time is counted."""


@calendar.command("set")
@click.argument("office")
@click.option("--zone", required=True, help="An IANA time zone: Europe/Kyiv.")
@click.option(
    "--hours",
    "texts",
    multiple=True,
    required=True,
    metavar="DAYS TIMES",
    help="When it works: 'mon-fri 09:00-17:00'; repeatable.",
)
@click.option("--holiday", "holidays", multiple=True, metavar="DATE", help="Repeatable.")
@acting_anywhere
def set_calendar(
    rim: Rim,
    signer: Signer,
    office: str,
    zone: str,
    texts: tuple[str, ...],
    holidays: tuple[str, ...],
) -> None:
    """Set an office's working hours, as the registrar or as who fills the office.

    The clock changes of the next ten years are written out, and go on the record with it.

    \b
    Example: sayso calendar set europe-desk --zone America/New_York \\
      --hours "mon-fri 09:00-17:00" --holiday 2025-12-25 --key ann
    """
    week = tuple(each for text in texts for each in calendars.hours(text))

    def word(moment: Moment) -> Calendar:
        return calendars.calendar(office, zone, week=week, holidays=holidays, since=moment.at)

    act(rim, signer, word)


@calendar.command("list")
@moments
@command
def list_calendars(rim: Rim, when: Moments) -> None:
    """List the offices' calendars.

    \b
    Example: sayso calendar list
    """
    stood = when.stood(rim)
    found = [each for _, each in sorted(stood.state.calendars.items())]
    rows = [(each.office, each.zone, _hours(each), phrases.listed(each.holidays)) for each in found]
    keys = ("office", "zone", "hours", "holidays")
    value = [dict(zip(keys, row, strict=True)) for row in rows]
    table = phrases.table(rows, ("Calendar", "Zone", "Hours", "Holidays"))
    rim.show(value, when.headed(table, stood.at))


def _hours(found: Calendar) -> str:
    def time(minutes: int) -> str:
        return f"{minutes // 60:02}:{minutes % 60:02}"

    return phrases.listed(
        f"{each.day.value} {time(each.since)}-{time(each.until)}" for each in found.week
    )


@click.command()
@click.option("--office", required=True, help="Whose.")
@click.option(
    "--soon",
    type=DURATION,
    default=duration_text(SOON),
    show_default=True,
    help="How long before it is due something is due soon: PT24H, P7D.",
)
@moments
@KEY
@command
def inbox(rim: Rim, office: str, soon: timedelta, when: Moments, key: Path | None) -> None:
    """What lies before an office: what is overdue, what is due soon, and what it was told.

    Each with what the office would do, and who may do it now: advise, consolidate, decide,
    countersign, ratify. Reminded is, before it is due: of turns, of ratifications, of obligations
    that the office imposed or that bind it, of a request that would expire undecided, of the end
    of its holds; a partner's office, also of queries. It was told: of what was decided in an
    emergency past it, what silence or notification granted in its name, and of a case kept in its
    compartment, or for it to decide, that waits for somebody who is not cleared.

    Nothing is sent: with --json a program can tell them, of what is overdue or "soon".

    \b
    Example: sayso inbox --office joint-staff --soon P7D
    """
    stood = when.stood(rim)
    seen = stood.seen(inside(stood.present, key, stood.now))
    tasks = rim.worded(lies_before(seen, office, stood.at, soon=soon))
    heads = ("Case", "Why", "Stands", "Due", "Left", "About", "To do", "Who may")
    table = phrases.table([_row(each) for each in tasks], heads)
    rim.show_sealed([each.value() for each in tasks], when.headed(table, stood.at))


def _row(task: Task) -> tuple[str, ...]:
    return (
        task.case or "",
        f"{task.why.value}, due soon" if task.soon else task.why.value,
        task.stage,
        str(task.due or ""),
        "" if task.left is None else phrases.left(task.left),
        task.about or task.below or "",
        task.does or "",
        "" if task.does is None else phrases.listed(task.able) or "nobody",
    )


@click.command()
@command
def clock(rim: Rim) -> None:
    """Record what time has brought about: who is overdue, what silence granted, what expired.

    Run it as often as that should be punctual; without it, the next act records the same.

    \b
    Example: sayso clock
    """
    with rim.desk() as desk:
        done = tick(desk)
    if isinstance(done, Refusal):
        rim.refuse(done)
    said = [sentences.event(each) for each in done]
    rim.show({"recorded": list(said)}, "\n".join(said) or "Nothing was due.")
