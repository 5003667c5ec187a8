"""A clerk records the acts of many callers in groups, and each of them as `perform` would alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep

import pytest

from sayso.casework.events import Opening
from sayso.casework.refusal import Refusal
from sayso.errors import MalformedEntry, StoreError
from sayso.operations.clerk import Clerk
from sayso.operations.perform import Receipt, Signed, perform
from sayso.queries.recall import Memory
from sayso.record import checkpoint, entry
from sayso.record.tree import Frontier, leaf_hash
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.memory import MemoryStore
from sayso.store.pieces import Projection
from tests.house import House, Table

Outcome = Receipt | Refusal | Exception


@dataclass
class Slow(MemoryStore):
    """A store whose next append waits until it may, and then may fail."""

    may: Event = field(default_factory=Event)
    fault: StoreError | None = None
    before: Callable[[], object] = bool

    def __post_init__(self) -> None:
        super().__init__()
        self.may.set()

    def append(
        self,
        entries: Sequence[bytes],
        *,
        size: int,
        checkpoint: bytes,
        beside: Beside = NOTHING_BESIDE,
        projection: Projection | None = None,
    ) -> None:
        """Keep the entries when it may."""
        assert self.may.wait(30)
        before, self.before = self.before, bool
        before()
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        super().append(
            entries, size=size, checkpoint=checkpoint, beside=beside, projection=projection
        )


@dataclass
class Hall:
    """A house with a clerk, and callers who come while the clerk is at work."""

    store: Slow = field(default_factory=Slow)
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.house = House.furnished(self.store)
        self.clerk = Clerk(Memory(self.store), self.house.log, Table())
        self.threads: list[Thread] = []

    def first(self, signed: Signed) -> None:
        """Let a caller come first, whose commit does not end until `together` has them all."""
        self.store.may.clear()
        self.bring(signed)
        while self.clerk._line._leader is None or len(self.clerk._line):
            sleep(0.001)

    def bring(self, *all_signed: Signed) -> None:
        """Let a caller come with each."""
        for signed in all_signed:
            waiting, place = len(self.clerk._line), len(self.threads)
            self.threads.append(Thread(target=self._caller, args=(place, signed), daemon=True))
            self.threads[-1].start()
            while place and len(self.clerk._line) == waiting and self.threads[-1].is_alive():
                sleep(0.001)

    def _caller(self, place: int, signed: Signed) -> None:
        try:
            self.outcomes[place] = self.clerk.perform(signed, self.house.now)
        except Exception as error:  # noqa: BLE001  # it is looked at
            self.outcomes[place] = error

    def told(self) -> list[Outcome]:
        """Return what each caller was told, in the order in which they came."""
        self.store.may.set()
        for each in self.threads:
            each.join(30)
        return [self.outcomes[place] for place in range(len(self.threads))]

    def opens(self, office: str) -> Signed:
        """Return an act that anybody could do beside any other."""
        return self.house.says("registrar", Opening(office, office, 9, "registrar", 1, None))


@pytest.fixture
def hall() -> "Hall":
    """Return a hall with nobody in it."""
    return Hall()


def checkpoints(hall: Hall) -> int:
    return len(list(hall.store.checkpoints()))


def test_those_who_wait_are_recorded_together_and_each_is_told_its_own(hall: Hall) -> None:
    acts = [hall.opens(f"desk-{number}") for number in range(12)]
    before = checkpoints(hall)
    hall.first(acts[0])
    hall.bring(*acts[1:])
    told = hall.told()
    assert checkpoints(hall) == before + 2  # the first alone, then all who waited
    leaves = [leaf_hash(each) for each in hall.store.entries()]
    for signed, receipt in zip(acts, told, strict=True):
        assert isinstance(receipt, Receipt)
        assert (receipt.entry.payload, receipt.leaf) == (
            signed.payload,
            leaves[receipt.index].hex(),
        )
        head = checkpoint.open(
            receipt.checkpoint, origin=hall.house.log.name, keys=hall.house.log.keys
        )
        assert head.root == Frontier.of(leaves[: head.size]).root()
        assert receipt.index < head.size == receipt.state.size
    assert hall.clerk.state == hall.house.state  # which is read from the store
    hall.house.verified()


def test_nobody_is_told_anything_before_it_is_durable(hall: Hall) -> None:
    hall.first(hall.opens("desk-0"))
    hall.bring(hall.opens("desk-1"), hall.opens("desk-1"))
    size = hall.house.state.size
    sleep(0.05)
    assert (hall.outcomes, hall.clerk.state.size) == ({}, size)
    first, second, refused = hall.told()
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert isinstance(refused, Refusal)  # by what the one before it made
    hall.house.verified()


def test_a_commit_that_fails_has_failed_for_all_of_its_group(hall: Hall) -> None:
    acts = [hall.opens(f"desk-{number}") for number in range(3)]
    hall.first(acts[0])
    hall.bring(acts[1], acts[2], hall.opens("desk-2"))
    stood = hall.clerk.state

    def second() -> None:  # the first commit is made, and the next is not
        hall.store.before = failing

    def failing() -> None:
        hall.store.fault = StoreError("the disk is full")

    hall.store.before = second
    first, *others = hall.told()
    assert isinstance(first, Receipt)
    assert [str(each) for each in others] == ["the disk is full"] * 3
    assert hall.clerk.state == hall.house.state
    assert hall.clerk.state.size == stood.size + 1
    again = [hall.clerk.perform(each, hall.house.now) for each in acts]
    assert [each.index for each in again if isinstance(each, Receipt)] == [
        first.index,
        first.index + 1,
        first.index + 2,
    ]
    hall.house.verified()


def test_what_is_refused_leaves_no_trace_and_holds_nobody_up(hall: Hall) -> None:
    taken, bad = hall.opens("desk-0"), hall.opens("desk-1")
    forged = Signed(bad.kind, bad.payload, hall.opens("desk-2").signature)
    stranger = hall.house.says("europe-desk", Opening("mine", "mine", 1, "registrar", 1))
    hall.first(hall.opens("desk-3"))
    hall.bring(forged, taken, stranger)
    _, first, second, third = hall.told()
    assert isinstance(first, Refusal)
    assert first.code == "bad-signature"
    assert isinstance(second, Receipt)
    assert isinstance(third, Refusal)
    kept = [entry.read(each).payload for each in hall.store.entries()]
    assert taken.payload in kept
    assert not {bad.payload, stranger.payload} & set(kept)
    hall.house.verified()


def test_what_is_no_entry_is_its_own_callers_affair(hall: Hall) -> None:
    good = hall.opens("desk-0")
    hall.first(hall.opens("desk-1"))
    hall.bring(Signed(good.kind, b"{}", good.signature), Signed("nothing", *_parts(good)), good)
    _, first, second, third = hall.told()
    assert isinstance(first, MalformedEntry)
    assert isinstance(second, MalformedEntry)
    assert isinstance(third, Receipt)


def _parts(signed: Signed) -> tuple[bytes, entry.Signature]:
    return signed.payload, signed.signature


def test_what_is_brought_twice_is_said_once(hall: Hall) -> None:
    one = hall.opens("desk-1")
    hall.first(hall.opens("desk-0"))
    hall.bring(one, one)
    first, second, third = hall.told()
    assert isinstance(second, Receipt)
    assert second == third
    assert hall.clerk.perform(one, hall.house.now) == second
    assert isinstance(first, Receipt)
    assert second.index == first.index + 1
    alone = perform(hall.house.desk, one)
    assert isinstance(alone, Receipt)
    assert alone.index == second.index
    hall.house.verified()


def test_whoever_another_process_overtakes_is_judged_on_what_stands_then(hall: Hall) -> None:
    ours = [hall.opens("desk-0"), hall.opens("desk-1")]
    theirs = hall.opens("desk-1")

    def other() -> None:
        assert isinstance(perform(hall.house.desk, theirs), Receipt)

    hall.first(ours[0])
    hall.bring(ours[1])
    hall.store.before = lambda: setattr(hall.store, "before", other)
    first, second = hall.told()
    assert isinstance(first, Receipt)
    assert isinstance(second, Refusal)  # there is such an office by now
    assert hall.clerk.state == hall.house.state
    hall.house.verified()


def test_many_callers_who_come_as_they_like(hall: Hall) -> None:
    house = hall.house
    acts = [house.says("registrar", house.enrolment(f"p-{number}")) for number in range(60)]

    def run(place: int) -> None:
        for each in acts[place::6]:
            assert isinstance(hall.clerk.perform(each, house.now), Receipt)
            done.append(each.payload)

    done: list[bytes] = []
    threads = [Thread(target=run, args=(place,)) for place in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(done) == len(acts)
    assert set(done) <= {entry.read(each).payload for each in hall.store.entries()}
    house.verified()
