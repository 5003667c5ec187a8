"""Two times on everything: when it held, and when it was recorded (law 14)."""

from sayso.casework.case import Granted, Suspended
from sayso.casework.events import Adoption, Relief, Withdrawal
from sayso.dates import Instant
from sayso.queries.coverage import By, Coverage, Use, coverage
from sayso.queries.moment import as_of, standing
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    asks,
    decides,
    refuses,
    to_be_decided,
)
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

KURSK = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


def ask(house: House, at: Instant, *, until: Instant | None = None) -> Coverage:
    """Return whether Kursk was covered at `at`, as known at `until`."""
    state = as_of(house.store, at, until=until, atlas=Table())
    return coverage(state, KURSK, at=at, atlas=Table())


def hours(house: House, number: int) -> Instant:
    """Return the time it is in so many hours."""
    return Instant(house.now.micros + number * 3_600_000_000)


def test_a_decision_covers_nothing_before_it_was_recorded(house: House) -> None:
    case = to_be_decided(house)
    before = house.now
    house.later(hours=5)
    house.do(SECRETARY, decides(house, case))
    assert house.state.case(case).dossier.decisions[-1].said.window is not None
    assert not ask(house, before).covered
    assert ask(house, house.now).by is By.AUTHORIZATION
    assert not ask(house, house.now, until=before).covered


def test_what_was_suspended_since_was_covered_then(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    then = house.now
    house.later()
    house.do(OWNER, Adoption(MECHANISM.replace("2025-05-30T00", "2025-06-01T10")))
    assert ask(house, then).by is By.POLICY
    assert not ask(house, house.now).covered


SUCCESSOR = (
    MECHANISM.replace("version: 2", "version: 3")
    .replace("@1", "@2")
    .replace("issuer: under-secretary-policy", "issuer: secretary-of-defense")
    .replace("from: 2025-05-30T00:00:00Z", "from: 2025-06-02T00:00:00Z")
    .replace("{decide: secretary-of-defense, reserved: true", "{decide: under-secretary-policy")
)


def test_what_time_brings_about_is_told_before_it_is_recorded(house: House) -> None:
    """A grant is suspended when the policy's day comes, whether anybody acts that day or not."""
    case = to_be_decided(house)
    house.do(SECRETARY, decides(house, case))
    house.do(SECRETARY, Adoption(SUCCESSOR))
    assert ask(house, hours(house, 1)).covered
    after = hours(house, 48)
    assert not ask(house, after).covered
    assert isinstance(house.state.case(case), Granted)
    assert isinstance(standing(house.store, at=after, atlas=Table()).case(case), Suspended)
    house.later(hours=48)
    house.do(SECRETARY, Relief(OWNER, OWNER, hours(house, 1)))
    assert isinstance(house.state.case(case), Suspended)
    assert not ask(house, house.now).covered
    assert ask(house, hours(house, -47)).covered


def test_a_policy_dated_back_binds_nobody_before_it_was_recorded(house: House) -> None:
    """Its date stands beside the time of its entry; what was permitted then, was permitted."""
    house.do(OWNER, Adoption(GREEN_LIGHT))
    morning = house.now
    house.later(hours=6)
    receipt = house.do(OWNER, Adoption(MECHANISM))
    adopted = receipt.state.policies["long-range-fires@2"]
    assert adopted.policy.in_force.start < morning < adopted.stamp.at
    assert ask(house, morning).by is By.POLICY
    assert ask(house, morning, until=morning).by is By.POLICY
    assert not ask(house, house.now).covered
    then = as_of(house.store, morning, until=morning, atlas=Table())
    assert list(then.policies) == ["long-range-fires@1"]


def test_a_permission_dated_back_covers_no_use_that_nothing_covered(house: House) -> None:
    used = house.now
    house.later(hours=6)
    house.do(OWNER, Adoption(GREEN_LIGHT))
    assert not ask(house, used).covered
    assert ask(house, house.now).by is By.POLICY


def test_asking_leaves_no_trace_and_agrees_with_what_is_then_recorded(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Adoption(SUCCESSOR))
    size = house.store.size()
    house.later(hours=48)
    foreseen = standing(house.store, at=house.now, atlas=Table())
    assert house.store.size() == size
    refused = house.tries(SECRETARY, refuses(house, case))
    assert "out-of-turn" in str(refused) or "waits for" in str(refused)
    house.do(LIAISON, asks(place="Dzhankoi"))
    assert type(house.state.case(case)) is type(foreseen.case(case))
    assert house.state.binding == foreseen.binding


def test_a_withdrawn_request_stood_before_it_was_withdrawn(house: House) -> None:
    case = to_be_decided(house)
    before = house.now
    house.later()
    house.do(LIAISON, Withdrawal(case, "no longer needed"))
    assert type(as_of(house.store, before, until=None, atlas=Table()).case(case)).__name__ == (
        "Deciding"
    )
