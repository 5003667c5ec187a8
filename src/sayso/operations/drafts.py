"""Acts whose words depend on what stands: which office speaks, what is cited, what is decided on.

A draft is only a convenience for the one who signs: `judge` checks every word of it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sayso.casework import authority, case, review
from sayso.casework.events import Advice, Condition, Consolidation, Decision, Item, Outcome, Request
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from sayso.queries.coverage import Use
from sayso.queries.disclosure import Circle, Reader, view


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when an act is worded: what stands, who speaks, and the time."""

    state: State
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Words:
    """What an officer says: the outcome, why, and for a grant its conditions and limits."""

    outcome: Outcome
    reasons: str
    conditions: tuple[Condition, ...] = ()
    office: str | None = None
    uses: int | None = None
    window: Period | None = None


def known_to(moment: Moment) -> State:
    """Return what the one who speaks may know: who speaks for a partner is told no other's names.

    So an error can suggest only names that the partner knows (law 13).
    """
    for name, office in sorted(moment.state.offices.items()):
        holders = authority.holders(moment.state, name, moment.at)
        if office.partner is not None and any(term.person == moment.by for term in holders):
            return view(moment.state, Reader(Circle.PARTNER, office.partner))
    return moment.state


def request(use: Use, *, window: Period, uses: int, note: str | None) -> Request:
    """Return the request for `use` within `window`."""
    return Request(
        partner=use.partner,
        agreement=use.agreement,
        items=(Item(use.article, use.place, uses, use.within_m),),
        purpose=use.purpose,
        window=window,
        note=note,
    )


def advice(moment: Moment, name: str, words: Words) -> Advice:
    """Return the advice of the office that speaks."""
    office = _office(moment, name, words)
    return Advice(name, office, words.outcome, words.reasons, words.conditions)


def consolidation(moment: Moment, name: str, words: Words) -> Consolidation:
    """Return a consolidation that cites every advice given."""
    office = _office(moment, name, words)
    given = moment.state.case(name).dossier.current_advice
    cites = tuple(each.stamp.index for each in given)
    return Consolidation(name, office, words.outcome, words.reasons, cites)


def decision(moment: Moment, name: str, words: Words) -> Decision:
    """Return the decision on the request and the verdict that stand, with the limits asked for."""
    dossier = moment.state.case(name).dossier
    asked = dossier.asked
    request_digest, verdict_digest = review.grounds(dossier)
    grants = words.outcome.grants
    return Decision(
        case=name,
        office=_office(moment, name, words),
        outcome=words.outcome,
        reasons=words.reasons,
        conditions=words.conditions,
        request=request_digest,
        verdict=verdict_digest,
        uses=words.uses or (asked.uses if grants else None),
        window=words.window or (asked.window if grants else None),
    )


def _office(moment: Moment, name: str, words: Words) -> str:
    """Return the office meant: the one given, or one the person holds, best one waited for."""
    return speaks(moment, words.office, case.waits_for(moment.state.case(name)))


def speaks(moment: Moment, office: str | None, wanted: Iterable[str] = ()) -> str:
    """Return the office that speaks: the one given, or one the person holds, best one `wanted`."""
    state = moment.state
    if office is not None:
        return state.office(office).office
    held = [
        name
        for name in sorted(state.terms)
        if any(term.person == moment.by for term in authority.holders(state, name, moment.at))
    ]
    if not held:
        raise SaysoError(f"`{moment.by}` holds no office at {moment.at}", hint="say --office")
    waiting = tuple(wanted)
    return next((name for name in held if name in waiting), held[0])
