"""Group commit: many callers, one entry each, one transaction for all who wait.

Making an entry durable takes the disk about as long as making a hundred. So whoever comes while a
commit is under way waits in line, and the next to come to the front takes along all who wait. There
is no thread and no delay: a caller who is alone commits at once, by itself.

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
    """A caller in line, and what became of its act."""

    __slots__ = ("act", "outcome")

    def __init__(self, act: Act) -> None:
        self.act = act
        self.outcome: Receipt | Exception | None = None


class Writer:
    """The one writer of a store in this process; threads share it."""

    __slots__ = ("_frontier", "_line", "_seal", "_store", "_turn")

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self._seal = seal
        self._frontier = EMPTY.extended(store.leaf_hashes())
        self._line: deque[_Waiting] = deque()
        self._turn = Lock()

    def append(self, act: Act) -> Receipt:
        """Return the receipt of the entry that `act` makes; raise what `act` or the store raises.

        On `Overtaken`, another process was first: look at what it added, and try again.
        """
        mine = _Waiting(act)
        self._line.append(mine)
        with self._turn:
            while mine.outcome is None:  # else whoever was in front took this one along
                count = min(len(self._line), MOST_AT_ONCE)
                self._settle([self._line.popleft() for _ in range(count)])
        if isinstance(mine.outcome, Receipt):
            return mine.outcome
        raise mine.outcome

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
