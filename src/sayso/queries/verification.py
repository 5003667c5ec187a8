"""Does the record that a store keeps hold? Everything recomputed, from the entries and the trust.

1. What was kept agrees with itself: every entry has its leaf hash, every checkpoint is signed by
   the log's key and signs the entries it says (`record.audit`).
2. What was kept was rightly made: every act signed by whom it says, with an office to do it, in
   order; every consequence the one that follows (`casework.replay`).
3. Every text and paper kept beside it is one that an entry names (`queries.enclosed`); what is
   missing and was not erased is lost (`queries.stored`); and what is kept of what stands
   (`queries.projected`) is what the entries say.
4. It contains what others have seen: the state that witnesses cosigned, which must be as many as
   the trust demands, and a checkpoint that somebody kept. Only this shows that nothing was cut off
   at its end.

An export of it is verified by `queries.exported`, with the same answer.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

from sayso.casework.facts import Atlas
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.errors import Damaged, Untrue
from sayso.queries import projected
from sayso.queries.cosigned import newest
from sayso.queries.enclosed import Enclosed, Tally
from sayso.queries.projected import Claimed
from sayso.queries.report import Cosigned, Kept, Progress, Report, followed
from sayso.queries.stored import Stored
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, enclosure
from sayso.record.checkpoint import Checkpoint
from sayso.record.tree import EMPTY, Frontier, leaf_hash
from sayso.store import verify as stores
from sayso.store.contract import Store


@dataclass(frozen=True, slots=True)
class Others:
    """What others have seen of a record, and so hold against it.

    `known` says which witnesses must have cosigned, `cosigned` is the state that they did, and
    `witnessed` a checkpoint that somebody kept.
    """

    known: TrustFile | None = None
    cosigned: bytes | None = None
    witnessed: bytes | None = None


def verify_store(
    store: Store, trust: Trust, *, atlas: Atlas, progress: Progress, others: Others | None = None
) -> Report:
    """Return whether the record in `store` holds under `trust`, and against what others saw."""

    def found() -> Kept:
        try:
            size = stores.verify(store, origin=trust.origin, keys=trust.log_keys).size
        except Damaged as fault:
            return _up_to(store, fault)
        seen = _Seen(others or Others())
        cosigned = seen.expect(store.head(), trust)
        claimed = projected.claimed(store, origin=trust.origin, keys=trust.log_keys)
        tally = Tally(enclosure.digest(each) for each in store.enclosures())
        return Kept(
            tally.passing(seen.passing(store.entries(0, size))),
            tally,
            cosigned,
            seen.check_met,
            _Beside(claimed, size).check,
        )

    report = followed(found, trust, atlas=atlas, progress=progress)
    if isinstance(report.enclosed, Enclosed):
        return replace(report, enclosed=Stored.of(report.enclosed))
    return report


def _up_to(store: Store, fault: Damaged) -> Kept:
    """Return the entries before the first that is not what was signed, and then what is wrong.

    So those that hold are counted, and one among them that was wrongly made is named first.
    """

    def passing() -> Generator[bytes, None, None]:
        yield from store.entries(0, fault.entry or 0)
        raise fault

    return Kept(passing(), Tally(frozenset()))


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the store keeps beside the record of what stands, and must be what its entries say."""

    kept: Claimed | None
    size: int

    def __post_init__(self) -> None:
        if self.kept is not None and self.kept.head.tree.size > self.size:
            raise Untrue(
                f"the log has signed a projection of {self.kept.head.tree.size} entries, and only "
                f"{self.size} are stored",
                hint="the end was cut off; restore the store from a copy",
            )

    def check(self, state: State) -> None:
        """Raise if this is the state that was projected, and the projection says another."""
        if self.kept is not None and state.size == self.kept.head.tree.size:
            self.kept.check(state)


@dataclass(slots=True)
class _Seen:
    """The tree as far as it has passed by, kept only if a state that others saw is to be met."""

    others: Others
    expected: dict[str, Checkpoint] = field(default_factory=dict)
    frontier: Frontier = EMPTY

    def expect(self, head: bytes | None, trust: Trust) -> Cosigned | None:
        """Note the states that others saw; return who cosigned, if anybody is asked to."""
        witnessed, known = self.others.witnessed, self.others.known
        if witnessed is not None:
            state = checkpoint.open(witnessed, origin=trust.origin, keys=trust.log_keys)
            self.expected["the witnessed checkpoint signs"] = state
        if head is None or known is None or not known.policy.witnesses:
            return None
        trusted = known.open(newest(head, self.others.cosigned, known))
        self.expected["the witnesses cosigned"] = trusted.checkpoint
        return Cosigned.told(trusted, known.policy)

    def passing(self, entries: Iterator[bytes]) -> Generator[bytes, None, None]:
        """Yield `entries`, and cross off each state when it is met."""
        for each in entries:
            yield each
            if self.expected:
                self.frontier = self.frontier.extended((leaf_hash(each),))
                self._meet()

    def _meet(self) -> None:
        size = self.frontier.size
        met = [
            what
            for what, state in self.expected.items()
            if state.size == size and state.root == self.frontier.root()
        ]
        for what in met:
            del self.expected[what]

    def check_met(self) -> None:
        """Raise unless the record has passed through every state that others saw."""
        for what in self.expected:
            raise Untrue(
                f"the record does not contain what {what}",
                hint="entries were dropped or replaced since; keep both checkpoints as evidence",
            )
