"""The final authority decides; where its route says so, several sign, others countersign or ratify.

A decision takes effect when as many holders of the deciding office as the quorum asks for have
signed the same, and every office that countersigns has. Until then it is only signed: it covers
nothing, and nobody outside is told. Who countersigns may object, which returns the case to the
decider. What could not wait an emergency office decides at once; unless it is ratified in time by
whoever would have decided, it ends. No person ever signs twice for two (law 7).
"""

from collections.abc import Iterator
from typing import assert_never

from sayso.casework import authority, case, emergencies, holds, turns, violations
from sayso.casework.case import (
    Case,
    Countersigning,
    Deciding,
    Granted,
    Open,
    Refused,
    Returned,
    Revoked,
    Suspended,
)
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import (
    Condition,
    Consolidation,
    Countersignature,
    Decision,
    Option,
    Outcome,
    Ratification,
    Ruling,
    Skipped,
    Unratified,
)
from sayso.casework.events.conditions import END_USER, PARTNER
from sayso.casework.refusal import Refusal
from sayso.casework.review import out_of_turn
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.replaced import replace


def check(state: State, act: Ruling, mark: Stamp) -> Refusal | None:
    """Return why what the final authority says is out of order; None if it is not."""
    match act:
        case Decision():
            return holds.stops(state, act.case, mark.at) or next(
                _decision_faults(state, act, mark), None
            )
        case Countersignature():
            held = holds.stops(state, act.case, mark.at)
            return held or check_countersignature(state, act, mark.at)
        case Ratification():
            return check_ratification(state, act, str(mark.by))
        case _:
            assert_never(act)


def apply(state: State, act: Ruling, mark: Stamp) -> State:
    """Return what stands once the final authority has said it."""
    match act:
        case Decision():
            return apply_decision(state, act, mark)
        case Countersignature():
            return apply_countersignature(state, act, mark)
        case Ratification():
            return apply_ratification(state, act, mark)
        case _:
            assert_never(act)


def _decision_faults(state: State, act: Decision, mark: Stamp) -> Iterator[Refusal]:
    found = state.case(act.case)
    dossier = found.dossier
    yield from _turn(found, act)
    if (act.request, act.verdict) != grounds(dossier):
        yield Refusal(
            "other-grounds",
            f"the decision was signed on another request or verdict than `{act.case}` stands on",
            "read the case again and sign anew",
        )
    halted = violations.frozen(state, dossier) if act.outcome.grants else None
    if halted is not None:
        yield halted
    yield from _outgrows(dossier, act, mark.at)
    yield from _conditions(state, dossier, act, mark.at)
    yield from _unexplained(dossier, act)
    yield from _on_paper(state, dossier, act, mark)
    before = _signed_by(dossier).get(str(mark.by))
    if before is not None and same(before.said, act):
        yield Refusal("signed-already", f"`{mark.by}` has signed this decision already")


def _turn(found: Case, act: Decision) -> Iterator[Refusal]:
    if act.emergency is not None:
        if not isinstance(found, Open):
            yield out_of_turn(found, act.office, "decide")
        elif case.deciding(found.dossier).emergency != act.office:
            yield Refusal(
                "no-emergency", f"no emergency lets `{act.office}` decide `{act.case}` at once"
            )
    elif not isinstance(found, Deciding) or found.office != act.office:
        yield out_of_turn(found, act.office, "decide")
    elif (misplaced := turns.out_of_place(found, act.office, act.superior)) is not None:
        yield misplaced


def grounds(dossier: Dossier) -> tuple[str, str]:
    """Return the digests of the request and of the verdict that a decision must be signed on."""
    return dossier.request.stamp.digest, dossier.verdict.stamp.digest


def _outgrows(dossier: Dossier, act: Decision, at: Instant) -> Iterator[Refusal]:
    asked = dossier.asked
    if act.uses is not None and not 1 <= act.uses <= asked.uses:
        yield Refusal("outgrows", f"{act.uses} uses were decided on, {asked.uses} asked for")
    if act.window is None:
        return
    if not asked.window.encloses(act.window):
        yield Refusal("outgrows", f"the window {act.window} exceeds the one asked, {asked.window}")
    yield from _over(act, at)


