"""The laws of casework, each a test by its name."""

import pytest

from sayso.casework import replay, verdicts
from sayso.casework.case import Granted, Prohibited, Revoked, Suspended
from sayso.casework.events import (
    Adoption,
    Appointment,
    Clock,
    Opening,
    Outcome,
    Relief,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.operations.perform import Receipt, perform
from sayso.queries.coverage import Coverage, Use, coverage
from sayso.queries.recall import Memory
from sayso.record.signature import SigningKey
from sayso.store.memory import MemoryStore
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    WINDOW,
    advises,
    asks,
    consolidates,
    decides,
    governed,
    refuses,
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
    house.do("registrar", house.enrolment("successor"))
    ends = Instant(house.now.micros + 3_600_000_000)
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, ends, "successor"))
    assert refused(house.tries("successor", decides(house, case))) == "no-part"
    house.later(hours=1)
    assert refused(house.tries(SECRETARY, decides(house, case))) == "no-part"


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
    first = perform(house.desk, signed)
    assert isinstance(first, Receipt)
    size = house.store.size()
    house.later()
    again = perform(house.desk, signed)
    assert isinstance(again, Receipt)
    assert (again.index, again.entry, again.leaf) == (first.index, first.entry, first.leaf)
    assert again.follows == first.follows
    assert house.store.size() == size
    other = house.says(SECRETARY, refuses(house, case)).signature
    changed = type(signed)(signed.kind, signed.payload, other)
    assert refused(perform(house.desk, changed)) == "said-already"


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
    house.do("registrar", house.enrolment("usurper"))
    house.later()
    usurper = Appointment(SECRETARY, "usurper", Period(house.now))
    assert refused(house.tries("registrar", usurper)) == "not-appointed"
    assert refused(house.tries(OWNER, usurper)) == "not-appointed"
    relief = Relief(SECRETARY, SECRETARY, house.now)
    assert refused(house.tries("registrar", relief)) == "not-appointed"
    second_key = house.enrolment(SECRETARY, SigningKey.generate())
    assert refused(house.tries("registrar", second_key)) == "has-key"
    over_the_head = MECHANISM.replace("version: 2", "version: 3").replace("@1", "@2")
    over_the_head = over_the_head.replace(
        "decide: secretary-of-defense, reserved: true", "decide: under-secretary-policy"
    )
    assert refused(house.tries(OWNER, Adoption(over_the_head))) == "outranked"
    for rank in (1, 2):
        for filled_by in ("registrar", "puppet"):
            puppet = Opening("puppet", "An office as high as theirs", rank, filled_by, 1)
            assert refused(house.tries("registrar", puppet)) == "not-appointed"


OPEN_SEASON = """
policy: open-season
version: 1
title: Everything goes
issuer: puppet
instrument: none
in_force: {from: 2025-05-30T00:00:00Z}
supersedes: long-range-fires@2
clauses:
  - {id: all, when: 'use.count > 0', permit: true}
"""


@pytest.mark.parametrize(
    ("rank", "filled_by"), [(1, "puppet"), *((rank, "registrar") for rank in (1, 2, 3))]
)
def test_an_office_made_beforehand_supersedes_nobody_elses_policy(
    house: House, rank: int, filled_by: str
) -> None:
    house.do("registrar", Opening("puppet", "An office of the registrar's", rank, filled_by, 1))
    house.do("registrar", house.enrolment("usurper"))
    house.do("registrar", Appointment("puppet", "usurper", Period(house.now)))
    governed(house)
    assert refused(house.tries("usurper", Adoption(OPEN_SEASON))) == "outranked"


def test_a_policy_that_only_prohibits_is_not_superseded_by_a_lower_office(house: House) -> None:
    never = OPEN_SEASON.replace("supersedes: long-range-fires@2\n", "")
    never = never.replace("open-season", "never").replace("permit: true", "prohibit: true")
    house.do(SECRETARY, Adoption(never.replace("puppet", SECRETARY)))
    undone = OPEN_SEASON.replace("long-range-fires@2", "never@1").replace("puppet", "joint-staff")
    assert refused(house.tries("joint-staff", Adoption(undone))) == "outranked"


def test_an_office_that_a_lower_one_fills_supersedes_no_policy_of_another(house: House) -> None:
    house.do("registrar", Opening("minister", "Filled from below", 1, "registrar", 1))
    house.do("registrar", house.enrolment("usurper"))
    house.do("registrar", Appointment("minister", "usurper", Period(house.now)))
    house.do(OWNER, Adoption(GREEN_LIGHT))
    undone = OPEN_SEASON.replace("long-range-fires@2", "long-range-fires@1")
    undone = undone.replace("puppet", "minister")
    assert refused(house.tries("usurper", Adoption(undone))) == "filled-from-below"


