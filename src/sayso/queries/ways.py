"""The ways to decide, side by side: what each would mean, and who is for it and who against.

Legal advice says what is lawful, and takes no side; the conditions that it names are told with all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework.dossier import Dossier
from sayso.casework.events import Advice, Nature, Option, Outcome
from sayso.dates import Period

_USUAL = (
    Option("grant", Outcome.GRANT, "as it was asked"),
    Option("refuse", Outcome.REFUSE, "nothing is covered"),
    Option("return", Outcome.RETURN, "sent back without action"),
)


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


def ways(dossier: Dossier) -> Iterator[Way]:
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


def _sided(given: list[Advice]) -> Iterator[Advice]:
    return (each for each in given if each.nature is not Nature.LEGAL)


def _for(given: list[Advice], outcome: Outcome) -> tuple[str, ...]:
    return tuple(each.office for each in _sided(given) if each.outcome is outcome)


def _against(given: list[Advice], outcome: Outcome) -> tuple[str, ...]:
    """Return who would have it the other way; who says that nothing is needed is not against."""
    others = (each for each in _sided(given) if each.outcome is not Outcome.NOT_REQUIRED)
    return tuple(
        each.office
        for each in others
        if each.outcome.grants is not outcome.grants
        or (not outcome.grants and each.outcome is not outcome)
    )
