"""Every act of a person goes through here: parse, recall, judge, append, receipt.

Nothing is written unless the whole of it is: the consequences that were due, the act, and what
follows from it go into the store with the signed checkpoint in one transaction. A refused act
leaves no trace. If somebody else appended first, the act is judged again on what stands then, while
all others are held off: so nobody is overtaken twice, and judging alone holds nobody up.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

from sayso.casework import judge, statement
from sayso.casework.events import Act, Clock, Event
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Replay
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.dates import Instant
from sayso.errors import Overtaken
from sayso.operations import enclosing
from sayso.operations.desk import Desk, nonce
from sayso.operations.enclosing import Drawn
from sayso.queries.recall import Past
from sayso.record import checkpoint, entry
from sayso.record.checkpoint import Checkpoint
from sayso.record.entry import Entry, Signature
from sayso.record.tree import leaf_hash
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's bytes as they were signed, with the kind they were signed as.

    `enclosures` are what goes with it beside the record.
    """

    kind: str
    payload: bytes
    signature: Signature
    enclosures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act became: entry `index`, the consequences after it, and the checkpoint over all.

    `leaf` is the entry's RFC 6962 leaf hash in hexadecimal; `state` is what stands now.
    """

    index: int
    entry: Entry
    leaf: str
    said: Event
    follows: tuple[Event, ...]
    checkpoint: bytes
    state: State

    def value(self) -> dict[str, Value]:
        """Return the receipt for a program."""
        return {
            "entry": self.index,
            "kind": self.entry.kind,
            "recorded_at": str(self.entry.recorded_at),
            "leaf": self.leaf,
            "size": self.state.size,
            "checkpoint": self.checkpoint.decode(),
        }


def draft(desk: Desk, by: str, act: Act) -> Drawn:
    """Return the statement that `by` says `act` now, ready to be signed."""
    state = desk.state
    said = Statement(state.origin, by, moment(desk, state), nonce(), act)
    return enclosing.drawn(desk.memory.store, state, said, act)


def perform(desk: Desk, signed: Signed) -> Receipt | Refusal:
    """Put what was signed on the record, or say why not.

    What stands there already, signed by the very same signature, is not said twice: the receipt is
    of the entry that it is.
    """
    try:
        return _attempt(desk, desk.memory.recall(), signed)
    except Overtaken:
        with desk.memory.store.turn():
            return _attempt(desk, desk.memory.recall(), signed)


def moment(desk: Desk, state: State) -> Instant:
    """Return the time to record at: now, or that of the last entry if the clock lags a little.

    The clocks of two machines, and of two processes that write at once, differ by a moment. A
    rehearsal is told its time, and must be told it right.
    """
    lags = state.at is not None and desk.now < state.at <= desk.now + judge.AHEAD
    if state.clock is Clock.SYSTEM and state.at is not None and lags:
        return state.at
    return desk.now


def _attempt(desk: Desk, past: Past, signed: Signed) -> Receipt | Refusal:
    at = moment(desk, past.state)
    replay = Replay(past.state, desk.atlas)
    late = judge.in_time(past.state, at)
    if late is not None:
        return late
    again = _again(desk, past, signed)
    if again is not None:
        return again
    before = settled(replay, at)
    act = Entry(signed.kind, signed.payload, (signed.signature,), at)
    index = replay.state.size
    refusal = enclosing.refusal(past.state, act, signed.enclosures) or replay.take(act)
    if refusal is not None:
        return refusal
    said = statement.read(act).said
    after = settled(replay, at)
    beside = enclosing.beside(act, signed.enclosures)
    head = append(desk, past, (*before, act, *after), stands=replay.state, beside=beside)
    return Receipt(
        index=index,
        entry=act,
        leaf=leaf_hash(entry.write(act)).hex(),
        said=said,
        follows=tuple(statement.read(each).said for each in after),
        checkpoint=head,
        state=replay.state,
    )


def _again(desk: Desk, past: Past, signed: Signed) -> Receipt | None:
    """Return the receipt of the entry that this very statement is already, if it is one."""
    index = past.state.statements.get(sha256(signed.payload).hexdigest())
    if index is None:
        return None
    kept = (entry.read(data) for data in desk.memory.store.entries(index, past.state.size))
    made = next(kept)
    at = made.recorded_at
    if (made.kind, made.signatures) != (signed.kind, (signed.signature,)):
        return None
    followed = takewhile(lambda each: each.signatures == () and each.recorded_at == at, kept)
    return Receipt(
        index=index,
        entry=made,
        leaf=leaf_hash(entry.write(made)).hex(),
        said=statement.read(made).said,
        follows=tuple(statement.read(each).said for each in followed),
        checkpoint=desk.memory.store.head() or b"",
        state=past.state,
    )


def settled(replay: Replay, at: Instant) -> tuple[Entry, ...]:
    """Return the entries for what is due at `at`; `replay` has taken them."""
    made = []
    while due := replay.due(at):
        follows = Statement(replay.state.origin, None, at, nonce(), due[0])
        each = Entry(follows.kind, statement.write(follows), (), at)
        refusal = replay.take(each)
        if refusal is not None:  # what follows by rule is never refused: this is a bug
            raise AssertionError(refusal)
        made.append(each)
    return tuple(made)


def append(
    desk: Desk,
    past: Past,
    made: tuple[Entry, ...],
    *,
    stands: State,
    beside: Beside = NOTHING_BESIDE,
) -> bytes:
    """Write the entries and the checkpoint over them in one transaction; return the checkpoint.

    What `stands` after them need not be read again, as long as nobody else appends.
    """
    data = [entry.write(each) for each in made]
    tree = past.tree.extended([leaf_hash(each) for each in data])
    head = checkpoint.sign(Checkpoint(desk.log.name, tree.size, tree.root()), (desk.log,))
    desk.memory.store.append(data, size=past.tree.size, checkpoint=head, beside=beside)
    desk.memory.past = Past(stands, tree, head)
    return head