NEVER = """
policy: never
version: 1
title: Nothing goes
issuer: under-secretary-policy
instrument: none
in_force: {from: 2025-05-30T00:00:00Z}
transition: {pending: reroute, permits: revoke}
clauses:
  - {id: all, when: 'use.count > 0', prohibit: true}
"""


@pytest.mark.parametrize("permits", ["revoke", "suspend"])
def test_a_policy_undoes_no_grant_of_an_office_above_its_issuer(house: House, permits: str) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    never = NEVER.replace("revoke", permits)
    house.do(OWNER, Adoption(never))
    assert isinstance(house.state.case(case), Granted)
    assert covered(house).case == case
    house.do(LIAISON, asks())
    assert isinstance(house.state.case("ukraine-2"), Prohibited), "it binds what is still to come"
    own = never.replace("policy: never", "policy: own-never").replace(OWNER, SECRETARY)
    house.do(SECRETARY, Adoption(own))
    assert isinstance(house.state.case(case), Revoked if permits == "revoke" else Suspended)
    assert not covered(house).covered


def test_an_office_that_a_lower_one_fills_issues_no_policy(house: House) -> None:
    """Law 15: what a policy permits or prohibits is decided by whoever issues it."""
    governed(house)
    house.do("registrar", Opening("records-office", "Filled from below", 50, "registrar", 1))
    house.do("registrar", Opening("archive", "Filled by that", 60, "records-office", 1))
    for person, office in (("registrar", "records-office"), ("registrar", "archive")):
        house.do(person, Appointment(office, "registrar", Period(house.now)))
    for outcome in ("permit", "prohibit"):
        for office in ("records-office", "archive", "registrar"):
            text = NEVER.replace(OWNER, office).replace("prohibit", outcome)
            assert refused(house.tries("registrar", Adoption(text))) == "filled-from-below"
    for office in ADVISERS:
        text = NEVER.replace(OWNER, office)
        assert refused(house.tries(office, Adoption(text))) == "filled-from-below"


def test_whoever_is_filled_through_others_from_below_decides_nothing(house: House) -> None:
    """Law 15: who fills whoever fills it could decide."""
    house.do("registrar", Opening("chief", "Filled from below", 40, "registrar", 1))
    house.do("registrar", Opening("delegate", "Filled by the chief", 50, "chief", 1))
    for decider in ("delegate", "registrar"):
        text = MECHANISM.replace("decide: secretary-of-defense", f"decide: {decider}")
        text = text.replace("supersedes: long-range-fires@1\n", "")
        assert refused(house.tries(OWNER, Adoption(text))) == "filled-from-below"


def test_an_office_that_fills_itself_is_first_filled_by_who_outranks_it(house: House) -> None:
    """Law 15: else a registrar would open one, fill it with themself, and issue policies."""
    house.do("registrar", Opening("puppet", "It fills itself", 50, "puppet", 1))
    first = Appointment("puppet", "registrar", Period(house.now))
    assert refused(house.tries("registrar", first)) == "not-appointed"
    house.do(SECRETARY, Appointment("puppet", SECRETARY, Period(house.now)))


def covered(house: House) -> Coverage:
    """Return whether a use at Kursk is covered now."""
    use = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")
    return coverage(house.state, use, at=house.now, atlas=Table())


