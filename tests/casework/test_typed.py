"""What is typed is compared as it was, and stands for ever: nothing in it is there unseen."""

from collections.abc import Callable

import pytest

from sayso import wire
from sayso.casework.events import Delivery, EndUseCheck, Inventory, Loss, Request, UseReport
from sayso.dates import Instant
from sayso.errors import MalformedEntry, MalformedPlace, MalformedValue
from sayso.queries.coverage import Use
from tests.casework.texts import asks
from tests.house import LIAISON, OWNER, House

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


# --- serial numbers: they reconcile a stock, letter for letter ------------------------------------

SERIALS = [place.replace("Kur", "M57") for place in ODD if not place.startswith("{")]


def naming(serial: str) -> tuple[Callable[[], object], ...]:
    """Return every statement in which a serial number can stand."""
    of = ("aid", "atacms")
    return (
        lambda: Delivery(*of, "first", 1, (serial,)),
        lambda: Inventory(*of, 1, (serial,)),
        lambda: Loss(*of, 1, Instant(0), "burnt", (serial,)),
        lambda: EndUseCheck(*of, OWNER, True, "all there", (serial,)),
        lambda: UseReport("ukraine-1", 1, Instant(0), (serial,)),
    )


@pytest.mark.parametrize("serial", SERIALS)
def test_no_serial_number_holds_what_nobody_sees(serial: str) -> None:
    """Else two that look the same would be two, and a thing be delivered twice, or never lost."""
    for says in naming(serial):
        with pytest.raises(MalformedEntry, match="serial number"):
            says()


@pytest.mark.parametrize("serial", SERIALS)
def test_whoever_replays_a_record_refuses_such_a_serial_number_too(serial: str) -> None:
    said = wire.encode(Inventory("aid", "atacms", 1, ("M57-0001",)))
    assert isinstance(said, dict)
    said["serials"] = [serial]
    with pytest.raises(MalformedValue, match="serial number"):
        wire.decode(Inventory, said)


@pytest.mark.parametrize("serial", ["M57-0001", "M57 0001/B", "№ 7", "Ж-12", "0"])
def test_a_serial_number_is_taken_as_it_stands_on_the_thing(serial: str) -> None:
    for says in naming(serial):
        says()


def test_of_a_serial_number_the_error_names_the_character_and_what_to_do() -> None:
    for serial, words in (
        ("M57\u200b", r"`M57.*` holds the invisible character U\+200B; type it anew"),
        ("M57 ", "`M57 ` begins or ends with a blank; leave the blank out"),
        (" ", "a serial number needs a text; write it as it stands on the thing"),
    ):
        with pytest.raises(MalformedEntry, match=words):
            Inventory("aid", "atacms", 1, (serial,))
