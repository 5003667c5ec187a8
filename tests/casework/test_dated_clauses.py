"""A clause that begins or ends within a policy moves cases on its day."""

import pytest

from sayso.casework.events import (
    Adoption,
)
from sayso.dates import Instant
from tests.casework.followers import (
    ALL,
    JUNE,
    UA,
    covered,
    stage,
    text,
)
from tests.casework.texts import advises, asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House

DATED = f"""{ALL}refer: short}}
  - id: two
    when: 'place.touches("RU")'
    prohibit: true
    {JUNE}
  - {{id: three, {UA}permit: true"""


@pytest.mark.parametrize("keeps", ["", "pending permits"])
def test_a_clause_with_dates_of_its_own_moves_cases_when_it_begins_and_ends(
    house: House, keeps: str
) -> None:
    house.do(OWNER, Adoption(text("fires@1", DATED, keeps=keeps)))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks())
    house.do("europe-desk", advises("ukraine-2", "europe-desk"))
    house.do(SECRETARY, decides(house, "ukraine-2"))
    assert (stage(house), covered(house).covered) == ("advising", True)
    house.now = Instant.parse("2025-06-10T00:00:00Z")
    assert not covered(house).covered
    house.do(LIAISON, asks())
    assert [each.clauses for each in house.state.binding] == [("two",)]
    assert [stage(house, f"ukraine-{number}") for number in (1, 2, 3)] == [
        "prohibited",
        "suspended",
        "prohibited",
    ]
    house.now = Instant.parse("2025-06-20T00:00:00Z")
    house.do(LIAISON, asks())
    assert [stage(house, f"ukraine-{number}") for number in (1, 2, 3)] == [
        "advising",
        "suspended",
        "advising",
    ]
