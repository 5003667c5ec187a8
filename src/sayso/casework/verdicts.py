"""What follows by rule: which policies bind, and the verdict on each case under them.

`settle` looks at a state and a moment and returns the consequences that are due: nothing at most
times, a verdict when a request was filed, and when the binding policies have changed, that change
and a new verdict on every case whose standing it alters: open, live, or prohibited by rule. It is a
function of the record and the moment alone; whoever replays the record must get the same.
"""

from collections.abc import Iterator
from typing import assert_never

from sayso.casework import circumstances, clocks, decisions, proving, reaching, turns
from sayso.casework.bench import Bench
from sayso.casework.case import (
    Case,
    Granted,
    Live,
    Open,
    Permitted,
    Prohibited,
    Returned,
    Revoked,
    Suspended,
    Unjudged,
)
from sayso.casework.dossier import DUE, Dossier, On, Stamp
from sayso.casework.events import (
    Assent,
    Binding,
    Circumstances,
    Consequence,
    Does,
    Escalation,
    Expiry,
    Judgement,
    Lapse,
    Move,
    Overdue,
    Proof,
    Skipped,
    Unanswered,
    Unratified,
)
from sayso.casework.facts import Atlas
from sayso.casework.inforce import InForce, in_force
from sayso.casework.state import State
from sayso.casework.timers import rung
from sayso.dates import Instant
from sayso.policy.decide import Outcome
from sayso.policy.policy import Pending, Permits, Policy
from sayso.replaced import replace


def settle(state: State, *, at: Instant, atlas: Atlas) -> tuple[Consequence, ...]:
    """Return the consequences due at `at`, in the order in which they go on the record."""
    ringing = rung(state.timers, at)
    passed = turns.due(state, ringing, at)
    timely = tuple(said for moment, said in passed if _bound_then(state, moment))
    timely = timely or clocks.due(state, ringing, at)
    if timely:
        return timely
    if state.bypassed:
        return tuple(Skipped(name, offices) for name, offices in state.bypassed)
    proofs = tuple(proving.proof(state, name) for name in state.unproven)
    now = in_force(state, at)
    if _stands(now, state):
        filed = _first(state, Bench(state, now, at, atlas)) if state.unjudged else ()
        first: tuple[Consequence, ...] = (*proofs, *filed)
        return first or tuple(said for _, said in passed)
    changed = (
        *((now.known,) if now.known != state.circumstances else ()),
        *((Binding(now.bound, now.retained or None),) if not _binds(now, state) else ()),
    )
    after = state
    for each in changed:
        after = apply(after, each, Stamp(state.size, at, None, DUE))
    fresh = reaching.newly(state, now.bound)
    return (*proofs, *changed, *_anew(Bench(after, now, at, atlas), fresh))


def _stands(what: InForce, state: State) -> bool:
    """Return whether it is what the record says binds and is known."""
    return _binds(what, state) and what.known == state.circumstances


def _binds(what: InForce, state: State) -> bool:
    return what.bound == state.binding and what.retained == state.retained


def _bound_then(state: State, moment: Instant) -> bool:
    """Return whether what bound at `moment` is what the record says binds.

    What silence brought about before policies changed comes before the change, and else after it:
    nothing is granted by a policy that was no longer in force.
    """
    return _stands(in_force(state, moment), state)


def _first(state: State, bench: Bench) -> Iterator[Judgement]:
    """Yield the verdict on each case that is filed, or appealed: then its advice lapses."""
    for name in state.unjudged:
        case = state.cases[name]
        judgement = bench.judgement(case.dossier, Move.FILE, bench.reach(case))
        given = tuple(on.stamp.index for on in case.dossier.current_advice)
        yield replace(judgement, lapsed=given) if given else judgement


def _anew(bench: Bench, fresh: frozenset[str]) -> Iterator[Judgement]:
    """Yield what a change does to each case whose standing it alters; `fresh` newly bind."""
    for case in affected(bench.state, bench.at):
        reach = bench.reach(case)
        move = _move(case, tuple(each for each in reach.policies if each.name in fresh))
        judgement = bench.judgement(case.dossier, move, reach)
        if _alters(case, judgement):
            gone = lapsed(case.dossier, judgement)
            yield replace(judgement, lapsed=gone) if gone else judgement


def _move(case: Case, fresh: tuple[Policy, ...]) -> Move:
    """Return what a change does to `case`: a transition is for what is under review, or granted.

    What is prohibited by rule nobody has decided: it is so as long as the policies say so. Of the
    policies that newly bind none keeps the case, for then it would not reach it.
    """
    if isinstance(case, Prohibited):
        return Move.REROUTE
    if isinstance(case, Open):
        returned = any(policy.transition.pending is Pending.RETURN for policy in fresh)
        return Move.RETURN if returned else Move.REROUTE
    revoked = any(policy.transition.permits is Permits.REVOKE for policy in fresh)
    return Move.REVOKE if revoked else Move.SUSPEND


