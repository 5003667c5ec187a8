"""Begin a record: entry 0 names its origin, its log's keys, and the registrar, who signs it."""

from dataclasses import dataclass

from sayso.casework import statement
from sayso.casework.events import Clock, Founding
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Replay
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.operations.desk import Desk, nonce
from sayso.operations.perform import Receipt, append
from sayso.queries.recall import NOTHING
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.signature import SigningKey


@dataclass(frozen=True, slots=True)
class Charter:
    """What a record begins with: its first registrar, whose borders it goes by, whose clock."""

    registrar: str
    viewpoint: str
    clock: Clock


def found(desk: Desk, charter: Charter, key: SigningKey) -> Receipt | Refusal:
    """Put the founding on the desk's empty store; the registrar signs it with `key`."""
    act = Founding(
        origin=desk.log.name,
        log_key=str(desk.log.keys[0]),
        registrar=charter.registrar,
        key=str(key.public),
        viewpoint=charter.viewpoint,
        clock=charter.clock,
        log_key_pq=next((str(key) for key in desk.log.keys[1:]), None),
    )
    payload = statement.write(Statement(act.origin, act.registrar, desk.now, nonce(), act))
    made = Entry("founding", payload, (entry.sign(key, "founding", payload),), desk.now)
    replay = Replay(State(), desk.atlas)
    refusal = replay.take(made)
    if refusal is not None:
        return refusal
    head = append(desk, NOTHING, (made,), stands=replay.state)
    return Receipt(0, made, act, (), head, replay.state)
