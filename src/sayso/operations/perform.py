"""Every act of a person goes through here: parse, recall, judge, append, receipt.

Nothing is written unless the whole of it is: the consequences that were due, the act, and what
follows from it go into the store with the signed checkpoint in one transaction. A refused act
leaves no trace. If somebody else appended first, the act is judged again on what stands then.
"""

from dataclasses import dataclass

from sayso.casework import judge, statement, verdicts
from sayso.casework.events import Act, Consequence, Event
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.errors import Overtaken
from sayso.operations.desk import Desk, nonce
from sayso.queries.recall import Past
from sayso.record import checkpoint, entry
from sayso.record.checkpoint import Checkpoint
from sayso.record.entry import Entry, Signature
from sayso.record.tree import leaf_hash
from sayso.wire import Value

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's bytes as they were signed, with the kind they were signed as."""

    kind: str
    payload: bytes
    signature: Signature


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


def draft(desk: Desk, by: str, act: Act) -> bytes:
    """Return the statement that `by` says `act` now, ready to be signed."""
    return statement.write(Statement(desk.state.origin, by, desk.now, nonce(), act))


def perform(desk: Desk, signed: Signed) -> Receipt | Refusal:
    """Put what was signed on the record, or say why not."""
    for _ in range(ATTEMPTS):
        try:
            return _attempt(desk, desk.memory.recall(), signed)
        except Overtaken:
            continue
    raise Overtaken(f"others appended first {ATTEMPTS} times", hint="try again")


def _attempt(desk: Desk, past: Past, signed: Signed) -> Receipt | Refusal:
    before, state = settled(desk, past.state)
    act = Entry(signed.kind, signed.payload, (signed.signature,), desk.now)
    refusal = judge.judge(state, act, desk.atlas)
    if refusal is not None:
        return refusal
    index, said = state.size, statement.read(act.kind, act.payload).said
    after, state = settled(desk, judge.apply(state, act))
    head = append(desk, past, (*before, act, *after))
    return Receipt(
        index=index,
        entry=act,
        leaf=leaf_hash(entry.write(act)).hex(),
        said=said,
        follows=tuple(statement.read(each.kind, each.payload).said for each in after),
        checkpoint=head,
        state=state,
    )


def settled(desk: Desk, state: State) -> tuple[tuple[Entry, ...], State]:
    """Return the entries for what is due at `state`, and what stands after them."""
    made: list[Entry] = []
    for consequence in verdicts.settle(state, at=desk.now, atlas=desk.atlas):
        made.append(_consequence(desk, state, consequence))
        state = judge.apply(state, made[-1])
    return tuple(made), state


def _consequence(desk: Desk, state: State, said: Consequence) -> Entry:
    follows = Statement(state.origin, None, desk.now, nonce(), said)
    return Entry(follows.kind, statement.write(follows), (), desk.now)


def append(desk: Desk, past: Past, made: tuple[Entry, ...]) -> bytes:
    """Write the entries and the checkpoint over them in one transaction; return the checkpoint."""
    data = [entry.write(each) for each in made]
    tree = past.tree.extended([leaf_hash(each) for each in data])
    head = checkpoint.sign(Checkpoint(desk.log.name, tree.size, tree.root()), (desk.log,))
    desk.memory.store.append(data, size=past.tree.size, checkpoint=head)
    return head
