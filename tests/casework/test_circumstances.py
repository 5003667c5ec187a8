"""Circumstances: asserted with a source, side by side when they differ, and gates that follow."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sayso.casework import case, verdicts
from sayso.casework.case import Advising, Prohibited
from sayso.casework.events import (
    Adoption,
    Assertion,
    Confidence,
    Retraction,
    Settlement,
    Vocabulary,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.errors import MalformedValue, Unknown
from sayso.policy.source import FaultyPolicy
from sayso.wire import Value
from tests.casework.texts import advises, asks, decides
from tests.house import LIAISON, OWNER, SECRETARY, House, Table

TALKS = """
circumstances:
  talks_under_way: {type: bool, description: talks with the other side are being held}
"""

GATED = """
policy: gate
version: 1
title: Nothing while talks are under way
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-01-01T00:00:00Z}
transition: {pending: reroute, permits: suspend}
clauses:
  - {id: quiet, when: "circumstances.talks_under_way", refer: up}
  - {id: else, when: "!circumstances.talks_under_way", permit: true}
routes:
  up:
    - {advise: [europe-desk]}
    - {decide: secretary-of-defense}
"""


def says(house: House, office: str, value: Value, *, holds: Period | None = None) -> int:
    """Return the entry at which `office` asserts whether talks are under way."""
    when = holds or Period(house.now)
    act = Assertion(office, "talks_under_way", value, "a cable", when, Confidence.HIGH)
    return house.do(office, act).index


def worded(house: House) -> None:
    """Add the fact that talks are under way, to be asserted by two offices."""
    house.do(OWNER, Vocabulary(OWNER, TALKS, ("europe-desk", "joint-staff")))


@pytest.fixture
def gate(house: House) -> House:
    """Return a record with a policy that depends on whether talks are under way."""
    worded(house)
    house.do(OWNER, Adoption(GATED))
    return house


def known(house: House) -> dict[str, Value]:
    """Return the circumstances that the record knows."""
    return dict(house.state.circumstances.facts)


def test_a_circumstance_nobody_asserted_is_unknown_and_does_not_permit(gate: House) -> None:
    gate.do(LIAISON, asks())
    found = gate.state.cases["ukraine-1"]
    assert isinstance(found, Advising)
    assert found.dossier.verdict.said.missing == ("circumstances.talks_under_way",)


def test_a_gate_opens_and_closes_with_the_circumstance(gate: House) -> None:
    says(gate, "europe-desk", False)
    gate.do(LIAISON, asks())
    assert case.name(gate.state.cases["ukraine-1"]) == "permitted"
    gate.later()
    says(gate, "europe-desk", True)
    assert case.name(gate.state.cases["ukraine-1"]) == "suspended"


def test_assertions_that_conflict_make_the_fact_unknown_until_it_is_settled(gate: House) -> None:
    one = says(gate, "europe-desk", False)
    assert known(gate) == {"talks_under_way": False}
    other = says(gate, "joint-staff", True)
    assert known(gate) == {}
    assert gate.state.circumstances.conflicting == ("talks_under_way",)
    early = Settlement(
        OWNER, "talks_under_way", False, "the cable is newer", Period(gate.now), (one,)
    )
    assert isinstance(gate.tries(OWNER, early), Refusal)  # a settlement cites every assertion
    whole = Settlement(
        OWNER, "talks_under_way", False, "the cable is newer", Period(gate.now), (one, other)
    )
    gate.do(OWNER, whole)
    assert known(gate) == {"talks_under_way": False}
    says(gate, "joint-staff", True)  # asserted after the settlement: weighed beside it anew
    assert known(gate) == {}


def test_only_an_office_above_all_who_may_assert_a_fact_settles_it(gate: House) -> None:
    entry = says(gate, "joint-staff", True)
    act = Settlement("europe-desk", "talks_under_way", False, "no", Period(gate.now), (entry,))
    refusal = gate.tries("europe-desk", act)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-above"


def test_an_assertion_holds_only_in_its_time(gate: House) -> None:
    end = gate.now
    gate.later(-2)
    start = gate.now
    gate.later(2)
    says(gate, "europe-desk", True, holds=Period(start, end))
    assert known(gate) == {}
    gate.later()
    says(gate, "joint-staff", False)
    assert known(gate) == {"talks_under_way": False}


def test_the_end_of_an_assertion_moves_cases_by_rule(gate: House) -> None:
    soon = gate.now
    gate.later(5)
    until, gate.now = gate.now, soon
    says(gate, "europe-desk", False, holds=Period(soon, until))
    gate.do(LIAISON, asks())
    gate.now = until
    says(gate, "joint-staff", False)
    # Between the two the fact was unknown for no moment of the record: what ended is replaced.
    assert known(gate) == {"talks_under_way": False}
    assert case.name(gate.state.cases["ukraine-1"]) == "suspended"


def test_an_assertion_taken_back_counts_no_more_and_stays(gate: House) -> None:
    entry = says(gate, "europe-desk", False)
    another = Retraction("joint-staff", entry, "mistaken")
    assert isinstance(gate.tries("joint-staff", another), Refusal)
    gate.do("europe-desk", Retraction("europe-desk", entry, "mistaken"))
    assert known(gate) == {}
    assert [on.stamp.index for on in gate.state.claims["talks_under_way"]] == [entry]


def test_an_office_that_may_not_assert_a_fact_does_not(gate: House) -> None:
    act = Assertion(
        "general-counsel", "talks_under_way", False, "hearsay", Period(gate.now), Confidence.LOW
    )
    refusal = gate.tries("general-counsel", act)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-its-fact"


def test_no_partner_adds_or_asserts_facts_that_bind_others(house: House) -> None:
    for office, asserted in ((LIAISON, (OWNER,)), (OWNER, (LIAISON,))):
        refusal = house.tries(office, Vocabulary(office, TALKS, asserted))
        assert isinstance(refusal, Refusal)
        assert refusal.code == "partners"


def test_a_fact_is_worded_once_and_keeps_its_meaning(gate: House) -> None:
    with pytest.raises(FaultyPolicy, match="is there already"):
        gate.tries(SECRETARY, Vocabulary(SECRETARY, TALKS, (SECRETARY,)))


def test_what_is_no_fact_or_no_value_of_it_is_said(gate: House) -> None:
    when = Period(gate.now)
    with pytest.raises(Unknown, match="talks_under_way"):
        gate.tries(
            "europe-desk",
            Assertion("europe-desk", "talks_underway", True, "x", when, Confidence.LOW),
        )
    with pytest.raises(MalformedValue, match="true or false"):
        says(gate, "europe-desk", "yes")


def test_a_policy_cannot_speak_of_a_fact_that_is_not_worded(house: House) -> None:
    with pytest.raises(FaultyPolicy):
        house.tries(OWNER, Adoption(GATED))


CLOSED = GATED.replace("refer: up", "prohibit: true").replace("permit: true", "refer: up")


def test_a_gate_opens_and_closes_for_a_case_that_was_filed_before(house: House) -> None:
    """Nobody has decided what is prohibited by rule: it is so as long as the policies say so."""
    worded(house)
    house.do(OWNER, Adoption(CLOSED))
    stages = []
    for under_way in (True, False, True, False):
        says(house, "europe-desk", under_way)
        if not house.state.cases:
            house.do(LIAISON, asks())
        stages.append(case.name(house.state.cases["ukraine-1"]))
    assert stages == ["prohibited", "advising", "prohibited", "advising"]
    house.do("europe-desk", advises("ukraine-1", "europe-desk"))
    house.do(SECRETARY, decides(house, "ukraine-1"))
    says(house, "europe-desk", True)
    assert case.name(house.state.cases["ukraine-1"]) == "suspended"


def test_a_gate_opens_with_the_time_for_which_it_was_closed(house: House) -> None:
    worded(house)
    house.do(OWNER, Adoption(CLOSED))
    says(house, "europe-desk", False)
    soon = Period(house.now, house.now + timedelta(hours=5))
    says(house, "europe-desk", True, holds=soon)
    house.do(LIAISON, asks())
    assert isinstance(house.state.cases["ukraine-1"], Prohibited)
    house.later(5)
    due = verdicts.foreseen(house.state, at=house.now, atlas=Table())
    assert isinstance(due.cases["ukraine-1"], Advising)


def test_a_gate_opens_no_case_that_is_over_or_taken_back(house: House) -> None:
    worded(house)
    house.do(OWNER, Adoption(CLOSED))
    says(house, "europe-desk", True)
    for _ in range(3):
        house.do(LIAISON, asks(window=Period(house.now, house.now + timedelta(hours=5))))
    house.do(LIAISON, Withdrawal("ukraine-1", "no longer needed"))
    house.do(LIAISON, replace(asks(), replaces="ukraine-2"))
    house.later(5)
    says(house, "europe-desk", False)
    stages = {name: case.name(each) for name, each in house.state.cases.items()}
    assert stages == {
        "ukraine-1": "withdrawn",
        "ukraine-2": "withdrawn",
        "ukraine-3": "prohibited",
        "ukraine-4": "advising",
    }
