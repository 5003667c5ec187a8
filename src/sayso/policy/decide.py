"""Decide: the verdict of all policies in force on the facts of one request.

All clauses of all policies in force are one set. A clause that prohibits or refers counts if it is
true or unknown, a clause that permits only if it is true (law 5). The strictest clause that counts
wins (law 2); if none counts, the request is prohibited (law 1). Where several clauses refer, their
routes join; deciders of whom none stands above the others are a conflict, and that prohibits.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sayso.dates import Instant
from sayso.policy import engines, routes, rules
from sayso.policy.evaluate import Known, unknown
from sayso.policy.facts import Facts
from sayso.policy.policy import Level, Policy
from sayso.policy.routes import Conflict, Route
from sayso.policy.rules import Rules, in_force
from sayso.policy.verdicts import Outcome, Verdict

__all__ = ["Outcome", "Verdict", "in_force", "verdict"]


def verdict(
    policies: Iterable[Policy], facts: Facts, *, at: Instant, ranks: Mapping[str, int]
) -> Verdict:
    """Return the verdict at a moment; `ranks` orders the offices, 1 being the highest."""
    standing = rules.timeline(tuple(policies)).at(at)
    true, possible = engines.engine(standing)(facts.values)
    return judged(standing, true, possible & ~true, facts.values, ranks)


def judged(
    standing: Rules, true: int, open_: int, facts: Known, ranks: Mapping[str, int]
) -> Verdict:
    """Return the verdict, given which clauses are true and which are unknown."""
    outcome, counted = outcome_of(standing, true, open_)
    because, possible = (standing.chosen(bits & counted) for bits in (true, open_))
    route: Route | Conflict = ()
    if outcome is Outcome.REFERRED:
        named = tuple(route for route, bits in standing.routes if bits & (true | open_))
        route = named[0] if len(named) == 1 else _joined(named, tuple(ranks.items()))
    conflict = route.offices if isinstance(route, Conflict) else ()
    stages = () if isinstance(route, Conflict) else route
    return Verdict(
        outcome=Outcome.PROHIBITED if conflict else outcome,
        decider=routes.decider(stages),
        route=stages,
        because=tuple(rule.name for rule in because),
        possible=tuple(rule.name for rule in possible),
        missing=_missing(standing, true, open_, facts),
        policies=standing.policies,
        conflict=conflict,
    )


@lru_cache(maxsize=4096)
def _joined(named: tuple[Route, ...], ranks: tuple[tuple[str, int], ...]) -> Route | Conflict:
    return routes.join(named, ranks=dict(ranks))


def outcome_of(standing: Rules, true: int, open_: int) -> tuple[Outcome, int]:
    """Return the outcome, and the clauses of the level that wins."""
    levels = standing.levels
    if (true | open_) & levels[Level.PROHIBIT]:
        return Outcome.PROHIBITED, levels[Level.PROHIBIT]
    if (true | open_) & levels[Level.REFER]:
        return Outcome.REFERRED, levels[Level.REFER]
    if true & levels[Level.PERMIT]:
        return Outcome.PERMITTED, true & levels[Level.PERMIT]
    return Outcome.PROHIBITED, 0


def _missing(standing: Rules, true: int, open_: int, facts: Known) -> tuple[str, ...]:
    """Return the unknown facts that could change the verdict: those above what is surely true."""
    levels = standing.levels
    if not open_ or true & levels[Level.PROHIBIT]:
        return ()
    matter = levels[Level.PROHIBIT] | levels[Level.REFER]
    if not true & matter and not true & levels[Level.PERMIT]:
        matter |= levels[Level.PERMIT]
    wanting = (unknown(rule.clause.when, facts) for rule in standing.chosen(open_ & matter))
    return tuple(sorted(frozenset().union(*wanting)))
