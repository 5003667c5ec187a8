import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return the demo, played once: nobody may write to it."""
    folder = tmp_path_factory.mktemp("cli") / "demo"
    played = Terminal(folder).run("demo", "--dir", folder, "--no-serve", as_json=True)
    assert played.status == 0, played
    (says,) = (each["says"] for each in played.value["points"] if each["point"] == 7)
    assert "cosigned by 2 of 2 witnesses" in says
    dismiss(folder)
    return Terminal(folder)


def dismiss(folder: Path) -> None:
    """Let the trust ask for no witness again: those of the demo have ended with it."""
    shutil.move(folder / "before-witnesses.json", folder / "record.db.trust.json")
    (folder / "record.db.cosigned").unlink()


@pytest.fixture
def at(demo: Terminal, tmp_path: Path) -> Terminal:
    """Return a terminal on a copy of the demo: ukraine-5 waits for the Secretary's decision."""
    return demo.copied(tmp_path / "copy")


@pytest.fixture(params=["sqlite", "postgres"])
def kept(at: Terminal, request: pytest.FixtureRequest) -> Terminal:
    """Return a terminal on a copy of the demo, in a file and in a database."""
    if request.param == "sqlite":
        return at
    make: Callable[[], str] = request.getfixturevalue("database")
    away = Terminal(at.folder, at.now, url=make())
    away.log_key = at.folder / "record.db.log-key"
    away.asks("store", "restore", at.store)
    return away
