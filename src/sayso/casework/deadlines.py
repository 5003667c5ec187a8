"""When time will next do something to a case."""

from collections.abc import Iterator

from sayso.casework import case, emergencies, obligations
from sayso.casework.case import Case, Live, Suspended
from sayso.dates import Instant


def deadline(found: Case) -> Instant | None:
    """Return when time will next do something to `found`, if ever."""
    return min(_coming(found), default=None)


def window_end(found: Case) -> Instant | None:
    """Return when the window of the authorization `found` is over: as granted, or as asked."""
    granted = obligations.grant(found.dossier)
    window = None if granted is None else granted.said.window
    return (window or found.dossier.request.said.window).end


def _coming(found: Case) -> Iterator[Instant]:
    waited = case.deadline(found)
    if waited is not None:
        yield waited
    end = window_end(found) if isinstance(found, Live | Suspended) else None
    if end is not None:
        yield end
    ratify = emergencies.due(found.dossier)
    if ratify is not None:
        yield ratify
    for due, _ in obligations.coming(found.dossier):
        yield due
