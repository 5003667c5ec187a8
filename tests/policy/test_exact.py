"""What is proven, and what is said to differ, is what every class of requests shows."""

from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings

from sayso.policy.diff import FEW, Relation, diff
from sayso.policy.document import read
from sayso.policy.family import family
from sayso.policy.judge import Answer, ask
from sayso.policy.prove import broken, case_of, prove
from sayso.policy.question import World
from tests.policy import exact, writer
from tests.policy.exact import Pair

MOST = 600
TOO_MANY = [HealthCheck.filter_too_much]
some = settings(max_examples=40, deadline=None, suppress_health_check=TOO_MANY)


@pytest.mark.parametrize("few", [0, FEW])
@some
@given(writer.chance)
def test_a_difference_is_what_every_class_of_requests_shows(few: int, r: Random) -> None:
    before, after = exact.versions(r)
    assume(exact.size(before, after) <= MOST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sayso.policy.diff.FEW", few)
        exact.check_difference(Pair.of(before, after, r.choice((writer.RANKS, {}))))


@some
@given(writer.chance)
def test_a_proof_is_what_every_class_of_requests_shows(r: Random) -> None:
    policy = exact.with_property(r, exact.versions(r)[0])
    assume(exact.size(policy) <= MOST)
    exact.check_proof(policy, r.choice((writer.RANKS, {})))


@some
@given(writer.chance)
def test_a_family_holds_nothing_that_does_not_serve_and_leaves_out_nothing_that_does(
    r: Random,
) -> None:
    policy = exact.with_property(r, exact.versions(r)[0])
    case = case_of([policy], ranks=writer.RANKS)
    literal = broken(case, policy, policy.always[0])
    answer = ask(case.world, literal, seconds=10)
    if not isinstance(answer, Answer):
        return
    kept = family(case.world, answer, literal).literals
    possible = case.world.gates.possible
    assert not possible([-literal, *kept])
    for each in kept:
        others = [other for other in kept if other != each]
        for left_out in places_beside(case.world, each):
            assert possible([-literal, left_out, *others])


def places_beside(world: World, literal: int) -> list[int]:
    """Return the literals of the places that a literal of one fact leaves out."""
    world.boxes.learn(literal)
    number, within = world.boxes.slabs[literal]
    literals = world.boxes.axes[number].literals
    return [each for place, each in enumerate(literals) if not within >> place & 1]


@pytest.mark.parametrize(("before", "after"), exact.TURNS)
def test_a_route_that_is_otherwise_in_any_way_is_a_difference(before: str, after: str) -> None:
    found = []
    for way in ("low", "high", "side"):
        text = writer.document([f"  - {{id: c, when: f.flag, refer: {way}}}"])
        one, other = (
            read(each, schema=writer.SCHEMA) for each in (text, text.replace(before, after))
        )
        found.append(diff(one, other, ranks=writer.RANKS))
    assert sorted(each.relation is Relation.EQUIVALENT for each in found) == [False, True, True]
    (change,) = (change for each in found for change in each.families)
    assert change.before.route != change.after.route
    assert ("by another route" in change.words) is (change.before.decider == change.after.decider)


@pytest.mark.parametrize("effect", ["permit: true", "prohibit: true", "refer: low"])
@pytest.mark.parametrize("when", ["f.flag && f.reach > 5", "f.flag || f.reach > 5", "f.flag"])
def test_of_two_clauses_that_say_the_same_neither_makes_a_difference(
    when: str, effect: str
) -> None:
    twice = [f"  - {{id: c{place}, when: '{when}', {effect}}}" for place in range(2)]
    assert prove([writer.policy(twice)], ranks={}).without_effect == ("random@1/c0", "random@1/c1")
    assert prove([writer.policy(twice[:1])], ranks={}).without_effect == ()
