"""The record read from its first entry on: folded into a state, or checked entry by entry.

`fold` believes the entries: it is for a record whose integrity was checked when it was opened.
`verify` believes nothing but the trust it is given. For each entry it asks what `operations` asked
before writing it: was every consequence that was due recorded, no other, and word for word; was
the act signed, by whom it says, with an office to do it, and in order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sayso.casework import judge, statement, verdicts
from sayso.casework.events import Consequence, Founding
from sayso.casework.facts import Atlas
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant
from sayso.errors import Damaged, SaysoError
from sayso.record import entry as entries
from sayso.record.entry import Entry


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier knows beforehand: the record's origin, and the founding registrar's key.

    `log_key` is the C2SP verifier key of the log that signs the checkpoints.
    """

    origin: str
    log_key: str
    registrar_key: str


def fold(
    record: Iterable[bytes], *, until: Instant | None = None, start: State | None = None
) -> State:
    """Return what stands after the entries of `record`, or after those recorded by `until`."""
    state = start if start is not None else State()
    for data in record:
        entry = entries.read(data)
        if until is not None and entry.recorded_at > until:
            break
        state = judge.apply(state, entry)
    return state


def verify(record: Iterable[bytes], trust: Trust, atlas: Atlas) -> Iterator[State]:
    """Yield the state after each entry that holds; `Damaged`, naming the entry, at the first not.

    A record must not end while something is still due: whoever cut it short cut between.
    """
    state, due = State(), _Due()
    for data in record:
        try:
            entry = entries.read(data)
            fault = _fault(state, entry, due, trust, atlas)
            if fault is None:
                state = judge.apply(state, entry)
        except SaysoError as error:
            fault = str(error)
        if fault is not None:
            raise Damaged(f"entry {state.size} does not hold: {fault}", entry=state.size)
        yield state
    if state.at is not None and (due.rest or verdicts.settle(state, at=state.at, atlas=atlas)):
        raise Damaged(
            f"entry {state.size} is missing: what followed from entry {state.size - 1}",
            entry=state.size,
        )


@dataclass(slots=True)
class _Due:
    """The consequences that must stand next: the one thing here that changes, one replay long."""

    rest: tuple[Consequence, ...] = ()


def _fault(state: State, entry: Entry, due: _Due, trust: Trust, atlas: Atlas) -> str | None:
    said = statement.read(entry.kind, entry.payload)
    if isinstance(said.said, Founding) and state.size == 0:
        if (said.said.origin, said.said.key) != (trust.origin, trust.registrar_key):
            return "it is not the founding that is trusted"
    elif not due.rest:
        due.rest = verdicts.settle(state, at=entry.recorded_at, atlas=atlas)
    if isinstance(said.said, Consequence):
        return _consequence(entry, said, state, due)
    if due.rest:
        return f"a `{type(due.rest[0]).__name__.lower()}` was due before it"
    refusal = judge.judge(state, entry, atlas)
    return str(refusal) if isinstance(refusal, Refusal) else None


def _consequence(entry: Entry, said: statement.Statement, state: State, due: _Due) -> str | None:
    if not due.rest:
        return f"nothing was due, and a `{said.kind}` stands there"
    if entry.signatures or said.record != state.origin or said.at != entry.recorded_at:
        return f"a `{said.kind}` is said by nobody, for this record, when it is recorded"
    if state.at is not None and entry.recorded_at < state.at:
        return f"it is dated {entry.recorded_at}, before entry {state.size - 1}"
    wanted, due.rest = due.rest[0], due.rest[1:]
    return None if said.said == wanted else f"the `{said.kind}` is not the one that follows"
