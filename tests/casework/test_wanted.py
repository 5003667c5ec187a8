"""Who can do the next thing is told before anyone acts, and is what they find when they do."""

import pytest

from sayso.casework.events import (
    Appointment,
    Change,
    Fulfilment,
    Hold,
    Opening,
    Outcome,
    Variation,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.queries import inbox, wanted
from sayso.queries.inbox import Why
from sayso.queries.mandates import mandates
from sayso.queries.wanted import AT_ONCE, COUNTERSIGN, RATIFY, RECONSIDER, Wanted
from tests.casework.deputies import enrols, grants, owner_decides, owners
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
from tests.casework.test_duties import PLAIN, PLEDGE
from tests.casework.test_varying import answers, asked, asks_again
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


def test_who_may_answer_about_a_condition_is_told_and_nobody_else_can(house: House) -> None:
    case = asked(house, PLAIN)
    (found,) = who(house, case)
    assert (found.office, found.does, able(found)) == (SECRETARY, RECONSIDER, {SECRETARY})
    (task,) = inbox.inbox(house.state, SECRETARY, house.now)
    assert (task.why, task.does, task.able) == (Why.AGAIN, RECONSIDER, (SECRETARY,))
    for person in EVERYBODY:
        if person != SECRETARY:
            assert isinstance(house.tries(person, answers(case)), Refusal), person
    house.do(SECRETARY, answers(case))
    assert who(house, case) == ()


def test_a_delegate_answers_about_a_condition_as_far_as_they_may_decide(house: House) -> None:
    case = owner_decides(house)
    limits = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLAIN,)}
    house.do(OWNER, owners(house, case, **limits))
    house.do(LIAISON, asks_again(case))
    enrols(house, "deputy", "junior")
    house.do(OWNER, grants("small", "junior", most_uses=7))
    house.do(OWNER, grants("whole"))
    house.do(OWNER, grants("staff", "joint-staff"))
    (found,) = who(house, case)
    assert able(found) == {OWNER, "deputy"}
    assert [each.code for each in found.unable] == ["beyond-delegation", "two-parts"]
    dossier = house.state.case(case).dossier
    chains = {
        name: mandates(house.state, name, house.now, dossier=dossier)[0].why_not
        for name in ("junior", "deputy")
    }
    assert chains == {"junior": "`small` allows grants of at most 7 uses", "deputy": None}
    said = Variation(case, OWNER, 1, Change.END, "so it has")
    for person in ("junior", "joint-staff"):
        assert isinstance(house.tries(person, said), Refusal), person
    house.do("deputy", said)


def test_an_office_that_is_not_on_the_route_has_nothing_to_delegate_in_the_case(
    house: House,
) -> None:
    case = under(house, "{decide: secretary-of-defense, reserved: true}")
    enrols(house, "deputy")
    house.do(OWNER, grants())
    house.do(SECRETARY, grants("memo-2", office=SECRETARY))
    dossier = house.state.case(case).dossier
    owners_, secretarys = mandates(house.state, "deputy", house.now, dossier=dossier)
    assert owners_.why_not == f"`{OWNER}` has nothing to decide in it"
    assert secretarys.why_not == f"to decide `{case}` is reserved to the holder of `{SECRETARY}`"


def test_nobody_answers_about_a_condition_while_a_hold_stands(house: House) -> None:
    case = asked(house, PLAIN)
    house.do(SECRETARY, Hold("pause", SECRETARY, "talks are on", case=case))
    (found,) = who(house, case)
    assert (found.able, [each.code for each in found.unable]) == ((), ["held"])
    assert isinstance(house.tries(SECRETARY, answers(case)), Refusal)


def test_what_was_handed_in_since_waits_for_no_answer(house: House) -> None:
    case = asked(house, PLEDGE)
    house.do(LIAISON, Fulfilment(case, 1, "the signed paper"))
    assert isinstance(house.tries(SECRETARY, answers(case)), Refusal)
    assert who(house, case) == ()
    assert all(each.why is not Why.AGAIN for each in inbox.inbox(house.state, SECRETARY, house.now))
