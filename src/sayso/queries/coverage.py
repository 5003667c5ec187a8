"""Is this use covered now? The question everything else is kept for.

A use is covered if the policies in force permit it outright, or if a request for it was granted, or
permitted by policies that a later one keeps in force for it, and still stands. Everything else is
not covered: what is not permitted is prohibited (law 1). Another reader than the office is answered
as far as that reader may know, which binds nobody.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import assert_never

from sayso.casework import bench, holds, obligations, reaching, requests, typed, verdicts
from sayso.casework.asked import Asked
from sayso.casework.case import Authorization, Case, Exhausted, Live, Permitted, Withdrawn
from sayso.casework.dossier import touched
from sayso.casework.events import Condition
from sayso.casework.facts import Atlas
from sayso.casework.inforce import in_force
from sayso.casework.reaching import Bounds
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.policy.decide import Outcome, Verdict
from sayso.queries.disclosure import OFFICE, Circle, Reader, knows_consent
from sayso.queries.pared import withheld
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Use:
    """A use that is asked about: who, what, where, for what."""

    partner: str
    agreement: str
    article: str
    place: str
    purpose: str
    within_m: int | None = None

    def __post_init__(self) -> None:
        typed.check_place(self.place)


class By(Enum):
    """What covers a use; a consent of which no more is told is just that."""

    POLICY = "policy"
    AUTHORIZATION = "authorization"
    CONSENT = "consent"


class Lack(Enum):
    """Why a grant for the use covers nothing now."""

    NOT_GRANTED = "not-granted"
    EXHAUSTED = "exhausted"
    UNMET = "obligations-unmet"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer, with the verdict it rests on and, if granted, the case and its limits.

    `supplier` is whose consent it is about (None: the record keeper's), and `others` are the
    answers for the further suppliers that have a say. `left` is how many of the `uses` granted were
    not reported yet. Where a grant for this use covers nothing now, `case` names it and `lack` says
    why. `held` says that a blanket hold stands on the use, and to the office `holds` names it. Of a
    consent given `elsewhere`, in a house that is not the reader's, only the outcome is told.
    """

    at: Instant
    verdict: Verdict
    place: Value
    by: By | None
    case: str | None = None
    window: Period | None = None
    uses: int | None = None
    conditions: tuple[Condition, ...] = ()
    left: int | None = None
    lack: Lack | None = None
    supplier: str | None = None
    others: tuple["Coverage", ...] = ()
    held: bool = False
    holds: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def covered(self) -> bool:
        """Return whether the use is covered: by every consent that it needs."""
        return self.by is not None and all(each.covered for each in self.others)

    @property
    def cases(self) -> tuple[str, ...]:
        """Return the cases that the answer names."""
        others = (name for each in self.others for name in each.cases)
        return (*(() if self.case is None else (self.case,)), *others)

    def outcome(self) -> "Coverage":
        """Return the answer of which only the outcome is told."""
        by = None if self.by is None else By.CONSENT
        told = Outcome.PROHIBITED if by is None else Outcome.PERMITTED
        silent = Verdict(told, None, (), (), (), (), ())
        return Coverage(self.at, silent, self.place, by, supplier=self.supplier, elsewhere=True)

    def withholding(self, policies: Container[str]) -> "Coverage":
        """Return the answer, which stays the same, with the clauses of `policies` unnamed."""
        verdict = self.verdict._replace(
            because=withheld(self.verdict.because, policies),
            possible=withheld(self.verdict.possible, policies),
            policies=tuple(each for each in self.verdict.policies if each[0] not in policies),
        )
        others = tuple(each.withholding(policies) for each in self.others)
        return replace(self, verdict=verdict, others=others)

    def value(self) -> dict[str, object]:
        """Return the answer for a program."""
        return {
            "covered": self.covered,
            "at": str(self.at),
            "by": self.by.value if self.by is not None else "nothing",
            **({} if self.case is None else {"case": self.case}),
            **({} if self.window is None else {"window": str(self.window)}),
            **({} if self.uses is None else {"uses": self.uses}),
            **({} if self.left is None else {"left": self.left}),
            **({} if self.lack is None else {"lack": self.lack.value}),
            "conditions": [each.text for each in self.conditions],
            "place": self.place,
            **({} if self.elsewhere else {"verdict": self.verdict.printed()}),
            **({} if self.supplier is None else {"supplier": self.supplier}),
            **({"held": True} if self.held else {}),
            **({"holds": list(self.holds)} if self.holds else {}),
            **({"others": [each.value() for each in self.others]} if self.others else {}),
        }


