"""The whole model: what it objects to, and what it lets stand."""

from collections.abc import Iterator

from sayso.casework.events import (
    Acceptance,
    Act,
    Adoption,
    Advice,
    Appeal,
    Appointment,
    Assertion,
    Breach,
    Clearance,
    Consolidation,
    Countersignature,
    Debriefing,
    Decision,
    Delegation,
    DelegationRevocation,
    Fulfilment,
    Hold,
    HoldRelease,
    Lifetime,
    Marking,
    Outcome,
    Power,
    Ratification,
    Reading,
    Recusal,
    Reinstatement,
    Relief,
    Request,
    Rescission,
    Retraction,
    Revocation,
    Settlement,
    Surrender,
    Suspension,
    UseReport,
    Withdrawal,
)
from sayso.dates import Instant, Period
from tests.casework.bodies import RATIFY, Paper
from tests.casework.model.after import After
from tests.casework.model.casework import Casework, Grounds
from tests.casework.model.house import Offices
from tests.casework.model.tables import (
    CONSENTS,
    Grant,
    Granted,
    Holding,
    Matter,
    Said,
    Signed,
    Stop,
    is_over,
)

INSIDE = (
    Advice
    | Consolidation
    | Decision
    | Countersignature
    | Ratification
    | Suspension
    | Revocation
    | Reinstatement
    | Hold
    | HoldRelease
    | Acceptance
    | Breach
)
"""What is a part in a case inside."""


