"""What verifying a record found, and the part of it that goes entry by entry.

`followed` asks of every entry whether it was rightly made (`casework.replay`); where the entries
come from, and that they are the ones that were signed, is for whoever calls it.
"""

import gc
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sayso.casework import replay
from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.errors import SaysoError
from sayso.projection.ease import Ease
from sayso.queries.enclosed import Enclosed, Tally
from sayso.queries.stored import Stored
from sayso.record.entry import Entry
from sayso.record.trust import LogKey, Trusted
from sayso.record.trust import Trust as Policy

Progress = Callable[[int], None]
"""Told now and then how many entries have been verified."""

_TOLD_EACH = 128
_COLLECTED_EACH = 50_000


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Up to which size witnesses cosigned: which of them, of how many that the trust names."""

    size: int
    by: tuple[str, ...]
    of: int

    @classmethod
    def told(cls, trusted: Trusted, policy: Policy) -> "Cosigned | None":
        """Return what a checkpoint that the policy believes says; nothing if it has no witness."""
        if not policy.witnesses:
            return None
        return cls(trusted.checkpoint.size, trusted.witnesses, len(policy.witnesses))

    def __str__(self) -> str:
        return f"cosigned by {len(self.by)} of {self.of} witnesses, up to {self.size} entries"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent along: how many proofs, each of its entry, and a trust that names others.

    Then the trust that was given counts, and who must cosign by the one that was sent does not.
    """

    proofs: int = 0
    others: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying found: how many entries hold, and the first that does not, with the reason.

    `cosigned` is there if the trust names witnesses; `signed` are the log's keys, each of which has
    signed the state that was verified. `enclosed` says what lies beside it.
    """

    entries: int
    problem: str | None
    state: State | None = None
    cosigned: Cosigned | None = None
    enclosed: Enclosed | Stored | None = None
    signed: tuple[LogKey, ...] = ()
    sent: Sent | None = None

    @property
    def ok(self) -> bool:
        """Return whether the whole record holds."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it was found: its entries, in order, what they name, who cosigned."""

    entries: Generator[bytes | Entry, None, None]
    tally: Tally
    cosigned: Cosigned | None = None
    last: Callable[[], None] = lambda: None
    """What is still to be checked when every entry was seen."""
    met: Callable[[State], None] = lambda _: None
    """What is to be checked of the state after each entry."""


def followed(
    found: Callable[[], Kept], trust: Trust, *, atlas: Atlas, progress: Progress
) -> Report:
    """Return whether the record that `found` gives holds under `trust`."""
    state = State()
    try:
        kept = found()
        with _seldom_collected(), closing(kept.entries):
            for state in replay.verify(kept.entries, trust, atlas, eased=Ease().eased):
                kept.met(state)
                if state.size % _TOLD_EACH == 0:
                    progress(state.size)
        progress(state.size)
        kept.last()
        enclosed = kept.tally.told(state)
    except SaysoError as error:
        return Report(state.size, str(error), state)
    return Report(state.size, None, state, kept.cosigned, enclosed, trust.log_keys)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have cycles looked for seldom: what an entry leaves behind has none, and is gone at once.

    Looked for as often as is usual, each time among all that stands, they take an eighth of it.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_COLLECTED_EACH, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
