"""A partner files a request, and may take it back."""

from dataclasses import replace

from sayso.casework import case
from sayso.casework.case import Dossier, On, Stamp, Unjudged, Withdrawn
from sayso.casework.events import Request, Withdrawal
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant


def check_request(state: State, act: Request, at: Instant) -> Refusal | None:
    """Return why not: another's agreement, an article not covered, a window that is over."""
    agreement = state.agreement(act.agreement)
    state.article(act.article)
    if agreement.partner != act.partner:
        return Refusal(
            "not-theirs", f"`{act.agreement}` is with `{agreement.partner}`, not `{act.partner}`"
        )
    if act.article not in agreement.articles:
        covered = ", ".join(f"`{each}`" for each in agreement.articles)
        return Refusal("not-covered", f"`{act.agreement}` covers {covered}, not `{act.article}`")
    if act.window.end is None:
        return Refusal("no-end", "a request needs an end to its window", "say until when")
    if act.window.end <= at:
        return Refusal("over", f"the window {act.window} is over at {at}")
    return None


def apply_request(state: State, act: Request, stamp: Stamp) -> State:
    """Return the state in which the request is filed, as the partner's next case.

    Cases are counted by partner, so that a partner's numbers tell nothing of the others' (law 13).
    """
    number = state.filed_by.get(act.partner, 0) + 1
    name = f"{act.partner}-{number}"
    filed = Unjudged(Dossier(name, On(act, stamp)))
    return replace(
        state,
        cases=state.cases.set(name, filed),
        unjudged=(*state.unjudged, name),
        filed_by=state.filed_by.set(act.partner, number),
    )


def check_withdrawal(state: State, act: Withdrawal) -> Refusal | None:
    """Only an open case can be withdrawn."""
    found = state.case(act.case)
    if not isinstance(found, case.Open):
        return Refusal("closed", f"`{act.case}` is {case.name(found)}, and not open")
    return None


def apply_withdrawal(state: State, act: Withdrawal, stamp: Stamp) -> State:
    """Return the state in which the case is withdrawn."""
    dossier = state.case(act.case).dossier
    taken = replace(dossier, withdrawals=(*dossier.withdrawals, On(act, stamp)))
    return replace(state, cases=state.cases.set(act.case, Withdrawn(taken)))