def coverage(
    state: State, use: Use, *, at: Instant, atlas: Atlas, reader: Reader = OFFICE
) -> Coverage:
    """Return whether `use` at `at` is covered, by what `state`, the reader's view of it, knows.

    Where several suppliers have a say, it is covered only if each one's consent covers it.
    """
    asked = Asked(
        partner=use.partner,
        agreement=use.agreement,
        article=use.article,
        place=use.place,
        purpose=use.purpose,
        window=Period(at),
        within_m=use.within_m,
    )
    bench = _Bench(state, asked, at, atlas, reader)
    own, *others = (bench.told(supplier) for supplier in bench.suppliers())
    return replace(own, others=tuple(others))


@dataclass(frozen=True, slots=True)
class _Bench:
    """A use that is asked about, at a moment, for a reader; `known` is what was worked out."""

    state: State
    asked: Asked
    at: Instant
    atlas: Atlas
    reader: Reader
    known: dict[Bounds, Verdict] = field(default_factory=dict)

    def suppliers(self) -> tuple[str | None, ...]:
        """Return whose consent is needed: a partner knows of those its own requests went to."""
        further = (
            case.dossier for case in self.state.cases.values() if case.dossier.supplier is not None
        )
        known = {each.supplier for each in further if each.asked.article == self.asked.article}
        needed = requests.suppliers(self.state, self.asked.article)
        return (None, *sorted(each for each in known.union(needed) if each is not None))

    def told(self, supplier: str | None) -> Coverage:
        """Return whether a supplier's consent covers the use, as far as its reader may know why."""
        answer = self.consent(supplier)
        knows = knows_consent(self.state, self.reader, supplier)
        return answer if knows else answer.outcome()

    def consent(self, supplier: str | None) -> Coverage:
        """Return whether the consent of `supplier` covers the use."""
        binding = verdicts.binding(self.state, self.at)
        policies = reaching.of_supplier(self.state, binding, supplier)
        verdict, facts, located = bench.judge_asked(
            self.state, self.asked, policies, at=self.at, atlas=self.atlas
        )
        answer = Coverage(self.at, verdict, located.basis, None, supplier=supplier)
        held = holds.on_use(self.state, self.asked, touched(facts), self.at, supplier=supplier)
        if held:
            inside = self.reader.circle is Circle.OFFICE
            return replace(answer, held=True, holds=tuple(e.hold for e in held) if inside else ())
        match verdict.outcome:
            case Outcome.PERMITTED:
                return self.permitted(answer)
            case Outcome.PROHIBITED | Outcome.REFERRED:
                return _authorized(self.authorizations(answer), answer)
            case _:
                assert_never(verdict.outcome)

    def permitted(self, answer: Coverage) -> Coverage:
        """Return `answer` as covered by policy, unless its reader was told otherwise."""
        told = None
        if self.reader.circle is Circle.PARTNER:
            told = self.told_otherwise(answer.supplier)
        return replace(answer, by=By.POLICY) if told is None else _short(answer, told, _lack(told))

    def told_otherwise(self, supplier: str | None) -> Case | None:
        """Return the partner's newest request for this use, if it was told that it is not granted.

        The policies that a partner knows may permit what one that it does not know refers; its own
        requests tell it so, and no more.
        """
        theirs = [
            case
            for case in self.state.cases.values()
            if case.dossier.supplier == supplier
            and not isinstance(case, Withdrawn)
            and case.dossier.asked.window.holds(self.at)
            and _within(self.asked, case.dossier.asked)
        ]
        newest = max(theirs, key=lambda case: case.dossier.request.stamp.index, default=None)
        if newest is None:
            return None
        held = holds.of_case(self.state, newest.dossier.id, self.at)
        return None if _lack(newest) is None and not held else newest

    def authorizations(self, answer: Coverage) -> Iterator[Authorization]:
        """Yield those of the supplier that could cover the use now, by name.

        All cases are looked at, so that what most of them are not is asked first.
        """
        found = [
            case
            for case in self.state.cases.values()
            if isinstance(case, Authorization)
            and (isinstance(case, Permitted) or case.dossier.decisions)  # else it is kept
            and case.dossier.supplier == answer.supplier
            and _within(self.asked, case.dossier.asked)
            and _limits(case).holds(self.at)
        ]
        for case in sorted(found, key=lambda each: each.dossier.id):
            held = holds.of_case(self.state, case.dossier.id, self.at)
            if not held and self.stands(case):
                yield case

    def stands(self, case: Authorization) -> bool:
        """Return whether the policies that a case answers to let it cover the use.

        What was granted they must not prohibit: whoever does not see them all is told as far as a
        clause says so. What they permitted they must still permit, for nobody decided it.
        """
        limits, inside = reaching.bounds(self.state, case), self.reader.circle is Circle.OFFICE
        if not inside:  # who outranks whom is nothing they know
            limits = limits._replace(decider=None, grounds=frozenset())
        found = self.judged(limits)
        if isinstance(case, Permitted):
            return found.outcome is Outcome.PERMITTED
        return found.outcome is not Outcome.PROHIBITED or not (inside or _says_so(found))

    def judged(self, limits: Bounds) -> Verdict:
        """Return what the policies within these bounds say of the use."""
        if limits not in self.known:
            now = in_force(self.state, self.at)
            policies = reaching.within(self.state, now, limits, self.at)
            verdict, _, _ = bench.judge_asked(
                self.state, self.asked, policies, at=self.at, atlas=self.atlas
            )
            self.known[limits] = verdict
        return self.known[limits]


