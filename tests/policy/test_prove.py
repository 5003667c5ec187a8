"""What is said to hold holds of every request tried; what is said to fail fails as a family."""

from dataclasses import replace
from itertools import combinations
from random import Random
from time import monotonic

import pytest
from hypothesis import given, settings

from sayso.policy.decide import Outcome, Verdict, verdict
from sayso.policy.diff import STRICTNESS, Relation, diff
from sayso.policy.document import read
from sayso.policy.evaluate import Given
from sayso.policy.facts import Facts
from sayso.policy.family import as_example
from sayso.policy.policy import Policy
from sayso.policy.prove import prove, smtlib
from sayso.policy.sat import Gates
from tests.policy import writer
from tests.policy.exact import THEN, belongs, is_broken, simple
from tests.policy.test_document import DESIGN


def judge(policy: Policy, values: dict[str, Given], ranks: dict[str, int]) -> Verdict:
    return verdict([policy], Facts(values), at=writer.AT, ranks=ranks)


def breaks(policy: Policy, values: dict[str, Given], ranks: dict[str, int]) -> bool:
    return is_broken(policy, values, judge(policy, values, ranks))


def draft(r: Random, condition: str, then: str) -> Policy:
    clauses = [
        f"  - {{id: c{place}, when: {writer.quoted(simple(r))}, {r.choice(writer.EFFECTS)}}}"
        for place in range(r.randint(1, 5))
    ]
    always = f"always:\n  - {{id: p, when: {writer.quoted(condition)}, then: '{then}'}}\n"
    return writer.policy(clauses, extra=always)


@writer.often
@given(writer.chance)
def test_what_holds_is_never_broken_and_what_fails_fails_as_a_family(r: Random) -> None:
    ranks = r.choice((writer.RANKS, {}))
    policy = draft(r, simple(r), r.choice(THEN))
    report = prove([policy], ranks=ranks)
    (proof,) = report.properties
    assert proof.holds is not None
    tried = [writer.given(r, r.choice((0.6, 1.0))) for _ in range(100)]
    if proof.holds:
        assert not any(breaks(policy, values, ranks) for values in tried)
        return
    assert proof.family is not None
    assert breaks(policy, dict(proof.family.member), ranks)
    for values in tried:
        if belongs(values, proof.family):
            assert breaks(policy, values, ranks), proof.words


@settings(max_examples=30, deadline=None)
@given(writer.chance)
def test_random_conditions_are_never_wrongly_proven(r: Random) -> None:
    clauses = [writer.clause(r, place, 1) for place in range(3)]
    when, then = writer.quoted(writer.truth(r, 1)), r.choice(THEN)
    always = f"always:\n  - {{id: p, when: {when}, then: '{then}'}}\n"
    policy = writer.policy(clauses, extra=always)
    (proof,) = prove([policy], ranks=writer.RANKS, seconds=0.5, clauses=False).properties
    if proof.holds:
        tried = (writer.given(r, r.choice((0.6, 1.0))) for _ in range(60))
        assert not any(breaks(policy, values, writer.RANKS) for values in tried)


@settings(max_examples=60, deadline=None)
@given(writer.chance)
def test_conflicts_gaps_and_idle_clauses_are_what_they_are_said_to_be(r: Random) -> None:
    policy = draft(r, "true", "prohibited")
    report = prove([policy], ranks={"secretary": 1})
    tried = [writer.given(r, r.choice((0.6, 1.0))) for _ in range(100)]
    verdicts = [judge(policy, values, {"secretary": 1}) for values in tried]
    if report.deciders.holds:
        assert not any(each.conflict for each in verdicts)
    if report.uncovered is None:
        assert all(each.because or each.possible or each.missing for each in verdicts)
    fired = {name for each in verdicts for name in each.because}
    assert not fired & set(report.unreachable)
    for name in report.without_effect[:1]:
        kept = tuple(each for each in policy.clauses if not name.endswith(f"/{each.id}"))
        fewer = replace(policy, clauses=kept)
        for values, found in zip(tried, verdicts, strict=True):
            assert judge(fewer, values, {"secretary": 1}).route == found.route
            assert judge(fewer, values, {"secretary": 1}).outcome is found.outcome


@settings(max_examples=40, deadline=None)
@given(writer.chance)
def test_a_difference_is_as_strict_as_it_is_said_to_be(r: Random) -> None:
    before, after = draft(r, "true", "prohibited"), draft(r, "true", "prohibited")
    found = diff(before, after, ranks=writer.RANKS)
    tried = [writer.given(r, 1.0) for _ in range(100)]
    steps = set()
    for values in tried:
        one, other = (judge(each, values, writer.RANKS) for each in (before, after))
        steps.add(STRICTNESS.index(other.outcome) - STRICTNESS.index(one.outcome))
        if found.relation is Relation.EQUIVALENT:
            assert (one.outcome, one.route) == (other.outcome, other.route)
    if found.relation is Relation.STRICTER and not found.families[0].family.limits.get("unknown"):
        assert min(steps) >= 0
    if found.relation is Relation.LOOSER:
        assert max(steps) <= 0
    same = diff(before, before, ranks=writer.RANKS)
    assert (same.relation, same.families) == (Relation.EQUIVALENT, ())


