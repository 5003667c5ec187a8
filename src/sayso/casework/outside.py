"""What who speaks for a partner may name: its own cases, and the agreements and articles it knows.

Anything else is unknown to it, whether it is there or not: else a partner would learn by asking
which requests another filed (law 13). Whoever also holds an office inside knows from there.
"""

from collections.abc import Iterable

from sayso.casework.events import Act, Agreement, Article, Request
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Unknown

PUBLIC = "public"
CASES = ("case", "replaces", "after", "concerns")


def check(state: State, act: Act, person: str, at: Instant) -> Refusal | None:
    """Return the refusal of who speaks for a partner alone, and names what it does not know."""
    partner = speaks_for(state, person, at)
    if partner is None:
        return None
    for field in CASES:
        name = getattr(act, field, None)
        if isinstance(name, str) and not _is_theirs(state, name, partner):
            return _unknown("case", name, _named(state, partner))
    return None if isinstance(act, Agreement | Article) else _things(state, act, partner)


def _things(state: State, act: Act, partner: str) -> Refusal | None:
    agreements = {
        name: each
        for name, each in state.agreements.items()
        if each.partner == partner or _released(each.releasable_to, partner)
    }
    agreement = getattr(act, "agreement", None)
    if isinstance(agreement, str) and agreement not in agreements:
        return _unknown("agreement", agreement, agreements)
    articles = {
        name for name, each in state.articles.items() if _released(each.releasable_to, partner)
    }
    articles |= {name for each in agreements.values() for name in each.articles}
    items = act.items if isinstance(act, Request) else ()
    for article in (getattr(act, "article", None), *(item.article for item in items)):
        if isinstance(article, str) and article not in articles:
            return _unknown("article", article, articles)
    return None


def _unknown(kind: str, name: str, known: Iterable[str]) -> Refusal:
    error = Unknown.named(kind, name, known)
    return Refusal("unknown", error.what, error.hint)


def speaks_for(state: State, person: str, at: Instant) -> str | None:
    """Return the partner for which `person` speaks; None if they hold another office too."""
    held = {state.offices[name].partner for name in state.seats(at).held.get(person, ())}
    return held.pop() if len(held) == 1 else None


def _is_theirs(state: State, name: str, partner: str) -> bool:
    cases = state.requests.get(name, (name,))
    found = state.cases.get(cases[0])
    return found is not None and found.dossier.asked.partner == partner


def _named(state: State, partner: str) -> tuple[str, ...]:
    return tuple(
        name
        for request, cases in sorted(state.requests.items())
        if _is_theirs(state, request, partner)
        for name in dict.fromkeys((request, *cases))
    )


def _released(to: Iterable[str], partner: str) -> bool:
    return any(each in {PUBLIC, partner} for each in to)
