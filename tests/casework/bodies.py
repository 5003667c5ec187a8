"""What `test_machine` adopts: the text for the program, the sense for the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from tests.house import ADVISERS, OWNER, SECRETARY

REPORT = timedelta(hours=72)
"""How long after its window a grant's uses must be reported."""

Route = tuple[tuple[str, tuple[str, ...], bool], ...]
"""The stages of a route: the name of the stage, its offices, and whether it is reserved to them."""

STOCKS: Route = (("advising", ("joint-staff",), False), ("deciding", (OWNER,), False))
CROSS: Route = (
    ("advising", ADVISERS, False),
    ("consolidating", (OWNER,), False),
    ("deciding", (SECRETARY,), True),
)
SHORT: Route = (
    ("advising", ("europe-desk", "joint-staff"), False),
    ("deciding", (SECRETARY,), False),
)


class Body(Enum):
    """What a policy says."""

    FEW = "few"
    """Up to six uses are permitted, more are referred to the policy owner."""
    CROSS = "cross"
    """Kursk is referred to the Secretary alone, all else is permitted."""
    SHORT = "short"
    """All is referred to the Secretary, who may delegate it."""
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

    @property
    def name(self) -> str:
        return f"{self.family}@{self.version}"

    @property
    def supersedes(self) -> str | None:
        return f"{self.family}@{self.version - 1}" if self.version > 1 else None

    @property
    def heads(self) -> set[str]:
        """Return the offices over whose heads it is not ended."""
        deciders = {Body.FEW: {OWNER}, Body.CROSS: {SECRETARY}, Body.SHORT: {SECRETARY}}
        return {self.issuer} | deciders.get(self.body, set())

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
    - {advise: [europe-desk, joint-staff]}
    - {decide: secretary-of-defense}
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
        case Body.SHORT:
            return SHORT
        case Body.CALM:
            return "silent" if talks is False else "prohibited"
