import pytest

from sayso.errors import MalformedPlace
from sayso.place import shape
from sayso.place.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        "51.73, 36.19",
        "51.73 36.19",
        "51.73;36.19",
        "51.73/36.19",
        "+51.73, +36.19",
        "51.73N 36.19E",
        "36.19E 51.73N",
        "N51.73 E36.19",
        "n 51.73, e 36.19",
        "51.73° N, 36.19° E",
        "51°43'48\"N 36°11'24\"E",
        "51°43′48″ N, 36°11′24″ E",
        "51 43 48 N, 36 11 24 E",
        "51 43 48 36 11 24",
        "51°43.8'N 36°11.4'E",
        "514348N 0361124E",
        "514348N0361124E",
    ],
)
def test_every_way_to_write_a_position_is_the_same_position(text: str) -> None:
    (part,) = parse(text).parts
    assert part.rings == ((shape.Point(517_300_000, 361_900_000),),)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("51.73, 36.19", 657),
        ("51.730, 36.190", 66),
        ("51 43 48 N, 36 11 24 E", 19),
        ("52, 36", 65_587),
    ],
)
def test_the_digits_typed_imply_a_least_radius(text: str, metres: int) -> None:
    assert abs(parse(text).within_m - metres) <= 1
    assert parse(text, within_m=90_000).within_m == 90_000
    assert parse(text, within_m=1).within_m == parse(text).within_m


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("50,60", "comma between digits"),
        ("50,60 36,59", "comma between digits"),
        ("50,60; 36,59", "comma between digits"),
        ("136.59, 50.60", "swapped"),
        ("50.60, 190.0", "outside the world"),
        ("95N 36E", "outside the world"),
        ("51.73", "not one position"),
        ("51.73, 36.19, 12", "not one position"),
        ("51.73N 36.19", "both their letters"),
        ("51.73N 36.19N", "one latitude and one longitude"),
        ("-51.73S 36.19E", "direction twice"),
        ("51 61 00 N 36 00 00 E", "below 60"),
        ("51.5 30 N 36 00 E", "not an angle"),
        ("nan, nan", "NaN"),
        ("inf, 0", "infinity"),
        ("", "needs a text"),
        ("Atlantis-on-Sea", "no town"),
        ("geonames:0", "no town"),
        ("geonames:x", "no town"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(MalformedPlace, match=why):
        parse(text)


def test_an_ambiguous_name_is_refused_and_lists_what_it_may_mean() -> None:
    with pytest.raises(MalformedPlace, match="2 places are named `Donetsk`") as refused:
        parse("Donetsk")
    assert "geonames:709717" in str(refused.value)
    assert "geonames:565348" in str(refused.value)
    assert parse("geonames:709717").within_m > 10_000


@pytest.mark.parametrize("text", ["Dzhankoi", "DZHANKOY", "Джанкой", "dzhankoy"])
def test_a_name_is_found_in_any_spelling(text: str) -> None:
    assert parse(text).form == "name (geonames:709334)"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kurks", "Kursk"),
        ("Blegorod", "Belgorod"),
        ("Dzhankoyy", "Dzhankoy"),
        ("Rostof on Don", "Rostov-on-Don"),
        ("St Petersburgh", "Saint Petersburg"),
        ("Белгарод", "Belgorod"),
    ],
)
def test_a_misspelt_town_gets_the_nearest_names_as_a_hint(typed: str, meant: str) -> None:
    with pytest.raises(MalformedPlace, match="no town") as refused:
        parse(typed)
    assert f"`{meant}`" in refused.value.hint
    assert refused.value.hint.startswith("did you mean ")


@pytest.mark.parametrize("typed", ["Xyzzyqq", "qx", ".*", "(", "Atlantis-on-Sea"])
def test_a_name_like_no_other_gets_none(typed: str) -> None:
    with pytest.raises(MalformedPlace, match="no town") as refused:
        parse(typed)
    assert refused.value.hint.startswith("write the position")


def test_a_place_and_its_written_form_are_one() -> None:
    place = parse("Belgorod", within_m=20_000)
    assert shape.read(place.value()) == place
