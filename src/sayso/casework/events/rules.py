"""What follows by rule: nobody signs it, and whoever replays the record computes it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework.events.review import Outcome
from sayso.dates import Period
from sayso.wire import Value


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
    """A policy that binds: its name, and the SHA-256 of its text in hexadecimal.

    `clauses` are those in force of its clauses that have dates of their own; None: it has none.
    """

    policy: str
    digest: str
    clauses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """Which policies bind from here on; `retained` bind only what a later one keeps, if any do."""

    policies: tuple[Bound, ...]
    retained: tuple[Bound, ...] | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Which circumstances are known from here on, by name, and which are in conflict."""

    facts: Mapping[str, Value]
    conflicting: tuple[str, ...]


class Does(Enum):
    """What an office does at a leg of the route."""

    ADVISE = "advise"
    CONSOLIDATE = "consolidate"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Leg:
    """One stage of a route; times are ISO 8601 durations, `consent` the consent mode.

    `silence` is what it means if an adviser is silent. At a leg that decides: `report_within` is
    how long after its window a grant is to be reported, `appeal` how long a refusal may be
    appealed, `quorum` how many holders of the office must agree, if more than one, `countersign`
    the offices without which the decision takes no effect, `emergency` the office that may decide
    at once, and `ratify` the time in which the deciding office must then ratify it.
    """

    does: Does
    offices: tuple[str, ...]
    within: str | None = None
    reserved: bool | None = None
    consent: str | None = None
    report_within: str | None = None
    quorum: int | None = None
    countersign: tuple[str, ...] = ()
    emergency: str | None = None
    ratify: str | None = None
    silence: str | None = None
    appeal: str | None = None


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
    `possible` those that count only because a fact is `missing`. `lapsed` are the entries of advice
    whose basis it takes away: other facts, or an office that is no longer asked.
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
    lapsed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """An office's time is over, and silence settles nothing: `to`, its superior, is told.

    The case waits on for the same office, in whose place `to` may now act. `to` is None for the
    highest.
    """

    case: str
    office: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An adviser's time is over, and the case goes on without its advice, as its policy says."""

    case: str
    office: str


@dataclass(frozen=True, slots=True)
class Assent:
    """A request is granted as it was asked without a person's decision, as its policy says.

    By the silence of `office` where `consent` is `no-objection`; on arrival where it is
    `notification` or `standing`.
    """

    case: str
    office: str
    consent: str
    uses: int
    window: Period

    @property
    def outcome(self) -> Outcome:
        """Return what it comes to: silence carries no conditions and refuses nothing."""
        return Outcome.GRANT

    @property
    def conditions(self) -> tuple[()]:
        """Return its conditions: none."""
        return ()


@dataclass(frozen=True, slots=True)
class Expiry:
    """The time that was asked for is over, and nobody has decided."""

    case: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """The window of an authorization is over."""

    case: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """The time is over by which an obligation of a grant was to be met."""

    case: str
    obligation: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """The offices that an emergency decision went past: they are told of it."""

    case: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unratified:
    """The time is over in which an emergency decision was to be ratified: the grant ends."""

    case: str


Consequence = (
    Proof
    | Binding
    | Circumstances
    | Judgement
    | Expiry
    | Escalation
    | Unanswered
    | Assent
    | Lapse
    | Overdue
    | Skipped
    | Unratified
)

KINDS: Mapping[str, type[Consequence]] = {
    "proof": Proof,
    "binding": Binding,
    "circumstances": Circumstances,
    "judgement": Judgement,
    "expiry": Expiry,
    "lapse": Lapse,
    "overdue": Overdue,
    "skipped": Skipped,
    "unratified": Unratified,
    "escalation": Escalation,
    "unanswered": Unanswered,
    "assent": Assent,
}
