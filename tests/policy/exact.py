"""Proofs and differences beside every class of requests.

Two versions of a small policy are made up, and every request of which one can tell them apart is
judged by `decide`, one by one. What `prove` and `diff` say must be just that. For as long as is
asked: `python -m tests.policy.exact --pairs 1000`.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod
from random import Random

from sayso.dates import Instant, Period
from sayso.policy.decide import Outcome, Verdict, verdict
from sayso.policy.diff import STRICTNESS, Diff, Relation, diff
from sayso.policy.document import read
from sayso.policy.evaluate import LACKING, Given, function
from sayso.policy.facts import Facts
from sayso.policy.family import Family
from sayso.policy.judge import ask
from sayso.policy.policy import Clause, Level, Policy
from sayso.policy.prove import Report, broken, case_of, prove
from sayso.policy.types import EARLIEST
from sayso.policy.verdicts import as_facts
from tests.policy import writer

Request = Mapping[str, Given]

# One value of each class that the conditions of `simple` can tell apart; none is unknown.
VALUES: dict[str, tuple[Given | None, ...]] = {
    "f.flag": (True, False, None),
    "f.side": (*writer.SIDES, None),
    "f.reach": (0, 3, 5, 100, 300, 400, None),
    "f.load": (-3, 0, 3, 5, 10, LACKING, None),
    "f.lands": (*(each for size in range(5) for each in combinations(writer.LANDS, size)), None),
    "f.unit": ("a", "B", "other", None),
}
THEN = (
    "prohibited",
    "permitted || prohibited",
    "!permitted",
    'prohibited || decided_by("secretary")',
    '!decided_by("under-secretary")',
    'advised_by("staff") || !referred',
    "referred == f.flag || f.reach > 5",
)
LATER = "permit: true, in_force: {from: 2026-01-01T00:00:00Z}}"
BOTH_SIDES = (writer.AT, Instant.parse("2026-07-01T00:00:00Z"))
# Ways in which a route can be otherwise.
TURNS = (
    ("consent: no-objection", "consent: positive"),
    (", reserved: true", ""),
    ("[desk], within: PT12H", "[desk], within: PT6H"),
    ("[desk], within: PT12H", "[desk], within: PT0S"),
    ("[desk], within: PT12H", "[desk]"),
    ("    - {consolidate: desk}\n", ""),
    ("{decide: staff}", "{decide: secretary}"),
    ("[staff, counsel]", "[counsel, staff]"),
    ("low: [{advise: [desk]}", "low: [{advise: [desk, counsel]}"),
    ("{decide: staff}", "{decide: staff, within: PT3H}"),
    ("{decide: staff}", "{decide: staff, countersign: counsel}"),
    ("{decide: staff}", "{decide: staff, appeal: PT720H}"),
)


# --- made up -----------------------------------------------------------------------------------


def simple(r: Random) -> str:
    """Return a condition that is told by facts one by one."""
    atoms = (
        "f.flag",
        f"f.side == {writer.quoted(r.choice(writer.SIDES))}",
        f"f.reach {r.choice(writer.ORDER)} {r.choice((0, 5, 300))}",
        f"(has(f.load) && f.load {r.choice(writer.ORDER)} {r.choice((0, 5))})",
        f"{writer.quoted(r.choice(writer.LANDS))} in f.lands",
        f"f.unit == {writer.quoted(r.choice(('a', 'B')))}",
    )
    chosen = [("!" if r.random() < 0.3 else "") + f"({r.choice(atoms)})" for _ in range(2)]
    return r.choice((" && ", " || ")).join(chosen)


def condition(r: Random) -> str:
    """Return a condition, now and then of twice the size."""
    return (
        simple(r) if r.random() < 0.7 else f"({simple(r)}) {r.choice(('&&', '||'))} ({simple(r)})"
    )


def clause(r: Random, name: str) -> str:
    return f"  - {{id: {name}, when: {writer.quoted(condition(r))}, {r.choice(writer.EFFECTS)}}}"


def otherwise(r: Random, clauses: list[str]) -> list[str]:
    """Return other clauses, or the same: of one, of all, in another order, with another effect."""
    place = r.randrange(len(clauses))
    before, after = clauses[:place], clauses[place + 1 :]
    kept, _, _ = clauses[place].rpartition(", ")
    afresh = [clause(r, f"d{number}") for number in range(r.randint(1, 6))]
    return r.choice(
        (
            before + after,
            [*clauses, afresh[0]],
            [*before, afresh[0], *after],
            [*before, f"{kept}, {r.choice(writer.EFFECTS)}}}", *after],
            afresh,
            clauses[::-1],
            clauses,
            clauses,
        )
    )


def versions(r: Random) -> tuple[Policy, Policy]:
    """Return two versions, which differ by a clause, by several, by their routes, or not at all."""
    one = [clause(r, f"c{place}") for place in range(r.randint(1, 6))]
    if r.random() < 0.2:
        one.append(one[0].replace("id: c0", "id: again"))
    other = otherwise(r, one)
    text = writer.document(other, name="other")
    if other is one:
        for before, after in r.sample(TURNS, r.randint(1, 2)):
            text = text.replace(before, after)
    if r.random() < 0.15:
        text = text.replace("permit: true}", LATER, 1)
    return writer.policy(one), read(text, schema=writer.SCHEMA)


def with_property(r: Random, policy: Policy) -> Policy:
    """Return the policy with a property that may hold or not."""
    when = writer.quoted(condition(r))
    always = f"always:\n  - {{id: p, when: {when}, then: '{r.choice(THEN)}'}}\n"
    return read(policy.text.replace("clauses:\n", always + "clauses:\n", 1), schema=writer.SCHEMA)


# --- every class of requests -------------------------------------------------------------------


def named(policies: Iterable[Policy]) -> list[str]:
    text = " ".join(each.text for each in policies)
    return [path for path in VALUES if path in text]


def size(*policies: Policy) -> int:
    """Return the number of classes of requests that these policies can tell apart."""
    return prod(len(VALUES[path]) for path in named(policies))


def requests(*policies: Policy, known: bool = False) -> Iterator[Request]:
    """Yield a request of each class."""
    paths = named(policies)
    open_ = [[each for each in VALUES[path] if each is not None or not known] for path in paths]
    for values in product(*open_):
        pairs = zip(paths, values, strict=True)
        yield {path: value for path, value in pairs if value is not None}


def judged(policy: Policy, request: Request, ranks: Mapping[str, int], at: Instant) -> Verdict:
    return verdict((policy,), Facts(request), at=at, ranks=ranks)


def alike(one: Verdict, other: Verdict) -> bool:
    return (one.outcome, one.route) == (other.outcome, other.route)


# --- differences -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions, each as if it had always been in force."""

    before: Policy
    after: Policy
    ranks: Mapping[str, int]

    @staticmethod
    def of(before: Policy, after: Policy, ranks: Mapping[str, int]) -> "Pair":
        ever = Period(Instant(EARLIEST))
        return Pair(replace(before, in_force=ever), replace(after, in_force=ever), ranks)

    def verdicts(self, request: Request, at: Instant) -> tuple[Verdict, Verdict]:
        one, other = (judged(each, request, self.ranks, at) for each in (self.before, self.after))
        return one, other

    def changes(self, *, known: bool) -> set[tuple[Outcome, Outcome]]:
        """Return the outcomes before and after of every request that is judged otherwise."""
        found = set()
        for request in requests(self.before, self.after, known=known):
            for at in BOTH_SIDES:
                one, other = self.verdicts(request, at)
                if not alike(one, other):
                    found.add((one.outcome, other.outcome))
        return found


