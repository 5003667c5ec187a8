"""The acts of many callers, put on the record in groups by a process that serves them all.

Making one act durable takes about as long as making a hundred, and so does signing the checkpoint
over them. So whoever brings an act while others are being recorded waits in line
(`sayso.store.line`); the next group takes all who wait. They are judged in the order in which they
came, each on what those before it made, and written in one transaction. Whether a signature holds
depends on nothing that stands: that is looked at before, by each caller, side by side.

Nobody is told anything before all of the group is durable, not even that they are refused: for that
may rest on an act of the same group. If the commit fails it has failed for all of the group, what
is known goes back to what the store holds, and each may try again: what is said twice is once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sayso.casework import judge
from sayso.casework.events import Act
from sayso.casework.facts import Atlas
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.casework.statement import Statement
from sayso.cycles import unsought
from sayso.dates import Instant
from sayso.errors import MalformedEntry, Overtaken, StoreError
from sayso.operations import enclosing
from sayso.operations.desk import Desk, nonce
from sayso.operations.enclosing import Drawn
from sayso.operations.perform import Made, Receipt, Signed, append, judged, moment, said_already
from sayso.queries.projected import Past
from sayso.queries.recall import Memory
from sayso.record import entry
from sayso.record.entry import Entry
from sayso.record.log import Log
from sayso.store.enclosure import Beside
from sayso.store.line import Line, Waiting

HEAVIEST = 16 * 1024 * 1024
"""How many bytes beside the record make a group full."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A signed act, read and with its signature looked at, and when it was brought."""

    signed: Signed
    act: Entry
    now: Instant


Answer = Receipt | Refusal
_Caller = Waiting[Brought, Answer]


class Clerk:
    """Records the acts of all callers of this process; threads share it."""

    __slots__ = ("_atlas", "_line", "_log", "_memory")

    def __init__(self, memory: Memory, log: Log, atlas: Atlas) -> None:
        memory.recall()
        self._memory, self._log, self._atlas = memory, log, atlas
        self._line: Line[Brought, Answer] = Line(self._serve)

    @property
    def state(self) -> State:
        """Return what stands, as far as this process has recorded it, or read it."""
        return self._memory.past.state

    def draft(self, by: str, act: Act, now: Instant) -> Drawn:
        """Return the statement that `by` says `act` now, ready to be signed."""
        state = self.state
        said = Statement(state.origin, by, moment(state, now), nonce(), act)
        return enclosing.drawn(self._memory.store, state, said, act)

    def perform(self, signed: Signed, now: Instant) -> Answer:
        """Put what was signed on the record, or say why not: as `perform.perform` does."""
        return self._line.ask(_brought(signed, now))

    def perform_all(self, acts: Iterable[Signed], now: Instant) -> Iterator[Answer | Exception]:
        """Put the acts of one caller on the record, in order, in as few groups as they fit in.

        Yields what each came to as soon as it is durable; or the error that `perform` would raise.
        """
        brought = [_brought_or_not(each, now) for each in acts]
        answers = self._line.ask_all([each for each in brought if isinstance(each, Brought)])
        for each in brought:
            yield next(answers) if isinstance(each, Brought) else each

    def _serve(self, group: Sequence[_Caller]) -> None:
        """Give everybody in the group an answer, or an error."""
        while group:
            served = self._together(group)
            group = group[served:]

    def _together(self, group: Sequence[_Caller]) -> int:
        """Record the first of the group together, as many as fit; return how many were served."""
        try:
            try:
                return self._attempt(group)
            except Overtaken:
                with self._memory.store.turn():
                    return self._attempt(group)
        except StoreError as error:
            for each in group:
                each.error = error
            return len(group)

    @unsought()
    def _attempt(self, group: Sequence[_Caller]) -> int:
        past = self._memory.recall()
        sheaf = _Sheaf(Desk(self._memory, self._log, self._atlas, group[0].job.now), past)
        for each in group:
            sheaf.add(each.job)
            if sheaf.full:
                break
        for each, outcome in zip(group, sheaf.committed(), strict=False):
            if isinstance(outcome, Exception):
                each.error = outcome
            else:
                each.result = outcome
        return len(sheaf.outcomes)


def _brought(signed: Signed, now: Instant) -> Brought:
    """Return an act as it is brought: read, and with its signature looked at."""
    act = Entry(signed.kind, signed.payload, (signed.signature,), now)
    return Brought(signed, entry.vouched(act), now)


def _brought_or_not(signed: Signed, now: Instant) -> Brought | MalformedEntry:
    try:
        return _brought(signed, now)
    except MalformedEntry as error:
        return error


@dataclass(slots=True)
class _Sheaf:
    """Acts judged one after the other on `past`, which go on the record together."""

    desk: Desk
    past: Past
    outcomes: list[Made | Answer | Exception] = field(default_factory=list)
    made: dict[bytes, Made] = field(default_factory=dict)
    weight: int = 0
    full: bool = False

    @property
    def state(self) -> State:
        """Return what stands after those judged so far."""
        last = next(reversed(self.made.values()), None)
        return self.past.state if last is None else last.state

    def add(self, brought: Brought) -> None:
        """Judge one more act. What is wrong with it is its own caller's affair.

        It waits for the next group if too much would come beside the record; and nothing more fits
        after what erases something there.
        """
        try:
            outcome = self._judged(brought)
        except Exception as error:  # noqa: BLE001  # it is raised again, to the act's own caller
            self.outcomes.append(error)
            return
        if isinstance(outcome, Made):
            weight = sum(map(len, outcome.beside.added))
            if self.made and self.weight + weight > HEAVIEST:
                self.full = True  # it is the first of the next group
                return
            self.made[outcome.act.payload] = outcome
            self.weight += weight
            self.full = bool(outcome.beside.erased)
        self.outcomes.append(outcome)

    def _judged(self, brought: Brought) -> Made | Answer:
        state = self.state
        at = moment(state, brought.now)
        again = self.made.get(brought.act.payload)
        if again is not None and again.act == entry.stamped(brought.act, again.act.recorded_at):
            return judge.in_time(state, at) or again
        stored = said_already(self.desk.memory.store, self.past, brought.signed)
        if stored is not None:
            return judge.in_time(state, at) or stored
        act = entry.stamped(brought.act, at)
        return judged(state, act, self.desk.atlas, brought.signed.enclosures)

    def committed(self) -> Iterator[Answer | Exception]:
        """Write what was made, in one transaction; then yield what each of the acts came to."""
        state, head = self.state, self.past.head
        if self.made:
            entries = tuple(each for made in self.made.values() for each in made.entries)
            beside = Beside(
                tuple(raw for made in self.made.values() for raw in made.beside.added),
                frozenset().union(*(made.beside.erased for made in self.made.values())),
            )
            head = append(self.desk, self.past, entries, stands=state, beside=beside)
        for each in self.outcomes:
            yield each.receipt(head, state) if isinstance(each, Made) else each
