"""A place is compared as it was typed, and stands for ever: nothing in it is there unseen."""

import pytest

from sayso import wire
from sayso.casework.events import Request, UseReport
from sayso.dates import Instant
from sayso.errors import MalformedPlace, MalformedValue
from sayso.queries.coverage import Use
from tests.casework.texts import asks
from tests.house import LIAISON, House

ODD = [
    "Kursk ",
    " Kursk",
    "\tKursk",
    "Kursk\n",
    "Kur\nsk",
    "Kur\tsk",
    "Kursk\x00",
    "Kursk\u202e",
    "Kur\xadsk",
    "Kursk\xa0Oblast",
    "Kursk\u3000",
    "Kursk\U000e0041",
    "",
    " ",
    "{\x00}",
]
DRAWINGS = [
    '{"type": "Point",\n\t"coordinates": [36.19, 51.73]}',
    "POINT\r\n(36.19 51.73)",
    "<kml>\n</kml>",
    "37U CS 29 08",
    "Нью-Йорк",
]


@pytest.mark.parametrize("place", ODD)
def test_no_place_holds_what_nobody_sees(house: House, place: str) -> None:
    with pytest.raises(MalformedPlace):
        house.tries(LIAISON, asks(place=place))
    with pytest.raises(MalformedPlace):
        UseReport("ukraine-1", 1, Instant(0), place=place)
    with pytest.raises(MalformedPlace):
        Use("ukraine", "aid", "atacms", place, "military-logistics")


@pytest.mark.parametrize("place", ODD)
def test_whoever_replays_a_record_refuses_it_too(place: str) -> None:
    said = wire.encode(asks())
    assert isinstance(said, dict)
    said["items"] = [{"article": "atacms", "place": place, "uses": 1}]
    with pytest.raises(MalformedValue, match="place"):
        wire.decode(Request, said)


@pytest.mark.parametrize("place", DRAWINGS)
def test_a_drawing_has_lines_and_a_name_any_script(place: str) -> None:
    assert asks(place=place).items[0].place == place


def test_the_error_names_the_character_and_what_to_do() -> None:
    with pytest.raises(MalformedPlace, match=r"invisible character U\+202E; type it anew"):
        asks(place="Kursk\u202e")
    with pytest.raises(MalformedPlace, match="begins or ends with a blank; leave the blank out"):
        asks(place="Kursk ")
