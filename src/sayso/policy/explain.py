"""Explain: why a verdict is what it is, clause by clause and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sayso.dates import Instant
from sayso.policy import words as english
from sayso.policy.evaluate import function, unknown
from sayso.policy.facts import Facts
from sayso.policy.policy import Level, Policy
from sayso.policy.routes import (
    Advise,
    Consent,
    Consolidate,
    Decide,
    Route,
    Silence,
    Stage,
)
from sayso.policy.rules import Rule, timeline
from sayso.policy.verdicts import Outcome, Verdict

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause and what came of it: `truth` is none if it is unknown, for want of `missing`."""

    clause: str
    level: Level
    truth: bool | None
    text: str
    words: str
    source: str
    missing: tuple[str, ...]


def explain(policies: Iterable[Policy], facts: Facts, *, at: Instant) -> tuple[Reason, ...]:
    """Return each clause in force at a moment, by name: whether it is true, false or unknown."""
    standing = timeline(tuple(policies)).at(at)
    by_name = sorted(standing.rules, key=lambda rule: rule.name)
    return tuple(_reason(rule, facts) for rule in by_name)


def _reason(rule: Rule, facts: Facts) -> Reason:
    clause = rule.clause
    found = function(clause.when)(facts.values)
    return Reason(
        clause=rule.name,
        level=clause.level,
        truth=None if found is None else bool(found),
        text=clause.text,
        words=english.words(clause.when),
        source=clause.source,
        missing=tuple(sorted(unknown(clause.when, facts.values))),
    )


_DOES = {Level.PERMIT: "permits", Level.REFER: "refers", Level.PROHIBIT: "prohibits"}


def words(verdict: Verdict, reasons: Iterable[Reason] = ()) -> str:
    """Return a verdict in plain English, with the clauses that say so."""
    told = {reason.clause: reason for reason in reasons}
    lines = [_outcome(verdict)]
    lines.extend(f"`{name}` {_told(told.get(name))}" for name in verdict.because)
    lines.extend(f"`{name}` {_wanting(told.get(name))}" for name in verdict.possible)
    if verdict.missing:
        wanted = ", ".join(english.called(path) for path in verdict.missing)
        lines.append(f"Not known: {wanted}.")
    return "\n".join(lines)


def _told(reason: Reason | None) -> str:
    if reason is None:
        return "says so."
    quoted = f" ({reason.source})" if reason.source else ""
    return f"{_DOES[reason.level]} it: {reason.words}{quoted}."


def _wanting(reason: Reason | None) -> str:
    counts = "counts because it cannot be ruled out"
    return f"{counts}: {reason.words}." if reason is not None else f"{counts}."


def _outcome(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.PERMITTED:
            return "Permitted outright."
        case Outcome.REFERRED:
            return f"Referred: {route_words(verdict.route)}."
        case Outcome.PROHIBITED if verdict.conflict:
            both = " and ".join(verdict.conflict)
            return f"Prohibited: {both} would each decide, and none stands above the other."
        case Outcome.PROHIBITED if not verdict.because and not verdict.possible:
            return "Prohibited: no clause permits it."
        case Outcome.PROHIBITED:
            return "Prohibited."


def route_words(route: Route) -> str:
    """Return a route in words."""
    return ", then ".join(_stage(stage) for stage in route)


def _stage(stage: Stage) -> str:
    match stage:
        case Advise(offices, within, silence):
            passed = ", or not at all" if silence is Silence.NO_OBJECTION else ""
            return (
                f"{_list(offices)} advise{'s' if len(offices) == 1 else ''}{_time(within)}{passed}"
            )
        case Consolidate(office, within):
            return f"{office} consolidates{_time(within)}"
        case Decide():
            return _deciding(stage)


_CONSENTS = {
    Consent.POSITIVE: "decides",
    Consent.NO_OBJECTION: "may object or decide, and silence grants it",
    Consent.NOTIFICATION: "is told that it is granted",
    Consent.STANDING: "has granted it for as long as the policy stands",
}


def _deciding(stage: Decide) -> str:
    said = f"{stage.office} {_CONSENTS[stage.consent]}{_time(stage.within)}"
    if stage.quorum > 1:
        said += f" by {stage.quorum} of its holders"
    if stage.reserved:
        said += ", and may not delegate it"
    if stage.countersign:
        said += f", countersigned by {_list(stage.countersign)}"
    if stage.emergency is not None:
        said += f", or in an emergency {stage.emergency.by}, to be ratified"
        said += _time(stage.emergency.ratify)
    return said


def _time(within: timedelta | None) -> str:
    if within is None:
        return ""
    hours, rest = divmod(within, _HOUR)
    return f" within {within}" if rest else f" within {hours} hours"


def _list(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
