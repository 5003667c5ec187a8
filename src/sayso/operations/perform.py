"""Every act of a person goes through here: parse, recall, judge, append, receipt.

Nothing is written unless the whole of it is: the consequences that were due, the act, and what
follows from it go into the store with the signed checkpoint in one transaction, and so does what
then stands, whenever that is to be kept. A refused act leaves no trace. If somebody else appended
first, the act is judged again on what stands then, while all others are held off: so nobody is
overtaken twice, and judging alone holds nobody up.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

from sayso.casework import judge, statement
from sayso.casework.events import Act, Clock, Event
from sayso.casework.facts import Atlas
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Replay
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.cycles import unsought
from sayso.dates import Instant
from sayso.errors import Overtaken
from sayso.operations import enclosing
from sayso.operations.desk import Desk, nonce
from sayso.operations.enclosing import Drawn
from sayso.queries.projected import Past
from sayso.record import entry
from sayso.record.entry import Entry, Signature
from sayso.record.tree import leaf_hash
from sayso.store.contract import Store
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

    `state` is what stands now.
    """

    index: int
    entry: Entry
    said: Event
    follows: tuple[Event, ...]
    checkpoint: bytes
    state: State

    @property
    def leaf(self) -> str:
        """The entry's RFC 6962 leaf hash, in hexadecimal."""
        return leaf_hash(entry.write(self.entry)).hex()

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
    said = Statement(state.origin, by, moment(state, desk.now), nonce(), act)
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


def moment(state: State, now: Instant) -> Instant:
    """Return the time to record at: now, or that of the last entry if the clock lags a little.

    The clocks of two machines, and of two processes that write at once, differ by a moment. A
    rehearsal is told its time, and must be told it right.
    """
    lags = state.at is not None and now < state.at <= now + judge.AHEAD
    if state.clock is Clock.SYSTEM and state.at is not None and lags:
        return state.at
    return now


@unsought()
def _attempt(desk: Desk, past: Past, signed: Signed) -> Receipt | Refusal:
    at = moment(past.state, desk.now)
    again = said_already(desk.memory.store, past, signed)
    if again is not None:
        return judge.in_time(past.state, at) or again
    act = Entry(signed.kind, signed.payload, (signed.signature,), at)
    made = judged(past.state, act, desk.atlas, signed.enclosures)
    if isinstance(made, Refusal):
        return made
    head = append(desk, past, made.entries, stands=made.state, beside=made.beside)
    return made.receipt(head, made.state)


@dataclass(frozen=True, slots=True)
class Made:
    """An act that may go on the record, as entry `index`: what goes before it, and follows from it.

    `said` is what the act says, `state` what stands after all of them, and `beside` what comes and
    goes beside the record.
    """

    index: int
    before: tuple[Entry, ...]
    act: Entry
    said: Event
    after: tuple[Entry, ...]
    follows: tuple[Event, ...]
    state: State
    beside: Beside = NOTHING_BESIDE

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return all that goes on the record, in order."""
        return (*self.before, self.act, *self.after)

    def receipt(self, head: bytes, state: State) -> Receipt:
        """Return the receipt, once all is durable under the checkpoint `head`; `state` stands."""
        return Receipt(
            index=self.index,
            entry=self.act,
            said=self.said,
            follows=self.follows,
            checkpoint=head,
            state=state,
        )


def judged(state: State, act: Entry, atlas: Atlas, enclosures: tuple[bytes, ...]) -> Made | Refusal:
    """Return what comes of `act`, which is recorded next on `state`; nothing is written."""
    late = judge.in_time(state, act.recorded_at)
    if late is not None:
        return late
    replay = Replay(state, atlas)
    before = settled(replay, act.recorded_at)
    index, said = replay.state.size, statement.read(act).said
    refusal = enclosing.refusal(replay.state, act, enclosures) or replay.take(act)
    if refusal is not None:
        return refusal
    after = settled(replay, act.recorded_at)
    return Made(
        index=index,
        before=tuple(each for each, _ in before),
        act=act,
        said=said,
        after=tuple(each for each, _ in after),
        follows=tuple(each for _, each in after),
        state=replay.state,
        beside=enclosing.beside(act, enclosures),
    )


def said_already(store: Store, past: Past, signed: Signed) -> Receipt | None:
    """Return the receipt of the entry that this very statement is already, if it is one."""
    index = past.state.statements.get(sha256(signed.payload).hexdigest())
    if index is None:
        return None
    kept = (entry.read(data) for data in store.entries(index, past.state.size))
    made = next(kept)
    at = made.recorded_at
    if (made.kind, made.signatures) != (signed.kind, (signed.signature,)):
        return None
    followed = takewhile(lambda each: each.signatures == () and each.recorded_at == at, kept)
    return Receipt(
        index=index,
        entry=made,
        said=statement.read(made).said,
        follows=tuple(statement.read(each).said for each in followed),
        checkpoint=store.head() or b"",
        state=past.state,
    )


def settled(replay: Replay, at: Instant) -> tuple[tuple[Entry, Event], ...]:
    """Return the entries for what is due at `at`, with what they say; `replay` has taken them."""
    made = []
    while (due := replay.due(at)) is not None:
        made.append((replay.follow(due, at, nonce()), due))
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

    What `stands` after them is kept in the same transaction, if it is time for that; and it need
    not be read again, as long as nobody else appends.
    """
    data = [entry.write(each) for each in made]
    tree = past.tree.extended([leaf_hash(each) for each in data])
    head = desk.log.sign(tree.size, tree.root())
    after = Past(stands, tree, head)
    projection = desk.memory.due(after, desk.log)
    desk.memory.store.append(
        data,
        size=past.tree.size,
        checkpoint=head,
        beside=beside,
        projection=projection,
    )
    desk.memory.stands(after, desk.log, projection)
    return head
