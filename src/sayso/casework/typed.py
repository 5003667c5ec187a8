"""A place as somebody typed it: what may stand on the record of it.

Places are compared as they were typed, and stand for ever. So a text must not differ from another
in what nobody sees: no blank before or after it, no control or format character in it, and no blank
but the plain one. A drawing (GeoJSON, KML, well-known text) may have lines and tabs.

The characters are listed, and not asked of a Unicode database: a record replays the same for ever.
"""

import re

from sayso.errors import MalformedPlace

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
    if text != text.strip(f" {_LAYOUT}"):
        raise MalformedPlace(
            f"the place `{text[:40]}` begins or ends with a blank", hint="leave the blank out"
        )
    drawn = text[0] in "{<" or "(" in text
    found = (_HIDDEN if drawn else _HIDDEN_IN_A_NAME).search(text)
    if found is not None:
        raise MalformedPlace(
            f"the place `{text[:40]}` holds the invisible character U+{ord(found[0]):04X}",
            hint="type it anew, in letters, digits and plain blanks",
        )
