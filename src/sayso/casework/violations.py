"""The violation docket: what is alleged of a partner, and what is done about it until it is closed.

A docket is one supplier's: of the office that opened it, or of the case that a partner tells of. A
freeze stops every grant of that supplier to the partner, of the docket's article if it names one,
and suspends those that are live. It stops what others may decide, as a hold on a class does, and so
is for whoever is, or outranks, every head of the policies that bind (law 15). It is lifted, with
the docket's closing, by the office that froze it or one above; what was suspended stays so until
whoever decided it reinstates it.

A docket that is not frozen is closed by the office that opened it or one above; a partner's own, by
whoever could have frozen it.
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

Spoken = Freeze | Finding | Remedy | Closure


def check(state: State, act: Violation) -> Refusal | None:
    """Return why what is said of a violation is out of order; None if it is not."""
    if isinstance(act, Allegation):
        return check_allegation(state, act)
    docket = named(state, act.docket)
    if docket.closed:
        return Refusal("closed", f"`{act.docket}` is closed", "open another")
    return _not_theirs(state, docket, act) or _out_of_order(state, docket, act)


def _not_theirs(state: State, docket: Docket, act: Spoken) -> Refusal | None:
    office = state.office(act.office)
    if office.partner is not None:
        return Refusal("own-docket", f"`{act.office}` is a partner's, and does not judge itself")
    if office.supplier != docket.supplier:
        return Refusal(
            "another-supplier",
            f"`{act.docket}` is of another supplier than `{act.office}`",
            "each supplier opens a docket of its own, and stops its own grants alone",
        )
    return None


def _out_of_order(state: State, docket: Docket, act: Spoken) -> Refusal | None:
    match act:
        case Freeze():
            return _twice(act) if docket.frozen else _no_decider(state, act)
        case Closure():
            return _not_above(state, docket, act)
        case Finding() | Remedy():
            return _no_part(state, docket, act)
        case _:
            assert_never(act)


def _not_above(state: State, docket: Docket, act: Closure) -> Refusal | None:
    """Return why the docket is not theirs to close: a freeze, or its opening, was above them."""
    opened = docket.opened.said.office
    if docket.frozen is None and state.office(opened).partner is not None:
        return _no_decider(state, act)
    head, did = (docket.frozen, "frozen") if docket.frozen else (opened, "opened")
    if state.reaches(act.office, head):
        return None
    return Refusal(
        "not-above",
        f"`{act.docket}` was {did} by `{head}`, above which `{act.office}` does not stand",
        f"`{head}` closes it, or whoever stands above",
    )


def _no_part(state: State, docket: Docket, act: Finding | Remedy) -> Refusal | None:
    """Return why they do not inquire: they did not open it, and no policy that binds names them."""
    bound = (state.policies.get(each.policy) for each in state.binding)
    named = {name for each in bound if each is not None for name in adoption.offices(each.policy)}
    named |= adoption.binding_heads(state, docket.supplier)
    if act.office in named or state.reaches(act.office, docket.opened.said.office):
        return None
    return Refusal(
        "no-part",
        f"`{act.office}` did not open `{act.docket}`, and no policy in force gives it a part",
        "let an office that reviews or decides say it",
    )


def named(state: State, name: str) -> Docket:
    """Return the docket called `name`, or raise `Unknown`."""
    found = state.dockets.get(name)
    if found is None:
        raise Unknown.named("docket", name, state.dockets)
    return found


def check_allegation(state: State, act: Allegation) -> Refusal | None:
    """Return why not: of another partner's case, or by another partner."""
    speaking = state.office(act.office)
    if speaking.partner not in {None, act.partner}:
        return Refusal(
            "not-theirs", f"`{act.office}` speaks for `{speaking.partner}`, not for `{act.partner}`"
        )
    if act.article is not None:
        state.article(act.article)
    if act.concerns is None:
        return None
    dossier = state.case(act.concerns).dossier
    asked = dossier.asked
    if asked.partner != act.partner or act.article not in {None, asked.article}:
        return Refusal(
            "other-case", f"`{act.concerns}` is a case of `{asked.partner}` about `{asked.article}`"
        )
    if speaking.partner is None and speaking.supplier != dossier.supplier:
        return Refusal("another-supplier", f"`{act.concerns}` seeks another supplier's consent")
    return None


def _supplier(state: State, act: Allegation) -> str | None:
    """Return whose docket it is: of the office, or, where a partner tells of a case, of that."""
    if act.concerns is not None:
        return state.case(act.concerns).dossier.supplier
    return state.supplier_of(act.office)


def _twice(act: Freeze) -> Refusal:
    return Refusal("frozen", f"`{act.docket}` is frozen already")


def _no_decider(state: State, act: Freeze | Closure) -> Refusal | None:
    """Return why their office could not stop grants: it is not every head, nor above."""
    heads = adoption.binding_heads(state, state.supplier_of(act.office))
    if heads and all(state.above(act.office, head) for head in heads):
        return None
    if not heads:
        return Refusal("not-above", "no policy is in force, so that nothing could be granted")
    names = ", ".join(f"`{head}`" for head in sorted(heads))
    return Refusal(
        "not-above",
        f"the policies in force are those of {names}, and `{act.office}` does not stand above each",
        "this is for whoever could stop all that they decide",
    )


def apply(state: State, act: Violation, mark: Stamp) -> State:
    """Return what stands once it is said."""
    if isinstance(act, Allegation):
        name = f"violation-{len(state.dockets) + 1}"
        opened = Docket(name, On(act, mark), _supplier(state, act))
        return replace(state, dockets=state.dockets.set(name, opened))
    before = named(state, act.docket)
    said = (*before.said, On(act, mark))
    frozen = act.office if isinstance(act, Freeze) else before.frozen
    closed = isinstance(act, Closure)
    docket = replace(before, said=said, frozen=None if closed else frozen, closed=closed)
    state = replace(state, dockets=state.dockets.set(act.docket, docket))
    return _suspended(state, docket, act, mark) if isinstance(act, Freeze) else state


def _suspended(state: State, docket: Docket, act: Freeze, mark: Stamp) -> State:
    """Return the state in which the live authorizations that a freeze reaches are suspended."""
    for _, found in sorted(state.cases.items()):
        if isinstance(found, Live) and docket.reaches(found.dossier):
            state = state.keep(Suspended(found.dossier.heard(act, mark)))
    return state


def frozen(state: State, dossier: Dossier) -> Refusal | None:
    """Return why nothing is granted on a case: a docket that is open freezes it."""
    for name, docket in sorted(state.dockets.items()):
        if docket.frozen and docket.reaches(dossier):
            return Refusal(
                "frozen",
                f"`{dossier.id}` is frozen by `{name}`",
                "nothing is granted until that docket is closed",
            )
    return None
