"""Rehearse: what a new policy would have said of every past request, beside what the old one says.

Every row of a table of facts is judged twice, at one moment and as if both sets of policies were in
force then. The result is the matrix of old outcome × new outcome with the rows in each, how many
requests each office would have had to decide and to advise on, and which rows change.

Both sets of policies are judged as one, for most clauses are in both. What becomes of a request
hangs only on the parts that its clauses play, and there are few sets of parts: so the rows are
counted by set, and the verdicts worked out once for each.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from sayso.dates import Instant, Period
from sayso.policy import routes
from sayso.policy.blocks import Bytes
from sayso.policy.columns import Columns
from sayso.policy.index import index
from sayso.policy.policy import Level, Policy
from sayso.policy.rules import Rule, Rules, timeline
from sayso.policy.terms import Term
from sayso.policy.types import EARLIEST
from sayso.policy.verdicts import Outcome

OUTCOMES = (Outcome.PERMITTED, Outcome.REFERRED, Outcome.PROHIBITED)
PAIRS = tuple(product(OUTCOMES, OUTCOMES))
MOST_LISTED = 1000
ROWS = 65_536
_MOST_COUNTED = 1 << 18
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Load:
    """How many requests an office would decide, and advise on."""

    decides: int
    advises: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would have become of past requests.

    `matrix` counts requests by old and new outcome; `changed` lists rows by both, the first
    `MOST_LISTED` of each; `before` and `after` are the load of each office.
    """

    rows: int
    matrix: Mapping[tuple[Outcome, Outcome], int]
    changed: Mapping[tuple[Outcome, Outcome], tuple[int, ...]]
    before: Mapping[str, Load]
    after: Mapping[str, Load]

    def value(self) -> dict[str, object]:
        """Return the rehearsal as it is printed."""
        return {
            "rows": self.rows,
            "matrix": [
                {"old": old.value, "new": new.value, "count": count}
                for (old, new), count in self.matrix.items()
            ],
            "changed": [
                {"old": old.value, "new": new.value, "rows": list(rows)}
                for (old, new), rows in self.changed.items()
            ],
            "load": self.load(),
        }

    def load(self) -> dict[str, dict[str, list[int]]]:
        """Return how many requests each office decides and advises on, before and after."""
        found = {}
        for office in sorted(self.before.keys() | self.after.keys()):
            old, new = _load(self.before, office), _load(self.after, office)
            found[office] = {
                "decides": [old.decides, new.decides],
                "advises": [old.advises, new.advises],
            }
        return found


def _load(of: Mapping[str, Load], office: str) -> Load:
    return of.get(office, Load(0, 0))


def rehearse(
    new: Iterable[Policy],
    old: Iterable[Policy],
    tables: Iterable[Any],
    *,
    at: Instant,
    ranks: Mapping[str, int],
) -> Rehearsal:
    """Return what becomes of the requests in Arrow tables, given one after the other."""
    both = _Both([_undated(policies, at) for policies in (old, new)], ranks)
    for table in tables:
        for first in range(0, table.num_rows, ROWS):
            both.read(table.slice(first, ROWS))
    return both.rehearsal()


def _undated(policies: Iterable[Policy], at: Instant) -> Rules:
    whole = Period(Instant(EARLIEST))
    undated = (replace(each, in_force=whole, supersedes=None) for each in policies)
    return timeline(tuple(undated)).at(at)


# --- two sets of clauses as one ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What a clause does in one of the two sets of policies, the old being 0 and the new 1."""

    version: int
    level: Level
    decider: str | None
    advisers: tuple[str, ...]

    @classmethod
    def of(cls, version: int, rule: Rule) -> "Part":
        """Return the part of a clause in its set."""
        level, route = rule.clause.level, rule.route if rule.clause.level is Level.REFER else ()
        return cls(version, level, routes.decider(route), routes.advisers(route))


