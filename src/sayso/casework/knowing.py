"""Compartments: who is cleared, what is kept in them, and what is released on purpose.

A compartment belongs to the office that opened it; it, or an office above it, says who is cleared.
Marking hides nothing from whoever acts on it: a case is marked only when everybody is cleared who
fills an office on its route, or has its power. What is kept from whom is `inside`'s to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from sayso.casework import delegations
from sayso.casework.dossier import On, Stamp
from sayso.casework.events import (
    Clearance,
    Compartment,
    Debriefing,
    Knowing,
    Leg,
    Marking,
    Reading,
    Release,
)
from sayso.casework.inside import PUBLIC
from sayso.casework.refusal import Refusal
from sayso.casework.roster import Term
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import Unknown

NOT_CLEARED = "not-cleared"


def cleared(state: State, compartment: str, person: str, at: Instant) -> bool:
    """Return whether `person` is cleared for the compartment at `at`, and speaks for no partner."""
    given = _given(state, compartment, person, at)
    return given and _speaks_for_a_partner(state, person, at) is None


def _given(state: State, compartment: str, person: str, at: Instant) -> bool:
    """Return whether a clearance of `person` runs at `at`, even if it counts for nothing then."""
    terms = state.clearances.get(compartment, ())
    return any(term.person == person and term.period.holds(at) for term in terms)


def unaware(state: State, name: str, person: str, at: Instant) -> Refusal | None:
    """Return why `person` can do nothing in the case called `name`: it is kept, and from them.

    To be told who else may act is for those who know the case; they learn by it what is amiss.
    """
    kept = state.marked_cases.get(name)
    if kept is None or cleared(state, kept, person, at):
        return None
    return Refusal(
        NOT_CLEARED,
        f"`{person}` is not cleared for `{kept}`, in which `{name}` is kept",
        f"`{_compartment(state, kept).office}`, or who stands above it, clears them",
    )


def compartments(state: State, name: str) -> tuple[str, ...]:
    """Return the compartments in which something of the case called `name` is kept.

    Of a state as somebody knows it (`known.seen`) these are the ones that they are cleared for.
    """
    found = {state.marked_cases[name]} if name in state.marked_cases else set()
    dossier = state.case(name).dossier
    marked = state.marked_entries
    found |= {marked[index] for index in dossier.entries() if index in marked}
    bound = {each.policy for on in dossier.judgements for each in on.said.policies}
    found |= {state.marked_policies[each] for each in bound & set(state.marked_policies)}
    return tuple(sorted(found))


# --- the acts ------------------------------------------------------------------------------------


def check(state: State, act: Knowing, mark: Stamp) -> Refusal | None:
    """Return why an act on who may know what is out of order; None if it is not."""
    match act:
        case Compartment():
            return _check_compartment(state, act)
        case Clearance():
            return _check_clearance(state, act, mark.at)
        case Debriefing():
            return _check_debriefing(state, act, mark.at)
        case Marking():
            return next(_check_marking(state, act, mark), None)
        case Reading():
            return next(_check_reading(state, act, mark), None)
        case Release():
            return next(_check_release(state, act), None)
        case _:
            assert_never(act)


def apply(state: State, act: Knowing, mark: Stamp) -> State:
    """Return what stands once it is done; a reading changes nothing, and is on the record."""
    match act:
        case Compartment():
            opened = state.compartments.set(act.compartment, act)
            return replace(state, compartments=opened)
        case Clearance():
            terms = state.clearances.get(act.compartment, ())
            given = (*terms, Term(act.person, act.term, mark))
            return replace(state, clearances=state.clearances.set(act.compartment, given))
        case Debriefing():
            left = tuple(_left(state.clearances[act.compartment], act))
            return replace(state, clearances=state.clearances.set(act.compartment, left))
        case Marking():
            return _marked(state, act)
        case Reading():
            return state
        case Release():
            return replace(state, releases=(*state.releases, On(act, mark)))
        case _:
            assert_never(act)


def _compartment(state: State, name: str) -> Compartment:
    found = state.compartments.get(name)
    if found is None:
        raise Unknown.named("compartment", name, state.compartments)
    return found


def _check_compartment(state: State, act: Compartment) -> Refusal | None:
    if act.compartment in state.compartments:
        return Refusal("exists", f"a compartment is named `{act.compartment}` already")
    return _inside(state, act.office)


def _inside(state: State, office: str) -> Refusal | None:
    if state.office(office).partner is None:
        return None
    return Refusal("partners", f"`{office}` is a partner's, and this is kept inside")


def _answers(state: State, office: str, compartment: str) -> Refusal | None:
    owner = _compartment(state, compartment).office
    if state.reaches(office, owner):
        return None
    return Refusal("another's", f"`{owner}` answers for `{compartment}`, not `{office}`")


def _check_clearance(state: State, act: Clearance, at: Instant) -> Refusal | None:
    state.person(act.person)
    speaking = _speaks_for_a_partner(state, act.person, at)
    if speaking is not None:
        return Refusal("partners", f"`{act.person}` holds `{speaking}`, an office of a partner")
    return _answers(state, act.office, act.compartment)


def _speaks_for_a_partner(state: State, person: str, at: Instant) -> str | None:
    held = sorted(state.seats(at).held.get(person, ()))
    return next((name for name in held if state.offices[name].partner is not None), None)


def _check_debriefing(state: State, act: Debriefing, at: Instant) -> Refusal | None:
    refusal = _answers(state, act.office, act.compartment)
    if refusal is not None:
        return refusal
    if act.at < at:
        return Refusal("past", f"a clearance cannot end at {act.at}, before now ({at})")
    if not _given(state, act.compartment, act.person, act.at):
        return Refusal(NOT_CLEARED, f"`{act.person}` is not cleared for `{act.compartment}`")
    return None


def _left(terms: Iterable[Term], act: Debriefing) -> Iterator[Term]:
    """Yield the clearances as they are left; one that would begin when it ends is none."""
    for term in terms:
        if term.person != act.person or not term.period.holds(act.at):
            yield term
        elif term.period.start < act.at:
            yield replace(term, period=Period(term.period.start, act.at))


def _check_marking(state: State, act: Marking, mark: Stamp) -> Iterator[Refusal]:
    _compartment(state, act.compartment)
    inside = _inside(state, act.office)
    if inside is not None:
        yield inside
    if not cleared(state, act.compartment, str(mark.by), mark.at):
        yield Refusal(NOT_CLEARED, f"`{mark.by}` is not cleared for `{act.compartment}`")
    if act.case is not None:
        yield from _locked_out(state, act, mark.at)
    elif act.policy is not None and act.policy not in state.policies:
        raise Unknown.named("policy", act.policy, state.policies)
    elif act.entry is not None and act.entry >= state.size:
        raise Unknown(f"the record has no entry {act.entry}", hint=f"it has {state.size}")


def _locked_out(state: State, act: Marking, at: Instant) -> Iterator[Refusal]:
    """Yield who acts on the case, or may in the name of who does, and would not see it."""
    route = state.case(str(act.case)).dossier.verdict.said.route
    for office in dict.fromkeys(office for leg in route for office in _acting(leg)):
        for person in dict.fromkeys(_for(state, office, at)):
            if not cleared(state, act.compartment, person, at):
                yield Refusal(
                    "locked-out",
                    f"`{person}` acts on `{act.case}` for `{office}`, and is not cleared for "
                    f"`{act.compartment}`",
                    "clear them first",
                )


def _acting(leg: Leg) -> Iterator[str]:
    """Yield the offices that act on a leg: beside its own who countersigns, or decides at once."""
    yield from leg.offices
    yield from leg.countersign
    if leg.emergency is not None:
        yield leg.emergency


def _for(state: State, office: str, at: Instant) -> Iterator[str]:
    """Yield who acts for an office: its holders, and whoever has a power of it by delegation."""
    yield from (term.person for term in state.holders(office, at))
    for link in delegations.of_office(state, office):
        if delegations.ended(state, link, at) is None:
            yield from delegations.delegates(state, link, at)


def _marked(state: State, act: Marking) -> State:
    kept = act.compartment
    if act.case is not None:
        return replace(state, marked_cases=state.marked_cases.set(act.case, kept))
    if act.policy is not None:
        return replace(state, marked_policies=state.marked_policies.set(act.policy, kept))
    return replace(state, marked_entries=state.marked_entries.set(int(act.entry or 0), kept))


def _check_reading(state: State, act: Reading, mark: Stamp) -> Iterator[Refusal]:
    if mark.by in state.case(act.case).dossier.recused:
        yield Refusal(
            "recused", f"`{mark.by}` is recused from `{act.case}`, and reads no more of it"
        )
    kept = compartments(state, act.case)
    wanted = tuple(each for each in kept if cleared(state, each, str(mark.by), mark.at))
    if act.compartments != wanted:
        names = ", ".join(f"`{each}`" for each in wanted) or "no compartment"
        words = f"of `{act.case}` `{mark.by}` can read what is kept in {names}"
        yield Refusal("other-compartments", words)


def _check_release(state: State, act: Release) -> Iterator[Refusal]:
    partners = {each.partner for each in state.agreements.values()}
    if act.to != PUBLIC and act.to not in partners:
        raise Unknown.named("partner", act.to, sorted(partners | {PUBLIC}))
    owner = _answerable(state, act)
    if not state.reaches(act.office, owner):
        about = act.case or act.policy
        yield Refusal("another's", f"what is said of `{about}` is for `{owner}` to release")


def _answerable(state: State, act: Release) -> str:
    """Return the office that answers for what a release is about: its issuer, or its decider."""
    if act.policy is not None:
        found = state.policies.get(act.policy)
        if found is None:
            raise Unknown.named("policy", act.policy, state.policies)
        return found.policy.issuer
    verdict = state.case(str(act.case)).dossier.verdict.said
    if verdict.decider is not None:
        return verdict.decider
    bound = (state.policies.get(each.policy) for each in verdict.policies)
    issuers = [each.policy.issuer for each in bound if each is not None]
    return min(issuers, key=lambda office: state.office(office).rank, default=act.office)
