"""What each side says of the things stands as it was said, and what differs is named."""

import pytest

from sayso.casework.events import Act, Agreement, Delivery, EndUseCheck, Inventory, Loss, UseReport
from sayso.casework.refusal import Refusal
from sayso.errors import MalformedEntry
from sayso.operations.perform import Receipt
from sayso.queries.disclosure import Reader, view
from sayso.queries.stock import Account, accounts
from tests.casework.texts import decides, to_be_decided
from tests.house import LIAISON, OTHERS, SECRETARY, House

FIRST = Delivery("aid", "atacms", "first", 3, ("M1", "M2", "M3"))


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def account(house: House) -> Account:
    """Return the account of the one article."""
    (found,) = accounts(house.state, "aid")
    return found


def used(house: House, *serials: str) -> None:
    """Grant and report a use."""
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    house.do(LIAISON, UseReport(case, 1, house.now, serials))


def test_what_was_delivered_is_held_used_or_lost_and_adds_up(house: House) -> None:
    house.do("registrar", FIRST)
    used(house, "M1")
    house.do(LIAISON, Loss("aid", "atacms", 1, house.now, "the depot burned", ("M2",)))
    house.do(LIAISON, Inventory("aid", "atacms", 1, ("M3",)))
    found = account(house)
    assert (found.delivered, found.used, found.lost, found.expected, found.held) == (3, 1, 1, 1, 1)
    assert found.differs == ()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Inventory("aid", "atacms", 2), "2 are held, and 3 should be"),
        (Inventory("aid", "atacms", 3, ("M1", "M2", "M9")), "M9 was never delivered"),
        (Inventory("aid", "atacms", 2, ("M1", "M2")), "M3 is neither held nor told used or lost"),
    ],
)
def test_what_does_not_add_up_is_named(house: House, told: Act, said: str) -> None:
    house.do("registrar", FIRST)
    house.do(LIAISON, told)
    assert said in account(house).differs


def test_a_thing_told_used_and_still_held_or_lost_is_named(house: House) -> None:
    house.do("registrar", FIRST)
    used(house, "M1")
    house.do(LIAISON, Inventory("aid", "atacms", 3, ("M1", "M2", "M3")))
    assert "M1 is counted as held, and told used or lost" in account(house).differs
    house.do(LIAISON, Loss("aid", "atacms", 1, house.now, "gone", ("M1",)))
    assert "M1 is told both used and lost" in account(house).differs


@pytest.mark.parametrize(
    ("serials", "said"),
    [
        (("M1", "M1"), "M1 is told used more than once"),
        (("M9",), "M9 was never delivered"),
        (("M2",), "M2 is told both used and lost"),
    ],
)
def test_a_use_is_recorded_though_its_serial_number_does_not_add_up(
    house: House, serials: tuple[str, ...], said: str
) -> None:
    """A report is the partner's word on what happened: it is kept, and what differs is named."""
    house.do("registrar", FIRST)
    house.do(LIAISON, Loss("aid", "atacms", 1, house.now, "the depot burned", ("M2",)))
    case = to_be_decided(house, uses=2)
    house.do(SECRETARY, decides(house, case))
    for serial in serials:
        house.later()
        house.do(LIAISON, UseReport(case, 1, house.now, (serial,)))
    found = account(house)
    assert said in found.differs
    assert found.used == len(serials)


def test_a_serial_number_delivered_to_another_partner_was_not_delivered_to_this_one(
    house: House,
) -> None:
    house.do("registrar", FIRST)
    house.do("registrar", Agreement("other-aid", "Aid", "US", "poland", ("atacms",)))
    house.do("registrar", Delivery("other-aid", "atacms", "theirs", 1, ("P1",)))
    used(house, "P1")
    assert "P1 was never delivered" in account(house).differs


def test_nothing_is_delivered_twice_nor_lost_that_was_never_there(house: House) -> None:
    house.do("registrar", FIRST)
    again = Delivery("aid", "atacms", "second", 1, ("M1",))
    assert refused(house.tries("registrar", again)) == "delivered"
    same = Delivery("aid", "atacms", "first", 1, ("M4",))
    assert refused(house.tries("registrar", same)) == "tranche"
    never = Loss("aid", "atacms", 1, house.now, "gone", ("M9",))
    assert refused(house.tries(LIAISON, never)) == "not-delivered"
    with pytest.raises(MalformedEntry, match="serial numbers"):
        Delivery("aid", "atacms", "third", 2, ("M5",))


def test_each_side_speaks_for_itself(house: House) -> None:
    assert refused(house.tries(LIAISON, FIRST)) == "partners"
    for person in (OTHERS, SECRETARY, "registrar"):
        assert refused(house.tries(person, Inventory("aid", "atacms", 3))) in {
            "not-appointed",
            "unknown",
        }
    own = EndUseCheck("aid", "atacms", LIAISON, sound=True, findings="fine")
    assert refused(house.tries(LIAISON, own)) == "partners"
    seen = EndUseCheck("aid", "atacms", "joint-staff", sound=False, findings="two seen of three")
    house.do("joint-staff", seen)
    assert account(house).unsound == 1


def test_a_partner_sees_what_was_delivered_and_told_and_no_check_of_an_office(house: House) -> None:
    house.do("registrar", FIRST)
    seen = EndUseCheck("aid", "atacms", "joint-staff", sound=False, findings="two seen of three")
    house.do("joint-staff", seen)
    theirs = view(house.state, Reader.parse("partner:ukraine"))
    (found,) = accounts(theirs, "aid")
    assert (found.delivered, found.unsound) == (3, 0)
    assert not view(house.state, Reader.parse("partner:poland")).holdings
    assert not view(house.state, Reader.parse("public")).holdings
