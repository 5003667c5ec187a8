"""Where cases are judged: the policies that bind at a moment, ready for one case after the other.

A change of policies has every open case judged anew, a hundred thousand perhaps. So what cases have
in common is worked out once: the policies that reach them, ready to decide; the place, the article;
the route, as it is written on the record. `judge_plainly` does without, one case at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

from sayso.casework import inforce, reaching
from sayso.casework.asked import Asked
from sayso.casework.case import Case
from sayso.casework.dossier import Dossier
from sayso.casework.events import Bound, Does, Judgement, Leg, Move
from sayso.casework.facts import Atlas, Located, facts_of
from sayso.casework.inforce import InForce
from sayso.casework.reaching import Bounds
from sayso.casework.state import State
from sayso.dates import Instant, duration_text
from sayso.policy import decide
from sayso.policy.decide import Prepared, Verdict
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.routes import Advise, Consolidate, Decide, Route, Silence, Stage
from sayso.policy.schema import Schema
from sayso.wire import Value

Ranks = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The policies that bind at a moment, and what was worked out of them so far."""

    state: State
    now: InForce
    at: Instant
    atlas: Atlas
    _reaching: dict[Bounds, "Reach"] = field(default_factory=dict)
    _located: dict[tuple[str, int | None], Located] = field(default_factory=dict)
    _routes: dict[Route, tuple[Leg, ...]] = field(default_factory=dict)

    def reach(self, case: Case) -> "Reach":
        """Return the policies by which `case` is judged."""
        key = reaching.bounds(self.state, case)
        found = self._reaching.get(key)
        if found is None:
            policies = reaching.within(self.state, self.now, key, self.at)
            bound = tuple(inforce.bound(policy, self.at) for policy in policies)
            ready = prepared(policies, self.state.roster.ranks, self.state.schema)
            found = self._reaching[key] = Reach(policies, bound, ready)
        return found

    def judgement(self, dossier: Dossier, move: Move, reach: "Reach") -> Judgement:
        """Return the verdict on what `dossier` asks, as an event."""
        asked = dossier.asked
        located = self.located(asked)
        facts = facts_of(self.state, asked, located)
        verdict = reach.ready.verdict(facts, at=self.at)
        return Judgement(
            case=dossier.id,
            move=move,
            outcome=verdict.outcome.value,
            decider=verdict.decider,
            route=self.legs(verdict.route),
            because=verdict.because,
            possible=verdict.possible,
            missing=verdict.missing,
            policies=reach.bound,
            facts=facts,
            place=located.basis,
        )

    def located(self, asked: Asked) -> Located:
        """Return the place of what is asked, resolved once."""
        key = asked.place, asked.within_m
        found = self._located.get(key)
        if found is None:
            viewpoint = self.state.viewpoint
            found = self.atlas.locate(asked.place, within_m=asked.within_m, viewpoint=viewpoint)
            self._located[key] = found
        return found

    def legs(self, route: Route) -> tuple[Leg, ...]:
        """Return a route as it is written on the record."""
        found = self._routes.get(route)
        if found is None:
            found = self._routes[route] = tuple(map(leg, route))
        return found


@dataclass(frozen=True, slots=True)
class Reach:
    """The policies that reach some cases, as the record names them, and ready to decide."""

    policies: tuple[Policy, ...]
    bound: tuple[Bound, ...]
    ready: Prepared


@lru_cache(maxsize=64)
def prepared(policies: tuple[Policy, ...], ranks: Ranks, schema: Schema) -> Prepared:
    """Return `policies` ready to judge; the same are made ready once."""
    return Prepared(policies, ranks=dict(ranks), schema=schema)


def judge_asked(
    state: State, asked: Asked, policies: Iterable[Policy], *, at: Instant, atlas: Atlas
) -> tuple[Verdict, Value, Located]:
    """Return the verdict on what is asked under `policies`, its facts, and the resolved place."""
    located = atlas.locate(asked.place, within_m=asked.within_m, viewpoint=state.viewpoint)
    facts = facts_of(state, asked, located)
    ready = prepared(tuple(policies), state.roster.ranks, state.schema)
    return ready.verdict(facts, at=at), facts, located


def judge_plainly(bench: Bench, case: Case, move: Move) -> Judgement:
    """Return what `Bench.judgement` does, with nothing prepared and nothing kept: its oracle."""
    state, asked, at = bench.state, case.dossier.asked, bench.at
    policies = reaching.reaching(state, case, at)
    located = bench.atlas.locate(asked.place, within_m=asked.within_m, viewpoint=state.viewpoint)
    facts = facts_of(state, asked, located)
    verdict = decide.verdict(policies, Facts.read(facts, state.schema), at=at, ranks=state.ranks())
    return Judgement(
        case=case.dossier.id,
        move=move,
        outcome=verdict.outcome.value,
        decider=verdict.decider,
        route=tuple(map(leg, verdict.route)),
        because=verdict.because,
        possible=verdict.possible,
        missing=verdict.missing,
        policies=tuple(inforce.bound(policy, at) for policy in policies),
        facts=facts,
        place=located.basis,
    )


# --- routes on the record ------------------------------------------------------------------------


def leg(stage: Stage) -> Leg:
    """Return `stage` of a policy's route as it is written on the record."""
    within = None if stage.within is None else duration_text(stage.within)
    match stage:
        case Advise():
            silence = None if stage.silence is Silence.NONE else stage.silence.value
            return Leg(Does.ADVISE, stage.offices, within=within, silence=silence)
        case Consolidate():
            return Leg(Does.CONSOLIDATE, (stage.office,), within=within)
        case Decide():
            return _deciding(stage)
        case _:
            assert_never(stage)


def _deciding(stage: Decide) -> Leg:
    urgent, reported = stage.emergency, stage.report_within
    return Leg(
        Does.DECIDE,
        (stage.office,),
        within=None if stage.within is None else duration_text(stage.within),
        reserved=stage.reserved,
        consent=stage.consent.value,
        report_within=None if reported is None else duration_text(reported),
        quorum=stage.quorum if stage.quorum > 1 else None,
        countersign=stage.countersign,
        emergency=None if urgent is None else urgent.by,
        ratify=None if urgent is None else duration_text(urgent.ratify),
        appeal=None if stage.appeal is None else duration_text(stage.appeal),
    )
