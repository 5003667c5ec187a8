"""What was kept beside the record is erased: the words go, the record stays."""

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.casework import names
from sayso.errors import MalformedEntry


@dataclass(frozen=True, slots=True)
class Erasure:
    """Enclosures are erased, by their SHA-256 in hexadecimal, on a legal basis that is named.

    What is not given out to a reader is withheld; this entry is what tells the erased from it.
    """

    office: str
    digests: tuple[str, ...]
    basis: str

    def __post_init__(self) -> None:
        names.check_digests(self.digests)
        if not self.digests or len(set(self.digests)) < len(self.digests):
            raise MalformedEntry("an erasure names one or more enclosures, each once")
        if not self.basis.strip():
            raise MalformedEntry("nothing is erased without a legal basis", hint="name it")


Erasing = Erasure

KINDS: Mapping[str, type[Erasing]] = {"erasure": Erasure}
