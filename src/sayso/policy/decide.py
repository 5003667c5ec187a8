"""Decide: the verdict of all policies in force on the facts of one request.

All clauses of all policies in force are one set. A clause that prohibits or refers counts if it is
true or unknown, a clause that permits only if it is true (law 5). The strictest clause that counts
wins (law 2); if none counts, the request is prohibited (law 1). Where several clauses refer, their
routes join; deciders of whom none stands above the others are a conflict, and that prohibits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sayso.dates import Instant
from sayso.policy import engines, routes, rules
from sayso.policy.evaluate import Known, unknown
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.routes import Conflict, Route
from sayso.policy.rules import Rules, in_force, places
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
    way = _NONE
    if outcome is Outcome.REFERRED:
        named, fired = 0, true | open_
        for place, (_, bits) in enumerate(standing.routes):
            if bits & fired:
                named |= 1 << place
        way = _way(standing, named, ranks)
    return Verdict(
        outcome=Outcome.PROHIBITED if way.conflict else outcome,
        decider=way.decider,
        route=way.route,
        because=standing.named(true & counted),
        possible=standing.named(open_ & counted),
        missing=_missing(standing, true, open_, facts),
        policies=standing.policies,
        conflict=way.conflict,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """What the routes of all clauses that refer come to."""

    decider: str | None
    route: Route
    conflict: tuple[str, ...]


_NONE = _Way(None, (), ())


_WAYS: WeakKeyDictionary[Rules, dict[tuple[int, tuple[tuple[str, int], ...]], _Way]] = (
    WeakKeyDictionary()
)
MOST = 4096


def _way(standing: Rules, named: int, ranks: Mapping[str, int]) -> _Way:
    """Return what these routes of the rules come to, worked out once while the rules are kept."""
    ways = _WAYS.setdefault(standing, {})
    key = named, tuple(ranks.items())
    found = ways.get(key)
    if found is None:
        chosen = [standing.routes[place][0] for place in places(named)]
        route = routes.join(chosen, ranks=ranks)
        if isinstance(route, Conflict):
            found = _Way(None, (), route.offices)
        else:
            found = _Way(routes.decider(route), route, ())
        if len(ways) < MOST:
            ways[key] = found
    return found


def outcome_of(standing: Rules, true: int, open_: int) -> tuple[Outcome, int]:
    """Return the outcome, and the clauses of the level that wins."""
    fired = true | open_
    if fired & standing.prohibits:
        return Outcome.PROHIBITED, standing.prohibits
    if fired & standing.refers:
        return Outcome.REFERRED, standing.refers
    if true & standing.permits:
        return Outcome.PERMITTED, true & standing.permits
    return Outcome.PROHIBITED, 0


def _missing(standing: Rules, true: int, open_: int, facts: Known) -> tuple[str, ...]:
    """Return the unknown facts that could change the verdict: those above what is surely true."""
    if not open_ or true & standing.prohibits:
        return ()
    matter = standing.prohibits | standing.refers
    if not true & matter and not true & standing.permits:
        matter |= standing.permits
    wanting = (unknown(rule.clause.when, facts) for rule in standing.chosen(open_ & matter))
    return tuple(sorted(frozenset().union(*wanting)))
