"""Two kinds of text in an act: prose, which is sealed, and the digest of a paper handed over.

Prose is what people write for people: reasons, notes, answers. No rule reads it, so a record whose
prose is withheld or erased replays to the same state. A statement holds only the name of each text
(`record.enclosure`); the words are an enclosure, shown to those who may know them.
"""

from typing import Annotated

SEALED = "sealed"
PAPER = "paper"

Prose = Annotated[str, SEALED]
Paper = Annotated[str, PAPER]
