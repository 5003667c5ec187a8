"""An office's turn: how long it has, and what its silence means when that time is over.

The time is counted from the entry that brings the case to the leg, in the office's working hours; a
query to the partner stops it. When it is over, once:

    advise, silence none            the case waits on; the office's superior is told (`Escalation`)
    advise, silence no-objection    the case goes on without the advice (`Unanswered`)
    consolidate; decide, positive   silence is no: the case waits on; the superior is told
    decide, no-objection            silence is yes (`Assent`), unless something breaks it
    decide, notification, standing  it is granted on arrival (`Assent`), unless something breaks it

An objection breaks silence, and so do a hold, and advice or a consolidation that is not a plain
grant: silence cannot overrule anybody, nor carry their conditions. A person has then to decide.

Whoever was told may act in place of the silent office, and says so; the office itself still may.
"""

from collections.abc import Iterator
from datetime import timedelta

from sayso.casework import case, holds, worktime
from sayso.casework.case import Advising, Case, Deciding, Granted, Open, Turn
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import (
    Assent,
    Consequence,
    Does,
    Escalation,
    Leg,
    Objection,
    Outcome,
    Unanswered,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant, duration
from sayso.errors import Damaged
from sayso.policy.routes import Consent, Silence
from sayso.replaced import replace

AT_ONCE = {Consent.NOTIFICATION.value, Consent.STANDING.value}
PLAIN = {Outcome.GRANT, Outcome.NOT_REQUIRED}


def arrive(state: State, dossier: Dossier, step: int, at: Instant) -> Open:
    """Return the case as it stands when it comes to leg `step`: the time of its offices begins."""
    stage = case.arrive(dossier, step)
    leg = leg_of(stage)
    span = _span(leg)
    if span is None:
        return stage
    stopped = bool(dossier.open_queries)
    turns = tuple(
        Turn(office, left=span)
        if stopped
        else Turn(office, worktime.after(state.calendars.get(office), at, span))
        for office in case.waits_for(stage)
    )
    return replace(stage, turns=turns)


def leg_of(stage: Open) -> Leg:
    """Return the leg of its route at which a case stands."""
    return stage.dossier.verdict.said.route[stage.step]


def _span(leg: Leg) -> timedelta | None:
    if leg.within is not None:
        return duration(leg.within)
    return timedelta() if leg.consent in AT_ONCE else None


def stop(state: State, stage: Open, at: Instant) -> Open:
    """Return the case with its offices' time standing still."""

    def stopped(turn: Turn) -> Turn:
        if turn.due is None:
            return turn
        left = worktime.between(state.calendars.get(turn.office), at, turn.due)
        return replace(turn, due=None, left=left)

    return replace(stage, turns=tuple(map(stopped, stage.turns)))


def go_on(state: State, stage: Open, at: Instant) -> Open:
    """Return the case with its offices' time running again: what was left of it begins now."""

    def running(turn: Turn) -> Turn:
        if turn.left is None:
            return turn
        due = worktime.after(state.calendars.get(turn.office), at, turn.left)
        return replace(turn, due=due, left=None)

    return replace(stage, turns=tuple(map(running, stage.turns)))


def due(
    state: State, ringing: tuple[str, ...], at: Instant
) -> tuple[tuple[Instant, Consequence], ...]:
    """Return what the silence of offices has brought about by `at`, each with when it did.

    It is looked for in the cases whose timers have rung.
    """
    if not ringing:  # as at nearly every moment
        return ()
    found = (state.cases[name] for name in ringing)
    return tuple(each for stage in found for each in _silent(state, stage, at))


def _silent(state: State, stage: Case, at: Instant) -> Iterator[tuple[Instant, Consequence]]:
    if not isinstance(stage, Open):
        return
    end = stage.dossier.asked.window.end
    over = [
        turn
        for turn in stage.turns
        if turn.due is not None
        and not turn.told
        and turn.due <= at
        and (end is None or turn.due < end)
    ]
    if over:
        first = min(over, key=lambda turn: (turn.due or at, turn.office))
        yield first.due or at, _follows(state, stage, first, at)


def _follows(state: State, stage: Open, turn: Turn, at: Instant) -> Consequence:
    leg, name = leg_of(stage), stage.dossier.id
    if leg.does is Does.ADVISE and leg.silence == Silence.NO_OBJECTION.value:
        return Unanswered(name, turn.office)
    silent = leg.consent if leg.does is Does.DECIDE else None
    if silent in {None, Consent.POSITIVE.value} or broken(state, stage.dossier, at):
        return Escalation(name, turn.office, state.superior(turn.office))
    asked = stage.dossier.asked
    return Assent(name, turn.office, str(silent), asked.uses, asked.window)


def broken(state: State, dossier: Dossier, at: Instant) -> bool:
    """Return whether silence grants nothing in this case any more."""
    since = dossier.verdict.stamp.index
    spoken = [each.said.outcome for each in dossier.current_advice] + [
        each.said.outcome for each in dossier.consolidations if each.stamp.index > since
    ]
    objected = any(
        isinstance(on.said, Objection) and on.stamp.index > since for on in dossier.aside
    )
    return objected or not set(spoken) <= PLAIN or bool(holds.on_case(state, dossier, at))


def told(stage: Open, office: str) -> str | None:
    """Return who was told that the time of `office` ran out, and may act in its place."""
    if not any(turn.office == office and turn.told for turn in stage.turns):
        return None
    said = (on.said for on in reversed(stage.dossier.aside))
    return next(each.to for each in said if isinstance(each, Escalation) and each.office == office)


def out_of_place(stage: Open, office: str, superior: str | None) -> Refusal | None:
    """Return why `superior` may not act in place of `office`; None if it may, or does not mean to.

    What is reserved to an office, or takes several of its holders, waits on for the office itself.
    """
    if superior is None:
        return None
    above = told(stage, office)
    if above is None:
        return Refusal(
            "not-silent",
            f"`{office}` is not silent on `{stage.dossier.id}`: its time is not over, or it has "
            "spoken, by itself or by who was told",
        )
    if above != superior:
        return Refusal(
            "not-told", f"`{above}` was told that `{office}` is silent, not `{superior}`"
        )
    leg = leg_of(stage)
    if leg.reserved or (leg.quorum or 1) > 1:
        whose = "reserved to it" if leg.reserved else f"for {leg.quorum} of its holders"
        return Refusal("reserved", f"`{office}` is silent, but to decide is {whose}")
    return None


def apply_escalation(state: State, said: Escalation, stamp: Stamp) -> State:
    """Return the state in which the office is overdue, and its superior has been told."""
    stage = _open(state, said.case)
    turns = tuple(
        replace(turn, told=True) if turn.office == said.office else turn for turn in stage.turns
    )
    return state.keep(replace(stage, dossier=stage.dossier.noted(said, stamp), turns=turns))


def apply_unanswered(state: State, said: Unanswered, stamp: Stamp) -> State:
    """Return the state in which the case no longer waits for that adviser."""
    stage = _open(state, said.case)
    dossier = stage.dossier.noted(said, stamp)
    if isinstance(stage, Advising) and len(stage.waiting) > 1:
        return state.keep(without(replace(stage, dossier=dossier), said.office))
    return state.keep(arrive(state, dossier, stage.step + 1, stamp.at))


def without(stage: Advising, office: str) -> Advising:
    """Return the case as it waits for the other advisers."""
    return replace(
        stage,
        waiting=tuple(each for each in stage.waiting if each != office),
        turns=tuple(turn for turn in stage.turns if turn.office != office),
    )


def apply_assent(state: State, said: Assent, stamp: Stamp) -> State:
    """Return the state in which silence has granted the request."""
    before = _open(state, said.case).dossier
    return state.keep(Granted(replace(before, decisions=(*before.decisions, On(said, stamp)))))


def _open(state: State, name: str) -> Open:
    found = state.case(name)
    if not isinstance(found, Open):
        raise Damaged(
            f"`{name}` is {case.name(found)}, and waits for nobody",
            hint="run `sayso record verify`",
        )
    return found


def consent(stage: Deciding) -> Consent:
    """Return what the decider's silence means, as its policy says."""
    return Consent(leg_of(stage).consent or Consent.POSITIVE.value)
