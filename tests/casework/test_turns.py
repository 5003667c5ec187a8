"""How long an office has, and what its silence means: by the consent mode, and what breaks it."""

import pytest

from sayso.casework.case import Advising, Deciding, Expired, Granted, Suspended
from sayso.casework.events import (
    Adoption,
    Answer,
    Assent,
    Escalation,
    Hold,
    Objection,
    Outcome,
    Query,
    Recusal,
    Relief,
    Unanswered,
)
from sayso.dates import Instant, Period
from sayso.operations import calendars
from tests.casework.silence import (
    CASE,
    POLICY,
    POSITIVE,
    SILENT,
    governed,
    passes,
    refused,
    to_decide,
)
from tests.casework.texts import WINDOW, advises, asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House


def hours(house: House, number: int) -> Instant:
    """Return the moment so many hours from now."""
    return Instant(house.now.micros + number * 3_600_000_000)


def test_positive_silence_is_no_and_is_told_upwards_once(house: House) -> None:
    to_decide(house, POSITIVE)
    assert passes(house, 23) == ()
    assert passes(house, 1) == (Escalation(CASE, OWNER, SECRETARY),)
    assert passes(house, 100) == ()
    assert isinstance(house.state.cases[CASE], Deciding)
    house.do(OWNER, decides(house, CASE, office=OWNER))


def test_an_adviser_s_silence_is_told_upwards_and_the_case_waits(house: House) -> None:
    governed(house, POSITIVE)
    house.do("joint-staff", advises(CASE, "joint-staff"))
    assert passes(house, 24) == (Escalation(CASE, "europe-desk", OWNER),)
    stage = house.state.cases[CASE]
    assert isinstance(stage, Advising)
    assert stage.waiting == ("europe-desk",)
    assert stage.turns[0].told


def test_with_silence_no_objection_the_case_goes_on_without_the_advice(house: House) -> None:
    governed(house, POSITIVE, ", silence: no-objection")
    house.do("joint-staff", advises(CASE, "joint-staff"))
    assert passes(house, 24) == (Unanswered(CASE, "europe-desk"),)
    stage = house.state.cases[CASE]
    assert isinstance(stage, Deciding)
    assert stage.turns[0].due == hours(house, 24)
    assert refused(house.tries("europe-desk", advises(CASE, "europe-desk"))) == "out-of-turn"
    house.do(OWNER, decides(house, CASE, office=OWNER))


def test_all_advisers_silent_is_no_more_than_that(house: House) -> None:
    governed(house, POSITIVE, ", silence: no-objection")
    house.later(24)
    house.do(LIAISON, asks())
    assert isinstance(house.state.cases[CASE], Deciding)
    said = [on.said for on in house.state.cases[CASE].dossier.aside]
    assert said == [Unanswered(CASE, "europe-desk"), Unanswered(CASE, "joint-staff")]


def test_no_objection_silence_grants_when_the_time_is_over_and_no_sooner(house: House) -> None:
    to_decide(house, SILENT)
    assert passes(house, 23) == ()
    assert isinstance(house.state.cases[CASE], Deciding)
    assert passes(house, 1) == (Assent(CASE, OWNER, "no-objection", 1, WINDOW),)
    found = house.state.cases[CASE]
    assert isinstance(found, Granted)
    assert found.dossier.decisions[-1].stamp.by is None


@pytest.mark.parametrize("by", ["joint-staff", OWNER, SECRETARY])
def test_an_objection_breaks_silence(house: House, by: str) -> None:
    to_decide(house, SILENT)
    house.do(by, Objection(CASE, by, "not so fast"))
    assert refused(house.tries(by, Objection(CASE, by, "again"))) == "broken"
    assert passes(house, 24) == (Escalation(CASE, OWNER, SECRETARY),)
    assert isinstance(house.state.cases[CASE], Deciding)
    house.do(OWNER, decides(house, CASE, office=OWNER))


def test_only_an_office_on_the_route_or_above_objects(house: House) -> None:
    to_decide(house, SILENT)
    for by in ("general-counsel", LIAISON):
        answer = house.tries(by, Objection(CASE, by, "no"))
        assert refused(answer) in {"not-on-route", "two-parts", "partners"}
    house.do("joint-staff", Recusal(CASE, "joint-staff", "a friend"))
    late = house.tries("joint-staff", Objection(CASE, "joint-staff", "no"))
    assert refused(late) == "recused"
    house.later(24)
    assert refused(house.tries(OWNER, Objection(CASE, OWNER, "too late"))) == "no-silence"


@pytest.mark.parametrize("decider", [SILENT, "consent: notification", "consent: standing"])
def test_silence_overrules_no_advice(house: House, decider: str) -> None:
    to_decide(house, decider, Outcome.REFUSE)
    house.later(24)
    house.do(LIAISON, asks())
    assert isinstance(house.state.cases[CASE], Deciding)


@pytest.mark.parametrize("decider", [SILENT, "consent: notification"])
def test_silence_grants_nothing_on_hold(house: House, decider: str) -> None:
    governed(house, decider)
    house.do(OWNER, Hold("talks", OWNER, "talks are on", partner="ukraine"))
    for office in ("joint-staff", "europe-desk"):
        house.do(office, advises(CASE, office))
    house.later(25)
    house.do("registrar", Relief("general-counsel", "general-counsel", house.now))
    assert isinstance(house.state.cases[CASE], Deciding)


@pytest.mark.parametrize("mode", ["notification", "standing"])
def test_what_needs_no_answer_is_granted_on_arrival(house: House, mode: str) -> None:
    last = to_decide(house, f"consent: {mode}")
    assert last.follows == (Assent(CASE, OWNER, mode, 1, WINDOW),)
    assert isinstance(house.state.cases[CASE], Granted)


