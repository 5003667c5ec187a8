"""Policies that follow one another, as the tests of what they keep write them."""

from dataclasses import replace
from typing import Any

from sayso.casework import case, verdicts
from sayso.casework.events import (
    Adoption,
    Assertion,
    Confidence,
)
from sayso.dates import Instant, Period
from sayso.queries.coverage import Coverage, Use, coverage
from tests.casework.texts import asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

TALKS = """
circumstances:
  talks: {type: bool, description: talks with the other side are being held}
"""


def text(  # noqa: PLR0913  # what a policy is made of
    name: str,
    clause: str,
    *,
    issuer: str = OWNER,
    keeps: str = "",
    follows: str = "",
    since: str = "2025-01-01",
    until: str = "",
    harsh: bool = False,
    released: bool = False,
) -> str:
    """Return a policy of one clause; `keeps` names what its transition keeps, if anything.

    What it does not keep it suspends and routes anew, or, if it is `harsh`, revokes and returns.
    """
    pending = "keep" if "pending" in keeps else "return" if harsh else "reroute"
    permits = "keep" if "permits" in keeps else "revoke" if harsh else "suspend"
    supersedes = f"supersedes: {follows}\n" if follows else ""
    ends = f", until: {until}T00:00:00Z" if until else ""
    policy, _, version = name.partition("@")
    return (
        f"policy: {policy}\nversion: {version}\ntitle: {name}\nissuer: {issuer}\n"
        f"instrument: a memorandum\nin_force: {{from: {since}T00:00:00Z{ends}}}\n"
        f"{'releasable_to: [public]' if released else 'releasable_to: []'}\n"
        f"{supersedes}transition: {{pending: {pending}, permits: {permits}}}\n"
        f"clauses:\n  - {{id: one, {clause}}}\n{ROUTES if 'refer' in clause else ''}"
    )


ROUTES = f"""routes:
  short:
    - {{advise: [europe-desk]}}
    - {{decide: {SECRETARY}}}
  shorter:
    - {{decide: {SECRETARY}}}
"""
ALL = "when: 'use.count > 0', "
RU, UA = ("when: 'place.touches(\"RU\")', ", "when: 'place.touches(\"UA\")', ")
QUIET = "when: 'circumstances.talks', "
JUNE = "in_force: {from: 2025-06-10T00:00:00Z, until: 2025-06-20T00:00:00Z}"
BOTH = "pending permits"
KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


def stage(house: House, name: str = "ukraine-1") -> str:
    """Return the stage of a case."""
    return case.name(house.state.cases[name])


def covered(house: House, place: str = "Kursk") -> Coverage:
    """Return whether the use is covered now, with what time has brought about."""
    state = verdicts.foreseen(house.state, at=house.now, atlas=Table())
    return coverage(state, replace(KURSK, place=place), at=house.now, atlas=Table())


def granted(house: House, clause: str = f"{ALL}refer: shorter") -> None:
    """Let the Secretary grant a use at Kursk by a policy of the policy owner's."""
    house.do(OWNER, Adoption(text("fires@1", clause)))
    house.do(LIAISON, asks())
    house.do(SECRETARY, decides(house, "ukraine-1"))


def by_owner(name: str, clause: str, **more: Any) -> Adoption:
    """Return the adoption of a policy of the policy owner's."""
    return Adoption(text(name, clause, **more))


def by_secretary(name: str, clause: str, **more: Any) -> Adoption:
    """Return the adoption of a policy of the Secretary's."""
    return Adoption(text(name, clause, issuer=SECRETARY, **more))


def on(house: House, day: str) -> None:
    """Let it be the beginning of a day."""
    house.now = Instant.parse(f"{day}T00:00:00Z")


def says(house: House, *, talks: bool) -> None:
    """Let an office assert whether talks are under way."""
    house.later()
    holds = Period(house.now)
    house.do(
        "europe-desk", Assertion("europe-desk", "talks", talks, "a cable", holds, Confidence.HIGH)
    )
