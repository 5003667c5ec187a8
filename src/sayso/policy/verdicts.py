"""A verdict: what the policies in force say of one request, and which clauses say so."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from sayso import wire
from sayso.policy import routes
from sayso.policy.evaluate import Given
from sayso.policy.routes import Route
from sayso.policy.types import Bool, Field, Listed, Name


class Outcome(Enum):
    """Permitted outright, referred to a route, or prohibited."""

    PERMITTED = "permitted"
    REFERRED = "referred"
    PROHIBITED = "prohibited"


class Verdict(NamedTuple):
    """What the policies say; a named tuple, which is made in a third of the time of a dataclass.

    `because` are the clauses of the winning level that are true, `possible` those that count as
    true only because a fact is unknown, each as `policy@version/clause`; `missing` are the unknown
    facts that could still change the verdict; `policies` are those in force, with their digests;
    `conflict` are offices that would each decide, none of them above all others.
    """

    outcome: Outcome
    decider: str | None
    route: Route
    because: tuple[str, ...]
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]
    conflict: tuple[str, ...] = ()

    def value(self) -> dict[str, wire.Value]:
        """Return the verdict as the record holds it, with a decider only if there is one."""
        found: dict[str, wire.Value] = {
            "outcome": self.outcome.value,
            "route": [routes.value(stage) for stage in self.route],
            "because": list(self.because),
            "possible": list(self.possible),
            "missing": list(self.missing),
            "policies": [{"name": name, "digest": digest} for name, digest in self.policies],
        }
        if self.decider is not None:
            found["decider"] = self.decider
        if self.conflict:
            found["conflict"] = list(self.conflict)
        return found

    def printed(self) -> dict[str, object]:
        """Return the verdict as it is printed for programs: no decider is `null` there."""
        return {"decider": None, **self.value()}


# What a property may say of a verdict, as facts of it.
VERDICT: Mapping[str, Field] = {
    "permitted": Field(Bool(), "it is permitted outright"),
    "referred": Field(Bool(), "it is referred to a route"),
    "prohibited": Field(Bool(), "it is prohibited"),
    "decider": Field(Name("office"), "the office that decides; empty if none does"),
    "advisers": Field(Listed(Name("office")), "the offices that advise"),
}


def as_facts(verdict: Verdict) -> dict[str, Given]:
    """Return a verdict as the facts that a property reads."""
    return {
        "verdict.permitted": verdict.outcome is Outcome.PERMITTED,
        "verdict.referred": verdict.outcome is Outcome.REFERRED,
        "verdict.prohibited": verdict.outcome is Outcome.PROHIBITED,
        "verdict.decider": verdict.decider or "",
        "verdict.advisers": routes.advisers(verdict.route),
    }
