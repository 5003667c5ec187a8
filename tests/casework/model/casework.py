"""What speaks against an act in a case, in the model."""

from collections.abc import Iterator, Mapping

from sayso.casework.events import (
    Act,
    Advice,
    Consolidation,
    Countersignature,
    Decision,
    Power,
    Ratification,
    Request,
    UseReport,
    Withdrawal,
)
from sayso.dates import Instant, Period
from tests.casework.model.rules import Rules
from tests.casework.model.tables import (
    AGREEMENTS,
    COVERED,
    OPEN,
    Matter,
    is_over,
)
from tests.house import OWNER, SECRETARY


def outgrowing(case: Matter, act: Decision, at: Instant) -> Iterator[str]:
    """Law 12: a grant never outgrows what was asked."""
    if act.uses is not None and not 1 <= act.uses <= case.asked:
        yield "more uses than asked"
    if act.window is not None and not case.request.window.encloses(act.window):
        yield "another time than asked"
    if act.window is not None:
        yield from outgrown(act.window, at)


def outgrown(window: Period, at: Instant) -> Iterator[str]:
    """Nothing takes effect that is over."""
    if is_over(window.end, at):
        yield "over before it begins"


Part = Advice | Consolidation | Decision | Countersignature | Ratification
POWER: Mapping[type[Act], Power] = {
    Advice: Power.ADVISE,
    Consolidation: Power.CONSOLIDATE,
    Decision: Power.DECIDE,
    Countersignature: Power.COUNTERSIGN,
    Ratification: Power.RATIFY,
}
Grounds = tuple[int, int | None]
"""By how many verdicts a case had when an act on it was signed, and which decision waited."""


def _uses(case: Matter, act: Part) -> int:
    """Return how many uses an act would grant, or let stand."""
    if isinstance(act, Decision):
        return act.uses or 0
    if isinstance(act, Countersignature) and case.signed is not None:
        return case.signed.granted.uses if case.signed.granted is not None else 0
    if isinstance(act, Ratification) and case.unratified is not None:
        return case.granted.uses if case.granted is not None else 0
    return 0


def _asked(case: Matter) -> tuple[str, ...]:
    """Return who may speak: while others are waited for, who has spoken may speak anew."""
    if case.stage == "advising":
        return case.route[case.step].offices
    return case.waiting


class Casework(Rules):
    """Objections to what partners and offices do in a case."""

    def _to_request(self, person: str, act: Request) -> Iterator[str]:  # noqa: C901  # one line for each objection
        if act.partner not in self.speaks_for(person):
            yield "not theirs to ask"
        if AGREEMENTS[act.agreement] != act.partner:
            yield "another's agreement"
        wanted = {each.article for each in act.items}
        if not wanted <= set(COVERED[act.agreement]):
            yield "not under the agreement"
        if any(
            each.partner == act.partner and each.article in wanted and each.owing(self.now)
            for each in self.cases.values()
        ):
            yield "a report is overdue"
        if act.window.end is None or act.window.end <= self.now:
            yield "it is over"
        if act.replaces is not None:
            yield from self.across(person, map(self.cases.__getitem__, self.open_of(act.replaces)))
            if self.partner_of(act.replaces) != act.partner:
                yield "replaces another's"
            elif not self.open_of(act.replaces):
                yield "replaces what is closed"
        if act.after is not None:
            cases = [self.cases[each] for each in self.cases_of(act.after)]
            if self.partner_of(act.after) != act.partner or all(
                each.stage != "returned" for each in cases
            ):
                yield "follows what was not returned"

    def _to_withdrawal(self, person: str, act: Withdrawal) -> Iterator[str]:
        if self.partner_of(act.case) not in self.speaks_for(person):
            yield "not theirs to take back"
        yield from self.across(person, map(self.cases.__getitem__, self.open_of(act.case)))
        if not self.open_of(act.case):
            yield "nothing of it is open"

    def _to_part(self, person: str, act: Part) -> Iterator[str]:
        """Laws 7 and 8: nobody decides on their own, or in two parts, or without the power."""
        case, power = self.cases[act.case], POWER[type(act)]
        superior = getattr(act, "superior", None)
        if superior is not None:
            if not self.holds(person, superior):
                yield "not above"
        elif not self.has(person, act.office, power, case, _uses(case, act)):
            yield "no such power"
        if case.parts.get(person, (power.value, act.office)) != (power.value, act.office):
            yield "two parts"
        yield from self.barring(person, case)

    def _to_review(
        self, act: Advice | Consolidation | Decision, at: Instant, grounds: Grounds
    ) -> Iterator[str]:
        case = self.cases[act.case]
        wanted = {Advice: "advising", Consolidation: "consolidating"}.get(type(act), "deciding")
        at_once = isinstance(act, Decision) and act.emergency is not None
        if at_once and (case.stage not in OPEN or case.route[-1].emergency != act.office):
            yield "no emergency"
        if not at_once and (case.stage != wanted or act.office not in _asked(case)):
            yield "out of turn"
        silent = case.told & set(case.waiting)
        if act.superior is not None and (act.superior != OWNER or act.office not in silent):
            yield "not in place of it"
        if isinstance(act, Decision):
            yield from self._to_decision(case, act, grounds)
            return
        if case.judged_at is not None and at < case.judged_at:
            yield "said before the verdict"
        if isinstance(act, Consolidation) and act.cites != tuple(sorted(case.advice.values())):
            yield "not every advice is cited"

    def _to_report(self, person: str, act: UseReport) -> Iterator[str]:
        case = self.cases[act.case]
        if case.partner not in self.speaks_for(person):
            yield "not theirs to report"
        yield from self.across(person, self.together(case))
        if case.stage != "permitted" and case.granted is None:
            yield "nothing was granted"
        if case.stage == "exhausted" or any(act.uses > e.left for e in self.together(case)):
            yield "more than is left"
        if act.used_at is None:
            if not is_over(case.usable_until, self.now):
                yield "not over yet"
            return
        if case.granted is not None and is_over(case.surrendered, act.used_at):
            yield "after it was given back"
        window = (case.request if case.granted is None else case.granted).window
        if act.used_at > self.now or not window.holds(act.used_at):
            yield "at no such time"

    def _to_decision(self, case: Matter, act: Decision, grounds: Grounds) -> Iterator[str]:
        if case.verdicts != grounds[0]:
            yield "on another verdict"
        if self.on_hold(case):
            yield "on hold"
        yield from outgrowing(case, act, self.now)

    def _to_second(self, act: Countersignature | Ratification, grounds: Grounds) -> Iterator[str]:
        case = self.cases[act.case]
        if isinstance(act, Ratification):
            if case.unratified is None or case.unratified[0] != grounds[1]:
                yield "nothing to ratify"
            if act.office != SECRETARY:
                yield "not theirs to ratify"
            return
        if self.on_hold(case):
            yield "on hold"
        if case.stage != "countersigning" or act.office not in case.waiting:
            yield "out of turn"
        signed = case.signed
        if signed is None or signed.entry != grounds[1]:
            yield "another decision"
        elif act.upheld and signed.granted is not None:
            yield from outgrown(signed.granted.window, self.now)
