"""Every command in the README and in docs/ runs, and every file they link to exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tokens import softhsm

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")

# Run elsewhere: the suite itself, and the checks that CI runs beside it.
NOT_HERE = {"make test", "make check", "make setup", "make test TESTS=tests/ground"}


def blocks() -> list[tuple[str, str]]:
    """Return each block of shell commands, with the page it stands on."""
    return [
        (page.relative_to(ROOT).as_posix(), block)
        for page in PAGES
        for block in BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "block"), blocks())
def test_what_the_docs_tell_to_type_works(
    page: str, block: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    del page
    served = request.getfixturevalue("served") if "createdb" in block else {}
    if "softhsm2-util" in block:
        block = block.replace("/usr/lib/softhsm/libsofthsm2.so", str(softhsm.module()))
    lines = [line for line in block.splitlines() if line not in NOT_HERE]
    for name in ("Makefile", "examples", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    scripts = Path(sys.executable).parent
    script = "\n".join(lines).replace("make demo", f"sayso demo --dir {tmp_path / 'demo'} #")
    run = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env=os.environ | served | {"PATH": f"{scripts}:{served.get('PATH', os.environ['PATH'])}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_docs_link_to_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_decision_is_numbered_in_order() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
