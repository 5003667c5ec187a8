import pytest

from sayso import wire
from sayso.errors import MalformedPlace, Untrue
from sayso.place import pinned, viewpoint
from sayso.place.pack import Pack
from sayso.place.parse import parse
from sayso.place.resolve import Tolerance

US, RU = viewpoint.shipped("us"), viewpoint.shipped("ru")


def kept(text: str, world: Pack) -> pinned.Pinned:
    return pinned.pin(parse(text), viewpoint=US, pack=world, tolerance=Tolerance())


@pytest.mark.parametrize("text", ["Kursk", "50.27, 36.30", "POLYGON((36 50,37 50,37 51,36 50))"])
def test_an_old_resolution_rederives_to_the_byte(text: str, world: Pack) -> None:
    stored = wire.dump(kept(text, world).value())
    again = pinned.read(wire.load(stored))
    assert wire.dump(again.value()) == stored
    told = pinned.rederive(again, viewpoint=US, pack=world)
    assert told.value() == dict(again.answer)


def test_another_viewpoint_or_pack_is_reported_not_used(world: Pack) -> None:
    stored = kept("Kursk", world)
    with pytest.raises(Untrue, match="the viewpoint given"):
        pinned.rederive(stored, viewpoint=RU, pack=world)
    other = Pack(world.about, world.pieces, "0" * 64)
    with pytest.raises(Untrue, match="the pack given"):
        pinned.rederive(stored, viewpoint=US, pack=other)


def test_an_answer_that_was_tampered_with_is_untrue(world: Pack) -> None:
    value = kept("Kursk", world).value()
    answer = value["answer"]
    assert isinstance(answer, dict)
    answer["may_touch"] = ["UA"]
    with pytest.raises(Untrue, match="not what its place resolves to"):
        pinned.rederive(pinned.read(value), viewpoint=US, pack=world)


def test_what_is_no_kept_resolution_is_malformed() -> None:
    with pytest.raises(MalformedPlace):
        pinned.read({"place": 1})


def test_only_the_places_whose_answer_changes_are_listed(world: Pack) -> None:
    several = [kept(text, world) for text in ("Kursk", "Dzhankoi", "Kharkiv")]
    assert list(pinned.changes(several, viewpoint=US, pack=world)) == []
    (change,) = pinned.changes(several, viewpoint=RU, pack=world)
    assert change.place.typed == "Dzhankoi"
    assert change.said == ("certainly_in", "may_touch")


def test_viewpoints_stand_side_by_side(world: Pack) -> None:
    told = pinned.side_by_side(
        parse("Dzhankoi"), viewpoints=(US, RU), pack=world, tolerance=Tolerance()
    )
    assert [each.certainly_in for each in told] == [("UA",), ("RU",)]
