"""What the tests of who may act share: people without an office, and powers for them."""

from typing import Any

from sayso.casework.events import (
    Adoption,
    Decision,
    Delegation,
    Power,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.operations.perform import Receipt
from tests.casework.texts import (
    GREEN_LIGHT,
    advises,
    asks,
    decides,
)
from tests.house import LIAISON, OWNER, House

MONTHS = Period.parse("2025-06-01T00:00:00Z/2025-09-01T00:00:00Z")


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def enrols(house: House, *people: str) -> None:
    """Put people on the record who hold no office."""
    for person in people:
        house.do("registrar", house.enrolment(person))


def grants(name: str = "memo-1", to: str = "deputy", **changed: Any) -> Delegation:
    """Return the policy owner's delegation of its decisions to a deputy, with what is `changed`."""
    usual: dict[str, Any] = {
        "office": OWNER,
        "powers": (Power.DECIDE,),
        "term": MONTHS,
        "instrument": "a memorandum",
        "person": to,
    }
    return Delegation(name, **{**usual, **changed})


def owner_decides(house: House, **changed: Any) -> str:
    """Return a case of `uses` (8) that waits for the policy owner, whose decision is unreserved."""
    if not house.state.policies:
        house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks(**{"uses": 8, **changed}))
    case = f"ukraine-{house.state.filed_by['ukraine']}"
    house.do("joint-staff", advises(case, "joint-staff"))
    return case


def owners(house: House, case: str, **changed: Any) -> Decision:
    """Return a grant in the policy owner's name."""
    return decides(house, case, office=OWNER, **changed)
