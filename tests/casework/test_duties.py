"""What follows on a grant: uses are drawn down, obligations met, accepted or breached."""

from typing import Any

import pytest

from sayso.casework import obligations
from sayso.casework.case import Exhausted, Granted, Lapsed
from sayso.casework.events import (
    Acceptance,
    Breach,
    Condition,
    Fulfilment,
    Lapse,
    Outcome,
    Overdue,
    Phase,
    Since,
    UseReport,
)
from sayso.casework.obligations import Standing
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from sayso.operations.perform import Receipt, perform
from sayso.queries.coverage import Lack, Use, coverage
from sayso.queries.disclosure import Reader, view
from sayso.queries.dossier import told
from sayso.queries.moment import standing
from tests.casework.texts import asks, decides, governed, to_be_decided
from tests.house import LIAISON, OTHERS, OWNER, SECRETARY, House, Table

KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")
NOW = Instant.parse("2025-06-01T09:00:00Z")
SPAN = Period.parse("2025-06-01T09:00:00Z/2025-06-03T09:00:00Z")

REPORT = Condition(
    "report the use", Phase.AFTER, "partner", "PT24H", Since.USE, evidence="use-report"
)
PLEDGE = Condition(
    "sign the undertaking", Phase.BEFORE, "partner", "PT12H", Since.GRANT, evidence="the signed one"
)
PLAIN = Condition.plain("nothing within 10 km of the reactor")


def granted(house: House, *conditions: Condition, uses: int = 1) -> str:
    """Return a case granted for so many uses within 48 hours, on these conditions."""
    governed(house)
    return granted_again(house, *conditions, uses=uses)


def granted_again(house: House, *conditions: Condition, uses: int = 1) -> str:
    """Return a further case granted, where the policies stand already."""
    case = to_be_decided(house, uses=uses)
    outcome = Outcome.GRANT_WITH_CONDITIONS if conditions else Outcome.GRANT
    house.do(SECRETARY, decides(house, case, outcome=outcome, conditions=conditions, window=SPAN))
    return case


def report(case: str, uses: int = 1, **changed: Any) -> UseReport:
    """Return the report of uses made at noon."""
    noon = Instant.parse("2025-06-01T12:00:00Z")
    return UseReport(**{"case": case, "uses": uses, "used_at": noon if uses else None, **changed})


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def stands(house: House, case: str) -> list[Standing]:
    """Return how the obligations of a case stand now."""
    state = standing(house.store, at=house.now, atlas=Table())
    return [each.standing for each in obligations.of(state.case(case).dossier)]


def covered(house: House) -> tuple[bool, Lack | None, int | None]:
    """Return whether Kursk is covered now, what lacks, and what is left."""
    state = standing(house.store, at=house.now, atlas=Table())
    answer = coverage(state, KURSK, at=house.now, atlas=Table())
    return answer.covered, answer.lack, answer.left


def test_a_use_reported_is_drawn_down_and_the_last_exhausts_the_grant(house: House) -> None:
    case = granted(house, uses=2)
    house.later(hours=4)
    house.do(LIAISON, report(case))
    assert isinstance(house.state.case(case), Granted)
    assert covered(house) == (True, None, 1)
    house.do(LIAISON, report(case))
    assert isinstance(house.state.case(case), Exhausted)
    assert covered(house) == (False, Lack.EXHAUSTED, None)


def test_no_more_is_used_than_was_granted(house: House) -> None:
    case = granted(house, uses=2)
    house.later(hours=4)
    assert refused(house.tries(LIAISON, report(case, 3))) == "outgrows"
    house.do(LIAISON, report(case, 2))
    assert refused(house.tries(LIAISON, report(case))) == "exhausted"


def test_a_use_is_reported_by_its_own_partner_only(house: House) -> None:
    case = granted(house)
    house.later(hours=4)
    for person in (OTHERS, SECRETARY, OWNER, "registrar"):
        assert refused(house.tries(person, report(case))) in {"not-appointed", "unknown"}


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("2025-06-01T08:59:59Z", "outside"),
        ("2025-06-03T09:00:00Z", "outside"),
        ("2025-06-04T00:00:00Z", "ahead"),
    ],
)
def test_a_use_lies_within_the_window_and_in_the_past(house: House, when: str, code: str) -> None:
    case = granted(house)
    house.later(hours=60)
    assert refused(house.tries(LIAISON, report(case, used_at=Instant.parse(when)))) == code


