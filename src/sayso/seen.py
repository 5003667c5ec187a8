r"""Text that a person is shown, with what cannot be seen in it written out.

A terminal obeys some characters, and shows text after others in another order than it stands: a
text on the record must not be able to write over the lines around it.

>>> seen("granted\x1b[2K\u202e")
'granted\\u001b[2K\\u202e'
"""

import re

# In JSON the same escapes mean the same text.
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def seen(text: str) -> str:
    """Return `text` with what cannot be seen in it, but for the ends of lines, written out."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
