"""All that a reader can be told, as one text: every question that is answered by who asks."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import SaysoError
from sayso.queries import dossier, owed, stock
from sayso.queries.coverage import Use, coverage
from sayso.queries.disclosure import Reader, view
from sayso.queries.words import Words, names
from sayso.store.contract import Store
from tests.casework.machine.hands import PLACES
from tests.casework.model.tables import AGREEMENTS, COVERED
from tests.house import Table

UNKNOWN = ("ukraine-999", "poland-999", "canari", "fires@9", "calm@9", "talk", "storm")
"""Names to ask for that nothing bears: an error suggests only what the reader knows."""


def told(state: State, store: Store, reader: Reader, at: Instant) -> str:
    """Return all that a reader outside is told, to the byte, with the words kept beside."""
    known = view(state, reader)
    text = "\n".join(_said(ask) for ask in _questions(known, reader, at))
    return Words.of(names(text), store, lambda: state).opened(text)


def _said(ask: Callable[[], object]) -> str:
    try:
        return repr(ask())
    except SaysoError as error:
        return str(error)


def _questions(known: State, reader: Reader, at: Instant) -> Iterator[Callable[[], object]]:
    for only_open in (False, True):
        yield partial(_values, dossier.lines, known, reader, only_open=only_open)
        yield partial(_values, owed.everything, known, reader, only_open=only_open)
    for case in known.cases.values():
        yield partial(_value, dossier.told, case, reader)
    for agreement in AGREEMENTS:
        yield partial(_values, stock.accounts, known, agreement)
        for use in uses(agreement):
            yield partial(_value, coverage, known, use, at=at, atlas=Table(), reader=reader)
    yield partial(_names, known)
    for name in UNKNOWN:
        for find in (known.case, known.office, known.article, known.agreement, known.person):
            yield partial(find, name)


def uses(agreement: str) -> Iterator[Use]:
    """Yield the uses that can be asked about under an agreement."""
    for article in COVERED[agreement]:
        for place in PLACES:
            yield Use(AGREEMENTS[agreement], agreement, article, place, "military-logistics")


def _value(ask: Callable[..., Any], *given: object, **also: object) -> object:
    return ask(*given, **also).value()


def _values(ask: Callable[..., Any], *given: object, **also: object) -> object:
    return [each.value() for each in ask(*given, **also)]


def _names(known: State) -> object:
    """Return what there is, by name, and what was released."""
    maps = (known.offices, known.terms, known.articles, known.agreements, known.requests)
    inside = (known.persons, known.compartments, known.claims, known.delegations, known.words)
    named = [sorted(each) for each in (*maps, *inside, known.calendars, known.dockets)]
    policies = sorted((name, each.policy.title) for name, each in known.policies.items())
    released = [(each.said, each.stamp.at) for each in known.releases]
    return named, policies, released, known.circumstances
