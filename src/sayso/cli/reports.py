"""`sayso report`: the numbers of an office's work, the effect of a policy, the overseer's pack."""

from collections.abc import Mapping
from pathlib import Path

import click

from sayso.cli import phrases
from sayso.cli.knowing import inside, read_by, reader_of
from sayso.cli.moments import Moments, moments
from sayso.cli.rim import INSTANT, Rim, command, contents, span_of
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from sayso.queries import trustfile
from sayso.queries.disclosure import OFFICE, Reader, uncleared
from sayso.queries.moment import Stood, When
from sayso.queries.numbers import Numbers, differing, effect, numbers, sides
from sayso.queries.pack import Asked, pack

_SINCE = click.option("--since", type=INSTANT, required=True, help="Cases filed from then on.")
_UNTIL = click.option("--until", type=INSTANT, required=True, help="And before then.")
_HOUR = 3600


@click.group()
def report() -> None:
    """Reports: numbers that are defined once, and follow from the record."""


@report.command("numbers")
@_SINCE
@_UNTIL
@moments
@read_by
@command
def show_numbers(
    rim: Rim,
    since: Instant,
    until: Instant,
    key: Path | None,
    purpose: str | None,
    when: Moments,
) -> None:
    """Count what was asked, what became of it, and how long it took.

    Times are working time of the deciding office, less the time that queries were pending. What is
    kept in compartments is not counted; with --key it is, if the key's person is cleared for all of
    it; that they read of those cases is put on the record, with --purpose.

    \b
    Example: sayso report numbers --since 2025-01-01T00:00:00Z --until 2026-01-01T00:00:00Z
    """
    asked = span_of(since, until)
    stood = when.stood(rim)
    reader = _reader(rim, stood, (asked,), key, purpose)
    found = numbers(stood.seen(reader), asked)
    rim.show(found.value(), when.headed(_told(found), stood.at))


@report.command("effect")
@click.argument("policy")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=90,
    show_default=True,
    help="How many days before and after.",
)
@moments
@read_by
@command
def show_effect(
    rim: Rim, policy: str, days: int, key: Path | None, purpose: str | None, when: Moments
) -> None:
    """Compare the numbers of equal times before and after a policy came into force.

    \b
    Example: sayso report effect long-range-fires@2 --days 60
    """
    stood = when.stood(rim)
    seen = stood.seen(inside(stood.present, key, stood.now))
    reader = _reader(rim, stood, sides(seen, policy, days=days), key, purpose)
    found = effect(stood.seen(reader), policy, days=days)
    text = f"Before {policy}:\n{_told(found.before)}\n\nAfter:\n{_told(found.after)}"
    rim.show(found.value(), when.headed(text, stood.at))


@report.command("pack")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_SINCE
@_UNTIL
@click.option("--known-at", type=INSTANT, help="By the record as it was then.")
@read_by
@command
def make_pack(
    rim: Rim,
    folder: Path,
    since: Instant,
    until: Instant,
    known_at: Instant | None,
    key: Path | None,
    purpose: str | None,
) -> None:
    """Write the overseer's pack into a new folder: numbers, decisions, their proofs, the record.

    Whoever makes it again from the same record gets the same bytes. The numbers and the decisions
    leave out what is kept in compartments, as `report numbers` does; the record is whole.

    \b
    Example: sayso report pack pack --since 2025-01-01T00:00:00Z --until 2026-01-01T00:00:00Z
    """
    if folder.exists() and any(folder.iterdir()):
        raise SaysoError(f"`{folder}` is not empty", hint="name a new folder")
    known = trustfile.read(contents(rim.trust))
    period, stood = span_of(since, until), Moments(When(None, known_at)).stood(rim)
    asked = Asked(period, known_at, _reader(rim, stood, (period,), key, purpose))
    with rim.opened() as store:
        names = [_write(folder / path, data) for path, data in pack(store, known, asked)]
    rim.show(
        {"folder": str(folder), "files": len(names)},
        f"Wrote {len(names)} files into {folder}.\n"
        f"Verify the record in it: sayso-verify record {folder} --trust trust.json",
    )


def _reader(
    rim: Rim, stood: Stood, periods: tuple[Period, ...], key: Path | None, purpose: str | None
) -> Reader:
    """Return for whom is counted: who reads what is kept of each case in these periods, if any."""
    if key is None:
        return OFFICE
    reader = inside(stood.present, key, stood.now)
    seen, office = stood.seen(reader), stood.seen(uncleared(stood.present, reader))
    names = (name for each in periods for name in differing(seen, office, each))
    return reader_of(rim, names, key, purpose)


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _told(found: Numbers) -> str:
    lines = [
        f"Filed {phrases.span(found.period)}: {found.filed}",
        f"Outcomes: {_pairs(found.outcomes)}",
    ]
    if found.median_s is not None and found.longest_s is not None:
        lines.append(
            f"Time to the first outcome of {found.decided}: median "
            f"{found.median_s / _HOUR:.1f} hours, longest {found.longest_s / _HOUR:.1f}"
        )
    lines += [f"  {name}: {_pairs(each)}" for name, each in found.by_article.items()]
    lines += [f"  in {name}: {_pairs(each)}" for name, each in found.by_territory.items()]
    rows = [
        (name, str(each.advised), str(each.consolidated), str(each.decided))
        for name, each in found.offices.items()
    ]
    if rows:
        lines.append(phrases.table(rows, ("Office", "Advised", "Consolidated", "Decided")))
    if found.unused:
        lines.append(f"Authorized and not used: {phrases.listed(found.unused)}")
    return "\n".join(lines)


def _pairs(counts: Mapping[str, int]) -> str:
    return phrases.listed(f"{name} {count}" for name, count in counts.items()) or "none"
