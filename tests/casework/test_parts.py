"""Law 7 across the table: whoever acted on one side of a case has no part on the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sayso.casework.events import (
    Acceptance,
    Act,
    Allegation,
    Answer,
    Appeal,
    Appointment,
    Closure,
    Comment,
    Condition,
    Finding,
    Freeze,
    Fulfilment,
    Hold,
    HoldRelease,
    Outcome,
    Phase,
    Query,
    Reconsideration,
    Recusal,
    Release,
    Relief,
    Remedy,
    Since,
    Surrender,
    Undertaking,
    UseReport,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from tests.casework.deputies import refused
from tests.casework.texts import (
    advises,
    asks,
    consolidates,
    decides,
    governed,
    refuses,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House


def relieved(house: House) -> None:
    """Let a clerk speak for Ukraine, an hour later."""
    house.do("registrar", house.enrolment("clerk"))
    house.do("registrar", Relief(LIAISON, LIAISON, house.now + timedelta(hours=1)))
    house.later()
    house.do("registrar", Appointment(LIAISON, "clerk", Period(house.now)))


def test_whoever_answered_or_undertook_for_the_partner_has_no_part_on_the_other_side(
    house: House,
) -> None:
    """Law 7: to speak for the partner in a case is a part in it, whoever filed it."""
    governed(house)
    for _ in range(3):
        house.do(LIAISON, asks())
    relieved(house)
    asked = house.do("europe-desk", Query("ukraine-1", "europe-desk", "which unit?"))
    house.do("clerk", Answer("ukraine-1", asked.index, "the nineteenth"))
    house.do("clerk", Undertaking("ukraine-2", "used as stated"))
    house.later()
    for name, person in ((LIAISON, "clerk"), ("joint-staff", "joint-staff")):
        house.do("registrar", Relief(name, person, house.now))
    house.do("registrar", Appointment("joint-staff", "clerk", Period(house.now)))
    for case in ("ukraine-1", "ukraine-2"):
        for act in (advises(case, "joint-staff"), Comment(case, "joint-staff", "fine by me")):
            assert refused(house.tries("clerk", act)) == "own-request"
    house.do("clerk", advises("ukraine-3", "joint-staff"))


def test_whoever_told_of_the_use_or_met_a_condition_accepts_nothing(house: House) -> None:
    case = to_be_decided(house)
    swear = Condition("swear it", Phase.BEFORE, "partner", evidence="a paper")
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (swear,)}
    house.do(SECRETARY, decides(house, case, **limited))
    relieved(house)
    house.do("clerk", Fulfilment(case, 1, "the paper"))
    house.later()
    house.do("registrar", Relief(LIAISON, "clerk", house.now))
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, "clerk"))
    own = Acceptance(case, SECRETARY, 1)
    assert refused(house.tries("clerk", own)) == "own-request"


def test_whoever_appealed_does_not_decide_the_appeal(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, refuses(house, case))
    relieved(house)
    house.do("clerk", Appeal(case, "the need has grown"))
    house.later()
    house.do("registrar", Relief(LIAISON, "clerk", house.now))
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, "clerk"))
    for office in ADVISERS:
        house.do(office, advises(case, office))
    assert refused(house.tries("clerk", consolidates(house, case))) == "own-request"


# --- from inside to the partner -------------------------------------------------------------------

PLEDGE = Condition("swear it", Phase.BEFORE, "partner", evidence="a paper")
BRIEF = Condition("brief the committee", Phase.AFTER, "joint-staff", "P3D", Since.GRANT)


def goes_over(house: House, person: str) -> None:
    """Let somebody from inside take over the liaison's place, an hour later."""
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now, person))


def for_the_partner(case: str) -> tuple[Act, ...]:
    """Return what a partner does in a case that was granted."""
    return (
        UseReport(case, 0),
        Undertaking(case, "used as stated"),
        Fulfilment(case, 1, "the paper"),
        Reconsideration(case, 1, "the front has moved"),
        Surrender(case, "no longer needed"),
    )


