"""Two times of every answer (law 14): *as of* a moment, *as known at* another.

    as known at K   only entries recorded up to K count
    as of A         what stood at A, judged from that knowledge

What comes into being by an entry stands from when that was recorded: offices, persons, keys,
articles, agreements, calendars, cases and all that is said in them, holds, deliveries, dockets. So
do policies and delegations, which have dates of their own too: they count from the later of both,
so that nobody binds the past. What is dated, and may be recorded later than it holds, counts by its
own dates, however late it came to be known: who held an office, what an office asserts of
circumstances, what was taken back of it, who was cleared. Of offices and of words that there were
not yet, nothing was held or asserted. After the last entry that is known, time goes on by itself:
what is due by A is foreseen, and a moment to come is asked about no otherwise.

If only K is given, A is K: the record as it was. Neither: now, and then no entry is read that the
store's projection spares reading.

Who may know is never asked of the past. What is kept in compartments now is kept at any moment, and
who reads it is told by the record as it stands now (`Stood.seen`); what was erased since is gone.
Words released on purpose are known to their readers from when they were, as known at K.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import TypeVar

from immutables import Map

from sayso.casework import replay, verdicts
from sayso.casework.facts import Atlas
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.queries import disclosure
from sayso.queries.disclosure import Reader
from sayso.queries.recall import recall
from sayso.replaced import replace
from sayso.store.contract import Store

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class When:
    """The two times that somebody asks about; None: now, and everything there is."""

    at: Instant | None = None
    known_at: Instant | None = None

    def moment(self, now: Instant) -> Instant:
        """Return as of when it is asked."""
        if self.at is not None:
            return self.at
        return now if self.known_at is None else min(self.known_at, now)


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood at the moment `at`; and what stands `now`, which says who may know of it.

    `kept` are the cases that were kept in compartments then: who acts in one had to be cleared.
    """

    state: State
    at: Instant
    present: State
    now: Instant
    kept: Map[str, str]

    def seen(self, reader: Reader) -> State:
        """Return the part of what stood that `reader` may know now, kept from others as it was."""
        seen = disclosure.view(self.state, reader, by=self.present)
        if self.kept is self.state.marked_cases:
            return seen
        then = {name: kept for name, kept in seen.marked_cases.items() if name in self.kept}
        return replace(seen, marked_cases=Map(then))


def stood(store: Store, when: When, *, present: State, now: Instant, atlas: Atlas) -> Stood:
    """Return what stood in `store` then, where `present` stands by now."""
    at = when.moment(now)
    asked = max(at, present.at or at) if when == When() else at  # a clock may lag the record
    found = _of(store, present, asked, when.known_at)
    kept = found.marked_cases
    if found is not present:
        found = marked(found, present)
    return Stood(verdicts.foreseen(found, at=asked, atlas=atlas), at, present, now, kept)


def standing(store: Store, *, at: Instant, atlas: Atlas) -> State:
    """Return what stands in `store` at `at`, now or later: with what is due by then."""
    state = recall(store)
    when = at if state.at is None else max(at, state.at)
    return verdicts.foreseen(state, at=when, atlas=atlas)


def as_of(store: Store, at: Instant, *, until: Instant | None, atlas: Atlas) -> State:
    """Return what stood at `at`, as known from the entries recorded up to `until`, or from all."""
    found = stood(store, When(at, until), present=recall(store), now=at, atlas=atlas)
    return found.state


def unmarked(store: Store, when: When, *, present: State, now: Instant) -> State:
    """Return what stood with the compartments of then: to tell of them, and of nothing in them."""
    return _of(store, present, when.moment(now), when.known_at)


def marked(then: State, now: State) -> State:
    """Return a state of the past, of which is kept in compartments what is kept in them `now`.

    What was marked since was known once to whoever asked, and is shown to nobody else any more. An
    entry that is not yet known of is none to keep: its number may stand for something foreseen.
    """
    return replace(
        then,
        compartments=now.compartments,
        clearances=now.clearances,
        marked_cases=now.marked_cases,
        marked_policies=now.marked_policies,
        marked_entries=Map(
            {index: kept for index, kept in now.marked_entries.items() if index < then.size}
        ),
        erased=now.erased,
    )


def _of(store: Store, present: State, at: Instant, until: Instant | None) -> State:
    """Return what stood at `at` as known at `until`, with nothing foreseen, kept as it was then."""
    cut = at if until is None else min(at, until)
    if present.at is None or present.at <= cut:
        return present
    then = replay.fold(store.entries(0, present.size), until=cut)
    if until is None or until >= present.at:
        return _judged(then, present)
    later = store.entries(then.size, present.size)
    return _judged(then, replay.fold(later, until=until, start=then))


def _judged(then: State, knowledge: State) -> State:
    """Return what stood `then`, with what is dated as it was known in the end."""
    return replace(
        then,
        size=knowledge.size,
        terms=_only(knowledge.terms, then.offices),
        clearances=knowledge.clearances,
        claims=_only(knowledge.claims, then.words),
        retracted=knowledge.retracted,
        releases=knowledge.releases,
    )


def _only(dated: Mapping[str, V], there: Container[str]) -> Map[str, V]:
    """Return of what is dated that of which there was something to say then."""
    return Map({name: each for name, each in dated.items() if name in there})
