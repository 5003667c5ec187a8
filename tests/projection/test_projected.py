"""A projection spares reading the record, and is never believed against it.

Whoever edits what a store keeps of it is found at the opening, when the piece is read, or by
verifying; meanwhile everybody is answered from the entries.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from sayso.casework import replay
from sayso.casework.events import Vocabulary
from sayso.errors import StoreError
from sayso.operations import keeping
from sayso.operations.perform import Receipt, perform
from sayso.projection import head, trie, written
from sayso.projection.head import Head
from sayso.queries import verification
from sayso.queries.recall import Memory
from sayso.record.note import Signer
from sayso.store.enclosure import NOTHING_BESIDE, Beside
from sayso.store.memory import MemoryStore
from sayso.store.pieces import Projection
from tests.casework.texts import advises, asks, decides, governed, refuses, to_be_decided
from tests.house import LAG, LIAISON, SECRETARY, House, Table

FAR = 1_000_000


class Counting(MemoryStore):
    """A store that counts what is read of it, and can be edited as an administrator might."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.refuses = False
        self.before: Callable[[], object] = bool

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield entries, and count them."""
        for each in super().entries(start, stop):
            self.read += 1
            yield each

    def append(
        self,
        entries: Sequence[bytes],
        *,
        size: int,
        checkpoint: bytes,
        beside: Beside = NOTHING_BESIDE,
        projection: Projection | None = None,
    ) -> None:
        """Keep the entries, or refuse as a disk does that has no room for a projection."""
        before, self.before = self.before, bool
        before()
        if self.refuses and projection is not None:
            raise StoreError("there is no room left")
        super().append(
            entries, size=size, checkpoint=checkpoint, beside=beside, projection=projection
        )

    def edit(self, change: Callable[[bytes], bytes]) -> int:
        """Change the pieces that `change` changes; return how many."""
        after = {name: change(piece) for name, piece in self._pieces.items()}
        edited = sum(after[name] != piece for name, piece in self._pieces.items())
        self._pieces = after
        return edited

    def behead(self, signed: bytes) -> None:
        """Put another head in the place of the one that is kept."""
        self._projection = signed


@pytest.fixture
def kept() -> tuple[House, Counting]:
    """Return a record with a refused case, and the store that it is in."""
    store = Counting()
    house = House.furnished(store)
    house.do(SECRETARY, refuses(house, to_be_decided(house)))
    house.verified()
    return house, store


def opened(house: House, *, lag: int = LAG) -> Memory:
    """Return what another process reads of the same store."""
    return Memory(house.store, lag=lag)


def signed_in(house: House) -> Head:
    """Return the head of the projection that the store keeps."""
    signed = house.store.projection()
    assert signed is not None
    return head.open(signed, origin=house.state.origin, keys=house.log.keys, maps=written.MAPS)


def problem(house: House) -> str | None:
    """Return what verifying the store finds."""
    return verification.verify_store(
        house.store, house.trust, atlas=Table(), progress=lambda _: None
    ).problem


def test_a_record_is_opened_without_reading_it(kept: tuple[House, Counting]) -> None:
    house, store = kept
    store.read = 0
    memory = opened(house)
    state = memory.recall().state
    assert store.read <= 2 * LAG
    assert type(state.cases).__name__ == "Shelf"
    assert state == Memory(store, lag=FAR).recall().state == house.state


def test_only_what_is_asked_for_is_read(kept: tuple[House, Counting]) -> None:
    house, store = kept
    asked: list[str] = []
    pieces = store.pieces

    def noted(names: Sequence[str]) -> dict[str, bytes]:
        asked.extend(names)
        return dict(pieces(names))

    store.pieces = noted  # type: ignore[method-assign]  # to see what is asked of it
    state = opened(house).recall().state
    before = len(asked)
    assert state.cases.get("ukraine-1") is state.cases["ukraine-1"]
    assert len(asked) - before <= 2


def test_what_stands_is_the_same_however_it_was_read(kept: tuple[House, Counting]) -> None:
    """Each act after an opening gives the state that folding everything gives."""
    house, store = kept
    governed(house)
    for number in range(3):
        house.memory = opened(house)
        house.do(LIAISON, asks())
        house.do("joint-staff", advises(f"ukraine-{number + 2}", "joint-staff"))
        assert house.state == Memory(store, lag=FAR).recall().state
    house.verified()


def test_a_projection_goes_on_from_the_last_and_equals_one_made_anew(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    to_be_decided(house)
    house.do(SECRETARY, decides(house, "ukraine-2"))
    found = signed_in(house)
    anew = written.encode(replay.fold(store.entries(0, found.tree.size)))
    assert anew.roots == found.roots
    assert store.pieces(tuple(anew.added)) == anew.added


def test_what_was_new_in_a_projection_is_at_hand_and_is_what_is_read(
    kept: tuple[House, Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, store = kept
    for number in range(2, LAG + 2):
        house.do(LIAISON, asks())
        with monkeypatch.context() as changed:
            changed.setattr(Counting, "pieces", lambda *_: {})  # nothing more can be read
            found = house.state.cases[f"ukraine-{number}"]
        read = Memory(store, lag=FAR).recall().state
        assert repr(found) == repr(read.cases[f"ukraine-{number}"])
    assert house.memory.projected is not None
    assert house.memory.projected.before.library.sound


@pytest.mark.parametrize("lost", [b'"at":"cases', b'"at":"offices', b'"at":"rest', b'"at":"keys'])
def test_who_edits_a_piece_misleads_nobody(kept: tuple[House, Counting], lost: bytes) -> None:
    house, store = kept
    truth = Memory(store, lag=FAR).recall().state
    assert store.edit(lambda piece: piece.replace(lost, lost + b" "))
    assert opened(house).recall().state == truth
    said = problem(house)
    assert said is not None
    assert "projection" in said
    house.memory = opened(house)
    for _ in range(LAG):
        house.do(LIAISON, asks(purpose="goes on"))
    house.verified()  # the projection was made anew


def test_who_edits_a_piece_while_others_read_misleads_nobody(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    truth = Memory(store, lag=FAR).recall().state
    state = opened(house).recall().state
    store.edit(lambda piece: piece.replace(b"ukraine", b"unknown"))
    for name, each in truth.cases.items():
        assert state.cases[name] == each
    assert state == truth


def test_a_head_that_the_log_did_not_sign_is_not_believed(kept: tuple[House, Counting]) -> None:
    house, store = kept
    truth = Memory(store, lag=FAR).recall().state
    found, signed = signed_in(house), store.projection() or b""
    forged = replace(found, roots={**found.roots, "holds": None, "cases": None})
    store.behead(head.sign(forged, (Signer.generate(house.log.name),)))
    assert opened(house).recall().state == truth
    assert "signed by no known key" in str(problem(house))
    store.behead(signed.replace(b"cases", b"holds"))
    assert opened(house).recall().state == truth
    assert "does not fit" in str(problem(house))


def test_a_projection_of_another_program_is_not_believed_and_is_made_anew(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    found = signed_in(house)
    store.behead(head.sign(replace(found, fingerprint="0" * 64), (house.log.classical,)))
    assert problem(house) is None
    memory = opened(house)
    assert memory.recall().state == house.state
    assert memory.projected is None
    house.memory = memory
    for _ in range(LAG):
        house.do(LIAISON, asks())
    assert opened(house).recall().state == house.state
    assert house.memory.projected is not None


def test_even_a_signed_projection_does_not_outweigh_the_entries(
    kept: tuple[House, Counting],
) -> None:
    """Whoever has the store and the log's key misleads those who open it; verifying tells."""
    house, store = kept
    found = signed_in(house)
    case = trie.changed("cases", None, {"ukraine-1": None}, trie.NOWHERE)
    store.behead(
        head.sign(replace(found, roots={**found.roots, "cases": case.root}), (house.log.classical,))
    )
    assert "is not what stood after" in str(problem(house))


