"""Timers put aside while a long record passes: a row for each, with the places of those below it.

Most timers ring late, or for cases that have long moved on. A heap (`casework.timers`) walks into
few of them, so that the first is at hand, and every other is read when it is walked into. What was
put aside once stands there for good, as a heap never changes.
"""

from collections.abc import Iterator
from functools import partial

from sayso.casework.timers import Timer, Timers
from sayso.dates import Instant
from sayso.scratch import Scratch

_TABLE = """CREATE TABLE timers (place INTEGER PRIMARY KEY, moment INTEGER, name TEXT, rank INTEGER,
                                 "left" INTEGER, "right" INTEGER)"""
_PUT = "INSERT INTO timers VALUES (?, ?, ?, ?, ?, ?)"
_GET = 'SELECT moment, name, rank, "left", "right" FROM timers WHERE place = ?'

_Row = tuple[int, int, str, int, int | None, int | None]


class _Laid(Timer):
    """A timer that stands at a place in `heaps`, as do all below it."""

    __slots__ = ("heaps", "place")

    heaps: "Heaps"
    place: int


class Heaps:
    """Where timers are put."""

    __slots__ = ("_places", "_scratch")

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._places = 0
        scratch.ask(_TABLE)

    def put(self, timers: Timers) -> Timers:
        """Return the same timers, of which the first is in memory."""
        if timers is None:
            return None
        place = self._place(timers)
        if place is None:
            place = self._places
            self._scratch.put(_PUT, self._rows(timers))
        return self._taken(place)

    def _rows(self, first: Timer) -> Iterator[_Row]:
        """Yield those that stand nowhere yet; the first gets the next place."""
        waiting = [(first, self._next())]

        def below(timer: Timers) -> int | None:
            if timer is None:
                return None
            place = self._place(timer)
            if place is None:
                place = self._next()
                waiting.append((timer, place))
            return place

        while waiting:
            timer, place = waiting.pop()
            left, right = below(timer.left), below(timer.right)
            yield place, timer.at.micros, timer.case, timer.rank, left, right

    def _next(self) -> int:
        self._places += 1
        return self._places - 1

    def _place(self, timer: Timer) -> int | None:
        """Return where a timer stands already, if it does."""
        return timer.place if isinstance(timer, _Laid) and timer.heaps is self else None

    def _taken(self, place: int) -> Timer:
        """Return the timer at a place, which takes those below it when they are walked into."""
        moment, name, rank, *below = self._scratch.ask(_GET, (place,)).fetchone()
        left, right = (None if each is None else partial(self._taken, each) for each in below)
        taken = _Laid(Instant(moment), name, rank, left, right)
        taken.heaps, taken.place = self, place
        return taken
