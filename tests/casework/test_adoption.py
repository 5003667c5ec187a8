"""A policy is adopted only if it checks, its examples pass and its properties are proven."""

import pytest

from sayso.casework.events import Adoption, Opening, Proof
from sayso.casework.refusal import Refusal
from sayso.errors import MalformedPolicy, Unknown
from tests.casework.texts import GREEN_LIGHT, MECHANISM
from tests.house import OWNER, House

PROPERTY = """
always:
  - id: only-the-secretary
    when: place.touches("RU") && article.range_km > 300
    then: prohibited || decided_by("secretary-of-defense")
"""


def refused(house: House, text: str) -> Refusal:
    answer = house.tries(OWNER, Adoption(text))
    assert isinstance(answer, Refusal), answer
    return answer


def test_what_was_proven_stands_on_the_record_beside_the_policy(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    follows = house.do(OWNER, Adoption(MECHANISM + PROPERTY)).follows
    proof = follows[0]
    assert isinstance(proof, Proof)
    assert proof.properties == ("long-range-fires@2/only-the-secretary",)
    assert proof.examples == 1
    assert not proof.complete, "a shorter range inside Russia is covered by no clause"


def test_a_policy_whose_property_is_broken_is_refused_with_who_gets_around(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    hole = "{id: hole, when: 'place.touches(\"RU\") && use.count <= 1', permit: true}"
    range_only = "article.range_km > 300 && use.count > 1 && place"
    draft = (MECHANISM + PROPERTY).replace("article.range_km > 300 && place", range_only, 1)
    draft = draft.replace("  - {id: elsewhere", f"  - {hole}\n  - {{id: elsewhere", 1)
    draft = draft.replace("examples:\n", "").replace(
        "  - given: {article: atacms, place: Kursk}\n    expect: {refer: cross-border}\n", ""
    )
    refusal = refused(house, draft)
    assert refusal.code == "not-proven"
    assert "only-the-secretary" in refusal.words
    assert "the use's count is at most 1" in refusal.words


def test_two_deciders_of_whom_none_stands_above_the_other_are_refused(house: House) -> None:
    for twin in ("twin-a", "twin-b"):
        house.do("registrar", Opening(twin, twin, 5, OWNER, 1))
    both = GREEN_LIGHT.replace("use.count <= 6', permit: true", "use.count > 3', refer: other")
    both = both.replace("decide: under-secretary-policy", "decide: twin-a")
    refusal = refused(house, both + "  other:\n    - {decide: twin-b, consent: positive}\n")
    assert refusal.code == "not-proven"
    assert "twin-a and twin-b would each decide" in refusal.words
    house.do("registrar", Opening("above", "above", 4, OWNER, 1))
    ranked = both.replace("decide: twin-a", "decide: above")
    house.do(OWNER, Adoption(ranked + "  other:\n    - {decide: twin-b, consent: positive}\n"))


def test_a_policy_whose_example_fails_is_refused(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    wrong = MECHANISM.replace("expect: {refer: cross-border}", "expect: {permit: true}")
    refusal = refused(house, wrong)
    assert refusal.code == "example-fails"


def test_a_policy_that_cannot_be_meant_or_names_nobody_is_refused(house: House) -> None:
    with pytest.raises(MalformedPolicy, match="range_kn"):
        house.tries(OWNER, Adoption(MECHANISM.replace("range_km", "range_kn")))
    with pytest.raises(Unknown, match="joint-stuff"):
        house.tries(OWNER, Adoption(GREEN_LIGHT.replace("[joint-staff]", "[joint-stuff]")))


def test_a_version_is_adopted_once(house: House) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    assert refused(house, GREEN_LIGHT.replace("The green light", "Another")).code == "adopted"
