"""What partners do."""

# ruff: noqa: D401  # what is done is told as it happens

from hypothesis import strategies as st

from sayso.casework.events import (
    Item,
    Request,
    UseReport,
    Withdrawal,
)
from sayso.dates import Period
from tests.casework.machine.hands import (
    PLACE,
    USES,
    Hands,
    hours,
)
from tests.casework.model.tables import AGREEMENTS, COVERED, OPEN, PARTNERS, Matter


class Asking(Hands):
    """Partners ask, take back, and report."""

    def files(self, data: st.DataObject) -> None:
        """A partner asks for one item or several; instead of an earlier request, or after one."""
        partner = data.draw(st.sampled_from(sorted(PARTNERS.values())))
        office = next(each for each, theirs in PARTNERS.items() if theirs == partner)
        usual = [each for each, theirs in AGREEMENTS.items() if theirs == partner]
        agreement = data.draw(st.sampled_from((*usual, *usual, *usual, *AGREEMENTS)))
        article = st.sampled_from((*COVERED[agreement] * 9, "shadow"))
        items = st.builds(Item, article, PLACE, USES)
        names = [*self.model.cases, *self.model.requests]
        earlier = st.sampled_from([*[None] * 20, *names[-3:]])
        span = data.draw(st.sampled_from((48, 200, 2000)))
        request = Request(
            partner=partner,
            agreement=agreement,
            items=tuple(data.draw(st.lists(items, min_size=1, max_size=3))),
            purpose="military-logistics",
            window=Period(self.house.now, self.house.now + hours(span)),
            note=f"known to {partner} only",
            replaces=data.draw(earlier),
            after=data.draw(earlier),
        )
        self.does(self.somebody(data, office), request)

    def withdraws(self, data: st.DataObject) -> None:
        """A request, or one case of it, is taken back."""
        case = self.case(data, *OPEN, "prohibited")
        whole = next(name for name, each in self.model.requests.items() if case.name in each)
        name = data.draw(st.sampled_from((case.name, whole)))
        self.does(self.speaker(data, case), Withdrawal(name, "no longer needed"))

    def reports(self, data: st.DataObject) -> None:
        """Uses are told of, or that there were none."""
        case = self.case(
            data, "granted", "lapsed", "suspended", "revoked", "permitted", "surrendered"
        )
        uses = data.draw(st.integers(0, 3))
        ago = data.draw(st.sampled_from((0, 0, 0, 30, -5)))
        used_at = self.house.now + hours(-ago) if uses else None
        self.does(self.speaker(data, case), UseReport(case.name, uses, used_at))

    def speaker(self, data: st.DataObject, case: Matter) -> str:
        """Return who speaks for the partner of a case, as a rule."""
        theirs = (each for each, partner in PARTNERS.items() if partner == case.partner)
        return self.somebody(data, *theirs)
