"""What is said once a use is granted: it is reported, and what the grant obliges to is followed up.

An obligation is named by its case and its number there, counted from 1 in the order of the
decision's conditions; the use report that every grant owes comes last if no condition asks for one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names, typed
from sayso.casework.events.conditions import Condition
from sayso.casework.events.enclosed import Paper, Prose
from sayso.dates import Instant
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class UseReport:
    """The partner tells that it used what was granted: how often, when, which, and where.

    `place` is given where it was not the place asked for. After the window a report of the rest
    closes the account, and says 0 uses if none was made; it has no `used_at` then.
    """

    case: str
    uses: int
    used_at: Instant | None = None
    serials: tuple[str, ...] = ()
    place: str | None = None
    remarks: Prose | None = None
    attachments: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        if self.uses < 0:
            raise MalformedEntry(f"{self.uses} uses cannot be reported", hint="report 0 or more")
        if (self.uses == 0) != (self.used_at is None):
            raise MalformedEntry("a report of uses, and no other, says when they were")
        if len(self.serials) > self.uses or len(set(self.serials)) < len(self.serials):
            raise MalformedEntry("at most one serial number goes with each use, each once")
        typed.check_serials(self.serials)
        if self.place is not None:
            typed.check_place(self.place)
        names.check_digests(self.attachments)


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Whoever is bound by an obligation says that it is met, and hands over the evidence."""

    case: str
    obligation: int
    evidence: Prose
    attachments: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence.strip():
            raise MalformedEntry("a fulfilment says what shows it", hint="give the evidence")
        names.check_digests(self.attachments)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The office that imposed an obligation takes it as met."""

    case: str
    office: str
    obligation: int


@dataclass(frozen=True, slots=True)
class Breach:
    """The office that imposed an obligation finds it breached."""

    case: str
    office: str
    obligation: int
    reasons: Prose

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise MalformedEntry("a breach needs reasons", hint="give reasons")


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """The partner asks for one condition of a grant to be considered again, and says why."""

    case: str
    obligation: int
    reasons: Prose

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise MalformedEntry("this needs reasons", hint="give reasons")


class Change(Enum):
    """What becomes of a condition that was considered again."""

    REWORD = "reword"
    END = "end"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Variation:
    """The office that decided answers: the condition has another wording, ends, or is kept."""

    case: str
    office: str
    obligation: int
    change: Change
    reasons: Prose
    condition: Condition | None = None

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise MalformedEntry("this needs reasons", hint="give reasons")
        if (self.change is Change.REWORD) != (self.condition is not None):
            raise MalformedEntry(
                f"`{self.change.value}` and this wording do not fit",
                hint="a new wording goes with `reword`, and only with it",
            )


Duty = UseReport | Fulfilment | Acceptance | Breach | Reconsideration | Variation

KINDS: Mapping[str, type[Duty]] = {
    "use-report": UseReport,
    "fulfilment": Fulfilment,
    "acceptance": Acceptance,
    "breach": Breach,
    "reconsideration": Reconsideration,
    "variation": Variation,
}
