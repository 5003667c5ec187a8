"""To countersign and to ratify are powers too: whose they are, and to whom they can be given."""

import pytest

from sayso.casework import authority
from sayso.casework.authority import Warrant
from sayso.casework.case import Deciding, Granted
from sayso.casework.events import Adoption, Appointment, Power, Recusal
from sayso.casework.refusal import Refusal
from tests.casework.deputies import MONTHS, enrols, grants, refused
from tests.casework.signing import (
    BOARD,
    COUNTERSIGNED,
    DECIDE,
    URGENT,
    at_once,
    by_board,
    countersigned,
    opened,
    ratifies,
    second,
    sign,
    under,
    urgent,
)
from tests.casework.texts import GREEN_LIGHT, MECHANISM, asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House

COUNSEL = "chief-counsel"
SECOND = (Power.COUNTERSIGN,)
RATIFY = (Power.RATIFY,)


def test_a_delegate_countersigns_in_the_office_s_name_by_the_chain(house: House) -> None:
    case = countersigned(house)
    enrols(house, "deputy")
    house.do("counsel", grants(office=COUNSEL, powers=SECOND))
    (wanted,) = authority.who(house.state, case, house.now)
    assert (wanted.office, wanted.power) == (COUNSEL, Power.COUNTERSIGN)
    assert wanted.able[1] == Warrant("deputy", COUNSEL, None, ("memo-1",))
    assert (
        authority.may(house.state, second(house, case), person="deputy", at=house.now)
        == (wanted.able[1])
    )
    house.do("deputy", second(house, case))
    assert isinstance(house.state.case(case), Granted)


def test_a_delegate_ratifies_in_the_office_s_name_by_the_chain(house: House) -> None:
    case = urgent(house)
    enrols(house, "deputy")
    house.do(SECRETARY, grants(office=SECRETARY, powers=RATIFY))
    house.do("dora", at_once(house, case))
    (wanted,) = authority.who(house.state, case, house.now)
    assert (wanted.office, wanted.power) == (SECRETARY, Power.RATIFY)
    assert [each.person for each in wanted.able] == [SECRETARY, "deputy"]
    house.do("deputy", ratifies(house, case))
    assert authority.who(house.state, case, house.now) == ()


@pytest.mark.parametrize("power", [Power.DECIDE, Power.ADVISE])
def test_no_power_is_another(house: House, power: Power) -> None:
    case = countersigned(house)
    enrols(house, "deputy")
    house.do("counsel", grants(office=COUNSEL, powers=(power,)))
    assert refused(house.tries("deputy", second(house, case))) == "beyond-delegation"


def test_a_reserved_decision_is_countersigned_and_ratified_by_no_delegate(house: House) -> None:
    """Law 8: what makes it take effect is as much the decision as the first signature."""
    opened(house, COUNSEL, "counsel")
    enrols(house, "deputy")
    house.do("counsel", grants(office=COUNSEL, powers=SECOND))
    case = under(house, COUNTERSIGNED.replace("countersign", "reserved: true, countersign"))
    house.do(SECRETARY, decides(house, case))
    answer = house.tries("deputy", second(house, case))
    assert isinstance(answer, Refusal)
    assert "reserved" in answer.words
    (wanted,) = authority.who(house.state, case, house.now)
    assert [each.person for each in wanted.able] == ["counsel"]


def test_a_reserved_emergency_is_ratified_by_no_delegate(house: House) -> None:
    opened(house, "duty-officer", "dora")
    enrols(house, "deputy")
    house.do(SECRETARY, grants(office=SECRETARY, powers=RATIFY))
    reserved = URGENT.replace("emergency", "reserved: true, emergency")
    reserved = reserved.replace("PT24H", "PT24H, of_reserved: true")
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM.replace(DECIDE, reserved)))
    house.do(LIAISON, asks())
    house.do("dora", at_once(house, "ukraine-1"))
    assert refused(house.tries("deputy", ratifies(house, "ukraine-1"))) == "beyond-delegation"
    house.do(SECRETARY, ratifies(house, "ukraine-1"))


def test_who_advised_countersigns_for_nobody(house: House) -> None:
    """Law 7."""
    case = countersigned(house)
    house.do("counsel", grants(office=COUNSEL, to="joint-staff", powers=SECOND))
    assert refused(house.tries("joint-staff", second(house, case))) == "two-parts"


def test_a_delegate_countersigns_no_more_uses_than_the_delegation_allows(house: House) -> None:
    opened(house, COUNSEL, "counsel")
    enrols(house, "deputy")
    house.do("counsel", grants(office=COUNSEL, powers=SECOND, most_uses=1))
    case = under(house, COUNTERSIGNED, uses=2)
    house.do(SECRETARY, decides(house, case))
    assert refused(house.tries("deputy", second(house, case))) == "beyond-delegation"
    house.do("counsel", second(house, case, upheld=False, reasons="too many"))
    house.do(SECRETARY, decides(house, case, uses=1))
    house.do("deputy", second(house, case))


def test_a_second_signature_is_not_delegated_to_an_office_filled_from_below(house: House) -> None:
    """Law 15: whoever fills that office would choose who countersigns."""
    opened(house, COUNSEL, "counsel")
    below = grants(office=COUNSEL, to_office="europe-desk", person=None, powers=SECOND)
    assert refused(house.tries("counsel", below)) == "filled-from-below"


def test_a_holder_and_their_delegate_are_one_of_the_quorum(house: House) -> None:
    """Else one member of a board would be all of it."""
    case = by_board(house)
    enrols(house, "deputy")
    house.do(BOARD[0], grants(office="board"))
    house.do(BOARD[0], sign(house, case))
    answer = house.tries("deputy", sign(house, case))
    assert isinstance(answer, Refusal)
    assert "2 holders" in answer.words
    assert isinstance(house.state.case(case), Deciding)
    house.do(SECRETARY, Appointment("board", "deputy", MONTHS, acting=True))
    house.do("deputy", sign(house, case))
    assert isinstance(house.state.case(case), Granted)


def test_who_is_recused_chooses_nobody_to_countersign(house: House) -> None:
    case = countersigned(house)
    enrols(house, "deputy")
    house.do("counsel", Recusal(case, "counsel", "a brother serves there"))
    house.do("counsel", grants(office=COUNSEL, powers=SECOND))
    assert refused(house.tries("deputy", second(house, case))) == "beyond-delegation"
