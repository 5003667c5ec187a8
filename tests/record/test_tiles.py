"""A record written as tiles is read back, and no changed byte of it gets past the reader."""

from collections.abc import Callable

import pytest

from sayso.errors import Damaged, MalformedEntry
from sayso.record import tiles, tree
from sayso.record.tree import Tree

Files = dict[str, bytes]


def entries(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


def written(count: int) -> tuple[Files, bytes]:
    made = entries(count)
    whole = Tree.of(map(tree.leaf_hash, made))
    return dict(tiles.write(made, whole)), whole.root()


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (67, "067"), (1000, "x001/000"), (1234067, "x001/x234/067")]
)
def test_a_path_is_the_standards(number: int, path: str) -> None:
    assert tiles.tile_path(5, number) == f"tile/5/{path}"
    assert tiles.tile_path(0, number, 17) == f"tile/0/{path}.p/17"
    assert tiles.entries_path(number, 255) == f"tile/entries/{path}.p/255"


def test_the_tiles_of_70000_entries_are_those_the_standard_counts() -> None:
    files, _ = written(70_000)
    hashes = [path for path in files if "entries" not in path]
    full = [path for path in hashes if ".p/" not in path]
    assert len([path for path in full if path.startswith("tile/0/")]) == 273
    assert [path for path in full if not path.startswith("tile/0/")] == ["tile/1/000"]
    assert [path for path in hashes if ".p/" in path] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert all(len(files[path]) == 8192 for path in full)
    assert len(files) == 273 + 1 + 3 + 274


def test_256_entries_are_a_full_tile_and_one_hash_above() -> None:
    files, root = written(256)
    assert list(files) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]
    assert files["tile/1/000.p/1"] == root


@pytest.mark.parametrize("count", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1000, 65_536, 65_793])
def test_what_is_written_is_read(count: int) -> None:
    files, root = written(count)
    assert list(tiles.read(files.get, size=count, root=root)) == entries(count)


def test_a_log_written_in_steps_has_the_files_of_one_written_at_once() -> None:
    made, old = entries(1500), 0
    files: Files = {}
    for size in (1, 3, 256, 257, 600, 1024, 1500):
        whole = Tree.of(map(tree.leaf_hash, made[:size]))
        new = dict(tiles.write(made[tiles.first_entry(old) : size], whole, start=old))
        assert files.keys().isdisjoint(new) or old == size
        files |= new
        assert list(tiles.read(files.get, size=size, root=whole.root())) == made[:size]
        old = size
    assert files.items() >= written(1500)[0].items()


def test_every_older_size_can_still_be_read_when_its_partial_tiles_are_gone() -> None:
    files, _ = written(1024)
    for size in (1, 255, 256, 300, 1000):
        root = tree.root(map(tree.leaf_hash, entries(size)))
        full = {path: raw for path, raw in files.items() if ".p/" not in path}
        full["tile/1/000.p/3"] = files["tile/1/000.p/4"][:96]
        full["tile/1/000.p/1"] = files["tile/1/000.p/4"][:32]
        assert list(tiles.read(full.get, size=size, root=root)) == entries(size)


def outcome(files: Files, size: int, root: bytes) -> Damaged:
    """Return what the reader found wrong, after proving that all it gave out was right."""
    reader = tiles.read(files.get, size=size, root=root)
    expected = iter(entries(size))

    def compare() -> None:
        for each in reader:
            assert each == next(expected)

    with pytest.raises(Damaged) as told:
        compare()
    return told.value


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw + b"x", lambda _: b""])
def test_a_tile_of_another_length_is_damaged(change: Callable[[bytes], bytes]) -> None:
    files, root = written(600)
    for path in files:
        outcome({**files, path: change(files[path])}, 600, root)


def test_every_flipped_byte_is_found_before_it_is_given_out() -> None:
    files, root = written(300)
    for path, raw in files.items():
        for place in range(0, len(raw), 7):
            changed = bytearray(raw)
            changed[place] ^= 0x01
            outcome({**files, path: bytes(changed)}, 300, root)


def test_the_first_bad_entry_is_named() -> None:
    files, root = written(600)
    bundle = files["tile/entries/001"]
    files["tile/entries/001"] = bundle.replace(b"entry 300", b"entry x00")
    assert outcome(files, 600, root).entry == 300


@pytest.mark.parametrize("path", list(written(600)[0]))
def test_a_missing_file_is_named(path: str) -> None:
    files, root = written(600)
    del files[path]
    assert path in outcome(files, 600, root).what


def test_the_tiles_of_another_log_are_not_this_one() -> None:
    files, _ = written(300)
    with pytest.raises(Damaged, match="signed tree"):
        list(tiles.read(files.get, size=300, root=b"\0" * 32))


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(MalformedEntry):
        tiles.bundle([b"x" * 65_536])
