"""One sentence for each thing said of the articles themselves, and of violations."""

from typing import assert_never

from sayso.casework.events import (
    Allegation,
    Closure,
    Delivery,
    EndUseCheck,
    Finding,
    Freeze,
    Holding,
    Inventory,
    Loss,
    Remedy,
    Violation,
)
from sayso.cli.phrases import inline


def violation(said: Violation) -> str:
    """Return one sentence for what is said of a violation."""
    words = inline(said.text)
    match said:
        case Allegation():
            return f"{said.office} alleges a violation by {said.partner}: {words}"
        case Freeze():
            return f"{said.office} freezes {said.docket}: {words}"
        case Finding():
            return f"{said.office} finds on {said.docket}: {words}"
        case Remedy():
            return f"{said.office} remedies {said.docket}: {words}"
        case Closure():
            outcome = "confirmed" if said.confirmed else "unfounded"
            return f"{said.office} closes {said.docket} as {outcome}: {words}"
        case _:
            assert_never(said)


def holding(said: Holding) -> str:
    """Return one sentence for what is said of the things themselves."""
    under = f"{said.article} under {said.agreement}"
    match said:
        case Delivery():
            return f"the tranche {said.tranche} is delivered: {said.count} of {under}"
        case Inventory():
            return f"{said.count} of {under} are held"
        case Loss():
            return f"{said.count} of {under} are lost at {said.lost_at}: {inline(said.account)}"
        case EndUseCheck():
            found = "as told" if said.sound else "not as told"
            return f"{said.office} has checked {under}, {found}: {inline(said.findings)}"
        case _:
            assert_never(said)
