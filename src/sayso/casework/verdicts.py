"""What follows by rule: which policies bind, and the verdict on each case under them.

`settle` looks at a state and a moment and returns the consequences that are due: nothing at most
times, a verdict when a request was filed, and when the binding policies have changed, that change
and a new verdict on every open case and live authorization whose standing it alters. It is a
function of the record and the moment alone; whoever replays the record must get the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from sayso.casework import circumstances, clocks, decisions, proving, turns
from sayso.casework.asked import Asked
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
)
from sayso.casework.dossier import DUE, Dossier, On, Stamp
from sayso.casework.events import (
    Assent,
    Binding,
    Bound,
    Circumstances,
    Consequence,
    Does,
    Escalation,
    Expiry,
    Judgement,
    Lapse,
    Leg,
    Move,
    Overdue,
    Proof,
    Skipped,
    Unanswered,
    Unratified,
)
from sayso.casework.facts import Atlas, Located, facts_of
from sayso.casework.state import State
from sayso.dates import Instant, duration_text
from sayso.policy import decide
from sayso.policy.decide import Outcome, Verdict
from sayso.policy.facts import Facts
from sayso.policy.policy import Pending, Permits, Policy
from sayso.policy.routes import Advise, Consolidate, Decide, Silence, Stage
from sayso.wire import Value


def settle(state: State, *, at: Instant, atlas: Atlas) -> tuple[Consequence, ...]:
    """Return the consequences due at `at`, in the order in which they go on the record."""
    passed = turns.due(state, at)
    timely = tuple(said for moment, said in passed if _bound_then(state, moment))
    rung = timely or clocks.due(state, at)
    if rung:
        return rung
    if state.bypassed:
        return tuple(Skipped(name, offices) for name, offices in state.bypassed)
    proofs = tuple(proving.proof(state, name) for name in state.unproven)
    policies = binding(state, at)
    bound = Binding(tuple(Bound(policy.name, policy.digest) for policy in policies))
    known = circumstances.standing(state, at)
    bench = _Bench(replace(state, circumstances=known), policies, at, atlas)
    changed = (
        *((known,) if known != state.circumstances else ()),
        *((bound,) if bound.policies != state.binding else ()),
    )
    if not changed:
        judged = (bench.first(state.cases[name]) for name in state.unjudged)
        first: tuple[Consequence, ...] = (*proofs, *judged)
        return first or tuple(said for _, said in passed)
    moved = (bench.again(each) for each in affected(state, at))
    return (*proofs, *changed, *(each for each in moved if each is not None))


def _bound_then(state: State, moment: Instant) -> bool:
    """Return whether what bound at `moment` is what the record says binds.

    What silence brought about before policies changed comes before the change, and else after it:
    nothing is granted by a policy that was no longer in force.
    """
    bound = tuple(Bound(policy.name, policy.digest) for policy in binding(state, moment))
    known = circumstances.standing(state, moment)
    return (bound, known) == (state.binding, state.circumstances)


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
    policies = (each.policy for each in state.policies.values())
    standing = decide.in_force(policies, at)
    return tuple(each for each in standing if not state.policies[each.name].ended(at))


def affected(state: State, at: Instant) -> tuple[Case, ...]:
    """Return the open cases and live authorizations, which a change of policy can touch."""
    ordered = sorted(state.cases.items())
    return tuple(case for _, case in ordered if isinstance(case, Open) or is_live(case, at))


def is_live(case: Case, at: Instant) -> bool:
    """Return whether `case` is an authorization whose window is not over."""
    if not isinstance(case, Live):
        return False
    window = case.dossier.asked.window
    if isinstance(case, Granted):
        window = case.dossier.decisions[-1].said.window or window
    return window.end is None or at < window.end


def judge_asked(
    state: State, asked: Asked, policies: Iterable[Policy], *, at: Instant, atlas: Atlas
) -> tuple[Verdict, Value, Located]:
    """Return the verdict on what is asked under `policies`, its facts, and the resolved place."""
    located = atlas.locate(asked.place, within_m=asked.within_m, viewpoint=state.viewpoint)
    facts = facts_of(state, asked, located)
    verdict = decide.verdict(policies, Facts.read(facts, state.schema), at=at, ranks=state.ranks())
    return verdict, facts, located


def reaching(state: State, policies: Iterable[Policy], case: Case) -> tuple[Policy, ...]:
    """Return those of `policies` by which `case` is judged anew.

    Each supplier's consent is given by that supplier's own policies. A grant answers to the
    policies it was decided under, and to a later one only if its issuer is the decider or outranks
    it: else whoever issues policies could undo what they could not decide.
    """
    policies = of_supplier(state, policies, case.dossier.supplier)
    if not isinstance(case, Granted) or by_silence(case):
        return policies
    decider = case.dossier.decisions[-1].said.office
    grounds = {bound.digest for bound in case.dossier.verdict.said.policies}
    return tuple(
        policy
        for policy in policies
        if policy.digest in grounds or state.reaches(policy.issuer, decider)
    )


def by_silence(case: Granted) -> bool:
    """Return whether no person decided it; it answers to all policies, as what they permit does."""
    return isinstance(case.dossier.decisions[-1].said, Assent)


def of_supplier(
    state: State, policies: Iterable[Policy], supplier: str | None
) -> tuple[Policy, ...]:
    """Return those of `policies` that an office of `supplier` issued; None: the record keeper's."""
    return tuple(each for each in policies if state.supplier_of(each.issuer) == supplier)


