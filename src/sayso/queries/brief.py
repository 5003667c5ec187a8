"""The brief: the one page that the final authority reads before it decides.

What is asked; the verdict with its clauses and their sources; the facts with theirs, and where they
differ; the legal advice, and apart from it the offices' other advice; the ways to decide side by
side, each with who advised it and who against; whose turn it is and what stops it; what is left of
the stock; what was decided before; what the partner owes. It is for inside only.

Of the case itself it tells what its reader may know. Whatever else is told of, it is as everybody
in the office may know it: what a reader reads of a compartment, they read of this case alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sayso.casework import case as cases
from sayso.casework import (
    circumstances,
    deadlines,
    emergencies,
    holds,
    obligations,
    reaching,
    violations,
)
from sayso.casework.asked import Asked
from sayso.casework.case import Case, Granted, Suspended
from sayso.casework.dossier import Dossier, On
from sayso.casework.events import Assertion, Decision, Hold, Nature, Outcome, Risk
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.queries import owed, pace
from sayso.queries.owed import Owed
from sayso.queries.pace import Awaited, Pending
from sayso.queries.screening import Match, screen
from sayso.queries.ways import Way, ways
from sayso.wire import Value, dump, encode

MOST_PRECEDENTS = 6
REQUEST = "the request"
"""The source of the facts that the request itself says."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause that the verdict rests on; `sure` is false if it counts for want of a fact."""

    clause: str
    text: str
    source: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as it was judged or asserted: its value, whence it is, how sure that is."""

    fact: str
    value: str
    source: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What an office advised, in its own words; `conditions` are those it would impose."""

    office: str
    outcome: Outcome
    reasons: str
    conditions: tuple[str, ...] = ()
    risk: Risk | None = None
    codes: tuple[str, ...] = ()
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision that somebody has signed and that waits for further signatures."""

    by: str
    office: str
    outcome: Outcome
    limits: str


@dataclass(frozen=True, slots=True)
class AtOnce:
    """A grant that could not wait: which office decided it at once, when, and why."""

    office: str
    at: Instant
    emergency: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Stock:
    """How many the supplier has by the record's fact, and what was granted or used of them."""

    on_hand: int | None
    granted: int
    used: int

    @property
    def left(self) -> int | None:
        """Return what is neither granted nor used; None if nobody said how many there are."""
        return None if self.on_hand is None else self.on_hand - self.granted - self.used

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        said: dict[str, Value] = {"granted": self.granted, "used": self.used}
        if self.on_hand is None or self.left is None:
            return said
        return {"on_hand": self.on_hand, **said, "left": self.left}


@dataclass(frozen=True, slots=True)
class Brief:
    """The page. `expires`: when time next moves it; `ratify`: when an emergency grant ends.

    `keeping` are the policies that bind and leave the case to those before them.
    `legal` is the advice on what is lawful, `advice` all other. `holds` stand on the case or on its
    class, and `frozen` says by which docket nothing is granted. `precedents` are the denials that
    are alike, all of them, and the newest of other decisions.
    """

    case: str
    stage: str
    waits_for: tuple[str, ...]
    asked: Asked
    filed: Instant
    verdict: str
    decider: str | None
    clauses: tuple[Cited, ...]
    missing: tuple[str, ...]
    keeping: tuple[str, ...]
    facts: tuple[Known, ...]
    summary: str | None
    legal: tuple[Said, ...]
    advice: tuple[Said, ...]
    options: tuple[Way, ...]
    signed: tuple[Signed, ...]
    at_once: AtOnce | None
    turns: tuple[Awaited, ...]
    queries: tuple[Pending, ...]
    holds: tuple[Hold, ...]
    frozen: str | None
    stock: Stock
    precedents: tuple[Match, ...]
    obligations: tuple[Owed, ...]
    expires: Instant | None
    ratify: Instant | None

    def value(self) -> dict[str, Value]:
        """Return the page for a program."""
        written = {each.name: getattr(self, each.name) for each in fields(self)}
        listed = {
            each: [one.value() for one in written.pop(each)]
            for each in ("turns", "precedents", "obligations")
        }
        shown = {name: encode(part) for name, part in written.items() if part is not None}
        return {**shown, "stock": self.stock.value(), **listed}


