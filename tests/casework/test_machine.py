"""Random people do random things, rightly and wrongly, beside a small and obvious model.

Everything is real: keys, signatures, `perform`, a store. The model (`model.py`) says of each act
whether it must be refused and what stands after it; after each step the laws are looked at, as far
as they show, and at the end the whole record is verified from its first entry.

Every word that is said inside bears the canary, which no partner and no public may ever be shown.
`SAYSO_MACHINE=1` (in `make torture`) makes it tens of thousands of steps.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sayso.casework import case as stages
from sayso.casework import obligations, replay, verdicts
from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Appointment,
    Assertion,
    Clearance,
    Compartment,
    Confidence,
    Consolidation,
    Debriefing,
    Decision,
    Delegation,
    DelegationRevocation,
    Enrolment,
    Item,
    Marking,
    Outcome,
    Power,
    Reading,
    Recusal,
    Relief,
    Request,
    Rescission,
    Retraction,
    Settlement,
    UseReport,
    Vocabulary,
    Withdrawal,
)
from sayso.casework.events import rules
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from sayso.operations.perform import Receipt, Signed, perform
from sayso.queries import dossier
from sayso.queries.coverage import Use, coverage
from sayso.queries.disclosure import Circle, Reader, view
from sayso.record import entry as entries
from tests.casework.bodies import Body, Paper
from tests.casework.model import AGREEMENTS, PARTNERS, Holding, Matter, Model
from tests.casework.texts import decides
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

CANARY = "canary"
SPARE = ("deputy", "clerk", "cousin")
OFFICES = (SECRETARY, OWNER, *ADVISERS, LIAISON, OTHERS)
PEOPLE = ("registrar", *OFFICES, *SPARE)
PLACES = ("Kursk", "Dzhankoi")
READERS = (Reader(Circle.PUBLIC), *(Reader(Circle.PARTNER, each) for each in PARTNERS.values()))
TALKS = f"circumstances:\n  talks: {{type: bool, description: a {CANARY} of talks}}\n"
_HOUR = timedelta(hours=1)
_BY_RULE = rules.KINDS
LONG = os.environ.get("SAYSO_MACHINE") == "1"


class Machine(RuleBasedStateMachine):
    """A record, its people, and the model of both."""

    house: House
    model: Model

    @initialize(body=st.sampled_from(list(Body)[:3]))
    def founded(self, body: Body) -> None:
        """Furnish a record, and the model of it."""
        self.house = house = House.furnished()
        self.held: list[tuple[Signed, str, Act, Instant, int]] = []
        self.last: Signed | None = None
        for person in SPARE:
            house.do("registrar", Enrolment(person, str(house.key(person).public)))
        house.do("registrar", Agreement("other-aid", "Aid", "US", "poland", ("atacms",)))
        house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk", "joint-staff")))
        house.do(OWNER, Compartment(OWNER, CANARY, f"the {CANARY}"))
        begun = {each: [Holding(each, house.now, None)] for each in OFFICES}
        begun["registrar"] = [Holding("registrar", house.now, None)]
        self.model = Model(house.now, begun)
        for person in (OWNER, SECRETARY):
            self.does(OWNER, Clearance(OWNER, CANARY, person, Period(house.now)))
        self.does(OWNER, Adoption(Paper("fires", 1, body, OWNER, "reroute", "keep").text))

    # --- how anything is done ----------------------------------------------------------------------

    def does(self, person: str, act: Act) -> None:
        """Let `person` sign `act` and hand it in."""
        self.hands_in(*self.signs(person, act))

    def signs(self, person: str, act: Act) -> tuple[Signed, str, Act, Instant, int]:
        """Return `act` signed, with when, and by how many verdicts its case had."""
        case = self.model.cases.get(str(getattr(act, "case", None)))
        return self.house.says(person, act), person, act, self.house.now, case.verdicts if case else 0

    def hands_in(self, signed: Signed, person: str, act: Act, at: Instant, grounds: int) -> None:
        """Let the program and the model judge the act; they must agree, and a refusal is no entry."""
        size = self.house.store.size()
        after = self.model.settled(self.house.now)
        objection = after.objects(person, act, at, grounds)
        answer = self.tries(signed)
        if objection is None:
            assert isinstance(answer, Receipt), (person, act, answer)
            assert answer.state == self.house.state  # law 11: what was worked out is what is read
            after.takes(person, act, answer.index)
            self.model, self.last = after, signed
            return
        assert isinstance(answer, Refusal), (person, act, objection)
        assert self.house.store.size() == size, "a refused act left a trace"
        if self.model.speaks_for(person) and CANARY.encode() not in signed.payload:
            assert CANARY not in str(answer), "a partner is refused in words from inside"

    def tries(self, signed: Signed) -> Receipt | Refusal:
        """Return the answer; an error of the one who says it is a refusal in other words."""
        try:
            return perform(self.house.desk, signed)
        except SaysoError as error:
            return Refusal("error", str(error))

    def somebody(self, data: st.DataObject, *offices: str) -> str:
        """Return who holds one of `offices` now, as a rule; or just anybody."""
        holding = [
            each.person
            for office in offices
            for each in self.model.terms[office]
            if each.holds(self.house.now)
        ]
        anybody = data.draw(st.integers(0, 3)) == 0 or not holding
        return data.draw(st.sampled_from(PEOPLE if anybody else holding))

    def case(self, data: st.DataObject, *wanted: str) -> Matter:
        """Return a case in one of the stages `wanted`, as a rule and if there is one; or just any."""
        every = list(self.model.cases.values())
        some = [each for each in every if each.stage in wanted]
        anyone = data.draw(st.integers(0, 4)) == 0 or not some
        return data.draw(st.sampled_from(every if anyone else some))

    def term(self, data: st.DataObject) -> Period:
        """Return a time from now or soon on, with an end or without."""
        start = self.house.now + _hours(data.draw(st.sampled_from((0, 0, 24))))
        length = data.draw(st.sampled_from((24, 100, None)))
        return Period(start, None if length is None else start + _hours(length))

    # --- partners ------------------------------------------------------------------------------------

    @rule(data=st.data(), hours=st.sampled_from((48, 200, 2000)))
    def files(self, data: st.DataObject, hours: int) -> None:
        partner = data.draw(st.sampled_from(sorted(PARTNERS.values())))
        office = next(each for each, theirs in PARTNERS.items() if theirs == partner)
        usual = next(each for each, theirs in AGREEMENTS.items() if theirs == partner)
        agreement = data.draw(st.sampled_from((usual, usual, usual, *AGREEMENTS)))
        uses = st.sampled_from((1, 2, 7))
        item = st.builds(lambda place, count: Item("atacms", place, count), _PLACE, uses)
        earlier = st.none() | st.sampled_from([*self.model.cases, *self.model.requests] or [None])
        now = self.house.now
        request = Request(
            partner=partner,
            agreement=agreement,
            items=tuple(data.draw(st.lists(item, min_size=1, max_size=3))),
            purpose="military-logistics",
            window=Period(now, now + _hours(hours)),
            note=f"known to {partner} only",
            replaces=data.draw(earlier),
            after=data.draw(st.none() | earlier),
        )
        self.does(self.somebody(data, office), request)

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data())
    def withdraws(self, data: st.DataObject) -> None:
        case = self.case(data, "advising", "consolidating", "deciding")
        names = [case.name, case.name.partition(".")[0]]
        name = data.draw(st.sampled_from(names))
        self.does(self.somebody(data, *PARTNERS), Withdrawal(name, "no longer needed"))

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), uses=st.integers(0, 3), ago=st.sampled_from((0, 0, 30, -5)))
    def reports(self, data: st.DataObject, uses: int, ago: int) -> None:
        case = self.case(data, "granted", "granted", "lapsed", "permitted", "suspended")
        used_at = self.house.now + _hours(-ago) if uses else None
        self.does(self.somebody(data, *PARTNERS), UseReport(case.name, uses, used_at))

    # --- review ----------------------------------------------------------------------------------------

    @precondition(lambda self: any(each.waiting for each in self.model.cases.values()))
    @rule(data=st.data())
    def carries_on(self, data: st.DataObject) -> None:
        """Do what a case waits for, by who holds the office: so that some cases come to an end."""
        waiting = [each for each in self.model.cases.values() if each.waiting]
        case = data.draw(st.sampled_from(waiting))
        office = case.waiting[0]
        person = next((e.person for e in self.model.terms[office] if e.holds(self.house.now)), office)
        self.does(person, self.turn(case.stage, case, office, Outcome.GRANT))

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), keep=st.booleans())
    def reviews(self, data: st.DataObject, keep: bool) -> None:  # noqa: FBT001  # drawn
        """Say anything of any case; or sign it, and hold it back."""
        case = self.case(data, "advising", "consolidating", "deciding")
        stage = data.draw(st.sampled_from((case.stage, *_TURNS)))
        office = data.draw(st.sampled_from((*case.waiting, *case.waiting, *OFFICES[:5])))
        outcome = data.draw(st.sampled_from((Outcome.GRANT, Outcome.GRANT, Outcome.REFUSE)))
        act = self.turn(stage if stage in _TURNS else "deciding", case, office, outcome)
        if isinstance(act, Decision) and act.uses is not None:
            act = data.draw(st.sampled_from((act, *self.larger(case, act))))
        signed = self.signs(self.somebody(data, office, *SPARE_OFFICES), act)
        if keep:
            self.held.append(signed)
        else:
            self.hands_in(*signed)

    def turn(self, stage: str, case: Matter, office: str, outcome: Outcome) -> Act:
        """Return what is said at a stage, on all that stands."""
        words = f"{CANARY}: because"
        if stage == "advising":
            return Advice(case.name, office, outcome, words, ())
        if stage == "consolidating":
            cites = tuple(sorted(case.advice.values()))
            return Consolidation(case.name, office, outcome, words, cites)
        limits: dict[str, Any] = {} if outcome.grants else {"uses": None, "window": None}
        return decides(
            self.house, case.name, office=office, outcome=outcome, reasons=words, **limits
        )

    def larger(self, case: Matter, act: Decision) -> tuple[Decision, ...]:
        """Return other grants: of more, for longer, for shorter, and what is sent back."""
        window = case.request.window
        assert window.end is not None
        longer = Period(window.start, window.end + _hours(1))
        shorter = Period(window.start, window.start + _hours(24))
        changes: tuple[dict[str, Any], ...] = (
            {"uses": case.asked + 1},
            {"uses": 1},
            {"window": longer},
            {"window": shorter},
            {"outcome": Outcome.RETURN, "uses": None, "window": None, "reasons": CANARY},
        )
        return tuple(decides(self.house, case.name, office=act.office, **each) for each in changes)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def hands_in_late(self, data: st.DataObject) -> None:
        self.hands_in(*self.held.pop(data.draw(st.integers(0, len(self.held) - 1))))

    @precondition(lambda self: self.last is not None)
    @rule()
    def hands_in_again(self) -> None:
        """The same signed statement is never two entries."""
        size = self.house.store.size()
        assert self.last is not None
        self.tries(self.last)
        assert self.house.store.size() == size

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), forger=st.sampled_from(PEOPLE))
    def forges(self, data: st.DataObject, forger: str) -> None:
        """Law 9: nothing is said by one whose key did not sign it."""
        case = self.case(data, "deciding")
        office = (*case.waiting, SECRETARY)[0]
        person = next((e.person for e in self.model.terms[office] if e.holds(self.house.now)), office)
        act = decides(self.house, case.name, office=office)
        if person != forger:
            size = self.house.store.size()
            signed = self.house.says(person, act, key=self.house.key(forger))
            assert isinstance(self.tries(signed), Refusal)
            assert self.house.store.size() == size

    # --- who may, and what binds -------------------------------------------------------------------------

    @rule(data=st.data(), office=st.sampled_from(OFFICES), person=st.sampled_from(PEOPLE))
    def appoints(self, data: st.DataObject, office: str, person: str) -> None:
        by = self.somebody(data, "registrar", SECRETARY)
        self.does(by, Appointment(office, person, self.term(data)))

    @rule(data=st.data(), office=st.sampled_from(OFFICES), hours=st.sampled_from((0, 1, 30, -1)))
    def relieves(self, data: st.DataObject, office: str, hours: int) -> None:
        person = self.somebody(data, office)
        successor = data.draw(st.sampled_from((None, *PEOPLE)))
        act = Relief(office, person, self.house.now + _hours(hours), successor)
        self.does(self.somebody(data, "registrar", SECRETARY, office), act)

    @rule(
        data=st.data(),
        body=st.sampled_from(Body),
        pending=st.sampled_from(("keep", "reroute", "return")),
        permits=st.sampled_from(("keep", "suspend", "revoke")),
    )
    def adopts(self, data: st.DataObject, body: Body, pending: str, permits: str) -> None:
        family = "calm" if body is Body.CALM else "fires"
        number = sum(each.family == family for each in self.model.papers.values()) + 1
        issuer = data.draw(st.sampled_from((OWNER, SECRETARY)))
        paper = Paper(family, number, body, issuer, pending, permits)
        self.does(self.somebody(data, issuer), Adoption(paper.text))

    @rule(data=st.data())
    def rescinds(self, data: st.DataObject) -> None:
        policy = data.draw(st.sampled_from(sorted(self.model.papers)))
        office = data.draw(st.sampled_from((OWNER, SECRETARY, SECRETARY)))
        act = Rescission(policy, office, f"a {CANARY}")
        self.does(self.somebody(data, office), act)

    @rule(data=st.data(), value=st.booleans(), settles=st.booleans())
    def asserts(self, data: st.DataObject, value: bool, settles: bool) -> None:  # noqa: FBT001  # drawn
        source, holds = f"a {CANARY}", self.term(data)
        if settles:
            settled = self.model.settled(self.house.now)
            cites = tuple(each.entry for each in settled.counting())
            cites = data.draw(st.sampled_from((cites, cites, cites, cites[1:])))
            office = data.draw(st.sampled_from((OWNER, SECRETARY, "europe-desk")))
            act: Act = Settlement(office, "talks", value, source, holds, cites)
        else:
            office = data.draw(st.sampled_from(("europe-desk", "joint-staff", OWNER)))
            act = Assertion(office, "talks", value, source, holds, Confidence.LOW)
        self.does(self.somebody(data, office), act)

    @precondition(lambda self: self.model.said)
    @rule(data=st.data())
    def retracts(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from(self.model.said))
        office = data.draw(st.sampled_from((said.office, OWNER, "joint-staff", LIAISON)))
        self.does(self.somebody(data, office), Retraction(office, said.entry, f"a {CANARY}"))

    @rule(
        data=st.data(),
        office=st.sampled_from((SECRETARY, OWNER, "joint-staff", LIAISON)),
        to=st.sampled_from((*SPARE, OWNER)),
        powers=st.lists(st.sampled_from(Power), min_size=1, max_size=3, unique=True),
    )
    def delegates(self, data: st.DataObject, office: str, to: str, powers: list[Power]) -> None:
        start = self.house.now + _hours(-10)
        term = Period(start, self.house.now + _hours(data.draw(st.sampled_from((-1, 40, 400)))))
        number = len(self.model.grants) + 1 - data.draw(st.sampled_from((0, 0, 0, 1)))
        name = f"{CANARY}-{number}"
        act = Delegation(name, office, tuple(powers), term, f"a {CANARY}", person=to)
        self.does(self.somebody(data, office), act)

    @precondition(lambda self: self.model.grants)
    @rule(data=st.data())
    def revokes(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.grants)))
        grant = self.model.grants[name]
        by = data.draw(st.sampled_from((grant.by, self.somebody(data, OWNER, SECRETARY))))
        self.does(by, DelegationRevocation(name, f"a {CANARY}"))

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def recuses(self, data: st.DataObject, person: str) -> None:
        case = self.case(data, "advising", "consolidating", "deciding")
        office = data.draw(st.sampled_from((None, OWNER, SECRETARY, "joint-staff")))
        by = person if office is None else self.somebody(data, office)
        self.does(by, Recusal(case.name, person, f"a {CANARY}", office))

    # --- who may know ------------------------------------------------------------------------------------

    @rule(data=st.data(), person=st.sampled_from(PEOPLE), ends=st.booleans())
    def clears(self, data: st.DataObject, person: str, ends: bool) -> None:  # noqa: FBT001  # drawn
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff")))
        act: Act = Clearance(office, CANARY, person, self.term(data))
        if ends:
            act = Debriefing(office, CANARY, person, self.house.now)
        self.does(self.somebody(data, office), act)

    @precondition(lambda self: any(each.said for each in self.model.cases.values()))
    @rule(data=st.data())
    def marks(self, data: st.DataObject) -> None:
        advised = [entry for each in self.model.cases.values() for entry in sorted(each.said)]
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff", LIAISON)))
        act = Marking(office, CANARY, entry=data.draw(st.sampled_from(advised)))
        self.does(self.somebody(data, office), act)

    @precondition(lambda self: self.model.cases)
    @rule(data=st.data(), kept=st.booleans())
    def reads(self, data: st.DataObject, kept: bool) -> None:  # noqa: FBT001  # drawn
        act = Reading(self.case(data).name, (CANARY,) if kept else (), "to decide it")
        self.does(self.somebody(data, OWNER, SECRETARY), act)

    # --- time ----------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 1, 1, 12, 24, 60)))
    def waits(self, hours: int) -> None:
        self.house.later(hours)

    # --- the laws, after each step -------------------------------------------------------------------------

    @invariant()
    def what_stands_is_what_the_model_says(self) -> None:
        state = self.house.state
        assert {name: _stands(each) for name, each in state.cases.items()} == {
            name: (each.stage, each.waiting) for name, each in self.model.cases.items()
        }

    @invariant()
    def what_is_due_is_foreseen_and_nothing_is_covered_but_by_a_rule_or_a_grant(self) -> None:
        """Laws 1, 2, 5 and 6, at this moment: with what is due and stands on no entry yet."""
        now = self.house.now
        state = verdicts.foreseen(self.house.state, at=now, atlas=Table())
        due = self.model.settled(now)
        assert {name: _stands(each) for name, each in state.cases.items()} == {
            name: (each.stage, each.waiting) for name, each in due.cases.items()
        }
        for agreement, partner in AGREEMENTS.items():
            for place in PLACES:
                use = Use(partner, agreement, "atacms", place, "military-logistics")
                found = coverage(state, use, at=now, atlas=Table())
                assert (found.by is not None) == due.covered(partner, place), (use, found)

    @invariant()
    def nobody_fills_two_parts_of_a_case_or_decides_their_own(self) -> None:
        """Law 7, from the record alone."""
        for each in self.house.state.cases.values():
            said = each.dossier
            parts = {(said.request.stamp.by, "request")}
            parts |= {(on.stamp.by, on.said.office) for on in said.advice}
            parts |= {(on.stamp.by, "consolidate") for on in said.consolidations}
            parts |= {(on.stamp.by, "decide") for on in said.decisions}
            people = [person for person, _ in parts]
            assert len(people) == len(set(people)), parts
            assert len(said.decisions) <= 1

    @invariant()
    def no_more_uses_are_reported_than_were_granted_and_no_more_granted_than_asked(self) -> None:
        """Law 12."""
        for each in self.house.state.cases.values():
            granted = obligations.grant(each.dossier)
            if granted is not None:
                uses = granted.said.uses or 0
                assert obligations.reported(each.dossier) <= uses <= each.dossier.asked.uses

    @invariant()
    def nothing_from_inside_is_shown_outside(self) -> None:
        """Law 13."""
        state = self.house.state
        for reader in READERS:
            shown = _shown(state, reader, self.house.now)
            assert CANARY not in shown, reader
            others = set(PARTNERS.values()) - {reader.partner}
            assert not any(f"known to {each} only" in shown for each in others), reader

    def teardown(self) -> None:
        """Law 11 and all that a verifier asks: the whole record, from its first entry on."""
        state = self.house.verified()
        assert replay.fold(self.house.store.entries()) == state
        for index, data in enumerate(self.house.store.entries()):
            said = entries.read(data)
            assert bool(said.signatures) == (said.kind not in _BY_RULE), index


def _hours(number: int) -> Any:
    return _HOUR * number


def _stands(found: stages.Case) -> tuple[str, tuple[str, ...]]:
    return stages.name(found), stages.waits_for(found)


def _shown(state: State, reader: Reader, at: Instant) -> str:
    """Return all that a reader outside can be told."""
    known = view(state, reader)
    told: list[object] = [
        [each.value() for each in dossier.lines(known, reader)],
        [dossier.told(each, reader).value() for each in known.cases.values()],
        sorted(known.policies),
        sorted(known.compartments),
        sorted(known.claims),
    ]
    for place in PLACES:
        use = Use("ukraine", "aid", "atacms", place, "military-logistics")
        told.append(_answer(lambda use=use: coverage(known, use, at=at, atlas=Table(), reader=reader).value()))  # type: ignore[misc]
        told.append(_answer(lambda: known.case(CANARY)))
        told.append(_answer(lambda: known.office(CANARY)))
    return repr(told)


def _answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except SaysoError as error:
        return str(error).replace(f"`{CANARY}`", "what was asked")


_TURNS = ("advising", "consolidating", "deciding")
SPARE_OFFICES = ("europe-desk", OWNER)
_PLACE = st.sampled_from(PLACES)

Machine.TestCase.settings = settings(
    max_examples=400 if LONG else 20,
    stateful_step_count=100 if LONG else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
TestRandomPeopleDoRandomThings = Machine.TestCase
