"""Powers are delegated and taken back, persons recused, keys revoked.

All of it changes who may decide, and so needs what deciding needs (law 15): nobody grants more than
they have, a decision is not delegated to an office that a lower one fills, and whoever takes a
person out of a case stands above everything that person could do in it.
"""

from dataclasses import replace
from typing import assert_never

from sayso.casework import delegations
from sayso.casework.dossier import On, Stamp
from sayso.casework.events import (
    Delegation,
    DelegationRevocation,
    KeyRevocation,
    Powers,
    Recusal,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Unknown

LONGEST_CHAIN = 8


def check(state: State, act: Powers, mark: Stamp) -> Refusal | None:
    """Return why an act on who may act is out of order; None if it is not."""
    match act:
        case Delegation():
            return check_delegation(state, act, mark)
        case DelegationRevocation():
            return check_delegation_revocation(state, act)
        case Recusal():
            return check_recusal(state, act)
        case KeyRevocation():
            return check_key_revocation(state, act, mark.at)
        case _:
            assert_never(act)


def apply(state: State, act: Powers, mark: Stamp) -> State:
    """Return what stands once it is done."""
    match act:
        case Delegation():
            return apply_delegation(state, act, mark)
        case DelegationRevocation():
            return apply_delegation_revocation(state, act, mark)
        case Recusal():
            return apply_recusal(state, act, mark)
        case KeyRevocation():
            return apply_key_revocation(state, act, mark)
        case _:
            assert_never(act)


def check_delegation(state: State, act: Delegation, mark: Stamp) -> Refusal | None:
    """Return why not: the name is taken, it is over, to the wrong hands, or more than one has."""
    if act.delegation in state.delegations:
        return Refusal("delegation-exists", f"a delegation is named `{act.delegation}` already")
    if act.term.end is not None and act.term.end <= mark.at:
        return Refusal("over", f"the term {act.term} is over at {mark.at}")
    if state.office(act.office).partner is not None:
        return Refusal("partners", f"`{act.office}` is a partner's office, and reviews nothing")
    wrong = _wrong_hands(state, act, mark)
    if wrong is not None or act.under is None:
        return wrong
    return _beyond(state, act, mark.at)


def _wrong_hands(state: State, act: Delegation, mark: Stamp) -> Refusal | None:
    if act.person is not None:
        state.person(act.person)
        if act.person == mark.by:
            return Refusal("to-oneself", "nobody grants a power to themself")
        return None
    to = state.office(str(act.to_office))
    if to.office == act.office:
        return Refusal("to-oneself", f"`{act.office}` has its powers already")
    if to.partner is not None or to.supplier != state.office(act.office).supplier:
        return Refusal("others", f"`{to.office}` is not of the same supplier as `{act.office}`")
    passing = delegations.PASSING.intersection(act.powers)
    if passing and state.filled_from_below(to.office):
        does = " and ".join(sorted(power.value for power in passing))
        return Refusal(
            "filled-from-below",
            f"`{to.office}` would {does}, and is filled by `{to.appointed_by}`, which does not "
            "outrank it",
            "whoever fills it could do that; grant it to a person",
        )
    return None


def _beyond(state: State, act: Delegation, at: Instant) -> Refusal | None:
    """Return why the grantor may not grant this on."""
    above = delegations.named(state, str(act.under))
    name = above.said.delegation
    if above.said.office != act.office:
        return Refusal("other-office", f"`{name}` grants powers of `{above.said.office}`")
    if not above.said.onward:
        return Refusal("not-onward", f"`{name}` may not be granted on")
    over = delegations.ended(state, above, at)
    if over is not None:
        return Refusal("ended", over)
    if len(delegations.chain(state, above)) >= LONGEST_CHAIN:
        return Refusal("too-long", f"a chain has at most {LONGEST_CHAIN} instruments")
    wider = delegations.widened(above.said, act)
    if wider is not None:
        return Refusal(
            "widened",
            f"`{act.delegation}` goes beyond `{name}` in its {wider}",
            f"grant no more than `{name}` does",
        )
    return None


def apply_delegation(state: State, act: Delegation, stamp: Stamp) -> State:
    """Return the state in which the delegation stands."""
    link = delegations.link_of(state, act, stamp)
    granted = (*state.delegated.get(act.office, ()), act.delegation)
    return replace(
        state,
        delegations=state.delegations.set(act.delegation, link),
        delegated=state.delegated.set(act.office, granted),
    )


def check_delegation_revocation(state: State, act: DelegationRevocation) -> Refusal | None:
    """Return why not: it is revoked already."""
    link = delegations.named(state, act.delegation)
    if link.revoked is not None:
        return Refusal("revoked", f"`{act.delegation}` was revoked at {link.revoked.at}")
    return None


def apply_delegation_revocation(state: State, act: DelegationRevocation, stamp: Stamp) -> State:
    """Return the state in which the delegation is revoked."""
    ended = replace(delegations.named(state, act.delegation), revoked=stamp)
    return replace(state, delegations=state.delegations.set(act.delegation, ended))


def check_recusal(state: State, act: Recusal) -> Refusal | None:
    """Return why not: the person is out of it. It is never too late.

    What is decided is still suspended, varied, ratified and followed up, and what is closed is
    released and commented on: whoever finds a conflict then must be able to say so.
    """
    state.person(act.person)
    found = state.case(act.case)
    if act.person in found.dossier.recused:
        return Refusal("recused", f"`{act.person}` is recused from `{act.case}` already")
    return None


def apply_recusal(state: State, act: Recusal, stamp: Stamp) -> State:
    """Return the state in which the person is out of the case."""
    found = state.case(act.case)
    dossier = replace(found.dossier, aside=(*found.dossier.aside, On(act, stamp)))
    return state.keep(replace(found, dossier=dossier))


def check_key_revocation(state: State, act: KeyRevocation, at: Instant) -> Refusal | None:
    """Return why not: no such key, revoked already, or nobody could ever fill an office again."""
    state.person(act.person)
    key = state.keys.get(act.key)
    if key is None or key.person != act.person:
        raise Unknown.named("key of that person", act.key, state.persons[act.person])
    if key.revoked is not None:
        return Refusal("revoked", f"the key {act.key} was revoked at {key.revoked.at}")
    if act.compromised_from is not None and act.compromised_from > at:
        return Refusal("ahead", f"{act.compromised_from} is still to come")
    for office in _left_keyless(state, act, at):
        return Refusal(
            "left-keyless",
            f"`{act.person}` holds `{office}`, which fills itself, and no other key could sign "
            "for it",
            "enrol another key of theirs first",
        )
    return None


def _left_keyless(state: State, act: KeyRevocation, at: Instant) -> tuple[str, ...]:
    """Return the offices that fill themselves and that nobody could sign for any more."""

    def signs(person: str) -> bool:
        return any(key != act.key for key in state.live_keys(person))

    return tuple(
        name
        for name, office in sorted(state.offices.items())
        if office.appointed_by == name
        and any(term.person == act.person for term in state.holders(name, at))
        and not any(signs(term.person) for term in state.holders(name, at))
    )


def apply_key_revocation(state: State, act: KeyRevocation, stamp: Stamp) -> State:
    """Return the state in which the key signs no more."""
    key = replace(state.keys[act.key], revoked=stamp, compromised_from=act.compromised_from)
    return replace(state, keys=state.keys.set(act.key, key))
