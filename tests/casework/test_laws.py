"""The laws of casework, each a test by its name."""

import pytest

from sayso.casework import replay, verdicts
from sayso.casework.events import (
    Adoption,
    Appointment,
    Enrolment,
    Opening,
    Outcome,
    Relief,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.operations.perform import Receipt, perform
from sayso.queries.recall import Memory
from sayso.record.signature import SigningKey
from sayso.store.memory import MemoryStore
from tests.casework.texts import (
    MECHANISM,
    WINDOW,
    advises,
    asks,
    consolidates,
    decides,
    governed,
    to_be_decided,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House, Table


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_nobody_decides_on_their_own_request(house: House) -> None:
    governed(house)
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now))
    house.later()
    house.do("registrar", Appointment(LIAISON, SECRETARY, Period(house.now)))
    house.do(SECRETARY, asks())
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.do(OWNER, consolidates(house, "ukraine-1"))
    own = house.tries(SECRETARY, decides(house, "ukraine-1"))
    assert refused(own) == "two-parts"


def test_nobody_fills_two_stages_of_one_case(house: House) -> None:
    governed(house)
    house.later()
    house.do("registrar", Relief("joint-staff", "joint-staff", house.now))
    house.later()
    house.do("registrar", Appointment("joint-staff", "europe-desk", Period(house.now)))
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    second = house.tries("europe-desk", advises("ukraine-1", "joint-staff"))
    assert refused(second) == "two-parts"


def test_who_may_act_is_decided_by_the_appointments_of_that_moment(house: House) -> None:
    case = to_be_decided(house)
    hour = house.now
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, Instant(hour.micros + 3_600_000_000)))
    house.later(hours=1)
    assert refused(house.tries(SECRETARY, decides(house, case))) == "not-appointed"


def test_a_decision_without_a_valid_personal_signature_does_not_exist(house: House) -> None:
    case = to_be_decided(house)
    size = house.store.size()
    signed = house.says(SECRETARY, decides(house, case))
    stranger = house.says(SECRETARY, decides(house, case), key=SigningKey.generate())
    owner = house.says(SECRETARY, decides(house, case), key=house.key(OWNER))
    swapped = type(signed)(signed.kind, signed.payload, stranger.signature)
    relabelled = type(signed)("advice", signed.payload, signed.signature)
    assert refused(perform(house.desk, stranger)) == "unknown-key"
    assert refused(perform(house.desk, owner)) == "another's-key"
    assert refused(perform(house.desk, swapped)) == "unknown-key"
    with pytest.raises(Exception, match="no `advice`"):
        perform(house.desk, relabelled)
    assert house.store.size() == size
    assert isinstance(perform(house.desk, signed), Receipt)


def test_the_same_statement_is_recorded_once(house: House) -> None:
    case = to_be_decided(house)
    signed = house.says(SECRETARY, decides(house, case))
    perform(house.desk, signed)
    assert refused(perform(house.desk, signed)) == "said-already"


def test_a_second_decision_is_refused(house: House) -> None:
    case = to_be_decided(house)
    again = decides(house, case)
    house.do(SECRETARY, decides(house, case))
    assert refused(house.tries(SECRETARY, again)) == "closed"


def test_state_is_the_fold_of_the_record(house: House) -> None:
    house.do(SECRETARY, decides(house, to_be_decided(house)))
    entries = list(house.store.entries())
    once = replay.fold(entries)
    for cut in range(len(entries) + 1):
        assert replay.fold(entries[cut:], start=replay.fold(entries[:cut])) == once
    copy = MemoryStore()
    checkpoints = list(house.store.checkpoints())
    copy.append(entries, size=0, checkpoint=checkpoints[-1])
    assert Memory(copy).recall().state == once


@pytest.mark.parametrize(
    "changed",
    [
        {"uses": 2},
        {"window": Period.parse("2025-05-01T00:00:00Z/2025-12-01T00:00:00Z")},
        {"window": Period.parse("2025-06-01T00:00:00Z/2025-12-02T00:00:00Z")},
        {"window": Period(WINDOW.start)},
    ],
)
def test_a_grant_never_outgrows_its_request(house: House, changed: dict[str, object]) -> None:
    case = to_be_decided(house)
    assert refused(house.tries(SECRETARY, decides(house, case, **changed))) == "outgrows"


