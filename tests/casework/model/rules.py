"""What follows by rule, in the model: time passes, policies and circumstances change."""

from copy import deepcopy
from typing import Self

from sayso.dates import Instant
from tests.casework.bodies import Paper, judged
from tests.casework.model.tables import (
    AGREEMENTS,
    CONSENTS,
    LIVE,
    OPEN,
    RANK,
    Book,
    Matter,
    Said,
    is_over,
)


class Rules(Book):
    """What time and policies do to the cases."""

    def settled(self, at: Instant) -> Self:
        """Return a copy in which everything that is due at `at` has been done."""
        after = deepcopy(self)
        after.now = at
        for each in after.cases.values():
            each.told |= {name for name in each.waiting if is_over(each.due.get(name), at)}
            if each.stage in OPEN and is_over(each.request.window.end, at):
                each.stage = "expired"
            if each.stage in {*LIVE, "suspended"} and is_over(each.over, at):
                each.stage = "lapsed"
            if each.unratified is not None and each.unratified[1] <= at:
                each.unratified = None
                after.ends(each)
        after.rejudge()
        return after

    def ends(self, case: Matter) -> None:
        """End what was granted and is not upheld."""
        if case.stage in {"granted", "suspended"}:
            case.stage = "revoked"

    def rejudge(self) -> None:
        """Judge every case anew if other policies bind, or other circumstances are known."""
        binding, said = self.binding_now(), {each.value for each in self.counting()}
        fresh, known = binding - self.binding, (self.talks_now(), len(said) > 1)
        retained = self.retained_now()
        before = self.binding, self.retained, (self.talks, self.disputed)
        self.binding, self.retained, (self.talks, self.disputed) = binding, retained, known
        if before != (binding, retained, known):
            for each in self.cases.values():
                self.spare(each, fresh)
                self.again(each, fresh)

    def binding_now(self) -> frozenset[str]:
        """Return the papers that neither a later one took the place of nor anybody ended."""
        over = {paper.supersedes for paper in self.papers.values()}
        return frozenset(
            name for name, paper in self.papers.items() if not paper.ended and name not in over
        )

    def retained_now(self) -> frozenset[str]:
        """Return the papers that bind what those that took their place keep."""
        keepers = {p.name for p in self.papers.values() if "keep" in {p.pending, p.permits}}
        absent = self.not_replaced(keepers)
        over = {paper.supersedes: name for name, paper in self.papers.items()}
        standing = (name for name, paper in self.papers.items() if not paper.ended)
        return frozenset(name for name in standing if over.get(name) in absent)

    def not_replaced(self, spared: set[str]) -> set[str]:
        """Return those of `spared` whose place no paper that is not spared has taken."""
        absent = set(spared)
        for paper in sorted(self.papers.values(), key=lambda each: -each.version):
            if paper.name not in absent:
                absent.discard(paper.supersedes or "")
        return absent

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

    def spare(self, case: Matter, fresh: frozenset[str]) -> None:
        """Note which of the papers that newly bind leave a case as they find it."""
        for paper in (self.papers[name] for name in fresh):
            what = paper.pending if case.stage in OPEN else paper.permits
            if what == "keep" and case.stage in {*OPEN, *LIVE, "suspended"}:
                case.spared.add(paper.name)

    def standing(self, case: Matter) -> list[Paper]:
        """Return the papers that bind a case, as if there were none that spare it."""
        if case.stage not in {*OPEN, *LIVE, "prohibited"}:
            return self.bound(case.supplier)
        absent = self.not_replaced({each for each in case.spared if self.leaves(each, case.spared)})
        there = [paper for paper in self.papers.values() if paper.name not in absent]
        over = {paper.supersedes for paper in there}
        return [
            paper
            for paper in sorted(there, key=lambda each: each.name)
            if paper.side == case.supplier and paper.name not in over and not paper.ended
        ]

    def leaves(self, name: str, spared: set[str]) -> bool:
        """Return whether what a spared paper took the place of lasts, or leaves the case too."""
        before = self.papers[name].supersedes
        if before is None or not self.papers[before].ended:
            return True
        since, over = self.papers[name].since, self.papers[before].over
        if since is not None and over is not None and over < since:
            return True  # it followed nothing that was in force
        return before in spared and self.leaves(before, spared)

    def reaching(self, case: Matter) -> list[Paper]:
        """Return the papers that a case answers to; a grant only to its own, and to whoever can."""
        papers = self.standing(case)
        if case.stage != "granted" or case.granted is None:
            return papers
        return [
            paper
            for paper in papers
            if paper.name in case.grounds or RANK[paper.issuer] <= RANK[case.granted.office]
        ]

    def again(self, case: Matter, fresh: frozenset[str]) -> None:
        """Move a case if another verdict would be given on it now."""
        over = is_over(case.over, self.now)  # only what is prohibited outlives its window
        if case.stage not in (*OPEN, *LIVE, "prohibited") or over:
            return
        papers = self.reaching(case)
        outcome, route = judged(papers, case.place, case.asked, talks=self.talks)
        decider = route[-1].offices[0] if route else None
        altered = {
            "permitted": outcome != case.outcome,
            "granted": decider != case.decider,
        }.get(case.stage, (outcome, route) != (case.outcome, case.route))
        moving = [paper for paper in papers if paper.name in fresh]
        if case.stage == "prohibited":
            move = "reroute"
        elif case.stage in OPEN:
            move = "return" if "return" in {paper.pending for paper in moving} else "reroute"
        else:
            move = "revoke" if "revoke" in {paper.permits for paper in moving} else "suspend"
        if not altered:
            return
        self.judge(case, papers)
        case.stage = {"return": "returned", "suspend": "suspended", "revoke": "revoked"}.get(
            move, case.stage
        )

    def judge(self, case: Matter, papers: list[Paper]) -> None:
        """Give a case the verdict of `papers`, and the stage that it leads to."""
        case.outcome, case.route = judged(papers, case.place, case.asked, talks=self.talks)
        case.decider = case.route[-1].offices[0] if case.route else None
        case.grounds = frozenset(paper.name for paper in papers)
        if case.stage in {"", "refused"}:
            case.spared.clear()
        case.verdicts += 1
        case.judged_at = self.now
        case.advice = self._still_current(case)
        case.talks = self.talks
        case.stage = case.outcome
        if case.route:
            self.arrive(case, 0)

    def arrive(self, case: Matter, step: int) -> None:
        """Bring a case to a leg of its route: the time of the offices there begins."""
        case.step, case.signed = step, None
        case.stage = case.route[step].stage
        if case.stage == "advising" and not case.waiting:
            self.arrive(case, step + 1)
            return
        within, case.told = case.route[step].within, set()
        case.due = {} if within is None else dict.fromkeys(case.waiting, self.now + within)

    def _still_current(self, case: Matter) -> dict[str, int]:
        """Return the advice that a new verdict leaves: on the same facts, of who is asked again."""
        if not case.verdicts > 1 or case.talks != self.talks:
            return {}
        asked = {name for leg in case.route if leg.stage == "advising" for name in leg.offices}
        return {office: entry for office, entry in case.advice.items() if office in asked}

    def covered(self, agreement: str, article: str, place: str) -> bool:
        """Return whether one use is covered now: by every consent that it needs."""
        return all(self._consents(each, agreement, article, place) for each in CONSENTS[article])

    def _consents(self, supplier: str | None, agreement: str, article: str, place: str) -> bool:
        """Return whether a supplier consents: law 1, none does unless something says so."""
        outcome, _ = judged(self.bound(supplier), place, 1, talks=self.talks)
        standing = [each for each in self.stops.values() if each.stands(self.now)]
        if any(each.reaches(AGREEMENTS[agreement], place, supplier) for each in standing):
            return False
        if outcome == "permitted":
            return True
        theirs = (supplier, agreement, article, place)
        return any(
            self._authorizes(case, outcome)
            for case in self.cases.values()
            if (case.supplier, case.request.agreement, case.article, case.place) == theirs
            and not any(each.said.case == case.name for each in standing)
        )

    def _authorizes(self, case: Matter, outcome: str) -> bool:
        """Return whether a case covers a use now; `outcome` is of all policies on that use."""
        limits = case.granted if case.stage == "granted" else case.request
        if case.stage not in LIVE or limits is None or not limits.window.holds(self.now):
            return False
        still, _ = judged(self.reaching(case), case.place, 1, talks=self.talks)
        if case.stage == "permitted":
            return still == "permitted" and case.left > 0
        return not case.unmet and not outcome == still == "prohibited"