def test_only_the_secretary_is_proven_of_the_policy_of_the_design() -> None:
    report = prove([read(DESIGN)], ranks={})
    assert report.value()["holds"] is True
    assert report.properties[0].value() == {
        "id": "only-the-secretary",
        "policy": "long-range-fires@2",
        "holds": True,
        "words": "it holds for every request",
    }


HOLE = DESIGN.replace(
    '&& place.touches("RU")\n    refer',
    '&& place.touches("RU") && use.purpose != "training"\n    refer',
).replace('!place.touches("RU")', '(!place.touches("RU") || use.purpose == "training")')


def test_a_draft_with_a_hole_is_refused_and_the_hole_shown_as_a_family() -> None:
    report = prove([read(HOLE)], ranks={})
    (proof,) = report.properties
    assert not report.holds
    assert proof.family is not None
    assert proof.family.limits == {
        "article.range_km": {"between": [[301, 41_000]]},
        "use.purpose": {"one_of": ["training"]},
        "article.suppliers": {"includes": ["US"]},
        "place.touches": {"includes": ["RU"]},
    }
    example = as_example(proof.family, "refer: cross-border")
    (_, shown) = read(HOLE + example).examples
    assert shown.at == proof.family.at
    assert proof.family.member.items() <= Facts.read(shown.facts or {}).values.items()


def test_conditions_over_several_facts_are_proven_too() -> None:
    several = "article.range_km * 2 > use.count + 600"
    text = DESIGN.replace("article.range_km > 300 &&", f"{several} &&")
    assert prove([read(text)], ranks={}).holds
    leak = text.replace("&& !place", f"&& !({several}) || !place")
    (proof,) = prove([read(leak)], ranks={}).properties
    assert proof.holds is True
    weaker = text.replace(
        "always:", "always:\n  - {id: weak, when: 'place.touches(\"RU\")', then: 'referred'}"
    )
    weak, _ = prove([read(weaker)], ranks={}).properties
    assert weak.holds is False
    assert weak.verdict is not None
    assert weak.verdict.outcome is Outcome.PROHIBITED


def test_a_question_without_time_is_not_proven() -> None:
    report = prove([read(DESIGN)], ranks={}, seconds=0)
    assert [each.holds for each in report.properties] == [None]
    assert not report.holds
    assert diff(read(DESIGN), read(HOLE), ranks={}, seconds=0).relation is None


def test_what_is_asked_of_a_list_beside_what_is_beyond_classes_is_not_forgotten() -> None:
    nested = 'f.lands.all(one, f.lands.exists(other, other != "PL"))'
    always = f"""always:\n  - {{id: p, when: '"PL" in f.lands && {nested}', then: permitted}}\n"""
    policy = writer.policy(["  - {id: c, when: f.flag, permit: true}"], extra=always)
    (proof,) = prove([policy], ranks={}).properties
    assert proof.holds is False


def test_a_question_too_hard_for_its_time_is_given_up_in_time() -> None:
    gates = Gates()
    holes = range(11)
    pigeons = [[gates.new() for _ in holes] for _ in range(12)]
    for pigeon in pigeons:
        gates.require(*pigeon)
    for hole in holes:
        for one, other in combinations(pigeons, 2):
            gates.require(-one[hole], -other[hole])
    start = monotonic()
    assert gates.ask(gates.yes, seconds=0.2) is None
    assert monotonic() - start < 5


def test_a_question_can_be_put_to_another_solver() -> None:
    z3 = pytest.importorskip("z3")
    second = pytest.importorskip("sayso.policy.smt.second")
    for text, expected in ((DESIGN, z3.unsat), (HOLE, z3.sat)):
        solver = z3.Solver()
        question = smtlib(read(text), "only-the-secretary", ranks={})
        solver.from_string(question)
        assert solver.check() == expected
        assert second.judge(question, seconds=10) is (expected == z3.sat)


MIXED = """policy: mixed
version: 1
title: Mixed
issuer: desk
instrument: none
in_force: {{from: 2025-01-01T00:00:00Z}}
always:
  - {{id: p, when: '{when}', then: 'prohibited'}}
clauses:
  - {{id: all, when: 'true', permit: true}}
"""


@pytest.mark.parametrize(
    "loose",
    [
        "f.lands.size() > 1",
        'f.lands.exists_one(one, one == "BY")',
        'f.lands.filter(one, one == "BY").size() == 1',
    ],
)
@pytest.mark.parametrize("plain", ['"UA" in f.lands', 'f.lands.exists(one, one == "UA")'])
def test_a_list_is_asked_of_by_what_has_classes_and_what_has_none(plain: str, loose: str) -> None:
    for when in (f"{plain} && {loose}", f"!({plain} || {loose}) || {plain}"):
        policy = read(MIXED.format(when=when), schema=writer.SCHEMA)
        (proof,) = prove([policy], ranks={}).properties
        assert proof.holds is False
