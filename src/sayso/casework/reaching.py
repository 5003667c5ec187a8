"""Which policies reach a case: its supplier's, but those that keep it, or have no say over it.

A policy says by its transition what it does to what it finds: to what is open (`pending`), and to
what is permitted or granted (`permits`). One that keeps a case does not exist for it, nor does it
take the place of another: the case goes on under the policies that bound it, as long as those are
in force themselves, and until one that does not keep it takes their place. Which policies keep a
case is noted when they begin to bind. A case that is filed or appealed later, or is prohibited by
rule then, finds them all.

A grant answers to the policies it was decided under, and to a later one only if its issuer is the
decider or outranks it: else whoever issues policies could undo what they could not decide.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sayso.casework.case import (
    Authorization,
    Case,
    Exhausted,
    Granted,
    Live,
    Open,
    Prohibited,
    Suspended,
)
from sayso.casework.events import Assent, Bound
from sayso.casework.inforce import InForce, in_force, standing
from sayso.casework.state import Spared, State
from sayso.dates import Instant
from sayso.policy.policy import Pending, Permits, Policy


class Bounds(NamedTuple):
    """What says which policies reach a case; cases of which it is the same are reached by the same.

    `decider` is the office that decided a grant (None: none did), `grounds` are the digests of the
    policies it was decided under, and `spared` the names of those that keep the case.
    """

    supplier: str | None
    decider: str | None = None
    grounds: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


def reaching(state: State, case: Case, at: Instant) -> tuple[Policy, ...]:
    """Return the policies by which `case` is judged at `at`, by name."""
    return within(state, in_force(state, at), bounds(state, case), at)


def keeping(state: State, case: Case, at: Instant) -> tuple[str, ...]:
    """Return the policies that bind at `at` and keep `case`, by name: it goes on without them."""
    spared = _spared(state, case)
    found = of_supplier(state, in_force(state, at).policies, case.dossier.supplier)
    return tuple(each.name for each in found if each.name in spared)


def bounds(state: State, case: Case) -> Bounds:
    """Return what says which policies reach `case`."""
    supplier, spared = case.dossier.supplier, _spared(state, case)
    if not isinstance(case, Granted | Exhausted) or by_silence(case):
        return Bounds(supplier, spared=spared)
    grounds = frozenset(bound.digest for bound in case.dossier.verdict.said.policies)
    return Bounds(supplier, case.dossier.decisions[-1].said.office, grounds, spared)


def _spared(state: State, case: Case) -> frozenset[str]:
    """Return which policies keep `case` as it is: none what is to be judged by all that bind."""
    kept = isinstance(case, Open | Authorization | Prohibited)
    return frozenset(state.spared.get(case.dossier.id, ())) if kept else frozenset()


def within(state: State, now: InForce, limits: Bounds, at: Instant) -> tuple[Policy, ...]:
    """Return the policies within these bounds, by name, of what binds at `at`: of `now`."""
    found = standing(state, at, limits.spared) if limits.spared else now.policies
    policies = of_supplier(state, found, limits.supplier)
    if limits.decider is None:
        return policies
    return tuple(
        policy
        for policy in policies
        if policy.digest in limits.grounds or state.reaches(policy.issuer, limits.decider)
    )


def of_supplier(
    state: State, policies: Iterable[Policy], supplier: str | None
) -> tuple[Policy, ...]:
    """Return those of `policies` that an office of `supplier` issued; None: the record keeper's."""
    return tuple(each for each in policies if state.supplier_of(each.issuer) == supplier)


def by_silence(case: Granted | Exhausted) -> bool:
    """Return whether no person decided it; it answers to all policies, as what they permit does."""
    return isinstance(case.dossier.decisions[-1].said, Assent)


def newly(state: State, bound: Iterable[Bound]) -> frozenset[str]:
    """Return the names of those of `bound` that have not bound, or been kept to, just before."""
    before = {each.digest for each in (*state.binding, *state.retained)}
    return frozenset(each.policy for each in bound if each.digest not in before)


def spare(state: State, names: Iterable[str]) -> Spared:
    """Return which policies keep which cases, now that those of `names` begin to bind."""
    found = [state.policies[name].policy for name in sorted(names)]
    pending = [each for each in found if each.transition.pending is Pending.KEEP]
    permits = [each for each in found if each.transition.permits is Permits.KEEP]
    if not pending and not permits:
        return state.spared
    noted = {}
    for name, case in state.cases.items():
        if isinstance(case, Open | Live | Suspended):
            keep = pending if isinstance(case, Open) else permits
            theirs = of_supplier(state, keep, case.dossier.supplier)
            if theirs:
                noted[name] = (*state.spared.get(name, ()), *(each.name for each in theirs))
    return state.spared.update(noted)
