"""Numbers of an office's work, each defined once, here.

A case counts in the period in which it was filed. Its *outcome* is the stage it is in, `open` while
it waits for somebody. Its *first outcome* is the first entry that decided it, closed it by rule or
took it back. The *time to first outcome* runs from filing to then, in the working time of the
office that the first verdict made its decider, less the time that queries to the partner were
pending; a case that nobody had to decide has none. An article is *unused* where it was authorized
in the period and no use was reported.

All of it is a function of the record at a moment: the same record gives the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sayso.casework import adoption, case, worktime
from sayso.casework.case import Case, Open
from sayso.casework.dossier import Dossier
from sayso.casework.events import (
    Advice,
    Answer,
    Consolidation,
    Decision,
    Expiry,
    Move,
    Query,
    UseReport,
    Withdrawal,
)
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.wire import Value

OPEN = "open"
_BY_RULE = frozenset({"permitted", "prohibited"})
_SECONDS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Handled:
    """One case as it is counted; `territories` are those its place may touch."""

    case: str
    article: str
    territories: tuple[str, ...]
    outcome: str
    first: Instant | None
    took: timedelta | None


@dataclass(frozen=True, slots=True)
class Share:
    """What an office did with the cases that are counted."""

    advised: int
    consolidated: int
    decided: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a period; times are in whole seconds."""

    period: Period
    filed: int
    outcomes: Mapping[str, int]
    by_article: Mapping[str, Mapping[str, int]]
    by_territory: Mapping[str, Mapping[str, int]]
    offices: Mapping[str, Share]
    decided: int
    median_s: int | None
    longest_s: int | None
    unused: tuple[str, ...]

    def value(self) -> dict[str, Value]:
        """Return the numbers for a program."""
        took: dict[str, Value] = {"cases": self.decided}
        if self.median_s is not None and self.longest_s is not None:
            took |= {"median_s": self.median_s, "longest_s": self.longest_s}
        return {
            "period": str(self.period),
            "filed": self.filed,
            "outcomes": dict(self.outcomes),
            "by_article": {name: dict(each) for name, each in self.by_article.items()},
            "by_territory": {name: dict(each) for name, each in self.by_territory.items()},
            "offices": {
                name: {
                    "advised": each.advised,
                    "consolidated": each.consolidated,
                    "decided": each.decided,
                }
                for name, each in self.offices.items()
            },
            "time_to_first_outcome": took,
            "unused": list(self.unused),
        }