@pytest.mark.parametrize("person", ["joint-staff", OWNER, SECRETARY])
def test_whoever_advised_consolidated_or_decided_does_not_act_for_the_partner(
    house: House, person: str
) -> None:
    case = to_be_decided(house)
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLEDGE,)}
    house.do(SECRETARY, decides(house, case, **limited))
    goes_over(house, person)
    for act in for_the_partner(case):
        assert refused(house.tries(person, act)) == "both-sides", act
    house.do(person, asks())  # what they did in one case counts for nothing in another
    house.do(person, Withdrawal("ukraine-2", "no longer needed"))


def test_whoever_only_accepted_evidence_does_not_act_for_the_partner(house: House) -> None:
    case = to_be_decided(house)
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (PLEDGE,)}
    house.do(SECRETARY, decides(house, case, **limited))
    house.do("registrar", house.enrolment("clerk"))
    house.do(LIAISON, Fulfilment(case, 1, "the paper"))
    house.later()
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, "clerk"))
    house.do("clerk", Acceptance(case, SECRETARY, 1))
    goes_over(house, "clerk")
    assert refused(house.tries("clerk", Surrender(case, "no need"))) == "both-sides"


def test_whoever_met_a_duty_inside_does_not_act_for_the_partner(house: House) -> None:
    case = to_be_decided(house)
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (BRIEF,)}
    house.do(SECRETARY, decides(house, case, **limited))
    house.do("registrar", house.enrolment("clerk"))
    house.later()
    house.do("registrar", Relief("joint-staff", "joint-staff", house.now, "clerk"))
    house.do("clerk", Fulfilment(case, 1, "briefed"))
    goes_over(house, "clerk")
    assert refused(house.tries("clerk", UseReport(case, 0))) == "both-sides"


def test_a_condition_that_binds_a_partner_s_office_by_name_is_the_partner_s(house: House) -> None:
    case = to_be_decided(house)
    named = Condition("swear it", Phase.BEFORE, LIAISON, evidence="a paper")
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (named,)}
    house.do(SECRETARY, decides(house, case, **limited))
    relieved(house)
    house.do("clerk", Fulfilment(case, 1, "the paper"))
    house.do("clerk", Surrender(case, "no longer needed"))


def test_a_duty_inside_is_not_met_by_who_acted_for_the_partner(house: House) -> None:
    case = to_be_decided(house)
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (BRIEF,)}
    house.do(SECRETARY, decides(house, case, **limited))
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now))
    house.do("registrar", Relief("joint-staff", "joint-staff", house.now, LIAISON))
    assert refused(house.tries(LIAISON, Fulfilment(case, 1, "briefed"))) == "own-request"


def test_who_went_over_neither_withdraws_nor_replaces_what_they_advised_on(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    goes_over(house, "europe-desk")
    for act in (Withdrawal("ukraine-1", "no need"), asks(replaces="ukraine-1")):
        assert refused(house.tries("europe-desk", act)) == "both-sides", act


def test_a_refusal_is_not_appealed_by_who_advised_on_it(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, refuses(house, case))
    goes_over(house, "joint-staff")
    assert refused(house.tries("joint-staff", Appeal(case, "the need has grown"))) == "both-sides"


def test_a_case_whose_partner_has_nobody_else_waits_for_another_to_be_appointed(
    house: House,
) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    goes_over(house, "joint-staff")
    told = house.tries("joint-staff", Surrender(case, "no longer needed"))
    assert isinstance(told, Refusal)
    assert "somebody else who speaks for the partner" in told.hint
    house.later()
    house.do("registrar", Relief(LIAISON, "joint-staff", house.now, LIAISON))
    house.do(LIAISON, Surrender(case, "no longer needed"))


def test_who_is_recused_does_not_act_for_the_partner_either(house: House) -> None:
    """A recusal is in every capacity, on whichever side of the table."""
    case = to_be_decided(house)
    house.do(LIAISON, Recusal(case, LIAISON, "a cousin of the maker"))
    assert refused(house.tries(LIAISON, Withdrawal(case, "no need"))) == "recused"
    relieved(house)
    house.do("clerk", Undertaking(case, "used as stated"))
    house.do(SECRETARY, decides(house, case))
    house.do("clerk", Recusal(case, "clerk", "a cousin of the maker"))
    for act in (UseReport(case, 1, house.now), Surrender(case, "no need")):
        assert refused(house.tries("clerk", act)) == "recused"


def test_a_recusal_is_not_demanded_by_who_has_no_part_themself(house: House) -> None:
    """Else who is recused would choose who decides, and a partner who reviews."""
    case = to_be_decided(house)
    house.do(SECRETARY, Recusal(case, SECRETARY, "a brother serves there"))
    demanded = Recusal(case, OWNER, "in my way", SECRETARY)
    assert refused(house.tries(SECRETARY, demanded)) == "recused"
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now))
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, LIAISON))
    assert refused(house.tries(LIAISON, demanded)) == "own-request"


