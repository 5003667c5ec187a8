"""What ought to stand and who may do what, said again: small, slow and obvious.

`Model` is the oracle of `test_machine`. It keeps its own plain tables and shares nothing with the
program but the classes of the acts. `Model.objects` says why an act must be refused, or None;
`Model.takes` says what stands after one that is not. Nothing is kept of time's work in between:
whoever asks does so of `Model.settled`, a copy in which time has done what it does.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Appointment,
    Assertion,
    Clearance,
    Consolidation,
    Debriefing,
    Decision,
    Delegation,
    DelegationRevocation,
    Marking,
    Outcome,
    Power,
    Reading,
    Recusal,
    Relief,
    Request,
    Rescission,
    Retraction,
    Settlement,
    UseReport,
    Withdrawal,
)
from sayso.dates import Instant, Period
from tests.casework.bodies import REPORT, Paper, Route, judged
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY

AGREEMENTS = {"aid": "ukraine", "other-aid": "poland"}
PARTNERS = {LIAISON: "ukraine", OTHERS: "poland"}
RANK = {SECRETARY: 1, OWNER: 2, **dict.fromkeys(ADVISERS, 3), "registrar": 9}
FILLS = {SECRETARY: SECRETARY, OWNER: SECRETARY}
"""Who fills an office; the registrar fills all others."""
ASSERTING = ("europe-desk", "joint-staff")
OPEN = ("advising", "consolidating", "deciding")
LIVE = ("permitted", "granted")


@dataclass
class Holding:
    """Somebody's time in an office, or in a compartment."""

    person: str
    start: Instant
    end: Instant | None

    def holds(self, at: Instant) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    def meets(self, other: Period) -> bool:
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


@dataclass
class Grant:
    """Powers of an office, delegated by one of its holders."""

    said: Delegation
    entry: int
    since: Instant
    by: str
    term: Holding
    revoked: bool = False


@dataclass
class Said:
    """What an office holds to be so, of talks under way."""

    entry: int
    office: str
    value: bool
    holds: Period
    settles: bool


@dataclass
class Granted:
    """A decision that grants."""

    uses: int
    window: Period
    by: str


@dataclass
class Matter:
    """A case: one item of a request."""

    name: str
    request: Request
    item: int
    entry: int
    by: str
    stage: str = ""
    route: Route = ()
    outcome: str = ""
    decider: str | None = None
    grounds: frozenset[str] = frozenset()
    verdicts: int = 0
    talks: bool | None = None
    judged_at: Instant | None = None
    step: int = 0
    advice: dict[str, int] = field(default_factory=dict)
    parts: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    granted: Granted | None = None
    reports: list[tuple[Instant, int]] = field(default_factory=list)
    recused: set[str] = field(default_factory=set)
    said: set[int] = field(default_factory=set)

    @property
    def place(self) -> str:
        return self.request.items[self.item].place

    @property
    def asked(self) -> int:
        return self.request.items[self.item].uses

    @property
    def partner(self) -> str:
        return self.request.partner

    @property
    def waiting(self) -> tuple[str, ...]:
        if self.stage not in OPEN:
            return ()
        offices = self.route[self.step][1]
        return tuple(each for each in offices if each not in self.advice)

    @property
    def left(self) -> int:
        allowed = self.asked if self.granted is None else self.granted.uses
        return allowed - sum(uses for _, uses in self.reports)

    @property
    def over(self) -> Instant | None:
        return (self.request if self.granted is None else self.granted).window.end

    def owing(self, at: Instant) -> bool:
        """Return whether its use report is overdue: three days after the window, and not told."""
        if self.granted is None or self.over is None or self.left == 0:
            return False
        told = any(when >= self.over for when, _ in self.reports)
        return not told and self.over + REPORT <= at


