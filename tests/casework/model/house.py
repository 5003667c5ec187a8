"""What speaks against an act on the house, in the model."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sayso.casework.events import (
    Adoption,
    Appointment,
    Assertion,
    Clearance,
    Debriefing,
    Delegation,
    DelegationRevocation,
    Marking,
    Reading,
    Recusal,
    Relief,
    Rescission,
    Retraction,
    Settlement,
)
from sayso.dates import Period
from tests.casework.bodies import Paper, side
from tests.casework.model.rules import Rules
from tests.casework.model.tables import (
    ASSERTING,
    FILLS,
    PARTNERS,
    RANK,
    Grant,
    Holding,
    Matter,
    is_over,
)
from tests.house import OWNER, SECRETARY


def _no_seat(terms: Iterable[Holding], person: str, term: Period, *, acting: bool) -> Iterator[str]:
    """Nobody holds an office twice at a time; there is one seat, and one for a substitute."""
    meeting = [each for each in terms if each.meets(term)]
    if any(each.person == person for each in meeting):
        yield "holds it already"
    if any(each.acting == acting for each in meeting):
        yield "no seat is free"


class Offices(Rules):
    """Objections to what changes who may act, what binds, what is known and to whom."""

    def _to_seat(self, person: str, act: Appointment | Relief) -> Iterator[str]:
        filler = FILLS.get(act.office, "registrar")
        own = isinstance(act, Relief) and act.person == person and act.successor is None
        if not own and not self.holds(person, filler):
            yield "not theirs to fill"
        terms = self.terms[act.office]
        if isinstance(act, Appointment):
            yield from _no_seat(terms, act.person, act.term, acting=bool(act.acting))
            own = FILLS.get(act.office) == act.office or any(e.person == person for e in terms)
            if act.acting and own:
                yield "a substitute of one's own"
            return
        ends = [e for e in terms if e.person == act.person and e.start < act.at and e.holds(act.at)]
        if act.at < self.now:
            yield "in the past"
        if not ends:
            yield "no such term"
        others = [each for each in terms if each not in ends]
        if act.successor is not None:
            kept = [e for e in terms if e not in ends or e.start < act.at]
            left = [replace(e, end=act.at) if e in ends else e for e in kept]
            yield from _no_seat(left, act.successor, Period(act.at), acting=False)
        vacant = not any(each.holds(act.at) for each in others)
        if act.successor is None and FILLS.get(act.office) == act.office and vacant:
            yield "left vacant"

    def _to_paper(  # noqa: C901  # one line for each objection
        self, person: str, act: Adoption | Rescission
    ) -> Iterator[str]:
        if isinstance(act, Adoption):
            paper = Paper.read(act.text)
            ended, office = paper.supersedes, paper.issuer
            if paper.name in self.papers:
                yield "adopted already"
            if any(side(each) != paper.side for each in paper.deciders):
                yield "another supplier would decide"
            if office not in FILLS:
                yield "filled from below"
        else:
            ended, office = act.policy, act.office
            if self.papers[act.policy].ended:
                yield "ended already"
        if not self.holds(person, office):
            yield "not theirs to issue or end"
        if ended is not None and self.papers[ended].side != side(office):
            yield "another supplier's"
        heads = self.papers[ended].heads if ended is not None else set()
        if any(RANK[office] >= RANK[head] for head in heads - {office}):
            yield "over a head"

    def _to_telling(self, person: str, act: Assertion | Retraction | Settlement) -> Iterator[str]:  # noqa: C901  # one line for each objection
        if not self.holds(person, act.office):
            yield "not their office"
        match act:
            case Assertion():
                if act.office not in ASSERTING:
                    yield "not its fact"
            case Retraction():
                said = next((e for e in self.said if e.entry == act.assertion), None)
                if said is None or said.entry in self.retracted:
                    yield "nothing to take back"
                elif act.office not in self.above(said.office):
                    yield "another's"
            case Settlement():
                if act.office not in {SECRETARY, OWNER}:
                    yield "not above all who assert"
                if act.cites != tuple(each.entry for each in self.counting()):
                    yield "not every assertion is cited"

    def _to_powers(  # noqa: C901  # one line for each objection
        self, person: str, act: Delegation | DelegationRevocation | Recusal
    ) -> Iterator[str]:
        match act:
            case Delegation():
                if act.person == person:
                    yield "to oneself"
                if act.under is not None:
                    yield from self._to_granting_on(person, act, self.grants[act.under])
                elif not self.holds(person, act.office):
                    yield "not theirs to give"
                if act.delegation in self.grants or act.office in PARTNERS:
                    yield "no such delegation can be"
                if is_over(act.term.end, self.now):
                    yield "over"
            case DelegationRevocation():
                grant = self.grants[act.delegation]
                above = self.above(grant.said.office)
                by = {each.by for each in self.chain(grant)}
                if person not in by and not any(self.holds(person, each) for each in above):
                    yield "not theirs to take back"
                if grant.revoked:
                    yield "revoked already"
            case Recusal():
                yield from self._to_recusal(person, act)

    def _to_recusal(self, person: str, act: Recusal) -> Iterator[str]:
        case = self.cases[act.case]
        if act.person in case.recused:
            yield "no part to leave"
        if act.person != person:
            yield from self.barring(person, case)
            if not self._above_all(person, act):
                yield "not above"

    def _to_granting_on(self, person: str, act: Delegation, above: Grant) -> Iterator[str]:
        """Yield why not: nobody grants on what they do not have, or further than they have it."""
        said = above.said
        if said.person != person or said.office != act.office or not said.onward:
            yield "not theirs to grant on"
        if not all(each.stands(self.now) for each in self.chain(above)):
            yield "it has ended"
        most = said.most_uses
        if most is not None and (act.most_uses is None or act.most_uses > most):
            yield "more uses"
        if not set(act.powers) <= set(said.powers) or not said.term.encloses(act.term):
            yield "wider"

    def _above_all(self, person: str, act: Recusal) -> bool:
        """Return whether who demands a recusal stands above all that the other could act for."""
        held = {office for office in self.terms if self.holds(act.person, office)}
        given = {
            each.said.office
            for each in self.grants.values()
            if each.said.person == act.person
            and not any(link.over(self.now) for link in self.chain(each))
        }
        by = act.office
        return (
            by is not None
            and self.holds(person, by)
            and bool(held | given)
            and all(by in self.above(each) and by != each for each in held)
            and all(by in self.above(each) for each in given)
        )

    def _to_knowing(  # noqa: C901  # one line for each objection
        self, person: str, act: Clearance | Debriefing | Marking | Reading
    ) -> Iterator[str]:
        if isinstance(act, Reading):
            case = self.cases[act.case]
            kept = act.case in self.kept or self.marked & case.said
            wanted = ("canary",) if kept and self.is_cleared(person) else ()
            if person in case.recused:
                yield "recused"
            if act.compartments != wanted:
                yield "not theirs to read"
            return
        if not self.holds(person, act.office):
            yield "not their office"
        match act:
            case Clearance():
                if act.office not in {SECRETARY, OWNER} or self.speaks_for(act.person):
                    yield "not to be cleared"
            case Debriefing():
                if act.office not in {SECRETARY, OWNER} or act.at < self.now:
                    yield "not to be debriefed"
                if not any(e.person == act.person and e.holds(act.at) for e in self.cleared):
                    yield "not cleared"
            case Marking():
                if act.office in PARTNERS or not self.is_cleared(person):
                    yield "not theirs to mark"
                if act.case is not None:
                    yield from self._to_keep(person, self.cases[act.case])

    def _to_keep(self, person: str, case: Matter) -> Iterator[str]:
        """Yield why a case is not kept: nobody without a part does, nor from who acts on it."""
        yield from self.barring(person, case)
        for office in case.acting:
            held = [each.person for each in self.terms[office] if each.holds(self.now)]
            given = [
                str(each.said.person)
                for each in self.grants.values()
                if each.said.office == office
                and all(link.stands(self.now) for link in self.chain(each))
            ]
            if not all(self.is_cleared(each) for each in held + given):
                yield "locked out"