class Model(Casework, After, Offices):
    """`objects` says why an act must be refused; `takes` what stands after one that is not."""

    def objects(
        self, person: str, act: Act, at: Instant, grounds: Grounds = (0, None)
    ) -> str | None:
        """Return why `person` may not do `act`; `grounds` is what it was signed on."""
        return next(self._objections(person, act, at, grounds), None)

    def _objections(  # noqa: C901, PLR0912  # one line for each objection
        self, person: str, act: Act, at: Instant, grounds: Grounds
    ) -> Iterator[str]:
        yield from self.unknown_to(person, act)
        match act:
            case Request():
                yield from self._to_request(person, act)
            case Withdrawal():
                yield from self._to_withdrawal(person, act)
            case Advice() | Consolidation() | Decision():
                yield from self._to_part(person, act)
                yield from self._to_review(act, at, grounds)
            case Countersignature() | Ratification():
                yield from self._to_part(person, act)
                yield from self._to_second(act, grounds)
            case Suspension() | Revocation() | Reinstatement() | Surrender() | Appeal():
                yield from self._to_lifetime(person, act)
            case Hold() | HoldRelease():
                yield from self._to_hold(person, act)
            case Fulfilment() | Acceptance() | Breach():
                yield from self._to_duty(person, act)
            case UseReport():
                yield from self._to_report(person, act)
            case Appointment() | Relief():
                yield from self._to_seat(person, act)
            case Adoption() | Rescission():
                yield from self._to_paper(person, act)
            case Assertion() | Retraction() | Settlement():
                yield from self._to_telling(person, act)
            case Delegation() | DelegationRevocation() | Recusal():
                yield from self._to_powers(person, act)
            case Clearance() | Debriefing() | Marking() | Reading():
                yield from self._to_knowing(person, act)
            case _:
                raise AssertionError(act)

    def takes(self, person: str, act: Act, entry: int) -> None:
        """Let `act` stand as `entry`; nothing was objected to it, and all that was due is done."""
        self._answers(person, act)
        self._in_cases(person, act, entry)
        self._on_house(person, act, entry)
        self.rejudge()

    def _in_cases(self, person: str, act: Act, entry: int) -> None:  # noqa: C901  # one line for each act
        match act:
            case Request():
                self._file(person, act, entry)
            case Withdrawal():
                self._withdraw(act.case, person)
            case Advice() | Consolidation() | Decision():
                self._review(person, act, entry)
            case UseReport():
                self._report(act, person)
            case Countersignature() | Ratification():
                self._second(person, act)
            case Suspension() | Revocation() | Reinstatement() | Surrender() | Appeal():
                self._lifetime(act, person)
            case Hold():
                self.stops[act.hold] = Stop(act)
            case HoldRelease():
                del self.stops[act.hold]
            case Fulfilment() | Acceptance() | Breach():
                if isinstance(act, Fulfilment):
                    self.cases[act.case].asking.add(person)
                what = {Fulfilment: "told", Acceptance: "met"}.get(type(act), "breached")
                self.cases[act.case].followed.append((what, act.obligation))
            case Recusal():
                self.cases[act.case].recused.add(act.person)
            case _:
                pass

    def _answers(self, person: str, act: Act) -> None:
        """Let whoever does something in a case inside have a part in it."""
        said = self.stops[act.hold].said if isinstance(act, HoldRelease) else act
        name = getattr(said, "case", None)
        demanded = isinstance(act, Recusal) and act.person != person
        if isinstance(name, str) and (demanded or isinstance(act, INSIDE)):
            self.cases[name].inside.add(person)

    def _on_house(  # noqa: C901, PLR0912  # one line for each act
        self, person: str, act: Act, entry: int
    ) -> None:
        match act:
            case Appointment():
                self._seat(act.office, act.person, act.term, acting=bool(act.acting))
            case Relief():
                self._relieve(act)
            case Adoption():
                paper = Paper.read(act.text)
                self.papers[paper.name], paper.since = paper, self.now
            case Rescission():
                ended = self.papers[act.policy]
                ended.ended, ended.over = True, self.now
            case Assertion() | Settlement():
                settles = isinstance(act, Settlement)
                said = Said(entry, act.office, act.value is True, act.holds, settles)
                self.said.append(said)
            case Retraction():
                self.retracted.add(act.assertion)
            case Delegation():
                terms = self.terms[act.office] if act.under is None else []
                term = next((e for e in terms if e.person == person and e.holds(self.now)), None)
                self.grants[act.delegation] = Grant(act, entry, self.now, person, term)
            case DelegationRevocation():
                self.grants[act.delegation].revoked = True
            case Clearance():
                self.cleared.append(Holding(act.person, act.term.start, act.term.end))
            case Debriefing():
                for each in self.cleared:
                    if each.person == act.person and each.holds(act.at):
                        each.end = act.at
            case Marking():
                self._mark(act)
            case _:
                pass

    def _file(self, person: str, act: Request, entry: int) -> None:
        if act.replaces is not None:
            self._withdraw(act.replaces, person)
        number = self.filed[act.partner] = self.filed.get(act.partner, 0) + 1
        name = f"{act.partner}-{number}"
        several = len(act.items) > 1
        names = [f"{name}.{each + 1}" if several else name for each in range(len(act.items))]
        self.requests[name] = []
        for item, one in enumerate(names):
            for supplier in CONSENTS[act.items[item].article]:
                each = one if supplier is None else f"{one}@{supplier}"
                case = self.cases[each] = Matter(each, act, item, supplier, entry, person)
                case.parts[person] = ("request", None)
                case.asking.add(person)
                self.requests[name].append(each)
                self.judge(case, self.bound(supplier))

    def _withdraw(self, name: str, person: str) -> None:
        for each in self.open_of(name):
            self.cases[each].stage = "withdrawn"
            self.cases[each].asking.add(person)

    def _second(self, person: str, act: Countersignature | Ratification) -> None:
        case = self.cases[act.case]
        if isinstance(act, Ratification):
            case.parts[person] = (Power.RATIFY.value, act.office)
            case.unratified = None
            if not act.upheld:
                self.ends(case)
            return
        case.parts[person] = (Power.COUNTERSIGN.value, act.office)
        signed = case.signed
        assert signed is not None
        if act.upheld:
            signed.second.add(act.office)
            if not case.waiting:
                self._decided(case, signed)
        else:
            self.arrive(case, case.step)

    def _decided(self, case: Matter, signed: Signed) -> None:
        """Let a decision take effect."""
        case.stage, case.granted, case.signed = signed.stage, signed.granted, None
        if case.stage == "refused":
            case.refused = self.now

    def _lifetime(self, act: Lifetime, person: str) -> None:
        case = self.cases[act.case]
        if isinstance(act, Surrender | Appeal):
            case.asking.add(person)
        match act:
            case Suspension():
                case.stage = "suspended"
            case Revocation():
                case.stage = "revoked"
            case Reinstatement():
                case.stage = "granted"
            case Surrender():
                case.stage, case.surrendered = "surrendered", self.now
            case Appeal():
                case.appealed, case.advice = True, {}
                self.judge(case, self.bound(case.supplier))

    def _review(self, person: str, act: Advice | Consolidation | Decision, entry: int) -> None:
        case = self.cases[act.case]
        match act:
            case Advice():
                case.parts[person] = (Power.ADVISE.value, act.office)
                case.advice[act.office] = entry
                case.said.add(entry)
            case Consolidation():
                case.parts[person] = (Power.CONSOLIDATE.value, act.office)
            case Decision():
                case.parts[person] = (Power.DECIDE.value, act.office)
                case.said.add(entry)
                self._decide(case, act, entry)
                return
        if not isinstance(act, Advice) or not case.waiting:
            self.arrive(case, case.step + 1)

    def _mark(self, act: Marking) -> None:
        if act.case is not None:
            self.kept.add(act.case)
        if act.entry is not None:
            self.marked.add(act.entry)

    def _decide(self, case: Matter, act: Decision, entry: int) -> None:
        granted = None
        if act.outcome.grants and act.uses is not None and act.window is not None:
            granted = Granted(act.uses, act.window, act.office, act.conditions)
        stage = "returned" if act.outcome is Outcome.RETURN else "refused"
        signed = Signed(entry, "granted" if granted is not None else stage, granted)
        if act.emergency is not None:
            case.unratified = (entry, self.now + RATIFY)
        elif case.route[case.step].countersign:
            case.signed, case.stage = signed, "countersigning"
            return
        self._decided(case, signed)

    def _report(self, act: UseReport, person: str) -> None:
        for case in self.together(self.cases[act.case]):
            case.asking.add(person)
            case.reports.append((self.now, act.uses))
            case.accounted |= case.surrendered is not None or is_over(case.over, self.now)
            if case.stage in {"granted", "lapsed"} and case.left == 0:
                case.stage = "exhausted"

    def _seat(self, office: str, person: str, term: Period, *, acting: bool = False) -> None:
        self.terms[office].append(Holding(person, term.start, term.end, acting))

    def _relieve(self, act: Relief) -> None:
        for each in self.terms[act.office]:
            if each.person == act.person and each.start < act.at and each.holds(act.at):
                each.end = act.at
        if act.successor is not None:
            self._seat(act.office, act.successor, Period(act.at))

    @property
    def markable(self) -> list[int]:
        """Return the entries of every advice and decision."""
        return [entry for each in self.cases.values() for entry in sorted(each.said)]
