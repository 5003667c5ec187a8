"""Law 7: nobody has two parts in one case, nor any after they were recused from it.

To act for the partner is a part, and so is whatever is done in the case inside, or in a docket on
it. Who has had the one has none of the other any more, whichever office they hold since: nobody
sits on both sides of the table, nor stops or inquires into the uses of a partner that they speak
for. What they did in other cases counts for nothing, unless this one took their place.
"""

from collections.abc import Iterator, Mapping

from sayso.casework import duties, obligations, requests
from sayso.casework.dossier import Dossier, On, Part
from sayso.casework.events import (
    Act,
    Advice,
    Allegation,
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
    Hold,
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
    Violation,
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
    if isinstance(act, BY_PARTNER):
        return None
    name, partner = _about(state, act)
    if name is None:
        return None if partner is None else _speaking(state, partner, person, at)
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


def _about(state: State, act: Act) -> tuple[str | None, str | None]:
    """Return the case that an act inside is about, and the partner whose uses it stops or looks at.

    Both are those of its hold, or of its docket.
    """
    subject = _subject(state, act)
    if isinstance(subject, Hold):
        return subject.case, subject.partner
    if isinstance(subject, Allegation):
        return subject.concerns, subject.partner
    name = getattr(act, "case", None)
    return name if isinstance(name, str) else None, None


def _subject(state: State, act: Act) -> Hold | Allegation | None:
    """Return the hold or the allegation that an act is, or is about; none that is a partner's."""
    match act:
        case HoldRelease():
            hold = state.holds.get(act.hold)
            return None if hold is None else hold.said
        case Freeze() | Finding() | Remedy() | Closure():
            docket = state.dockets.get(act.docket)
            return None if docket is None else docket.opened.said
        case Allegation():
            return act if _is_inside(state, act.office) else None
        case _:
            return act if isinstance(act, Hold) else None


def _is_inside(state: State, office: str) -> bool:
    found = state.offices.get(office)
    return found is not None and found.partner is None


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
    return _speaking(state, partner, person, at)


def _speaking(state: State, partner: str, person: str, at: Instant) -> Refusal | None:
    """Return the refusal to who speaks for the partner that it is about."""
    holding = state.seats(at).held.get(person, ())
    if not any(state.offices[name].partner == partner for name in holding):
        return None
    return Refusal(
        "own-request",
        f"`{person}` speaks for `{partner}`, and nobody decides on their own request",
        _ELSE,
    )


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
    """Return who has acted for the partner in a case: filed, answered, reported, met conditions.

    Also in one that it took the place of, or by telling of a violation in it.
    """
    found = frozenset[str | None]()
    for each in _matter(state, dossier):
        told = (on.stamp.by for on, theirs in _dockets(state, each) if theirs)
        found = found.union(each.asking, _met(state, each, inside=False), told)
    return found


def acted_inside(state: State, dossier: Dossier) -> frozenset[str | None]:
    """Return who has acted inside in a case: reviewed, decided, held, ruled, met conditions.

    Also in one that it took the place of, in a docket on it, or by releasing something of it.
    """
    found = frozenset[str | None]()
    for each in _matter(state, dossier):
        ours = (on.stamp.by for on, theirs in _dockets(state, each) if not theirs)
        released = (on.stamp.by for on in state.releases if on.said.case == each.id)
        found = found.union(each.answering, _met(state, each, inside=True), ours, released)
    return found


def _matter(state: State, dossier: Dossier) -> Iterator[Dossier]:
    """Yield the dossier of a case, and those of the cases that its request took the place of."""
    yield dossier
    earlier = dossier.request.said.replaces
    while earlier is not None and (earlier in state.requests or earlier in state.cases):
        cases = [state.cases[name].dossier for name in requests.cases_of(state, earlier)]
        yield from cases
        earlier = cases[0].request.said.replaces


def _dockets(state: State, dossier: Dossier) -> Iterator[tuple[On[Violation], bool]]:
    """Yield what was said in dockets on a case, and whether the partner said it."""
    for docket in state.dockets.values():
        if docket.opened.said.concerns == dossier.id:
            yield docket.opened, not _is_inside(state, docket.opened.said.office)
            yield from ((on, False) for on in docket.said)


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
