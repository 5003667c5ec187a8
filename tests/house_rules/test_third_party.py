"""Each third-party library is imported by the modules that wrap it, and by no other."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "sayso"

CONFINED = {
    "click": ("cli",),
    "rich": ("verify/bar.py",),
    "cryptography": ("record/keys.py", "record/sshkey.py"),
    "immutables": (
        "casework/state.py",
        "casework/shown.py",  # these make a state of parts of another
        "queries/disclosure.py",
        "queries/moment.py",
        "projection",
    ),
    "cvc5": ("policy/smt",),
    "duckdb": ("tables.py",),
    "numpy": (
        "place",
        "policy/arrays.py",
        "policy/blocks.py",
        "policy/columns.py",
        "policy/rehearse.py",
    ),
    "pkcs11": ("tokens/driver.py",),
    "psycopg": ("store/database.py", "store/postgres.py"),
    "pyarrow": ("policy/arrays.py", "policy/columns.py", "tables.py"),
    "pysat": ("policy/sat.py",),
    "z3": ("policy/smt",),
    "shapely": ("place",),
    "tzfpy": ("place/build",),
    "sqlglot": ("policy/sql.py", "policy/sql_parts.py"),
    "yaml": ("policy/outline.py", "place/viewpoint.py"),
}


def imported(file: Path) -> set[str]:
    """Return the top-level names of everything `file` imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def foreign() -> list[tuple[str, str]]:
    """Return each pair of a file and a third-party name that it imports."""
    known = sys.stdlib_module_names | {"sayso"}
    return [
        (file.relative_to(SOURCE).as_posix(), name)
        for file in sorted(SOURCE.rglob("*.py"))
        for name in sorted(imported(file) - known)
    ]


@pytest.mark.parametrize(("file", "name"), foreign())
def test_a_library_is_known_only_to_what_wraps_it(file: str, name: str) -> None:
    allowed = CONFINED.get(name, ())
    assert any(file == each or file.startswith(f"{each}/") for each in allowed), (
        f"{file} imports {name}; only {', '.join(allowed) or 'nobody'} may"
    )


def test_every_confined_library_is_used() -> None:
    assert CONFINED.keys() == {name for _, name in foreign()}
