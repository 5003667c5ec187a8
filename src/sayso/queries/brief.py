"""The brief: the one page that the final authority reads before it decides.

What is asked; the verdict with its clauses and their sources; the facts with theirs, and where they
differ; the ways to decide side by side, each with who advised it and who advised against; what is
left of the stock; what was decided before; what the partner owes. It is for inside only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sayso.casework import case as cases
from sayso.casework import circumstances, deadlines, emergencies, obligations
from sayso.casework.asked import Asked
from sayso.casework.case import Case, Granted, Suspended
from sayso.casework.dossier import Dossier, On
from sayso.casework.events import Advice, Assertion, Decision, Option, Outcome
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.queries import owed
from sayso.queries.owed import Owed
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
class Way:
    """A way to decide: what it would mean, which offices advised it, and which against."""

    name: str
    outcome: Outcome
    text: str
    conditions: tuple[str, ...]
    uses: int | None
    window: Period | None
    advised_by: tuple[str, ...]
    against: tuple[str, ...]
    consolidated: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What an office advised, in its own words."""

    office: str
    outcome: Outcome
    reasons: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision that somebody has signed and that waits for further signatures."""

    by: str
    office: str
    outcome: Outcome
    limits: str


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
class Precedent:
    """An earlier decision: on what, when, and whether it was denied."""

    case: str
    partner: str
    article: str
    place: str
    outcome: Outcome
    decided: Instant
    denied: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """The page. `expires`: when time next moves it; `ratify`: when an emergency grant ends."""

    case: str
    stage: str
    waits_for: tuple[str, ...]
    asked: Asked
    filed: Instant
    verdict: str
    decider: str | None
    clauses: tuple[Cited, ...]
    missing: tuple[str, ...]
    facts: tuple[Known, ...]
    summary: str | None
    advice: tuple[Said, ...]
    options: tuple[Way, ...]
    signed: tuple[Signed, ...]
    stock: Stock
    precedents: tuple[Precedent, ...]
    obligations: tuple[Owed, ...]
    expires: Instant | None
    ratify: Instant | None

    def value(self) -> dict[str, Value]:
        """Return the page for a program."""
        written = {each.name: getattr(self, each.name) for each in fields(self)}
        del written["obligations"]
        shown = {name: encode(part) for name, part in written.items() if part is not None}
        return {
            **shown,
            "stock": self.stock.value(),
            "obligations": [each.value() for each in self.obligations],
        }


def brief(state: State, name: str, *, at: Instant) -> Brief:
    """Return the page on the case called `name` at `at`, by what `state`, the reader's, knows."""
    found = state.case(name)
    dossier = found.dossier
    verdict, drawn = dossier.verdict.said, dossier.consolidation
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
        facts=(*_judged(dossier), *_asserted(state, at)),
        summary=None if drawn is None else drawn.said.summary,
        advice=tuple(
            Said(each.said.office, each.said.outcome, each.said.reasons)
            for each in dossier.current_advice
        ),
        options=tuple(_ways(dossier)),
        signed=tuple(_signed(on) for on in dossier.current_signings),
        stock=_stock(state, dossier.asked.article),
        precedents=_precedents(state, found),
        obligations=tuple(owed.by_partner(state, dossier.asked.partner)),
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


_USUAL = (
    Option("grant", Outcome.GRANT, "as it was asked"),
    Option("refuse", Outcome.REFUSE, "nothing is covered"),
    Option("return", Outcome.RETURN, "sent back without action"),
)


def _ways(dossier: Dossier) -> Iterator[Way]:
    """Yield the ways to decide: the usual ones, then those of the deployment's own."""
    drawn = dossier.consolidation
    advised = drawn.said.outcome if drawn is not None else None
    laid = drawn.said.options if drawn is not None else ()
    given = [each.said for each in dossier.current_advice]
    conditional = Way(
        name="grant-with-conditions",
        outcome=Outcome.GRANT_WITH_CONDITIONS,
        text="with the conditions advised, or others",
        conditions=tuple(dict.fromkeys(c.text for each in given for c in each.conditions)),
        uses=None,
        window=None,
        advised_by=_for(given, Outcome.GRANT_WITH_CONDITIONS),
        against=_against(given, Outcome.GRANT_WITH_CONDITIONS),
        consolidated=advised is Outcome.GRANT_WITH_CONDITIONS,
    )
    usual = [_way(each, given, consolidated=advised is each.outcome) for each in _USUAL]
    yield from (usual[0], conditional, *usual[1:])
    for option in laid:
        yield _way(option, given, consolidated=False)


def _way(option: Option, given: list[Advice], *, consolidated: bool) -> Way:
    return Way(
        name=option.name,
        outcome=option.outcome,
        text=option.text,
        conditions=tuple(each.text for each in option.conditions),
        uses=option.uses,
        window=option.window,
        advised_by=_for(given, option.outcome),
        against=_against(given, option.outcome),
        consolidated=consolidated,
    )


def _for(given: list[Advice], outcome: Outcome) -> tuple[str, ...]:
    return tuple(each.office for each in given if each.outcome is outcome)


def _against(given: list[Advice], outcome: Outcome) -> tuple[str, ...]:
    """Return who would have it the other way; who says that nothing is needed is not against."""
    others = (each for each in given if each.outcome is not Outcome.NOT_REQUIRED)
    return tuple(
        each.office
        for each in others
        if each.outcome.grants is not outcome.grants
        or (not outcome.grants and each.outcome is not outcome)
    )


def _signed(on: On[Decision]) -> Signed:
    limits = "" if on.said.window is None else f"{on.said.uses} in {on.said.window}"
    return Signed(str(on.stamp.by), on.said.office, on.said.outcome, limits)


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


def _precedents(state: State, found: Case) -> tuple[Precedent, ...]:
    """Return the newest decisions on the same article, of the same partner or at the same place."""
    mine = found.dossier
    decided = [
        (each.dossier, each.dossier.decisions[-1])
        for name, each in sorted(state.cases.items())
        if name != mine.id and each.dossier.decisions and _alike(mine.asked, each.dossier.asked)
    ]
    decided.sort(key=lambda pair: pair[1].stamp.index, reverse=True)
    return tuple(
        Precedent(
            case=dossier.id,
            partner=dossier.asked.partner,
            article=dossier.asked.article,
            place=dossier.asked.place,
            outcome=on.said.outcome,
            decided=on.stamp.at,
            denied=on.said.outcome is Outcome.REFUSE,
        )
        for dossier, on in decided[:MOST_PRECEDENTS]
    )


def _alike(one: Asked, other: Asked) -> bool:
    same = (one.partner == other.partner, one.place == other.place)
    return one.article == other.article and any(same)
