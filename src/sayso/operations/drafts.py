"""Acts whose words depend on what stands: which office speaks, what is cited, what is decided on.

A draft is only a convenience for the one who signs: `judge` checks every word of it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sayso.casework import authority, case, decisions, emergencies, review, turns
from sayso.casework.case import Countersigning
from sayso.casework.events import (
    Advice,
    Code,
    Condition,
    Consolidation,
    Decision,
    Item,
    Nature,
    Option,
    Outcome,
    Request,
    Risk,
)
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import SaysoError, Unknown
from sayso.queries.coverage import Use


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when an act is worded: what stands, who speaks, and the time.

    `state` is what stands as far as `by` may know it, so that no error names anything else.
    """

    state: State
    by: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Weight:
    """What advice says beside its words: the risk, coded reasons, instructions, its nature."""

    risk: Risk | None = None
    codes: tuple[str, ...] = ()
    instructions: str | None = None
    nature: Nature | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What an officer says: the outcome, why, and for a grant its conditions and limits."""

    outcome: Outcome
    reasons: str
    conditions: tuple[Condition, ...] = ()
    office: str | None = None
    uses: int | None = None
    window: Period | None = None
    options: tuple[Option, ...] = ()
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a decision says beside its words: coded reasons, the option chosen, how it was made."""

    codes: tuple[Code, ...] = ()
    option: str | None = None
    emergency: str | None = None
    made_at: Instant | None = None
    paper: str | None = None


NOTHING_BESIDE = Beside()


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
    weight = words.weight or Weight()
    return Advice(
        case=name,
        office=office,
        outcome=words.outcome,
        reasons=words.reasons,
        conditions=words.conditions,
        risk=weight.risk,
        codes=weight.codes,
        instructions=weight.instructions,
        nature=weight.nature,
        superior=_superior(moment, name, office),
    )


def consolidation(moment: Moment, name: str, words: Words) -> Consolidation:
    """Return a consolidation that cites every advice given."""
    office = _office(moment, name, words)
    given = moment.state.case(name).dossier.current_advice
    cites = tuple(each.stamp.index for each in given)
    against = review.dissents(moment.state.case(name).dossier, words.outcome)
    return Consolidation(
        case=name,
        office=office,
        outcome=words.outcome,
        summary=words.reasons,
        cites=cites,
        options=words.options,
        dissents=against,
        superior=_superior(moment, name, office),
    )


def decision(moment: Moment, name: str, words: Words, beside: Beside = NOTHING_BESIDE) -> Decision:
    """Return the decision on the request and the verdict that stand, with the limits asked for."""
    dossier = moment.state.case(name).dossier
    asked = dossier.asked
    request_digest, verdict_digest = decisions.grounds(dossier)
    grants = words.outcome.grants
    office = _deciding(moment, name, words, beside)
    return Decision(
        case=name,
        office=office,
        outcome=words.outcome,
        reasons=words.reasons,
        conditions=words.conditions,
        request=request_digest,
        verdict=verdict_digest,
        uses=words.uses or (asked.uses if grants else None),
        window=words.window or (asked.window if grants else None),
        codes=beside.codes,
        option=beside.option,
        emergency=beside.emergency,
        made_at=beside.made_at,
        paper=beside.paper,
        superior=_superior(moment, name, office),
    )


def chosen(moment: Moment, name: str, option: str) -> Option:
    """Return the option of that name that the consolidation laid before the decider."""
    drawn = moment.state.case(name).dossier.consolidation
    options = {each.name: each for each in drawn.said.options} if drawn is not None else {}
    if option not in options:
        raise Unknown.named("option", option, options)
    return options[option]


def pending(moment: Moment, name: str) -> str:
    """Return the digest of the decision on a case that waits for another signature."""
    found = moment.state.case(name)
    if isinstance(found, Countersigning):
        return found.decision.stamp.digest
    waiting = emergencies.unratified(found.dossier)
    if waiting is None:
        raise SaysoError(f"no decision on `{name}` waits for another signature")
    return waiting.stamp.digest


def waited_for(moment: Moment, name: str, office: str | None) -> str:
    """Return the office that speaks: the one given, or one that the case or its grant awaits."""
    found = moment.state.case(name)
    return speaks(moment, office, (*case.waits_for(found), *emergencies.missing(found.dossier)))


def _deciding(moment: Moment, name: str, words: Words, beside: Beside) -> str:
    """Return the office that decides: in an emergency the one that the route names for it."""
    if beside.emergency is None:
        return _office(moment, name, words)
    leg = case.deciding(moment.state.case(name).dossier)
    return speaks(moment, words.office, () if leg.emergency is None else (leg.emergency,))


def _office(moment: Moment, name: str, words: Words) -> str:
    """Return the office meant: the one given, or one the person holds, best one waited for."""
    return speaks(moment, words.office, case.waits_for(moment.state.case(name)))


def _superior(moment: Moment, name: str, office: str) -> str | None:
    """Return in which office the person acts in place of a silent one below; None: not so."""
    state, found = moment.state, moment.state.case(name)
    told = turns.told(found, office) if isinstance(found, case.Open) else None
    if told is None or authority.held(state, office, moment.by, moment.at) is not None:
        return None
    return told if authority.held(state, told, moment.by, moment.at) is not None else None


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