# --- beside the case itself ----------------------------------------------------------------------

ALLEGED = Allegation("joint-staff", "ukraine", "two were seen", concerns="ukraine-1")


@pytest.mark.parametrize("said", ["found", "remedied", "closed", "released"])
def test_whoever_inquired_into_a_case_or_released_of_it_does_not_act_for_the_partner(
    house: House, said: str
) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    house.do("joint-staff", ALLEGED)
    house.do("registrar", house.enrolment("clerk"))
    house.later()
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, "clerk"))
    acts: dict[str, Act] = {
        "found": Finding("violation-1", SECRETARY, "one, by mistake"),
        "remedied": Remedy("violation-1", SECRETARY, "crews are trained"),
        "closed": Closure("violation-1", SECRETARY, True, "remedied"),
        "released": Release(SECRETARY, "ukraine", "it was granted", case=case),
    }
    house.do("clerk", acts[said])
    goes_over(house, "clerk")
    assert refused(house.tries("clerk", UseReport(case, 0))) == "both-sides"


def test_whoever_told_of_a_violation_for_the_partner_closes_nothing(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    relieved(house)
    house.do("clerk", replace(ALLEGED, office=LIAISON))
    house.later()
    house.do("registrar", Relief(LIAISON, "clerk", house.now))
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, house.now, "clerk"))
    closes = Closure("violation-1", SECRETARY, False, "unfounded")
    assert refused(house.tries("clerk", closes)) == "own-request"


def test_who_speaks_for_a_partner_stops_and_looks_into_none_of_its_uses(house: House) -> None:
    """Law 7 where no case is named: both seats may be held at once, for different partners."""
    governed(house)
    house.do("joint-staff", Allegation("joint-staff", "ukraine", "two were seen"))
    house.do(SECRETARY, Hold("calm", SECRETARY, "talks", partner="ukraine"))
    goes_over(house, SECRETARY)
    for act in (
        HoldRelease("calm", SECRETARY, "talks are over"),
        Hold("calm-2", SECRETARY, "talks", partner="ukraine"),
        Finding("violation-1", SECRETARY, "none"),
        Freeze("violation-1", SECRETARY, "for a day"),
        Closure("violation-1", SECRETARY, False, "unfounded"),
        Allegation(SECRETARY, "ukraine", "one more was seen"),
    ):
        assert refused(house.tries(SECRETARY, act)) == "own-request", act
    house.do(SECRETARY, Hold("calm-3", SECRETARY, "talks", partner="poland"))


def test_to_replace_a_request_clears_nobody_s_table(house: House) -> None:
    """What takes the place of a request is the same matter, whoever filed it anew."""
    governed(house)
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    relieved(house)
    house.do("clerk", asks(replaces="ukraine-1"))
    house.later()
    house.do("registrar", Relief("joint-staff", "joint-staff", house.now, LIAISON))
    assert refused(house.tries(LIAISON, advises("ukraine-2", "joint-staff"))) == "own-request"
    house.do("registrar", Relief(LIAISON, "clerk", house.now, "europe-desk"))
    gone = Withdrawal("ukraine-2", "no longer needed")
    assert refused(house.tries("europe-desk", gone)) == "both-sides"


def test_a_condition_binds_nobody_who_is_told_nothing_of_the_case(house: House) -> None:
    case = to_be_decided(house)
    named = Condition("swear it", Phase.BEFORE, OTHERS, evidence="a paper")
    limited = {"outcome": Outcome.GRANT_WITH_CONDITIONS, "conditions": (named,)}
    assert refused(house.tries(SECRETARY, decides(house, case, **limited))) == "other-partner"