@dataclass
class Model:
    """The whole of it. `now` is the time of the newest entry, or that for which it is settled."""

    now: Instant
    terms: dict[str, list[Holding]]
    grants: dict[str, Grant] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    binding: frozenset[str] = frozenset()
    said: list[Said] = field(default_factory=list)
    retracted: set[int] = field(default_factory=set)
    talks: bool | None = None
    cases: dict[str, Matter] = field(default_factory=dict)
    requests: dict[str, list[str]] = field(default_factory=dict)
    filed: dict[str, int] = field(default_factory=dict)
    cleared: list[Holding] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)

    # --- time, and what follows by rule ----------------------------------------------------------

    def settled(self, at: Instant) -> "Model":
        """Return a copy in which everything that is due at `at` has been done."""
        after = deepcopy(self)
        after.now = at
        for each in after.cases.values():
            if each.stage in OPEN and _is_over(each.request.window.end, at):
                each.stage = "expired"
            if each.stage in {*LIVE, "suspended"} and _is_over(each.over, at):
                each.stage = "lapsed"
        after.rejudge()
        return after

    def rejudge(self) -> None:
        """Judge every case anew if other policies bind, or other circumstances are known."""
        binding, talks = self.binding_now(), self.talks_now()
        fresh = binding - self.binding
        changed = binding != self.binding or talks != self.talks
        self.binding, self.talks = binding, talks
        if changed:
            for each in self.cases.values():
                self.again(each, fresh)

    def binding_now(self) -> frozenset[str]:
        """Return the papers that neither a later one took the place of nor anybody ended."""
        over = {paper.supersedes for paper in self.papers.values()}
        return frozenset(
            name for name, paper in self.papers.items() if not paper.ended and name not in over
        )

    def talks_now(self) -> bool | None:
        """Return whether talks are under way: None if nobody says so, or not all the same."""
        values = {each.value for each in self.counting()}
        return values.pop() if len(values) == 1 else None

    def counting(self) -> list[Said]:
        """Return each office's newest word since the newest settlement."""
        holding = [
            each
            for each in self.said
            if each.holds.holds(self.now) and each.entry not in self.retracted
        ]
        since = max((each.entry for each in holding if each.settles), default=-1)
        newest = {each.office: each for each in holding if each.entry >= since}
        return sorted(newest.values(), key=lambda each: each.entry)

    def reaching(self, case: Matter) -> list[Paper]:
        """Return the papers that a case answers to; a grant only to its own, and to whoever can."""
        papers = [self.papers[name] for name in sorted(self.binding)]
        if case.stage != "granted" or case.decider is None:
            return papers
        return [
            paper
            for paper in papers
            if paper.name in case.grounds or RANK[paper.issuer] <= RANK[case.decider]
        ]

    def again(self, case: Matter, fresh: frozenset[str]) -> None:
        """Move a case if another verdict would be given on it now."""
        if case.stage not in (*OPEN, *LIVE):
            return
        papers = self.reaching(case)
        outcome, route = judged(papers, case.place, case.asked, talks=self.talks)
        decider = route[-1][1][0] if route else None
        altered = {
            "permitted": outcome != case.outcome,
            "granted": decider != case.decider,
        }.get(case.stage, (outcome, route) != (case.outcome, case.route))
        moving = [paper for paper in papers if paper.name in fresh]
        if case.stage in OPEN:
            move = max((paper.pending for paper in moving), default="reroute", key=_PENDING.index)
        else:
            move = max((paper.permits for paper in moving), default="suspend", key=_PERMITS.index)
        if not altered or move == "keep":
            return
        self.judge(case, papers)
        case.stage = {"return": "returned", "suspend": "suspended", "revoke": "revoked"}.get(
            move, case.stage
        )

    def judge(self, case: Matter, papers: list[Paper]) -> None:
        """Give a case the verdict of `papers`, and the stage that it leads to."""
        case.outcome, case.route = judged(papers, case.place, case.asked, talks=self.talks)
        case.decider = case.route[-1][1][0] if case.route else None
        case.grounds = frozenset(paper.name for paper in papers)
        case.verdicts += 1
        case.judged_at = self.now
        case.advice = self._still_current(case)
        case.step, case.talks = 0, self.talks
        case.stage = case.route[0][0] if case.route else case.outcome
        while case.stage == "advising" and not case.waiting:
            case.step += 1
            case.stage = case.route[case.step][0]

    def _still_current(self, case: Matter) -> dict[str, int]:
        """Return the advice that a new verdict leaves: on the same facts, of who is asked again."""
        if not case.verdicts > 1 or case.talks != self.talks:
            return {}
        asked = {
            office for stage, names, _ in case.route if stage == "advising" for office in names
        }
        return {office: entry for office, entry in case.advice.items() if office in asked}

    def covered(self, partner: str, place: str) -> bool:
        """Return whether one use is covered now: law 1, nothing is unless something says so."""
        papers = [self.papers[name] for name in sorted(self.binding)]
        outcome, _ = judged(papers, place, 1, talks=self.talks)
        if outcome == "permitted":
            return True
        for case in self.cases.values():
            grant = case.granted
            if grant is None or case.stage != "granted" or not grant.window.holds(self.now):
                continue
            still, _ = judged(self.reaching(case), place, 1, talks=self.talks)
            if outcome == "prohibited" and still == "prohibited":
                continue
            if (case.partner, case.place) == (partner, place):
                return True
        return False

    # --- who may ---------------------------------------------------------------------------------

    def holds(self, person: str, office: str) -> bool:
        """Return whether a person holds an office now."""
        return any(
            each.person == person and each.holds(self.now) for each in self.terms.get(office, ())
        )

    def speaks_for(self, person: str) -> set[str]:
        """Return the partners whose offices a person holds."""
        return {partner for office, partner in PARTNERS.items() if self.holds(person, office)}

    def is_cleared(self, person: str) -> bool:
        """Return whether a person is cleared for the compartment now."""
        return any(each.person == person and each.holds(self.now) for each in self.cleared)

    def has(self, person: str, office: str, power: Power, case: Matter) -> bool:
        """Return whether a person has the power of an office in a case: it is theirs, or given."""
        return self.holds(person, office) or any(
            self.grants_it(grant, power, case)
            for grant in self.grants.values()
            if grant.said.office == office and grant.said.person == person
        )

    def grants_it(self, grant: Grant, power: Power, case: Matter) -> bool:
        """Return whether a delegation still gives a power in a case."""
        term = grant.said.term
        stands = (
            not grant.revoked
            and term.holds(self.now)
            and grant.since <= self.now
            and grant.term.holds(self.now)
        )
        reserved = power is Power.DECIDE and case.outcome == "referred" and case.route[-1][2]
        out = grant.by in case.recused and grant.entry > case.entry
        return stands and power in grant.said.powers and not reserved and not out

    def above(self, office: str) -> set[str]:
        """Return the offices that stand above one, and itself; among advisers none does."""
        if office not in RANK:
            return {office}
        return {each for each in (SECRETARY, OWNER) if RANK[each] <= RANK[office]} | {office}

    # --- objections ------------------------------------------------------------------------------

    def objects(self, person: str, act: Act, at: Instant, grounds: int = 0) -> str | None:
        """Return why `person` may not do `act`; `grounds` counts the verdicts it was signed on."""
        return next(self._objections(person, act, at, grounds), None)

    def _objections(self, person: str, act: Act, at: Instant, grounds: int) -> Iterator[str]:  # noqa: C901  # one line for each objection
        match act:
            case Request():
                yield from self._to_request(person, act)
            case Withdrawal():
                yield from self._to_withdrawal(person, act)
            case Advice() | Consolidation() | Decision():
                yield from self._to_part(person, act)
                yield from self._to_review(act, at, grounds)
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

    def _to_request(self, person: str, act: Request) -> Iterator[str]:  # noqa: C901  # one line for each objection
        if act.partner not in self.speaks_for(person):
            yield "not theirs to ask"
        if AGREEMENTS[act.agreement] != act.partner:
            yield "another's agreement"
        if any(
            each.partner == act.partner and each.owing(self.now) for each in self.cases.values()
        ):
            yield "a report is overdue"
        if act.window.end is None or act.window.end <= self.now:
            yield "it is over"
        if act.replaces is not None:
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
        if not self.open_of(act.case):
            yield "nothing of it is open"

    def _to_part(self, person: str, act: Advice | Consolidation | Decision) -> Iterator[str]:
        """Laws 7 and 8: nobody decides on their own, or in two parts, or without the power."""
        case = self.cases[act.case]
        power = {Advice: Power.ADVISE, Consolidation: Power.CONSOLIDATE}.get(
            type(act), Power.DECIDE
        )
        if not self.has(person, act.office, power, case):
            yield "no such power"
        if case.parts.get(person, (power.value, act.office)) != (power.value, act.office):
            yield "two parts"
        if person in case.recused:
            yield "recused"
        if case.partner in self.speaks_for(person):
            yield "own request"

    def _to_review(
        self, act: Advice | Consolidation | Decision, at: Instant, grounds: int
    ) -> Iterator[str]:
        case = self.cases[act.case]
        wanted = {Advice: "advising", Consolidation: "consolidating"}.get(type(act), "deciding")
        if case.stage != wanted or act.office not in case.waiting:
            yield "out of turn"
        if isinstance(act, Decision):
            if case.verdicts != grounds:
                yield "on another verdict"
            yield from _outgrowing(case, act, self.now)
            return
        if case.judged_at is not None and at < case.judged_at:
            yield "said before the verdict"
        if isinstance(act, Consolidation) and act.cites != tuple(sorted(case.advice.values())):
            yield "not every advice is cited"

    def _to_report(self, person: str, act: UseReport) -> Iterator[str]:
        case = self.cases[act.case]
        if case.partner not in self.speaks_for(person):
            yield "not theirs to report"
        if case.stage != "permitted" and case.granted is None:
            yield "nothing was granted"
        if case.stage == "exhausted" or act.uses > case.left:
            yield "more than is left"
        if act.used_at is None:
            if not _is_over(case.over, self.now):
                yield "not over yet"
            return
        window = (case.request if case.granted is None else case.granted).window
        if act.used_at > self.now or not window.holds(act.used_at):
            yield "at no such time"

    def _to_seat(self, person: str, act: Appointment | Relief) -> Iterator[str]:
        filler = FILLS.get(act.office, "registrar")
        own = isinstance(act, Relief) and act.person == person and act.successor is None
        if not own and not self.holds(person, filler):
            yield "not theirs to fill"
        terms = self.terms[act.office]
        if isinstance(act, Appointment):
            if any(each.meets(act.term) for each in terms):
                yield "no seat is free"
            return
        ends = [e for e in terms if e.person == act.person and e.start < act.at and e.holds(act.at)]
        if act.at < self.now:
            yield "in the past"
        if not ends:
            yield "no such term"
        others = [each for each in terms if each not in ends]
        if act.successor is not None and any(each.meets(Period(act.at)) for each in others):
            yield "no seat is free"
        vacant = not any(each.holds(act.at) for each in others)
        if act.successor is None and act.office == SECRETARY and vacant:
            yield "left vacant"

    def _to_paper(self, person: str, act: Adoption | Rescission) -> Iterator[str]:
        if isinstance(act, Adoption):
            paper = Paper.read(act.text)
            ended, office = paper.supersedes, paper.issuer
            if paper.name in self.papers:
                yield "adopted already"
        else:
            ended, office = act.policy, act.office
            if self.papers[act.policy].ended:
                yield "ended already"
        if not self.holds(person, office):
            yield "not theirs to issue or end"
        heads = self.papers[ended].heads if ended is not None else set()
        if any(RANK[office] >= RANK[head] for head in heads - {office}):
            yield "over a head"

    def _to_telling(self, person: str, act: Assertion | Retraction | Settlement) -> Iterator[str]:  # noqa: C901  # one line for each objection
        if not self.holds(person, act.office):
            yield "not their office"
        match act:
            case Assertion():
                if act.office not in ASSERTING:
                    yield "not its fact"
            case Retraction():
                said = next((e for e in self.said if e.entry == act.assertion), None)
                if said is None or said.entry in self.retracted:
                    yield "nothing to take back"
                elif act.office not in self.above(said.office):
                    yield "another's"
            case Settlement():
                if act.office not in {SECRETARY, OWNER}:
                    yield "not above all who assert"
                if act.cites != tuple(each.entry for each in self.counting()):
                    yield "not every assertion is cited"

    def _to_powers(  # noqa: C901  # one line for each objection
        self, person: str, act: Delegation | DelegationRevocation | Recusal
    ) -> Iterator[str]:
        match act:
            case Delegation():
                if not self.holds(person, act.office) or act.person == person:
                    yield "not theirs to give"
                if act.delegation in self.grants or act.office in PARTNERS:
                    yield "no such delegation can be"
                if _is_over(act.term.end, self.now):
                    yield "over"
            case DelegationRevocation():
                grant = self.grants[act.delegation]
                above = self.above(grant.said.office)
                if person != grant.by and not any(self.holds(person, each) for each in above):
                    yield "not theirs to take back"
                if grant.revoked:
                    yield "revoked already"
            case Recusal():
                case = self.cases[act.case]
                if act.person != person and not self._above_all(person, act):
                    yield "not above"
                if case.stage not in OPEN or act.person in case.recused:
                    yield "no part to leave"

    def _above_all(self, person: str, act: Recusal) -> bool:
        """Return whether who demands a recusal stands above all that the other could act for."""
        held = {office for office in self.terms if self.holds(act.person, office)}
        given = {
            each.said.office for each in self.grants.values() if each.said.person == act.person
        }
        by = act.office
        return (
            by is not None
            and self.holds(person, by)
            and bool(held | given)
            and all(by in self.above(each) and by != each for each in held)
            and all(by in self.above(each) for each in given)
        )

    def _to_knowing(  # noqa: C901  # one line for each objection
        self, person: str, act: Clearance | Debriefing | Marking | Reading
    ) -> Iterator[str]:
        if isinstance(act, Reading):
            wanted = ("canary",) if self.marked & self.cases[act.case].said else ()
            if act.compartments != wanted or (wanted and not self.is_cleared(person)):
                yield "not theirs to read"
            return
        if not self.holds(person, act.office):
            yield "not their office"
        match act:
            case Clearance():
                if act.office not in {SECRETARY, OWNER} or self.speaks_for(act.person):
                    yield "not to be cleared"
            case Debriefing():
                if act.office not in {SECRETARY, OWNER} or act.at < self.now:
                    yield "not to be debriefed"
                if not any(e.person == act.person and e.holds(act.at) for e in self.cleared):
                    yield "not cleared"
            case Marking():
                if act.office in PARTNERS or not self.is_cleared(person):
                    yield "not theirs to mark"

    # --- what stands after -----------------------------------------------------------------------

    def takes(self, person: str, act: Act, entry: int) -> None:  # noqa: C901, PLR0912  # one line for each act
        """Let `act` stand as `entry`; nothing was objected to it, and all that was due is done."""
        match act:
            case Request():
                self._file(person, act, entry)
            case Withdrawal():
                self._withdraw(act.case)
            case Advice() | Consolidation() | Decision():
                self._review(person, act, entry)
            case UseReport():
                self._report(act)
            case Appointment():
                self._seat(act.office, act.person, act.term)
            case Relief():
                self._relieve(act)
            case Adoption():
                paper = Paper.read(act.text)
                self.papers[paper.name] = paper
            case Rescission():
                self.papers[act.policy].ended = True
            case Assertion() | Settlement():
                settles = isinstance(act, Settlement)
                said = Said(entry, act.office, act.value is True, act.holds, settles)
                self.said.append(said)
            case Retraction():
                self.retracted.add(act.assertion)
            case Delegation():
                (term,) = (
                    each
                    for each in self.terms[act.office]
                    if each.person == person and each.holds(self.now)
                )
                self.grants[act.delegation] = Grant(act, entry, self.now, person, term)
            case DelegationRevocation():
                self.grants[act.delegation].revoked = True
            case Recusal():
                self.cases[act.case].recused.add(act.person)
            case Clearance():
                self.cleared.append(Holding(act.person, act.term.start, act.term.end))
            case Debriefing():
                for each in self.cleared:
                    if each.person == act.person and each.holds(act.at):
                        each.end = act.at
            case Marking():
                self.marked.add(act.entry or 0)
            case _:
                pass
        self.rejudge()

    def _file(self, person: str, act: Request, entry: int) -> None:
        if act.replaces is not None:
            self._withdraw(act.replaces)
        number = self.filed[act.partner] = self.filed.get(act.partner, 0) + 1
        name = f"{act.partner}-{number}"
        several = len(act.items) > 1
        names = [f"{name}.{each + 1}" if several else name for each in range(len(act.items))]
        self.requests[name] = names
        for item, each in enumerate(names):
            case = self.cases[each] = Matter(each, act, item, entry, person)
            case.parts[person] = ("request", None)
            self.judge(case, [self.papers[paper] for paper in sorted(self.binding)])

    def _withdraw(self, name: str) -> None:
        for each in self.open_of(name):
            self.cases[each].stage = "withdrawn"

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
                if act.outcome is Outcome.GRANT and act.uses is not None and act.window is not None:
                    case.granted = Granted(act.uses, act.window, person)
                stages = {Outcome.GRANT: "granted", Outcome.RETURN: "returned"}
                case.stage = stages.get(act.outcome, "refused")
                return
        if not isinstance(act, Advice) or not case.waiting:
            case.step += 1
            case.stage = case.route[case.step][0]

    def _report(self, act: UseReport) -> None:
        case = self.cases[act.case]
        case.reports.append((self.now, act.uses))
        if case.stage in {"granted", "lapsed"} and case.left == 0:
            case.stage = "exhausted"

    def _seat(self, office: str, person: str, term: Period) -> None:
        self.terms[office].append(Holding(person, term.start, term.end))

    def _relieve(self, act: Relief) -> None:
        for each in self.terms[act.office]:
            if each.person == act.person and each.start < act.at and each.holds(act.at):
                each.end = act.at
        if act.successor is not None:
            self._seat(act.office, act.successor, Period(act.at))

    @property
    def advised(self) -> list[int]:
        """Return the entries of every advice."""
        return [entry for each in self.cases.values() for entry in sorted(each.said)]

    # --- names -----------------------------------------------------------------------------------

    def cases_of(self, name: str) -> list[str]:
        """Return the cases of a request, or the one case of that name."""
        return self.requests.get(name, [name])

    def open_of(self, name: str) -> list[str]:
        """Return those that are open."""
        return [each for each in self.cases_of(name) if self.cases[each].stage in OPEN]

    def partner_of(self, name: str) -> str:
        """Return whose request or case it is."""
        return self.cases[self.cases_of(name)[0]].partner


_PENDING = ("keep", "reroute", "return")
_PERMITS = ("keep", "suspend", "revoke")


def _is_over(end: Instant | None, at: Instant) -> bool:
    return end is not None and end <= at


def _outgrowing(case: Matter, act: Decision, at: Instant) -> Iterator[str]:
    """Law 12: a grant never outgrows what was asked."""
    if act.uses is not None and not 1 <= act.uses <= case.asked:
        yield "more uses than asked"
    if act.window is not None and not case.request.window.encloses(act.window):
        yield "another time than asked"
    if act.window is not None and _is_over(act.window.end, at):
        yield "over before it begins"
