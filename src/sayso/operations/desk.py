"""Where an operation works: a store, the log's keys, an atlas and the time it is."""

import secrets
from dataclasses import dataclass

from sayso.casework.facts import Atlas
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.queries.recall import Memory
from sayso.record.log import Log


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operation is given. `now` was read once, at the rim."""

    memory: Memory
    log: Log
    atlas: Atlas
    now: Instant

    @property
    def state(self) -> State:
        """Return what stands."""
        return self.memory.recall().state


def nonce() -> str:
    """Return 16 fresh random bytes, base64url without padding."""
    return secrets.token_urlsafe(16)
