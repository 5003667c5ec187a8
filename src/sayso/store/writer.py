"""Group commit: many callers, one entry each, one transaction for all who wait.

Making an entry durable takes the disk about as long as making a hundred. So whoever comes while a
commit is under way waits in line (`sayso.store.line`), and is taken along by the next.

An act is run when its turn comes, with the number its entry will have, and gives the entry's bytes.
Acts run one at a time and in order, so one may judge by what those before it made, and refuse by
raising: then only its own caller hears of it. Nobody is told of an entry before it is durable; if
the commit fails, every act of the group has failed.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sayso.errors import StoreError
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store.contract import Store
from sayso.store.line import Line, Waiting

Act = Callable[[int], bytes]
"""What makes an entry, given its number."""

Seal = Callable[[Frontier], bytes]
"""What signs the checkpoint of a tree."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That an entry is durable: its number, and the checkpoint that covers it."""

    number: int
    checkpoint: bytes


_Waiting = Waiting[Act, Receipt]


class Writer:
    """The one writer of a store in this process; threads share it."""

    __slots__ = ("_frontier", "_line", "_seal", "_store")

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self._seal = seal
        self._frontier = EMPTY.extended(store.leaf_hashes())
        self._line: Line[Act, Receipt] = Line(self._settle)

    def append(self, act: Act) -> Receipt:
        """Return the receipt of the entry that `act` makes; raise what `act` or the store raises.

        On `Overtaken`, another process was first: look at what it added, and try again.
        """
        return self._line.ask(act)

    def _settle(self, group: Sequence[_Waiting]) -> None:
        """Give everybody in the group a receipt or an error."""
        made = self._made(group)
        if made:
            self._commit(made)

    def _made(self, group: Sequence[_Waiting]) -> list[tuple[_Waiting, bytes]]:
        """Return those whose act gave an entry, with it; the others have their error."""
        made: list[tuple[_Waiting, bytes]] = []
        for each in group:
            try:
                made.append((each, each.job(self._frontier.size + len(made))))
            except Exception as error:  # noqa: BLE001  # it is raised again, to the act's own caller
                each.error = error
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
                each.error = error
            self._catch_up()
        else:
            self._frontier = grown
            for number, (each, _) in enumerate(made, start):
                each.result = Receipt(number, signed)

    def _catch_up(self) -> None:
        """Take in what the store has beyond this tree, if it can be asked.

        Others were first, or a commit went through whose answer was lost.
        """
        with suppress(StoreError):
            added = self._store.leaf_hashes(self._frontier.size)
            self._frontier = self._frontier.extended(added)