def test_at_most_one_serial_number_goes_with_each_use(house: House) -> None:
    case = granted(house, uses=2)
    with pytest.raises(MalformedEntry, match="at most one serial number"):
        report(case, serials=("M57-0002", "M57-0003"))


def test_what_was_not_granted_is_not_reported_as_used(house: House) -> None:
    case = to_be_decided(house)
    assert refused(house.tries(LIAISON, report(case, used_at=house.now))) == "not-granted"


def test_a_window_that_ends_leaves_a_lapsed_authorization_that_still_owes(house: House) -> None:
    case = granted(house, REPORT, uses=2)
    house.later(hours=48)
    assert refused(house.tries(LIAISON, asks(window=SPAN))) == "over"
    state = standing(house.store, at=house.now, atlas=Table())
    assert isinstance(state.case(case), Lapsed)
    follows = house.do(LIAISON, report(case)).state.case(case)
    assert isinstance(follows, Lapsed)
    assert obligations.left(follows.dossier) == 1
    assert stands(house, case) == [Standing.MET], "after the window, a report is of all the rest"


def test_a_report_of_no_use_is_final_only_after_the_window(house: House) -> None:
    case = granted(house)
    assert refused(house.tries(LIAISON, report(case, 0))) == "too-early"
    house.later(hours=50)
    house.do(LIAISON, report(case, 0))
    assert stands(house, case) == [Standing.MET]


def kinds(house: House, kind: type[object]) -> list[object]:
    """Return what stands in the cases' dossiers of a kind."""
    return [
        on.said
        for each in house.state.cases.values()
        for on in each.dossier.after
        if isinstance(on.said, kind)
    ]


@pytest.mark.parametrize(("conditions", "hours"), [((REPORT,), 48 + 24), ((), 48 + 72)])
def test_an_overdue_report_stops_the_next_request_for_the_article(
    house: House, conditions: tuple[Condition, ...], hours: int
) -> None:
    case = granted(house, *conditions)
    house.later(hours=hours - 1)
    house.do(LIAISON, asks())
    house.later(hours=1)
    answer = house.tries(LIAISON, asks())
    assert refused(answer) == "report-overdue"
    assert case in str(answer)
    assert stands(house, case)[-1] is Standing.OVERDUE
    house.do(LIAISON, report(case))
    assert [Overdue(case, 1)] == kinds(house, Overdue)
    assert [Lapse(case)] == kinds(house, Lapse)
    house.do(LIAISON, asks())


def test_what_must_be_done_before_is_met_before_the_grant_covers(house: House) -> None:
    case = granted(house, PLEDGE, REPORT)
    assert covered(house) == (False, Lack.UNMET, None)
    house.do(LIAISON, Fulfilment(case, 1, "signed on 1 June"))
    assert stands(house, case) == [Standing.TOLD, Standing.OPEN]
    assert covered(house)[0] is False, "evidence that was wanted is judged first"
    house.do(SECRETARY, Acceptance(case, SECRETARY, 1))
    assert covered(house) == (True, None, 1)
    house.do(SECRETARY, Breach(case, SECRETARY, 1, "the paper was forged"))
    assert covered(house)[1] is Lack.UNMET


def test_an_obligation_is_met_by_whom_it_binds_and_judged_by_who_imposed_it(house: House) -> None:
    brief = Condition("brief the committee", Phase.AFTER, "joint-staff", "P3D", Since.GRANT)
    case = granted(house, PLEDGE, brief)
    assert refused(house.tries(OTHERS, Fulfilment(case, 1, "x"))) == "unknown"
    assert refused(house.tries(LIAISON, Fulfilment(case, 2, "x"))) == "not-appointed"
    house.do("joint-staff", Fulfilment(case, 2, "briefed"))
    assert stands(house, case)[1] is Standing.MET, "no evidence was wanted"
    house.do(LIAISON, Fulfilment(case, 1, "signed"))
    assert refused(house.tries("europe-desk", Acceptance(case, "europe-desk", 1))) == "not-imposed"
    assert refused(house.tries(OWNER, Breach(case, SECRETARY, 1, "no"))) == "not-appointed"
    assert refused(house.tries(SECRETARY, Acceptance(case, SECRETARY, 2))) == "nothing-told"


