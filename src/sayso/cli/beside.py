"""Sentences for who may act, and for what is said beside the stages of a route."""

from typing import assert_never

from sayso.casework.events import (
    Answer,
    Comment,
    Delegation,
    DelegationRevocation,
    Hold,
    HoldRelease,
    Inquiry,
    KeyRevocation,
    Objection,
    Powers,
    Query,
    Recusal,
)
from sayso.cli.phrases import counted, inline, listed, span


def powers(said: Powers) -> str:
    """Return one sentence for an act on who may act."""
    match said:
        case Delegation():
            return delegation(said)
        case DelegationRevocation():
            return f"the delegation {said.delegation} is revoked: {inline(said.reason)}"
        case Recusal():
            asked = "" if said.office is None else f", on demand of {said.office}"
            return f"{said.person} is recused from {said.case}{asked}: {inline(said.reason)}"
        case KeyRevocation():
            since = (
                "" if said.compromised_from is None else f", unsafe from {said.compromised_from}"
            )
            return f"the key {said.key} of {said.person} is revoked{since}: {inline(said.reason)}"
        case _:
            assert_never(said)


def delegation(said: Delegation) -> str:
    """Return what a delegation grants, to whom and within which limits."""
    powers = listed(power.value for power in said.powers)
    to = said.person or f"whoever holds {said.to_office}"
    scope = (said.scope.partners, said.scope.articles, said.scope.territories, said.scope.purposes)
    within = listed(name for names in scope for name in names)
    limits = f", only for {within}" if within else ""
    limits += "" if said.most_uses is None else f", at most {counted(said.most_uses)} in one grant"
    limits += ", and to be granted on" if said.onward else ""
    under = "" if said.under is None else f" under {said.under}"
    words = f"{said.delegation}{under} grants {to} to {powers} for {said.office}"
    return f"{words}, {span(said.term)}{limits}"


def inquiry(said: Inquiry) -> str:
    """Return one sentence for what is said beside a route."""
    match said:
        case Query():
            return f"{said.office} asks the partner of {said.case}: {inline(said.question)}"
        case Answer():
            return f"the partner answers entry {said.query} on {said.case}: {inline(said.answer)}"
        case Comment():
            return f"{said.office} notes on {said.case}: {inline(said.comment)}"
        case Objection():
            return f"{said.office} objects to {said.case}: {inline(said.reason)}"
        case Hold():
            until = "" if said.until is None else f" until {said.until}"
            return f"{said.office} holds {_held(said)}{until} ({said.hold}): {inline(said.reason)}"
        case HoldRelease():
            return f"{said.office} releases the hold {said.hold}: {inline(said.reason)}"
        case _:
            assert_never(said)


def _held(said: Hold) -> str:
    if said.case is not None:
        return said.case
    parts = (("", said.article), ("by ", said.partner), ("in ", said.territory))
    return "every use " + " ".join(f"{word}{name}" for word, name in parts if name is not None)
