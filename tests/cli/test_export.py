"""What is published stands, and grows; nothing that was published is taken back."""

import subprocess
from pathlib import Path

import pytest

from sayso.queries import trustfile
from sayso.record import checkpoint, proof, tiles
from sayso.record.note import Signer
from sayso.record.tiles import Folder
from tests.cli.terminal import LIAISON, SAYSO, SPAN, USE, Terminal
from tests.verify.test_alone import ran

ASKED = ("request", "submit", *USE, *SPAN, "--place")


def published(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def test_an_export_has_the_files_of_the_standard_and_the_trust(at: Terminal) -> None:
    folder = at.folder / "exported"
    size = at.asks("record", "export", folder, "--proof", 0, "--proof", 7)["entries"]
    assert published(folder).keys() == {
        "checkpoint",
        "trust.json",
        f"tile/0/000.p/{size}",
        f"tile/entries/000.p/{size}",
        "proofs/0.tlog-proof",
        "proofs/7.tlog-proof",
    }
    assert (folder / "trust.json").read_bytes() == Path(f"{at.store}.trust.json").read_bytes()


def test_each_proof_proves_its_entry_and_no_other(at: Terminal) -> None:
    folder = at.folder / "exported"
    at.asks("record", "export", folder, "--proof", 0, "--proof", 7)
    known = trustfile.read((folder / "trust.json").read_bytes())
    state = known.open((folder / "checkpoint").read_bytes()).checkpoint
    entries = list(tiles.read(Folder(folder), size=state.size, root=state.root))
    for index in (0, 7):
        read = proof.read((folder / "proofs" / f"{index}.tlog-proof").read_bytes())
        assert proof.check(read, entries[index], known).checkpoint == state
        with pytest.raises(Exception, match="not in the tree"):
            proof.check(read, entries[1], known)


def test_an_export_is_continued_and_nothing_in_it_is_changed(at: Terminal) -> None:
    folder = at.folder / "exported"
    at.asks("record", "export", folder, "--proof", 3)
    before = published(folder)
    assert at.asks("record", "export", folder)["files"] == 2
    assert published(folder) == before
    at.asks(*ASKED, "Belgorod", by=LIAISON)
    at.asks("record", "export", folder, "--proof", 53)
    after = published(folder)
    assert {path for path in before if before[path] != after.get(path)} == {"checkpoint"}
    fresh = at.folder / "fresh"
    at.asks("record", "export", fresh)
    assert published(fresh).items() <= after.items()
    done = ran(folder, "--trust", f"{at.store}.trust.json", "--json")
    assert done.returncode == 0, done


def test_an_export_that_was_cut_short_is_begun_again(at: Terminal) -> None:
    folder = at.folder / "exported"
    at.asks("record", "export", folder)
    whole = published(folder)
    (folder / "checkpoint").unlink()
    next((folder / "tile" / "entries").rglob("*.p/*")).unlink()
    at.asks("record", "export", folder)
    assert published(folder) == whole


def test_another_record_or_an_older_state_is_never_written_over(at: Terminal) -> None:
    folder = at.folder / "exported"
    earlier = at.copied(at.folder.with_name("earlier"))
    at.asks(*ASKED, "Belgorod", by=LIAISON)
    at.asks("record", "export", folder)
    assert "never taken back" in earlier.refused("record", "export", folder)
    earlier.asks(*ASKED, "Kursk", by=LIAISON)
    assert "not the first of this record" in earlier.refused("record", "export", folder)
    stranger = Signer.generate("sayso.example/stranger")
    state = checkpoint.Checkpoint(stranger.name, 1, bytes(32))
    (folder / "checkpoint").write_bytes(checkpoint.sign(state, [stranger]))
    assert "no known key" in at.refused("record", "export", folder)


def test_an_entry_that_is_not_there_is_not_proven(at: Terminal) -> None:
    folder = at.folder / "exported"
    size = at.asks("record", "export", folder)["entries"]
    for index in (size, 999):
        said = at.refused("record", "export", folder, "--proof", index)
        assert f"no entry {index} " in said
        assert f"covers 0 to {size - 1}" in said


@pytest.mark.parametrize("linked", ["tile", "tile/0", "proofs", "enclosures", "enclosures/ab"])
def test_nothing_is_written_through_a_link(at: Terminal, linked: str) -> None:
    folder, elsewhere = at.folder / "exported", at.folder / "elsewhere"
    elsewhere.mkdir()
    (folder / linked).parent.mkdir(parents=True)
    (folder / linked).symlink_to(elsewhere)
    assert "is a link to elsewhere" in at.refused("record", "export", folder, "--proof", 0)
    assert list(elsewhere.iterdir()) == []


def test_a_folder_with_a_foreign_checkpoint_is_named(at: Terminal) -> None:
    folder = at.folder / "exported"
    folder.mkdir()
    (folder / "checkpoint").write_text("a letter\n")
    assert f"`{folder / 'checkpoint'}` is no checkpoint" in at.refused("record", "export", folder)


def test_a_disk_that_is_full_leaves_the_export_as_it_was(at: Terminal) -> None:
    folder = at.folder / "exported"
    at.asks("record", "export", folder)
    before = published(folder)
    at.asks(*ASKED, "Belgorod", by=LIAISON)
    words = at.words(("record", "export", folder), None, as_json=False)
    limited = ("bash", "-c", 'ulimit -f 40; exec "$@"', "bash", str(SAYSO), *words)  # 40 KiB a file
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done
    assert "too large" in done.stderr
    left = published(folder)
    assert before.items() <= left.items()
    assert not [path for path in left if Path(path).name.startswith(".")]
    assert ran(folder, "--trust", f"{at.store}.trust.json").returncode == 0
    at.asks("record", "export", folder)
    assert published(folder).keys() > before.keys()
