"""An article in which several suppliers have a part needs the consent of each, by its own rules."""

from dataclasses import replace

import pytest

from sayso.casework import case
from sayso.casework.events import (
    Adoption,
    Agreement,
    Appointment,
    Article,
    Item,
    Opening,
    UseReport,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.queries.coverage import Coverage, Use, coverage
from sayso.queries.disclosure import Reader, view
from sayso.wire import Value
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    advises,
    asks,
    consolidates,
    decides,
    refuses,
)
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House, Table

MINISTER = "defence-secretary-gb"
BRITISH = f"""
policy: storm-shadow
version: 1
title: British consent
issuer: {MINISTER}
instrument: a letter
in_force: {{from: 2025-01-01T00:00:00Z}}
clauses:
  - {{id: inside-russia, when: 'place.touches("RU")', refer: minister}}
  - {{id: elsewhere, when: '!place.touches("RU")', permit: true}}
routes:
  minister:
    - {{decide: {MINISTER}}}
"""
USE = Use("ukraine", "joint", "storm-shadow", "Kursk", "military-logistics")


@pytest.fixture
def joint(house: House) -> House:
    """Return a record in which an article depends on a British and on an American supplier."""
    house.do("registrar", Opening(MINISTER, "Minister", 1, MINISTER, 1, supplier="GB"))
    house.do("registrar", house.enrolment(MINISTER))
    house.do("registrar", Appointment(MINISTER, MINISTER, Period(house.now)))
    facts: dict[str, Value] = {"range_km": 305, "suppliers": ["GB"], "dependency_suppliers": ["US"]}
    house.do("registrar", Article("storm-shadow", "Storm Shadow", facts))
    house.do("registrar", Agreement("joint", "Joint", "US", "ukraine", ("storm-shadow",)))
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM))
    house.do(MINISTER, Adoption(BRITISH))
    return house


def covered(house: House, reader: str = "office") -> Coverage:
    """Return whether the use at Kursk is covered."""
    who = Reader.parse(reader)
    return coverage(view(house.state, who), USE, at=house.now, atlas=Table(), reader=who)


def american(house: House) -> None:
    """Let the case go to the Secretary, who grants it."""
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.do(OWNER, consolidates(house, "ukraine-1"))
    house.do(SECRETARY, decides(house, "ukraine-1"))


def test_each_supplier_is_asked_by_its_own_policies(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    found = {name: each.dossier.verdict.said for name, each in joint.state.cases.items()}
    assert {name: verdict.decider for name, verdict in found.items()} == {
        "ukraine-1": SECRETARY,
        "ukraine-1@GB": MINISTER,
    }
    assert found["ukraine-1@GB"].because == ("storm-shadow@1/inside-russia",)
    assert found["ukraine-1"].because == ("long-range-fires@2/inside",)


def test_it_is_authorized_only_when_every_supplier_has_consented(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    assert not covered(joint).covered
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    assert not covered(joint).covered
    american(joint)
    answer = covered(joint)
    assert answer.covered
    assert [(each.supplier, each.case) for each in (answer, *answer.others)] == [
        (None, "ukraine-1"),
        ("GB", "ukraine-1@GB"),
    ]


def test_one_use_is_reported_once_and_draws_down_every_suppliers_grant(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    american(joint)
    joint.do(LIAISON, UseReport("ukraine-1", 1, joint.now))
    stages = {name: case.name(each) for name, each in joint.state.cases.items()}
    assert stages == {"ukraine-1": "exhausted", "ukraine-1@GB": "exhausted"}
    twice = joint.tries(LIAISON, UseReport("ukraine-1@GB", 1, joint.now))
    assert isinstance(twice, Refusal)
    assert twice.code == "exhausted"


def test_the_refusal_of_one_supplier_is_not_made_good_by_another(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    american(joint)
    joint.do(MINISTER, refuses(joint, "ukraine-1@GB", office=MINISTER))
    assert not covered(joint).covered
    assert not covered(joint, "partner:ukraine").covered


def test_nobody_decides_for_another_supplier(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    for person, office in ((MINISTER, SECRETARY), (SECRETARY, MINISTER), (SECRETARY, SECRETARY)):
        refusal = joint.tries(person, decides(joint, "ukraine-1@GB", office=office))
        assert isinstance(refusal, Refusal)
    foreign = BRITISH.replace(f"decide: {MINISTER}", f"decide: {SECRETARY}")
    refusal = joint.tries(MINISTER, Adoption(foreign.replace("version: 1", "version: 2")))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "another-supplier"


def test_what_one_supplier_lays_down_does_nothing_to_the_consent_of_another(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    before = joint.state.cases["ukraine-1"]
    stricter = BRITISH.replace("refer: minister", "prohibit: true").replace(
        "version: 1", "version: 2\nsupersedes: storm-shadow@1"
    )
    joint.do(MINISTER, Adoption(stricter))
    assert joint.state.cases["ukraine-1"] == before
    assert case.name(joint.state.cases["ukraine-1@GB"]) == "prohibited"


def test_what_no_second_supplier_has_a_part_in_needs_no_second_consent(joint: House) -> None:
    joint.do(LIAISON, asks())
    assert tuple(joint.state.cases) == ("ukraine-1",)


def test_every_item_is_a_case_of_each_supplier(joint: House) -> None:
    items = tuple(Item("storm-shadow", place, 1) for place in ("Kursk", "Dzhankoi"))
    joint.do(LIAISON, replace(asks(agreement="joint", article="storm-shadow"), items=items))
    assert {name: case.name(each) for name, each in joint.state.cases.items()} == {
        "ukraine-1.1": "advising",
        "ukraine-1.1@GB": "deciding",
        "ukraine-1.2": "permitted",
        "ukraine-1.2@GB": "permitted",
    }
    joint.do(LIAISON, Withdrawal("ukraine-1", "not needed"))
    assert {name: case.name(each) for name, each in joint.state.cases.items()} == {
        "ukraine-1.1": "withdrawn",
        "ukraine-1.1@GB": "withdrawn",
        "ukraine-1.2": "permitted",
        "ukraine-1.2@GB": "permitted",
    }
