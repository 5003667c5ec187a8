"""Decide: the verdict of all policies in force on the facts of one request.

All clauses of all policies in force are one set. A clause that prohibits or refers counts if it is
true or unknown, a clause that permits only if it is true (law 5). The strictest clause that counts
wins (law 2); if none counts, the request is prohibited (law 1). Where several clauses refer, their
routes join; deciders of whom none stands above the others are a conflict, and that prohibits.

`verdict` judges one request; `Prepared` judges many by the same policies, and sooner.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sayso import wire
from sayso.dates import Instant
from sayso.policy import routes, rules
from sayso.policy.engines import Engine, engine
from sayso.policy.evaluate import Known
from sayso.policy.facts import Facts
from sayso.policy.index import Index, index
from sayso.policy.onepass import Pass, onepass
from sayso.policy.policy import Policy
from sayso.policy.routes import Conflict, Route
from sayso.policy.rules import Rules, in_force, places
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.verdicts import Outcome, Verdict

__all__ = ["Outcome", "Prepared", "Verdict", "in_force", "verdict"]


def verdict(
    policies: Iterable[Policy], facts: Facts, *, at: Instant, ranks: Mapping[str, int]
) -> Verdict:
    """Return the verdict at a moment; `ranks` orders the offices, 1 being the highest."""
    standing = rules.timeline(tuple(policies)).at(at)
    asked = engine(standing)
    found = asked(facts.values)
    return judged(
        standing, _ways(standing, ranks), found, _missing(standing, asked, found, facts.values)
    )


class Prepared:
    """Policies made ready to judge many requests, each given as nested JSON.

    The verdicts are those of `verdict` on `Facts.read`, and so are the refusals.
    """

    def __init__(
        self, policies: Iterable[Policy], *, ranks: Mapping[str, int], schema: Schema = BUILT_IN
    ) -> None:
        self.timeline = rules.timeline(tuple(policies))
        self.ranks, self.schema = dict(ranks), schema
        self.known: dict[Rules, _Standing] = {}

    def verdict(self, value: wire.Value, *, at: Instant) -> Verdict:
        """Return the verdict at a moment; `MalformedValue` with the path of what is wrong."""
        rules_ = self.timeline.at(at)
        standing = self.known.get(rules_) or self._made(rules_)
        found = standing.read(value)
        missing: tuple[str, ...] = ()
        if found is None or found[0] is not found[1]:
            facts = Facts.read(value, self.schema).values
            found = found or standing.index(facts)
            missing = _missing(rules_, standing.index, found, facts)
        return judged(rules_, standing.ways, found, missing)

    def _made(self, of: Rules) -> "_Standing":
        made = index(of)
        standing = _Standing(made, onepass(made, self.schema), Ways(of, self.ranks))
        self.known[of] = standing
        return standing


@dataclass(frozen=True, slots=True)
class _Standing:
    """What judges by one set of rules."""

    index: Index
    read: Pass
    ways: "Ways"


def judged(
    standing: Rules, ways: "Ways", found: tuple[int, int], missing: tuple[str, ...]
) -> Verdict:
    """Return the verdict, given which clauses are true and which are not false."""
    true, fired = found
    outcome, counted = outcome_of(standing, true, fired)
    because, named = standing.marked(true & counted)
    possible: tuple[str, ...] = ()
    if true is not fired:
        possible, more = standing.marked(fired & ~true & counted)
        named |= more
    way = ways[named] if outcome is Outcome.REFERRED else _NONE
    if way.conflict:
        outcome = Outcome.PROHIBITED
    # By position: a fifth of the time goes into making this.
    return Verdict(
        outcome,
        way.decider,
        way.route,
        because,
        possible,
        missing,
        standing.policies,
        way.conflict,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """What the routes of all clauses that refer come to."""

    decider: str | None
    route: Route
    conflict: tuple[str, ...]


_NONE = _Way(None, (), ())
MOST = 4096


class Ways(dict[int, _Way]):
    """What sets of the rules' routes come to, each worked out when it is first asked for."""

    def __init__(self, of: Rules, ranks: Mapping[str, int]) -> None:
        super().__init__()
        self.routes = tuple(route for route, _ in of.routes)
        self.ranks = ranks

    def __missing__(self, named: int) -> _Way:
        """Return what these routes come to, a bit for each."""
        route = routes.join([self.routes[place] for place in places(named)], ranks=self.ranks)
        if isinstance(route, Conflict):
            found = _Way(None, (), route.offices)
        else:
            found = _Way(routes.decider(route), route, ())
        if len(self) < MOST:
            self[named] = found
        return found


_WAYS: WeakKeyDictionary[Rules, dict[tuple[tuple[str, int], ...], Ways]] = WeakKeyDictionary()
_MOST_RANKS = 64


def _ways(standing: Rules, ranks: Mapping[str, int]) -> Ways:
    """Return what the routes of the rules come to, kept as long as the rules are."""
    known = _WAYS.setdefault(standing, {})
    key = tuple(ranks.items())
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST_RANKS:
            known.clear()
        found = known[key] = Ways(standing, dict(ranks))
    return found


def outcome_of(standing: Rules, true: int, fired: int) -> tuple[Outcome, int]:
    """Return the outcome, and the clauses of the level that wins."""
    if fired & standing.prohibits:
        return Outcome.PROHIBITED, standing.prohibits
    if fired & standing.refers:
        return Outcome.REFERRED, standing.refers
    counted = true & standing.permits
    return (Outcome.PERMITTED if counted else Outcome.PROHIBITED), counted


def _missing(
    standing: Rules, engine: Engine, found: tuple[int, int], facts: Known
) -> tuple[str, ...]:
    """Return the unknown facts that could change the verdict: those above what is surely true."""
    true, fired = found
    if true == fired or true & standing.prohibits:
        return ()
    matter = standing.prohibits | standing.refers
    if not true & matter and not true & standing.permits:
        matter |= standing.permits
    return tuple(sorted(engine.missing(fired & ~true & matter, facts)))
