"""The numbers of an office's work: each as it is defined, and the same from the same record."""

from datetime import timedelta

from sayso.casework.events import Answer, Query
from sayso.dates import Period
from sayso.queries.numbers import effect, numbers
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

YEAR = Period.parse("2025-01-01T00:00:00Z/2026-01-01T00:00:00Z")
HOUR = 3600


def test_outcomes_are_counted_by_article_and_territory(house: House) -> None:
    name = to_be_decided(house)
    house.do(SECRETARY, refuses(house, name))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks(place="Dzhankoi"))
    found = numbers(house.state, YEAR)
    assert found.filed == 3
    assert found.outcomes == {"open": 1, "permitted": 1, "refused": 1}
    assert found.by_article == {"atacms": {"open": 1, "permitted": 1, "refused": 1}}
    assert found.by_territory == {"RU": {"open": 1, "refused": 1}, "UA": {"permitted": 1}}
    assert {name: each.advised for name, each in found.offices.items() if each.advised} == (
        dict.fromkeys(ADVISERS, 1)
    )
    assert found.offices[SECRETARY].decided == 1
    assert found.offices[OWNER].consolidated == 1
    assert found.unused == ("atacms",)


def test_the_time_to_the_first_outcome_leaves_out_what_a_query_took(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    house.later(2)
    entry = house.do("europe-desk", Query("ukraine-1", "europe-desk", "which unit?")).index
    house.later(30)
    house.do(LIAISON, Answer("ukraine-1", entry, "the 19th"))
    house.later(3)
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.do(OWNER, consolidates(house, "ukraine-1"))
    house.do(SECRETARY, decides(house, "ukraine-1"))
    found = numbers(house.state, YEAR)
    assert (found.decided, found.median_s, found.longest_s) == (1, 5 * HOUR, 5 * HOUR)


def test_what_nobody_had_to_decide_has_no_time(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks(place="Dzhankoi"))
    assert numbers(house.state, YEAR).decided == 0


def test_a_case_counts_in_the_period_in_which_it_was_filed(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    until = Period(house.now + timedelta(hours=-1), house.now)
    assert numbers(house.state, until).filed == 0
    assert numbers(house.state, Period(house.now, house.now + timedelta(hours=1))).filed == 1


def test_the_effect_of_a_policy_is_what_changed_with_it(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    found = effect(house.state, "long-range-fires@2", days=30)
    assert (found.before.filed, found.after.filed) == (0, 1)
    assert found.after.outcomes == {"open": 1}
