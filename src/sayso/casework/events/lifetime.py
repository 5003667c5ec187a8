"""What becomes of an authorization, or of a refusal, once it stands.

The office that decided, or one above it, suspends, revokes and reinstates; the partner surrenders
what it was granted, and appeals against what was refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names
from sayso.casework.events.enclosed import Paper, Prose
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Suspension:
    """An authorization is put on hold."""

    case: str
    office: str
    reasons: Prose

    def __post_init__(self) -> None:
        _explained(self.reasons)


@dataclass(frozen=True, slots=True)
class Revocation:
    """An authorization is ended. The uses made stand."""

    case: str
    office: str
    reasons: Prose

    def __post_init__(self) -> None:
        _explained(self.reasons)


@dataclass(frozen=True, slots=True)
class Reinstatement:
    """An authorization that was suspended stands again, within the same limits."""

    case: str
    office: str
    reasons: Prose

    def __post_init__(self) -> None:
        _explained(self.reasons)


@dataclass(frozen=True, slots=True)
class Surrender:
    """The partner gives back what is left of an authorization."""

    case: str
    reason: Prose


@dataclass(frozen=True, slots=True)
class Appeal:
    """The partner asks for a refusal to be decided anew, and says why."""

    case: str
    reasons: Prose
    attachments: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        _explained(self.reasons)
        names.check_digests(self.attachments)


def _explained(reasons: str) -> None:
    if not reasons.strip():
        raise MalformedEntry("this needs reasons", hint="give reasons")


Lifetime = Suspension | Revocation | Reinstatement | Surrender | Appeal

KINDS: Mapping[str, type[Lifetime]] = {
    "suspension": Suspension,
    "revocation": Revocation,
    "reinstatement": Reinstatement,
    "surrender": Surrender,
    "appeal": Appeal,
}
