"""What the offices say of a case: they advise, consolidate and decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework.events.conditions import Condition
from sayso.dates import Period
from sayso.errors import MalformedEntry


class Outcome(Enum):
    """What an office advises, or what the final authority decides."""

    GRANT = "grant"
    GRANT_WITH_CONDITIONS = "grant-with-conditions"
    REFUSE = "refuse"
    NOT_REQUIRED = "not-required"
    RETURN = "return"

    @property
    def grants(self) -> bool:
        """Return whether the request may go ahead."""
        return self in {Outcome.GRANT, Outcome.GRANT_WITH_CONDITIONS}


@dataclass(frozen=True, slots=True)
class Advice:
    """What an office thinks of a request: not final, never deleted."""

    case: str
    office: str
    outcome: Outcome
    reasons: str
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _agree(self.outcome, self.conditions)
        if not self.reasons.strip():
            raise MalformedEntry("advice without reasons cannot be weighed", hint="give reasons")


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The policy owner's summary. `cites` are the entries of every advice that was given."""

    case: str
    office: str
    outcome: Outcome
    summary: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the final authority says. `request` and `verdict` are the digests it was decided on."""

    case: str
    office: str
    outcome: Outcome
    reasons: str
    conditions: tuple[Condition, ...]
    request: str
    verdict: str
    uses: int | None = None
    window: Period | None = None

    def __post_init__(self) -> None:
        _agree(self.outcome, self.conditions)
        if self.outcome is Outcome.NOT_REQUIRED:
            raise MalformedEntry("`not-required` is advice, not a decision")
        if not self.outcome.grants and not self.reasons.strip():
            raise MalformedEntry(f"to {self.outcome.value} needs reasons", hint="give reasons")
        if self.outcome.grants != (self.uses is not None and self.window is not None):
            raise MalformedEntry("a grant, and only a grant, says how many uses and when")


def _agree(outcome: Outcome, conditions: tuple[Condition, ...]) -> None:
    if (outcome is Outcome.GRANT_WITH_CONDITIONS) != bool(conditions):
        raise MalformedEntry(
            f"`{outcome.value}` and {len(conditions)} conditions do not fit",
            hint="conditions go with `grant-with-conditions`, and only with it",
        )


Review = Advice | Consolidation | Decision

KINDS: Mapping[str, type[Review]] = {
    "advice": Advice,
    "consolidation": Consolidation,
    "decision": Decision,
}
