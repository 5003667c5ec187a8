"""An office's time has run out, and it was told upwards: who was told may act in its place."""

from sayso.casework import authority
from sayso.casework.case import Advising, Deciding, Granted
from sayso.casework.events import (
    Adoption,
    Advice,
    Decision,
    Delegation,
    Outcome,
    Power,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.operations import drafts
from sayso.operations.drafts import Moment, Words
from sayso.operations.perform import Receipt
from tests.casework.silence import CASE, POLICY, POSITIVE, governed, passes, to_decide
from tests.casework.texts import advises, decides
from tests.house import OWNER, SECRETARY, House

SILENT = "europe-desk"


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def in_place(office: str = SILENT, superior: str = OWNER) -> Advice:
    """Return the advice that the office above gives in place of one."""
    return Advice(CASE, office, Outcome.GRANT, "nobody there", (), superior=superior)


def for_owner(house: House) -> Decision:
    """Return the decision that the Secretary takes in place of the policy owner."""
    return decides(house, CASE, office=OWNER, superior=SECRETARY)


def test_who_was_told_acts_in_place_of_the_silent_office_and_it_counts_for_it(house: House) -> None:
    governed(house, POSITIVE)
    house.do("joint-staff", advises(CASE, "joint-staff"))
    passes(house, 25)
    house.do(OWNER, in_place())
    found = house.state.case(CASE)
    assert isinstance(found, Deciding)
    counted = found.dossier.current_advice[-1]
    assert (counted.said.office, counted.said.superior) == (SILENT, OWNER)


def test_nobody_acts_in_place_of_an_office_before_its_time_is_over(house: House) -> None:
    governed(house, POSITIVE)
    assert refused(house.tries(OWNER, in_place())) == "not-silent"
    passes(house, 23)
    assert refused(house.tries(OWNER, in_place())) == "not-silent"


def test_in_place_of_an_office_that_has_spoken_nobody_speaks(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    house.do(OWNER, in_place())
    assert refused(house.tries(OWNER, in_place())) == "not-silent"
    house.do(SILENT, advises(CASE, SILENT))
    assert refused(house.tries(OWNER, in_place())) == "not-silent"


def test_only_who_was_told_acts_in_its_place_and_holds_that_office(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    assert refused(house.tries(SECRETARY, in_place(superior=SECRETARY))) == "not-told"
    assert refused(house.tries("general-counsel", in_place())) == "not-appointed"
    assert refused(house.tries(OWNER, in_place("general-counsel"))) == "out-of-turn"
    assert refused(house.tries(OWNER, advises(CASE, SILENT))) == "not-appointed"


def test_what_an_office_may_do_in_place_of_another_it_delegates_to_nobody(house: House) -> None:
    house.do("registrar", house.enrolment("deputy"))
    governed(house, POSITIVE)
    months = Period.parse("2025-06-01T00:00:00Z/2025-09-01T00:00:00Z")
    memo = Delegation("memo", OWNER, (Power.ADVISE,), months, "a memo", person="deputy")
    house.do(OWNER, memo)
    passes(house, 25)
    assert refused(house.tries("deputy", in_place())) == "not-appointed"


def test_the_silent_office_itself_still_may(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    house.do(SILENT, advises(CASE, SILENT))
    found = house.state.case(CASE)
    assert isinstance(found, Advising)
    assert found.waiting == ("joint-staff",)


def test_nobody_fills_two_stages_in_place_of_another_either(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    house.do(OWNER, in_place())
    assert refused(house.tries(OWNER, in_place("joint-staff"))) == "two-parts"
    house.do("joint-staff", advises(CASE, "joint-staff"))
    assert refused(house.tries(OWNER, decides(house, CASE, office=OWNER))) == "two-parts"


def test_a_silent_decider_s_superior_decides(house: House) -> None:
    to_decide(house, POSITIVE)
    passes(house, 25)
    (wanted,) = authority.who(house.state, CASE, house.now)
    assert [(each.person, each.office) for each in wanted.able] == [
        (OWNER, OWNER),
        (SECRETARY, SECRETARY),
    ]
    house.do(SECRETARY, for_owner(house))
    assert isinstance(house.state.case(CASE), Granted)


def test_a_reserved_decision_waits_for_its_office(house: House) -> None:
    to_decide(house, f"{POSITIVE}, reserved: true")
    passes(house, 25)
    assert refused(house.tries(SECRETARY, for_owner(house))) == "reserved"
    (wanted,) = authority.who(house.state, CASE, house.now)
    assert [each.person for each in wanted.able] == [OWNER]


def test_a_verdict_given_anew_gives_the_office_its_time_anew(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    again = POLICY.replace("version: 1", "version: 2\nsupersedes: uses@1").replace("24H", "48H")
    house.do(OWNER, Adoption(again.replace(" ADVISERS", "").replace("DECIDER", POSITIVE)))
    assert refused(house.tries(OWNER, in_place())) == "not-silent"
    house.later(47)
    assert refused(house.tries(OWNER, in_place())) == "not-silent"
    house.later(1)
    house.do(OWNER, in_place())


def test_whoever_was_told_words_it_as_the_silent_office_s(house: House) -> None:
    governed(house, POSITIVE)
    passes(house, 25)
    words = Words(Outcome.GRANT, "nobody there", office=SILENT)
    worded = drafts.advice(Moment(house.state, OWNER, house.now), CASE, words)
    assert worded.superior == OWNER
    own = drafts.advice(Moment(house.state, SILENT, house.now), CASE, words)
    assert own.superior is None
    house.do(OWNER, worded)
