"""Every engine gives the same two sets of clauses."""

from random import Random

from hypothesis import given

from sayso.policy.atoms import atoms, cuts, sole_fact
from sayso.policy.checker import condition
from sayso.policy.engines import Closures
from sayso.policy.evaluate import function
from sayso.policy.index import index
from sayso.policy.rules import timeline
from sayso.policy.types import Ranged
from tests.policy import writer


@writer.often
@given(writer.chance)
def test_the_index_and_the_closures_agree(r: Random) -> None:
    policy = writer.policy([writer.clause(r, place, 3) for place in range(12)])
    rules = timeline((policy,)).at(writer.AT)
    slow, fast = Closures(rules), index(rules)
    for _ in range(20):
        facts = writer.given(r)
        assert slow(facts) == fast(facts)
        true, possible = slow(facts)
        for unsure in (possible & ~true, possible & ~true & r.getrandbits(12)):
            assert slow.missing(unsure, facts) == fast.missing(unsure, facts)


@writer.often
@given(writer.chance)
def test_an_atom_changes_only_at_its_cuts(r: Random) -> None:
    for atom in atoms(condition(writer.truth(r, 3), schema=writer.SCHEMA)):
        fact = sole_fact(atom)
        if fact is None or not isinstance(fact.type, Ranged):
            continue
        found = cuts(atom, fact)
        if found is None:
            continue
        asked = function(atom)
        firsts = [fact.type.low, *sorted(found)]
        for first, after in zip(firsts, [*firsts[1:], fact.type.high + 1], strict=True):
            for value in (first, after - 1, r.randint(first, after - 1)):
                assert asked({fact.path: value}) is asked({fact.path: first})