def test_who_speaks_for_the_partner_has_no_part_in_its_requests(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.later()
    house.do("registrar", Relief(LIAISON, LIAISON, house.now))
    house.later()
    house.do("registrar", Appointment(LIAISON, "joint-staff", Period(house.now)))
    advice = house.tries("joint-staff", advises("ukraine-1", "joint-staff"))
    assert refused(advice) == "own-request"


def test_an_office_advises_anew_when_the_case_is_judged_anew(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks(uses=8))
    held_back = house.says("joint-staff", advises("ukraine-1", "joint-staff"))
    house.do("joint-staff", advises("ukraine-1", "joint-staff"))
    house.later()
    house.do(OWNER, Adoption(MECHANISM))
    assert refused(perform(house.desk, held_back)) == "other-grounds"
    house.do("joint-staff", advises("ukraine-1", "joint-staff"))
    other = house.tries("joint-staff", consolidates(house, "ukraine-1"))
    assert refused(other) == "two-parts"


def test_time_never_goes_back_not_even_for_what_follows_by_rule(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.later(hours=48)
    house.do(OWNER, Adoption(MECHANISM.replace("2025-05-30T", "2025-06-02T")))
    house.later(hours=-40)
    assert refused(house.tries(LIAISON, asks())) == "back"
    house.later(hours=40)


def test_clocks_may_differ_a_little_unless_the_time_is_told() -> None:
    lagging = House.founded(clock=Clock.SYSTEM)
    key = lagging.enrolment("someone")
    lagging.now = Instant(lagging.now.micros - 60_000_000)
    assert lagging.do("registrar", key).entry.recorded_at == lagging.state.at
    lagging.now = Instant(lagging.now.micros - 600_000_000)
    wrong = lagging.enrolment("other")
    assert refused(lagging.tries("registrar", wrong)) == "back"
    told = House.founded()
    told.now = Instant(told.now.micros - 60_000_000)
    assert refused(told.tries("registrar", told.enrolment("x"))) == "back"


def test_a_key_of_ones_own_is_added_by_oneself(house: House) -> None:
    spare = SigningKey.generate()
    house.do(SECRETARY, house.enrolment(SECRETARY, spare))
    assert len(house.state.persons[SECRETARY]) == 2


def test_the_holder_hands_an_office_over(house: House) -> None:
    house.do("registrar", house.enrolment("successor"))
    ends = Instant(house.now.micros + 3_600_000_000)
    house.do(SECRETARY, Relief(SECRETARY, SECRETARY, ends, "successor"))
    house.later(hours=1)
    case = to_be_decided(house)
    house.do("successor", decides(house, case))


@pytest.mark.parametrize("office", [SECRETARY, "registrar"])
def test_an_office_that_fills_itself_is_never_left_vacant(house: House, office: str) -> None:
    house.later()
    assert refused(house.tries(office, Relief(office, office, house.now))) == "left-vacant"
    soon = Instant(house.now.micros + 3_600_000_000)
    assert refused(house.tries(office, Relief(office, office, soon))) == "left-vacant"
    with pytest.raises(Unknown, match="nobody"):
        house.tries(office, Relief(office, office, soon, "nobody"))
    house.do(office, Relief(office, office, soon, OWNER))
    house.later(hours=1)
    assert refused(house.tries(office, Relief(office, OWNER, house.now, office))) in {
        "not-appointed",
        "no-part",
    }
    house.later()
    assert refused(house.tries(OWNER, Relief(office, OWNER, house.now))) == "left-vacant"
    house.do(OWNER, Relief(office, OWNER, house.now, office))


def test_who_resigns_names_no_successor_to_an_office_that_another_fills(house: House) -> None:
    house.later()
    heir = Relief("joint-staff", "joint-staff", house.now, "europe-desk")
    assert refused(house.tries("joint-staff", heir)) == "not-appointed"
    house.do("joint-staff", Relief("joint-staff", "joint-staff", house.now))


def test_an_act_out_of_turn_is_refused(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    early = house.tries(SECRETARY, decides(house, "ukraine-1"))
    assert refused(early) == "out-of-turn"
    assert "waits for `europe-desk`" in str(early)
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    early = house.tries(OWNER, consolidates(house, "ukraine-1"))
    assert refused(early) == "out-of-turn"


def test_a_consolidation_cites_every_advice(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office, Outcome.REFUSE))
    whole = consolidates(house, "ukraine-1")
    partial = type(whole)(whole.case, whole.office, whole.outcome, whole.summary, whole.cites[1:])
    assert refused(house.tries(OWNER, partial)) == "uncited"


def test_a_partner_asks_only_for_what_it_holds(house: House) -> None:
    assert refused(house.tries("poland-liaison", asks())) == "no-office"
    assert refused(house.tries("poland-liaison", asks(partner="poland"))) == "unknown"
    past = Period.parse("2025-01-01T00:00:00Z/2025-02-01T00:00:00Z")
    assert refused(house.tries(LIAISON, asks(window=past))) == "over"
    assert refused(house.tries(LIAISON, asks(window=Period(house.now)))) == "no-end"


def test_a_statement_for_another_record_says_nothing_here(house: House) -> None:
    other = House.furnished()
    signed = other.says("registrar", other.enrolment("x"))
    moved = type(signed)(
        signed.kind, signed.payload.replace(b"/test", b"/elsewhere"), signed.signature
    )
    assert refused(perform(house.desk, moved)) == "other-record"


def test_nothing_is_due_twice(house: House) -> None:
    house.do(SECRETARY, decides(house, to_be_decided(house)))
    assert verdicts.settle(house.state, at=house.now, atlas=Table()) == ()


def test_who_speaks_for_a_partner_is_for_the_partner_to_say(house: House) -> None:
    fake = Opening("fake-liaison", "Another office for them", 9, "registrar", 1, "ukraine")
    assert refused(house.tries("registrar", fake)) == "not-appointed"
    house.do(LIAISON, fake)


def test_an_office_of_a_partner_issues_and_decides_nothing(house: House) -> None:
    theirs = GREEN_LIGHT.replace(OWNER, LIAISON)
    assert refused(house.tries(LIAISON, Adoption(theirs))) == "partners"
    advising = GREEN_LIGHT.replace("advise: [joint-staff]", f"advise: [{LIAISON}]")
    assert refused(house.tries(OWNER, Adoption(advising))) == "partners"
