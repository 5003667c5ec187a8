"""The differential test for as long as is asked: `python -m tests.policy.fuzz --seconds 600`.

Prints the pairs compared with each reading, and the first condition on which two differ; exits 1 if
there is one.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from random import Random
from time import monotonic

from tests.policy import readings, writer
from tests.policy.readings import Facts, Reading, Truths

ROWS = 120
CONDITIONS = 60
FOREIGN = {
    "duckdb": readings.duckdb,
    "postgres": readings.postgres,
    "google": readings.google,
}


def difference(
    texts: Sequence[str], rows: Sequence[Facts], wanted: list[Truths], found: list[Truths]
) -> str:
    """Return the first difference, or nothing."""
    for text, one, other in zip(texts, wanted, found, strict=True):
        for facts, expected, got in zip(rows, one, other, strict=True):
            if expected is not got:
                return f"{text}\n  for {dict(facts)}: {got}, and not {expected}"
    return ""


def compare(seed: int, readers: dict[str, Callable[[Sequence[str]], list[Truths]]]) -> str:
    """Compare all readings on fresh conditions; return the first difference, or nothing."""
    r = Random(seed)
    texts = [writer.truth(r, r.choice((1, 2, 3))) for _ in range(CONDITIONS)]
    rows = facts_of(0)
    wanted = readings.by_closures(texts, rows)
    for name, read in readers.items():
        found = difference(texts, rows, wanted, read(texts))
        if found:
            return f"{name}, seed {seed}: {found}"
    return ""


def facts_of(seed: int) -> list[Facts]:
    r = Random(seed)
    return [writer.given(r, r.choice((0.4, 0.7, 1.0))) for _ in range(ROWS)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rows = facts_of(0)
    with ExitStack() as stack:
        readers: dict[str, Reading] = {
            "oracle": lambda texts: readings.by_oracle(texts, rows),
            "index": lambda texts: readings.by_index(texts, rows),
        }
        for name, reading in FOREIGN.items():
            try:
                readers[name] = stack.enter_context(reading(rows))
            except ImportError as error:
                print(f"skipped {name}: {error}")
        end = monotonic() + asked.seconds
        seed = asked.seed
        while monotonic() < end:
            found = compare(seed, readers)
            if found:
                print(found)
                return 1
            seed += 1
    pairs = (seed - asked.seed) * CONDITIONS * ROWS
    print(f"{pairs:,} pairs with each of {', '.join(readers)}: no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