Parts = frozenset[Part]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What becomes of the requests whose clauses play a set of parts in one set of policies."""

    outcome: Outcome
    deciders: tuple[str, ...]
    advisers: frozenset[str]

    @classmethod
    def of(cls, parts: Iterable[Part], ranks: Mapping[str, int]) -> "_Answer":
        """Return the answer; deciders of whom none stands above the others leave it prohibited."""
        given = tuple(parts)
        levels = {part.level for part in given}
        if Level.PROHIBIT not in levels and Level.REFER in levels:
            offices = {part.decider for part in given if part.decider is not None}
            highest = tuple(each for each in sorted(offices) if _highest(each, offices, ranks))
            if highest:
                advisers = frozenset(office for part in given for office in part.advisers)
                return cls(Outcome.REFERRED, highest, advisers)
        only_permits = levels == {Level.PERMIT}
        outcome = Outcome.PERMITTED if only_permits else Outcome.PROHIBITED
        return cls(outcome, (), frozenset())


def _highest(office: str, offices: set[str], ranks: Mapping[str, int]) -> bool:
    return all(other == office or routes.outranks(office, other, ranks) for other in offices)


def _joined(sets: Iterable[Rules]) -> tuple[Rules, list[Parts], list[int]]:
    """Return the clauses of all sets as one, and each set of parts with the clauses that play it.

    Clauses of one condition are one, unless some permit, which counts only if it is true.
    """
    rules: dict[tuple[Term, bool], Rule] = {}
    parts: dict[tuple[Term, bool], set[Part]] = {}
    for version, given in enumerate(sets):
        for rule in given.rules:
            key = rule.clause.when, rule.clause.level is Level.PERMIT
            rules.setdefault(key, rule)
            parts.setdefault(key, set()).add(Part.of(version, rule))
    playing: dict[Parts, list[Rule]] = {}
    for key, rule in rules.items():
        playing.setdefault(frozenset(parts[key]), []).append(rule)
    bits, first = [], 0
    for each in playing.values():
        bits.append((1 << len(each)) - 1 << first)
        first += len(each)
    joint = Rules(tuple(rule for each in playing.values() for rule in each), ())
    return joint, list(playing), bits


class _Both:
    """Judges tables by the old policies and the new, and counts what becomes of the requests."""

    def __init__(self, sets: list[Rules], ranks: Mapping[str, int]) -> None:
        joint, self.parts, bits = _joined(sets)
        self.columns = Columns(index(joint), joint.levels[Level.PERMIT], bits)
        self.ranks = ranks
        self.answers: dict[int, tuple[_Answer, _Answer]] = {}
        self.counts: Counter[int] = Counter()
        self.changed: dict[tuple[Outcome, Outcome], list[int]] = {}
        self.rows = 0

    def read(self, table: Any) -> None:  # noqa: ANN401  # Arrow has no types
        """Judge and count the requests of a table."""
        kinds, codes = _kinds(self.columns.judge(table))
        counts = np.bincount(codes, minlength=len(kinds))
        pairs = [self.pair(kind) for kind in kinds]
        for kind, count in zip(kinds, counts, strict=True):
            self.counts[kind] += int(count)
        for pair in {pair for pair in pairs if pair[0] is not pair[1]}:
            listed = self.changed.setdefault(pair, [])
            if len(listed) < MOST_LISTED:
                rows = np.flatnonzero(np.array([each == pair for each in pairs])[codes])
                listed += (int(row) + self.rows for row in rows[: MOST_LISTED - len(listed)])
        self.rows += table.num_rows

    def answered(self, kind: int) -> tuple[_Answer, _Answer]:
        """Return the old and the new answer, given which sets of parts are played, as bits."""
        known = self.answers.get(kind)
        if known is None:
            played = [part for at, each in enumerate(self.parts) if kind >> at & 1 for part in each]
            of = ((part for part in played if part.version == version) for version in (0, 1))
            before, after = (_Answer.of(parts, self.ranks) for parts in of)
            known = self.answers[kind] = before, after
        return known

    def pair(self, kind: int) -> tuple[Outcome, Outcome]:
        """Return the old and the new outcome."""
        before, after = self.answered(kind)
        return before.outcome, after.outcome

    def rehearsal(self) -> Rehearsal:
        """Return what has become of all the requests."""
        pairs: Counter[tuple[Outcome, Outcome]] = Counter()
        for kind, count in self.counts.items():
            pairs[self.pair(kind)] += count
        before, after = (self.load(version) for version in (0, 1))
        return Rehearsal(
            rows=self.rows,
            matrix={pair: pairs[pair] for pair in PAIRS if pair in pairs},
            changed={pair: tuple(self.changed[pair]) for pair in PAIRS if pair in self.changed},
            before=before,
            after=after,
        )

    def load(self, version: int) -> dict[str, Load]:
        """Return the load of each office that has any, under one set of policies."""
        decided: Counter[str] = Counter()
        advised: Counter[str] = Counter()
        for kind, count in self.counts.items():
            answer = self.answered(kind)[version]
            decided.update(dict.fromkeys(answer.deciders, count))
            advised.update(dict.fromkeys(answer.advisers, count))
        offices = sorted(decided.keys() | advised.keys())
        return {office: Load(decided[office], advised[office]) for office in offices}


# --- rows by the sets of parts played ----------------------------------------------------------

Places = npt.NDArray[np.intp]


def _kinds(marks: Bytes) -> tuple[list[int], Places]:
    """Return the different sets of marks, each as bits, and the place of each row's."""
    kinds, codes = [0], np.zeros(marks.shape[1], dtype=np.intp)
    for line, own in enumerate(marks):
        present, codes = _numbered(codes << _TOGETHER | own, len(kinds) << _TOGETHER)
        mask, shift = (1 << _TOGETHER) - 1, line * _TOGETHER
        kinds = [kinds[each >> _TOGETHER] | (each & mask) << shift for each in present]
    return kinds, codes


def _numbered(keys: Places, below: int) -> tuple[list[int], Places]:
    """Return the different keys, all of them `below` some number, and the place of each row's."""
    if below > _MOST_COUNTED:
        present, codes = np.unique(keys, return_inverse=True)
        return present.tolist(), codes
    present = np.flatnonzero(np.bincount(keys, minlength=below))
    numbers = np.zeros(below, dtype=np.intp)
    numbers[present] = np.arange(len(present))
    return present.tolist(), numbers[keys]
