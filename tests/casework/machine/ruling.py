"""What changes who may act, what binds, and what is known."""

# ruff: noqa: D401  # what is done is told as it happens

from hypothesis import strategies as st

from sayso.casework.events import (
    Adoption,
    Appointment,
    Assertion,
    Confidence,
    Delegation,
    DelegationRevocation,
    Power,
    Recusal,
    Relief,
    Rescission,
    Retraction,
    Settlement,
)
from sayso.dates import Period
from tests.casework.bodies import BRITISH, MINISTER, Body, Paper
from tests.casework.machine.hands import (
    CANARY,
    OFFICES,
    PEOPLE,
    SPARE,
    Hands,
    hours,
)
from tests.casework.model.tables import FILLS, LIVE, OPEN
from tests.house import LIAISON, OWNER, SECRETARY

_FAMILY = {Body.CALM: "calm", **dict.fromkeys(BRITISH, "yard")}
_EVEN = st.booleans()
_MOST = st.sampled_from((None, None, 1, 6))


class Ruling(Hands):
    """Offices are filled, policies adopted, facts asserted, powers given."""

    def appoints(self, data: st.DataObject) -> None:
        """Somebody is put into an office, best one that is vacant."""
        vacant = [each for each in OFFICES if not self.holds(each)]
        office = data.draw(st.sampled_from(vacant or OFFICES))
        by = self.somebody(data, FILLS.get(office, "registrar"))
        who = data.draw(st.sampled_from(PEOPLE))
        if data.draw(st.booleans()):
            until = Period(self.house.now, self.house.now + hours(80))
            self.does(by, Appointment(data.draw(st.sampled_from(OFFICES)), who, until, acting=True))
            return
        self.does(by, Appointment(office, who, self.term(data)))

    def relieves(self, data: st.DataObject) -> None:
        """Somebody's term ends, and a successor's may begin."""
        office = data.draw(st.sampled_from(OFFICES))
        span = data.draw(st.sampled_from((0, 1, 30, -1)))
        successor = data.draw(st.none() | st.sampled_from(PEOPLE))
        act = Relief(office, self.somebody(data, office), self.house.now + hours(span), successor)
        self.does(self.somebody(data, FILLS.get(office, "registrar")), act)

    def adopts(self, data: st.DataObject) -> None:
        """A policy takes the place of the one before it, or the first of its kind is adopted."""
        body = data.draw(st.sampled_from(Body))
        family = _FAMILY.get(body, "fires")
        number = sum(each.family == family for each in self.model.papers.values()) + 1
        usual = (MINISTER,) * 6 if body in BRITISH else ()
        issuers = (OWNER, OWNER, SECRETARY, SECRETARY, MINISTER, MINISTER, "joint-staff", *usual)
        issuer = data.draw(st.sampled_from(issuers))
        pending = data.draw(st.sampled_from(("keep", "reroute", "return")))
        permits = data.draw(st.sampled_from(("keep", "suspend", "revoke")))
        paper = Paper(family, number, body, issuer, pending, permits)
        self.does(self.somebody(data, issuer), Adoption(paper.text))

    def rescinds(self, data: st.DataObject) -> None:
        """A policy ends without another."""
        policy = data.draw(st.sampled_from(sorted(self.model.papers)))
        office = data.draw(st.sampled_from((OWNER, SECRETARY, MINISTER)))
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
        giving = (SECRETARY, OWNER, OWNER, "joint-staff", LIAISON, MINISTER)
        office = data.draw(st.sampled_from(giving))
        to = data.draw(st.sampled_from((*SPARE, OWNER)))
        powers = data.draw(st.lists(st.sampled_from(Power), min_size=1, max_size=3, unique=True))
        end = self.house.now + hours(data.draw(st.sampled_from((-1, 40, 400, 400))))
        number = len(self.model.grants) + 1 - data.draw(st.sampled_from((0, 0, 0, 1)))
        term, name = Period(self.house.now + hours(-10), end), f"{CANARY}-{number}"
        onward, most = data.draw(st.sampled_from((None, True))), data.draw(_MOST)
        under, by = None, self.somebody(data, office)
        given = list(self.model.grants.values())
        if bool(given) and data.draw(_EVEN):
            above = data.draw(st.sampled_from(given)).said
            under, office, term = above.delegation, above.office, above.term
            fewer = (list(above.powers), list(above.powers[:1]), powers)
            powers = data.draw(st.sampled_from(fewer))
            by = data.draw(st.sampled_from((str(above.person), by)))
        act = Delegation(
            delegation=name,
            office=office,
            powers=tuple(powers),
            term=term,
            instrument=f"a {CANARY}",
            person=to,
            most_uses=most,
            onward=onward,
            under=under,
        )
        self.does(by, act)

    def revokes(self, data: st.DataObject) -> None:
        """A delegation is taken back."""
        name = data.draw(st.sampled_from(sorted(self.model.grants)))
        by = data.draw(st.sampled_from((self.model.grants[name].by, self.somebody(data, OWNER))))
        self.does(by, DelegationRevocation(name, f"a {CANARY}"))

    def recuses(self, data: st.DataObject) -> None:
        """Somebody has no further part in a case: they say so, or an office above them does."""
        wanted = data.draw(st.sampled_from((OPEN, (*LIVE, "suspended"))))
        case, person = self.case(data, *wanted), data.draw(st.sampled_from(PEOPLE))
        office = data.draw(st.sampled_from((None, OWNER, SECRETARY, "joint-staff", MINISTER)))
        by = person if office is None else self.somebody(data, office)
        self.does(by, Recusal(case.name, person, f"a {CANARY}", office))
