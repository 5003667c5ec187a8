"""Who may act: the one function that answers it, for every act and at any moment.

An act belongs to an office; whoever holds that office at that moment by an appointment on the
record may do it, and of what is done in a case, whoever has the office's power by a chain of
delegations. Laws stand above: nobody fills two parts of one case, nor any after they were recused
(law 7), and whoever changes who may decide needs what deciding needs (law 15), which is why an
office that appoints itself is handed over by its holder and by no registrar.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sayso.casework import adoption, delegations, obligations, requests
from sayso.casework.delegations import Task
from sayso.casework.dossier import Dossier, Part
from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Answer,
    Appeal,
    Appointment,
    Article,
    Asking,
    Calendar,
    Comment,
    Consolidation,
    Countersignature,
    Decision,
    Delegation,
    DelegationRevocation,
    Delivery,
    Enrolment,
    Founding,
    Fulfilment,
    HoldRelease,
    Inventory,
    KeyRevocation,
    Loss,
    Objection,
    Opening,
    Power,
    Query,
    Ratification,
    Reading,
    Recusal,
    Relief,
    Request,
    Review,
    Ruling,
    Surrender,
    Undertaking,
    UseReport,
    Withdrawal,
)
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.policies import parsed
from sayso.casework.refusal import Refusal
from sayso.casework.state import REGISTRAR, Link, State, Term
from sayso.dates import Instant
from sayso.errors import Unknown


@dataclass(frozen=True, slots=True)
class Warrant:
    """By what right a person acts: in whose name, and the entry that appointed them.

    `chain` names the delegations by which they have the office's power, the holder's own first;
    `appointed` is then of the office to which the last of them is. Neither, where a person acts for
    themself alone.
    """

    person: str
    office: str | None = None
    appointed: int | None = None
    chain: tuple[str, ...] = ()


def holders(state: State, office: str, at: Instant) -> tuple[Term, ...]:
    """Return the terms in `office` that hold at `at`."""
    return state.holders(office, at)


def may(state: State, act: Act, *, person: str, at: Instant) -> Warrant | Refusal:
    """Return by what right `person` may do `act` at `at`, or why they may not."""
    if _for_oneself(state, act, person):
        return Warrant(person)
    conflict = _conflict(state, act, person, at)
    if conflict is not None:
        return conflict
    offices = offices_for(state, act, at)
    direct = next((found for each in offices if (found := held(state, each, person, at))), None)
    if direct is not None:
        return direct
    return _delegated(state, act, person, at) or _no_office(state, person, offices, at)


def held(state: State, office: str, person: str, at: Instant) -> Warrant | None:
    """Return the warrant of a holder of `office`; None if `person` is none."""
    terms = (term for term in state.holders(office, at) if term.person == person)
    return next((Warrant(person, office, term.stamp.index) for term in terms), None)


def offices_for(  # noqa: C901, PLR0911, PLR0912  # a closed union, one line for each act
    state: State, act: Act, at: Instant
) -> tuple[str, ...]:
    """Return the offices to which `act` belongs."""
    match act:
        case Founding() | Article() | Agreement() | KeyRevocation() | Delivery():
            return (REGISTRAR,)
        case Inventory() | Loss():
            return _of_partner(state, state.agreement(act.agreement).partner)
        case Enrolment():
            return _enrolling(state, act.person, at)
        case Opening():
            return _opening(state, act)
        case Appointment() | Relief():
            return (_appointing(state, act.office),)
        case Adoption():
            return (parsed(act.text, state.schema).issuer,)
        case Request():
            return _of_partner(state, act.partner)
        case Withdrawal() | Undertaking() | UseReport() | Surrender() | Appeal():
            return _of_partner(state, requests.partner_of(state, act.case))
        case Answer():
            return _of_partner(state, requests.partner_of(state, act.case))
        case Calendar():
            return tuple(dict.fromkeys((_appointing(state, act.office), REGISTRAR)))
        case Fulfilment():
            return _bound(state, act)
        case Delegation():
            return (state.office(act.office).office,) if act.under is None else ()
        case DelegationRevocation():
            link = _link(state, act.delegation)
            return _above(state, {link.said.office}, strictly=False)
        case Recusal():
            return _recusing(state, act, at)
        case Reading():
            return ()
        case _:
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


def _enrolling(state: State, person: str, at: Instant) -> tuple[str, ...]:
    """Return who enrols a key for a person: the registrar, as long as the person decides nothing.

    For one whose keys are all revoked it is whoever could put another in their place: who fills
    every office they hold, and has every power that is delegated to them. Else a registrar would
    revoke the decider's key, enrol one of their own for them, and decide.
    """
    if person not in state.persons or state.live_keys(person):
        return (REGISTRAR,)
    filling = {
        state.offices[name].appointed_by
        for name, terms in state.terms.items()
        if any(term.person == person and not _over(term, at) for term in terms)
    }
    granting = {
        link.said.office for link in state.delegations.values() if link.said.person == person
    }
    return _above(state, filling | granting, strictly=False) or (REGISTRAR,)


def _over(term: Term, at: Instant) -> bool:
    return term.period.end is not None and term.period.end <= at


def _above(state: State, offices: Iterable[str], *, strictly: bool) -> tuple[str, ...]:
    """Return the offices that are, or strictly outrank, each of `offices`; none for none."""
    wanted = set(offices)
    return tuple(
        name
        for name in sorted(state.offices)
        if wanted
        and all(state.above(name, each) and not (strictly and name == each) for each in wanted)
    )


def _recusing(state: State, act: Recusal, at: Instant) -> tuple[str, ...]:
    """Return who can demand a recusal: the office named, if it is above all the person acts for."""
    if act.office is None:
        return ()
    holding = {name for name in state.terms if held(state, name, act.person, at)}
    granted = {
        link.said.office
        for link in state.delegations.values()
        if delegations.seat(state, link, act.person, at) is not None
    }
    above = set(_above(state, holding, strictly=True)) if holding else set(state.offices)
    above &= set(_above(state, granted, strictly=False)) if granted else above
    named = state.office(act.office).office
    return (named,) if holding | granted and named in above else ()


def _link(state: State, name: str) -> Link:
    found = state.delegations.get(name)
    if found is None:
        raise Unknown.named("delegation", name, state.delegations)
    return found


def _for_oneself(state: State, act: Act, person: str) -> bool:
    """Return whether it concerns nobody else, as reading, or takes back what the person gave."""
    match act:
        case Enrolment():
            return act.person == person and bool(state.live_keys(person))
        case Relief():
            return act.person == person and act.successor is None
        case Reading():
            return person in state.persons
        case KeyRevocation() | Recusal():
            return act.person == person
        case DelegationRevocation():
            return person in delegations.grantors(state, _link(state, act.delegation))
        case _:
            return False


BY_PARTNER = Asking | Answer | Recusal | UseReport | Fulfilment | Surrender | Appeal


def _conflict(state: State, act: Act, person: str, at: Instant) -> Refusal | None:
    """Return the refusal of law 7 if `person` may have no such part in the case of `act`.

    Whatever names a case is a part in it, unless it is the partner's own.
    """
    name = getattr(act, "case", None)
    if isinstance(act, HoldRelease) and act.hold in state.holds:
        name = state.holds[act.hold].said.case
    if isinstance(act, BY_PARTNER) or not isinstance(name, str):
        return None
    dossier = state.case(name).dossier
    return _two_parts(dossier, act, person) or barred(state, dossier, person, at)


def barred(state: State, dossier: Dossier, person: str, at: Instant) -> Refusal | None:
    """Return why `person` has no part at all in a case: recused from it, or the one who asks."""
    if person in dossier.recused:
        return Refusal(
            "recused",
            f"`{person}` is recused from `{dossier.id}`",
            "somebody else has to do this",
        )
    partner = dossier.asked.partner
    if any(held(state, office, person, at) for office in _of_partner(state, partner)):
        return Refusal(
            "own-request",
            f"`{person}` speaks for `{partner}`, and nobody decides on their own request",
            "somebody else has to do this",
        )
    return None


def _two_parts(dossier: Dossier, act: Act, person: str) -> Refusal | None:
    """Return the refusal if `person` already has another part in the case.

    The same part again is none other: an office advises anew when a case is judged anew.
    """
    if not isinstance(act, Review | Ruling):
        return None
    return another_part(dossier, Part(_DID[type(act)], act.office), person)


def another_part(dossier: Dossier, part: Part, person: str) -> Refusal | None:
    """Return the refusal of `part` to who has filled another in the same case."""
    had = dossier.parts().get(person)
    if had is None or had == part:
        return None
    return Refusal(
        "two-parts",
        f"`{person}` {had.did}, and nobody fills two parts of one case",
        "somebody else has to do this",
    )


POWERS: Mapping[type[Act], Power] = {
    Advice: Power.ADVISE,
    Consolidation: Power.CONSOLIDATE,
    Decision: Power.DECIDE,
}
DID: Mapping[Power, str] = {
    Power.ADVISE: "advised on it",
    Power.CONSOLIDATE: "consolidated its advice",
    Power.DECIDE: "decided it",
}
_DID: Mapping[type[Act], str] = {
    **{each: DID[power] for each, power in POWERS.items()},
    Countersignature: "countersigned it",
    Ratification: "ratified it",
}


def _delegated(state: State, act: Act, person: str, at: Instant) -> Warrant | Refusal | None:
    """Return the warrant by delegation; the refusal if there is one that does not reach so far."""
    if isinstance(act, Delegation):
        return _granting_on(state, act, person, at)
    task = task_of(state, act)
    if task is None:
        return None
    found = None
    for link in delegations.of_office(state, task.office):
        warrant = by_link(state, link, person, at)
        if warrant is None:
            continue
        why = delegations.fault(state, link, task, at)
        if why is None:
            return warrant
        found = Refusal("beyond-delegation", f"`{person}` may not do this: {why}")
    return found


def task_of(state: State, act: Act) -> Task | None:
    """Return what `act` does in a case; None if it is nothing that an office can delegate."""
    match act:
        case Advice() | Consolidation() | Query() | Comment() | Objection():
            uses = None
        case Decision():
            uses = act.uses
        case _:
            return None
    return Task(act.office, POWERS.get(type(act)), state.case(act.case).dossier, uses)


def _granting_on(state: State, act: Delegation, person: str, at: Instant) -> Warrant | None:
    if act.under is None:
        return None
    return by_link(state, _link(state, act.under), person, at)


def by_link(state: State, link: Link, person: str, at: Instant) -> Warrant | None:
    """Return the warrant that `link` is to `person`, if it is to them."""
    seat = delegations.seat(state, link, person, at)
    if seat is None:
        return None
    chain = tuple(each.said.delegation for each in delegations.chain(state, link))
    return Warrant(person, link.said.office, seat.appointed, chain)


def delegates(state: State, link: Link, at: Instant) -> Iterator[str]:
    """Yield the persons whom `link` reaches at `at`."""
    if link.said.person is not None:
        yield link.said.person
        return
    yield from (term.person for term in state.holders(str(link.said.to_office), at))


def _no_office(state: State, person: str, offices: Iterable[str], at: Instant) -> Refusal:
    wanted = tuple(offices)
    if not wanted:
        return Refusal("no-office", f"no office can do this, and `{person}` holds none that could")
    holding = sorted(name for name in state.terms if held(state, name, person, at))
    has = "holds " + ", ".join(f"`{name}`" for name in holding) if holding else "holds no office"
    names = " or ".join(f"`{office}`" for office in wanted)
    now = [term.person for office in wanted for term in holders(state, office, at)]
    hint = "it is held by " + ", ".join(f"`{each}`" for each in now) if now else "it is vacant"
    return Refusal("not-appointed", f"this belongs to {names}, and `{person}` {has} at {at}", hint)
