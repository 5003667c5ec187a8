"""How anything is done by the machine: signed, handed in, and judged by program and model."""

# what is done is told as it happens

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from sayso.casework import replay
from sayso.casework.events import (
    Act,
    Agreement,
    Appointment,
    Article,
    Compartment,
    Opening,
    Vocabulary,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from sayso.operations.perform import Receipt, Signed, perform
from sayso.queries.disclosure import Circle, Reader
from sayso.wire import Value
from tests.casework.bodies import MINISTER
from tests.casework.model.casework import Grounds
from tests.casework.model.tables import AGREEMENTS, COVERED, PARTNERS, Matter
from tests.casework.model.whole import Model
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House

CANARY = "canary"
SPARE = ("deputy", "clerk", "cousin")
OFFICES = (SECRETARY, OWNER, *ADVISERS, LIAISON, OTHERS, MINISTER)
PEOPLE = ("registrar", *OFFICES, *SPARE)
PLACES = ("Kursk", "Dzhankoi")
READERS = (Reader(Circle.PUBLIC), *(Reader(Circle.PARTNER, each) for each in PARTNERS.values()))
HOUR = timedelta(hours=1)
TURNS = ("advising", "consolidating", "deciding")
SPARE_OFFICES = ("europe-desk", OWNER)
SELDOM = st.sampled_from((False,) * 7 + (True,))
PLACE = st.sampled_from(PLACES)
USES = st.sampled_from((1, 2, 7))


def hours(number: int) -> Any:
    return HOUR * number


Handed = tuple[Signed, str, Act, Instant, Grounds]
"""A statement that can be handed in: signed, by whom, what, when, and on what."""


@dataclass(frozen=True)
class Spoken:
    """What was handed in: when, by whom, what, and the answer."""

    at: Instant
    by: str
    act: Act
    answer: Receipt | Refusal


def _pending(case: Matter) -> int | None:
    """Return the decision on a case that waits for another signature."""
    if case.signed is not None:
        return case.signed.entry
    return None if case.unratified is None else case.unratified[0]


TALKS = f"circumstances:\n  talks: {{type: bool, description: a {CANARY} of talks}}\n"


SHADOW: dict[str, Value] = {
    "range_km": 305,
    "suppliers": ["GB"],
    "dependency_suppliers": ["US"],
}
"""An article in which a further supplier has a part."""


def founded(word: Callable[[str], str]) -> House:
    """Return a record on which everything can begin; what is kept inside is told in `word`s."""
    house = House.furnished()
    for person in SPARE:
        house.do("registrar", house.enrolment(person))
    house.do("registrar", Opening(MINISTER, MINISTER, 1, MINISTER, 1, supplier="GB"))
    house.do("registrar", house.enrolment(MINISTER))
    house.do("registrar", Appointment(MINISTER, MINISTER, Period(house.now)))
    house.do("registrar", Article("shadow", "Shadow", SHADOW))
    for agreement in ("other-aid", "joint"):
        partner, articles = AGREEMENTS[agreement], COVERED[agreement]
        house.do("registrar", Agreement(agreement, "Aid", "US", partner, articles))
    house.do(OWNER, Vocabulary(OWNER, word(TALKS), ("europe-desk", "joint-staff")))
    house.do(OWNER, Compartment(OWNER, word(CANARY), word(f"the {CANARY}")))
    return house


class Hands(RuleBasedStateMachine):
    """A record, its people, and the model of both."""

    house: House
    model: Model
    last: Signed | None
    held: list[Handed]
    spoken: list[Spoken]

    def has(self, what: str) -> bool:
        """Return whether there is any of `what`, on the machine or in the model."""
        return bool(getattr(self, what, None) or getattr(self.model, what, None))

    def does(self, person: str, act: Act) -> None:
        """Let `person` sign `act` and hand it in."""
        self.hands_in(*self.signs(person, act))

    def signs(self, person: str, act: Act) -> Handed:
        """Return `act` signed, with when, and on what: see `Grounds`."""
        case = self.model.cases.get(str(getattr(act, "case", None)))
        grounds = (0, None) if case is None else (case.verdicts, _pending(case))
        return self.house.says(person, act), person, act, self.house.now, grounds

    def hands_in(  # all of `Handed`
        self, signed: Signed, person: str, act: Act, at: Instant, grounds: Grounds
    ) -> None:
        """Let program and model judge the act; they must agree, and a refusal is no entry."""
        before, size = self.house.state, self.house.store.size()
        after = self.model.settled(self.house.now)
        objection = after.objects(person, act, at, grounds)
        answer = self.tries(signed)
        self.spoken.append(Spoken(self.house.now, person, act, answer))
        if objection is None:
            assert isinstance(answer, Receipt), (person, act, answer)
            added = self.house.store.entries(before.size)  # law 11: it is what the record says
            assert answer.state == self.house.state == replay.fold(added, start=before)
            after.takes(person, act, answer.index)
            self.model, self.last = after, signed
            return
        assert isinstance(answer, Refusal), (person, act, objection)
        assert self.house.store.size() == size, "a refused act left a trace"
        if self.is_outside(person) and CANARY not in repr(act):
            assert CANARY not in str(answer), "a partner is refused in words from inside"

    def is_outside(self, person: str) -> bool:
        """Return whether somebody speaks for a partner, and has no part of anything inside."""
        held = {office for office in OFFICES if self.model.holds(person, office)}
        given = any(each.said.person == person for each in self.model.grants.values())
        return bool(held) and held <= set(PARTNERS) and not given

    def tries(self, signed: Signed) -> Receipt | Refusal:
        """Return the answer; an error of the one who says it is a refusal in other words."""
        try:
            return perform(self.house.desk, signed)
        except SaysoError as error:
            return Refusal("error", str(error))

    def somebody(self, data: st.DataObject, *offices: str) -> str:
        """Return who holds one of `offices` now, as a rule; or just anybody."""
        holding = [person for office in offices for person in self.holds(office)]
        anybody = data.draw(SELDOM) or not holding
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
        anyone = data.draw(SELDOM) or not some
        return data.draw(st.sampled_from(every if anyone else some))

    def term(self, data: st.DataObject) -> Period:
        """Return a time from now or soon on, with an end or without."""
        start = self.house.now + hours(data.draw(st.sampled_from((0, 0, 24))))
        length = data.draw(st.sampled_from((24, 100, None)))
        return Period(start, None if length is None else start + hours(length))
