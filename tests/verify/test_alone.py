"""`sayso-verify` stands alone: an export and a trust file, and nothing of the office's program."""

import json
import os
import pty
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

ROOT = Path(__file__).parents[2]
VERIFY = (sys.executable, "-m", "sayso.verify")
NEVER = {
    "click",
    "psycopg",
    "duckdb",
    "z3",
    "cvc5",
    "http.server",
    "sayso.store",
    "sayso.cli",
    "sayso.app",
    "sayso.operations",
    "sayso.queries.verification",
    "sayso.queries.moment",
    "sayso.queries.recall",
    "sayso.queries.dossier",
    "sayso.queries.disclosure",
    "sayso.policy.rehearse",
    "sayso.policy.sql",
    "sayso.policy.diff",
    "sayso.policy.columns",
    "sayso.tables",
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return the demo, played once, with an export of it and the trust file beside."""
    at = Terminal(tmp_path_factory.mktemp("verify") / "demo")
    assert at.run("demo", "--dir", at.folder, "--no-serve", as_json=True).status == 0
    (at.folder / "export").rename(at.folder / "exported")
    (at.folder / "given-to-the-overseer.json").rename(at.folder / "trust")
    return at


def ran(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder with nothing in it."""
    given = [*VERIFY, "record", *map(str, words)]
    done = subprocess.run(given, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_nothing_of_the_store_the_commands_or_the_network_is_loaded(demo: Terminal) -> None:
    words = ["record", str(demo.folder / "exported"), "--trust", str(demo.folder / "trust")]
    script = (
        "import json, sys\nfrom sayso.verify import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "sayso.casework.replay" in loaded
    assert not {name for name in loaded for no in NEVER if name == no or name.startswith(f"{no}.")}


def test_it_answers_as_the_office_does(demo: Terminal) -> None:
    folder, trust = demo.folder / "exported", demo.folder / "trust"
    mine = ran(folder, "--trust", trust, "--json")
    theirs = demo.run("record", "verify", folder, "--trust", trust, as_json=True)
    assert (mine.returncode, json.loads(mine.stdout)) == (theirs.status, theirs.value)
    assert json.loads(mine.stdout)["ok"] is True
    said = ran(folder, "--trust", trust)
    assert said.stdout == demo.run("record", "verify", folder, "--trust", trust).out


def test_it_names_the_first_bad_entry_as_the_office_does(demo: Terminal) -> None:
    folder, trust = demo.folder / "exported", demo.folder / "trust"
    (bundle,) = (folder / "tile" / "entries").rglob("*/*")
    good = bundle.read_bytes()
    bundle.write_bytes(good.replace(b'"recordedAt":"2025-07', b'"recordedAt":"2025-08', 1))
    try:
        mine = ran(folder, "--trust", trust, "--json")
        theirs = demo.run("record", "verify", folder, "--trust", trust, as_json=True)
        assert (mine.returncode, json.loads(mine.stdout)) == (1, theirs.value)
        assert "entry" in json.loads(mine.stdout)["problem"]
    finally:
        bundle.write_bytes(good)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("nowhere", "--trust", "trust"), 1),
        (("exported",), 2),
        (("exported", "--trust", "trust", "--jobs", "0"), 2),
        (("exported", "--trust", "exported/checkpoint"), 1),
        (("exported", "--trust", "exported"), 1),
    ],
)
def test_what_cannot_be_read_does_not_hold(
    demo: Terminal, words: tuple[str, ...], status: int
) -> None:
    there = [str(demo.folder / each) if each[0] not in "-0" else each for each in words]
    done = ran(*there)
    assert done.returncode == status, done
    assert "Traceback" not in done.stdout + done.stderr


def test_progress_is_drawn_on_a_terminal_and_nowhere_else(demo: Terminal) -> None:
    given = [
        *VERIFY,
        "record",
        str(demo.folder / "exported"),
        "--trust",
        str(demo.folder / "trust"),
    ]
    ours, theirs = pty.openpty()
    done = subprocess.run(given, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    assert b"Verifying" in os.read(ours, 65_536)
    os.close(ours)
    assert b"Verifying" not in done.stdout


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (">/dev/full", "No space left"),
        (">&-", "standard output is closed"),
        (">&- 2>&-", ""),
        (">/dev/full 2>/dev/full", ""),
        ("| true", ""),
    ],
)
def test_an_answer_that_nobody_is_told_is_none(demo: Terminal, where: str, said: str) -> None:
    words = [
        *VERIFY,
        "record",
        str(demo.folder / "exported"),
        "--trust",
        str(demo.folder / "trust"),
    ]
    script = f'"$@" {where}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script, "x", *words], capture_output=True, check=False)
    assert done.returncode == 2, done
    assert said in done.stderr.decode()
    assert done.stderr.decode().count("\n") == bool(said)


def test_a_message_that_cannot_be_shown_changes_no_answer(demo: Terminal) -> None:
    words = [
        *VERIFY,
        "record",
        str(demo.folder / "exported"),
        "--trust",
        str(demo.folder / "trust"),
    ]
    for where in ("2>&-", "2>/dev/full"):
        shell = ["bash", "-c", f'"$@" {where}', "x", *words]
        done = subprocess.run(shell, stdout=subprocess.PIPE, check=False)
        assert (done.returncode, b"holds" in done.stdout) == (0, True)
    plain = subprocess.run(
        [*VERIFY, "record", "ö", "--trust", "ö"],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (plain.returncode, plain.stderr) == (1, b"")


def test_interrupted_it_says_so_and_gives_no_answer(demo: Terminal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "trust")
    words = [*VERIFY, "record", str(demo.folder / "exported"), "--trust", str(tmp_path / "trust")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with (tmp_path / "trust").open("wb"):  # it waits for what it should trust
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert err == "error: interrupted: nothing was found out\n"


def test_it_is_installed_as_a_program_of_its_own() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts["sayso-verify"] == "sayso.verify:main"