def test_a_projection_of_more_than_is_stored_shows_that_the_end_was_cut_off(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    rows = list(keeping.whole(store))[: signed_in(house).tree.size - 1]
    while rows[-1][1] is None:
        rows.pop()
    cut = Counting()
    cut.fill(rows)
    cut.behead(store.projection() or b"")
    house.memory = Memory(cut, lag=LAG)
    assert house.state.size == len(rows)
    assert "the end was cut off" in str(problem(house))


def test_what_stands_is_kept_in_the_transaction_of_the_act_that_made_it_so(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    for _ in range(3 * LAG):
        house.do(LIAISON, asks())
        assert store.size() - signed_in(house).tree.size < LAG
    house.verified()


def test_a_disk_without_room_for_a_projection_takes_no_act_and_loses_none(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    asked = [house.says(LIAISON, asks()) for _ in range(2 * LAG)]
    store.refuses = True
    done = 0
    with suppress(StoreError):
        while True:
            perform(house.desk, asked[done])
            done += 1
    before, size = store.projection(), store.size()
    for _ in range(2):
        with pytest.raises(StoreError, match="no room"):
            perform(house.desk, asked[done])
    assert (store.projection(), store.size()) == (before, size)
    house.verified()
    store.refuses = False
    assert all(isinstance(perform(house.desk, each), Receipt) for each in asked[done:])
    assert store.projection() != before
    house.verified()


def test_who_is_overtaken_by_a_projection_alone_is_judged_on_it_and_goes_on(
    kept: tuple[House, Counting],
) -> None:
    """As when it is made anew by hand while a server runs, in the moment before it keeps one."""
    house, store = kept
    before = store.size()
    for _ in range(2 * LAG):
        store.before = lambda: opened(house).project(house.log)
        house.do(LIAISON, asks())
    assert store.size() > before
    assert house.state == Memory(store, lag=FAR).recall().state
    house.verified()


def test_one_that_was_lost_while_a_process_ran_is_made_whole(kept: tuple[House, Counting]) -> None:
    house, store = kept
    store._pieces.clear()
    store._projection = None
    for _ in range(LAG):
        house.do(LIAISON, asks())
    assert store.projection() is not None
    assert opened(house).recall().state == house.state
    house.verified()


def test_one_of_another_program_is_left_to_it_by_who_ran_before(
    kept: tuple[House, Counting],
) -> None:
    house, store = kept
    found = signed_in(house)
    theirs = head.sign(replace(found, fingerprint="0" * 64), (house.log.classical,))
    store.behead(theirs)
    for _ in range(2 * LAG):
        house.do(LIAISON, asks())
    assert store.projection() == theirs
    house.verified()


def test_of_two_who_go_on_from_one_projection_one_keeps_the_next(
    kept: tuple[House, Counting],
) -> None:
    """And the other reads it, and goes on from there."""
    house, store = kept
    one, two = opened(house), opened(house)
    one.recall()
    two.recall()
    for memory in (one, two, one, two):
        house.memory = memory
        for _ in range(LAG):
            house.do(LIAISON, asks())
        assert house.state == Memory(store, lag=FAR).recall().state
    house.verified()


def test_a_fact_added_later_leaves_what_is_kept_of_a_policy_as_it_is() -> None:
    house = House.furnished()
    governed(house)
    for number in range(2 * LAG):
        text = f"thing:\n  fact_{number}: {{type: bool}}\n"
        house.do("registrar", Vocabulary("registrar", text, ()))
        house.verified()
    assert house.memory.projected is not None
