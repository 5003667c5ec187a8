"""Who may act: the one function that answers it, for every act and at any moment.

An act belongs to an office; whoever holds that office at that moment by an appointment on the
record may do it. Two laws stand above: nobody fills two parts of one case (law 7), and whoever
changes who may decide needs what deciding needs (law 15), which is why an office that appoints
itself is handed over by its holder and by no registrar.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sayso.casework import adoption, obligations, requests
from sayso.casework.case import Dossier, Part
from sayso.casework.events import (
    Acceptance,
    Act,
    Adoption,
    Advice,
    Agreement,
    Appointment,
    Article,
    Assertion,
    Breach,
    Consolidation,
    Countersignature,
    Decision,
    Enrolment,
    Founding,
    Fulfilment,
    Opening,
    Ratification,
    Relief,
    Request,
    Rescission,
    Retraction,
    Review,
    Ruling,
    Settlement,
    Undertaking,
    UseReport,
    Vocabulary,
    Withdrawal,
)
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.policies import parsed
from sayso.casework.refusal import Refusal
from sayso.casework.state import REGISTRAR, State, Term
from sayso.dates import Instant


@dataclass(frozen=True, slots=True)
class Warrant:
    """By what right a person acts: the office, and the entry that appointed them.

    Neither, where a person acts for themself alone.
    """

    person: str
    office: str | None = None
    appointed: int | None = None


def holders(state: State, office: str, at: Instant) -> tuple[Term, ...]:
    """Return the terms in `office` that hold at `at`."""
    return tuple(term for term in state.terms.get(office, ()) if term.period.holds(at))


def may(state: State, act: Act, *, person: str, at: Instant) -> Warrant | Refusal:
    """Return by what right `person` may do `act` at `at`, or why they may not."""
    if _for_oneself(state, act, person):
        return Warrant(person)
    conflict = _two_parts(state, act, person, at)
    if conflict is not None:
        return conflict
    offices = offices_for(state, act)
    for office in offices:
        for term in holders(state, office, at):
            if term.person == person:
                return Warrant(person, office, term.stamp.index)
    return _no_office(state, person, offices, at)


def offices_for(  # noqa: C901, PLR0911  # one line for each act
    state: State, act: Act
) -> tuple[str, ...]:
    """Return the offices to which `act` belongs."""
    match act:
        case Founding() | Enrolment() | Article() | Agreement():
            return (REGISTRAR,)
        case Opening():
            return _opening(state, act)
        case Appointment() | Relief():
            return (_appointing(state, act.office),)
        case Adoption():
            return (parsed(act.text, state.schema).issuer,)
        case Request():
            return _of_partner(state, act.partner)
        case Withdrawal() | Undertaking():
            return _of_partner(state, requests.partner_of(state, act.case))
        case UseReport():
            return _of_partner(state, requests.partner_of(state, act.case))
        case Fulfilment():
            return _bound(state, act)
        case Advice() | Consolidation() | Acceptance() | Breach():
            return (state.office(act.office).office,)
        case Decision() | Countersignature() | Ratification():
            return (state.office(act.office).office,)
        case Rescission() | Vocabulary() | Assertion() | Retraction() | Settlement():
            return (state.office(act.office).office,)


def _opening(state: State, act: Opening) -> tuple[str, ...]:
    """Return who opens an office: the registrar, but one as high as a policy's head only that head.

    Whoever stands above a decider can supersede it, and decides where policies name both. And who
    else speaks for a partner is for the offices that do already to say.
    """
    heads = {head for each in state.policies.values() for head in adoption.heads(each.policy)}
    reached = [state.offices[head] for head in heads if state.offices[head].rank >= act.rank]
    if reached:
        return (min(reached, key=lambda head: (head.rank, head.office)).office,)
    return (_of_partner(state, act.partner) if act.partner is not None else ()) or (REGISTRAR,)


def _appointing(state: State, office: str) -> str:
    """Return who fills `office`: for one that appoints itself, the registrar the first time."""
    by = state.office(office).appointed_by
    return REGISTRAR if by == office and not state.terms.get(office) else by


def _bound(state: State, act: Fulfilment) -> tuple[str, ...]:
    """Return who is bound: an office, or the partner, who answers for its end users."""
    dossier = state.case(act.case).dossier
    for each in obligations.of(dossier):
        if each.number == act.obligation and each.condition.binds not in {PARTNER, END_USER}:
            return (state.office(each.condition.binds).office,)
    return _of_partner(state, dossier.asked.partner)


def _of_partner(state: State, partner: str) -> tuple[str, ...]:
    return tuple(sorted(name for name, each in state.offices.items() if each.partner == partner))


def _for_oneself(state: State, act: Act, person: str) -> bool:
    """Return whether the act concerns nobody else: a further key of one's own, or resigning."""
    match act:
        case Enrolment():
            return act.person == person and person in state.persons
        case Relief():
            return act.person == person and act.successor is None
        case _:
            return False


def _two_parts(state: State, act: Act, person: str, at: Instant) -> Refusal | None:
    """Return the refusal of law 7 if `person` already has another part in the case.

    The same part again is none other: an office advises anew when a case is judged anew.
    """
    if not isinstance(act, Review | Ruling | Acceptance | Breach):
        return None
    dossier = state.case(act.case).dossier
    return _has_part(dossier, act, person) or _own(state, dossier, person, at)


def _has_part(dossier: Dossier, act: Act, person: str) -> Refusal | None:
    if not isinstance(act, Review | Ruling):
        return None
    part = dossier.parts().get(person)
    if part is not None and part != Part(_DID.get(type(act), ""), act.office):
        return Refusal(
            "two-parts",
            f"`{person}` {part.did}, and nobody fills two parts of one case",
            "somebody else has to do this",
        )
    return None


def _own(state: State, dossier: Dossier, person: str, at: Instant) -> Refusal | None:
    partner = dossier.asked.partner
    if any(_holds(state, office, person, at) for office in _of_partner(state, partner)):
        return Refusal(
            "own-request",
            f"`{person}` speaks for `{partner}`, and nobody decides on their own request",
            "somebody else has to do this",
        )
    return None


_DID: Mapping[type[Act], str] = {
    Advice: "advised on it",
    Consolidation: "consolidated its advice",
    Decision: "decided it",
    Countersignature: "countersigned it",
    Ratification: "ratified it",
}


def _no_office(state: State, person: str, offices: Iterable[str], at: Instant) -> Refusal:
    wanted = tuple(offices)
    if not wanted:
        return Refusal("no-office", f"no office can do this, and `{person}` holds none that could")
    held = sorted(name for name in state.terms if _holds(state, name, person, at))
    has = "holds " + ", ".join(f"`{name}`" for name in held) if held else "holds no office"
    names = " or ".join(f"`{office}`" for office in wanted)
    now = [term.person for office in wanted for term in holders(state, office, at)]
    hint = "it is held by " + ", ".join(f"`{each}`" for each in now) if now else "it is vacant"
    return Refusal("not-appointed", f"this belongs to {names}, and `{person}` {has} at {at}", hint)


def _holds(state: State, office: str, person: str, at: Instant) -> bool:
    return any(term.person == person for term in holders(state, office, at))
