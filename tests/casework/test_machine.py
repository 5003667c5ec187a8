"""Random people do random things, rightly and wrongly, beside a small and obvious model.

Everything is real: keys, signatures, `perform`, a store. The model (`model.py`) says of each act
whether it must be refused and what stands after it; after each step the laws are looked at, as far
as they show, and at the end the whole record is verified from its first entry.

Every word that is said inside bears the canary, which no partner and no public may ever be shown.
`SAYSO_MACHINE=1` (in `make torture`) makes it tens of thousands of steps.
"""

# ruff: noqa: D401  # what is done is told as it happens

import os
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sayso.casework import case as stages
from sayso.casework import obligations, replay, review, verdicts
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
    rules,
)
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
from tests.casework.model import AGREEMENTS, FILLS, OPEN, PARTNERS, Holding, Matter, Model
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
OFTEN = {
    "files": 4,
    "withdraws": 1,
    "reports": 4,
    "carries_on": 6,
    "reviews": 4,
    "delegate_reviews": 2,
    "hands_in_late": 1,
    "hands_in_again": 1,
    "forges": 1,
    "appoints": 2,
    "relieves": 1,
    "adopts": 2,
    "rescinds": 1,
    "asserts": 2,
    "settles": 1,
    "retracts": 1,
    "delegates": 1,
    "revokes": 1,
    "recuses": 1,
    "clears": 1,
    "marks": 1,
    "reads": 1,
    "waits": 3,
}
"""How often each thing is done, beside the others; cases come to an end only if they are pushed."""
ABOUT_CASES = ("withdraws", "reports", "carries_on", "reviews", "forges", "recuses", "reads")
NEEDS = {
    **dict.fromkeys(ABOUT_CASES, ("cases",)),
    "delegate_reviews": ("grants", "cases"),
    "revokes": ("grants",),
    "hands_in_late": ("held",),
    "hands_in_again": ("last",),
    "retracts": ("said",),
    "marks": ("advised",),
}
"""What there must be of, on the machine or in the model, before a thing can be done."""
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

    @rule(data=st.data())
    def somebody_does_something(self, data: st.DataObject) -> None:
        """Somebody does one of the things below, of those there is anything to do about."""
        ready = [
            name
            for name, times in OFTEN.items()
            if all(self.has(each) for each in NEEDS.get(name, ()))
            for _ in range(times)
        ]
        getattr(self, data.draw(st.sampled_from(ready)))(data)

    def has(self, what: str) -> bool:
        """Return whether there is any of `what`, on the machine or in the model."""
        return bool(getattr(self, what, None) or getattr(self.model, what, None))

    # --- how anything is done ---------------------------------------------------------------------

    def does(self, person: str, act: Act) -> None:
        """Let `person` sign `act` and hand it in."""
        self.hands_in(*self.signs(person, act))

    def signs(self, person: str, act: Act) -> tuple[Signed, str, Act, Instant, int]:
        """Return `act` signed, with when, and by how many verdicts its case had."""
        case = self.model.cases.get(str(getattr(act, "case", None)))
        return (
            self.house.says(person, act),
            person,
            act,
            self.house.now,
            case.verdicts if case else 0,
        )

    def hands_in(self, signed: Signed, person: str, act: Act, at: Instant, grounds: int) -> None:
        """Let program and model judge the act; they must agree, and a refusal is no entry."""
        before, size = self.house.state, self.house.store.size()
        after = self.model.settled(self.house.now)
        objection = after.objects(person, act, at, grounds)
        answer = self.tries(signed)
        if objection is None:
            assert isinstance(answer, Receipt), (person, act, answer)
            added = self.house.store.entries(before.size)  # law 11: it is what the record says
            assert answer.state == self.house.state == replay.fold(added, start=before)
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
        holding = [person for office in offices for person in self.holds(office)]
        anybody = data.draw(_SELDOM) or not holding
        return data.draw(st.sampled_from(PEOPLE if anybody else holding))

    def holds(self, office: str) -> list[str]:
        """Return who holds an office now."""
        return [each.person for each in self.model.terms[office] if each.holds(self.house.now)]

    def holder(self, office: str) -> str:
        """Return who holds an office, or the one who once did."""
        return (*self.holds(office), office)[0]

    def case(self, data: st.DataObject, *wanted: str) -> Matter:
        """Return a case in one of the stages `wanted`, as a rule; or just any."""
        every = list(self.model.cases.values())
        some = [each for each in every if each.stage in wanted]
        anyone = data.draw(_SELDOM) or not some
        return data.draw(st.sampled_from(every if anyone else some))

    def term(self, data: st.DataObject) -> Period:
        """Return a time from now or soon on, with an end or without."""
        start = self.house.now + _hours(data.draw(st.sampled_from((0, 0, 24))))
        length = data.draw(st.sampled_from((24, 100, None)))
        return Period(start, None if length is None else start + _hours(length))

    # --- partners ---------------------------------------------------------------------------------

    def files(self, data: st.DataObject) -> None:
        """A partner asks for one item or several; instead of an earlier request, or after one."""
        partner = data.draw(st.sampled_from(sorted(PARTNERS.values())))
        office = next(each for each, theirs in PARTNERS.items() if theirs == partner)
        usual = next(each for each, theirs in AGREEMENTS.items() if theirs == partner)
        agreement = data.draw(st.sampled_from((usual, usual, usual, *AGREEMENTS)))
        items = st.builds(lambda where, uses: Item("atacms", where, uses), _PLACE, _USES)
        names = [*self.model.cases, *self.model.requests]
        earlier = st.sampled_from([*[None] * 20, *names[-3:]])
        hours = data.draw(st.sampled_from((48, 200, 2000)))
        request = Request(
            partner=partner,
            agreement=agreement,
            items=tuple(data.draw(st.lists(items, min_size=1, max_size=3))),
            purpose="military-logistics",
            window=Period(self.house.now, self.house.now + _hours(hours)),
            note=f"known to {partner} only",
            replaces=data.draw(earlier),
            after=data.draw(earlier),
        )
        self.does(self.somebody(data, office), request)

    def withdraws(self, data: st.DataObject) -> None:
        """A request, or one case of it, is taken back."""
        case = self.case(data, *OPEN)
        name = data.draw(st.sampled_from((case.name, case.name.partition(".")[0])))
        self.does(self.speaker(data, case), Withdrawal(name, "no longer needed"))

    def reports(self, data: st.DataObject) -> None:
        """Uses are told of, or that there were none."""
        case = self.case(data, "granted", "lapsed", "suspended", "revoked", "permitted")
        uses = data.draw(st.integers(0, 3))
        ago = data.draw(st.sampled_from((0, 0, 0, 30, -5)))
        used_at = self.house.now + _hours(-ago) if uses else None
        self.does(self.speaker(data, case), UseReport(case.name, uses, used_at))

    def speaker(self, data: st.DataObject, case: Matter) -> str:
        """Return who speaks for the partner of a case, as a rule."""
        theirs = (each for each, partner in PARTNERS.items() if partner == case.partner)
        return self.somebody(data, *theirs)

    # --- review -----------------------------------------------------------------------------------

    def carries_on(self, data: st.DataObject) -> None:
        """What a case waits for is done, by whoever can: so that some cases come to an end."""
        case = self.case(data, *OPEN)
        for _ in range(data.draw(st.integers(1, 5))):
            case = self.model.cases[case.name]
            if not case.waiting:
                return
            office = case.waiting[0]
            self.does(self.holder(office), self.turn(case.stage, case, office, Outcome.GRANT))

    def reviews(self, data: st.DataObject) -> None:
        """Anything is said of any case; or it is signed, and held back."""
        case = self.case(data, *OPEN)
        stage = data.draw(st.sampled_from((case.stage, case.stage, *_TURNS)))
        office = data.draw(st.sampled_from((*case.waiting, *case.waiting, *OFFICES[:5])))
        outcome = data.draw(st.sampled_from((Outcome.GRANT, Outcome.GRANT, Outcome.REFUSE)))
        act = self.turn(stage, case, office, outcome)
        if isinstance(act, Decision) and act.uses is not None:
            act = data.draw(st.sampled_from((act, act, *self.otherwise(case, act))))
        signed = self.signs(self.somebody(data, office, office, *SPARE_OFFICES), act)
        if data.draw(_SELDOM):
            self.held.append(signed)
        else:
            self.hands_in(*signed)

    def delegate_reviews(self, data: st.DataObject) -> None:
        """One to whom something is delegated acts on a case that waits for the office."""
        grant = data.draw(st.sampled_from(list(self.model.grants.values())))
        waiting = [each for each in self.model.cases.values() if grant.said.office in each.waiting]
        case = data.draw(st.sampled_from(waiting)) if waiting else self.case(data, *OPEN)
        act = self.turn(case.stage, case, grant.said.office, Outcome.GRANT)
        self.does(str(grant.said.person), act)

    def turn(self, stage: str, case: Matter, office: str, outcome: Outcome) -> Act:
        """Return what is said at a stage, on all that stands."""
        words = f"{CANARY}: because"
        if stage == "advising":
            return Advice(case.name, office, outcome, words, ())
        if stage == "consolidating":
            cites = tuple(sorted(case.advice.values()))
            against = review.dissents(self.house.state.case(case.name).dossier, outcome)
            return Consolidation(case.name, office, outcome, words, cites, dissents=against)
        limits: dict[str, Any] = {} if outcome.grants else {"uses": None, "window": None}
        return decides(
            self.house, case.name, office=office, outcome=outcome, reasons=words, **limits
        )

    def otherwise(self, case: Matter, act: Decision) -> tuple[Decision, ...]:
        """Return other decisions: of more, for longer, for shorter; and that sends it back."""
        window = case.request.window
        end = window.end or window.start
        changes: tuple[dict[str, Any], ...] = (
            {"uses": case.asked + 1},
            {"uses": 1},
            {"window": Period(window.start, end + _hours(1))},
            {"window": Period(window.start, window.start + _hours(24))},
            {"outcome": Outcome.RETURN, "uses": None, "window": None, "reasons": CANARY},
        )
        return tuple(decides(self.house, case.name, office=act.office, **each) for each in changes)

    def hands_in_late(self, data: st.DataObject) -> None:
        """What was held back is handed in."""
        self.hands_in(*self.held.pop(data.draw(st.integers(0, len(self.held) - 1))))

    def hands_in_again(self, data: st.DataObject) -> None:
        """The same signed statement is never two entries."""
        del data
        size = self.house.store.size()
        assert self.last is not None
        self.tries(self.last)
        assert self.house.store.size() == size

    def forges(self, data: st.DataObject) -> None:
        """Law 9: nothing is said by one whose key did not sign it."""
        case = self.case(data, "deciding")
        office = (*case.waiting, SECRETARY)[0]
        person, forger = self.holder(office), data.draw(st.sampled_from(PEOPLE))
        act = self.turn(case.stage, case, office, Outcome.GRANT)
        if person != forger:
            size = self.house.store.size()
            signed = self.house.says(person, act, key=self.house.key(forger))
            assert isinstance(self.tries(signed), Refusal)
            assert self.house.store.size() == size

    # --- who may, and what binds ------------------------------------------------------------------

    def appoints(self, data: st.DataObject) -> None:
        """Somebody is put into an office, best one that is vacant."""
        vacant = [each for each in OFFICES if not self.holds(each)]
        office = data.draw(st.sampled_from(vacant or OFFICES))
        by = self.somebody(data, FILLS.get(office, "registrar"))
        self.does(by, Appointment(office, data.draw(st.sampled_from(PEOPLE)), self.term(data)))

    def relieves(self, data: st.DataObject) -> None:
        """Somebody's term ends, and a successor's may begin."""
        office = data.draw(st.sampled_from(OFFICES))
        hours = data.draw(st.sampled_from((0, 1, 30, -1)))
        successor = data.draw(st.none() | st.sampled_from(PEOPLE))
        act = Relief(office, self.somebody(data, office), self.house.now + _hours(hours), successor)
        self.does(self.somebody(data, FILLS.get(office, "registrar")), act)

    def adopts(self, data: st.DataObject) -> None:
        """A policy takes the place of the one before it, or the first of its kind is adopted."""
        body = data.draw(st.sampled_from(Body))
        family = "calm" if body is Body.CALM else "fires"
        number = sum(each.family == family for each in self.model.papers.values()) + 1
        issuer = data.draw(st.sampled_from((OWNER, SECRETARY)))
        pending = data.draw(st.sampled_from(("keep", "reroute", "return")))
        permits = data.draw(st.sampled_from(("keep", "suspend", "revoke")))
        paper = Paper(family, number, body, issuer, pending, permits)
        self.does(self.somebody(data, issuer), Adoption(paper.text))

    def rescinds(self, data: st.DataObject) -> None:
        """A policy ends without another."""
        policy = data.draw(st.sampled_from(sorted(self.model.papers)))
        office = data.draw(st.sampled_from((OWNER, SECRETARY)))
        self.does(self.somebody(data, office), Rescission(policy, office, f"a {CANARY}"))

    def asserts(self, data: st.DataObject) -> None:
        """An office says whether there are talks."""
        office = data.draw(st.sampled_from(("europe-desk", "joint-staff", "joint-staff", OWNER)))
        value, holds = data.draw(st.booleans()), self.term(data)
        act = Assertion(office, "talks", value, f"a {CANARY}", holds, Confidence.LOW)
        self.does(self.somebody(data, office), act)

    def settles(self, data: st.DataObject) -> None:
        """An office says what is to count; it may forget to cite some of what was said."""
        counting = self.model.settled(self.house.now).counting()
        cites = tuple(each.entry for each in counting)
        cites = data.draw(st.sampled_from((cites, cites, cites, cites[1:])))
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "europe-desk")))
        value, holds = data.draw(st.booleans()), self.term(data)
        act = Settlement(office, "talks", value, f"a {CANARY}", holds, cites)
        self.does(self.somebody(data, office), act)

    def retracts(self, data: st.DataObject) -> None:
        """What was said is taken back."""
        said = data.draw(st.sampled_from(self.model.said))
        office = data.draw(
            st.sampled_from((said.office, said.office, OWNER, "joint-staff", LIAISON))
        )
        self.does(self.somebody(data, office), Retraction(office, said.entry, f"a {CANARY}"))

    def delegates(self, data: st.DataObject) -> None:
        """An office's powers are given to a person."""
        office = data.draw(st.sampled_from((SECRETARY, OWNER, OWNER, "joint-staff", LIAISON)))
        to = data.draw(st.sampled_from((*SPARE, OWNER)))
        powers = data.draw(st.lists(st.sampled_from(Power), min_size=1, max_size=3, unique=True))
        end = self.house.now + _hours(data.draw(st.sampled_from((-1, 40, 400, 400))))
        number = len(self.model.grants) + 1 - data.draw(st.sampled_from((0, 0, 0, 1)))
        term, name = Period(self.house.now + _hours(-10), end), f"{CANARY}-{number}"
        act = Delegation(name, office, tuple(powers), term, f"a {CANARY}", person=to)
        self.does(self.somebody(data, office), act)

    def revokes(self, data: st.DataObject) -> None:
        """A delegation is taken back."""
        name = data.draw(st.sampled_from(sorted(self.model.grants)))
        by = data.draw(st.sampled_from((self.model.grants[name].by, self.somebody(data, OWNER))))
        self.does(by, DelegationRevocation(name, f"a {CANARY}"))

    def recuses(self, data: st.DataObject) -> None:
        """Somebody has no further part in a case: they say so, or an office above them does."""
        case, person = self.case(data, *OPEN), data.draw(st.sampled_from(PEOPLE))
        office = data.draw(st.sampled_from((None, OWNER, SECRETARY, "joint-staff")))
        by = person if office is None else self.somebody(data, office)
        self.does(by, Recusal(case.name, person, f"a {CANARY}", office))

    # --- who may know -----------------------------------------------------------------------------

    def clears(self, data: st.DataObject) -> None:
        """Somebody is cleared for the compartment, or no more."""
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff")))
        person = data.draw(st.sampled_from(PEOPLE))
        act: Act = Clearance(office, CANARY, person, self.term(data))
        if data.draw(st.booleans()):
            act = Debriefing(office, CANARY, person, self.house.now)
        self.does(self.somebody(data, office), act)

    def marks(self, data: st.DataObject) -> None:
        """An advice is kept in the compartment."""
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff", LIAISON)))
        entry = data.draw(st.sampled_from(self.model.advised))
        self.does(self.somebody(data, office), Marking(office, CANARY, entry=entry))

    def reads(self, data: st.DataObject) -> None:
        """Somebody reads what is kept of a case."""
        kept = data.draw(st.booleans())
        act = Reading(self.case(data).name, (CANARY,) if kept else (), "to decide it")
        self.does(self.somebody(data, OWNER, SECRETARY), act)

    # --- time -------------------------------------------------------------------------------------

    def waits(self, data: st.DataObject) -> None:
        """Time goes by."""
        self.house.later(data.draw(st.sampled_from((1, 1, 1, 12, 24, 60))))

    # --- the laws, after each step ----------------------------------------------------------------

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
        try:
            told.append(coverage(known, use, at=at, atlas=Table(), reader=reader).value())
        except SaysoError as error:  # it does not even know the article
            told.append(str(error))
    return repr(told)


_TURNS = ("advising", "consolidating", "deciding")
SPARE_OFFICES = ("europe-desk", OWNER)
_SELDOM = st.sampled_from((False,) * 7 + (True,))
_PLACE = st.sampled_from(PLACES)
_USES = st.sampled_from((1, 2, 7))

Machine.TestCase.settings = settings(
    max_examples=400 if LONG else 20,
    stateful_step_count=100 if LONG else 40,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
TestRandomPeopleDoRandomThings = Machine.TestCase