def brief(state: State, name: str, *, at: Instant, beside: State | None = None) -> Brief:
    """Return the page on the case called `name` at `at`, by what `state`, the reader's, knows.

    `beside` is what everybody in the office may know; that is `state` if it is not given.
    """
    found = state.case(name)
    office = state if beside is None else beside
    dossier = found.dossier
    verdict, drawn = dossier.verdict.said, dossier.consolidation
    frozen = violations.frozen(office, dossier)
    return Brief(
        case=name,
        stage=cases.name(found),
        waits_for=cases.waits_for(found),
        asked=dossier.asked,
        filed=dossier.request.stamp.at,
        verdict=verdict.outcome,
        decider=verdict.decider,
        clauses=tuple(_clauses(state, dossier)),
        missing=verdict.missing,
        keeping=reaching.keeping(state, found, at),
        facts=(*_judged(dossier), *_asserted(office, at)),
        summary=None if drawn is None else drawn.said.summary,
        legal=tuple(_said(dossier, legal=True)),
        advice=tuple(_said(dossier, legal=False)),
        options=tuple(ways(dossier)),
        signed=tuple(_signed(on) for on in dossier.current_signings),
        at_once=_at_once(dossier),
        turns=tuple(pace.awaited(state, found, at)),
        queries=tuple(pace.pending(found)),
        holds=holds.on_case(state, dossier, at),
        frozen=None if frozen is None else frozen.words,
        stock=_stock(office, dossier.asked.article),
        precedents=_precedents(office, dossier),
        obligations=tuple(owed.by_partner(office, dossier.asked.partner)),
        expires=deadlines.deadline(found),
        ratify=emergencies.due(dossier),
    )


def _clauses(state: State, dossier: Dossier) -> Iterator[Cited]:
    """Yield the clauses that count; of a policy that this reader may not know, no text."""
    verdict = dossier.verdict.said
    for sure, names in ((True, verdict.because), (False, verdict.possible)):
        for name in names:
            policy, _, clause = name.partition("/")
            adopted = state.policies.get(policy)
            known = adopted.policy.clauses if adopted is not None else ()
            text = next(((each.text, each.source) for each in known if each.id == clause), ("", ""))
            yield Cited(name, *text, sure)


def _said(dossier: Dossier, *, legal: bool) -> Iterator[Said]:
    """Yield the advice that counts, of the one nature or the other."""
    for on in dossier.current_advice:
        each = on.said
        if (each.nature is Nature.LEGAL) is legal:
            conditions = tuple(one.text for one in each.conditions)
            yield Said(
                each.office,
                each.outcome,
                each.reasons,
                conditions,
                each.risk,
                each.codes,
                each.instructions,
            )


_ASKED = {"partner", "end_user", "agreement", "use"}
_PLACE = ("touches", "certainly_in")


def _judged(dossier: Dossier) -> Iterator[Known]:
    facts = dossier.verdict.said.facts
    groups = facts if isinstance(facts, dict) else {}
    for group, values in sorted(groups.items()):
        source = REQUEST if group in _ASKED else f"the record's {group}"
        for name, value in sorted(values.items() if isinstance(values, dict) else ()):
            if group == "place" and name not in _PLACE:
                continue
            yield Known(f"{group}.{name}", dump(value).decode(), source)


def _asserted(state: State, at: Instant) -> Iterator[Known]:
    """Yield what offices say of circumstances; what differs stands side by side."""
    for fact in sorted(state.claims):
        said = circumstances.counting(state, fact, at)
        differs = len({dump(on.said.value) for on in said}) > 1
        for on in said:
            source = f"settled by {on.said.office}"
            if isinstance(on.said, Assertion):
                sure = on.said.confidence.value
                source = f"{on.said.office}, {sure} confidence, from {on.said.source}"
            yield Known(fact, dump(on.said.value).decode(), source, differs)


def _signed(on: On[Decision]) -> Signed:
    limits = "" if on.said.window is None else f"{on.said.uses} in {on.said.window}"
    return Signed(str(on.stamp.by), on.said.office, on.said.outcome, limits)


def _at_once(dossier: Dossier) -> AtOnce | None:
    granted = obligations.grant(dossier)
    said = None if granted is None else granted.said
    if granted is None or not isinstance(said, Decision) or said.emergency is None:
        return None
    return AtOnce(said.office, granted.stamp.at, said.emergency, said.reasons)


def _stock(state: State, article: str) -> Stock:
    fact = state.article(article).facts.get("stock")
    of_it = [each for each in state.cases.values() if each.dossier.asked.article == article]
    consented = [each for each in of_it if each.dossier.supplier is None]
    live = [each for each in consented if isinstance(each, Granted | Suspended)]
    return Stock(
        on_hand=fact if isinstance(fact, int) else None,
        granted=sum(obligations.left(each.dossier) for each in live if _granted(each)),
        used=sum(obligations.reported(each.dossier) for each in consented),
    )


def _granted(found: Case) -> bool:
    return obligations.grant(found.dossier) is not None


def _precedents(state: State, dossier: Dossier) -> tuple[Match, ...]:
    """Return all denials that are alike and the newest of other decisions, the newest first."""
    found = screen(state, dossier)
    both = (*found.denials, *found.precedents[:MOST_PRECEDENTS])
    return tuple(sorted(both, key=lambda each: each.decided, reverse=True))
