"""Laws 1 to 6 of the design, for random policies and facts."""

from collections.abc import Iterable
from random import Random

from hypothesis import given

from sayso.dates import Instant
from sayso.policy.decide import Outcome, Verdict, verdict
from sayso.policy.document import read
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from tests.policy import oracle, writer

STRICTNESS = (Outcome.PERMITTED, Outcome.REFERRED, Outcome.PROHIBITED)


def judge(policies: Iterable[Policy], facts: Facts, at: Instant = writer.AT) -> Verdict:
    return verdict(policies, facts, at=at, ranks=writer.RANKS)


def strictness(found: Verdict) -> int:
    return STRICTNESS.index(found.outcome)


def some(r: Random, most: int = 4) -> list[str]:
    return [writer.clause(r, place) for place in range(r.randint(0, most))]


def said(found: Verdict) -> dict[str, object]:
    return {key: part for key, part in found.value().items() if key != "policies"}


@writer.often
@given(writer.chance)
def test_what_is_not_permitted_is_prohibited(r: Random) -> None:
    policy = writer.policy(some(r))
    found = judge([policy], writer.facts(r))
    if not found.because and not found.possible:
        assert found.outcome is Outcome.PROHIBITED
    if found.outcome is Outcome.PERMITTED:
        assert found.because
    assert judge([], writer.facts(r)).outcome is Outcome.PROHIBITED


@writer.often
@given(writer.chance)
def test_a_prohibition_outweighs_a_referral_and_a_referral_a_permission(r: Random) -> None:
    clauses = some(r)
    facts = writer.facts(r)
    for effect, at_least in (("prohibit: true", 2), ("refer: high", 1)):
        more = [*clauses, f"  - {{id: more, when: 'true', {effect}}}"]
        assert strictness(judge([writer.policy(more)], facts)) >= at_least
    permitting = [*clauses, "  - {id: more, when: 'true', permit: true}"]
    without, with_it = (judge([writer.policy(each)], facts) for each in (clauses, permitting))
    if without.because or without.possible:
        assert with_it.outcome is without.outcome
    else:
        assert with_it.outcome is Outcome.PERMITTED


@writer.often
@given(writer.chance)
def test_the_outcome_is_that_of_the_slow_and_obvious_reading(r: Random) -> None:
    policies = [writer.policy(some(r), name=name) for name in ("one", "two")]
    facts = writer.facts(r)
    found = judge(policies, facts)
    if not found.conflict:
        assert found.outcome.value == oracle.outcome(policies, facts.values)


@writer.often
@given(writer.chance)
def test_the_order_of_clauses_and_of_policies_is_irrelevant(r: Random) -> None:
    one, other = some(r), some(r)
    facts = writer.facts(r)
    first = judge([writer.policy(one, name="one"), writer.policy(other, name="other")], facts)
    r.shuffle(one)
    r.shuffle(other)
    second = judge([writer.policy(other, name="other"), writer.policy(one, name="one")], facts)
    assert said(first) == said(second)


@writer.often
@given(writer.chance)
def test_a_clause_outside_its_dates_counts_for_nothing(r: Random) -> None:
    clauses = some(r)
    dated = "in_force: {from: 2025-03-01T00:00:00Z, until: 2025-04-01T00:00:00Z}"
    extra = f"  - {{id: dated, when: {writer.quoted(writer.truth(r, 1))}, prohibit: true, {dated}}}"
    undated = extra.replace(f", {dated}", "")
    facts = writer.facts(r)
    without, with_it, always = (
        writer.policy(each) for each in (clauses, [*clauses, extra], [*clauses, undated])
    )
    for text in ("2025-02-28T23:59:59.999999Z", "2025-04-01T00:00:00Z"):
        at = Instant.parse(text)
        assert said(judge([with_it], facts, at)) == said(judge([without], facts, at))
    for text in ("2025-03-01T00:00:00Z", "2025-03-31T23:59:59.999999Z"):
        at = Instant.parse(text)
        assert said(judge([with_it], facts, at)) == said(judge([always], facts, at))
    before = Instant.parse("2024-12-31T23:59:59.999999Z")
    assert judge([with_it], facts, before).outcome is Outcome.PROHIBITED
    assert judge([with_it], facts, before).policies == ()


