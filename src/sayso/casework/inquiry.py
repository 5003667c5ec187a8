"""Beside the stages of a route: offices ask back, comment, object and hold; partners answer."""

from typing import assert_never

from sayso.casework import holds, turns
from sayso.casework.case import Deciding, Open
from sayso.casework.dossier import Stamp
from sayso.casework.events import (
    Answer,
    Comment,
    Hold,
    HoldRelease,
    Inquiry,
    Objection,
    Query,
)
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.policy.routes import Consent
from sayso.replaced import replace


def check(state: State, act: Inquiry, mark: Stamp) -> Refusal | None:
    """Return why it is out of order; None if it is not."""
    match act:
        case Query():
            return check_query(state, act)
        case Answer():
            return check_answer(state, act)
        case Comment():
            return check_comment(state, act)
        case Objection():
            return check_objection(state, act, mark.at)
        case Hold():
            return holds.check_hold(state, act, mark.at)
        case HoldRelease():
            return holds.check_release(state, act)
        case _:
            assert_never(act)


def apply(state: State, act: Inquiry, mark: Stamp) -> State:
    """Return what stands once it is said."""
    match act:
        case Query():
            return apply_query(state, act, mark)
        case Answer():
            return apply_answer(state, act, mark)
        case Comment() | Objection():
            return apply_note(state, act, mark)
        case Hold():
            return holds.apply_hold(state, act, mark)
        case HoldRelease():
            return holds.apply_release(state, act, mark)
        case _:
            assert_never(act)


def check_query(state: State, act: Query) -> Refusal | None:
    """Return why not: the case is closed, it does not go by this office, or one is open."""
    found = state.case(act.case)
    if not isinstance(found, Open):
        return Refusal("closed", f"`{act.case}` waits for nobody, so nothing is asked back")
    if act.office not in on_route(found):
        return Refusal("not-on-route", f"`{act.case}` does not go by `{act.office}`")
    asked = [on.stamp.index for on in found.dossier.open_queries if on.said.office == act.office]
    if asked:
        return Refusal("asked", f"the query of `{act.office}`, entry {asked[0]}, is still open")
    return None


def on_route(found: Open) -> set[str]:
    """Return the offices by which a case goes."""
    legs = found.dossier.verdict.said.route
    return {office for leg in legs for office in leg.offices}


def apply_query(state: State, act: Query, stamp: Stamp) -> State:
    """Return the state in which the partner is asked, and the offices' time stands still."""
    found = state.case(act.case)
    if isinstance(found, Open):
        found = turns.stop(state, found, stamp.at)
    return state.keep(replace(found, dossier=found.dossier.noted(act, stamp)))


def check_answer(state: State, act: Answer) -> Refusal | None:
    """Return why not: there is no such open query."""
    dossier = state.case(act.case).dossier
    if any(on.stamp.index == act.query for on in dossier.open_queries):
        return None
    return Refusal("not-asked", f"no open query on `{act.case}` is entry {act.query}")


def apply_answer(state: State, act: Answer, stamp: Stamp) -> State:
    """Return the state in which it is answered; with the last answer, time goes on."""
    found = state.case(act.case)
    found = replace(found, dossier=found.dossier.noted(act, stamp))
    if isinstance(found, Open) and not found.dossier.open_queries:
        found = turns.go_on(state, found, stamp.at)
    return state.keep(found)


def check_comment(state: State, act: Comment) -> Refusal | None:
    """Return why not: it is the office of a partner, which sees none."""
    state.case(act.case)
    if state.office(act.office).partner is not None:
        return Refusal("partners", f"`{act.office}` is a partner's office; comments are internal")
    return None


def check_objection(state: State, act: Objection, at: Instant) -> Refusal | None:
    """Return why not: no silence would grant this, it is broken, or it is not theirs to break."""
    found = state.case(act.case)
    if not isinstance(found, Deciding) or turns.consent(found) is not Consent.NO_OBJECTION:
        return Refusal("no-silence", f"`{act.case}` is not about to be granted by silence")
    if turns.broken(state, found.dossier, at):
        return Refusal("broken", f"silence grants nothing in `{act.case}` any more")
    if act.office not in on_route(found) and not state.above(act.office, found.office):
        return Refusal("not-on-route", f"`{act.case}` does not go by `{act.office}`")
    return None


def apply_note(state: State, act: Comment | Objection, stamp: Stamp) -> State:
    """Return the state in which it stands in the dossier."""
    found = state.case(act.case)
    return state.keep(replace(found, dossier=found.dossier.noted(act, stamp)))
