"""Is this use covered now? The question everything else is kept for.

A use is covered if the policies in force permit it outright, or if they refer it and the final
authority granted a request for it that is still live. Everything else is not covered: what is not
permitted is prohibited (law 1).
"""

from dataclasses import dataclass
from enum import Enum

from sayso.casework import verdicts
from sayso.casework.case import Granted
from sayso.casework.events import Request
from sayso.casework.facts import Atlas
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.policy.decide import Outcome, Verdict
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


class By(Enum):
    """What covers a use."""

    POLICY = "policy"
    AUTHORIZATION = "authorization"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer, with the verdict it rests on and, if granted, the case and its limits."""

    at: Instant
    verdict: Verdict
    place: Value
    by: By | None
    case: str | None = None
    window: Period | None = None
    uses: int | None = None
    conditions: tuple[str, ...] = ()

    @property
    def covered(self) -> bool:
        """Return whether the use is covered."""
        return self.by is not None

    def value(self) -> dict[str, object]:
        """Return the answer for a program."""
        return {
            "covered": self.covered,
            "at": str(self.at),
            "by": self.by.value if self.by is not None else "nothing",
            **({} if self.case is None else {"case": self.case}),
            **({} if self.window is None else {"window": str(self.window)}),
            **({} if self.uses is None else {"uses": self.uses}),
            "conditions": list(self.conditions),
            "place": self.place,
            "verdict": self.verdict.printed(),
        }


def coverage(state: State, use: Use, *, at: Instant, atlas: Atlas) -> Coverage:
    """Return whether `use` at `at` is covered by what `state` knows."""
    request = Request(
        partner=use.partner,
        agreement=use.agreement,
        article=use.article,
        place=use.place,
        purpose=use.purpose,
        window=Period(at),
        uses=1,
        within_m=use.within_m,
    )
    policies = verdicts.binding(state, at)
    verdict, _, located = verdicts.judge_request(state, request, policies, at=at, atlas=atlas)
    match verdict.outcome:
        case Outcome.PERMITTED:
            return Coverage(at, verdict, located.basis, By.POLICY)
        case Outcome.PROHIBITED:
            return Coverage(at, verdict, located.basis, None)
        case Outcome.REFERRED:
            return _granted(state, request, Coverage(at, verdict, located.basis, None))


def _granted(state: State, asked: Request, answer: Coverage) -> Coverage:
    """Return `answer` with the authorization that covers it, if one does."""
    for name, case in sorted(state.cases.items()):
        if not isinstance(case, Granted):
            continue
        decision = case.dossier.decisions[-1].said
        if decision.window is None or not decision.window.holds(answer.at):
            continue
        if _within(asked, case.dossier.request.said):
            return Coverage(
                at=answer.at,
                verdict=answer.verdict,
                place=answer.place,
                by=By.AUTHORIZATION,
                case=name,
                window=decision.window,
                uses=decision.uses,
                conditions=decision.conditions,
            )
    return answer


def _within(asked: Request, granted: Request) -> bool:
    """Return whether the use asked about is the one that was granted: no wider anywhere."""
    same = ("partner", "agreement", "article", "place", "purpose")
    return all(getattr(asked, each) == getattr(granted, each) for each in same) and (
        (asked.within_m or 0) <= (granted.within_m or 0)
    )
