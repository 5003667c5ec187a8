"""What can be verified of an entry without knowing any other, done on every core.

The leaf hash of an entry, its form, and whether each of its signatures holds under the key that the
signature brings along: this is nearly all the work of verifying a record, and none of it depends on
what stood before. So bundles of 256 entries are swept by several processes, and come back in order;
what must be in order, who may say what, is left to whoever asked (`sayso.casework.replay`).

What else can be asked of an entry alone, whoever wants all the entries may have asked there
(`Aside`): they need not be gone through again by the one process that reads them in order.

An entry that is not one is given out as its bytes: what is wrong with it is for the reader to say,
when its turn comes. So the first bad entry is the same, and so are the words, for any number of
processes. A few bundles for each process are in memory at any time, whatever the record's size.

>>> from sayso.record.tree import Tree, leaf_hash
>>> whole = Tree.of([leaf_hash(b"none")])
>>> files = dict(tiles.write([b"none"], whole))
>>> list(entries(files.get, size=1, root=whole.root(), jobs=1))
[b'none']
"""

import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from multiprocessing.context import BaseContext

from sayso.errors import Damaged, MalformedEntry, StoreError
from sayso.record import entry, tiles
from sayso.record.entry import Entry
from sayso.record.tiles import Fetch

AHEAD = 4  # bundles under way or waiting, for each process
SMALL = 1_024  # entries that are verified before other processes have begun

Leaves = tuple[int, tuple[bytes, ...]]
"""The number of a bundle, and its proven leaf hashes."""


def _nothing(_: Entry) -> tuple[bytes, ...]:
    return ()


def _nobody(_: Iterable[bytes]) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What is asked of every entry where it is swept, and who is told, before the entry comes."""

    ask: Callable[[Entry], Iterable[bytes]] = _nothing
    tell: Callable[[Iterable[bytes]], None] = _nobody


@dataclass(frozen=True, slots=True)
class Swept:
    """The entries of a bundle up to the first that is not the one signed, and why it is not.

    `answers` are those to what was asked of each entry, one after the other.
    """

    entries: tuple[Entry | bytes, ...]
    answers: tuple[bytes, ...]
    fault: Damaged | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """How bundles are swept, in whatever process: where the files are, what else is asked."""

    fetch: Fetch
    ask: Callable[[Entry], Iterable[bytes]]

    def __call__(self, bundle: Leaves) -> Swept:
        """Return the entries of a bundle, as far as they are those that were signed."""
        found: list[Entry | bytes] = []
        fault = None
        try:
            found.extend(_opened(raw) for raw in tiles.entries(self.fetch, *bundle))
        except Damaged as error:
            fault = error
        read = (each for each in found if isinstance(each, Entry))
        return Swept(tuple(found), tuple(chain.from_iterable(map(self.ask, read))), fault)


def entries(
    fetch: Fetch, *, size: int, root: bytes, jobs: int, aside: Aside | None = None
) -> Generator[Entry | bytes, None, None]:
    """Yield the entries of the tree of `size` and `root`, each proven, its signatures looked at.

    `fetch`, and what is asked `aside`, are called in other processes: they must survive being
    pickled. `Damaged` says which entry or file is not the one that was signed, after all that stand
    before it. Who does not take all of them closes the generator, which ends the processes.
    """
    aside = aside or Aside()
    bundles = tiles.proven(fetch, size=size, root=root)
    sweep, alone = Sweep(fetch, aside.ask), jobs == 1 or size <= SMALL
    with closing(_here(sweep, bundles) if alone else _there(sweep, bundles, jobs)) as swept:
        for each in swept:
            aside.tell(each.answers)
            yield from each.entries
            if each.fault is not None:
                raise each.fault


def _opened(raw: bytes) -> Entry | bytes:
    try:
        return entry.opened(raw)
    except MalformedEntry:
        return raw


Sweeping = Generator[Swept, None, None]


def _here(sweep: Sweep, bundles: Iterable[Leaves]) -> Sweeping:
    return (sweep(bundle) for bundle in bundles)


def _there(sweep: Sweep, bundles: Iterator[Leaves], jobs: int) -> Sweeping:
    """Yield what the processes return, in order, and never run far ahead of who takes it."""
    under_way: deque[Future[Swept]] = deque()
    with ExitStack() as stack:
        pool = ProcessPoolExecutor(jobs, mp_context=_context())
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        try:
            for bundle in _until_damaged(bundles):
                under_way.append(_submitted(pool, sweep, bundle))
                if len(under_way) >= AHEAD * jobs:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool:
            raise StoreError(
                "a process that was verifying has died", hint="memory may be short; try --jobs 1"
            ) from None


def _until_damaged(bundles: Iterator[Leaves]) -> Iterator[Leaves | Damaged]:
    """Yield the bundles, and last the fault that ended them: its turn comes after theirs."""
    try:
        yield from bundles
    except Damaged as fault:
        yield fault


def _submitted(pool: Executor, sweep: Sweep, bundle: Leaves | Damaged) -> Future[Swept]:
    if not isinstance(bundle, Damaged):
        return pool.submit(sweep, bundle)
    known: Future[Swept] = Future()
    known.set_result(Swept((), (), bundle))
    return known


def _context() -> BaseContext:
    """Return how processes are begun: by `fork` where nothing else runs that it would cut in two.

    A forked process shares what is loaded, and begins at once.
    """
    alone = threading.active_count() == 1
    forks = "fork" in multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if alone and forks else "spawn")
