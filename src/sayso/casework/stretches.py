"""What is the same at every moment between two cuts in time, worked out once for each stretch.

>>> from datetime import timedelta
>>> noon = Instant.parse("2025-06-01T12:00:00Z")
>>> asked = []
>>> half = Stretches((noon,), lambda at: asked.append(at) or ("am" if at < noon else "pm"))
>>> [half.at(noon + timedelta(hours=hours)) for hours in (-2, -1, 0, 1)]
['am', 'am', 'pm', 'pm']
>>> len(asked)
2
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from sayso.dates import Instant

T = TypeVar("T")


class Stretches(Generic[T]):
    """What `work_out` says of a moment; `cuts` are the moments from which it may say another."""

    __slots__ = ("_cuts", "_known", "_work_out")

    def __init__(self, cuts: Iterable[Instant], work_out: Callable[[Instant], T]) -> None:
        self._cuts = sorted({each.micros for each in cuts})
        self._work_out = work_out
        self._known: dict[int, T] = {}

    def at(self, at: Instant) -> T:
        """Return what holds at a moment."""
        place = bisect_right(self._cuts, at.micros)
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = self._work_out(at)
        return found