def relation(changes: Iterable[tuple[Outcome, Outcome]]) -> Relation:
    steps = {STRICTNESS.index(after) - STRICTNESS.index(before) for before, after in changes}
    if not steps:
        return Relation.EQUIVALENT
    if min(steps) > 0:
        return Relation.STRICTER
    return Relation.LOOSER if max(steps) < 0 else Relation.INCOMPARABLE


def check_difference(pair: Pair) -> Diff:
    """Return the difference of two versions; it is what every class of requests shows."""
    found = diff(pair.before, pair.after, ranks=pair.ranks)
    changes = pair.changes(known=True) or pair.changes(known=False)
    assert found.relation is relation(changes), (found.relation, changes)
    told = {(each.before.outcome, each.after.outcome) for each in found.families}
    assert told == changes
    for request in requests(pair.before, pair.after):
        for each in found.families:
            if belongs(request, each.family):
                one, other = pair.verdicts(request, each.family.at)
                assert not alike(one, other), each.words
                assert (one.outcome, other.outcome) == (each.before.outcome, each.after.outcome)
    return found


def belongs(request: Request, family: Family) -> bool:
    """Return whether a request is of a family, when it is judged at the family's moment."""
    limits = {path: limit for path, limit in family.limits.items() if path != "at"}
    return all(within(request.get(path), limit) for path, limit in limits.items())


