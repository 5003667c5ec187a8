"""A rehearsal gives every request the verdict that `decide` gives it, and so does SQL."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings

from sayso.policy.decide import Outcome, verdict
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.rules import timeline
from sayso.policy.sql import Dialect, statement
from sayso.policy.types import Bool, Listed, Ranged, Type
from tests.policy import readings, writer

pa = pytest.importorskip("pyarrow")
columns = pytest.importorskip("sayso.policy.columns")
rehearse = pytest.importorskip("sayso.policy.rehearse")


def arrow_type(of: Type) -> object:
    match of:
        case Bool():
            return pa.bool_()
        case Listed(item):
            return pa.list_(arrow_type(item))
        case _ if isinstance(of, Ranged):
            return pa.int64()
        case _:
            return pa.string()


def table(rows: list[dict[str, Given]]) -> object:
    found = {}
    for path, field in readings.FIELDS.items():
        values = [readings.plain(facts.get(path)) for facts in rows]
        found[path] = pa.array(values, arrow_type(field.type))
    return pa.table(found)


def draft(r: Random) -> Policy:
    return writer.policy([writer.clause(r, place, 2) for place in range(r.randint(1, 8))])


@settings(max_examples=60, deadline=None)
@given(writer.chance)
def test_a_rehearsal_is_decide_of_every_row(r: Random) -> None:
    old, new = draft(r), draft(r)
    rows = [writer.given(r, r.choice((0.5, 1.0))) for _ in range(40)]
    found = rehearse.rehearse(
        [new], [old], [table(rows[:25]), table(rows[25:])], at=writer.AT, ranks=writer.RANKS
    )
    pairs: list[tuple[Outcome, Outcome]] = []
    decided: Counter[str] = Counter()
    for facts in rows:
        one, other = (
            verdict([each], Facts(facts), at=writer.AT, ranks=writer.RANKS) for each in (old, new)
        )
        pairs.append((one.outcome, other.outcome))
        decided[other.decider or ""] += 1
    assert found.rows == 40
    assert dict(found.matrix) == Counter(pairs)
    for pair, listed in found.changed.items():
        assert listed == tuple(place for place, each in enumerate(pairs) if each == pair)
    for office, load in found.after.items():
        assert load.decides == decided[office]


@settings(max_examples=25, deadline=None)
@given(writer.chance)
def test_the_statement_gives_outcome_and_decider_of_every_row(r: Random) -> None:
    duckdb = pytest.importorskip("duckdb")
    policy = draft(r)
    rows = [writer.given(r, r.choice((0.5, 1.0))) for _ in range(20)]
    text = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=Dialect.DUCKDB)
    with duckdb.connect() as connection:
        readings.filled(connection, rows, "?")
        asked = f"SELECT outcome, decider FROM ({text}) ORDER BY row"  # noqa: S608  # our own text
        found = connection.execute(asked).fetchall()
    for facts, (outcome, decider) in zip(rows, found, strict=True):
        wanted = verdict([policy], Facts(facts), at=writer.AT, ranks=writer.RANKS)
        assert outcome == wanted.outcome.value
        if wanted.outcome is Outcome.REFERRED:
            assert decider == wanted.decider


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_statement_can_be_written_for_each_database(dialect: Dialect) -> None:
    r = Random(7)
    policy = writer.policy([writer.clause(r, place, 3) for place in range(30)])
    text = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=dialect)
    assert text.startswith("SELECT *")
    assert "f.reach" in text


def test_moments_may_be_arrow_timestamps() -> None:
    policy = writer.policy(
        ["  - {id: late, when: 'f.begin > timestamp(\"2025-01-01T00:00:00Z\")', permit: true}"] * 1
    )
    index = rehearse.index(timeline((policy,)).at(writer.AT))
    micros = [1_700_000_000_000_000, None, 1_750_000_000_000_000]
    stamps = pa.array(micros, pa.timestamp("us", "UTC"))
    found = columns.judge(index, pa.table({"f.begin": stamps}))
    assert [int(bits) for bits in found.true[0]] == [0, 0, 1]
    assert [int(bits) for bits in found.possible[0]] == [0, 1, 1]


def test_a_lacking_fact_is_null_in_its_column() -> None:
    policy = writer.policy(["  - {id: a, when: '!has(f.note) || f.note == \"a\"', permit: true}"])
    index = rehearse.index(timeline((policy,)).at(writer.AT))
    rows: list[dict[str, Given]] = [{"f.note": LACKING}, {"f.note": "a"}, {"f.note": "b"}]
    found = columns.judge(index, table(rows))
    assert [int(bits) for bits in found.true[0]] == [1, 1, 0]
