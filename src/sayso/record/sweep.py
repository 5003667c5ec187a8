"""What can be verified of an entry without knowing any other, done on every core.

The leaf hash of an entry, its form, and whether each of its signatures holds under the key that the
signature brings along: this is nearly all the work of verifying a record, and none of it depends on
what stood before. So bundles of 256 entries are swept by several processes, and come back in order;
what must be in order, who may say what, is left to whoever asked (`sayso.casework.replay`).

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
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.context import BaseContext

from sayso.errors import Damaged, MalformedEntry, StoreError
from sayso.record import entry, tiles
from sayso.record.entry import Entry
from sayso.record.tiles import Fetch

AHEAD = 4  # bundles under way or waiting, for each process
SMALL = 1_024  # entries that are verified before other processes have begun

Leaves = tuple[int, tuple[bytes, ...]]
"""The number of a bundle, and its proven leaf hashes."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The entries of a bundle up to the first that is not the one signed, and why it is not."""

    entries: tuple[Entry | bytes, ...]
    fault: Damaged | None


def entries(
    fetch: Fetch, *, size: int, root: bytes, jobs: int
) -> Generator[Entry | bytes, None, None]:
    """Yield the entries of the tree of `size` and `root`, each proven, its signatures looked at.

    `fetch` is called in other processes: it must survive being pickled. `Damaged` says which entry
    or file is not the one that was signed, after all that stand before it. Who does not take all
    of them closes the generator, which ends the processes.
    """
    bundles = tiles.proven(fetch, size=size, root=root)
    alone = jobs == 1 or size <= SMALL
    with closing(_here(fetch, bundles) if alone else _there(fetch, bundles, jobs)) as swept:
        for each in swept:
            yield from each.entries
            if each.fault is not None:
                raise each.fault


def sweep(fetch: Fetch, bundle: Leaves) -> Swept:
    """Return the entries of a bundle, as far as they are those that were signed."""
    found: list[Entry | bytes] = []
    try:
        found.extend(_opened(raw) for raw in tiles.entries(fetch, *bundle))
    except Damaged as fault:
        return Swept(tuple(found), fault)
    return Swept(tuple(found), None)


def _opened(raw: bytes) -> Entry | bytes:
    try:
        return entry.opened(raw)
    except MalformedEntry:
        return raw


Sweeping = Generator[Swept, None, None]


def _here(fetch: Fetch, bundles: Iterable[Leaves]) -> Sweeping:
    return (sweep(fetch, bundle) for bundle in bundles)


def _there(fetch: Fetch, bundles: Iterator[Leaves], jobs: int) -> Sweeping:
    """Yield what the processes return, in order, and never run far ahead of who takes it."""
    under_way: deque[Future[Swept]] = deque()
    with ExitStack() as stack:
        pool = ProcessPoolExecutor(jobs, mp_context=_context())
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        try:
            for bundle in _until_damaged(bundles):
                under_way.append(_submitted(pool, fetch, bundle))
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


def _submitted(pool: Executor, fetch: Fetch, bundle: Leaves | Damaged) -> Future[Swept]:
    if not isinstance(bundle, Damaged):
        return pool.submit(sweep, fetch, bundle)
    known: Future[Swept] = Future()
    known.set_result(Swept((), bundle))
    return known


def _context() -> BaseContext:
    """Return how processes are begun: by `fork` where nothing else runs that it would cut in two.

    A forked process shares what is loaded, and begins at once.
    """
    alone = threading.active_count() == 1
    forks = "fork" in multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if alone and forks else "spawn")
