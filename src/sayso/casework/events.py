"""Everything that can stand on the record: one frozen class for each thing that happens.

An *act* is what a person says and signs. A *consequence* follows from the record by rule: nobody
signs it, and whoever replays the record computes it again and compares.

The class is the wire form: `sayso.wire` writes each field under its own name and leaves out what is
None. `KINDS` gives each class its kind, which names its payload type and its signature's namespace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from sayso.wire import Value


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


class Clock(Enum):
    """Whose time the entries bear: the system's, or one that is told, for a rehearsal."""

    SYSTEM = "system"
    REHEARSAL = "rehearsal"


# --- acts: the house -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Founding:
    """The record begins: its origin, its log key, and the first registrar with their key."""

    origin: str
    log_key: str
    registrar: str
    key: str
    viewpoint: str
    clock: Clock

    def __post_init__(self) -> None:
        names.check("a person", self.registrar)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person's signature key (an OpenSSH public key line) is put on the record."""

    person: str
    key: str

    def __post_init__(self) -> None:
        names.check("a person", self.person)


@dataclass(frozen=True, slots=True)
class Opening:
    """An office is opened. Rank 1 is the highest; `appointed_by` names who fills it.

    An office of a partner files that partner's requests. An office appointed by itself is handed
    over by whoever holds it; only its first holder is appointed by the registrar.
    """

    office: str
    title: str
    rank: int
    appointed_by: str
    seats: int
    partner: str | None = None

    def __post_init__(self) -> None:
        names.check("an office", self.office)
        if self.partner is not None:
            names.check("a partner", self.partner)
        if self.rank < 1 or self.seats < 1:
            raise MalformedEntry("rank and seats are counted from 1")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person holds an office for a time."""

    office: str
    person: str
    term: Period


@dataclass(frozen=True, slots=True)
class Relief:
    """A person's term in an office ends at `at`; from then on `successor`, if named, holds it.

    An office appointed by itself is left by its last holder to a successor only: were it vacant,
    nobody could fill it.
    """

    office: str
    person: str
    at: Instant
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A controlled thing and its attributes, as the facts `article.*` of the policy schema.

    Partners that hold it know of it; `releasable_to` names who else may, or `public`.
    """

    article: str
    title: str
    facts: Mapping[str, Value]
    releasable_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names.check("an article", self.article)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The instrument under which a supplier transferred articles to a partner.

    Its partner knows of it; `releasable_to` names who else may, or `public`.
    """

    agreement: str
    title: str
    supplier: str
    partner: str
    articles: tuple[str, ...]
    releasable_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names.check("an agreement", self.agreement)
        names.check("a partner", self.partner)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A policy is adopted: its whole text, byte for byte."""

    text: str


# --- acts: the case ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """What a partner asks: to use an article at a place, so many times, within a time."""

    partner: str
    agreement: str
    article: str
    place: str
    purpose: str
    window: Period
    uses: int
    within_m: int | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.uses < 1:
            raise MalformedEntry(f"{self.uses} uses cannot be asked for", hint="ask for 1 or more")
        if self.within_m is not None and self.within_m < 0:
            raise MalformedEntry("a radius is a whole number of metres, not below 0")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The partner takes a request back."""

    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What an office thinks of a request: not final, never deleted."""

    case: str
    office: str
    outcome: Outcome
    reasons: str
    conditions: tuple[str, ...]

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
    conditions: tuple[str, ...]
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


def _agree(outcome: Outcome, conditions: tuple[str, ...]) -> None:
    if (outcome is Outcome.GRANT_WITH_CONDITIONS) != bool(conditions):
        raise MalformedEntry(
            f"`{outcome.value}` and {len(conditions)} conditions do not fit",
            hint="conditions go with `grant-with-conditions`, and only with it",
        )


# --- consequences --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven of the policies on the record when this one joined them.

    `properties` all hold, each named as policy@version/property; `complete` says whether its
    clauses cover every request; the others are clauses that can never be true, or change nothing.
    """

    policy: str
    digest: str
    examples: int
    properties: tuple[str, ...]
    complete: bool
    unreachable: tuple[str, ...]
    without_effect: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A policy that binds: its name, and the SHA-256 of its text in hexadecimal."""

    policy: str
    digest: str


@dataclass(frozen=True, slots=True)
class Binding:
    """Which policies bind from here on."""

    policies: tuple[Bound, ...]


class Does(Enum):
    """What an office does at a leg of the route."""

    ADVISE = "advise"
    CONSOLIDATE = "consolidate"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Leg:
    """One stage of a route; `within` is an ISO 8601 duration, `consent` the consent mode."""

    does: Does
    offices: tuple[str, ...]
    within: str | None = None
    reserved: bool | None = None
    consent: str | None = None


class Move(Enum):
    """What a verdict does to the case it is given on."""

    FILE = "file"
    REROUTE = "reroute"
    RETURN = "return"
    SUSPEND = "suspend"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a case under the policies that bind, and what it does to the case.

    `facts` are the facts that were judged, named as in the policy schema; `place` is how the place
    was resolved: pack, viewpoint, tolerance. `because` names clauses as policy@version/clause;
    `possible` those that count only because a fact is `missing`.
    """

    case: str
    move: Move
    outcome: str
    decider: str | None
    route: tuple[Leg, ...]
    because: tuple[str, ...]
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    policies: tuple[Bound, ...]
    facts: Value
    place: Value


# --- unions and kinds ----------------------------------------------------------------------------

Act = (
    Founding
    | Enrolment
    | Opening
    | Appointment
    | Relief
    | Article
    | Agreement
    | Adoption
    | Request
    | Withdrawal
    | Advice
    | Consolidation
    | Decision
)
Consequence = Proof | Binding | Judgement
Event = Act | Consequence

KINDS: Mapping[str, type[Event]] = {
    "founding": Founding,
    "enrolment": Enrolment,
    "opening": Opening,
    "appointment": Appointment,
    "relief": Relief,
    "article": Article,
    "agreement": Agreement,
    "adoption": Adoption,
    "request": Request,
    "withdrawal": Withdrawal,
    "advice": Advice,
    "consolidation": Consolidation,
    "decision": Decision,
    "proof": Proof,
    "binding": Binding,
    "judgement": Judgement,
}
_KIND_OF: Mapping[type[Event], str] = {each: kind for kind, each in KINDS.items()}


def kind_of(event: Event) -> str:
    """Return the kind of `event`."""
    return _KIND_OF[type(event)]
