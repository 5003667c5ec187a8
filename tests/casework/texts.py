"""Policies and acts that the tests of casework share."""

from typing import Any

from sayso.casework.decisions import grounds
from sayso.casework.events import (
    Adoption,
    Advice,
    Consolidation,
    Decision,
    Item,
    Outcome,
    Request,
)
from sayso.casework.policies import parsed
from sayso.casework.review import dissents
from sayso.dates import Period
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

GREEN_LIGHT = """
policy: long-range-fires
version: 1
title: The green light
issuer: under-secretary-policy
instrument: an announcement
in_force: {from: 2024-11-17T00:00:00Z}
transition: {pending: reroute, permits: keep}
releasable_to: [public]
clauses:
  - {id: few, when: '"US" in article.suppliers && use.count <= 6', permit: true}
  - {id: many, when: '"US" in article.suppliers && use.count > 6', refer: stocks}
routes:
  stocks:
    - {advise: [joint-staff]}
    - {decide: under-secretary-policy, consent: positive}
"""

MECHANISM = """
policy: long-range-fires
version: 2
title: The review mechanism
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-05-30T00:00:00Z}
supersedes: long-range-fires@1
transition: {pending: reroute, permits: suspend}
releasable_to: [us]
clauses:
  - {id: inside, when: 'article.range_km > 300 && place.touches("RU")', refer: cross-border}
  - {id: elsewhere, when: '!place.touches("RU")', permit: true}
routes:
  cross-border:
    - {advise: [europe-desk, joint-staff, general-counsel], within: PT24H}
    - {consolidate: under-secretary-policy}
    - {decide: secretary-of-defense, reserved: true, consent: positive}
examples:
  - given: {article: atacms, place: Kursk}
    expect: {refer: cross-border}
"""

WINDOW = Period.parse("2025-06-01T00:00:00Z/2025-12-01T00:00:00Z")


def asks(**changed: Any) -> Request:
    """Return a request for one use at Kursk, with what is `changed`."""
    usual: dict[str, Any] = {
        "partner": "ukraine",
        "agreement": "aid",
        "purpose": "military-logistics",
        "window": WINDOW,
    }
    one = {"article": "atacms", "place": "Kursk", "uses": 1}
    item = {name: changed.pop(name, usual) for name, usual in one.items()}
    if "within_m" in changed:
        item["within_m"] = changed.pop("within_m")
    return Request(**{**usual, "items": (Item(**item),), **changed})


def advises(case: str, office: str, outcome: Outcome = Outcome.GRANT) -> Advice:
    """Return an office's advice."""
    return Advice(case, office, outcome, "because", ())


def consolidates(house: House, case: str) -> Consolidation:
    """Return the consolidation that is due."""
    given = house.state.case(case).dossier.current_advice
    cites = tuple(each.stamp.index for each in given)
    against = dissents(house.state.case(case).dossier, Outcome.GRANT)
    return Consolidation(case, OWNER, Outcome.GRANT, "all in all", cites, dissents=against)


def decides(house: House, case: str, **changed: Any) -> Decision:
    """Return a grant of all that was asked, with what is `changed`."""
    dossier = house.state.case(case).dossier
    request, verdict = grounds(dossier)
    usual: dict[str, Any] = {
        "case": case,
        "office": SECRETARY,
        "outcome": Outcome.GRANT,
        "reasons": "",
        "conditions": (),
        "request": request,
        "verdict": verdict,
        "uses": dossier.asked.uses,
        "window": dossier.asked.window,
    }
    return Decision(**{**usual, **changed})


def refuses(house: House, case: str, **changed: Any) -> Decision:
    """Return a refusal, with what is `changed`."""
    refusal = {"outcome": Outcome.REFUSE, "reasons": "escalation", "uses": None, "window": None}
    return decides(house, case, **{**refusal, **changed})


def governed(house: House) -> House:
    """Return `house` with both policies adopted, so that the review mechanism binds."""
    for text in (GREEN_LIGHT, MECHANISM):
        if parsed(text).name not in house.state.policies:
            house.do(OWNER, Adoption(text))
    return house


def to_be_decided(house: House, **changed: Any) -> str:
    """Return a case for Kursk that waits for the final authority."""
    governed(house)
    house.do(LIAISON, asks(**changed))
    case = f"ukraine-{house.state.filed_by['ukraine']}"
    for office in ADVISERS:
        house.do(office, advises(case, office))
    house.do(OWNER, consolidates(house, case))
    return case
