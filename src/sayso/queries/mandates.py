"""By which instruments does somebody act? Every chain that leads to a person, or to an office."""

from dataclasses import dataclass
from typing import assert_never

from sayso.casework import authority, delegations, obligations
from sayso.casework.case import Granted, Suspended, leg_of
from sayso.casework.delegations import Task
from sayso.casework.dossier import Dossier
from sayso.casework.events import Leg, Power
from sayso.casework.roster import Term
from sayso.casework.state import Link, State
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Mandate:
    """That a person acts for an office: since which entry, with which powers, by which chain.

    `chain` is empty for who holds the office; `acting` for its substitute. `why_not` says why it
    grants nothing, at that moment or in that case.
    """

    person: str
    office: str
    entry: int
    term: Period
    powers: tuple[Power, ...]
    chain: tuple[str, ...] = ()
    acting: bool = False
    why_not: str | None = None

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "person": self.person,
            "office": self.office,
            "entry": self.entry,
            "term": str(self.term),
            "powers": [power.value for power in self.powers],
            "chain": list(self.chain),
            "acting": self.acting,
            **({} if self.why_not is None else {"why_not": self.why_not}),
        }


def mandates(
    state: State, name: str, at: Instant, *, dossier: Dossier | None = None
) -> tuple[Mandate, ...]:
    """Return the mandates at `at` of the person, or for the office, called `name`.

    With a dossier, each says whether it reaches that case. Mandates that are over are left out,
    those by delegation only if they reached nobody any more.
    """
    if name not in state.persons and name not in state.offices:
        raise Unknown.named("person or office", name, {*state.persons, *state.offices})
    of_office = [
        _held(state, office, term, at, dossier)
        for office in sorted(state.offices)
        for term in state.holders(office, at)
    ]
    by_link = [
        _delegated(state, link, person, at, dossier)
        for _, link in sorted(state.delegations.items())
        for person in delegations.delegates(state, link, at)
    ]
    return tuple(each for each in (*of_office, *by_link) if name in {each.person, each.office})


def _held(state: State, office: str, term: Term, at: Instant, dossier: Dossier | None) -> Mandate:
    barred = None if dossier is None else authority.out_of_it(state, dossier, term.person, at)
    return Mandate(
        person=term.person,
        office=office,
        entry=term.stamp.index,
        term=term.period,
        powers=tuple(Power),
        acting=term.acting,
        why_not=None if barred is None else barred.words,
    )


def _delegated(
    state: State, link: Link, person: str, at: Instant, dossier: Dossier | None
) -> Mandate:
    return Mandate(
        person=person,
        office=link.said.office,
        entry=link.stamp.index,
        term=link.said.term,
        powers=link.said.powers,
        chain=tuple(each.said.delegation for each in delegations.chain(state, link)),
        why_not=_why_not(state, link, person, at, dossier),
    )


def _why_not(
    state: State, link: Link, person: str, at: Instant, dossier: Dossier | None
) -> str | None:
    if dossier is None:
        return delegations.ended(state, link, at)
    barred = authority.out_of_it(state, dossier, person, at)
    if barred is not None:
        return barred.words
    office, uses = link.said.office, _granted_uses(state, dossier)
    theirs = [power for power in link.said.powers if office in _offices(dossier, power)]
    if not theirs:
        does = " or ".join(power.value for power in link.said.powers)
        return delegations.ended(state, link, at) or f"`{office}` has nothing to {does} in it"
    tasks = (Task(office, power, dossier, uses) for power in theirs)
    faults = [delegations.fault(state, link, task, at) for task in tasks]
    return None if None in faults else faults[0]


def _offices(dossier: Dossier, power: Power) -> frozenset[str]:
    """Return the offices that do this in the case: on its route, or on that of what it granted."""
    granted = obligations.grant(dossier)
    decided = () if granted is None else (leg_of(dossier, granted.said),)
    legs = (*dossier.verdict.said.route, *decided)
    return frozenset(office for leg in legs for office in _at(leg, power))


def _at(leg: Leg, power: Power) -> tuple[str, ...]:
    match power:
        case Power.COUNTERSIGN:
            return leg.countersign
        case Power.RATIFY:
            return (*leg.offices, *leg.countersign) if leg.emergency is not None else ()
        case Power.ADVISE | Power.CONSOLIDATE | Power.DECIDE:
            at_once = () if leg.emergency is None else (leg.emergency,)
            return (*leg.offices, *at_once) if leg.does.value == power.value else ()
        case _:
            assert_never(power)


def _granted_uses(state: State, dossier: Dossier) -> int | None:
    """Return how many uses the live grant is for whose conditions may be reconsidered, if any."""
    if not isinstance(state.case(dossier.id), Granted | Suspended) or not dossier.decisions:
        return None
    return dossier.decisions[-1].said.uses
