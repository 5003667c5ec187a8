"""A place or a serial number as somebody typed it: what may stand on the record of it.

They are compared as they were typed, and stand for ever. So a text must not differ from another in
what nobody sees: no blank before or after it, no control or format character in it, and no blank
but the plain one. A drawing of a place (GeoJSON, KML, well-known text) may have lines and tabs.

The characters are listed, and not asked of a Unicode database: a record replays the same for ever.
"""

import re
from collections.abc import Iterable, Iterator

from sayso.errors import MalformedEntry, MalformedPlace

_LAYOUT = "\t\n\r"
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HIDDEN_IN_A_NAME = re.compile(f"[{_LAYOUT}]|{_HIDDEN.pattern}")


def check_place(text: str) -> None:
    """Raise `MalformedPlace` if a place that was typed holds what nobody would see."""
    if not text.strip(f" {_LAYOUT}"):
        raise MalformedPlace("a place needs a text", hint="write a position or a town's name")
    drawn = text[0] in "{<" or "(" in text
    for words, hint in _unseen(f"the place `{text[:40]}`", text, drawn=drawn):
        raise MalformedPlace(words, hint=hint)


def check_serials(serials: Iterable[str]) -> None:
    """Raise `MalformedEntry` if a serial number that was typed holds what nobody would see."""
    for text in serials:
        if not text.strip(f" {_LAYOUT}"):
            hint = "write it as it stands on the thing, or leave it out"
            raise MalformedEntry("a serial number needs a text", hint=hint)
        for words, hint in _unseen(f"the serial number `{text[:40]}`", text, drawn=False):
            raise MalformedEntry(words, hint=hint)


def _unseen(what: str, text: str, *, drawn: bool) -> Iterator[tuple[str, str]]:
    """Yield what nobody would see in a text, and what to do about it."""
    if text != text.strip(f" {_LAYOUT}"):
        yield f"{what} begins or ends with a blank", "leave the blank out"
    found = (_HIDDEN if drawn else _HIDDEN_IN_A_NAME).search(text)
    if found is not None:
        yield (
            f"{what} holds the invisible character U+{ord(found[0]):04X}",
            "type it anew, in letters, digits and plain blanks",
        )
