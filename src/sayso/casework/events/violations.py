"""A use that was wrong: alleged, frozen, inquired into, remedied, closed; one docket for each.

A docket is named by its number: `violation-1`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names
from sayso.casework.events.enclosed import Paper, Prose
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Allegation:
    """An office opens a docket on a partner, best on an article and a case; or a partner on itself.

    `concerns` names the case.
    """

    office: str
    partner: str
    text: Prose
    article: str | None = None
    concerns: str | None = None
    attachments: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        names.check("a partner", self.partner)
        _said(self.text)
        names.check_digests(self.attachments)


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing more is granted to the partner of the docket's article; what is live is suspended."""

    docket: str
    office: str
    text: Prose

    def __post_init__(self) -> None:
        _said(self.text)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an office found out."""

    docket: str
    office: str
    text: Prose
    attachments: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        _said(self.text)
        names.check_digests(self.attachments)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What was done, or is to be done, to put it right."""

    docket: str
    office: str
    text: Prose

    def __post_init__(self) -> None:
        _said(self.text)


@dataclass(frozen=True, slots=True)
class Closure:
    """The docket is closed, confirmed or not; grants are possible again, none is reinstated."""

    docket: str
    office: str
    confirmed: bool
    text: Prose

    def __post_init__(self) -> None:
        _said(self.text)


def _said(text: str) -> None:
    if not text.strip():
        raise MalformedEntry("a violation is spoken of in words", hint="say what there is to say")


Violation = Allegation | Freeze | Finding | Remedy | Closure

KINDS: Mapping[str, type[Violation]] = {
    "allegation": Allegation,
    "freeze": Freeze,
    "finding": Finding,
    "remedy": Remedy,
    "closure": Closure,
}
