"""A policy, read and checked: what it is made of.

Whoever holds a `Policy` holds a text that could be meant: every condition has been checked against
the facts there are, every route it refers to is there and ends in a decision.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from sayso import wire
from sayso.dates import Instant, Period
from sayso.policy.routes import Route
from sayso.policy.terms import Term


class Level(IntEnum):
    """How strict a clause is; the strictest one that counts wins."""

    PERMIT = 0
    REFER = 1
    PROHIBIT = 2


class Pending(StrEnum):
    """What becomes of open cases when a policy takes over."""

    REROUTE = "reroute"
    KEEP = "keep"
    RETURN = "return"


class Permits(StrEnum):
    """What becomes of live permits when a policy takes over."""

    KEEP = "keep"
    SUSPEND = "suspend"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Transition:
    """What a policy does to what its predecessor left behind."""

    pending: Pending = Pending.REROUTE
    permits: Permits = Permits.SUSPEND

    @property
    def keeps(self) -> bool:
        """Return whether it leaves anything as it was."""
        return self.pending is Pending.KEEP or self.permits is Permits.KEEP


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: when its condition counts, it permits, prohibits, or refers to a route."""

    id: str
    level: Level
    when: Term
    text: str
    route: str | None = None
    source: str = ""
    in_force: Period | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """What must hold of the verdict on every request for which `when` is true."""

    id: str
    when: Term
    then: Term
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A request and the verdict that its authors expect.

    Either `given`, names that the caller looks up, or `facts` written out.
    """

    given: Mapping[str, wire.Value]
    facts: wire.Value | None
    level: Level
    route: str | None
    decider: str | None
    at: Instant | None
    line: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document that can be meant; `text` is what was read, letter for letter."""

    id: str
    version: int
    title: str
    issuer: str
    instrument: str
    in_force: Period
    supersedes: str | None
    transition: Transition
    releasable_to: tuple[str, ...]
    compartment: str | None
    clauses: tuple[Clause, ...]
    routes: Mapping[str, Route]
    always: tuple[Property, ...]
    examples: tuple[Example, ...]
    text: str
    digest: str

    @property
    def name(self) -> str:
        """Return `id@version`."""
        return f"{self.id}@{self.version}"

    def __hash__(self) -> int:
        return hash(self.digest)


def digest(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
