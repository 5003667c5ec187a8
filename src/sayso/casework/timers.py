"""What time will bring about, earliest first: a heap that is never changed.

A state keeps one, so any earlier state keeps its own. It is a leftist heap (Crane 1972, in the
persistent form of Okasaki, *Purely Functional Data Structures*, §3.1): adding and removing take
O(log n), and the path that is walked is never longer than that.

>>> soon, late = Instant.parse("2025-06-01T00:00:00Z"), Instant.parse("2025-07-01T00:00:00Z")
>>> timers = set_timer(set_timer(None, late, "ukraine-2"), soon, "ukraine-1")
>>> rung(timers, soon)
('ukraine-1',)
>>> rung(after(timers, soon), late)
('ukraine-2',)
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from sayso.dates import Instant


class Timer:
    """The earliest timer of a heap, and the two heaps of those that ring later.

    Either heap may be given as what makes it, which is asked when it is first walked into: whoever
    reads a heap back need not read what rings much later.
    """

    __slots__ = ("_left", "_right", "at", "case", "rank")

    def __init__(self, at: Instant, case: str, rank: int, left: "Heap", right: "Heap") -> None:
        self.at = at
        self.case = case
        self.rank = rank
        self._left = left
        self._right = right

    @property
    def left(self) -> "Timers":
        """Return the heap on the left."""
        if callable(self._left):
            self._left = self._left()
        return self._left

    @property
    def right(self) -> "Timers":
        """Return the heap on the right."""
        if callable(self._right):
            self._right = self._right()
        return self._right

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timer) and all(
            (one.at, one.case, one.rank) == (two.at, two.case, two.rank)
            if one is not None and two is not None
            else one is two
            for one, two in zip_longest(_walked(self), _walked(other))
        )

    def __hash__(self) -> int:
        return hash((self.at, self.case, self.rank))


Timers = Timer | None
Heap = Timers | Callable[[], Timer]


def _walked(timers: Timers) -> Iterator[Timers]:
    """Yield every timer before its left and those before its right; None where there is none."""
    waiting = [timers]
    while waiting:
        timer = waiting.pop()
        yield timer
        if timer is not None:
            waiting += (timer.right, timer.left)


def set_timer(timers: Timers, at: Instant, case: str) -> Timers:
    """Return `timers` with one more, which rings for `case` at `at`."""
    return _merged(Timer(at, case, 1, None, None), timers)


def rung(timers: Timers, at: Instant) -> tuple[str, ...]:
    """Return the cases whose timers have rung by `at`, each once, by name."""
    if timers is None or at < timers.at:
        return ()
    return tuple(sorted(set(_rung(timers, at))))


def _rung(timers: Timers, at: Instant) -> Iterator[str]:
    waiting = [timers]
    while waiting:
        timer = waiting.pop()
        if timer is not None and timer.at <= at:
            yield timer.case
            waiting += (timer.left, timer.right)


def after(timers: Timers, at: Instant) -> Timers:
    """Return those of `timers` that ring after `at`."""
    while timers is not None and timers.at <= at:
        timers = _merged(timers.left, timers.right)
    return timers


def _merged(one: Timers, other: Timers) -> Timers:
    if one is None or other is None:
        return one or other
    first, second = (one, other) if one.at <= other.at else (other, one)
    left, right = first.left, _merged(first.right, second)
    if _rank(left) < _rank(right):
        left, right = right, left
    return Timer(first.at, first.case, _rank(right) + 1, left, right)


def _rank(timers: Timers) -> int:
    return 0 if timers is None else timers.rank