def numbers(state: State, period: Period) -> Numbers:
    """Return the numbers of the cases that were filed in `period`."""
    filed = [each for each in state.cases.values() if period.holds(each.dossier.request.stamp.at)]
    handled = sorted((_handled(state, each) for each in filed), key=lambda one: one.case)
    times = sorted(one.took // _SECONDS for one in handled if one.took is not None)
    return Numbers(
        period=period,
        filed=len(handled),
        outcomes=_counted(one.outcome for one in handled),
        by_article=_crossed((one.article, one.outcome) for one in handled),
        by_territory=_crossed((land, one.outcome) for one in handled for land in one.territories),
        offices=_shares(each.dossier for each in filed),
        decided=len(times),
        median_s=times[(len(times) - 1) // 2] if times else None,
        longest_s=times[-1] if times else None,
        unused=_unused(filed),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """The numbers of equal times before and after a policy came into force."""

    policy: str
    before: Numbers
    after: Numbers

    def value(self) -> dict[str, Value]:
        """Return both for a program."""
        return {
            "policy": self.policy,
            "before": self.before.value(),
            "after": self.after.value(),
        }


def effect(state: State, name: str, *, days: int) -> Effect:
    """Return what changed with the policy called `name`, within so many days on both sides."""
    before, after = sides(state, name, days=days)
    return Effect(name, numbers(state, before), numbers(state, after))


def sides(state: State, name: str, *, days: int) -> tuple[Period, Period]:
    """Return so many days before the policy called `name` came into force, and as many after."""
    start = adoption.adopted(state, name).policy.in_force.start
    span = timedelta(days=days)
    return Period(start + -span, start), Period(start, start + span)


def differing(one: State, other: State, period: Period) -> tuple[str, ...]:
    """Return the cases filed in `period` of which `one` counts something that `other` does not."""
    return tuple(
        sorted(
            name
            for name, each in one.cases.items()
            if period.holds(each.dossier.request.stamp.at)
            and (
                name not in other.cases
                or other.cases[name].dossier.entries() != each.dossier.entries()
            )
        )
    )


def _handled(state: State, found: Case) -> Handled:
    dossier = found.dossier
    first = first_outcome(dossier)
    return Handled(
        case=dossier.id,
        article=dossier.asked.article,
        territories=_territories(dossier),
        outcome=OPEN if isinstance(found, Open) else case.name(found),
        first=first,
        took=None if first is None else _took(state, dossier, first),
    )


def first_outcome(dossier: Dossier) -> Instant | None:
    """Return when the case was first decided, closed by rule, or taken back; None: not yet."""
    ends = [on.stamp.at for on in dossier.judgements if _closes(on.said.move, on.said.outcome)]
    ends += [
        on.stamp.at
        for on in dossier.matters()
        if isinstance(on.said, Decision | Withdrawal | Expiry)
    ]
    return min(ends, default=None)


def _closes(move: Move, outcome: str) -> bool:
    return move is Move.RETURN or (move in {Move.FILE, Move.REROUTE} and outcome in _BY_RULE)


def _took(state: State, dossier: Dossier, first: Instant) -> timedelta | None:
    """Return the working time to the first outcome, less pauses; None if nobody had to decide."""
    decider = dossier.judgements[0].said.decider if dossier.judgements else None
    if decider is None:
        return None
    calendar = state.calendars.get(decider)
    filed = dossier.request.stamp.at
    paused = (worktime.between(calendar, *each) for each in _pauses(dossier, first))
    return worktime.between(calendar, filed, first) - sum(paused, timedelta())


def _pauses(dossier: Dossier, until: Instant) -> Iterable[tuple[Instant, Instant]]:
    """Yield the times in which at least one query to the partner was pending."""
    pending: set[int] = set()
    since: Instant | None = None
    for on in dossier.matters():
        if on.stamp.at > until:
            break
        if isinstance(on.said, Query):
            since = since if pending else on.stamp.at
            pending.add(on.stamp.index)
        elif isinstance(on.said, Answer):
            pending.discard(on.said.query)
            if not pending and since is not None:
                yield since, on.stamp.at
                since = None
    if since is not None:
        yield since, until


def _territories(dossier: Dossier) -> tuple[str, ...]:
    """Return the territories that the place may touch, by the facts of the newest verdict."""
    facts = dossier.verdict.said.facts if dossier.judgements else {}
    place = facts.get("place") if isinstance(facts, dict) else None
    touches = place.get("touches") if isinstance(place, dict) else None
    return tuple(sorted(str(each) for each in touches)) if isinstance(touches, list) else ()


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _crossed(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    crossed: dict[str, Counter[str]] = {}
    for name, outcome in pairs:
        crossed.setdefault(name, Counter())[outcome] += 1
    return {name: dict(sorted(each.items())) for name, each in sorted(crossed.items())}


def _shares(dossiers: Iterable[Dossier]) -> dict[str, Share]:
    did: Counter[tuple[str, type]] = Counter()
    for dossier in dossiers:
        for on in dossier.matters():
            if isinstance(on.said, Advice | Consolidation | Decision):
                did[on.said.office, type(on.said)] += 1
    return {
        office: Share(did[office, Advice], did[office, Consolidation], did[office, Decision])
        for office in sorted({office for office, _ in did})
    }


def _unused(filed: Iterable[Case]) -> tuple[str, ...]:
    """Return the articles that were authorized and of which no use was reported."""
    authorized: set[str] = set()
    used: set[str] = set()
    for each in filed:
        dossier = each.dossier
        granted = any(on.said.outcome.grants for on in dossier.decisions)
        if granted or dossier.judgements[-1].said.outcome == "permitted":
            authorized.add(dossier.asked.article)
        said = (on.said for on in dossier.matters())
        if any(isinstance(one, UseReport) and one.uses for one in said):
            used.add(dossier.asked.article)
    return tuple(sorted(authorized - used))
