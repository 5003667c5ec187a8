"""The promises of `sayso.store.contract`, kept by every store: the projection."""

from hashlib import sha256

import pytest

from sayso.errors import Overtaken, StoreError
from sayso.store.enclosure import Beside
from sayso.store.pieces import LINGERS, Projection
from tests.store.kept import ENTRIES, Again, Make, grow, rows, signed, verified_size


def piece(number: int) -> tuple[str, bytes]:
    """Return a piece with its name; some are of several pages."""
    data = b"%d " % number * (1 + 5000 * (number % 3))
    return sha256(data).hexdigest(), data


PIECES = dict(piece(number) for number in range(1200))
FIRST = Projection(10, b"first", PIECES, ())


def test_a_projection_is_read_as_it_was_kept(make: Make, again: Again) -> None:
    kept = make()
    assert kept.projection() is None
    assert kept.pieces(tuple(PIECES)) == {}
    assert kept.project(FIRST)
    for each in (kept, again(kept)):
        assert each.projection() == b"first"
        assert each.pieces((*PIECES, "00" * 32)) == PIECES
        assert each.pieces(()) == {}


def test_a_projection_goes_on_from_the_one_that_is_kept_or_not_at_all(
    make: Make, again: Again
) -> None:
    kept = make()
    beside = again(kept)
    assert kept.project(FIRST)
    added = dict(piece(number) for number in range(2000, 2010))
    gone, stays = list(PIECES)[:5], list(PIECES)[5:]
    second = Projection(20, b"second", added, gone, before=b"first")
    assert beside.project(second)
    late = dict([piece(3000)])
    assert not kept.project(Projection(21, b"late", late, stays, before=b"first"))
    assert kept.projection() == beside.projection() == b"second"
    assert kept.pieces((*late, *added, *stays)) == {
        **added,
        **{name: PIECES[name] for name in stays},
    }


def after(upto: int, head: bytes, *, before: bytes | None = None) -> Projection:
    """Return a projection of the first `upto` entries, of one piece of its own."""
    return Projection(upto, head, dict([piece(upto)]), (), before)


def test_a_projection_comes_with_the_entries_that_it_is_of(make: Make, again: Again) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=3, projection=after(3, b"first"))
    grow(kept, ENTRIES, upto=4, projection=after(4, b"second", before=b"first"))
    for each in (kept, again(kept)):
        assert (each.projection(), verified_size(each)) == (b"second", 4)
        assert each.pieces((piece(3)[0], piece(4)[0])) == dict([piece(3), piece(4)])
    with kept.turn():
        grow(kept, ENTRIES, upto=6, projection=after(6, b"whole"))
    grow(kept, ENTRIES, upto=7)
    assert (kept.projection(), verified_size(kept)) == (b"whole", 7)
    assert kept.pieces((piece(3)[0], piece(6)[0])) == dict([piece(6)])


def test_neither_is_there_without_the_other(make: Make, again: Again) -> None:
    """Whether other entries came first, or another projection."""
    kept = make()
    beside = again(kept)
    grow(kept, ENTRIES, upto=3, projection=after(3, b"first"))
    for made, size in ((after(5, b"late"), 2), (after(5, b"late", before=b"another"), 3)):
        with pytest.raises(Overtaken):
            beside.append(
                ENTRIES[size:5],
                size=size,
                checkpoint=signed(ENTRIES[:5]),
                beside=Beside((b"brought",)),
                projection=made,
            )
    for each in (kept, beside):
        assert (each.projection(), verified_size(each)) == (b"first", 3)
        assert each.pieces((piece(5)[0],)) == {}
        assert list(each.enclosures()) == []
    assert beside.project(after(3, b"anew"))
    with pytest.raises(Overtaken), kept.turn():
        grow(kept, ENTRIES, upto=4, projection=after(4, b"second", before=b"first"))
    grow(kept, ENTRIES, upto=4, projection=after(4, b"second", before=b"anew"))
    assert (beside.projection(), verified_size(beside)) == (b"second", 4)


def test_a_projection_that_comes_with_entries_is_of_all_of_them(make: Make) -> None:
    kept = make()
    with pytest.raises(StoreError, match="is of 4 entries, and not of 3"):
        grow(kept, ENTRIES, upto=3, projection=after(4, b"first"))
    assert (kept.size(), kept.projection()) == (0, None)


def test_what_is_dropped_outlives_those_who_still_read_and_then_goes(make: Make) -> None:
    kept = make()
    name, data = piece(7)
    kept.project(Projection(10, b"first", {name: data}, ()))
    kept.project(Projection(11, b"second", {}, (name,), before=b"first"))
    kept.project(Projection(10 + LINGERS, b"third", {}, (), before=b"second"))
    assert kept.pieces((name,)) == {name: data}
    kept.project(Projection(11 + LINGERS, b"fourth", {}, (), before=b"third"))
    assert kept.pieces((name,)) == {}


def test_a_piece_that_comes_back_stays(make: Make) -> None:
    kept = make()
    name, data = piece(7)
    kept.project(Projection(10, b"first", {name: data}, ()))
    kept.project(Projection(11, b"second", {}, (name,), before=b"first"))
    kept.project(Projection(12, b"third", {name: data}, (), before=b"second"))
    kept.project(Projection(12 + LINGERS, b"fourth", {}, (), before=b"third"))
    assert kept.pieces((name,)) == {name: data}


def test_a_projection_made_anew_takes_the_place_of_all(make: Make) -> None:
    kept = make()
    kept.project(FIRST)
    other = dict([piece(5000)])
    assert kept.project(Projection(5, b"anew", other, ()))
    assert kept.projection() == b"anew"
    assert kept.pieces((*PIECES, *other)) == other


def test_a_projection_is_no_part_of_the_record(make: Make) -> None:
    kept = make()
    grow(kept, ENTRIES, upto=20)
    kept.project(FIRST)
    grow(kept, ENTRIES, upto=30)
    assert verified_size(kept) == 30
    with kept.turn():
        assert kept.project(Projection(30, b"second", {}, (), before=b"first"))
    grow(kept, ENTRIES, upto=31)
    taken = make()
    taken.fill(rows(ENTRIES, [1200]))
    assert taken.projection() is None
