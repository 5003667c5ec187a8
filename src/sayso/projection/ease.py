"""What stands, moved out of memory now and then while a long record passes.

Everything is written in pieces (`written`) at the end of a temporary file, which is gone with the
process, and read back as it is asked for. A piece is named by its place in that file, so that no
list of them is kept either: what is held is what a stretch of entries brought about and what they
asked for, and the timers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

from sayso.casework.state import State
from sayso.projection import written
from sayso.projection.library import Library, WrongPieceError
from sayso.projection.written import Before

STRETCH = 8_192
"""How many entries pass before what stands is moved out again."""


@dataclass(slots=True, weakref_slot=True)
class Ease:
    """Eases the memory of whoever follows a record, one state after the other, by its `eased`."""

    stretch: int = STRETCH
    _file: IO[bytes] = field(default_factory=TemporaryFile)
    _end: int = 0
    _before: Before | None = None

    def __post_init__(self) -> None:
        finalize(self, self._file.close)  # when nobody holds a state that is read from it

    def eased(self, state: State) -> State:
        """Return the same state, most of it out of memory if a stretch of entries is over."""
        if state.size % self.stretch:
            return state
        made = written.encode(state, before=self._before, keep=self._keep)
        library = Library(self._pieces, _lost, named=None)
        moved = written.decode(made.roots, library)
        self._before = Before(moved, made.roots, library)
        return moved

    def _keep(self, piece: bytes) -> str:
        """Return the name of a new piece: where it begins, and its length."""
        name = f"{self._end}+{len(piece)}"
        self._file.seek(self._end)
        self._end += self._file.write(piece)
        return name

    def _pieces(self, names: Sequence[str]) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for name in names:
            start, _, length = name.partition("+")
            self._file.seek(int(start))
            found[name] = self._file.read(int(length))
        return found


def _lost() -> State:
    """Raise: what was moved out a moment ago can only be wrong if this machine is."""
    raise WrongPieceError("what was moved out of memory")
