"""Who may know what: compartments, who is cleared for them, what is kept in them, what is released.

Nothing goes out unless it is released; inside, what is marked is shown to those cleared for its
compartment only, and that they read it is itself on the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Compartment:
    """A compartment is opened; `office` answers for it and says who is cleared."""

    office: str
    compartment: str
    title: str

    def __post_init__(self) -> None:
        names.check("a compartment", self.compartment)


@dataclass(frozen=True, slots=True)
class Clearance:
    """A person is cleared for a compartment for a time."""

    office: str
    compartment: str
    person: str
    term: Period


@dataclass(frozen=True, slots=True)
class Debriefing:
    """A person's clearance ends at `at`."""

    office: str
    compartment: str
    person: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Marking:
    """A case, a policy, or what one entry says (an advice, a fact) is kept in a compartment."""

    office: str
    compartment: str
    case: str | None = None
    policy: str | None = None
    entry: int | None = None

    def __post_init__(self) -> None:
        _one_of(self.case, self.policy, self.entry)


@dataclass(frozen=True, slots=True)
class Reading:
    """A person reads what is kept in compartments of a case, and says what for."""

    case: str
    compartments: tuple[str, ...]
    purpose: Prose


@dataclass(frozen=True, slots=True)
class Release:
    """Words are given out on purpose, to a partner or to the `public`, about a case or a policy.

    To release a policy in full is `whole`: from then on it is known to whom it is released.
    """

    office: str
    to: str
    text: str
    case: str | None = None
    policy: str | None = None
    whole: bool | None = None

    def __post_init__(self) -> None:
        _one_of(self.case, self.policy)
        if self.whole is not None and (self.policy is None or not self.whole):
            raise MalformedEntry("`whole` releases a policy, and is true or left out")


def _one_of(*subjects: str | int | None) -> None:
    if sum(each is not None for each in subjects) != 1:
        raise MalformedEntry("exactly one thing is meant", hint="name one case, policy or entry")


Knowing = Compartment | Clearance | Debriefing | Marking | Reading | Release

KINDS: Mapping[str, type[Knowing]] = {
    "compartment": Compartment,
    "clearance": Clearance,
    "debriefing": Debriefing,
    "marking": Marking,
    "reading": Reading,
    "release": Release,
}
