"""A request goes its way, one act after the other, each in its turn."""

from sayso.casework.case import (
    Advising,
    Consolidating,
    Deciding,
    Granted,
    Permitted,
    Refused,
    Returned,
    Suspended,
    Withdrawn,
)
from sayso.casework.events import Adoption, Outcome, Withdrawal
from sayso.casework.refusal import Refusal
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    advises,
    asks,
    consolidates,
    decides,
    governed,
    refuses,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House


def test_a_request_goes_to_its_offices_and_is_refused(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    assert isinstance(house.state.case("ukraine-1"), Advising)
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office, Outcome.REFUSE))
    assert isinstance(house.state.case("ukraine-1"), Consolidating)
    house.do(OWNER, consolidates(house, "ukraine-1"))
    assert isinstance(house.state.case("ukraine-1"), Deciding)
    house.do(SECRETARY, refuses(house, "ukraine-1"))
    assert isinstance(house.state.case("ukraine-1"), Refused)


def test_a_grant_is_an_authorization_within_its_limits(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    assert isinstance(house.state.case(case), Granted)


def test_a_request_can_be_returned(house: House) -> None:
    case = to_be_decided(house)
    returned = decides(
        house, case, outcome=Outcome.RETURN, reasons="say where", uses=None, window=None
    )
    house.do(SECRETARY, returned)
    assert isinstance(house.state.case(case), Returned)


def test_what_the_policy_permits_is_permitted_at_once(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks(place="Dzhankoi"))
    assert isinstance(house.state.case("ukraine-1"), Permitted)


def test_what_no_policy_permits_is_prohibited(house: House) -> None:
    house.do(LIAISON, asks())
    assert type(house.state.case("ukraine-1")).__name__ == "Prohibited"


def test_an_open_request_can_be_withdrawn_and_a_closed_one_not(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.do(LIAISON, Withdrawal("ukraine-1", "no longer needed"))
    assert isinstance(house.state.case("ukraine-1"), Withdrawn)
    again = house.tries(LIAISON, Withdrawal("ukraine-1", "again"))
    assert isinstance(again, Refusal)
    assert again.code == "closed"


def test_a_change_of_policy_suspends_permits_and_reroutes_what_is_pending(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks(uses=8))
    house.do("joint-staff", advises("ukraine-2", "joint-staff"))
    house.do(OWNER, Adoption(MECHANISM))
    assert isinstance(house.state.case("ukraine-1"), Suspended)
    rerouted = house.state.case("ukraine-2")
    assert isinstance(rerouted, Advising)
    assert rerouted.waiting == ("europe-desk", "general-counsel")
    assert len(rerouted.dossier.current_advice) == 1, "it rests on the same facts, and stays"


def test_a_policy_of_the_future_binds_when_its_day_comes(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks())
    later = MECHANISM.replace("from: 2025-05-30T", "from: 2025-06-02T")
    house.do(OWNER, Adoption(later))
    assert isinstance(house.state.case("ukraine-1"), Permitted)
    house.later(hours=24)
    house.do(LIAISON, asks(place="Dzhankoi"))
    assert isinstance(house.state.case("ukraine-1"), Suspended)