def _over(act: Decision, at: Instant) -> Iterator[Refusal]:
    """Yield why the decision can take no effect any more at `at`."""
    if act.window is not None and act.window.end is not None and act.window.end <= at:
        yield Refusal("over", f"the window {act.window} is over at {at}")
    for each in act.conditions:
        if each.by is not None and each.by <= at:
            yield Refusal("past", f"a condition due by {each.by} cannot be met at {at}")


def _conditions(state: State, dossier: Dossier, act: Decision, at: Instant) -> Iterator[Refusal]:
    """Yield why a condition cannot be imposed: on nobody, too late, or in another's name."""
    yield from _over(act, at)
    advised = {each.said.office for each in dossier.current_advice}
    for each in act.conditions:
        yield from bound(state, dossier, each)
        if each.imposed_by is not None and each.imposed_by not in advised:
            yield Refusal("not-advised", f"`{each.imposed_by}` has not advised on `{act.case}`")


def bound(state: State, dossier: Dossier, condition: Condition) -> Iterator[Refusal]:
    """Yield why a condition could be met by nobody: it binds an office that knows no such case."""
    if condition.binds in {PARTNER, END_USER}:
        return
    partner = state.office(condition.binds).partner
    if partner not in {None, dossier.asked.partner}:
        yield Refusal(
            "other-partner",
            f"`{condition.binds}` is an office of `{partner}`, which is told nothing of "
            f"`{dossier.id}`",
            "bind the partner that asks, or an office inside",
        )


def _unexplained(dossier: Dossier, act: Decision) -> Iterator[Refusal]:
    """Yield why reasons are missing: whoever departs from what was laid before them says why."""
    drawn = dossier.consolidation
    if drawn is None:
        if act.option is not None:
            yield Refusal("no-option", f"no option `{act.option}` was laid before the decider")
        return
    advised, explained = drawn.said.outcome, bool(act.reasons.strip())
    departs = act.outcome is not advised and not (act.outcome.grants and advised.grants)
    if departs and not explained:
        yield Refusal(
            "departs",
            f"the consolidation says `{advised.value}`, and to `{act.outcome.value}` departs from "
            "it without a reason",
            "give reasons",
        )
    yield from _option(drawn.said, act, explained=explained)


def _option(drawn: Consolidation, act: Decision, *, explained: bool) -> Iterator[Refusal]:
    options = {each.name: each for each in drawn.options}
    names = ", ".join(f"`{each}`" for each in options)
    if act.option is None:
        if options and not explained:
            yield Refusal(
                "no-option",
                f"the options {names} were laid side by side, and none is chosen",
                "name one, or give reasons",
            )
    elif act.option not in options:
        yield Refusal("no-option", f"`{act.option}` is none of the options {names or '(none)'}")
    elif not _chooses(act, options[act.option]):
        yield Refusal(
            "other-option", f"what was decided is not what the option `{act.option}` says"
        )


def _chooses(act: Decision, option: Option) -> bool:
    return (
        (act.outcome, act.conditions) == (option.outcome, option.conditions)
        and option.uses in {None, act.uses}
        and option.window in {None, act.window}
    )


def _on_paper(state: State, dossier: Dossier, act: Decision, mark: Stamp) -> Iterator[Refusal]:
    """Yield why a paper cannot be of its date: it is to come, of before, or was not theirs then."""
    made = act.made_at
    if made is None:
        return
    if made > mark.at:
        yield Refusal("ahead", f"it was made at {made}, and now is {mark.at}")
    filed, judged = dossier.request.stamp.at, dossier.verdict.stamp.at
    if made < filed:
        yield Refusal("before-request", f"it was made at {made}, and asked only at {filed}")
    if made < judged:
        yield Refusal(
            "before-verdict",
            f"it was made at {made}, and the verdict it names is of {judged}",
            "what was decided on an earlier verdict is decided anew",
        )
    why = authority.could(state, act, person=str(mark.by), at=made)
    if why is not None:
        yield Refusal("not-theirs-then", f"it was made at {made}: {why.words}", why.hint)


def same(one: Decision, other: Decision) -> bool:
    """Return whether two decisions agree: in outcome, limits and conditions."""
    return (one.outcome, one.uses, one.window, one.conditions) == (
        other.outcome,
        other.uses,
        other.window,
        other.conditions,
    )


def _signed_by(dossier: Dossier) -> dict[str | None, On[Decision]]:
    """Return the decision that each person has signed last, of those that still count."""
    return {each.stamp.by: each for each in dossier.current_signings}


