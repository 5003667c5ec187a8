"""A line of callers, of whom the first serves all who wait behind: how a commit is shared.

Whoever comes while a group is being served waits in line; when that is done, the first in line is
told to lead, and takes along all who wait. There is no thread and no delay: a caller who is alone
leads at once. Each waits for a lock of its own and is woken once; if all queued for one lock, they
would wake in turn only to find that they are served.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Generic, TypeVar

from sayso.errors import StoreError

MOST_AT_ONCE = 256

J = TypeVar("J")
R = TypeVar("R")


class Waiting(Generic[J, R]):
    """A caller in line with a job, and what became of it; woken with neither, it is to lead."""

    __slots__ = ("error", "job", "result", "woken")

    def __init__(self, job: J) -> None:
        self.job = job
        self.result: R | None = None
        self.error: Exception | None = None
        self.woken = Lock()
        self.woken.acquire()

    @property
    def served(self) -> bool:
        """Return whether it has a result, or an error."""
        return self.result is not None or self.error is not None

    @property
    def answer(self) -> R | Exception:
        """Return the result, or the error."""
        if self.result is not None:
            return self.result
        return self.error or StoreError("the commit was interrupted")


class Line(Generic[J, R]):
    """Callers of one process, who are threads; `serve` is given each group, by one of them.

    It gives everybody in the group a result or an error, and runs for one group at a time.
    """

    __slots__ = ("_door", "_leader", "_line", "_serve")

    def __init__(self, serve: Callable[[Sequence[Waiting[J, R]]], None]) -> None:
        self._serve = serve
        self._line: deque[Waiting[J, R]] = deque()
        self._leader: Waiting[J, R] | None = None  # who leads, or is told to, as the first in line
        self._door = Lock()  # held for a moment, to come into the line or to look who is next

    def __len__(self) -> int:
        """Return how many wait and are not being served yet."""
        return len(self._line)

    def ask(self, job: J) -> R:
        """Return the result of `job`, once its group is served; raise the error it has instead."""
        (answer,) = self.ask_all((job,))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask_all(self, jobs: Sequence[J]) -> Iterator[R | Exception]:
        """Yield the result of each of `jobs` in order, as they are served, or its error instead.

        They stand in line one behind the other, and nobody comes between them.
        """
        mine: list[Waiting[J, R]] = [Waiting(job) for job in jobs]
        try:
            with self._door:
                self._line.extend(mine)
                if self._leader is None:
                    self._pass_on()
            for each in mine:
                each.woken.acquire()
                if not each.served:
                    self._lead()
                yield each.answer
        except BaseException:  # an interrupt in this thread: the line goes on without it
            self._leave(mine)
            raise

    def _lead(self) -> None:
        """Serve all who wait, oneself the first of them, and tell the next to lead."""
        group: list[Waiting[J, R]] = []
        try:
            with self._door:
                while self._line and len(group) < MOST_AT_ONCE:
                    group.append(self._line.popleft())
            self._serve(group)
        except BaseException:  # an interrupt in this thread: the others must not wait for ever
            lost = StoreError("the commit was interrupted", hint="look whether it was kept")
            for each in group:
                if not each.served:
                    each.error = lost
            raise
        finally:
            with self._door:
                self._pass_on()
            for each in group[1:]:
                each.woken.release()

    def _leave(self, mine: Sequence[Waiting[J, R]]) -> None:
        """Take callers out of the line; if one was told to lead and will not, let the next.

        Whoever is in a group already is served with it, and is told nothing.
        """
        with self._door:
            for each in mine:
                if each in self._line:
                    self._line.remove(each)
            if self._leader in mine:
                self._pass_on()

    def _pass_on(self) -> None:
        """Tell the first in line to lead, if there is one; the door is held."""
        self._leader = self._line[0] if self._line else None
        if self._leader is not None:
            self._leader.woken.release()
