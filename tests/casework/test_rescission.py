"""A policy ends without a successor: by whom, and what follows."""

import pytest

from sayso.casework import case
from sayso.casework.events import Adoption, Rescission
from sayso.casework.refusal import Refusal
from sayso.queries.disclosure import OFFICE
from sayso.queries.impact import impact, without
from tests.casework.texts import GREEN_LIGHT, MECHANISM, asks, to_be_decided
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

NEVER = """
policy: never
version: 1
title: Nothing goes
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-05-30T00:00:00Z}
clauses:
  - {id: all, when: 'use.count > 0', prohibit: true}
"""


def ends(name: str, office: str = OWNER) -> Rescission:
    """Return the rescission of a policy."""
    return Rescission(name, office, "talks have ended")


def test_what_was_permitted_is_prohibited_when_its_policy_is_rescinded(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks())
    assert case.name(house.state.cases["ukraine-1"]) == "permitted"
    foretold = without(
        house.state, "long-range-fires@1", reader=OFFICE, at=house.now, atlas=Table()
    )
    assert [(each.case, each.move.value) for each in foretold] == [("ukraine-1", "suspend")]
    house.do(OWNER, ends("long-range-fires@1"))
    assert case.name(house.state.cases["ukraine-1"]) == "suspended"
    house.do(LIAISON, asks())
    assert case.name(house.state.cases["ukraine-2"]) == "prohibited"


def test_a_rescinded_policy_does_not_revive_what_it_superseded(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(
        SECRETARY,
        Adoption(MECHANISM.replace("issuer: under-secretary-policy", f"issuer: {SECRETARY}")),
    )
    house.do(SECRETARY, ends("long-range-fires@2", SECRETARY))
    house.do(LIAISON, asks())
    assert case.name(house.state.cases["ukraine-1"]) == "prohibited"


def test_a_prohibition_that_is_rescinded_leaves_no_case_closed(house: House) -> None:
    """Law 15: whoever issues a prohibition ends nothing for good that others decide."""
    case_name = to_be_decided(house)
    house.do(OWNER, Adoption(NEVER))
    assert case.name(house.state.cases[case_name]) == "prohibited"
    foretold = without(house.state, "never@1", reader=OFFICE, at=house.now, atlas=Table())
    assert [(e.case, e.move.value, e.outcome) for e in foretold] == [
        (case_name, "reroute", "referred")
    ]
    house.do(SECRETARY, ends("never@1", SECRETARY))
    assert case.name(house.state.cases[case_name]) == "advising"


@pytest.mark.parametrize("pending", ["keep", "reroute", "return"])
def test_no_transition_keeps_prohibited_what_no_policy_prohibits(
    house: House, pending: str
) -> None:
    """A transition is for what is under review, or granted."""
    house.do(LIAISON, asks())
    assert case.name(house.state.cases["ukraine-1"]) == "prohibited", "there is no policy yet"
    text = GREEN_LIGHT.replace("pending: reroute", f"pending: {pending}")
    foretold = impact(house.state, text, reader=OFFICE, at=house.now, atlas=Table())
    assert [(each.case, each.outcome) for each in foretold] == [("ukraine-1", "permitted")]
    house.do(OWNER, Adoption(text))
    assert case.name(house.state.cases["ukraine-1"]) == "permitted"


def test_whoever_is_not_above_every_head_of_a_policy_does_not_rescind_it(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM))
    for office in (OWNER, "joint-staff"):
        refusal = house.tries(office, ends("long-range-fires@2", office))
        assert isinstance(refusal, Refusal)
        assert refusal.code == "outranked"
    house.do(SECRETARY, ends("long-range-fires@2", SECRETARY))


def test_a_policy_is_rescinded_once(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, ends("long-range-fires@1"))
    again = house.tries(OWNER, ends("long-range-fires@1"))
    assert isinstance(again, Refusal)
    assert again.code == "rescinded"
