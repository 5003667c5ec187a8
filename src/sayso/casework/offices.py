"""To which offices an act belongs: one line for each act, and law 15 where who may decide changes.

Most acts name their office. Those on the house belong to the registrar, or to whoever fills the
office in question; those of a partner to its offices.
"""

from collections.abc import Iterable

from sayso.casework import adoption, delegations, obligations, requests
from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Answer,
    Appeal,
    Appointment,
    Article,
    Calendar,
    Consolidation,
    Decision,
    Delegation,
    DelegationRevocation,
    Delivery,
    Enrolment,
    Founding,
    Fulfilment,
    Inventory,
    KeyRevocation,
    Loss,
    Opening,
    Reading,
    Reconsideration,
    Recusal,
    Relief,
    Request,
    Surrender,
    Undertaking,
    UseReport,
    Withdrawal,
)
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.policies import parsed
from sayso.casework.roster import Term
from sayso.casework.state import REGISTRAR, State
from sayso.dates import Instant


def of_act(  # noqa: C901, PLR0911, PLR0912  # a closed union, one line for each act
    state: State, act: Act, at: Instant
) -> tuple[str, ...]:
    """Return the offices to which `act` belongs."""
    match act:
        case Founding() | Article() | Agreement() | KeyRevocation() | Delivery():
            return (REGISTRAR,)
        case Inventory() | Loss():
            return of_partner(state, state.agreement(act.agreement).partner)
        case Enrolment():
            return _enrolling(state, act.person, at)
        case Opening():
            return _opening(state, act)
        case Appointment() | Relief():
            return _filling(state, act.office, at)
        case Adoption():
            return (parsed(act.text, state.schema).issuer,)
        case Request():
            return of_partner(state, act.partner)
        case Undertaking():
            return _undertaking(state, act)
        case Withdrawal() | UseReport() | Surrender() | Appeal():
            return of_partner(state, requests.partner_of(state, act.case))
        case Answer() | Reconsideration():
            return of_partner(state, requests.partner_of(state, act.case))
        case Calendar():
            return tuple(dict.fromkeys((*_filling(state, act.office, at), REGISTRAR)))
        case Fulfilment():
            return _bound(state, act)
        case Delegation():
            return (state.office(act.office).office,) if act.under is None else ()
        case DelegationRevocation():
            link = delegations.named(state, act.delegation)
            return _above(state, {link.said.office}, strictly=False)
        case Recusal():
            return _recusing(state, act, at)
        case Reading():
            return ()
        case Advice() | Consolidation() | Decision() if act.superior is not None:
            return (state.office(act.superior).office,)
        case _:
            return (state.office(act.office).office,)


def _opening(state: State, act: Opening) -> tuple[str, ...]:
    """Return who opens an office: the registrar, but one as high as a policy's head only that head.

    A supplier's offices are ranked, and so opened, beside its own heads alone. Whoever stands above
    a decider can supersede it, and decides where policies name both. And who else speaks for a
    partner is for the offices that do already to say.
    """
    heads = {head for each in state.policies.values() for head in adoption.heads(each.policy)}
    own = [state.offices[head] for head in heads if state.offices[head].supplier == act.supplier]
    reached = [head for head in own if head.rank >= act.rank]
    if reached:
        return (min(reached, key=lambda head: (head.rank, head.office)).office,)
    return (of_partner(state, act.partner) if act.partner is not None else ()) or (REGISTRAR,)


def _filling(state: State, office: str, at: Instant) -> tuple[str, ...]:
    """Return who fills `office`: for one that fills itself, the first time, whoever outranks it.

    The registrar names the first holder of one that none outranks, and so of no head but the first.
    If nobody holds such an office any more, nor is to, it is filled by whoever outranks it and so
    could have decided in its place; by no registrar, who would otherwise choose who decides.
    """
    by = state.office(office).appointed_by
    terms = state.terms.get(office, ())
    if by != office:
        return (by,)
    if not terms:
        return outranking(state, office) or (REGISTRAR,)
    lapsed = all(_over(term, at) for term in terms)
    return (outranking(state, office) if lapsed else ()) or (office,)


def outranking(state: State, office: str) -> tuple[str, ...]:
    """Return the offices that stand above one, and are not filled from below."""
    return _above(state, {office}, strictly=True)


def _undertaking(state: State, act: Undertaking) -> tuple[str, ...]:
    """Return who undertakes: the end user itself; the partner, where the request names none."""
    asked = state.case(act.case).dossier.asked
    unit = requests.end_user(state, asked)
    return of_partner(state, asked.partner) if unit is None else (unit,)


def _bound(state: State, act: Fulfilment) -> tuple[str, ...]:
    """Return who is bound: an office, or the partner, who answers for its end users, or these."""
    dossier = state.case(act.case).dossier
    binds = {each.number: each.condition.binds for each in obligations.of(dossier)}
    whom = binds.get(act.obligation, PARTNER)
    if whom not in {PARTNER, END_USER}:
        return (whom,)
    unit = requests.end_user(state, dossier.asked) if whom == END_USER else None
    return (*(() if unit is None else (unit,)), *of_partner(state, dossier.asked.partner))


def of_partner(state: State, partner: str) -> tuple[str, ...]:
    """Return the offices that speak for a partner."""
    return state.roster.partners.get(partner, ())


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
        link.said.office
        for link in state.delegations.values()
        if link.said.person == person and not delegations.over(state, link, at)
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
    holding = set(state.seats(at).held.get(act.person, ()))
    granted = {
        link.said.office
        for link in state.delegations.values()
        if delegations.seat(state, link, act.person, at) is not None
        and not delegations.over(state, link, at)
    }
    above = set(_above(state, holding, strictly=True)) if holding else set(state.offices)
    above &= set(_above(state, granted, strictly=False)) if granted else above
    named = state.office(act.office).office
    return (named,) if holding | granted and named in above else ()
