"""Law 13 in refusals: who speaks for a partner learns by asking nothing of what others have."""

from typing import Any

import pytest

from sayso.casework.events import (
    Act,
    Agreement,
    Appeal,
    Appointment,
    Article,
    Inventory,
    Item,
    Opening,
    Surrender,
    UseReport,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.errors import SaysoError
from tests.casework.texts import asks, to_be_decided
from tests.house import LIAISON, OTHERS, House


@pytest.fixture
def both(house: House) -> House:
    """Return a record with a request of Ukraine's under review, and one of Poland's."""
    to_be_decided(house)
    house.do("registrar", Article("harpoon", "Harpoon", {"range_km": 120, "suppliers": ["US"]}))
    house.do("registrar", Agreement("other-aid", "Aid", "US", "poland", ("atacms", "harpoon")))
    house.do(OTHERS, asks(partner="poland", agreement="other-aid"))
    return house


def answer(house: House, act: Act) -> str:
    """Return in which words the Ukrainian liaison is refused."""
    try:
        refusal = house.tries(LIAISON, act)
    except SaysoError as error:
        return str(error)
    assert isinstance(refusal, Refusal)
    return str(refusal)


def named(name: str) -> tuple[Act, ...]:
    """Return acts that name a case, and an earlier request."""
    return (
        Withdrawal(name, "not ours"),
        Surrender(name, "not ours"),
        Appeal(name, "not ours"),
        UseReport(name, 0),
        asks(replaces=name),
        asks(after=name),
    )


def test_another_s_case_is_as_unknown_as_one_that_is_not_there(both: House) -> None:
    for theirs, nobodys in zip(named("poland-1"), named("poland-7"), strict=True):
        assert answer(both, theirs).replace("poland-1", "poland-7") == answer(both, nobodys)
        assert "poland-1" not in answer(both, nobodys)


@pytest.mark.parametrize(
    ("theirs", "nobodys"),
    [
        ({"agreement": "other-aid"}, {"agreement": "some-aid"}),
        ({"items": (Item("harpoon", "Kursk", 1),)}, {"items": (Item("storm", "Kursk", 1),)}),
    ],
)
def test_another_s_agreement_and_article_are_unknown_too(
    both: House, theirs: dict[str, Any], nobodys: dict[str, Any]
) -> None:
    one, two = answer(both, asks(**theirs)), answer(both, asks(**nobodys))
    assert one.partition("`")[0] == two.partition("`")[0] != ""
    assert "poland" not in one
    assert one.partition(";")[2] == two.partition(";")[2]


def test_an_inventory_under_another_s_agreement_is_of_one_unknown(both: House) -> None:
    said = answer(both, Inventory("other-aid", "atacms", 3))
    assert said.startswith("no agreement is named `other-aid`")


def test_how_far_a_review_has_come_is_in_no_refusal(both: House) -> None:
    for act in (Surrender("ukraine-1", "early"), Appeal("ukraine-1", "early")):
        assert "under review" in answer(both, act)
    assert "under review" in answer(both, UseReport("ukraine-1", 0))


def test_who_holds_an_office_inside_too_knows_from_there(both: House) -> None:
    assert "no case is named" in answer(both, Withdrawal("poland-1", "not ours"))
    both.do("registrar", Opening("annex", "Annex", 9, "registrar", 1))
    both.do("registrar", Appointment("annex", LIAISON, Period(both.now)))
    assert "belongs to" in answer(both, Withdrawal("poland-1", "not ours"))