def foreseen(state: State, *, at: Instant, atlas: Atlas) -> State:
    """Return what stands at `at` with what is due and not yet recorded: time alone brings it about.

    Whoever only asks records nothing, and must not be told otherwise than after the next act.
    """
    while due := settle(state, at=at, atlas=atlas):
        for said in due:
            state = apply(state, said, Stamp(state.size, at, None, DUE))
    return state


def apply(  # noqa: C901, PLR0911, PLR0912  # one line for each kind
    state: State, said: Consequence, mark: Stamp
) -> State:
    """Return what stands once the consequence does."""
    match said:
        case Proof():
            return proving.apply_proof(state, said, mark)
        case Binding():
            return apply_binding(state, said, mark)
        case Circumstances():
            return circumstances.apply_circumstances(state, said)
        case Judgement():
            return apply_judgement(state, said, mark)
        case Expiry():
            return clocks.apply_expiry(state, said, mark)
        case Skipped():
            return decisions.apply_skipped(state, said, mark)
        case Unratified():
            return decisions.apply_unratified(state, said, mark)
        case Lapse():
            return clocks.apply_lapse(state, said, mark)
        case Overdue():
            return clocks.apply_overdue(state, said, mark)
        case Escalation():
            return turns.apply_escalation(state, said, mark)
        case Unanswered():
            return turns.apply_unanswered(state, said, mark)
        case Assent():
            return turns.apply_assent(state, said, mark)
        case _:
            assert_never(said)


def binding(state: State, at: Instant) -> tuple[Policy, ...]:
    """Return the policies on the record that are in force at `at`, by name."""
    return in_force(state, at).policies


def affected(state: State, at: Instant) -> tuple[Case, ...]:
    """Return the cases which a change of policy can touch, by name."""
    found = {name: case for name, case in state.cases.items() if follows(case, at)}
    return tuple(found[name] for name in sorted(found))


def follows(case: Case, at: Instant) -> bool:
    """Return whether `case` follows the policies: it is open, live, or prohibited by them.

    What is live or prohibited does so until its window is over.
    """
    if isinstance(case, Open):
        return True
    if not isinstance(case, Live | Prohibited):
        return False
    window = case.dossier.request.said.window
    if isinstance(case, Granted):
        window = case.dossier.decisions[-1].said.window or window
    return window.end is None or at < window.end


def lapsed(dossier: Dossier, judgement: Judgement) -> tuple[int, ...]:
    """Return the entries of advice that lapse by a new verdict: what stands of it stays current.

    Advice rests on the facts that were judged, and on being asked: with the same facts, and the
    office on the new route, it need not be given again.
    """
    if not dossier.advice:
        return ()
    before = dossier.verdict.said
    same = (before.facts, before.place) == (judgement.facts, judgement.place)
    asked = {name for leg in judgement.route if leg.does is Does.ADVISE for name in leg.offices}
    return tuple(
        on.stamp.index for on in dossier.current_advice if not same or on.said.office not in asked
    )


def _alters(case: Case, judgement: Judgement) -> bool:
    """Return whether the new verdict changes where `case` stands.

    A decision stands as long as whoever made it would be asked again.
    """
    before = case.dossier.verdict.said
    if isinstance(case, Permitted):
        return judgement.outcome != before.outcome
    if isinstance(case, Granted) and not reaching.by_silence(case):
        return judgement.decider != before.decider
    return (judgement.outcome, judgement.route) != (before.outcome, before.route)


def apply_binding(state: State, said: Binding, stamp: Stamp) -> State:
    """Return the state in which exactly these policies bind; what they keep is noted."""
    del stamp
    spared = reaching.spare(state, reaching.newly(state, said.policies))
    return replace(state, binding=said.policies, retained=said.retained or (), spared=spared)


def apply_judgement(state: State, said: Judgement, stamp: Stamp) -> State:
    """Return the state in which the case stands under this verdict."""
    found = state.case(said.case)
    before, spared = found.dossier, state.spared
    if said.case in spared and isinstance(found, Unjudged):
        spared = spared.delete(said.case)  # it was judged by all that bind
    dossier = replace(before, judgements=(*before.judgements, On(said, stamp)))
    unjudged = tuple(name for name in state.unjudged if name != said.case)
    after = replace(state, unjudged=unjudged, spared=spared)
    return after.keep(_moved(state, dossier, stamp.at))


def _moved(state: State, dossier: Dossier, at: Instant) -> Case:
    said = dossier.verdict.said
    match said.move:
        case Move.FILE | Move.REROUTE:
            return _routed(state, dossier, at)
        case Move.RETURN:
            return Returned(dossier)
        case Move.SUSPEND:
            return Suspended(dossier)
        case Move.REVOKE:
            return Revoked(dossier)
        case _:
            assert_never(said.move)


def _routed(state: State, dossier: Dossier, at: Instant) -> Case:
    match Outcome(dossier.verdict.said.outcome):
        case Outcome.PERMITTED:
            return Permitted(dossier)
        case Outcome.PROHIBITED:
            return Prohibited(dossier)
        case Outcome.REFERRED:
            return turns.arrive(state, dossier, 0, at)
