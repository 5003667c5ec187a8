"""What offices say of the world: which facts there are to speak of, and what they hold to be so.

A circumstance is never merely stored: it is asserted by an office, with its source, for a time. Two
assertions that conflict stand side by side until an office above both settles them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework.events.enclosed import Prose
from sayso.dates import Period
from sayso.errors import MalformedEntry
from sayso.wire import Value


class Confidence(Enum):
    """How sure an office is of what it asserts."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An office adds facts that policies may speak of: `text` is the YAML of `policy/schema.py`.

    `asserted_by` are the offices that may assert those of the group `circumstances`. A fact never
    changes its meaning, so a policy that speaks of it relies on those offices and on no others.
    """

    office: str
    text: str
    asserted_by: tuple[str, ...]
    releasable_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """An office asserts a circumstance: `fact` is its name, `holds` when it is said to hold."""

    office: str
    fact: str
    value: Value
    source: Prose
    holds: Period
    confidence: Confidence
    quotation: Prose | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise MalformedEntry(
                f"`{self.fact}` is asserted without a source", hint="say where it is from"
            )


@dataclass(frozen=True, slots=True)
class Retraction:
    """An assertion, named by its entry, is taken back; it stays on the record."""

    office: str
    assertion: int
    reasons: Prose


@dataclass(frozen=True, slots=True)
class Settlement:
    """An office says what is to count of assertions that conflict; `cites` are their entries."""

    office: str
    fact: str
    value: Value
    reasons: Prose
    holds: Period
    cites: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise MalformedEntry("to settle a fact needs reasons", hint="give reasons")


Claim = Assertion | Settlement

Telling = Vocabulary | Assertion | Retraction | Settlement

KINDS: Mapping[str, type[Telling]] = {
    "vocabulary": Vocabulary,
    "assertion": Assertion,
    "retraction": Retraction,
    "settlement": Settlement,
}
