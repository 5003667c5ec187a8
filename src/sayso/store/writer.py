"""Group commit: many callers, one entry each, one transaction for all who wait.

Making an entry durable takes the disk about as long as making a hundred. So whoever comes while a
commit is under way waits in line; when it is done, the first in line is told to lead, and takes
along all who wait. There is no thread and no delay: a caller who is alone leads at once. Each
waits for a lock of its own and is woken once; if all queued for one lock, they would wake in turn
only to find that they are done.

An act is run when its turn comes, with the number its entry will have, and gives the entry's bytes.
Acts run one at a time and in order, so one may judge by what those before it made, and refuse by
raising: then only its own caller hears of it. Nobody is told of an entry before it is durable; if
the commit fails, every act of the group has failed.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from sayso.errors import StoreError
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store.contract import Store

MOST_AT_ONCE = 256

Act = Callable[[int], bytes]
"""What makes an entry, given its number."""

Seal = Callable[[Frontier], bytes]
"""What signs the checkpoint of a tree."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an entry is durable: its number, and the checkpoint that covers it."""

    number: int
    checkpoint: bytes


class _Waiting:
    """A caller in line, and what became of its act; woken with no outcome, it is told to lead."""

    __slots__ = ("act", "outcome", "woken")

    def __init__(self, act: Act) -> None:
        self.act = act
        self.outcome: Receipt | Exception | None = None
        self.woken = Lock()
        self.woken.acquire()


class Writer:
    """The one writer of a store in this process; threads share it."""

    __slots__ = ("_door", "_frontier", "_led", "_line", "_seal", "_store")

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self._seal = seal
        self._frontier = EMPTY.extended(store.leaf_hashes())
        self._line: deque[_Waiting] = deque()
        self._led = False
        self._door = Lock()  # held for a moment, to come into the line or to look who is next

    def append(self, act: Act) -> Receipt:
        """Return the receipt of the entry that `act` makes; raise what `act` or the store raises.

        On `Overtaken`, another process was first: look at what it added, and try again.
        """
        mine = _Waiting(act)
        with self._door:
            self._line.append(mine)
            first, self._led = not self._led, True
        if not first:
            mine.woken.acquire()
        if mine.outcome is None:
            self._lead()
        if isinstance(mine.outcome, Receipt):
            return mine.outcome
        raise mine.outcome or StoreError("the commit was interrupted")

    def _lead(self) -> None:
        """Settle all who wait, oneself the first of them, and tell the next to lead."""
        with self._door:
            count = min(len(self._line), MOST_AT_ONCE)
            group = [self._line.popleft() for _ in range(count)]
        try:
            self._settle(group)
        finally:
            with self._door:
                self._led = bool(self._line)
                woken = group[1:] + ([self._line[0]] if self._line else [])
            for each in woken:
                each.woken.release()

    def _settle(self, group: list[_Waiting]) -> None:
        """Give everybody in the group a receipt or an error, whatever happens."""
        try:
            made = self._made(group)
            if made:
                self._commit(made)
        except BaseException:  # an interrupt in this thread: the others must not wait for ever
            lost = StoreError("the commit was interrupted", hint="look whether it was kept")
            for each in group:
                each.outcome = each.outcome or lost
            raise

    def _made(self, group: list[_Waiting]) -> list[tuple[_Waiting, bytes]]:
        """Return those whose act gave an entry, with it; the others have their error."""
        made: list[tuple[_Waiting, bytes]] = []
        for each in group:
            try:
                made.append((each, each.act(self._frontier.size + len(made))))
            except Exception as error:  # noqa: BLE001  # it is raised again, to the act's own caller
                each.outcome = error
        return made

    def _commit(self, made: list[tuple[_Waiting, bytes]]) -> None:
        entries = [entry for _, entry in made]
        start = self._frontier.size
        grown = self._frontier.extended(map(leaf_hash, entries))
        signed = self._seal(grown)
        try:
            self._store.append(entries, size=start, checkpoint=signed)
        except StoreError as error:
            for each, _ in made:
                each.outcome = error
            self._catch_up()
        else:
            self._frontier = grown
            for number, (each, _) in enumerate(made, start):
                each.outcome = Receipt(number, signed)

    def _catch_up(self) -> None:
        """Take in what the store has beyond this tree, if it can be asked.

        Others were first, or a commit went through whose answer was lost.
        """
        with suppress(StoreError):
            added = self._store.leaf_hashes(self._frontier.size)
            self._frontier = self._frontier.extended(added)
