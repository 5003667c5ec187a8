"""Law 7: nobody has two parts in one case, nor any after they were recused from it.

To act for the partner is a part, and so is whatever is done in the case inside. Who has had the one
has none of the other any more, whichever office they hold since: nobody sits on both sides of the
table. What they did in other cases counts for nothing.
"""

from collections.abc import Iterator, Mapping

from sayso.casework import duties, obligations, requests
from sayso.casework.dossier import Dossier, Part
from sayso.casework.events import (
    Act,
    Advice,
    Answer,
    Appeal,
    Asking,
    Closure,
    Consolidation,
    Countersignature,
    Decision,
    Finding,
    Freeze,
    Fulfilment,
    HoldRelease,
    Power,
    Ratification,
    Reconsideration,
    Remedy,
    Request,
    Review,
    Ruling,
    Surrender,
    UseReport,
    Variation,
    Withdrawal,
)
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant

BY_PARTNER = Asking | Answer | UseReport | Fulfilment | Reconsideration | Surrender | Appeal
POWERS: Mapping[type[Act], Power] = {
    Advice: Power.ADVISE,
    Consolidation: Power.CONSOLIDATE,
    Decision: Power.DECIDE,
    Variation: Power.DECIDE,
    Countersignature: Power.COUNTERSIGN,
    Ratification: Power.RATIFY,
}
DID: Mapping[Power, str] = {
    Power.ADVISE: "advised on it",
    Power.CONSOLIDATE: "consolidated its advice",
    Power.DECIDE: "decided it",
    Power.COUNTERSIGN: "countersigned it",
    Power.RATIFY: "ratified it",
}
_ELSE = "somebody else has to do this"


def conflict(state: State, act: Act, person: str, at: Instant) -> Refusal | None:
    """Return the refusal of law 7 if `person` may have no such part inside in the case of `act`.

    Whatever names a case is a part in it; what is for a partner to do is looked at by `across`.
    """
    name = None if isinstance(act, BY_PARTNER) else _case_of(state, act)
    if name is None:
        return None
    dossier = state.case(name).dossier
    return _two_parts(dossier, act, person) or barred(state, dossier, person, at)


def across(state: State, act: Act, person: str, at: Instant) -> Refusal | None:
    """Return the refusal of law 7 to who speaks for the partner, or meets a condition inside."""
    if not isinstance(act, BY_PARTNER):
        return None
    if isinstance(act, Fulfilment) and act.obligation in _inside(state, act.case):
        return barred(state, state.case(act.case).dossier, person, at)
    found = (_on_both_sides(state, dossier, person) for dossier in _asked_in(state, act))
    return next((refusal for refusal in found if refusal is not None), None)


def _inside(state: State, name: str) -> dict[int, str]:
    """Return the obligations of a case that bind offices inside, by number, with these offices.

    A partner's may be named as well; one that is not known here is none of the partner's.
    """
    owed = obligations.of(state.case(name).dossier)
    bound = {each.number: each.condition.binds for each in owed}
    theirs = {
        PARTNER,
        END_USER,
        *(office for each in state.roster.partners.values() for office in each),
    }
    return {number: office for number, office in bound.items() if office not in theirs}


def _case_of(state: State, act: Act) -> str | None:
    """Return the case that an act names, or that its hold or its docket is about."""
    match act:
        case HoldRelease():
            hold = state.holds.get(act.hold)
            return None if hold is None else hold.said.case
        case Freeze() | Finding() | Remedy() | Closure():
            docket = state.dockets.get(act.docket)
            return None if docket is None else docket.opened.said.concerns
        case _:
            name = getattr(act, "case", None)
            return name if isinstance(name, str) else None


def _asked_in(state: State, act: BY_PARTNER) -> Iterator[Dossier]:
    """Yield the cases in which an act of a partner is a part: all that it moves or draws down."""
    match act:
        case Request():
            earlier = act.replaces
            known = earlier in state.requests or earlier in state.cases
            names = requests.sought(state, earlier) if earlier is not None and known else ()
            yield from (state.cases[name].dossier for name in names)
        case Withdrawal():
            yield from (state.cases[name].dossier for name in requests.sought(state, act.case))
        case UseReport():
            yield from (each.dossier for each in duties.together(state, state.case(act.case)))
        case _:
            yield state.case(act.case).dossier


# --- the refusals --------------------------------------------------------------------------------


def barred(state: State, dossier: Dossier, person: str, at: Instant) -> Refusal | None:
    """Return why `person` has no part inside in a case: recused from it, or of those who ask."""
    recused = _recused(dossier, person)
    if recused is not None:
        return recused
    partner = dossier.request.said.partner
    if person in acted_for_partner(state, dossier):
        return Refusal(
            "own-request",
            f"`{person}` acted for `{partner}` in `{dossier.id}`, and nobody decides on their own "
            "request",
            _ELSE,
        )
    holding = state.seats(at).held.get(person, ())
    if any(state.offices[name].partner == partner for name in holding):
        return Refusal(
            "own-request",
            f"`{person}` speaks for `{partner}`, and nobody decides on their own request",
            _ELSE,
        )
    return None


def _on_both_sides(state: State, dossier: Dossier, person: str) -> Refusal | None:
    """Return why `person` does not act for the partner in a case: recused, or of those inside."""
    if person not in acted_inside(state, dossier):
        return _recused(dossier, person)
    return Refusal(
        "both-sides",
        f"`{person}` had a part in `{dossier.id}` inside, and nobody acts on both sides",
        "somebody else who speaks for the partner has to do this",
    )


def _recused(dossier: Dossier, person: str) -> Refusal | None:
    if person not in dossier.recused:
        return None
    return Refusal("recused", f"`{person}` is recused from `{dossier.id}`", _ELSE)


def acted_for_partner(state: State, dossier: Dossier) -> frozenset[str | None]:
    """Return who has acted for the partner in a case: filed, answered, reported, met conditions."""
    return dossier.asking | _met(state, dossier, inside=False)


def acted_inside(state: State, dossier: Dossier) -> frozenset[str | None]:
    """Return who has acted inside in a case: reviewed, decided, held, ruled, met conditions."""
    return dossier.answering | _met(state, dossier, inside=True)


def _met(state: State, dossier: Dossier, *, inside: bool) -> frozenset[str | None]:
    """Return who has met conditions that bind offices inside, or the others."""
    met = dossier.since(Fulfilment)
    duties = _inside(state, dossier.id) if met else {}
    return frozenset(on.stamp.by for on in met if (on.said.obligation in duties) is inside)


def _two_parts(dossier: Dossier, act: Act, person: str) -> Refusal | None:
    """Return the refusal if `person` already has another part in the case.

    The same part again is none other: an office advises anew when a case is judged anew.
    """
    if not isinstance(act, Review | Ruling | Variation):
        return None
    return another(dossier, Part(DID[POWERS[type(act)]], act.office), person)


def another(dossier: Dossier, part: Part, person: str) -> Refusal | None:
    """Return the refusal of `part` to who has filled another in the same case."""
    had = dossier.parts().get(person)
    if had is None or had == part:
        return None
    return Refusal(
        "two-parts", f"`{person}` {had.did}, and nobody fills two parts of one case", _ELSE
    )
