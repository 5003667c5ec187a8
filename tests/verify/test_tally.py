"""What lies beside a record is counted as one would count it by hand, in no more memory."""

import tracemalloc
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from immutables import Map

from sayso.casework.state import State
from sayso.errors import Damaged, Untrue
from sayso.queries import enclosed
from sayso.queries.enclosed import LIST, Enclosed, Tally, path

DIGESTS = [sha256(bytes([number])).digest() for number in range(8)]
SOME = st.lists(st.sampled_from(DIGESTS))


def by_hand(named: list[bytes], shown: set[bytes], gone: set[bytes]) -> Enclosed:
    """Return what there is to tell, from sets of all of it."""
    missing = set(named) - shown
    return Enclosed(
        named=len(set(named)),
        shown=len(shown),
        withheld=len(missing - gone),
        erased=len(missing & gone),
        lingering=len(shown & gone),
    )


@given(SOME, st.sets(st.sampled_from(DIGESTS)), st.sets(st.sampled_from(DIGESTS)))
@example(DIGESTS * 2, set(DIGESTS[:4]), set(DIGESTS[2:6]))
def test_it_is_counted_as_by_hand(named: list[bytes], shown: set[bytes], gone: set[bytes]) -> None:
    tally = Tally(shown)
    for digest in named:
        tally.count((digest,))
    state = State(erased=Map({each.hex(): 1 for each in gone}))
    besides = shown - set(named)
    if not besides:
        assert tally.told(state) == by_hand(named, shown, gone)
        return
    with pytest.raises(Untrue, match=f"^{len(besides)} enclosures are given that no entry names"):
        tally.told(state)


def test_memory_does_not_grow_with_what_is_named() -> None:
    tally, peaks = Tally(), []
    tracemalloc.start()
    for start in range(0, 200_000, 50_000):
        for number in range(start, start + 50_000):
            tally.count((number.to_bytes(32),))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()
    assert tally.told(State()) == Enclosed(200_000, 0, 200_000, 0)
    peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert max(peaks) < 1.2 * peaks[0]


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ("{1}\n{0}\n", "is not in order, each line once"),
        ("{0}\n{0}\n", "is not in order, each line once"),
        ("{0}\nsayso\n", "has a line that is no SHA-256: `sayso`"),
        ("{0}\n\n{1}\n", "has a line that is no SHA-256: ``"),
        ("{0}\n{2}\n", "{2} is not what its name says"),
        ("{2}\n{1}\n", "is not in order, each line once"),
    ],
)
def test_what_is_wrong_with_what_was_given_is_named(listed: str, fault: str) -> None:
    papers = sorted((b"one", b"two", b"three"), key=lambda each: sha256(each).digest())
    names = [sha256(each).hexdigest() for each in papers]
    files = {path(bytes.fromhex(name)): each for name, each in zip(names, papers, strict=True)}
    files[path(bytes.fromhex(names[2]))] = b"another"
    files[LIST] = listed.format(*names).encode()
    with pytest.raises(Damaged, match=fault.format(*names)):
        list(enclosed.given(files.get))
