"""Every question that a reader can ask of a record, and the answers as bytes."""

from collections.abc import Callable, Iterator
from itertools import product

from sayso import wire
from sayso.casework import circumstances
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import SaysoError
from sayso.queries import (
    dossier,
    giving,
    impact,
    inbox,
    mandates,
    numbers,
    owed,
    pace,
    papers,
    screening,
    stock,
    wanted,
    ways,
)
from sayso.queries.brief import brief
from sayso.queries.coverage import Use, coverage
from sayso.queries.disclosure import OFFICE, Circle, Reader, judging, secrets, view
from sayso.store.contract import Store
from tests.house import SECRETARY, Table

YEAR = Period.parse("2025-01-01T00:00:00Z/2026-01-01T00:00:00Z")
PLACES = ("Kursk", "Belgorod", "Dzhankoi")


def answers(store: Store, state: State, reader: Reader, at: Instant) -> dict[str, bytes]:
    """Return, as bytes, what every query answers a reader about all that they can name."""
    asked = dict(_anybody(store, state, reader, at))
    if reader.circle is Circle.OFFICE:
        asked |= dict(_inside(state, reader, at))
    return {name: _answer(ask) for name, ask in asked.items()}


Ask = Callable[[], object]


def _answer(ask: Ask) -> bytes:
    try:
        return repr(ask()).encode()
    except SaysoError as error:
        return f"{error} {error.hint}".encode()


def _anybody(store: Store, state: State, reader: Reader, at: Instant) -> Iterator[tuple[str, Ask]]:
    seen = view(state, reader)
    yield "list", lambda: dossier.lines(seen, reader)
    yield "owed", lambda: owed.everything(seen, reader)
    for agreement in sorted(state.agreements):
        yield f"stock {agreement}", lambda agreement=agreement: stock.accounts(seen, agreement)  # type: ignore[misc]  # a lambda with a default
    yield "policies", lambda: [(name, e.policy.text) for name, e in sorted(seen.policies.items())]
    yield "releases", lambda: seen.releases
    yield "requests", lambda: sorted(seen.requests.items())
    yield "unknown", lambda: seen.case("ukraine-999")
    yield "given", lambda: sorted(giving.readable(store, state, reader))
    yield "papers", lambda: sorted(papers.known(seen, reader))
    for name in sorted(seen.cases):
        yield f"show {name}", lambda name=name: dossier.told(seen.case(name), reader)  # type: ignore[misc]  # a lambda with a default
        yield f"papers {name}", lambda name=name: papers.listed(store, state, name, reader)  # type: ignore[misc]  # the same
    for use in _uses(state):
        yield f"check {use}", lambda use=use: _check(state, use, reader, at)  # type: ignore[misc]  # the same


def _uses(state: State) -> Iterator[Use]:
    for name, each in sorted(state.agreements.items()):
        for article, place in product(each.articles, PLACES):
            yield Use(each.partner, name, article, place, "military-logistics")


def _check(state: State, use: Use, reader: Reader, at: Instant) -> object:
    found = coverage(judging(state, reader), use, at=at, atlas=Table(), reader=reader)
    return found.withholding(secrets(state, reader).policies).value()


def _inside(state: State, reader: Reader, at: Instant) -> Iterator[tuple[str, Ask]]:
    seen, office = view(state, reader), view(state, OFFICE)
    yield "numbers", lambda: numbers.numbers(seen, YEAR).value()
    for name in sorted(state.policies):
        yield f"effect {name}", lambda name=name: numbers.effect(seen, name, days=90).value()  # type: ignore[misc]  # a lambda with a default
        yield f"without {name}", lambda name=name: _impact(state, name, reader, at)  # type: ignore[misc]  # the same
    yield "dockets", lambda: sorted(seen.dockets.items())
    yield "holds", lambda: sorted(seen.holds.items())
    yield (
        "facts",
        lambda: (
            sorted(seen.words),
            circumstances.standing(seen, at),
            sorted(seen.claims.items()),
        ),
    )
    for name in sorted(state.offices):
        yield f"inbox {name}", lambda name=name: inbox.inbox(seen, name, at)  # type: ignore[misc]  # a lambda with a default
        yield f"skipped {name}", lambda name=name: dossier.skipped(seen, name)  # type: ignore[misc]  # the same
    for name, found in sorted(seen.cases.items()):
        yield f"brief {name}", lambda name=name: brief(seen, name, at=at, beside=office).value()  # type: ignore[misc]  # the same
        yield f"who {name}", lambda name=name: wanted.who(seen, name, at)  # type: ignore[misc]  # the same
        yield (
            f"screen {name}",
            lambda found=found: screening.screen(office, found.dossier).value(),  # type: ignore[misc]  # the same
        )
        yield f"ways {name}", lambda found=found: list(ways.ways(found.dossier))  # type: ignore[misc]  # the same
        yield f"pace {name}", lambda found=found: list(pace.awaited(seen, found, at))  # type: ignore[misc]  # the same
        yield (
            f"chain {name}",
            lambda found=found: mandates.mandates(seen, SECRETARY, at, dossier=found.dossier),  # type: ignore[misc]  # the same
        )


def _impact(state: State, name: str, reader: Reader, at: Instant) -> object:
    moved = impact.without(state, name, reader=reader, at=at, atlas=Table())
    return [wire.encode(each) for each in impact.shown(state, moved, reader)]
