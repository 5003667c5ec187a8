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
from tests.casework.machine.hands import CANARY, PEOPLE, Hands
from tests.house import LIAISON, OWNER, SECRETARY


class Knowing(Hands):
    """People are cleared; advice is marked, and read."""

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
