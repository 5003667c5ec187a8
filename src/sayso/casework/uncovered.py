"""Uses that were told of, and that the grant did not cover when they were made.

A use is taken as the partner tells it, and drawn down: to refuse the report would be not to know of
it. That it was not covered is derived from what had been said in the case by then, and named.
"""

from collections.abc import Iterator

from sayso.casework import obligations
from sayso.casework.dossier import After, Dossier, On
from sayso.casework.events import (
    Freeze,
    Move,
    Ratification,
    Reinstatement,
    Revocation,
    Suspension,
    Unratified,
    UseReport,
)
from sayso.dates import Instant
from sayso.replaced import replace

_STANDS = "stands"
_BY_RULE = {Move.SUSPEND: "suspended", Move.REVOKE: "revoked"}


def uses(dossier: Dossier) -> Iterator[tuple[UseReport, str]]:
    """Yield each report of uses that the grant did not cover when they were made, and why."""
    granted = obligations.grant(dossier)
    if granted is None:
        return
    for on in dossier.since(UseReport):
        at = on.said.used_at
        if at is None:
            continue
        if at < granted.stamp.at:
            yield on.said, f"it was granted only at {granted.stamp.at}"
        elif (why := _lacked(dossier, at)) is not None:
            yield on.said, why


def _lacked(dossier: Dossier, at: Instant) -> str | None:
    """Return what the grant lacked at `at`; None if nothing."""
    before = tuple(on for on in dossier.after if on.stamp.at <= at)
    then = replace(dossier, after=before)
    stopped = _stopped(then, at)
    if stopped is not None:
        return f"it was {stopped}"
    unmet = ", ".join(str(each.number) for each in obligations.unmet_before(then))
    return f"not met before it: condition {unmet}" if unmet else None


def _stopped(then: Dossier, at: Instant) -> str | None:
    """Return whether the grant was suspended or revoked at `at`, in a word; None if it stood."""
    said = [(on.stamp.index, _changed(on)) for on in then.after]
    said += [
        (on.stamp.index, _BY_RULE[on.said.move])
        for on in then.judgements
        if on.stamp.at <= at and on.said.move in _BY_RULE
    ]
    changes = [(index, stands) for index, stands in sorted(said) if stands]
    return changes[-1][1] if changes and changes[-1][1] != _STANDS else None


def _changed(on: On[After]) -> str:
    """Return how the grant stood after something was said; nothing if that changed nothing."""
    match on.said:
        case Suspension() | Freeze():
            return "suspended"
        case Reinstatement():
            return _STANDS
        case Revocation() | Unratified():
            return "revoked"
        case Ratification():
            return "" if on.said.upheld else "revoked"
        case _:
            return ""
