"""What was delivered under an agreement, and what the partner says became of it.

The record takes what each side says and corrects neither: that it does not add up is what
`queries.stock` shows. Only what could not be meant is refused: a thing delivered twice, or lost
though it was never delivered.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from sayso.casework.dossier import On, Stamp
from sayso.casework.events import Delivery, EndUseCheck, Holding, Inventory, Loss
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant


def check(state: State, act: Holding, mark: Stamp) -> Refusal | None:
    """Return why what is said of the things is out of order; None if it is not."""
    agreement = state.agreement(act.agreement)
    state.article(act.article)
    if act.article not in agreement.articles:
        return Refusal("not-covered", f"`{act.agreement}` does not cover `{act.article}`")
    match act:
        case Delivery():
            return next(_delivered_twice(state, act), None)
        case Loss():
            return next(_never_there(state, act, mark.at), None)
        case EndUseCheck():
            return _own_check(state, act)
        case Inventory():
            return None
        case _:
            assert_never(act)


def _own_check(state: State, act: EndUseCheck) -> Refusal | None:
    if state.office(act.office).partner is None:
        return None
    return Refusal("own-check", f"`{act.office}` is a partner's, and nobody checks themself")


def _delivered_twice(state: State, act: Delivery) -> Iterator[Refusal]:
    for agreement, article in state.holdings:
        if article != act.article:
            continue
        known = delivered(state, agreement, article)
        for serial in act.serials:
            if serial in known:
                yield Refusal("delivered", f"`{serial}` was delivered under `{agreement}` already")
    for on in state.holdings.get((act.agreement, act.article), ()):
        if isinstance(on.said, Delivery) and on.said.tranche == act.tranche:
            yield Refusal("tranche", f"the tranche `{act.tranche}` was delivered already")


def _never_there(state: State, act: Loss, at: Instant) -> Iterator[Refusal]:
    if act.lost_at > at:
        yield Refusal("ahead", f"what is lost at {act.lost_at} cannot be told at {at}")
    said = state.holdings.get((act.agreement, act.article), ())
    lost = {serial for on in said if isinstance(on.said, Loss) for serial in on.said.serials}
    known = delivered(state, act.agreement, act.article)
    for serial in act.serials:
        if serial in lost:
            yield Refusal("lost", f"`{serial}` was told lost already")
        if known and serial not in known:
            yield Refusal("not-delivered", f"`{serial}` was not delivered under `{act.agreement}`")


def delivered(state: State, agreement: str, article: str) -> frozenset[str]:
    """Return the serial numbers of an article delivered under an agreement."""
    said = state.holdings.get((agreement, article), ())
    return frozenset(
        serial for on in said if isinstance(on.said, Delivery) for serial in on.said.serials
    )


def apply(state: State, act: Holding, mark: Stamp) -> State:
    """Return what stands once it is said."""
    key = (act.agreement, act.article)
    said = (*state.holdings.get(key, ()), On(act, mark))
    return replace(state, holdings=state.holdings.set(key, said))
