"""What is said beside the stages of a route: queries, comments, objections and holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Query:
    """An office asks the partner back; the offices' time stands still until it is answered.

    The partner is told the question and the office, and not which person asked.
    """

    case: str
    office: str
    question: Prose

    def __post_init__(self) -> None:
        _said(self.question, "a query asks something")


@dataclass(frozen=True, slots=True)
class Answer:
    """The partner answers a query, named by its entry."""

    case: str
    query: int
    answer: Prose

    def __post_init__(self) -> None:
        _said(self.answer, "an answer says something")


@dataclass(frozen=True, slots=True)
class Comment:
    """An office notes something on a case, for the offices only; nothing follows from it."""

    case: str
    office: str
    comment: Prose

    def __post_init__(self) -> None:
        _said(self.comment, "a comment says something")


@dataclass(frozen=True, slots=True)
class Objection:
    """An office breaks the silence that would grant: a person has to decide."""

    case: str
    office: str
    reason: Prose

    def __post_init__(self) -> None:
        _said(self.reason, "an objection has its reason")


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is granted, and nothing granted is used, until `until` or the release.

    Of one case; or, as a blanket hold, of every use by a `partner`, of an `article` and at places
    that touch a `territory`, as far as these are given.
    """

    hold: str
    office: str
    reason: Prose
    case: str | None = None
    partner: str | None = None
    article: str | None = None
    territory: str | None = None
    until: Instant | None = None

    def __post_init__(self) -> None:
        names.check("a hold", self.hold)
        _said(self.reason, "a hold has its reason")
        blanket = any(each is not None for each in (self.partner, self.article, self.territory))
        if blanket == (self.case is not None):
            raise MalformedEntry("a hold is on one case, or on a partner, article or territory")


@dataclass(frozen=True, slots=True)
class HoldRelease:
    """A hold ends."""

    hold: str
    office: str
    reason: Prose

    def __post_init__(self) -> None:
        _said(self.reason, "a release has its reason")


def _said(text: str, rule: str) -> None:
    if not text.strip():
        raise MalformedEntry(rule, hint="say it")


Inquiry = Query | Answer | Comment | Objection | Hold | HoldRelease

KINDS: Mapping[str, type[Inquiry]] = {
    "query": Query,
    "answer": Answer,
    "comment": Comment,
    "objection": Objection,
    "hold": Hold,
    "hold-release": HoldRelease,
}
