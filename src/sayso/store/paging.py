"""Reading a long column in short steps.

Each step is a query of its own, so that a slow reader holds no transaction open. As nothing that is
kept ever changes, short steps in a row see what one long one would.
"""

from collections.abc import Callable, Iterator

from sayso.errors import Damaged

AT_ONCE = 512

Ask = Callable[[int, int], list[tuple[int, object]]]
"""What gives at most so many rows, (number, bytes), from a number on, in order."""


def entries(ask: Ask, start: int, stop: int) -> Iterator[bytes]:
    """Yield the column of the rows `start` to `stop`, of which none may be missing."""
    while start < stop:
        rows = ask(start, min(AT_ONCE, stop - start))
        for expected, (number, raw) in enumerate(rows, start):
            if number != expected:
                raise _missing(expected)
            yield plain(raw, f"entry {number}", entry=number)
        if not rows:
            raise _missing(start)
        start += len(rows)


def checkpoints(ask: Ask, stop: int) -> Iterator[bytes]:
    """Yield the column of the rows below `stop` that have one; `ask` leaves the others out."""
    start = 0
    while rows := ask(start, AT_ONCE):
        for number, note in rows:
            if number >= stop:
                return
            yield plain(note, f"the checkpoint after entry {number}")
        start = rows[-1][0] + 1


def plain(raw: object, what: str, *, entry: int | None = None) -> bytes:
    """Return `raw`, which the database made bytes when it was written but damage may not."""
    if not isinstance(raw, bytes):
        raise Damaged(f"{what} in the store is not bytes", entry=entry)
    return raw


def _missing(number: int) -> Damaged:
    return Damaged(f"entry {number} is missing from the store", entry=number)
