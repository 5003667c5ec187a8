"""Rehearse: what a new policy would have said of every past request, beside what the old one says.

Every row of a table of facts is judged twice, at one moment and as if both sets of policies were in
force then. The result is the matrix of old outcome × new outcome with the rows in each, how many
requests each office would have had to decide and to advise on, and which rows change.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sayso.dates import Instant, Period
from sayso.policy import routes
from sayso.policy.columns import Judged, batches, judge, words
from sayso.policy.index import Index, index
from sayso.policy.policy import Level, Policy
from sayso.policy.routes import Route
from sayso.policy.rules import Rules, timeline
from sayso.policy.types import EARLIEST
from sayso.policy.verdicts import Outcome

Rows = npt.NDArray[np.int64]
OUTCOMES = (Outcome.PERMITTED, Outcome.REFERRED, Outcome.PROHIBITED)
_PERMITTED, _REFERRED, _PROHIBITED = range(3)
MOST_LISTED = 1000


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
    before, after = (_Reader.of(policies, at, ranks) for policies in (old, new))
    pairs: Counter[tuple[int, int]] = Counter()
    changed: dict[tuple[int, int], list[int]] = {}
    rows = 0
    for table in tables:
        for batch in batches(table):
            one, other = before.read(batch), after.read(batch)
            codes = one * len(OUTCOMES) + other
            for code, count in zip(*np.unique(codes, return_counts=True), strict=True):
                pair = divmod(int(code), len(OUTCOMES))
                pairs[pair] += int(count)
                listed = changed.setdefault(pair, [])
                if pair[0] != pair[1] and len(listed) < MOST_LISTED:
                    found = np.flatnonzero(codes == code)[: MOST_LISTED - len(listed)]
                    listed.extend(int(row) + rows for row in found)
            rows += batch.num_rows
    return Rehearsal(
        rows=rows,
        matrix={_named(pair): pairs[pair] for pair in sorted(pairs)},
        changed={_named(pair): tuple(changed[pair]) for pair in sorted(changed) if changed[pair]},
        before=before.load(),
        after=after.load(),
    )


def _named(pair: tuple[int, int]) -> tuple[Outcome, Outcome]:
    return OUTCOMES[pair[0]], OUTCOMES[pair[1]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Judges batches by one set of policies, and keeps each office's load."""

    standing: Rules
    index: Index
    ranks: Mapping[str, int]
    deciders: Mapping[str, int]
    advisers: Mapping[str, int]
    decided: Counter[str]
    advised: Counter[str]

    @classmethod
    def of(cls, policies: Iterable[Policy], at: Instant, ranks: Mapping[str, int]) -> "_Reader":
        whole = Period(Instant(EARLIEST))
        undated = (replace(each, in_force=whole, supersedes=None) for each in policies)
        standing = timeline(tuple(undated)).at(at)
        return cls(
            standing,
            index(standing),
            ranks,
            _naming(standing, _decider),
            _naming(standing, routes.advisers),
            Counter(),
            Counter(),
        )

    def load(self) -> dict[str, Load]:
        """Return the load of each office that has any."""
        offices = sorted(self.decided.keys() | self.advised.keys())
        return {office: Load(self.decided[office], self.advised[office]) for office in offices}

    def read(self, batch: Any) -> Rows:  # noqa: ANN401  # Arrow has no types
        """Return the outcome of each row, as its place in `OUTCOMES`."""
        found = judge(self.index, batch)
        outcome = np.full(batch.num_rows, _PROHIBITED, dtype=np.int64)
        outcome[self.any_of(found.true, self.level(Level.PERMIT))] = _PERMITTED
        refers = self.any_of(found.possible, self.level(Level.REFER))
        outcome[refers] = _PROHIBITED
        prohibits = self.any_of(found.possible, self.level(Level.PROHIBIT))
        outcome[self.decide(found, refers & ~prohibits)] = _REFERRED
        outcome[prohibits] = _PROHIBITED
        return outcome

    def level(self, level: Level) -> int:
        return self.standing.levels[level]

    def any_of(self, rows: npt.NDArray[np.uint64], bits: int) -> npt.NDArray[np.bool_]:
        """Return the rows in which any of the bits is set, looking only at words that have one."""
        wanted = words([bits], len(rows))[:, 0]
        found = np.zeros(rows.shape[1], dtype=np.uint64)
        for place in np.flatnonzero(wanted):
            found |= rows[place] & wanted[place]
        return found.astype(np.bool_)

    def decide(self, found: Judged, refers: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return the rows that some office decides; deciders that conflict leave one prohibited."""
        named = {
            office: self.any_of(found.possible, bits) for office, bits in self.deciders.items()
        }
        decided = np.zeros(len(refers), dtype=np.bool_)
        for office, rows in named.items():
            alone = refers & rows
            for other, others in named.items():
                if other != office and not routes.outranks(office, other, self.ranks):
                    alone = alone & ~others
            self.decided[office] += int(alone.sum())
            decided |= alone
        for office, bits in self.advisers.items():
            self.advised[office] += int((decided & self.any_of(found.possible, bits)).sum())
        return decided


def _naming(standing: Rules, offices: Callable[[Route], Iterable[str]]) -> dict[str, int]:
    """Return, for each office that routes name in some part, the clauses that refer to them."""
    found: dict[str, int] = {}
    for route, bits in standing.routes:
        for office in offices(route):
            found[office] = found.get(office, 0) | bits
    return found


def _decider(route: Route) -> tuple[str, ...]:
    office = routes.decider(route)
    return (office,) if office is not None else ()
