"""What `test_machine` adopts: the text for the program, the sense for the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from sayso.dates import Instant
from tests.house import ADVISERS, OWNER, SECRETARY

REPORT = timedelta(hours=72)
"""How long after its window a grant's uses must be reported."""

DAY = timedelta(hours=24)
MINISTER = "minister-gb"
"""The office of a further supplier: its consents are its own, and it has no say over others."""


class Leg(NamedTuple):
    """A stage of a route: its name and offices, and what the policy says of it."""

    stage: str
    offices: tuple[str, ...]
    reserved: bool = False
    within: timedelta | None = None
    countersign: tuple[str, ...] = ()
    emergency: str | None = None


Route = tuple[Leg, ...]

STOCKS: Route = (Leg("advising", ("joint-staff",)), Leg("deciding", (OWNER,)))
CROSS: Route = (
    Leg("advising", ADVISERS),
    Leg("consolidating", (OWNER,)),
    Leg("deciding", (SECRETARY,), reserved=True),
)
SHORT: Route = (
    Leg("advising", ("europe-desk", "joint-staff"), within=DAY),
    Leg("deciding", (SECRETARY,)),
)
SECOND: Route = (
    Leg("advising", ("joint-staff",)),
    Leg("deciding", (SECRETARY,), countersign=(OWNER,)),
)
URGENT: Route = (
    Leg("advising", ("europe-desk",)),
    Leg("deciding", (SECRETARY,), emergency=OWNER),
)
LONDON: Route = (Leg("deciding", (MINISTER,)),)
RATIFY = timedelta(hours=48)
"""How long an emergency decision stands unratified."""


class Body(Enum):
    """What a policy says."""

    FEW = "few"
    """Up to six uses are permitted, more are referred to the policy owner."""
    CROSS = "cross"
    """Kursk is referred to the Secretary alone, all else is permitted."""
    SHORT = "short"
    """All is referred to the Secretary, who may delegate it; advice is due in a day."""
    SECOND = "second"
    """All is referred to the Secretary, and the policy owner countersigns."""
    URGENT = "urgent"
    """All is referred to the Secretary, and what cannot wait the policy owner decides at once."""
    YARD = "yard"
    """The further supplier's: all is referred to its minister."""
    ABROAD = "abroad"
    """The further supplier's: Kursk is referred to its minister, all else is permitted."""
    CALM = "calm"
    """Nothing while talks are, or may be, under way."""


@dataclass
class Paper:
    """A policy as the model knows it; its text names all that it is."""

    family: str
    version: int
    body: Body
    issuer: str
    pending: str
    permits: str
    ended: bool = False
    since: Instant | None = None
    over: Instant | None = None

    @property
    def name(self) -> str:
        return f"{self.family}@{self.version}"

    @property
    def supersedes(self) -> str | None:
        return f"{self.family}@{self.version - 1}" if self.version > 1 else None

    @property
    def side(self) -> str | None:
        """Return the further supplier whose policy it is; None: the record keeper's."""
        return side(self.issuer)

    @property
    def deciders(self) -> set[str]:
        """Return the offices that decide under it."""
        if self.body is Body.CALM:
            return set()
        if self.body in BRITISH:
            return {MINISTER}
        return {OWNER if self.body is Body.FEW else SECRETARY}

    @property
    def heads(self) -> set[str]:
        """Return the offices over whose heads it is not ended."""
        return {self.issuer} | self.deciders

    @property
    def text(self) -> str:
        """Return the policy; its title is what `read` knows it again by."""
        follows = f"supersedes: {self.supersedes}\n" if self.supersedes else ""
        title = f"canary {self.family} {self.version} {self.body.value} {self.issuer}"
        return (
            f"policy: {self.family}\nversion: {self.version}\n"
            f"title: {title} {self.pending} {self.permits}\n"
            f"issuer: {self.issuer}\ninstrument: a canary\n"
            "in_force: {from: 2024-11-17T00:00:00Z}\n"
            f"{follows}transition: {{pending: {self.pending}, permits: {self.permits}}}\n"
            f"releasable_to: []\n{_CLAUSES[self.body]}"
        )

    @classmethod
    def read(cls, text: str) -> "Paper":
        """Return the paper of a text that one wrote."""
        title = next(line for line in text.splitlines() if line.startswith("title: "))
        _, family, version, body, issuer, pending, permits = title.removeprefix("title: ").split()
        return cls(family, int(version), Body(body), issuer, pending, permits)


