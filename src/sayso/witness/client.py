"""How a log asks a witness, C2SP tlog-witness: two questions, as `sayso.witness.server` says."""

from hashlib import sha256
from typing import Protocol

from sayso.record.witness import Answer
from sayso.replies import OK, ask

MOST_BYTES = 100_000


class Courier(Protocol):
    """What asks a witness; this module does, over HTTP. `SaysoError` if there is no answer."""

    def post(self, url: str, body: bytes) -> Answer:
        """Return the answer of the witness at `url` to a request to `add-checkpoint`."""

    def last(self, url: str, origin: str) -> bytes | None:
        """Return the state of the log that the witness at `url` cosigned last, if any."""


def post(url: str, body: bytes) -> Answer:
    """Return the answer of the witness at `url` to a request to `add-checkpoint`."""
    reply = ask(url, "add-checkpoint", body=body, most=MOST_BYTES)
    return Answer(reply.status, reply.body, reply.kind)


def last(url: str, origin: str) -> bytes | None:
    """Return the state of the log of `origin` that the witness cosigned last, if it shows one."""
    name = sha256(origin.encode()).hexdigest()
    reply = ask(url, f"{name}/checkpoint", most=MOST_BYTES)
    return reply.body if reply.status == OK else None
