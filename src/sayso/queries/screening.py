"""Was the like asked before? Earlier denials, and other decisions that are precedents.

A denial is alike if it was of the same end user, or if two of three are the same: the partner, the
article, the place. Any other decision is a precedent if it was on the same article, for the same
partner or at the same place. What a reader may not know of is not screened for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.casework.asked import Asked
from sayso.casework.dossier import Dossier
from sayso.casework.events import Outcome
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.wire import Value

_TWO_OF = ("partner", "article", "place")
_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier decision: on what, when, whether it was denied, and in what it is alike."""

    case: str
    partner: str
    article: str
    place: str
    outcome: Outcome
    decided: Instant
    alike: tuple[str, ...]

    @property
    def denied(self) -> bool:
        """Return whether it was refused."""
        return self.outcome is Outcome.REFUSE

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "case": self.case,
            "partner": self.partner,
            "article": self.article,
            "place": self.place,
            "outcome": self.outcome.value,
            "decided": str(self.decided),
            "denied": self.denied,
            "alike": list(self.alike),
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """What a request is screened against, each the newest first."""

    denials: tuple[Match, ...]
    precedents: tuple[Match, ...]

    def value(self) -> dict[str, Value]:
        """Return it for a program."""
        return {
            "denials": [each.value() for each in self.denials],
            "precedents": [each.value() for each in self.precedents],
        }


def screen(state: State, dossier: Dossier) -> Screening:
    """Return what of `state`, the reader's, is like the request of `dossier`."""
    found = sorted(_matches(state, dossier), key=lambda pair: pair[0], reverse=True)
    matches = [match for _, match in found]
    return Screening(
        tuple(each for each in matches if each.denied and _like_denial(each.alike)),
        tuple(each for each in matches if not each.denied and _like_precedent(each.alike)),
    )


def _matches(state: State, mine: Dossier) -> Iterator[tuple[int, Match]]:
    """Yield each decision on another case, with its entry, and in what the two are alike."""
    for name, found in state.cases.items():
        dossier = found.dossier
        if name == mine.id or not dossier.decisions:
            continue
        decided, asked = dossier.decisions[-1], dossier.asked
        alike = tuple(_alike(mine.asked, asked))
        if alike:
            yield (
                decided.stamp.index,
                Match(
                    case=name,
                    partner=asked.partner,
                    article=asked.article,
                    place=asked.place,
                    outcome=decided.said.outcome,
                    decided=decided.stamp.at,
                    alike=alike,
                ),
            )


def _alike(one: Asked, other: Asked) -> Iterator[str]:
    for name in (*_TWO_OF, "purpose"):
        if getattr(one, name) == getattr(other, name):
            yield name
    if one.end_user is not None and one.end_user == other.end_user:
        yield "end user"


def _like_denial(alike: tuple[str, ...]) -> bool:
    return "end user" in alike or sum(name in alike for name in _TWO_OF) >= _AT_LEAST


def _like_precedent(alike: tuple[str, ...]) -> bool:
    return "article" in alike and ("partner" in alike or "place" in alike)
