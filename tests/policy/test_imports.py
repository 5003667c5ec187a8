"""Deciding needs none of the heavy libraries."""

import subprocess
import sys

HEAVY = ("z3", "pysat", "cvc5", "numpy", "pyarrow", "duckdb", "sqlglot")


def test_reading_deciding_and_explaining_load_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "import sayso.policy.document, sayso.policy.decide, sayso.policy.explain\n"
        "import sayso.policy.examples, sayso.policy.nearest\n"
        f"print([each for each in {HEAVY!r} if each in sys.modules])"
    )
    asked = [sys.executable, "-c", program]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
