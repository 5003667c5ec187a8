"""A condition as it is typed, and as it is shown.

    report nothing to the press                         a text alone: a limit on the partner's use
    after:partner:PT24H:report the use                  PHASE:WHO:DUE:TEXT
    before:partner:PT12H:sign the undertaking; evidence: the signed undertaking
    during:end-user::keep 10 km from the reactor
    after:joint-staff:2025-08-01T00:00:00Z:brief the committee

PHASE is before, during or after the use; WHO is partner, end-user or an office. DUE is a duration,
a moment, or nothing. A duration counts from the grant (before), the window's end (during) or the
use (after), or from what follows an `@`: PT24H@grant, PT24H@use, PT24H@window-end.

What the partner owes within a time after the use, without other evidence, a use report meets.
"""

import re
from collections.abc import Callable, Iterable

import click

from sayso.casework.events import Condition, Phase, Since
from sayso.casework.events.conditions import END_USER, PARTNER, USE_REPORT
from sayso.cli.phrases import inline
from sayso.dates import Instant
from sayso.errors import SaysoError

_TYPED = re.compile(
    r"(?P<phase>before|during|after):(?P<who>[a-z0-9-]+):"
    r"(?:(?P<by>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<within>P[0-9DTHMS]+)(?:@(?P<since>[a-z-]+))?)?"
    r":(?P<text>.*)",
    re.DOTALL,
)
_FROM = {Phase.BEFORE: Since.GRANT, Phase.DURING: Since.WINDOW_END, Phase.AFTER: Since.USE}
_LOOKS_TYPED = re.compile(r"(before|during|after):", re.DOTALL)

FORM = "PHASE:WHO:DUE:TEXT, as in after:partner:PT24H:report the use"


def read(typed: str) -> Condition:
    """Return the condition that a person typed; wrong use if it looks like one and is none."""
    found = _TYPED.fullmatch(typed)
    if found is None:
        if _LOOKS_TYPED.match(typed):
            raise click.UsageError(f"`{typed[:60]}` is not of the form {FORM}")
        return _made(lambda: Condition.plain(typed), typed)
    return _made(lambda: _condition(found), typed)


def _made(make: Callable[[], Condition], typed: str) -> Condition:
    try:
        return make()
    except (SaysoError, ValueError) as error:
        raise click.UsageError(f"`{typed[:60]}`: {error}") from None


def _condition(found: re.Match[str]) -> Condition:
    text, _, evidence = found["text"].partition("; evidence:")
    phase, within = Phase(found["phase"]), found["within"]
    since = None
    if within is not None:
        since = Since(found["since"]) if found["since"] is not None else _FROM[phase]
    reported = since is Since.USE and found["who"] in {PARTNER, END_USER}
    return Condition(
        text=text.strip(),
        phase=phase,
        binds=found["who"],
        within=within,
        since=since,
        by=None if found["by"] is None else Instant.parse(found["by"]),
        evidence=evidence.strip() or (USE_REPORT if reported else None),
    )


def phrase(condition: Condition) -> str:
    """Return a condition in one line: its text and, unless it is plain, whom it binds by when."""
    said = inline(condition.text)
    if condition == Condition.plain(condition.text):
        return said
    parts = [f"{condition.phase.value} the use", f"binds {condition.binds}"]
    if condition.within is not None and condition.since is not None:
        parts.append(f"within {condition.within} of the {_SINCE[condition.since]}")
    if condition.by is not None:
        parts.append(f"by {condition.by}")
    if condition.evidence is not None:
        parts.append(f"shown by {inline(condition.evidence)}")
    if condition.imposed_by is not None:
        parts.append(f"imposed by {condition.imposed_by}")
    return f"{said} ({', '.join(parts)})"


_SINCE = {Since.GRANT: "grant", Since.USE: "use", Since.WINDOW_END: "window's end"}


def texts(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Return the conditions in one line each."""
    return tuple(phrase(each) for each in conditions)
