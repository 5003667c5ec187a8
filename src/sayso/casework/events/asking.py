"""What a partner says: it files a request, and takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names, typed
from sayso.casework.events.enclosed import Paper, Prose
from sayso.dates import Period
from sayso.errors import MalformedEntry

MOST_ITEMS = 100
_DIGEST = 64  # hexadecimal digits of a SHA-256


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for: an article, where, how often, and by which unit (the end user).

    `within_m` is the radius in metres of the area meant; None: as exact as the place is written.
    """

    article: str
    place: str
    uses: int
    within_m: int | None = None
    end_user: str | None = None

    def __post_init__(self) -> None:
        if self.uses < 1:
            raise MalformedEntry(f"{self.uses} uses cannot be asked for", hint="ask for 1 or more")
        typed.check_place(self.place)
        if self.within_m is not None and self.within_m < 0:
            raise MalformedEntry("a radius is a whole number of metres, not below 0")
        if self.end_user is not None:
            names.check("an end user", self.end_user)


@dataclass(frozen=True, slots=True)
class Request:
    """What a partner asks: its items, each decided on its own, for a purpose, within a time.

    `attachments` are SHA-256 digests in hexadecimal of what is handed over beside the record.
    `replaces` is an open case of the partner's that this amended copy takes the place of; `after`
    one that was returned without action, of which this is the resubmission.
    """

    partner: str
    agreement: str
    items: tuple[Item, ...]
    purpose: str
    window: Period
    note: Prose | None = None
    attachments: tuple[Paper, ...] = ()
    replaces: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.items) <= MOST_ITEMS:
            raise MalformedEntry(
                f"a request of {len(self.items)} items cannot be filed",
                hint=f"ask for 1 to {MOST_ITEMS}; file the others as another request",
            )
        for digest in self.attachments:
            if len(digest) != _DIGEST or not set(digest) <= set("0123456789abcdef"):
                raise MalformedEntry(
                    f"`{digest[:70]}` is no SHA-256", hint="give 64 lower-case hexadecimal digits"
                )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The partner takes a request back."""

    case: str
    reason: Prose


@dataclass(frozen=True, slots=True)
class Undertaking:
    """The end user undertakes something in a case, and signs it: what an end user certifies.

    Where the request names no end user, the partner does.
    """

    case: str
    text: Prose

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise MalformedEntry("an undertaking says what is undertaken", hint="give its text")


Asking = Request | Withdrawal | Undertaking

KINDS: Mapping[str, type[Asking]] = {
    "request": Request,
    "withdrawal": Withdrawal,
    "undertaking": Undertaking,
}
