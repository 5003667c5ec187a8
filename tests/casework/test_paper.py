"""Decisions made on paper: dated back, and no further than they could have been made."""

from datetime import timedelta

from sayso.casework.events import Adoption, Appointment, Relief
from sayso.dates import Period
from tests.casework.deputies import enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    advises,
    asks,
    consolidates,
    decides,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House


def test_a_decision_on_paper_was_its_signers_to_make_when_it_was_made(house: House) -> None:
    """Law 8: by the appointments on the record at that moment, and none of later date."""
    case = to_be_decided(house)
    scan = house.paper(b"signed on paper")
    first = house.now
    house.do("registrar", house.enrolment("new"))
    house.later(hours=5)
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, "new"))
    since = house.now
    house.later(hours=5)
    early = decides(house, case, made_at=first, paper=scan)
    assert refused(house.tries("new", early)) == "not-theirs-then"
    house.do("new", decides(house, case, made_at=since, paper=scan))


def test_an_appointment_that_begins_before_it_was_recorded_makes_no_earlier_paper_good(
    house: House,
) -> None:
    case = owner_decides(house)
    scan = house.paper(b"signed on paper")
    first = house.now
    house.do("registrar", house.enrolment("new"))
    house.later(hours=5)
    house.do(
        SECRETARY,
        Appointment(OWNER, "new", Period(first, house.now + timedelta(days=9)), acting=True),
    )
    early = owners(house, case, made_at=first, paper=scan)
    assert refused(house.tries("new", early)) == "not-theirs-then"
    house.do("new", owners(house, case, made_at=house.now, paper=scan))


def test_a_decision_on_paper_is_not_older_than_the_verdict_it_names(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks(uses=9))
    first = house.now
    house.later(hours=5)
    house.do(OWNER, Adoption(MECHANISM))
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.do(OWNER, consolidates(house, "ukraine-1"))
    scan = house.paper(b"signed on paper")
    early = decides(house, "ukraine-1", made_at=first, paper=scan)
    assert refused(house.tries(SECRETARY, early)) == "before-verdict"


def test_a_power_that_was_delegated_since_makes_no_earlier_paper_good(house: House) -> None:
    case = owner_decides(house)
    scan = house.paper(b"signed on paper")
    first = house.now
    house.later(hours=5)
    enrols(house, "deputy")
    house.do(OWNER, grants())
    early = owners(house, case, made_at=first, paper=scan)
    assert refused(house.tries("deputy", early)) == "not-theirs-then"
    house.do("deputy", owners(house, case, made_at=house.now, paper=scan))
