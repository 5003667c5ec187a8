"""What offices do in a case."""

# ruff: noqa: D401  # what is done is told as it happens

from typing import Any

from hypothesis import strategies as st

from sayso.casework import review
from sayso.casework.events import (
    Act,
    Advice,
    Condition,
    Consolidation,
    Decision,
    Outcome,
    Phase,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from tests.casework.machine.hands import (
    CANARY,
    OFFICES,
    PEOPLE,
    SELDOM,
    SPARE_OFFICES,
    TURNS,
    Hands,
    hours,
)
from tests.casework.model.tables import OPEN, Matter
from tests.casework.texts import decides
from tests.house import OWNER, SECRETARY

SWEAR = Condition("swear it", Phase.BEFORE, "partner")
TELL = Condition("tell of it", Phase.BEFORE, "partner", evidence="a paper")


class Review(Hands):
    """Offices advise, consolidate and decide, rightly or not, and forge."""

    def carries_on(self, data: st.DataObject) -> None:
        """What a case waits for is done, by whoever can: so that some cases come to an end."""
        self._goes_on(self.case(data, *OPEN), data.draw(st.integers(1, 5)))

    def all_consent(self, data: st.DataObject) -> None:
        """Each supplier whose consent a use needs decides: by whoever can."""
        case = self.case(data, *OPEN)
        for each in list(self.model.cases.values()):
            if (each.entry, each.item) == (case.entry, case.item):
                self._goes_on(each, 5)

    def _goes_on(self, case: Matter, steps: int) -> None:
        for _ in range(steps):
            case = self.model.cases[case.name]
            if not case.waiting:
                return
            office = case.waiting[0]
            self.does(self.holder(office), self.turn(case.stage, case, office, Outcome.GRANT))

    def reviews(self, data: st.DataObject) -> None:
        """Anything is said of any case; or it is signed, and held back."""
        case = self.case(data, *OPEN)
        stage = data.draw(st.sampled_from((case.stage, case.stage, *TURNS)))
        office = data.draw(st.sampled_from((*case.waiting, *case.waiting, *OFFICES[:5])))
        outcome = data.draw(st.sampled_from((Outcome.GRANT, Outcome.GRANT, Outcome.REFUSE)))
        act = self.turn(stage, case, office, outcome)
        if isinstance(act, Decision) and act.uses is not None:
            act = data.draw(st.sampled_from((act, act, *self.otherwise(case, act))))
        signed = self.signs(self.somebody(data, office, office, *SPARE_OFFICES), act)
        if data.draw(SELDOM):
            self.held.append(signed)
        else:
            self.hands_in(*signed)

    def acts_in_place(self, data: st.DataObject) -> None:
        """Whoever was told that an office is silent speaks in its place; or somebody tries."""
        self.house.later(data.draw(st.sampled_from((0, 24))))
        case = self.case(data, "advising")
        settled = self.model.settled(self.house.now).cases[case.name]
        office = (*sorted(settled.told), *case.waiting, "joint-staff")[0]
        superior = data.draw(st.sampled_from((OWNER, OWNER, OWNER, SECRETARY)))
        words = f"{CANARY}: nobody there"
        act = Advice(case.name, office, Outcome.GRANT, words, (), superior=superior)
        self.does(self.somebody(data, superior), act)

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
            {"window": Period(window.start, end + hours(1))},
            {"window": Period(window.start, window.start + hours(24))},
            {"outcome": Outcome.RETURN, "uses": None, "window": None, "reasons": CANARY},
            {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (SWEAR, TELL)},
            {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (TELL,)},
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
