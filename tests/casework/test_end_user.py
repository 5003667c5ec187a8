"""An end user is a unit of the partner's, with an office and a key of its own: it undertakes."""

from dataclasses import replace

import pytest

from sayso.casework.events import (
    Appointment,
    Condition,
    Fulfilment,
    Item,
    Opening,
    Outcome,
    Phase,
    Undertaking,
    Withdrawal,
)
from sayso.dates import Period
from sayso.errors import MalformedEntry
from sayso.operations.perform import perform
from tests.casework.deputies import refused
from tests.casework.texts import advises, asks, consolidates, decides, governed
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House

UNIT, COLONEL = "brigade-19", "colonel"
SWORN = "used as stated, and not passed on"


def enlisted(house: House, unit: str = UNIT, by: str = LIAISON) -> None:
    """Let a partner open the office of a unit, and put its commander there."""
    partner = by.removesuffix("-liaison")
    house.do(by, Opening(unit, "A unit", 50, by, 1, partner, end_user=True))
    if COLONEL not in house.state.persons:
        house.do("registrar", house.enrolment(COLONEL))
    house.do(by, Appointment(unit, COLONEL, Period(house.now)))


def asked(house: House, unit: str | None = UNIT) -> str:
    """Return a case in which a unit is named."""
    governed(house)
    item = Item("atacms", "Kursk", 1, end_user=unit)
    house.do(LIAISON, replace(asks(), items=(item,)))
    return f"ukraine-{house.state.filed_by['ukraine']}"


def test_an_undertaking_bears_the_end_users_own_signature(house: House) -> None:
    enlisted(house)
    case = asked(house)
    for person in (LIAISON, OTHERS, "registrar", SECRETARY):
        answer = house.tries(person, Undertaking(case, SWORN))
        assert refused(answer) in {"not-appointed", "unknown"}
    house.do(COLONEL, Undertaking(case, SWORN))
    (on,) = house.state.case(case).dossier.undertakings
    assert on.stamp.by == COLONEL


def test_whoever_brings_it_the_end_user_has_signed_it(house: House) -> None:
    """Law 9: a liaison may hand it in, and cannot sign it."""
    enlisted(house)
    case = asked(house)
    forged = house.says(COLONEL, Undertaking(case, SWORN), key=house.key(LIAISON))
    assert refused(perform(house.desk, forged)) == "another's-key"
    perform(house.desk, house.says(COLONEL, Undertaking(case, SWORN)))
    assert house.state.case(case).dossier.undertakings


def test_an_end_user_without_an_office_cannot_undertake_and_nobody_does_for_it(
    house: House,
) -> None:
    case = asked(house)
    answer = house.tries(LIAISON, Undertaking(case, SWORN))
    assert refused(answer) == "no-end-user"
    assert "sayso office open brigade-19 --partner ukraine --end-user" in str(answer)
    enlisted(house, by=OTHERS)
    assert refused(house.tries(LIAISON, Undertaking(case, SWORN))) == "no-end-user"
    assert refused(house.tries(COLONEL, Undertaking(case, SWORN))) == "unknown"


def test_a_partner_undertakes_itself_where_no_end_user_is_named(house: House) -> None:
    enlisted(house)
    case = asked(house, unit=None)
    assert refused(house.tries(COLONEL, Undertaking(case, SWORN))) == "not-appointed"
    house.do(LIAISON, Undertaking(case, SWORN))


def test_an_end_user_does_not_speak_for_its_partner(house: House) -> None:
    enlisted(house)
    case = asked(house)
    for act in (asks(), Withdrawal(case, "x")):
        assert refused(house.tries(COLONEL, act)) == "not-appointed"


def test_who_is_of_the_end_user_has_no_part_inside(house: House) -> None:
    """Law 7: a unit asks too."""
    enlisted(house)
    case = asked(house)
    house.later()
    house.do("registrar", house.enrolment("aide"))
    term = Period(house.now, Period.parse("2025-07-01T00:00:00Z/2025-07-02T00:00:00Z").end)
    house.do("registrar", Appointment("joint-staff", COLONEL, term, acting=True))
    answer = house.tries(COLONEL, advises(case, "joint-staff"))
    assert refused(answer) == "own-request"


def test_a_condition_that_binds_the_end_user_is_met_by_it_or_by_its_partner(house: House) -> None:
    enlisted(house)
    case = asked(house)
    for office in ADVISERS:
        house.do(office, advises(case, office))
    house.do(OWNER, consolidates(house, case))
    swear = [Condition(text, Phase.BEFORE, whom) for text, whom in _SWEAR]
    granted = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": tuple(swear)}
    house.do(SECRETARY, decides(house, case, **granted))
    assert refused(house.tries(COLONEL, Fulfilment(case, 3, "x"))) == "not-appointed"
    for person, number in ((COLONEL, 1), (LIAISON, 2), (LIAISON, 3)):
        house.do(person, Fulfilment(case, number, "the paper"))


_SWEAR = (("swear it", "end-user"), ("train the crew", "end-user"), ("tell of it", "partner"))


def test_only_a_partner_has_end_users() -> None:
    with pytest.raises(MalformedEntry, match="a unit of a partner"):
        Opening(UNIT, "A unit", 50, "registrar", 1, end_user=True)
