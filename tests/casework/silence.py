"""A request on its way to a decider, and offices that say nothing."""

from sayso.casework import verdicts
from sayso.casework.events import (
    Adoption,
    Event,
    Outcome,
)
from sayso.casework.refusal import Refusal
from sayso.operations.perform import Receipt
from tests.casework.texts import advises, asks
from tests.house import LIAISON, OWNER, House, Table

CASE = "ukraine-1"
POSITIVE = "consent: positive, within: PT24H"
SILENT = "consent: no-objection, within: PT24H"
POLICY = """
policy: uses
version: 1
title: Uses
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-05-30T00:00:00Z}
transition: {pending: reroute, permits: suspend}
clauses:
  - {id: all, when: 'article.range_km > 300', refer: way}
routes:
  way:
    - {advise: [joint-staff, europe-desk], within: PT24H ADVISERS}
    - {decide: under-secretary-policy, DECIDER}
"""


def governed(house: House, decider: str, advisers: str = "") -> None:
    """Adopt the policy with these words on the decider and the advisers, and file a request."""
    text = POLICY.replace(" ADVISERS", advisers).replace("DECIDER", decider)
    house.do(OWNER, Adoption(text))
    house.do(LIAISON, asks())


def to_decide(house: House, decider: str, outcome: Outcome = Outcome.GRANT) -> Receipt:
    """Let the case come to its decider, with advice of that outcome; return what the last did."""
    governed(house, decider)
    house.do("europe-desk", advises(CASE, "europe-desk"))
    return house.do("joint-staff", advises(CASE, "joint-staff", outcome))


def passes(house: House, number: int) -> tuple[Event, ...]:
    """Let time pass, and return what it brought about in the case, with an act elsewhere."""
    house.later(number)
    due = verdicts.settle(house.state, at=house.now, atlas=Table())
    house.do(LIAISON, asks())
    return tuple(said for said in due if getattr(said, "case", CASE) == CASE)


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code
