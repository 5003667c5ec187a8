"""Files that are whole or not there, and on the disk before anybody is told."""

import os
import stat
from pathlib import Path

import pytest

from sayso import app, files
from sayso.cli.rim import write_new
from sayso.errors import SaysoError


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the inodes that are brought to the disk, as it happens."""
    seen: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.parametrize("write", [app.write_private, write_new])
def test_a_new_file_is_on_the_disk_with_its_name(
    tmp_path: Path, synced: list[int], write: object
) -> None:
    assert callable(write)
    write(tmp_path / "one", b"data")
    assert synced == [(tmp_path / "one").stat().st_ino, tmp_path.stat().st_ino]
    assert [each.name for each in tmp_path.iterdir()] == ["one"]
    with pytest.raises(SaysoError, match="is there already"):
        write(tmp_path / "one", b"other")
    assert (tmp_path / "one").read_bytes() == b"data"
    with pytest.raises(SaysoError, match=r"no/one` cannot be written: No such file"):
        write(tmp_path / "no" / "one", b"data")
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def test_nothing_is_written_where_a_link_lies(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SaysoError, match="is there already"):
        write_new(tmp_path / "link", b"data")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_could_not_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaysoError, match="No space left"):
        app.write_private(tmp_path / "key", b"secret")
    assert list(tmp_path.iterdir()) == []


def test_the_mask_of_whoever_writes_counts_and_a_key_is_its_owners(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_new(tmp_path / "words", b"data")
        app.write_private(tmp_path / "key", b"data")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("words", "key")]
    assert modes == [0o640, files.PRIVATE]