def test_the_office_on_whose_advice_a_condition_rests_may_accept_it(house: House) -> None:
    named = Condition(
        "notify", Phase.BEFORE, "partner", evidence="a note", imposed_by="europe-desk"
    )
    case = granted(house, named)
    house.do(LIAISON, Fulfilment(case, 1, "notified"))
    house.do("europe-desk", Acceptance(case, "europe-desk", 1))
    assert stands(house, case)[0] is Standing.MET
    other = Condition("notify", Phase.BEFORE, "partner", imposed_by=OWNER)
    again = to_be_decided(house)
    outcome = Outcome.GRANT_WITH_CONDITIONS
    made = decides(house, again, outcome=outcome, conditions=(other,))
    assert refused(house.tries(SECRETARY, made)) == "not-advised"


def test_the_evidence_of_one_case_is_none_for_another(house: House) -> None:
    one, other = granted(house, PLEDGE), granted_again(house, PLEDGE)
    signed = house.says(LIAISON, Fulfilment(one, 1, "signed"))
    assert isinstance(perform(house.desk, signed), Receipt)
    assert stands(house, other)[0] is Standing.OPEN
    assert refused(house.tries(LIAISON, Fulfilment(other, 3, "signed"))) == "no-obligation"


def test_a_report_is_no_matter_of_saying_that_it_was_made(house: House) -> None:
    case = granted(house, REPORT)
    assert refused(house.tries(LIAISON, Fulfilment(case, 1, "reported"))) == "by-report"


def test_a_condition_that_binds_nobody_or_is_due_in_the_past_is_refused(house: House) -> None:
    case = to_be_decided(house)
    past = Condition("x", Phase.BEFORE, "partner", by=house.now)
    outcome = Outcome.GRANT_WITH_CONDITIONS
    made = decides(house, case, outcome=outcome, conditions=(past,))
    assert refused(house.tries(SECRETARY, made)) == "past"
    with pytest.raises(MalformedEntry, match="no time"):
        Condition("x", Phase.BEFORE, "partner", "PT0S", Since.GRANT)
    with pytest.raises(MalformedEntry, match="a use report is owed"):
        Condition("x", Phase.BEFORE, "partner", "PT1H", Since.GRANT, evidence="use-report")


def test_a_partner_sees_its_obligations_reports_and_limits_and_nobody_who_imposed_them(
    house: House,
) -> None:
    named = Condition("notify", Phase.BEFORE, "partner", imposed_by="europe-desk")
    case = granted(house, named, PLAIN)
    house.later(hours=4)
    house.do(LIAISON, report(case, serials=("M57-0001",)))
    reader = Reader.parse("partner:ukraine")
    state = view(standing(house.store, at=house.now, atlas=Table()), reader)
    seen = str(house.worded(told(state.case(case), reader)).value())
    assert "M57-0001" in seen
    assert "notify" in seen
    assert "europe-desk" not in seen
    assert SECRETARY not in seen
    others = Reader.parse("partner:poland")
    assert not view(state, others).cases


def test_a_report_found_breached_before_its_day_still_stops_the_next_request(house: House) -> None:
    """To find that it will not be made is not to have it."""
    case = granted(house)
    (report_owed,) = (each.number for each in obligations.of(house.state.case(case).dossier))
    house.do(SECRETARY, Breach(case, SECRETARY, report_owed, "they say that they will not"))
    house.now = Instant.parse("2025-12-05T00:00:00Z")
    window = Period(house.now, Instant.parse("2026-03-01T00:00:00Z"))
    assert refused(house.tries(LIAISON, asks(window=window))) == "report-overdue"
    house.do(LIAISON, UseReport(case, 0))
    house.do(LIAISON, asks(window=window))
