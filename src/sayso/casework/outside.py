"""What is known outside: to who speaks for partners, and to who has no part in anything.

A partner knows its own cases, and the agreements and articles that it was told of; nobody inside,
and no other partner. Whatever is no act of its own it is refused in one constant way, before
anything is looked up: else it would learn by asking who decides, which policies there are, and
which requests others filed (law 13). Who has no part in anything does only what concerns themself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sayso.casework import delegations
from sayso.casework.case import Case
from sayso.casework.dossier import On
from sayso.casework.events import (
    Act,
    Agreement,
    Allegation,
    Answer,
    Appeal,
    Appointment,
    Calendar,
    DelegationRevocation,
    EndUseCheck,
    Enrolment,
    Fulfilment,
    Holding,
    Inventory,
    KeyRevocation,
    Loss,
    Opening,
    Reconsideration,
    Recusal,
    Relief,
    Request,
    Surrender,
    Undertaking,
    UseReport,
    Withdrawal,
)
from sayso.casework.footing import Footing
from sayso.casework.inside import PUBLIC
from sayso.casework.naming import Kind, named
from sayso.casework.refusal import Refusal
from sayso.casework.shown import only, shown, some
from sayso.casework.state import Docket, State

NO_PART = "no-part"
OF_A_PARTNER = (
    Request
    | Withdrawal
    | Undertaking
    | Answer
    | UseReport
    | Fulfilment
    | Reconsideration
    | Surrender
    | Appeal
    | Inventory
    | Loss
    | Allegation
)
"""What a partner does; of some, as a docket on itself, offices inside do the like."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands, as far as it is known to `person`, who stands outside."""

    state: State
    footing: Footing
    person: str

    def refusal(self) -> Refusal:
        """Return the one answer to whatever is not for who stands outside to do."""
        hint = "whoever has a part inside does this"
        partners = ", ".join(f"`{each}`" for each in sorted(self.footing.partners))
        if not partners:
            words = f"`{self.person}` has no office here, and does only what concerns themself"
            return Refusal(NO_PART, words, hint)
        return Refusal(
            "partners",
            f"`{self.person}` speaks for {partners}, and this is not for a partner to do",
            hint,
        )

    def may(self, act: Act) -> bool:  # noqa: PLR0911  # one line for each kind
        """Return whether acts of this kind are for them to do, rightly or not."""
        if isinstance(act, OF_A_PARTNER):
            return bool(self.footing.partners)
        match act:
            case Enrolment() | KeyRevocation():
                return act.person == self.person
            case Recusal():
                return act.person == self.person and bool(self.footing.partners)
            case Relief():
                return act.person == self.person or self._is_theirs(act.office)
            case Appointment() | Calendar():
                return self._is_theirs(act.office)
            case Opening():
                return act.partner in self.footing.partners
            case DelegationRevocation():
                return act.delegation in delegations.in_hand(self.state, self.person)
            case _:
                return False

    def _is_theirs(self, office: str) -> bool:
        found = self.state.offices.get(office)
        return found is not None and found.partner in self.footing.partners

    def knows_of(self, act: Act) -> bool:
        """Return whether all that an act names is known to who does it."""
        return all(self.knows(kind, str(name)) for kind, name in named(act))

    def knows(self, kind: Kind, name: str) -> bool:
        """Return whether a thing of that kind is known: of which they speak, that is."""
        match kind:
            case Kind.CASE:
                return self._case(name)
            case Kind.AGREEMENT:
                return self._agreement(name)
            case Kind.ARTICLE:
                return self._article(name)
            case _:
                return True

    # --- the state as it is known -----------------------------------------------------------------

    def seen(self) -> State:
        """Return the state of what is known, and of nothing else."""
        state, partners = self.state, self.footing.partners
        offices = {name for name, each in state.offices.items() if each.partner in partners}
        terms = some(state.terms, offices)
        persons = {self.person, *(term.person for ever in terms.values() for term in ever)}
        persons &= set(state.persons)
        fingerprints = {each for name in persons for each in state.persons[name]}
        return State(
            origin=state.origin,
            viewpoint=state.viewpoint,
            clock=state.clock,
            size=state.size,
            at=state.at,
            persons=some(state.persons, persons),
            keys=some(state.keys, fingerprints),
            offices=some(state.offices, offices),
            terms=terms,
            calendars=some(state.calendars, offices),
            articles=only(state.articles, self._article),
            agreements=only(state.agreements, self._agreement),
            cases=shown(state.cases, lambda _, each: each if self._is_own(each) else None),
            requests=only(state.requests, self._case),
            filed_by=some(state.filed_by, partners),
            dockets=shown(state.dockets, self._docket),
            holdings=shown(state.holdings, self._holdings),
            owing=shown(state.owing, lambda key, names: names if key[0] in partners else None),
            delegations=some(state.delegations, delegations.in_hand(state, self.person)),
        )

    def _case(self, name: str) -> bool:
        """Return whether a case, or a request, is one of theirs."""
        first = self.state.requests.get(name, (name,))[0]
        found = self.state.cases.get(first)
        return found is not None and self._is_own(found)

    def _is_own(self, case: Case) -> bool:
        return case.dossier.asked.partner in self.footing.partners

    def _agreement(self, name: str) -> bool:
        found = self.state.agreements.get(name)
        return found is not None and self._is_told(found)

    def _is_told(self, agreement: Agreement) -> bool:
        theirs = agreement.partner in self.footing.partners
        return theirs or self._is_released(agreement.releasable_to)

    def _article(self, name: str) -> bool:
        found = self.state.articles.get(name)
        if found is None:
            return False
        return self._is_released(found.releasable_to) or any(
            name in each.articles and self._is_told(each) for each in self.state.agreements.values()
        )

    def _is_released(self, to: Iterable[str]) -> bool:
        return any(each == PUBLIC or each in self.footing.partners for each in to)

    def _docket(self, _: str, docket: Docket) -> Docket | None:
        return docket if self._is_theirs(docket.opened.said.office) else None

    def _holdings(
        self, key: tuple[str, str], said: tuple[On[Holding], ...]
    ) -> tuple[On[Holding], ...] | None:
        if self.state.agreements[key[0]].partner not in self.footing.partners:
            return None
        return tuple(on for on in said if not isinstance(on.said, EndUseCheck))