@writer.often
@given(writer.chance)
def test_a_fact_that_is_unknown_never_permits(r: Random) -> None:
    policy = writer.policy(some(r))
    facts = writer.facts(r, known=0.9)
    gone = r.sample(sorted(facts.values), r.randint(0, min(3, len(facts.values))))
    with_them, without = judge([policy], facts), judge([policy], facts.without(*gone))
    if without.outcome is Outcome.PERMITTED and not with_them.conflict:
        assert with_them.outcome is Outcome.PERMITTED
    if (with_them.because or with_them.possible) and not with_them.conflict:
        assert strictness(without) >= strictness(with_them)
    if (
        not without.conflict
        and not with_them.conflict
        and strictness(without) > strictness(with_them)
    ):
        assert set(gone) & set(without.missing)
    if without.outcome is Outcome.PERMITTED:
        assert without.missing == ()


def test_a_place_that_may_touch_a_territory_touches_it() -> None:
    text = writer.document(
        [
            "  - {id: inside, when: 'place.touches(\"RU\")', refer: high}",
            "  - {id: outside, when: '!place.touches(\"RU\")', permit: true}",
        ]
    )
    policy = read(text)
    near = Facts.read({"place": {"touches": ["RU", "UA"], "certainly_in": ["UA"]}})
    far = Facts.read({"place": {"touches": ["UA"], "certainly_in": ["UA"]}})
    assert judge([policy], near).outcome is Outcome.REFERRED
    assert judge([policy], far).outcome is Outcome.PERMITTED
    assert judge([policy], Facts({})).missing == ("place.touches",)


def test_a_policy_is_out_of_force_once_superseded_and_stays_so() -> None:
    permit = ["  - {id: all, when: 'true', permit: true}"]
    prohibit = ["  - {id: none, when: 'true', prohibit: true}"]
    old = writer.policy(permit)
    text = writer.document(prohibit, name="newer", extra="supersedes: random@1\n")
    ended = text.replace(
        "{from: 2025-01-01T00:00:00Z}", "{from: 2025-06-01T00:00:00Z, until: 2025-08-01T00:00:00Z}"
    )
    new = read(ended)
    outcomes = [
        judge([old, new], Facts({}), Instant.parse(f"2025-{month}-15T00:00:00Z"))
        for month in ("05", "06", "09")
    ]
    assert [each.outcome.value for each in outcomes] == ["permitted", "prohibited", "prohibited"]
    assert [[name for name, _ in each.policies] for each in outcomes] == [
        ["random@1"],
        ["newer@1"],
        [],
    ]


def test_joined_routes_unite_the_advisers_and_the_highest_office_decides() -> None:
    both = ["  - {id: a, when: 'true', refer: low}", "  - {id: b, when: 'true', refer: high}"]
    found = judge([writer.policy(both)], Facts({}))
    assert found.value()["route"] == [
        {"advise": ["counsel", "staff"], "within": "PT24H"},
        {"advise": ["desk"]},
        {"consolidate": "desk"},
        {"decide": "secretary", "reserved": True, "consent": "positive"},
    ]


def test_deciders_of_whom_none_stands_above_the_others_prohibit() -> None:
    both = ["  - {id: a, when: 'true', refer: low}", "  - {id: b, when: 'true', refer: side}"]
    equal = {"under-secretary": 2, "staff": 2}
    for ranks in (equal, {}, {"staff": 1}):
        found = verdict([writer.policy(both)], Facts({}), at=writer.AT, ranks=ranks)
        assert found.outcome is Outcome.PROHIBITED
        assert found.conflict == ("staff", "under-secretary")
        assert found.because == ("random@1/a", "random@1/b")
