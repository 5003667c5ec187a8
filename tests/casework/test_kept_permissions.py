"""What rules permitted, and a policy keeps, covers the uses that were asked for."""

import pytest

from sayso.casework.events import (
    Suspension,
    UseReport,
)
from sayso.dates import Instant
from sayso.queries.coverage import Lack, coverage
from sayso.queries.disclosure import Reader, judging
from tests.casework.followers import (
    ALL,
    BOTH,
    KURSK,
    by_owner,
    by_secretary,
    covered,
    on,
    stage,
)
from tests.casework.texts import asks
from tests.house import LIAISON, OWNER, SECRETARY, House, Table


def kept_permission(house: House, *, uses: int = 1) -> None:
    """Let a request be permitted, and be kept by a policy that refers it."""
    house.do(OWNER, by_owner("fires@1", f"{ALL}permit: true"))
    house.do(LIAISON, asks(uses=uses))
    house.do(
        SECRETARY, by_secretary("fires@2", f"{ALL}refer: short", keeps=BOTH, follows="fires@1")
    )


def test_a_kept_permission_covers_no_more_uses_than_were_asked_for(house: House) -> None:
    kept_permission(house, uses=2)
    assert covered(house).left == 2
    house.do(LIAISON, UseReport("ukraine-1", 1, house.now))
    assert covered(house).left == 1
    house.do(LIAISON, UseReport("ukraine-1", 1, house.now))
    answer = covered(house)
    assert (answer.covered, answer.lack) == (False, Lack.EXHAUSTED)


def test_a_kept_permission_covers_nothing_when_its_window_is_over(house: House) -> None:
    kept_permission(house)
    house.now = Instant.parse("2025-11-30T23:59:59Z")
    assert covered(house).covered
    on(house, "2025-12-01")
    assert not covered(house).covered


@pytest.mark.parametrize("office", [OWNER, SECRETARY])
def test_whoever_issued_what_permits_or_stands_above_suspends_it(house: House, office: str) -> None:
    kept_permission(house)
    house.do(office, Suspension("ukraine-1", office, "talks are on"))
    assert (stage(house), covered(house).covered) == ("suspended", False)


def test_what_is_permitted_and_not_kept_covers_what_its_policies_permit_now(house: House) -> None:
    early = "when: 'use.since < timestamp(\"2025-07-01T00:00:00Z\")', "
    late = early.replace("<", ">=")
    house.do(
        OWNER, by_owner("fires@1", f"{early}permit: true}}\n  - {{id: two, {late}refer: short")
    )
    house.do(LIAISON, asks())
    assert covered(house).covered
    on(house, "2025-08-01")
    assert (stage(house), covered(house).covered) == ("permitted", False)
    who = Reader.parse("partner:ukraine")
    told = judging(house.state, who)
    assert not coverage(told, KURSK, at=house.now, atlas=Table(), reader=who).covered
