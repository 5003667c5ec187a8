"""The record read from its first entry on: folded into a state, or checked entry by entry.

`fold` believes the entries: it is for a record whose integrity was checked when it was opened.
`verify` believes nothing but the trust it is given. It takes each entry into a `Replay`, as
`operations` did before writing it, so that neither lets pass what the other would not: time never
goes back; every consequence that was due is recorded, no other, and word for word; an act is
signed, by whom it says, with an office to do it, and in order.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields

from sayso.casework import judge, statement, verdicts
from sayso.casework.events import Consequence, Event, Founding, kind_of
from sayso.casework.facts import Atlas
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.dates import Instant
from sayso.errors import Damaged, SaysoError
from sayso.record import entry as entries
from sayso.record.entry import Entry
from sayso.record.trust import LogKey, read_key


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier knows beforehand: the record's origin, and the founding registrar's key.

    `log_key` is the C2SP verifier key of the log that signs the checkpoints, with Ed25519, and
    `log_key_pq` the one of ML-DSA-44 that signs them beside it, if the log has one.
    """

    origin: str
    log_key: str
    registrar_key: str
    log_key_pq: str | None = None

    @classmethod
    def of(cls, begun: Founding) -> "Trust":
        """Return what the founding of a record says of itself."""
        return cls(begun.origin, begun.log_key, begun.key, begun.log_key_pq)

    @property
    def log_keys(self) -> tuple[LogKey, ...]:
        """The keys that must each have signed a checkpoint."""
        lines = (self.log_key, self.log_key_pq)
        return tuple(read_key(each) for each in lines if each is not None)


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


@dataclass(slots=True)
class Replay:
    """A record on its way, entry by entry: what stands, and what must stand next.

    What is due is worked out once, and stays due until it is taken; that nothing is due holds as
    long as nothing is taken, and for that moment.
    """

    state: State
    atlas: Atlas
    _due: tuple[Consequence, ...] = ()
    _taken: int = 0
    _nothing: Instant | None = None

    def due(self, at: Instant) -> Consequence | None:
        """Return the consequence that must be taken next at `at`, before any act; None if none."""
        if self._taken == len(self._due) and self._nothing != at:
            self._due, self._taken = verdicts.settle(self.state, at=at, atlas=self.atlas), 0
            self._nothing = None if self._due else at
        return self._due[self._taken] if self._taken < len(self._due) else None

    def take(self, entry: Entry) -> Refusal | None:
        """Let `entry` stand next, or return why it may not; then nothing has changed."""
        refusal = judge.in_time(self.state, entry.recorded_at) or self._fault(entry)
        if refusal is None:
            self._stand(entry)
        return refusal

    def follow(self, due: Consequence, at: Instant, nonce: str) -> Entry:
        """Return the entry of `due`, which `due` has just returned for `at`: it stands now.

        What stands is what will be read, down to the order of its keys.
        """
        said = Statement(self.state.origin, None, at, nonce, due)
        entry = Entry(said.kind, statement.write(said), (), at)
        self._taken += 1
        self._stand(entry)
        return entry

    def _stand(self, entry: Entry) -> None:
        self._nothing = None
        self.state = judge.apply(self.state, entry)

    def _fault(self, entry: Entry) -> Refusal | None:
        said = statement.read(entry)
        due = self.due(entry.recorded_at)
        if isinstance(said.said, Consequence):
            return self._consequence(entry, said, due)
        if due is not None:
            return Refusal("due", f"a `{kind_of(due)}` was due before it")
        return judge.judge(self.state, entry, self.atlas)

    def _consequence(
        self, entry: Entry, said: Statement, due: Consequence | None
    ) -> Refusal | None:
        if due is None:
            return Refusal("not-due", f"nothing was due, and a `{said.kind}` stands there")
        rightly = (self.state.origin, entry.recorded_at, ())
        if (said.record, said.at, entry.signatures) != rightly:
            return Refusal(
                "not-by-rule",
                f"a `{said.kind}` is said by nobody, for this record, when it is recorded",
            )
        if said.said != due:
            differs = _differing(said.said, due)
            return Refusal("not-due", f"the `{said.kind}` is not the one that follows{differs}")
        self._taken += 1
        return None


def _differing(said: Event, due: Event) -> str:
    """Return which parts differ; another map, for one, shows as another `place`."""
    if type(said) is not type(due):
        return ""
    names = (each.name for each in fields(due))
    parts = [f"`{name}`" for name in names if getattr(said, name) != getattr(due, name)]
    return f": {', '.join(parts)} would be otherwise"


def verify(
    record: Iterable[bytes | Entry],
    trust: Trust,
    atlas: Atlas,
    *,
    eased: Callable[[State], State] = lambda state: state,
) -> Iterator[State]:
    """Yield the state after each entry that holds; `Damaged`, naming the entry, at the first not.

    An entry comes as its bytes, or read, with those of its signatures that hold (`entry.opened`).
    Each state is gone on with as it was `eased`, which gives one that says the same.

    A record must not end while something is still due: whoever cut it short cut between.
    """
    replay = Replay(State(), atlas)
    for data in record:
        size = replay.state.size
        fault = _fault(replay, data, trust)
        if fault is not None:
            raise Damaged(f"entry {size} does not hold: {fault}", entry=size)
        replay.state = eased(replay.state)
        yield replay.state
    last = replay.state.at
    if last is not None and replay.due(last) is not None:
        size = replay.state.size
        raise Damaged(f"entry {size} is missing: what followed from entry {size - 1}", entry=size)


def _fault(replay: Replay, data: bytes | Entry, trust: Trust) -> str | None:
    try:
        entry = data if isinstance(data, Entry) else entries.read(data)
        if replay.state.size == 0 and not _trusted(entry, trust):
            return "it is not the founding that is trusted"
        refusal = replay.take(entry)
    except SaysoError as error:
        return str(error)
    return None if refusal is None else str(refusal)


def _trusted(entry: Entry, trust: Trust) -> bool:
    said = statement.read(entry).said
    return isinstance(said, Founding) and Trust.of(said) == trust