@dataclass(frozen=True, slots=True)
class _Bench:
    """The policies that bind at a moment, ready to judge one case after the other."""

    state: State
    policies: tuple[Policy, ...]
    at: Instant
    atlas: Atlas

    def first(self, case: Case) -> Judgement:
        """Return the verdict on a case that is filed, or appealed: then its advice lapses."""
        policies = reaching(self.state, self.policies, case)
        judgement = self.judgement(case.dossier, Move.FILE, policies)
        given = tuple(on.stamp.index for on in case.dossier.current_advice)
        return replace(judgement, lapsed=given) if given else judgement

    def again(self, case: Case) -> Judgement | None:
        """Return what the change of policies does to `case`, if it alters its standing."""
        policies = reaching(self.state, self.policies, case)
        judgement = self.judgement(case.dossier, Move.REROUTE, policies)
        if not _alters(case, judgement):
            return None
        fresh = self.fresh(policies)
        move = on_open(fresh) if isinstance(case, Open) else on_live(fresh)
        if move is None:
            return None
        return replace(judgement, move=move, lapsed=lapsed(case.dossier, judgement))

    def judgement(self, dossier: Dossier, move: Move, policies: tuple[Policy, ...]) -> Judgement:
        """Return the verdict of `policies` on the request of `dossier`, as an event."""
        verdict, facts, located = judge_asked(
            self.state, dossier.asked, policies, at=self.at, atlas=self.atlas
        )
        return Judgement(
            case=dossier.id,
            move=move,
            outcome=verdict.outcome.value,
            decider=verdict.decider,
            route=tuple(leg(stage) for stage in verdict.route),
            because=verdict.because,
            possible=verdict.possible,
            missing=verdict.missing,
            policies=tuple(Bound(policy.name, policy.digest) for policy in policies),
            facts=facts,
            place=located.basis,
        )

    def fresh(self, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        """Return those of `policies` that did not bind before."""
        before = {bound.digest for bound in self.state.binding}
        return tuple(policy for policy in policies if policy.digest not in before)


def on_open(fresh: tuple[Policy, ...]) -> Move | None:
    """Return what the policies that newly bind do to open cases: the strictest of them."""
    asked = {policy.transition.pending for policy in fresh} or {Pending.REROUTE}
    return _ON_OPEN[max(asked, key=tuple(_ON_OPEN).index)]


def on_live(fresh: tuple[Policy, ...]) -> Move | None:
    """Return what the policies that newly bind do to live authorizations: the strictest of them."""
    asked = {policy.transition.permits for policy in fresh} or {Permits.SUSPEND}
    return _ON_LIVE[max(asked, key=tuple(_ON_LIVE).index)]


_ON_OPEN = {  # the strictest last
    Pending.KEEP: None,
    Pending.REROUTE: Move.REROUTE,
    Pending.RETURN: Move.RETURN,
}
_ON_LIVE = {
    Permits.KEEP: None,
    Permits.SUSPEND: Move.SUSPEND,
    Permits.REVOKE: Move.REVOKE,
}


def leg(stage: Stage) -> Leg:
    """Return `stage` of a policy's route as it is written on the record."""
    within = None if stage.within is None else duration_text(stage.within)
    match stage:
        case Advise():
            silence = None if stage.silence is Silence.NONE else stage.silence.value
            return Leg(Does.ADVISE, stage.offices, within=within, silence=silence)
        case Consolidate():
            return Leg(Does.CONSOLIDATE, (stage.office,), within=within)
        case Decide():
            return _deciding(stage)
        case _:
            assert_never(stage)


def _deciding(stage: Decide) -> Leg:
    urgent, reported = stage.emergency, stage.report_within
    return Leg(
        Does.DECIDE,
        (stage.office,),
        within=None if stage.within is None else duration_text(stage.within),
        reserved=stage.reserved,
        consent=stage.consent.value,
        report_within=None if reported is None else duration_text(reported),
        quorum=stage.quorum if stage.quorum > 1 else None,
        countersign=stage.countersign,
        emergency=None if urgent is None else urgent.by,
        ratify=None if urgent is None else duration_text(urgent.ratify),
    )


def lapsed(dossier: Dossier, judgement: Judgement) -> tuple[int, ...]:
    """Return the entries of advice that lapse by a new verdict: what stands of it stays current.

    Advice rests on the facts that were judged, and on being asked: with the same facts, and the
    office on the new route, it need not be given again.
    """
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
    if isinstance(case, Granted) and not by_silence(case):
        return judgement.decider != before.decider
    return (judgement.outcome, judgement.route) != (before.outcome, before.route)


def apply_binding(state: State, said: Binding, stamp: Stamp) -> State:
    """Return the state in which exactly these policies bind."""
    del stamp
    return replace(state, binding=said.policies)


def apply_judgement(state: State, said: Judgement, stamp: Stamp) -> State:
    """Return the state in which the case stands under this verdict."""
    before = state.case(said.case).dossier
    dossier = replace(before, judgements=(*before.judgements, On(said, stamp)))
    unjudged = tuple(name for name in state.unjudged if name != said.case)
    return replace(state, unjudged=unjudged).keep(_moved(state, dossier, stamp.at))


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