def apply_decision(state: State, act: Decision, stamp: Stamp) -> State:
    """Return the state in which the decision is signed and, once all have, takes effect."""
    found = state.case(act.case)
    on, before = On(act, stamp), found.dossier
    dossier = replace(before, signings=(*before.signings, on))
    if act.emergency is not None:
        skipped = emergencies.skipped(found)
        state = replace(state, bypassed=(*state.bypassed, (act.case, skipped)))
        return state.keep(effective(dossier, on))
    leg = case.deciding(dossier)
    agreeing = [each for each in _signed_by(dossier).values() if same(each.said, act)]
    if not isinstance(found, Deciding) or len(agreeing) < (leg.quorum or 1):
        return state.keep(replace(found, dossier=dossier))
    if leg.countersign:
        return state.keep(Countersigning(dossier, found.step, act.office, on, leg.countersign))
    return state.keep(effective(dossier, on))


def effective(dossier: Dossier, on: On[Decision]) -> Case:
    """Return the case as the decision leaves it once it has taken effect."""
    decided = replace(dossier, decisions=(*dossier.decisions, on))
    if on.said.outcome.grants:
        return Granted(decided)
    return Returned(decided) if on.said.outcome is Outcome.RETURN else Refused(decided)


def check_countersignature(state: State, act: Countersignature, at: Instant) -> Refusal | None:
    """Return why not: out of turn, another decision, or one that can take no effect any more."""
    found = state.case(act.case)
    if not isinstance(found, Countersigning) or act.office not in found.waiting:
        return out_of_turn(found, act.office, "countersign")
    if act.decision != found.decision.stamp.digest:
        return Refusal(
            "other-decision",
            f"another decision was signed than the one that waits on `{act.case}`",
            "read the case again and sign anew",
        )
    return next(_over(found.decision.said, at), None) if act.upheld else None


def apply_countersignature(state: State, act: Countersignature, stamp: Stamp) -> State:
    """Return the state in which the decision is countersigned, or goes back to the decider.

    With the last signature it takes effect, and counts from then.
    """
    found = state.case(act.case)
    if not isinstance(found, Countersigning):
        raise case.astray(found, stamp)
    before = found.dossier
    dossier = replace(before, countersigned=(*before.countersigned, On(act, stamp)))
    if not act.upheld:
        return state.keep(turns.arrive(state, dossier, found.step, stamp.at))
    waiting = tuple(each for each in found.waiting if each != act.office)
    if waiting:
        return state.keep(replace(found, dossier=dossier, waiting=waiting))
    decision = found.decision
    return state.keep(effective(dossier, On(decision.said, replace(decision.stamp, at=stamp.at))))


def check_ratification(state: State, act: Ratification, by: str) -> Refusal | None:
    """Return why not: nothing waits to be ratified, or not by this office, or twice."""
    dossier = state.case(act.case).dossier
    waiting = emergencies.unratified(dossier)
    if waiting is None or waiting.stamp.digest != act.decision:
        return Refusal("nothing-to-ratify", f"no such decision on `{act.case}` waits for that")
    if act.office not in emergencies.missing(dossier):
        names = ", ".join(f"`{each}`" for each in emergencies.missing(dossier))
        return Refusal("not-theirs", f"this waits for {names}, and not for `{act.office}`")
    if any(each.stamp.by == by for each in dossier.since(Ratification)):
        return Refusal("signed-already", f"`{by}` has ratified it already")
    return None


def apply_ratification(state: State, act: Ratification, stamp: Stamp) -> State:
    """Return the state in which it is ratified, or the grant ends."""
    found = state.case(act.case)
    moved = replace(found, dossier=found.dossier.heard(act, stamp))
    return state.keep(moved if act.upheld else _ended(moved))


def apply_unratified(state: State, said: Unratified, stamp: Stamp) -> State:
    """Return the state in which the grant has ended for want of ratification."""
    found = state.case(said.case)
    return state.keep(_ended(replace(found, dossier=found.dossier.heard(said, stamp))))


def apply_skipped(state: State, said: Skipped, stamp: Stamp) -> State:
    """Return the state in which those who were skipped are told."""
    found = state.case(said.case)
    rest = tuple(each for each in state.bypassed if each != (said.case, said.offices))
    told = replace(found, dossier=found.dossier.heard(said, stamp))
    return replace(state, bypassed=rest).keep(told)


def _ended(found: Case) -> Case:
    return Revoked(found.dossier) if isinstance(found, Granted | Suspended) else found
