"""Who may know."""

# ruff: noqa: D401  # what is done is told as it happens

from hypothesis import strategies as st

from sayso.casework.events import (
    Act,
    Clearance,
    Debriefing,
    Marking,
    Reading,
)
from sayso.dates import Period
from tests.casework.machine.hands import CANARY, PEOPLE, SELDOM, Hands
from tests.casework.model.tables import LIVE, OPEN, Matter
from tests.house import LIAISON, OWNER, SECRETARY


class Knowing(Hands):
    """People are cleared; what was said, and whole cases, are kept in a compartment, and read."""

    def clears(self, data: st.DataObject) -> None:
        """Somebody is cleared for the compartment, or no more."""
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff")))
        person = data.draw(st.sampled_from(PEOPLE))
        act: Act = Clearance(office, CANARY, person, self.term(data))
        if data.draw(st.booleans()):
            act = Debriefing(office, CANARY, person, self.house.now)
        self.does(self.somebody(data, office), act)

    def marks(self, data: st.DataObject) -> None:
        """An advice, or a decision, is kept in the compartment."""
        office = data.draw(st.sampled_from((OWNER, SECRETARY, "joint-staff", LIAISON)))
        entry = data.draw(st.sampled_from(self.model.markable))
        self.does(self.somebody(data, office), Marking(office, CANARY, entry=entry))

    def keeps(self, data: st.DataObject) -> None:
        """A case is kept in the compartment, as a rule once all who act on it are cleared."""
        case = self.case(data, *OPEN, *LIVE)
        if not data.draw(SELDOM):
            self.clears_for(case)
        office = data.draw(st.sampled_from((OWNER, OWNER, SECRETARY, LIAISON)))
        self.does(self.somebody(data, office), Marking(office, CANARY, case=case.name))

    def clears_for(self, case: Matter) -> None:
        """The policy owner clears all who act on a case and are not cleared yet."""
        people = [person for office in case.acting for person in self.holds(office)]
        for person in dict.fromkeys(people):
            if not self.model.settled(self.house.now).is_cleared(person):
                term = Period(self.house.now)
                self.does(self.holder(OWNER), Clearance(OWNER, CANARY, person, term))

    def reads(self, data: st.DataObject) -> None:
        """Somebody reads what is kept of a case."""
        kept = data.draw(st.booleans())
        act = Reading(self.case(data).name, (CANARY,) if kept else (), "to decide it")
        self.does(self.somebody(data, OWNER, SECRETARY), act)
