"""What speaks against an act on what was decided, in the model."""

from collections.abc import Iterator
from datetime import timedelta

from sayso.casework.events import (
    Acceptance,
    Appeal,
    Breach,
    Fulfilment,
    Hold,
    HoldRelease,
    Lifetime,
    Reinstatement,
    Surrender,
    Suspension,
)
from tests.casework.bodies import side
from tests.casework.model.rules import Rules
from tests.casework.model.tables import (
    LIVE,
    OPEN,
    PARTNERS,
    Matter,
    is_over,
)

APPEAL = timedelta(days=28)


class After(Rules):
    """Objections to what is said of a decision: it is undone, held, appealed, followed up."""

    def _to_lifetime(self, person: str, act: Lifetime) -> Iterator[str]:  # noqa: C901  # one line for each objection
        case = self.cases[act.case]
        if isinstance(act, Surrender | Appeal):
            if case.partner not in self.speaks_for(person):
                yield "not theirs"
            yield from self.across(person, (case,))
            if isinstance(act, Surrender) and case.stage not in {"granted", "suspended"}:
                yield "nothing to give back"
            if isinstance(act, Appeal) and not self._appealable(case):
                yield "not to be appealed"
            return
        yield from self.barring(person, case)
        if not self.holds(person, act.office):
            yield "not their office"
        live = {Suspension: LIVE, Reinstatement: ("suspended",)}
        if case.stage not in live.get(type(act), (*LIVE, "suspended")):
            yield "not live"
        if not self._undoes(case, act.office):
            yield "not above who decided"
        if isinstance(act, Reinstatement):
            if case.granted is None or is_over(case.over, self.now):
                yield "nothing that was granted"
            if case.decider is None or case.decider not in self.below(act.office):
                yield "not above who would decide"

    def _undoes(self, case: Matter, office: str) -> bool:
        """Return whether an office may undo what was decided, or what the policies permit."""
        decider = case.decider if case.granted is None else case.granted.office
        if decider is not None:
            return decider in self.below(office)
        return any(self.papers[name].issuer in self.below(office) for name in case.grounds)

    def _appealable(self, case: Matter) -> bool:
        """Return whether a refusal can still be appealed."""
        within = case.refused is not None and self.now <= case.refused + APPEAL
        over = is_over(case.request.window.end, self.now)
        return case.stage == "refused" and not case.appealed and within and not over

    def _to_hold(self, person: str, act: Hold | HoldRelease) -> Iterator[str]:
        if not self.holds(person, act.office):
            yield "not their office"
        said = act if isinstance(act, Hold) else self.stops[act.hold].said
        if said.case is not None:
            yield from self.barring(person, self.cases[said.case])
        elif said.partner in self.speaks_for(person):
            yield "of their own partner"
        if isinstance(act, HoldRelease):
            if said.office not in self.below(act.office):
                yield "not theirs to release"
            return
        yield from self._to_new_hold(act)

    def _to_new_hold(self, act: Hold) -> Iterator[str]:
        if act.hold in self.stops or is_over(act.until, self.now) or act.office in PARTNERS:
            yield "no such hold can be"
        if act.case is not None:
            case = self.cases[act.case]
            if case.stage not in (*OPEN, *LIVE):
                yield "nothing to stop"
            if case.supplier != side(act.office):
                yield "another supplier's"
        if not self._stopped(act) <= self.below(act.office):
            yield "over a head"

    def _stopped(self, act: Hold) -> set[str]:
        """Return the offices whose say a hold would stop."""
        papers = self.bound(side(act.office))
        if act.case is not None:
            case = self.cases[act.case]
            if case.decider is not None:
                return {case.decider}
            papers = [self.papers[name] for name in case.grounds]
        return {head for paper in papers for head in paper.heads}

    def _to_duty(  # noqa: C901  # one line for each objection
        self, person: str, act: Fulfilment | Acceptance | Breach
    ) -> Iterator[str]:  # one line for each objection
        case = self.cases[act.case]
        report = len(case.conditions) + 1
        stands = case.standing(act.obligation)
        if case.granted is None or not 1 <= act.obligation <= report:
            yield "no such obligation"
        if act.obligation == report and not isinstance(act, Breach):
            yield "met by a report, and by nothing else"
        if isinstance(act, Fulfilment):
            if case.partner not in self.speaks_for(person):
                yield "not theirs to fulfil"
            yield from self.across(person, (case,))
            if stands == "met":
                yield "met already"
            return
        yield from self.barring(person, case)
        if not self.holds(person, act.office):
            yield "not their office"
        if case.granted is not None and case.granted.office not in self.below(act.office):
            yield "did not impose it"
        if stands == "breached" if isinstance(act, Breach) else stands != "told":
            yield "nothing to rule on"
