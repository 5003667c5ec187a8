"""Acts on who may act: powers are delegated and taken back, persons recused, keys revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry


class Power(Enum):
    """What an office does in a case, and can let another do in its name.

    Adopting, appointing and opening are none: they change who may decide (law 15).
    """

    ADVISE = "advise"
    CONSOLIDATE = "consolidate"
    DECIDE = "decide"
    COUNTERSIGN = "countersign"
    RATIFY = "ratify"


@dataclass(frozen=True, slots=True)
class Scope:
    """The cases that a delegation reaches; an empty list means all.

    A case lies in `territories` if its place touches one of them, and no other.
    """

    partners: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delegation:
    """An instrument by which an office's powers are used by another, in the office's name.

    They go to a person, or to whoever holds another office: one of `person` and `to_office` is
    given. `under` names the delegation by which the grantor has them; None: the grantor holds the
    office. `onward` says whether they may be granted on, never further than here. `most_uses` is
    the most that one grant may allow.
    """

    delegation: str
    office: str
    powers: tuple[Power, ...]
    term: Period
    instrument: str
    person: str | None = None
    to_office: str | None = None
    scope: Scope = Scope()
    most_uses: int | None = None
    onward: bool | None = None
    under: str | None = None

    def __post_init__(self) -> None:
        names.check("a delegation", self.delegation)
        if not self.powers or len(set(self.powers)) < len(self.powers):
            raise MalformedEntry("a delegation grants one or more powers, each named once")
        if (self.person is None) == (self.to_office is None):
            raise MalformedEntry("a delegation is to a person or to an office, and to one of them")
        if self.most_uses is not None and self.most_uses < 1:
            raise MalformedEntry(f"{self.most_uses} uses are no limit", hint="allow 1 or more")
        if self.term.end is None:
            raise MalformedEntry("a delegation needs an end to its term", hint="say until when")


@dataclass(frozen=True, slots=True)
class DelegationRevocation:
    """A delegation ends, and with it whatever was granted on under it."""

    delegation: str
    reason: Prose


@dataclass(frozen=True, slots=True)
class Recusal:
    """A person has no further part in a case.

    They declare it themself; or it is demanded by `office`, which stands above all they could act
    for.
    """

    case: str
    person: str
    reason: Prose
    office: str | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise MalformedEntry("a recusal needs its reason", hint="give the reason")


@dataclass(frozen=True, slots=True)
class KeyRevocation:
    """A person's key, named by its fingerprint, signs no more.

    `compromised_from` is the moment since which somebody else may have used it. What it signed
    stands: whether to undo it is for those to decide who may.
    """

    person: str
    key: str
    reason: Prose
    compromised_from: Instant | None = None


Powers = Delegation | DelegationRevocation | Recusal | KeyRevocation

KINDS: Mapping[str, type[Powers]] = {
    "delegation": Delegation,
    "delegation-revocation": DelegationRevocation,
    "recusal": Recusal,
    "key-revocation": KeyRevocation,
}
