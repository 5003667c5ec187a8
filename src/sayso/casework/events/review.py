"""What the offices say of a case before it is decided: they advise and consolidate."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.casework.events.conditions import Condition
from sayso.casework.events.enclosed import Prose
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
        return self is Outcome.GRANT or self is Outcome.GRANT_WITH_CONDITIONS


class Risk(Enum):
    """How much an office thinks is at risk."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    SEVERE = "severe"


class Nature(Enum):
    """As what advice is given. Whether it would be lawful is no side taken on whether to do it."""

    POLICY = "policy"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class Advice:
    """What an office thinks of a request: not final, never deleted.

    `codes` are the reasons in short, for statistics; `instructions` say how a grant is to be used.
    Without a `nature` it is policy advice. `superior` is the office above that gives it in place of
    `office`, whose time ran out.
    """

    case: str
    office: str
    outcome: Outcome
    reasons: Prose
    conditions: tuple[Condition, ...]
    risk: Risk | None = None
    codes: tuple[str, ...] = ()
    instructions: Prose | None = None
    nature: Nature | None = None
    superior: str | None = None

    def __post_init__(self) -> None:
        agree(self.outcome, self.conditions)
        for code in self.codes:
            names.check("a reason", code)
        if not self.reasons.strip():
            raise MalformedEntry("advice without reasons cannot be weighed", hint="give reasons")


@dataclass(frozen=True, slots=True)
class Option:
    """A way to decide, laid beside the others: the outcome it amounts to, and what it would mean.

    What is None of its limits is as it was asked.
    """

    name: str
    outcome: Outcome
    text: Prose
    conditions: tuple[Condition, ...] = ()
    uses: int | None = None
    window: Period | None = None

    def __post_init__(self) -> None:
        names.check("an option", self.name)
        agree(self.outcome, self.conditions)
        if not self.outcome.grants and (self.uses is not None or self.window is not None):
            raise MalformedEntry("only an option to grant has limits")


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The policy owner's summary. `cites` are the entries of every advice that was given.

    `options` are the ways to decide that it lays side by side; `dissents` the cited entries that
    come to something else than it does, legal advice apart. `superior` is the office above that
    says it in place of `office`, whose time ran out.
    """

    case: str
    office: str
    outcome: Outcome
    summary: Prose
    cites: tuple[int, ...]
    options: tuple[Option, ...] = ()
    dissents: tuple[int, ...] = ()
    superior: str | None = None

    def __post_init__(self) -> None:
        if len({each.name for each in self.options}) < len(self.options):
            raise MalformedEntry("two options bear one name", hint="name each differently")


def agree(outcome: Outcome, conditions: tuple[Condition, ...]) -> None:
    """Raise `MalformedEntry` unless conditions go with just the outcome that has them."""
    if (outcome is Outcome.GRANT_WITH_CONDITIONS) != bool(conditions):
        raise MalformedEntry(
            f"`{outcome.value}` and {len(conditions)} conditions do not fit",
            hint="conditions go with `grant-with-conditions`, and only with it",
        )


Review = Advice | Consolidation

KINDS: Mapping[str, type[Review]] = {
    "advice": Advice,
    "consolidation": Consolidation,
}
