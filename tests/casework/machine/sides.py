"""Who sits on which side of the table, and who leaves it: law 7, pushed."""

# what is done is told as it happens

from hypothesis import strategies as st

from sayso.casework.events import Act, Outcome, Recusal, Relief, Surrender, UseReport, Withdrawal
from tests.casework.machine.hands import CANARY
from tests.casework.machine.review import Review
from tests.casework.model.tables import LIVE, OPEN, PARTNERS, Matter


def for_the_partner(case: Matter) -> tuple[Act, ...]:
    """Return what a partner may do in a case that is open, or was granted."""
    if case.stage in OPEN:
        return (Withdrawal(case.name, "no longer needed"),)
    return (Surrender(case.name, "no longer needed"), UseReport(case.name, 0))


class Sides(Review):
    """People go over to a partner, or are recused, and go on as if nothing had happened."""

    def goes_over(self, data: st.DataObject) -> None:
        """Who had a part in a case inside speaks for its partner for an hour, and acts for it."""
        touched = [e for e in self.model.cases.values() if e.inside and e.stage in (*OPEN, *LIVE)]
        case = data.draw(st.sampled_from(touched)) if touched else self.case(data, *OPEN)
        person = data.draw(st.sampled_from(sorted(case.inside or {"clerk"})))
        office = next(each for each, partner in PARTNERS.items() if partner == case.partner)
        before = self.holder(office)
        self.changes(office, before, person)
        self.does(person, data.draw(st.sampled_from(for_the_partner(case))))
        self.changes(office, person, before)

    def changes(self, office: str, person: str, successor: str) -> None:
        """One takes the place of another, an hour later."""
        self.house.later(1)
        self.does("registrar", Relief(office, person, self.house.now, successor))

    def steps_aside(self, data: st.DataObject) -> None:
        """Whom a case waits for is recused from it, or who speaks for its partner; and goes on."""
        case = self.case(data, *OPEN)
        speaking = [each for each, partner in PARTNERS.items() if partner == case.partner]
        office = data.draw(st.sampled_from((*case.waiting, *speaking)))
        person = self.holder(office)
        self.does(person, Recusal(case.name, person, f"a {CANARY}"))
        if office in speaking or not case.waiting:
            self.does(person, Withdrawal(case.name, "no longer needed"))
        else:
            self.does(person, self.turn(case.stage, case, office, Outcome.GRANT))
