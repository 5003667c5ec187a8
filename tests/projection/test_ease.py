"""Whoever verifies a long record holds little of it, and finds what they would have found."""

from itertools import pairwise
from typing import Any

import pytest

from sayso.casework import replay
from sayso.errors import Damaged
from sayso.projection.ease import Ease
from tests.casework.texts import refuses, to_be_decided
from tests.house import SECRETARY, House, Table


@pytest.fixture(scope="module")
def entries() -> tuple[House, list[bytes]]:
    """Return a record with a refused case and many people."""
    house = House.furnished()
    house.do(SECRETARY, refuses(house, to_be_decided(house)))
    for number in range(60):
        house.do("registrar", house.enrolment(f"person-{number}"))
    return house, list(house.store.entries())


@pytest.mark.parametrize("stretch", [1, 7, 16])
def test_a_record_is_verified_alike_however_often_memory_is_eased(
    entries: tuple[House, list[bytes]], stretch: int
) -> None:
    house, record = entries
    plain = list(replay.verify(record, house.trust, Table()))
    eased = list(replay.verify(record, house.trust, Table(), eased=Ease(stretch).eased))
    assert eased[-1] == plain[-1] == house.state
    assert [each.size for each in eased] == [each.size for each in plain]


def test_what_is_held_does_not_grow_with_the_record(entries: tuple[House, list[bytes]]) -> None:
    house, record = entries
    held: list[int] = []
    for state in replay.verify(record, house.trust, Table(), eased=Ease(16).eased):
        keys: Any = state.keys
        held.append(len(keys.over) if state.size >= 16 else 0)
    assert max(held) <= 16
    assert sum(later < earlier for earlier, later in pairwise(held)) >= 3


def test_a_forgery_is_found_behind_what_was_moved_out(entries: tuple[House, list[bytes]]) -> None:
    house, record = entries
    doubled = [*record, record[-1]]
    with pytest.raises(Damaged) as plain:
        list(replay.verify(doubled, house.trust, Table()))
    with pytest.raises(Damaged) as eased:
        list(replay.verify(doubled, house.trust, Table(), eased=Ease(4).eased))
    assert str(plain.value) == str(eased.value)
