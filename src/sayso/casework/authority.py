"""Who may act: the one function that answers it, for every act and at any moment.

An act belongs to an office; whoever holds that office at that moment by an appointment on the
record may do it, and of what is done in a case, whoever has the office's power by a chain of
delegations. Laws stand above: nobody fills two parts of one case (law 7, `parts`), and whoever
changes who may decide needs what deciding needs (law 15), which is why an office that appoints
itself is handed over by its holder and by no registrar.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sayso.casework import delegations, emergencies, knowing, obligations, offices, parts, turns
from sayso.casework.case import (
    Advising,
    Case,
    Consolidating,
    Countersigning,
    Deciding,
    Open,
    waits_for,
)
from sayso.casework.delegations import Task
from sayso.casework.dossier import Dossier, Part
from sayso.casework.events import (
    Act,
    Advice,
    Comment,
    Consolidation,
    Decision,
    Delegation,
    DelegationRevocation,
    Enrolment,
    KeyRevocation,
    Objection,
    Power,
    Query,
    Reading,
    Recusal,
    Relief,
    Review,
    Ruling,
    Variation,
)
from sayso.casework.refusal import Refusal
from sayso.casework.roster import Term
from sayso.casework.state import Link, State
from sayso.dates import Instant


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
    conflict = parts.conflict(state, act, person, at)
    if conflict is not None:
        return conflict
    wanted = offices.of_act(state, act, at)
    direct = next((found for each in wanted if (found := held(state, each, person, at))), None)
    if direct is not None:
        return parts.across(state, act, person, at) or direct
    return _delegated(state, act, person, at) or _no_office(state, person, wanted, at)


def could(state: State, act: Act, *, person: str, at: Instant) -> Refusal | None:
    """Return why `act` was not `person`'s to do at a moment gone by; None if it was.

    Law 8: it goes by what stood on the record then; what was put there since makes nothing good.
    """
    answer = may(state.appointed_by(at), act, person=person, at=at)
    return answer if isinstance(answer, Refusal) else None


def held(state: State, office: str, person: str, at: Instant) -> Warrant | None:
    """Return the warrant of a holder of `office`; None if `person` is none."""
    for term in state.holders(office, at):
        if term.person == person:
            return Warrant(person, office, term.stamp.index)
    return None


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
            return person in delegations.grantors(state, delegations.named(state, act.delegation))
        case _:
            return False


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
    if not isinstance(act, Review | Ruling | Variation | Query | Comment | Objection):
        return None
    if isinstance(act, Advice | Consolidation | Decision) and act.superior is not None:
        return None  # the time that ran out was the office's own, and so is what follows
    dossier = state.case(act.case).dossier
    power = parts.POWERS.get(type(act))
    if isinstance(act, Variation):
        return Task(act.office, power, dossier, _granted_uses(dossier))
    uses = act.uses if isinstance(act, Decision) else _signed_uses(dossier, power)
    return Task(act.office, power, dossier, uses)


def _granted_uses(dossier: Dossier) -> int | None:
    """Return how many uses the grant is for whose condition is varied."""
    granted = obligations.grant(dossier)
    return None if granted is None else granted.said.uses


def _signed_uses(dossier: Dossier, power: Power | None) -> int | None:
    """Return how many uses the decision grants that is to be countersigned or ratified."""
    if power is Power.RATIFY:
        waiting = emergencies.unratified(dossier)
        return None if waiting is None else waiting.said.uses
    signed = dossier.current_signings if power is Power.COUNTERSIGN else ()
    return signed[-1].said.uses if signed else None


def _granting_on(state: State, act: Delegation, person: str, at: Instant) -> Warrant | None:
    if act.under is None:
        return None
    return by_link(state, delegations.named(state, act.under), person, at)


def by_link(state: State, link: Link, person: str, at: Instant) -> Warrant | None:
    """Return the warrant that `link` is to `person`, if it is to them."""
    seat = delegations.seat(state, link, person, at)
    if seat is None:
        return None
    chain = tuple(each.said.delegation for each in delegations.chain(state, link))
    return Warrant(person, link.said.office, seat.appointed, chain)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case waits for: who may do it, and why those who otherwise could may not."""

    office: str
    power: Power
    able: tuple[Warrant, ...]
    unable: tuple[Refusal, ...]


