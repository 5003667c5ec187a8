"""The pieces of a projection, read when they are asked for, and each proven by its name.

A piece that is missing, or not what its name says, was damaged or edited, or dropped by somebody
who went on long ago. Then nothing of the projection is believed any more: the record itself is
folded, which takes longer and is right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.casework.state import State
from sayso.projection.trie import name_of

MOST_AHEAD = 4096
"""How many pieces are kept that were read before they were asked for, or are often passed."""


class WrongPieceError(Exception):
    """A piece is missing, or is not the one it is named for; it does not leave this package."""


@dataclass(slots=True)
class Library:
    """Pieces by their names: `fetch` gives those that there are, `fold` what the record says."""

    fetch: Callable[[Sequence[str]], Mapping[str, bytes]]
    fold: Callable[[], State]
    sound: bool = True
    _kept: dict[str, bytes] = field(default_factory=dict)
    _truth: State | None = None

    def read(self, name: str) -> bytes:
        """Return the piece of that name."""
        found = self._kept.get(name)
        return self._fetched((name,))[name] if found is None else found

    def know(self, pieces: Mapping[str, bytes]) -> None:
        """Have at hand pieces that have the names given: just written, or read of another."""
        if len(self._kept) + len(pieces) <= MOST_AHEAD:
            self._kept.update(pieces)

    @property
    def known(self) -> Mapping[str, bytes]:
        """Return the pieces at hand."""
        return self._kept

    def ahead(self, names: Sequence[str]) -> None:
        """Read pieces that will be asked for, all at once."""
        self._fetched([name for name in names if name not in self._kept])

    def _fetched(self, names: Sequence[str]) -> Mapping[str, bytes]:
        found = self.fetch(names) if names else {}
        for name in names:
            piece = found.get(name)
            if piece is None or name_of(piece) != name:
                raise WrongPieceError(name)
        if len(self._kept) + len(found) > MOST_AHEAD:
            self._kept.clear()
        self._kept.update(found)
        return found

    def truth(self) -> State:
        """Return what the record itself says; the projection is not believed again."""
        self.sound = False
        if self._truth is None:
            self._truth = self.fold()
        return self._truth
