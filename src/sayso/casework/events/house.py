"""Acts on the house: persons and keys, offices, appointments, articles, agreements, policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sayso.casework import names
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from sayso.wire import Value


class Clock(Enum):
    """Whose time the entries bear: the system's, or one that is told, for a rehearsal."""

    SYSTEM = "system"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Founding:
    """The record begins: its origin, its log's keys, and the first registrar with their key.

    `log_key` is a C2SP verifier key of Ed25519 and `log_key_pq`, if the log has it, one of
    ML-DSA-44; each then signs every checkpoint.
    """

    origin: str
    log_key: str
    registrar: str
    key: str
    viewpoint: str
    clock: Clock
    log_key_pq: str | None = None

    def __post_init__(self) -> None:
        names.check("a person", self.registrar)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person's signature key (an OpenSSH public key line) is put on the record.

    `proof` is the key's own signature over whose it will be, and where (`casework.possession`); the
    registrar of the founding signs that with their key instead.
    `called` is who the person is, in words that can be erased: `person` stays for good.
    """

    person: str
    key: str
    proof: str
    called: Prose | None = None

    def __post_init__(self) -> None:
        names.check("a person", self.person)


@dataclass(frozen=True, slots=True)
class Opening:
    """An office is opened. Rank 1 is the highest; `appointed_by` names who fills it.

    An office of a partner files that partner's requests. An office of a further supplier, named by
    its ISO 3166-1 code, is where that supplier's own consent is given. An office appointed by
    itself is handed over by whoever holds it; its first holder is appointed by whoever outranks it,
    and by the registrar if nobody does. `end_user`: of a unit of the partner's that uses what is
    granted. It speaks for itself alone, and so undertakes.
    """

    office: str
    title: str
    rank: int
    appointed_by: str
    seats: int
    partner: str | None = None
    supplier: str | None = None
    end_user: bool | None = None

    def __post_init__(self) -> None:
        names.check("an office", self.office)
        if self.end_user and self.partner is None:
            raise MalformedEntry("an end user is a unit of a partner", hint="name the partner")
        if self.partner is not None:
            names.check("a partner", self.partner)
        if self.rank < 1 or self.seats < 1:
            raise MalformedEntry("rank and seats are counted from 1")


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person holds an office for a time.

    `acting`: as a substitute while its holder cannot, beside them and with all their powers.
    """

    office: str
    person: str
    term: Period
    acting: bool | None = None

    def __post_init__(self) -> None:
        if self.acting and self.term.end is None:
            raise MalformedEntry("who acts for another does so for a time", hint="say until when")


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


@dataclass(frozen=True, slots=True)
class Rescission:
    """A policy ends without a successor, from when this is recorded."""

    policy: str
    office: str
    reasons: Prose

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise MalformedEntry(
                f"`{self.policy}` is not rescinded without reasons", hint="give reasons"
            )


House = (
    Founding
    | Enrolment
    | Opening
    | Appointment
    | Relief
    | Article
    | Agreement
    | Adoption
    | Rescission
)

KINDS: Mapping[str, type[House]] = {
    "founding": Founding,
    "enrolment": Enrolment,
    "opening": Opening,
    "appointment": Appointment,
    "relief": Relief,
    "article": Article,
    "agreement": Agreement,
    "adoption": Adoption,
    "rescission": Rescission,
}