@pytest.mark.parametrize("mode", ["notification", "standing"])
def test_what_nobody_decided_stands_no_longer_than_its_policy(house: House, mode: str) -> None:
    to_decide(house, f"consent: {mode}")
    house.later()
    stricter = POLICY.replace(" ADVISERS", "").replace("DECIDER", POSITIVE)
    stricter = stricter.replace("version: 1", "version: 2\nsupersedes: uses@1")
    stricter = stricter.replace("2025-05-30T00:00:00Z", str(house.now))
    house.do(OWNER, Adoption(stricter))
    assert isinstance(house.state.cases[CASE], Suspended)


def test_silence_under_a_policy_that_ended_before_grants_nothing(house: House) -> None:
    """Nobody acts for days: the policy changes, then the time is over, then somebody acts."""
    to_decide(house, SILENT)
    stricter = POLICY.replace(" ADVISERS", "").replace("DECIDER", POSITIVE)
    stricter = stricter.replace("version: 1", "version: 2\nsupersedes: uses@1")
    stricter = stricter.replace("2025-05-30T00:00:00Z", str(hours(house, 12)))
    house.do(OWNER, Adoption(stricter))
    house.later(72)
    house.do(LIAISON, asks())
    assert not isinstance(house.state.cases[CASE], Granted)


def test_silence_before_the_policy_changed_counts_though_recorded_later(house: House) -> None:
    to_decide(house, SILENT)
    stricter = POLICY.replace(" ADVISERS", "").replace("DECIDER", POSITIVE)
    stricter = stricter.replace("version: 1", "version: 2\nsupersedes: uses@1")
    stricter = stricter.replace("2025-05-30T00:00:00Z", str(hours(house, 48)))
    house.do(OWNER, Adoption(stricter))
    house.later(72)
    house.do(LIAISON, asks())
    kinds = [type(on.said).__name__ for on in house.state.cases[CASE].dossier.decisions]
    assert kinds == ["Assent"]
    assert isinstance(house.state.cases[CASE], Suspended)


def test_a_query_stops_the_time_and_its_answer_lets_it_go_on(house: House) -> None:
    to_decide(house, SILENT)
    house.later(20)
    asked = house.do(OWNER, Query(CASE, OWNER, "which unit?"))
    assert refused(house.tries(OWNER, Query(CASE, OWNER, "and when?"))) == "asked"
    assert passes(house, 100) == ()
    assert refused(house.tries(OWNER, Answer(CASE, asked.index, "mine"))) == "not-appointed"
    assert refused(house.tries(LIAISON, Answer(CASE, 1, "what?"))) == "not-asked"
    house.do(LIAISON, Answer(CASE, asked.index, "the third brigade"))
    assert refused(house.tries(LIAISON, Answer(CASE, asked.index, "again"))) == "not-asked"
    stage = house.state.cases[CASE]
    assert isinstance(stage, Deciding)
    assert stage.turns[0].due == hours(house, 4)
    assert passes(house, 4) == (Assent(CASE, OWNER, "no-objection", 1, WINDOW),)


def test_time_begins_stopped_while_another_s_query_is_open(house: House) -> None:
    governed(house, SILENT)
    asked = house.do("joint-staff", Query(CASE, "joint-staff", "which unit?"))
    for office in ("joint-staff", "europe-desk"):
        house.do(office, advises(CASE, office))
    assert passes(house, 48) == ()
    house.do(LIAISON, Answer(CASE, asked.index, "the third brigade"))
    assert passes(house, 23) == ()
    assert len(passes(house, 1)) == 1


def test_the_time_that_was_asked_for_ends_before_silence_grants_more(house: House) -> None:
    text = POLICY.replace(" ADVISERS", "").replace("DECIDER", SILENT)
    house.do(OWNER, Adoption(text))
    house.do(LIAISON, asks(window=Period(house.now, hours(house, 20))))
    for office in ("joint-staff", "europe-desk"):
        house.do(office, advises(CASE, office))
    house.later(30)
    house.do(LIAISON, asks())
    assert isinstance(house.state.cases[CASE], Expired)


def test_time_is_counted_in_the_office_s_working_hours(house: House) -> None:
    """It is Sunday: the desk comes in on Monday at nine, Washington time."""
    week = calendars.hours("mon-fri 09:00-17:00")
    made = calendars.calendar(
        OWNER, "America/New_York", week=week, holidays=("2025-06-03",), since=house.now
    )
    assert refused(house.tries("joint-staff", made)) == "not-appointed"
    assert refused(house.tries(OWNER, made)) == "not-appointed"
    house.do(SECRETARY, made)
    to_decide(house, SILENT)
    stage = house.state.cases[CASE]
    assert isinstance(stage, Deciding)
    assert str(stage.turns[0].due) == "2025-06-05T21:00:00Z"  # Mon, Wed and Thu


def test_a_later_calendar_leaves_a_turn_that_runs(house: House) -> None:
    to_decide(house, SILENT)
    stage = house.state.cases[CASE]
    week = calendars.hours("mon 09:00-10:00")
    made = calendars.calendar(OWNER, "UTC", week=week, holidays=(), since=house.now)
    house.do("registrar", made)
    assert house.state.cases[CASE] == stage


def test_a_consolidation_that_is_late_is_told_upwards(house: House) -> None:
    text = POLICY.replace(" ADVISERS", "").replace("DECIDER", "consent: positive")
    text = text.replace(
        "    - {decide", "    - {consolidate: general-counsel, within: PT2H}\n    - {decide"
    )
    house.do(OWNER, Adoption(text))
    house.do(LIAISON, asks())
    for office in ("joint-staff", "europe-desk"):
        house.do(office, advises(CASE, office))
    assert passes(house, 2) == (Escalation(CASE, "general-counsel", OWNER),)
