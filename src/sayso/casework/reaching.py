"""Which policies reach a case: its supplier's, but those that keep it, or have no say over it.

A policy says by its transition what it does to what it finds: to what is open (`pending`), and to
what is permitted or granted (`permits`). One that keeps what it finds does not exist for it, nor
does it take the place of another for it: such a case goes on under the policies that were there,
until one that does not keep it takes their place. So what is kept stays kept whatever else changes,
and whoever asks. A case that is filed or appealed later, or prohibited by rule, finds them all.

A grant answers to the policies that bound when it was decided, and to a later one only if its
issuer is the decider or outranks it: else whoever issues policies could undo what they could not
decide.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sayso.casework.case import Case, Exhausted, Granted, Live, Open, Permitted
from sayso.casework.dossier import Stamp
from sayso.casework.events import Assent
from sayso.casework.inforce import InForce, in_force, standing
from sayso.casework.state import Adopted, State
from sayso.dates import Instant
from sayso.policy.policy import Pending, Permits, Policy

Policies = tuple[Policy, ...]


class Bounds(NamedTuple):
    """What says which policies reach a case; cases of which it is the same are reached by the same.

    `decider` is the office that decided a grant (None: none did), `grounds` are the digests of the
    policies that it answers to because they bound then, and `spared` the names of those that keep
    the case.
    """

    supplier: str | None
    decider: str | None = None
    grounds: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


def reaching(state: State, case: Case, at: Instant) -> Policies:
    """Return the policies by which `case` is judged at `at`, by name."""
    now = in_force(state, at)
    return within(state, now, bounds(case, now.adopted), at)


def keeping(state: State, case: Case, at: Instant) -> tuple[str, ...]:
    """Return the policies that bind at `at` and keep `case`, by name: it goes on without them."""
    now = in_force(state, at)
    spared = bounds(case, now.adopted).spared
    found = of_supplier(state, now.policies, case.dossier.supplier)
    return tuple(each.name for each in found if each.name in spared)


def bounds(case: Case, adopted: Iterable[Adopted]) -> Bounds:
    """Return what says which policies reach `case`; `adopted` are those that bind or have bound."""
    supplier = case.dossier.supplier
    if not isinstance(case, Open | Live | Exhausted):
        return Bounds(supplier)
    judged = frozenset(bound.digest for bound in case.dossier.verdict.said.policies)
    others = [each for each in adopted if each.policy.digest not in judged]
    spared = frozenset(each.policy.name for each in others if _keeps(each, case))
    if not isinstance(case, Granted | Exhausted) or by_silence(case):
        return Bounds(supplier, spared=spared)
    decided = case.dossier.decisions[-1]
    known = frozenset(e.policy.digest for e in others if _took_effect(e, decided.stamp))
    return Bounds(supplier, decided.said.office, judged | known, spared)


def within(state: State, now: InForce, limits: Bounds, at: Instant) -> Policies:
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


def of_supplier(state: State, policies: Iterable[Policy], supplier: str | None) -> Policies:
    """Return those of `policies` that an office of `supplier` issued; None: the record keeper's."""
    return tuple(each for each in policies if state.supplier_of(each.issuer) == supplier)


def by_silence(case: Granted | Exhausted) -> bool:
    """Return whether no person decided it; it answers to all policies, as what they permit does."""
    return isinstance(case.dossier.decisions[-1].said, Assent)


def _keeps(adopted: Adopted, case: Open | Live | Exhausted) -> bool:
    """Return whether a policy that the verdict on `case` does not rest on keeps the case."""
    transition = adopted.policy.transition
    if isinstance(case, Open) or _took_effect(adopted, _settled(case)):
        return transition.pending is Pending.KEEP
    return transition.permits is Permits.KEEP


def _settled(case: Live | Exhausted) -> Stamp:
    """Return the entry by which `case` was permitted or granted."""
    dossier = case.dossier
    return dossier.verdict.stamp if isinstance(case, Permitted) else dossier.decisions[-1].stamp


def _took_effect(adopted: Adopted, before: Stamp) -> bool:
    """Return whether a policy bound when that entry was made."""
    return adopted.stamp.index < before.index and adopted.policy.in_force.start <= before.at
