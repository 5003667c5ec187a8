"""A condition of a grant: who must do what, by when, and how it is shown that they did.

A condition *before* the use must be met for the grant to cover anything; one *during* it limits the
use; one *after* it is owed once the use was made. What binds somebody to do something by a time is
an obligation, which `casework.obligations` follows up.
"""

from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant, duration
from sayso.errors import MalformedEntry, MalformedTime

PARTNER = "partner"
END_USER = "end-user"
USE_REPORT = "use-report"
"""The evidence that a use report is: a condition that wants it is met by reporting every use."""


class Phase(Enum):
    """When a condition binds, seen from the use."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Since(Enum):
    """From when the time that a condition leaves is counted."""

    GRANT = "grant"
    USE = "use"
    WINDOW_END = "window-end"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done or left, by whom: the partner, the end user, or an office.

    It is due `within` an ISO 8601 duration `since` something, or `by` an instant, or at no set
    time. `evidence` says what shows it; None: the word of whoever is bound. `imposed_by` is the
    office on whose advice it rests; None: the one that decided.
    """

    text: Prose
    phase: Phase
    binds: str
    within: str | None = None
    since: Since | None = None
    by: Instant | None = None
    evidence: str | None = None
    imposed_by: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise MalformedEntry("a condition says what must be done", hint="give its text")
        names.check("whom a condition binds", self.binds)
        if self.imposed_by is not None:
            names.check("an office", self.imposed_by)
        if (self.within is None) != (self.since is None):
            raise MalformedEntry("a condition is due within a time since something, or neither")
        if self.within is not None and self.by is not None:
            raise MalformedEntry("a condition is due within a time, or by a moment, not both")
        if self.within is not None:
            _check_duration(self.within)
        if self.evidence == USE_REPORT and not self.reportable:
            raise MalformedEntry(
                "a use report is owed by the partner, within a time since the use",
                hint="write it as after:partner:PT24H:TEXT",
            )

    @property
    def reportable(self) -> bool:
        """Return whether a use report could meet it: owed after, by the partner, with a time."""
        timed = self.since in {Since.USE, Since.WINDOW_END}
        return self.phase is Phase.AFTER and self.binds in {PARTNER, END_USER} and timed

    @classmethod
    def plain(cls, text: str) -> "Condition":
        """Return the condition that a text without more is: a limit on the partner's use."""
        return cls(text, Phase.DURING, PARTNER)


def _check_duration(text: str) -> None:
    try:
        span = duration(text)
    except MalformedTime as error:
        raise MalformedEntry(str(error)) from None
    if not span:
        raise MalformedEntry(f"`{text}` leaves no time to do anything")
