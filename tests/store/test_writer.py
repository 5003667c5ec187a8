"""Group commit: everybody gets a receipt for what is durable, or the reason why not."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from sayso import store
from sayso.errors import Overtaken, StoreError
from sayso.record import checkpoint
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer
from sayso.record.tree import Frontier
from sayso.store import Store, writer
from sayso.store.verify import verify
from sayso.store.writer import Receipt, Writer

LOG = Signer.generate("log.example/test")


def seal(tree: Frontier) -> bytes:
    return checkpoint.sign(Checkpoint(LOG.name, tree.size, tree.root()), [LOG])


@pytest.fixture(params=["memory:", "sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = str(tmp_path / "record.db") if request.param == "sqlite" else request.param
    if url == "postgres":
        url = request.getfixturevalue("database")()
    with closing(store.create(url)) as made:
        yield made


def says(text: str) -> writer.Act:
    return lambda number: f"{number} {text}".encode()


def checked(kept: Store) -> list[bytes]:
    verify(kept, origin=LOG.name, keys=[LOG.key])
    return list(kept.entries())


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all at once; gives what each returned or raised."""
    outcomes: list[object] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(place: int) -> None:
        barrier.wait()
        try:
            outcomes[place] = acts[place]()
        except (StoreError, ValueError) as error:
            outcomes[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return outcomes


def test_one_caller_gets_a_receipt_for_each_entry(kept: Store) -> None:
    one = Writer(kept, seal)
    receipts = [one.append(says("a")) for _ in range(5)]
    assert [each.number for each in receipts] == [0, 1, 2, 3, 4]
    assert [each.checkpoint for each in receipts] == list(kept.checkpoints())
    assert checked(kept) == [f"{number} a".encode() for number in range(5)]


def test_many_callers_share_commits_and_each_entry_knows_its_number(kept: Store) -> None:
    one = Writer(kept, seal)
    receipts = together(*[lambda: one.append(says("x"))] * 60)
    assert all(isinstance(each, Receipt) for each in receipts)
    assert {each.number for each in receipts if isinstance(each, Receipt)} == set(range(60))
    assert checked(kept) == [f"{number} x".encode() for number in range(60)]


def test_an_act_that_refuses_leaves_no_trace_and_harms_nobody(kept: Store) -> None:
    def refuse(_: int) -> bytes:
        raise ValueError("no")

    one = Writer(kept, seal)
    acts = [lambda: one.append(says("x")), lambda: one.append(refuse)] * 10
    outcomes = together(*acts)
    assert sum(isinstance(each, ValueError) for each in outcomes) == 10
    assert checked(kept) == [f"{number} x".encode() for number in range(10)]


def test_those_who_wait_are_taken_along_in_one_commit(kept: Store) -> None:
    one, started, go = Writer(kept, seal), Event(), Event()

    def slow(number: int) -> bytes:
        started.set()
        assert go.wait(30)
        return says("slow")(number)

    first = Thread(target=one.append, args=(slow,))
    first.start()
    assert started.wait(30)
    others = [Thread(target=one.append, args=(says("quick"),)) for _ in range(9)]
    for each in others:
        each.start()
    while len(one._line) < 9:
        pass
    go.set()
    for each in (first, *others):
        each.join(30)
    sizes = [checkpoint.claimed(each).size for each in kept.checkpoints()]
    assert sizes == [1, 10]
    assert len(checked(kept)) == 10


def test_an_overtaken_writer_catches_up(kept: Store) -> None:
    one, two = Writer(kept, seal), Writer(kept, seal)
    one.append(says("one"))
    with pytest.raises(Overtaken):
        two.append(says("two"))
    assert two.append(says("two")).number == 1
    with pytest.raises(Overtaken):
        one.append(says("one"))
    assert one.append(says("one")).number == 2
    assert len(checked(kept)) == 3


def test_a_commit_that_fails_fails_for_all_and_the_next_goes_through(kept: Store) -> None:
    one = Writer(kept, seal)
    one.append(says("x"))
    with pytest.raises(StoreError, match="1 to 65535 bytes"):
        one.append(lambda _: b"")
    assert one.append(says("y")).number == 1
    assert checked(kept) == [b"0 x", b"1 y"]


def test_an_interrupt_leaves_nobody_waiting(kept: Store) -> None:
    one = Writer(kept, seal)

    def interrupt(_: int) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one.append(interrupt)
    assert one.append(says("x")).number == 0
