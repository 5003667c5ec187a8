"""A condition means what the slow and obvious reading says, whatever is unknown."""

from random import Random

from hypothesis import given, settings

from sayso.policy.checker import condition
from sayso.policy.evaluate import function, unknown
from tests.policy import oracle, writer


@settings(max_examples=400, deadline=None)
@given(writer.chance)
def test_every_condition_means_what_the_oracle_says(r: Random) -> None:
    text = writer.truth(r, 3)
    found = condition(text, schema=writer.SCHEMA)
    decide = function(found)
    for _ in range(5):
        facts = writer.given(r, r.choice((0.3, 0.7, 1.0)))
        assert decide(facts) is oracle.value(text, facts), text
        wanting = unknown(found, facts)
        assert bool(wanting) == (decide(facts) is None), text
        assert not wanting & {path for path in facts if "#" not in path}, text


@given(writer.chance)
def test_a_term_is_the_same_object_whenever_its_parts_are(r: Random) -> None:
    text = writer.truth(r, 3)
    one, other = (condition(text, schema=writer.SCHEMA) for _ in range(2))
    assert one is other
