"""What became of the things themselves: delivered, held, lost, checked; by serial or count."""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names, typed
from sayso.casework.events.enclosed import Prose
from sayso.dates import Instant
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Delivery:
    """A tranche under an agreement is handed over: so many of an article, best with serials."""

    agreement: str
    article: str
    tranche: str
    count: int
    serials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names.check("a tranche", self.tranche)
        _counted(self.count, self.serials, least=1)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The partner states what it holds of an article now: all of it, counted."""

    agreement: str
    article: str
    count: int
    serials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _counted(self.count, self.serials, least=0)


@dataclass(frozen=True, slots=True)
class Loss:
    """The partner tells that some are lost or destroyed, when, and how."""

    agreement: str
    article: str
    count: int
    lost_at: Instant
    account: Prose
    serials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _counted(self.count, self.serials, least=1)
        if not self.account.strip():
            raise MalformedEntry("a loss is accounted for", hint="say how it came about")


@dataclass(frozen=True, slots=True)
class EndUseCheck:
    """An office has looked at what the partner holds: what it saw, and whether that is as told."""

    agreement: str
    article: str
    office: str
    sound: bool
    findings: Prose
    serials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _counted(len(self.serials), self.serials, least=0)
        if not self.findings.strip():
            raise MalformedEntry("a check says what was found", hint="give the findings")


def _counted(count: int, serials: tuple[str, ...], *, least: int) -> None:
    if count < least:
        raise MalformedEntry(f"{count} is no number of things", hint=f"give {least} or more")
    if serials and len(serials) != count:
        raise MalformedEntry(f"{count} things bear {count} serial numbers, not {len(serials)}")
    if len(set(serials)) < len(serials):
        raise MalformedEntry("a serial number stands twice")
    typed.check_serials(serials)


Holding = Delivery | Inventory | Loss | EndUseCheck

KINDS: Mapping[str, type[Holding]] = {
    "delivery": Delivery,
    "inventory": Inventory,
    "loss": Loss,
    "end-use-check": EndUseCheck,
}