BRITISH = (Body.YARD, Body.ABROAD)


def side(office: str) -> str | None:
    """Return the further supplier whose office it is; None: of whoever keeps the record."""
    return "GB" if office == MINISTER else None


_CLAUSES = {
    Body.FEW: """clauses:
  - {id: canary-few, when: 'use.count <= 6', permit: true}
  - {id: canary-many, when: 'use.count > 6', refer: canary-stocks}
routes:
  canary-stocks:
    - {advise: [joint-staff]}
    - {decide: under-secretary-policy}
""",
    Body.CROSS: """clauses:
  - {id: canary-inside, when: 'place.touches("RU")', refer: canary-cross}
  - {id: canary-outside, when: '!place.touches("RU")', permit: true}
routes:
  canary-cross:
    - {advise: [europe-desk, joint-staff, general-counsel]}
    - {consolidate: under-secretary-policy}
    - {decide: secretary-of-defense, reserved: true, consent: positive}
""",
    Body.SHORT: """clauses:
  - {id: canary-all, when: 'true', refer: canary-short}
routes:
  canary-short:
    - {advise: [europe-desk, joint-staff], within: PT24H}
    - {decide: secretary-of-defense}
""",
    Body.SECOND: """clauses:
  - {id: canary-all, when: 'true', refer: canary-second}
routes:
  canary-second:
    - {advise: [joint-staff]}
    - {decide: secretary-of-defense, countersign: under-secretary-policy}
""",
    Body.URGENT: """clauses:
  - {id: canary-all, when: 'true', refer: canary-urgent}
routes:
  canary-urgent:
    - {advise: [europe-desk]}
    - {decide: secretary-of-defense, emergency: {by: under-secretary-policy, ratify: PT48H}}
""",
    Body.YARD: """clauses:
  - {id: canary-all, when: 'true', refer: canary-london}
routes:
  canary-london:
    - {decide: minister-gb}
""",
    Body.ABROAD: """clauses:
  - {id: canary-inside, when: 'place.touches("RU")', refer: canary-london}
  - {id: canary-outside, when: '!place.touches("RU")', permit: true}
routes:
  canary-london:
    - {decide: minister-gb}
""",
    Body.CALM: """clauses:
  - {id: canary-quiet, when: 'circumstances.talks', prohibit: true}
""",
}


def judged(
    papers: Iterable[Paper], place: str, uses: int, *, talks: bool | None
) -> tuple[str, Route]:
    """Return what the policies that bind say together: the strictest of it (laws 1, 2, 3 and 5)."""
    said = [_one(paper.body, place, uses, talks=talks) for paper in papers]
    routes = [each for each in said if not isinstance(each, str)]
    if "prohibited" in said:
        return "prohibited", ()
    if routes:
        (route,) = routes  # only one family refers
        return "referred", route
    return ("permitted" if "permitted" in said else "prohibited"), ()


def _one(body: Body, place: str, uses: int, *, talks: bool | None) -> str | Route:
    match body:
        case Body.FEW:
            return "permitted" if uses <= 6 else STOCKS
        case Body.CROSS:
            return CROSS if place == "Kursk" else "permitted"
        case Body.YARD:
            return LONDON
        case Body.ABROAD:
            return LONDON if place == "Kursk" else "permitted"
        case Body.SHORT | Body.SECOND | Body.URGENT:
            return {Body.SHORT: SHORT, Body.SECOND: SECOND}.get(body, URGENT)
        case Body.CALM:
            return "silent" if talks is False else "prohibited"
