"""The violation docket: what is alleged of a partner, and what is done about it until it is closed.

A freeze stops every grant to the partner, of the docket's article if it names one, and suspends
those that are live. It is for an office that could have decided: one that decides under a policy in
force, or stands above. A docket is closed by the office that opened it or one above; what was
suspended stays so until whoever decided it reinstates it.
"""

from dataclasses import replace
from typing import assert_never

from sayso.casework import adoption
from sayso.casework.case import Live, Suspended
from sayso.casework.dossier import Dossier, On, Stamp
from sayso.casework.events import Allegation, Closure, Finding, Freeze, Remedy, Violation
from sayso.casework.refusal import Refusal
from sayso.casework.state import Docket, State
from sayso.errors import Unknown


def check(state: State, act: Violation) -> Refusal | None:
    """Return why what is said of a violation is out of order; None if it is not."""
    if isinstance(act, Allegation):
        return check_allegation(state, act)
    docket = named(state, act.docket)
    if docket.closed:
        return Refusal("closed", f"`{act.docket}` is closed", "open another")
    if state.office(act.office).partner is not None:
        return Refusal("own-docket", f"`{act.office}` is a partner's, and does not judge itself")
    match act:
        case Freeze():
            return _no_decider(state, act) if not docket.frozen else _twice(act)
        case Closure():
            return _not_opened(state, docket, act)
        case Finding() | Remedy():
            return None
        case _:
            assert_never(act)


def _not_opened(state: State, docket: Docket, act: Closure) -> Refusal | None:
    opened = docket.opened.said.office
    if state.reaches(act.office, opened) or state.office(opened).partner is not None:
        return None
    words = f"`{act.docket}` was opened by `{opened}`, above which `{act.office}` does not stand"
    return Refusal("not-above", words)


def named(state: State, name: str) -> Docket:
    """Return the docket called `name`, or raise `Unknown`."""
    found = state.dockets.get(name)
    if found is None:
        raise Unknown.named("docket", name, state.dockets)
    return found


def check_allegation(state: State, act: Allegation) -> Refusal | None:
    """Return why not: of another partner's case, or by another partner."""
    of = state.office(act.office).partner
    if of not in {None, act.partner}:
        return Refusal("not-theirs", f"`{act.office}` speaks for `{of}`, not for `{act.partner}`")
    if act.article is not None:
        state.article(act.article)
    if act.concerns is None:
        return None
    asked = state.case(act.concerns).dossier.asked
    if asked.partner == act.partner and act.article in {None, asked.article}:
        return None
    return Refusal(
        "other-case", f"`{act.concerns}` is a case of `{asked.partner}` about `{asked.article}`"
    )


def _twice(act: Freeze) -> Refusal:
    return Refusal("frozen", f"`{act.docket}` is frozen already")


def _no_decider(state: State, act: Freeze) -> Refusal | None:
    binding = {bound.policy for bound in state.binding}
    deciders = {
        office
        for name, each in state.policies.items()
        if name in binding
        for office in adoption.deciders(each.policy)
    }
    if any(state.reaches(act.office, each) for each in deciders):
        return None
    return Refusal("not-above", f"`{act.office}` decides under no policy in force, nor above one")


def apply(state: State, act: Violation, mark: Stamp) -> State:
    """Return what stands once it is said."""
    if isinstance(act, Allegation):
        name = f"violation-{len(state.dockets) + 1}"
        opened = Docket(name, On(act, mark))
        return replace(state, dockets=state.dockets.set(name, opened))
    before = named(state, act.docket)
    said = (*before.said, On(act, mark))
    docket = replace(
        before,
        said=said,
        frozen=(before.frozen or isinstance(act, Freeze)) and not isinstance(act, Closure),
        closed=isinstance(act, Closure),
    )
    state = replace(state, dockets=state.dockets.set(act.docket, docket))
    return _suspended(state, docket, act, mark) if isinstance(act, Freeze) else state


def _suspended(state: State, docket: Docket, act: Freeze, mark: Stamp) -> State:
    """Return the state in which the live authorizations that a freeze reaches are suspended."""
    for _, found in sorted(state.cases.items()):
        if isinstance(found, Live) and docket.reaches(found.dossier.asked):
            state = state.keep(Suspended(found.dossier.heard(act, mark)))
    return state


def frozen(state: State, dossier: Dossier) -> Refusal | None:
    """Return why nothing is granted on a case: a docket that is open freezes it."""
    for name, docket in sorted(state.dockets.items()):
        if docket.frozen and docket.reaches(dossier.asked):
            return Refusal(
                "frozen",
                f"`{dossier.id}` is frozen by `{name}`",
                "nothing is granted until that docket is closed",
            )
    return None
