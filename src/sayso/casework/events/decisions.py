"""What the final authority says: it decides; others countersign, or ratify what could not wait.

Where a route asks for several signatures (a quorum, a countersignature), each is an act of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.casework.events.conditions import Condition
from sayso.casework.events.enclosed import Paper, Prose
from sayso.casework.events.review import Outcome, agree
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry


class Code(Enum):
    """Why a decision was taken, in a word that can be counted."""

    DIVERSION = "diversion"
    END_USE = "end-use"
    ESCALATION = "escalation"
    FOREIGN_RELATIONS = "foreign-relations"
    INCOMPLETE = "incomplete"
    LEGAL_BAR = "legal-bar"
    NECESSITY = "necessity"
    OBLIGATIONS = "obligations"
    PROTECTION = "protection"
    STOCKS = "stocks"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the final authority says. `request` and `verdict` are the digests it was decided on.

    `option` names the one chosen of those that the consolidation laid side by side. `emergency`
    says why an office could not wait for the route. A decision made on paper is entered with when
    it was made and the SHA-256 of the scan; it counts from when it is recorded. `superior` is the
    office above that decides in place of `office`, whose time ran out.
    """

    case: str
    office: str
    outcome: Outcome
    reasons: Prose
    conditions: tuple[Condition, ...]
    request: str
    verdict: str
    uses: int | None = None
    window: Period | None = None
    codes: tuple[Code, ...] = ()
    option: str | None = None
    emergency: Prose | None = None
    made_at: Instant | None = None
    paper: Paper | None = None
    superior: str | None = None

    def __post_init__(self) -> None:
        agree(self.outcome, self.conditions)
        if self.outcome is Outcome.NOT_REQUIRED:
            raise MalformedEntry("`not-required` is advice, not a decision")
        if not self.outcome.grants and not self.reasons.strip():
            raise MalformedEntry(f"to {self.outcome.value} needs reasons", hint="give reasons")
        if self.outcome.grants != (self.uses is not None and self.window is not None):
            raise MalformedEntry("a grant, and only a grant, says how many uses and when")
        if len(set(self.codes)) < len(self.codes):
            raise MalformedEntry("a reason is coded once")
        if (self.made_at is None) != (self.paper is None):
            raise MalformedEntry("a decision on paper says when it was made, and names the scan")
        names.check_digests(() if self.paper is None else (self.paper,))
        if self.emergency is not None:
            self._check_emergency(self.emergency)

    def _check_emergency(self, why: str) -> None:
        if not self.outcome.grants:
            raise MalformedEntry("only a grant cannot wait: nothing is used before one")
        if not why.strip():
            raise MalformedEntry("an emergency needs its reason", hint="say what could not wait")


@dataclass(frozen=True, slots=True)
class Countersignature:
    """Another office signs a decision, named by its digest, or objects, which returns it."""

    case: str
    office: str
    decision: str
    upheld: bool
    reasons: Prose

    def __post_init__(self) -> None:
        _explain(self.upheld, self.reasons)


@dataclass(frozen=True, slots=True)
class Ratification:
    """The deciding office ratifies what was decided in an emergency, or does not."""

    case: str
    office: str
    decision: str
    upheld: bool
    reasons: Prose

    def __post_init__(self) -> None:
        _explain(self.upheld, self.reasons)


def _explain(upheld: bool, reasons: str) -> None:  # noqa: FBT001  # the field's own value
    if not upheld and not reasons.strip():
        raise MalformedEntry("not to uphold a decision needs reasons", hint="give reasons")


Ruling = Decision | Countersignature | Ratification

KINDS: Mapping[str, type[Ruling]] = {
    "decision": Decision,
    "countersignature": Countersignature,
    "ratification": Ratification,
}
