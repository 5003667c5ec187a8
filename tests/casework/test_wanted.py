"""Who can do the next thing is told before anyone acts, and is what they find when they do."""

import pytest

from sayso.casework.events import Appointment, Hold, Opening
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.queries import inbox, wanted
from sayso.queries.inbox import Why
from sayso.queries.wanted import AT_ONCE, COUNTERSIGN, RATIFY, Wanted
from tests.casework.signing import (
    COUNTERSIGNED,
    at_once,
    by_board,
    countersigned,
    ratifies,
    second,
    sign,
    under,
    urgent,
)
from tests.casework.texts import decides, refuses
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

EVERYBODY = (SECRETARY, OWNER, *ADVISERS, LIAISON, "registrar")


def who(house: House, case: str) -> tuple[Wanted, ...]:
    """Return what the case waits for, now."""
    return wanted.who(house.state, case, house.now)


def able(found: Wanted) -> set[str]:
    """Return the persons who may do it."""
    return {each.person for each in found.able}


def test_who_may_countersign_is_told_and_nobody_else_can(house: House) -> None:
    case = countersigned(house)
    (found,) = who(house, case)
    assert (found.office, found.does, able(found)) == ("chief-counsel", COUNTERSIGN, {"counsel"})
    for person in EVERYBODY:
        assert isinstance(house.tries(person, second(house, case)), Refusal), person
    (task,) = inbox.inbox(house.state, "chief-counsel", house.now)
    assert (task.case, task.does, task.able) == (case, COUNTERSIGN, ("counsel",))
    house.do("counsel", second(house, case))
    assert who(house, case) == ()


def test_who_advised_and_holds_the_second_office_is_told_why_they_may_not(house: House) -> None:
    house.do("registrar", Opening("chief-counsel", "Counsel", 2, SECRETARY, 1))
    house.do(SECRETARY, Appointment("chief-counsel", "general-counsel", Period(house.now)))
    case = under(house, COUNTERSIGNED)
    house.do(SECRETARY, decides(house, case))
    (found,) = who(house, case)
    assert found.able == ()
    assert [each.code for each in found.unable] == ["two-parts"]
    refusal = house.tries("general-counsel", second(house, case))
    assert isinstance(refusal, Refusal)
    assert refusal.words == found.unable[0].words


def test_who_may_decide_at_once_and_who_has_to_ratify_it_is_told(house: House) -> None:
    case = urgent(house)
    (officer,) = (each for each in who(house, case) if each.does == AT_ONCE)
    assert (officer.office, able(officer)) == ("duty-officer", {"dora"})
    house.do("dora", at_once(house, case))
    (found,) = who(house, case)
    assert (found.office, found.does, able(found)) == (SECRETARY, RATIFY, {SECRETARY})
    (task,) = inbox.inbox(house.state, SECRETARY, house.now)
    assert (task.why, task.does, task.able) == (Why.RATIFY, RATIFY, (SECRETARY,))
    assert task.due == Instant(house.now.micros + 24 * 3600 * 10**6)
    for person in EVERYBODY:
        if person != SECRETARY:
            assert isinstance(house.tries(person, ratifies(house, case)), Refusal), person
    house.do(SECRETARY, ratifies(house, case))
    assert who(house, case) == ()
    assert inbox.inbox(house.state, SECRETARY, house.now) == ()


def test_the_emergency_officer_who_holds_the_deciding_office_too_does_not_ratify(
    house: House,
) -> None:
    case = urgent(house)
    house.do("dora", at_once(house, case))
    (found,) = who(house, case)
    assert "dora" not in able(found)


def test_everybody_of_a_board_may_still_sign(house: House) -> None:
    case = by_board(house)
    house.do("ann", sign(house, case))
    (found,) = who(house, case)
    assert {"bob", "cid"} <= able(found)


@pytest.mark.parametrize("stage", ["deciding", "countersigning"])
def test_what_is_on_hold_nobody_may_decide_or_countersign(house: House, stage: str) -> None:
    if stage == "deciding":
        case = under(house, "{decide: secretary-of-defense}")
    else:
        case = countersigned(house)
    house.do(SECRETARY, Hold("pause", SECRETARY, "talks are on", case=case))
    (found,) = who(house, case)
    assert found.able == ()
    assert [each.code for each in found.unable] == ["held"]
    act = second(house, case) if stage == "countersigning" else decides(house, case)
    person = "counsel" if stage == "countersigning" else SECRETARY
    assert isinstance(house.tries(person, act), Refusal)


def test_what_is_refused_waits_for_nobody(house: House) -> None:
    case = under(house, "{decide: secretary-of-defense}")
    house.do(SECRETARY, refuses(house, case))
    assert who(house, case) == ()
