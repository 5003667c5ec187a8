"""What stands, moved out of memory now and then while a long record passes.

At the end of every stretch of entries each map that has many keys is put aside (`drawer`), and so
are the timers (`heap`). What is held from then on is what a stretch of entries brings about, a
little of what they ask for, and the maps of few keys, whatever the record's size.
"""

from typing import Any

from sayso.casework.state import State
from sayso.projection.drawer import Drawer, Drawn
from sayso.projection.heap import Heaps
from sayso.projection.shelf import Shelf
from sayso.projection.written import MAPS
from sayso.replaced import replace
from sayso.scratch import Scratch

STRETCH = 8_192
"""How many entries pass before what stands is moved out again."""

FEW = 4_096
"""How many keys a map has that stays in memory: offices, say, which are often all asked for."""

_MOVED = {name: keys for name, (keys, values) in MAPS.items() if values is not None}
"""The maps that may be put aside: all but the policies, which every act asks for, one and all."""


class Ease:
    """Eases the memory of whoever follows a record, one state after the other, by its `eased`."""

    __slots__ = ("_drawers", "_few", "_heaps", "_scratch", "_stretch")

    def __init__(self, stretch: int = STRETCH, few: int = FEW) -> None:
        self._stretch = stretch
        self._few = few
        self._scratch = Scratch()
        self._heaps = Heaps(self._scratch)
        self._drawers: dict[str, Drawer[Any, Any]] = {}

    def eased(self, state: State) -> State:
        """Return the same state, most of it out of memory if a stretch of entries is over."""
        if state.size % self._stretch:
            return state
        maps: dict[str, Any] = {
            name: self._moved(name, state.size, getattr(state, name)) for name in _MOVED
        }
        return replace(state, timers=self._heaps.put(state.timers), **maps)

    def _moved(self, name: str, moment: int, found: Any) -> Any:  # noqa: ANN401  # a map, or a shelf
        """Return the same map, put aside if it has many keys, and ever after."""
        drawer = self._drawers.get(name)
        if drawer is not None:
            drawer.put(moment, found.over.items())
        elif len(found) > self._few:
            drawer = self._drawers[name] = Drawer(self._scratch, name, _MOVED[name])
            drawer.put(moment, found.items())
        else:
            return found
        return Shelf(Drawn(drawer, moment))
