"""Law 7 across the table: whoever acted for the partner in a case has no part on the other side."""

from datetime import timedelta

from sayso.casework.events import (
    Acceptance,
    Answer,
    Appeal,
    Appointment,
    Comment,
    Condition,
    Fulfilment,
    Outcome,
    Phase,
    Query,
    Relief,
    Undertaking,
)
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
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House


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
