"""What becomes of a decision: a second signature, a hold, an end, an appeal, a duty."""

# ruff: noqa: D401  # what is done is told as it happens

from hypothesis import strategies as st

from sayso.casework import emergencies
from sayso.casework.case import Countersigning
from sayso.casework.events import (
    Acceptance,
    Act,
    Appeal,
    Breach,
    Countersignature,
    Fulfilment,
    Hold,
    HoldRelease,
    Outcome,
    Ratification,
    Reinstatement,
    Revocation,
    Surrender,
    Suspension,
)
from tests.casework.bodies import MINISTER
from tests.casework.machine.asking import Asking
from tests.casework.machine.hands import CANARY, SELDOM, hours
from tests.casework.model.tables import LIVE, OPEN
from tests.casework.texts import decides
from tests.house import LIAISON, OWNER, SECRETARY

Undoing = type[Suspension | Revocation | Reinstatement]
_UNDOING: tuple[Undoing, ...] = (Suspension, Reinstatement, Reinstatement, Revocation)
OVER = (SECRETARY, OWNER, "joint-staff", MINISTER)
WHY = f"a {CANARY}"


class After(Asking):
    """What is said of a decision, rightly or not."""

    def cannot_wait(self, data: st.DataObject) -> None:
        """A case is decided at once, if its route has an emergency."""
        case = self.case(data, *OPEN)
        act = decides(self.house, case.name, office=OWNER, reasons=WHY, emergency=f"a {CANARY}")
        self.does(self.somebody(data, OWNER, OWNER, SECRETARY), act)

    def signs_second(self, data: st.DataObject) -> None:
        """A decision is countersigned, or an emergency ratified; or somebody objects."""
        waiting = [
            each
            for each in self.model.cases.values()
            if each.signed is not None or each.unratified is not None
        ]
        case = data.draw(st.sampled_from(waiting)) if waiting else self.case(data)
        found = self.house.state.cases[case.name]
        upheld = data.draw(st.sampled_from((True, True, False)))
        act: Act
        if isinstance(found, Countersigning):
            digest = found.decision.stamp.digest
            office = data.draw(st.sampled_from((OWNER, OWNER, OWNER, SECRETARY)))
            act = Countersignature(case.name, office, digest, upheld, WHY)
        else:
            pending = emergencies.unratified(found.dossier)
            digest = "0" * 64 if pending is None else pending.stamp.digest
            office = data.draw(st.sampled_from((SECRETARY, SECRETARY, SECRETARY, OWNER)))
            act = Ratification(case.name, office, digest, upheld, WHY)
        given = [str(e.said.person) for e in self.model.grants.values() if e.said.office == office]
        by = data.draw(st.sampled_from((self.somebody(data, office), *given)))
        signed = self.signs(by, act)
        if data.draw(SELDOM):
            self.held.append(signed)
        else:
            self.hands_in(*signed)

    def undoes(self, data: st.DataObject) -> None:
        """What was granted is suspended or revoked, or stands again."""
        kind: Undoing = data.draw(st.sampled_from(_UNDOING))
        wanted = ("suspended",) if kind is Reinstatement else LIVE
        office = data.draw(st.sampled_from(OVER))
        act: Act = kind(self.case(data, *wanted).name, office, WHY)
        self.does(self.somebody(data, office), act)

    def gives_back(self, data: st.DataObject) -> None:
        """A partner gives back what it was granted."""
        case = self.case(data, "granted", "suspended")
        self.does(self.speaker(data, case), Surrender(case.name, "no longer needed"))

    def appeals(self, data: st.DataObject) -> None:
        """A partner asks for a refusal to be decided anew."""
        case = self.case(data, "refused")
        self.does(self.speaker(data, case), Appeal(case.name, "the need has grown"))

    def stops_use(self, data: st.DataObject) -> None:
        """A case, or a class of uses, is put on hold."""
        office = data.draw(st.sampled_from((SECRETARY, SECRETARY, MINISTER, *OVER, LIAISON)))
        until = self.house.now + hours(data.draw(st.sampled_from((-1, 20, 20, 90))))
        name = f"{CANARY}-{data.draw(st.integers(1, 9))}"
        partner = data.draw(st.sampled_from(("ukraine", "poland")))
        on = {"partner": partner, "territory": data.draw(st.sampled_from(("RU", "UA", None)))}
        if data.draw(st.booleans()):
            on = {"case": self.case(data, *OPEN, *LIVE).name}
        act = Hold(name, office, WHY, until=until, **on)
        self.does(self.somebody(data, office), act)

    def lets_go_on(self, data: st.DataObject) -> None:
        """A hold is released."""
        name = data.draw(st.sampled_from(sorted(self.model.stops)))
        office = data.draw(st.sampled_from((self.model.stops[name].said.office, *OVER)))
        self.does(self.somebody(data, office), HoldRelease(name, office, WHY))

    def follows_up(self, data: st.DataObject) -> None:
        """What a grant obliges to is told to be met; and that is accepted, or found breached."""
        bound = [each for each in self.model.cases.values() if each.conditions]
        case = data.draw(st.sampled_from(bound)) if bound else self.case(data)
        number = data.draw(st.sampled_from((1, 1, 2, 0)))
        if data.draw(st.booleans()):
            act = Fulfilment(case.name, number, "a paper")
            self.does(self.speaker(data, case), act)
            return
        kind = data.draw(st.sampled_from((Acceptance, Acceptance, Breach)))
        office = data.draw(st.sampled_from(OVER))
        why = (WHY,) if kind is Breach else ()
        self.does(self.somebody(data, office), kind(case.name, office, number, *why))

    def refuses(self, data: st.DataObject) -> None:
        """What waits for a decision is refused, by whoever can: so that there are appeals."""
        case = self.case(data, "deciding")
        office = (*case.waiting, SECRETARY)[0]
        limits = {"uses": None, "window": None, "reasons": WHY, "outcome": Outcome.REFUSE}
        self.does(self.holder(office), decides(self.house, case.name, office=office, **limits))