def _says_so(verdict: Verdict) -> bool:
    """Return whether a clause prohibits, and not only none permits.

    To a reader who does not see every policy, silence says nothing against a grant they hold.
    """
    return bool(verdict.because or verdict.possible or verdict.conflict)


def _lack(case: Case) -> Lack | None:
    """Return what `case` lacks to cover a use; None if nothing."""
    if isinstance(case, Exhausted):
        return Lack.EXHAUSTED
    if not isinstance(case, Live):
        return Lack.NOT_GRANTED
    return Lack.UNMET if obligations.unmet_before(case.dossier) else None


def _spent(case: Authorization) -> Lack | None:
    """Return the same of what covers as many uses as it says: also of what was permitted."""
    return Lack.EXHAUSTED if obligations.left(case.dossier) <= 0 else _lack(case)


def _limits(case: Authorization) -> Period:
    """Return when an authorization covers uses."""
    asked = case.dossier.asked.window
    if isinstance(case, Permitted):
        return asked
    return case.dossier.decisions[-1].said.window or asked


def _short(answer: Coverage, case: Case, lack: Lack | None) -> Coverage:
    """Return `answer` with the case that would cover the use, and what it lacks."""
    return replace(answer, case=case.dossier.id, lack=lack)


def _authorized(found: Iterable[Authorization], answer: Coverage) -> Coverage:
    """Return `answer` with the first that covers the use, or one that lacks something.

    That is one with something to be met before, which can be done something about, if there is one,
    and else the newest.
    """
    lacking: list[Authorization] = []
    for case in found:
        if _spent(case) is None:
            dossier = case.dossier
            granted = obligations.grant(dossier)
            return replace(
                answer,
                by=By.AUTHORIZATION,
                case=dossier.id,
                window=_limits(case),
                uses=dossier.asked.uses if granted is None else granted.said.uses,
                conditions=obligations.standing_conditions(dossier),
                left=obligations.left(dossier),
            )
        lacking.append(case)
    if not lacking:
        return answer
    best = max(lacking, key=_promising)
    return _short(answer, best, _spent(best))


def _promising(case: Authorization) -> tuple[bool, int, str]:
    return _spent(case) is Lack.UNMET, case.dossier.request.stamp.index, case.dossier.id


def _within(asked: Asked, granted: Asked) -> bool:
    """Return whether the use asked about is the one that was granted: no wider anywhere."""
    same = ("partner", "agreement", "article", "place", "purpose")
    return all(getattr(asked, each) == getattr(granted, each) for each in same) and (
        (asked.within_m or 0) <= (granted.within_m or 0)
    )
