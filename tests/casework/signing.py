"""Cases that several sign: a quorum, a countersignature, an emergency to ratify."""

from typing import Any

from sayso.casework.case import Countersigning
from sayso.casework.events import (
    Adoption,
    Appointment,
    Countersignature,
    Decision,
    Opening,
    Ratification,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.operations.perform import Receipt
from sayso.queries.coverage import Use
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    asks,
    decides,
    to_be_decided,
)
from tests.house import LIAISON, OWNER, SECRETARY, House

DECIDE = "{decide: secretary-of-defense, reserved: true, consent: positive}"
COUNTERSIGNED = "{decide: secretary-of-defense, countersign: chief-counsel}"
URGENT = "{decide: secretary-of-defense, emergency: {by: duty-officer, ratify: PT24H}}"
BOARD = ("ann", "bob", "cid")
KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def opened(house: House, office: str, *holders: str) -> None:
    """Open an office that the Secretary fills, and appoint its holders."""
    house.do("registrar", Opening(office, office, 2, SECRETARY, len(holders)))
    for person in holders:
        house.do("registrar", house.enrolment(person))
        house.do(SECRETARY, Appointment(office, person, Period(house.now)))


def under(house: House, stage: str, **changed: Any) -> str:
    """Return a case on which the final stage of the route is `stage`, waiting for a decision."""
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM.replace(DECIDE, stage)))
    return to_be_decided(house, **changed)


def by_board(house: House) -> str:
    """Return a case that two of the three holders of a board must agree on."""
    opened(house, "board", *BOARD)
    return under(house, "{decide: board, quorum: 2}", uses=2)


def sign(house: House, case: str, **changed: Any) -> Decision:
    """Return the board's decision to grant, with what is `changed`."""
    return decides(house, case, office="board", **changed)


def countersigned(house: House) -> str:
    """Return a case that the Secretary has decided to grant, and the chief counsel countersigns."""
    opened(house, "chief-counsel", "counsel")
    case = under(house, COUNTERSIGNED)
    house.do(SECRETARY, decides(house, case))
    return case


def second(house: House, case: str, **changed: Any) -> Countersignature:
    """Return the countersignature that is waited for."""
    found = house.state.case(case)
    digest = found.decision.stamp.digest if isinstance(found, Countersigning) else "0" * 64
    usual = {"case": case, "office": "chief-counsel", "decision": digest, "upheld": True}
    return Countersignature(**{**usual, "reasons": "", **changed})


def urgent(house: House) -> str:
    """Return a case just filed, that the duty officer may decide at once."""
    opened(house, "duty-officer", "dora")
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM.replace(DECIDE, URGENT)))
    house.do(LIAISON, asks())
    return "ukraine-1"


def at_once(house: House, case: str, **changed: Any) -> Decision:
    """Return the duty officer's grant."""
    usual = {"office": "duty-officer", "emergency": "under fire", "reasons": "no time"}
    return decides(house, case, **{**usual, **changed})


def ratifies(house: House, case: str, **changed: Any) -> Ratification:
    """Return the Secretary's ratification."""
    digest = house.state.case(case).dossier.decisions[-1].stamp.digest
    usual = {"case": case, "office": SECRETARY, "decision": digest, "upheld": True}
    return Ratification(**{**usual, "reasons": "", **changed})