def who(state: State, name: str, at: Instant) -> tuple[Wanted, ...]:
    """Return who may do the next thing in the case called `name` at `at`, by which chains."""
    found = state.case(name)
    return tuple(wanted(state, task, at) for task in _next(found))


def _next(found: Case) -> Iterator[Task]:
    doing = _DOING.get(type(found))
    if doing is not None:
        for office in waits_for(found):
            yield Task(office, doing, found.dossier, _signed_uses(found.dossier, doing))
    for office in emergencies.missing(found.dossier):
        yield Task(office, Power.RATIFY, found.dossier, _signed_uses(found.dossier, Power.RATIFY))


_DOING: Mapping[type[Case], Power] = {
    Advising: Power.ADVISE,
    Consolidating: Power.CONSOLIDATE,
    Deciding: Power.DECIDE,
    Countersigning: Power.COUNTERSIGN,
}


def wanted(state: State, task: Task, at: Instant) -> Wanted:
    """Return who may do `task` at `at`, and why those who otherwise could may not."""
    answers = tuple(_answers(state, task, at))
    able = tuple(each for each in answers if isinstance(each, Warrant))
    unable = tuple(each for each in answers if isinstance(each, Refusal))
    return Wanted(task.office, task.power or Power.DECIDE, able, unable)


def _answers(state: State, task: Task, at: Instant) -> Iterator[Warrant | Refusal]:
    part = Part(parts.DID.get(task.power or Power.DECIDE, ""), task.office)
    for warrant, why in _candidates(state, task, at):
        barring = parts.another(task.dossier, part, warrant.person) or out_of_it(
            state, task.dossier, warrant.person, at
        )
        if why is not None:
            yield Refusal("beyond-delegation", f"`{warrant.person}`: {why}")
        else:
            yield barring or warrant


def out_of_it(state: State, dossier: Dossier, person: str, at: Instant) -> Refusal | None:
    """Return why `person` can do nothing inside in a case: law 7, or it is kept from them.

    Who does something is judged on what they know, where such a case is not there at all.
    """
    return parts.barred(state, dossier, person, at) or knowing.unaware(
        state, dossier.id, person, at
    )


def _candidates(state: State, task: Task, at: Instant) -> Iterator[tuple[Warrant, str | None]]:
    for office in (task.office, *_in_place(state, task)):
        for term in state.holders(office, at):
            yield Warrant(term.person, office, term.stamp.index), None
    for link in delegations.of_office(state, task.office):
        if task.power not in link.said.powers:
            continue
        why = delegations.fault(state, link, task, at)
        for person in delegations.delegates(state, link, at):
            warrant = by_link(state, link, person, at)
            if warrant is not None:
                yield warrant, why


def _in_place(state: State, task: Task) -> Iterator[str]:
    """Yield the office above that may act in place of a silent one."""
    found = state.cases[task.dossier.id]
    if not isinstance(found, Open):
        return
    told = turns.told(found, task.office)
    if told is not None and turns.out_of_place(found, task.office, told) is None:
        yield told


def _no_office(state: State, person: str, offices: Iterable[str], at: Instant) -> Refusal:
    wanted = tuple(offices)
    if not wanted:
        return Refusal("no-office", f"no office can do this, and `{person}` holds none that could")
    holding = sorted(state.seats(at).held.get(person, ()))
    has = "holds " + ", ".join(f"`{name}`" for name in holding) if holding else "holds no office"
    names = " or ".join(f"`{office}`" for office in wanted)
    now = [term.person for office in wanted for term in holders(state, office, at)]
    vacant = "it is vacant" if all(office in state.offices for office in wanted) else ""
    hint = "it is held by " + ", ".join(f"`{each}`" for each in now) if now else vacant
    return Refusal("not-appointed", f"this belongs to {names}, and `{person}` {has} at {at}", hint)
