"""Whoever has something to do is told before it is overdue, and whoever was passed over is told."""

from datetime import timedelta

from sayso.casework.events import Condition, Hold, Outcome, Phase, Query, Since, UseReport
from sayso.dates import Period
from sayso.queries.inbox import SOON, Task, Why, inbox
from tests.casework.signing import at_once, ratifies, urgent
from tests.casework.texts import asks, decides, governed, to_be_decided
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

DAY = timedelta(days=1)


def before(house: House, office: str, *whys: Why, soon: timedelta = SOON) -> tuple[Task, ...]:
    """Return what lies before an office now for one of these reasons."""
    found = house.worded(inbox(house.state, office, house.now, soon=soon))
    return tuple(each for each in found if each.why in whys)


def granted(house: House, *conditions: Condition) -> str:
    """Return a case that is granted on conditions."""
    case = to_be_decided(house)
    limits = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": conditions}
    house.do(SECRETARY, decides(house, case, **limits))
    return case


def test_a_turn_says_how_much_of_its_time_is_left_and_whether_it_is_due_soon(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.later(6)
    (task,) = before(house, "europe-desk", Why.WAITING)
    assert (task.left, task.soon) == (timedelta(hours=18), True)
    (task,) = before(house, "europe-desk", Why.WAITING, soon=timedelta(hours=17))
    assert (task.left, task.soon) == (timedelta(hours=18), False)
    house.do("joint-staff", Query("ukraine-1", "joint-staff", "Which unit?"))
    house.later(5)
    (task,) = before(house, "europe-desk", Why.STOPPED)
    assert (task.left, task.due, task.soon) == (timedelta(hours=18), None, False)


def test_an_obligation_is_reminded_of_before_its_day_to_whom_it_binds_and_who_imposed_it(
    house: House,
) -> None:
    due = house.now + 5 * DAY
    theirs = Condition("hand in the log", Phase.AFTER, "partner", by=due, imposed_by="joint-staff")
    ours = Condition("tell the embassy", Phase.AFTER, OWNER, "P5D", Since.GRANT)
    case = granted(house, theirs, ours)
    told = {
        LIAISON: "obligation 1 of partner: hand in the log",
        "joint-staff": "obligation 1 of partner: hand in the log",
        OWNER: f"obligation 2 of {OWNER}: tell the embassy",
        SECRETARY: f"obligation 2 of {OWNER}: tell the embassy",
        "general-counsel": None,
        "poland-liaison": None,
    }
    for office in told:
        assert before(house, office, Why.OWED) == ()
    house.now += 4 * DAY
    for office, about in told.items():
        found = before(house, office, Why.OWED)
        assert [(each.case, each.about) for each in found] == ([(case, about)] if about else [])
        assert all(each.left == DAY and each.soon for each in found if about == told[LIAISON])
    house.now += 2 * DAY
    for office, about in told.items():
        late = before(house, office, Why.OVERDUE)
        assert [each.about for each in late] == ([about] if about else [])


def test_the_use_report_is_reminded_of_until_it_is_made(house: House) -> None:
    window = Period(house.now, house.now + 2 * DAY)
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case, window=window))
    house.now = window.start + 4 * DAY
    for office in (LIAISON, SECRETARY):
        (task,) = before(house, office, Why.OWED)
        assert (task.case, task.left) == (case, DAY)
    house.do(LIAISON, UseReport(case, 0))
    assert before(house, LIAISON, Why.OWED) == ()


def test_what_would_expire_undecided_is_reminded_of(house: House) -> None:
    case = to_be_decided(house, window=Period(house.now, house.now + 4 * DAY))
    assert before(house, SECRETARY, Why.EXPIRES) == ()
    house.now += 3 * DAY
    (task,) = before(house, SECRETARY, Why.EXPIRES)
    assert (task.case, task.left, task.soon) == (case, DAY, True)
    assert before(house, OWNER, Why.EXPIRES) == ()


def test_a_partner_is_told_of_the_queries_that_it_has_to_answer(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.do("joint-staff", Query("ukraine-1", "joint-staff", "Which unit?"))
    (task,) = before(house, LIAISON, Why.ASKED)
    assert task.about is not None
    assert task.about.endswith("Which unit?")
    assert task.stage == "under review"
    assert before(house, "poland-liaison", *Why) == ()


def test_the_end_of_a_hold_is_reminded_of_to_whom_it_is(house: House) -> None:
    case = to_be_decided(house)
    until = house.now + 4 * DAY
    house.do(SECRETARY, Hold("talks", SECRETARY, "talks are on", case=case, until=until))
    house.do(SECRETARY, Hold("fault", SECRETARY, "a fault", article="atacms", until=until))
    assert before(house, SECRETARY, Why.ENDS) == ()
    house.now += 3 * DAY
    told = [(each.case, each.about, each.left) for each in before(house, SECRETARY, Why.ENDS)]
    assert told == [(None, "fault: a fault", DAY), (case, "talks: talks are on", DAY)]
    assert before(house, OWNER, Why.ENDS) == ()
    house.now = until
    assert before(house, SECRETARY, Why.ENDS) == ()


def test_who_was_passed_over_is_told_why_until_the_grant_is_over(house: House) -> None:
    case = urgent(house)
    window = Period(house.now, house.now + 3 * DAY)
    house.do("dora", at_once(house, case, window=window))
    for office in (*ADVISERS, OWNER):
        (task,) = before(house, office, *Why)
        assert (task.case, task.why) == (case, Why.PAST)
        assert task.about == "duty-officer could not wait: under fire"
    (task,) = before(house, SECRETARY, *Why)
    assert (task.why, task.soon) == (Why.RATIFY, True)
    house.do(SECRETARY, ratifies(house, case))
    assert before(house, SECRETARY, *Why) == ()
    house.now = window.start + 3 * DAY
    assert before(house, "joint-staff", *Why) == ()


def test_what_is_overdue_stands_before_what_is_due_soon(house: House) -> None:
    early = Condition("first", Phase.AFTER, "partner", by=house.now + 5 * DAY)
    late = Condition("second", Phase.AFTER, "partner", by=house.now + 7 * DAY)
    granted(house, late, early)
    house.now += 6 * DAY
    found = before(house, SECRETARY, *Why)
    assert [each.why for each in found] == [Why.OVERDUE, Why.OWED]
    (only,) = before(house, SECRETARY, *Why, soon=timedelta())
    assert only.why is Why.OVERDUE