def test_a_decision_is_bound_to_the_request_and_verdict_it_was_signed_on(house: House) -> None:
    case = to_be_decided(house)
    other = decides(house, case, verdict="0" * 64)
    assert refused(house.tries(SECRETARY, other)) == "other-grounds"


def test_changing_who_may_decide_needs_what_deciding_needs(house: House) -> None:
    governed(house)
    house.do("registrar", Enrolment("usurper", str(house.key("usurper").public)))
    house.later()
    usurper = Appointment(SECRETARY, "usurper", Period(house.now))
    assert refused(house.tries("registrar", usurper)) == "not-appointed"
    assert refused(house.tries(OWNER, usurper)) == "not-appointed"
    relief = Relief(SECRETARY, SECRETARY, house.now)
    assert refused(house.tries("registrar", relief)) == "not-appointed"
    second_key = Enrolment(SECRETARY, str(SigningKey.generate().public))
    assert refused(house.tries("registrar", second_key)) == "has-key"
    over_the_head = MECHANISM.replace("version: 2", "version: 3").replace("@1", "@2")
    over_the_head = over_the_head.replace(
        "decide: secretary-of-defense, reserved: true", "decide: under-secretary-policy"
    )
    assert refused(house.tries(OWNER, Adoption(over_the_head))) == "outranked"
    puppet = Opening("puppet", "An office above all", 1, "registrar", 1)
    house.do("registrar", puppet)
    filled = over_the_head.replace("@2", "@1").replace(
        "under-secretary-policy, consent", "puppet, consent"
    )
    assert refused(house.tries(OWNER, Adoption(filled))) in {"filled-from-below", "outranked"}


def test_a_key_of_ones_own_is_added_by_oneself(house: House) -> None:
    spare = SigningKey.generate()
    house.do(SECRETARY, Enrolment(SECRETARY, str(spare.public)))
    assert len(house.state.persons[SECRETARY]) == 2


def test_the_holder_hands_an_office_over(house: House) -> None:
    house.do("registrar", Enrolment("successor", str(house.key("successor").public)))
    ends = Instant(house.now.micros + 3_600_000_000)
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, ends))
    house.do(SECRETARY, Appointment(SECRETARY, "successor", Period(ends)))
    house.later(hours=1)
    case = to_be_decided(house)
    house.do("successor", decides(house, case))


def test_an_act_out_of_turn_is_refused(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    early = house.tries(SECRETARY, decides(house, "ukraine-1"))
    assert refused(early) == "out-of-turn"
    assert "waits for `europe-desk`" in str(early)
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    twice = house.tries("europe-desk", advises("ukraine-1", "europe-desk"))
    assert refused(twice) == "two-parts"


def test_a_consolidation_cites_every_advice(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office, Outcome.REFUSE))
    whole = consolidates(house, "ukraine-1")
    partial = type(whole)(whole.case, whole.office, whole.outcome, whole.summary, whole.cites[1:])
    assert refused(house.tries(OWNER, partial)) == "uncited"


def test_a_partner_asks_only_for_what_it_holds(house: House) -> None:
    assert refused(house.tries("poland-liaison", asks())) == "not-appointed"
    assert refused(house.tries("poland-liaison", asks(partner="poland"))) == "not-theirs"
    past = Period.parse("2025-01-01T00:00:00Z/2025-02-01T00:00:00Z")
    assert refused(house.tries(LIAISON, asks(window=past))) == "over"
    assert refused(house.tries(LIAISON, asks(window=Period(house.now)))) == "no-end"


def test_a_statement_for_another_record_says_nothing_here(house: House) -> None:
    other = House.furnished()
    signed = other.says("registrar", Enrolment("x", str(SigningKey.generate().public)))
    moved = type(signed)(
        signed.kind, signed.payload.replace(b"/test", b"/elsewhere"), signed.signature
    )
    assert refused(perform(house.desk, moved)) == "other-record"


def test_nothing_is_due_twice(house: House) -> None:
    house.do(SECRETARY, decides(house, to_be_decided(house)))
    assert verdicts.settle(house.state, at=house.now, atlas=Table()) == ()
