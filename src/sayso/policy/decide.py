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
from sayso.policy.masks import Masks
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
        self.known: dict[int, _Standing] = {}
        self.made: dict[Rules, _Standing] = {}

    def verdict(self, value: wire.Value, *, at: Instant) -> Verdict:
        """Return the verdict at a moment; `MalformedValue` with the path of what is wrong."""
        standing = self.known.get(self.timeline.place(at)) or self._standing(at)
        found = standing.read(value)
        if found is None or found[0] is not found[1]:
            return self._with_care(standing, found, value)
        return judged(standing.rules, standing.ways, found, ())

    def _with_care(self, standing: "_Standing", found: Masks | None, value: wire.Value) -> Verdict:
        """Return the verdict where facts are unknown, or were not read in passing."""
        facts = Facts.read(value, self.schema).values
        found = found or standing.index(facts)
        missing = _missing(standing.rules, standing.index, found, facts)
        return judged(standing.rules, standing.ways, found, missing)

    def _standing(self, at: Instant) -> "_Standing":
        """Return what judges at a moment, the same wherever the same rules stand."""
        standing = self.timeline.at(at)
        if standing not in self.made:
            asked = index(standing)
            read, ways = onepass(asked, self.schema), Ways(standing, self.ranks)
            self.made[standing] = _Standing(standing, asked, read, ways)
        return self.known.setdefault(self.timeline.place(at), self.made[standing])


@dataclass(frozen=True, slots=True)
class _Standing:
    """A set of rules, and what judges by them."""

    rules: Rules
    index: Index
    read: Pass
    ways: "Ways"


def judged(standing: Rules, ways: "Ways", found: Masks, missing: tuple[str, ...]) -> Verdict:
    """Return the verdict, given which clauses are true and which are not false."""
    true, fired = found
    refers, prohibits = standing.floors
    top, floor = fired.bit_length(), 0
    if top > prohibits:
        outcome, floor = _PROHIBITED, prohibits
    elif top > refers:
        outcome, floor = _REFERRED, refers
    else:
        outcome, fired = _PERMITTED if true else _PROHIBITED, true
    because, named = standing.marked(true, floor)
    possible: tuple[str, ...] = ()
    if fired is not true:
        possible, more = standing.marked(fired & ~true, floor)
        named |= more
    way = _NONE
    if outcome is _REFERRED:
        way = ways[named]
        outcome = _PROHIBITED if way.conflict else outcome
    # By position, for a keyword costs time too.
    return Verdict(
        outcome, way.decider, way.route, because, possible, missing, standing.policies, way.conflict
    )


_PERMITTED, _REFERRED, _PROHIBITED = Outcome.PERMITTED, Outcome.REFERRED, Outcome.PROHIBITED


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


def _missing(standing: Rules, engine: Engine, found: Masks, facts: Known) -> tuple[str, ...]:
    """Return the unknown facts that could change the verdict: those above what is surely true."""
    true, fired = found
    refers, prohibits = standing.floors
    if true == fired or true.bit_length() > prohibits:
        return ()
    unsure = fired & ~true
    if true:  # another permission would change nothing
        unsure = unsure >> refers << refers
    return tuple(sorted(engine.missing(unsure, facts)))