def within(value: Given | None, limit: object) -> bool:
    assert isinstance(limit, dict)
    if value is None:
        return "unknown" in limit or limit.get("known") is False
    if isinstance(value, tuple):
        return set(limit.get("includes", ())) <= set(value) and not (
            set(limit.get("excludes", ())) & set(value) or limit.get("known") is False
        )
    if not isinstance(value, bool | int | str):
        return "lacking" in limit
    if "between" in limit:
        return any(low <= value <= high for low, high in limit["between"])
    if "none_of" in limit:
        return value not in limit["none_of"]
    return value in limit.get("one_of", ())


# --- proofs ------------------------------------------------------------------------------------


def check_proof(policy: Policy, ranks: Mapping[str, int]) -> Report:
    """Return the report on a policy with one property; it is what every class of requests shows."""
    report = prove([policy], ranks=ranks)
    (proof,), (asked,) = report.properties, policy.always
    every = [(each, judged(policy, each, ranks, writer.AT)) for each in requests(policy)]
    breaking = [each for each, found in every if is_broken(policy, each, found)]
    assert proof.holds is not bool(breaking), proof.words
    alone = case_of([policy], ranks=ranks, asked=asked)
    answer = ask(alone.world, broken(alone, policy, asked), seconds=10)
    assert (answer is None) is proof.holds, "asked alone, a property is answered otherwise"
    assert report.deciders.holds is not any(found.conflict for _, found in every)
    check_idle(policy, report, every, ranks)
    return report


def is_broken(policy: Policy, request: Request, found: Verdict) -> bool:
    (asked,) = policy.always
    facts = {**request, **as_facts(found)}
    return function(asked.when)(facts) is True and function(asked.then)(facts) is not True


def check_idle(
    policy: Policy,
    report: Report,
    every: Iterable[tuple[Request, Verdict]],
    ranks: Mapping[str, int],
) -> None:
    """Check the clauses said to be never true, and those said to make no difference."""
    given = tuple(every)
    counting = [[each for each in policy.clauses if counts(each, request)] for request, _ in given]
    for each in policy.clauses:
        name = f"{policy.name}/{each.id}"
        never = not any(function(each.when)(request) is True for request, _ in given)
        assert (name in report.unreachable) is never, name
        lone = any(is_alone(each, those) for those in counting)
        assert (name in report.without_effect) is not (never or lone), name
        if name in report.without_effect:
            kept = tuple(other for other in policy.clauses if other is not each)
            fewer = replace(policy, clauses=kept, digest=f"{policy.digest} but {each.id}")
            for request, found in given:
                assert alike(judged(fewer, request, ranks, writer.AT), found), name


def counts(clause: Clause, request: Request) -> bool:
    value = function(clause.when)(request)
    return value is True or (value is None and clause.level is not Level.PERMIT)


def is_alone(clause: Clause, counting: Iterable[Clause]) -> bool:
    """Return whether of the clauses that count, none but this is as strict or stricter.

    Those that refer by another route are another matter.
    """
    at_least = [each for each in counting if each.level >= clause.level]
    same = [each for each in at_least if each.level > clause.level or each.route == clause.route]
    return same == [clause]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=3000, help="classes of requests of a pair")
    asked = parser.parse_args()
    seed, pairs, proofs, families = asked.seed, 0, 0, 0
    while pairs < asked.pairs:
        r = Random(seed)
        before, after = versions(r)
        ranks = r.choice((writer.RANKS, {}))
        if size(before, after) <= asked.most:
            print(f"seed {seed}", end="\r", flush=True)
            families += len(check_difference(Pair.of(before, after, ranks)).families)
            pairs += 1
            policy = with_property(r, before)
            if size(policy) <= asked.most:
                check_proof(policy, ranks)
                proofs += 1
        seed += 1
    print(f"{pairs:,} pairs of versions, {families:,} families, {proofs:,} properties: all exact")


if __name__ == "__main__":
    main()
