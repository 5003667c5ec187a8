"""What could not wait: decided at once by the office that the route names, and ratified since.

It is ratified once everybody has whose signature the decision would have needed: so many holders
of the deciding office as its quorum, and every office that countersigns. If they do not in time, or
one of them declines, the grant ends. The uses made until then stand.
"""

from sayso.casework import case, obligations
from sayso.casework.case import Case, Open
from sayso.casework.dossier import Dossier, On
from sayso.casework.events import Decision, Ratification, Unratified
from sayso.dates import Instant, duration


def skipped(found: Case) -> tuple[str, ...]:
    """Return the offices that an open case would still have gone to, in the route's order."""
    if not isinstance(found, Open):
        return ()
    later = found.dossier.verdict.said.route[found.step + 1 :]
    offices = (*case.waits_for(found), *(office for leg in later for office in leg.offices))
    return tuple(dict.fromkeys((*offices, *case.deciding(found.dossier).countersign)))


def unratified(dossier: Dossier) -> On[Decision] | None:
    """Return the emergency decision that still waits to be ratified, if there is one."""
    granted = obligations.grant(dossier)
    if granted is None or dossier.since(Unratified):
        return None
    said = granted.said
    if not isinstance(said, Decision) or said.emergency is None:
        return None
    return None if _settled(dossier, said) else On(said, granted.stamp)


def missing(dossier: Dossier) -> tuple[str, ...]:
    """Return the offices that have not ratified yet what they must."""
    granted = unratified(dossier)
    if granted is None:
        return ()
    leg = case.leg_of(dossier, granted.said)
    given = [(each.said.office, each.stamp.by) for each in dossier.since(Ratification)]
    deciding = {by for office, by in given if office in leg.offices}
    due = () if len(deciding) >= (leg.quorum or 1) else leg.offices
    signed = {office for office, _ in given}
    return (*due, *(each for each in leg.countersign if each not in signed))


def _settled(dossier: Dossier, granted: Decision) -> bool:
    """Return whether everybody has ratified, or one has declined."""
    given = dossier.since(Ratification)
    if any(not each.said.upheld for each in given):
        return True
    leg = case.leg_of(dossier, granted)
    deciding = {each.stamp.by for each in given if each.said.office in leg.offices}
    signed = {each.said.office for each in given}
    return len(deciding) >= (leg.quorum or 1) and signed.issuperset(leg.countersign)


def due(dossier: Dossier) -> Instant | None:
    """Return by when the emergency decision must be ratified, if one waits for that."""
    granted = unratified(dossier)
    if granted is None:
        return None
    ratify = case.leg_of(dossier, granted.said).ratify
    return None if ratify is None else granted.stamp.at + duration(ratify)
