"""A record that was changed anywhere is found out, and the first bad place named."""

from collections.abc import Sequence

import pytest

from sayso.errors import Damaged
from sayso.record import checkpoint, note, tree
from sayso.record.audit import Verified, audit
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer

ORIGIN = "log.example/test"
LOG, SECOND, STRANGER = (Signer.generate(ORIGIN) for _ in range(3))
ENTRIES = [f"entry {number}".encode() for number in range(12)]
HASHES = [tree.leaf_hash(entry) for entry in ENTRIES]
SIZES = (1, 2, 5, 9, 12)
STARTS = (0, *SIZES)


def signed(size: int, *signers: Signer, origin: str = ORIGIN) -> bytes:
    state = Checkpoint(origin, size, tree.root(HASHES[:size]))
    return checkpoint.sign(state, signers or (LOG,))


SIGNED = [signed(size) for size in SIZES]


def audited(
    entries: Sequence[bytes] = ENTRIES,
    hashes: Sequence[bytes] | None = HASHES,
    notes: Sequence[bytes] = SIGNED,
    *signers: Signer,
) -> Verified:
    keys = [each.key for each in signers or (LOG,)]
    return audit(entries, leaf_hashes=hashes, checkpoints=notes, origin=ORIGIN, keys=keys)


def fault(*given: Sequence[bytes] | None) -> tuple[int | None, int | None]:
    with pytest.raises(Damaged) as told:
        audited(*given)  # type: ignore[arg-type]  # the three in their order
    return told.value.entry, told.value.checkpoint


def flips(raw: bytes) -> list[bytes]:
    return [
        raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]
        for place in range(len(raw))
        for bit in (0, 5, 7)
    ]


def put(items: Sequence[bytes], place: int, item: bytes) -> list[bytes]:
    return [*items[:place], item, *items[place + 1 :]]


def test_a_whole_record_is_verified() -> None:
    verified = audited()
    assert (verified.size, verified.checkpoints) == (12, 5)
    assert verified.root == tree.root(HASHES)
    assert audited(ENTRIES, None, SIGNED) == verified


def test_an_empty_record_is_whole() -> None:
    assert audited([], [], []).size == 0


def test_every_flipped_byte_of_an_entry_is_found_and_named() -> None:
    for place, entry in enumerate(ENTRIES):
        for changed in flips(entry):
            assert fault(put(ENTRIES, place, changed), HASHES, SIGNED) == (place, None)


def test_every_flipped_byte_of_a_leaf_hash_is_found_and_named() -> None:
    for place, leaf in enumerate(HASHES):
        for changed in flips(leaf):
            assert fault(ENTRIES, put(HASHES, place, changed), SIGNED) == (place, None)


def test_every_flipped_byte_of_a_checkpoint_is_found_and_named() -> None:
    for place, each in enumerate(SIGNED):
        for changed in flips(each):
            found = fault(ENTRIES, HASHES, put(SIGNED, place, changed))
            assert found == (STARTS[place], place)


def test_without_leaf_hashes_the_first_entry_that_the_checkpoint_covers_is_named() -> None:
    starts = dict(zip(SIZES, STARTS, strict=False))
    for place in range(12):
        number, covering = next(each for each in enumerate(SIZES) if each[1] > place)
        found = fault(put(ENTRIES, place, b"changed"), None, SIGNED)
        assert found == (starts[covering], number)


def test_an_entry_changed_with_its_leaf_hash_is_found() -> None:
    changed = b"changed"
    entries, hashes = put(ENTRIES, 6, changed), put(HASHES, 6, tree.leaf_hash(changed))
    assert fault(entries, hashes, SIGNED) == (5, 3)


def test_a_checkpoint_with_a_line_of_a_stranger_is_named() -> None:
    added = SIGNED[2] + note.line(checkpoint.claimed(SIGNED[2]).text(), STRANGER)
    assert fault(ENTRIES, HASHES, put(SIGNED, 2, added)) == (2, 2)


def test_a_checkpoint_needs_every_key_of_the_log() -> None:
    both = [signed(size, LOG, SECOND) for size in SIZES]
    assert audited(ENTRIES, HASHES, both, LOG, SECOND).size == 12
    with pytest.raises(Damaged, match="exactly"):
        audited(ENTRIES, HASHES, put(both, 3, SIGNED[3]), LOG, SECOND)
    for changed in flips(both[1]):
        with pytest.raises(Damaged) as told:
            audited(ENTRIES, HASHES, put(both, 1, changed), LOG, SECOND)
        assert told.value.checkpoint == 1


def test_a_checkpoint_of_a_strangers_or_of_another_log_is_named() -> None:
    assert fault(ENTRIES, HASHES, put(SIGNED, 0, signed(1, STRANGER))) == (0, 0)
    assert fault(ENTRIES, HASHES, put(SIGNED, 4, signed(12, origin="other"))) == (9, 4)


@pytest.mark.parametrize(
    ("entries", "hashes", "notes", "expected"),
    [
        (ENTRIES[:-1], HASHES[:-1], SIGNED, (11, 4)),
        (ENTRIES[:-1], HASHES, SIGNED, (11, None)),
        (ENTRIES, HASHES[:-1], SIGNED, (11, None)),
        (ENTRIES, HASHES, SIGNED[:-1], (9, None)),
        (ENTRIES, HASHES, [], (0, None)),
        ([], [], SIGNED, (0, 0)),
        (ENTRIES[1:], HASHES[1:], SIGNED, (0, 0)),
        (ENTRIES, HASHES, SIGNED[1:2] + SIGNED, (2, 1)),
        (ENTRIES, HASHES, [*SIGNED, SIGNED[-1]], (12, 5)),
        ([*ENTRIES, b"more"], [*HASHES, tree.leaf_hash(b"more")], SIGNED, (12, None)),
        (ENTRIES[::-1], HASHES[::-1], SIGNED, (0, 0)),
    ],
)
def test_what_is_missing_added_or_moved_is_named(
    entries: list[bytes],
    hashes: list[bytes],
    notes: list[bytes],
    expected: tuple[int | None, int | None],
) -> None:
    assert fault(entries, hashes, notes) == expected


def test_only_a_kept_checkpoint_shows_that_the_owner_rewrote_everything() -> None:
    forged = [entry for entry in ENTRIES if entry != ENTRIES[6]]
    leaves = [tree.leaf_hash(entry) for entry in forged]
    whole = tree.Tree.of(leaves)
    note_ = checkpoint.sign(Checkpoint(ORIGIN, 11, whole.root()), [LOG])
    assert audited(forged, leaves, [note_]).size == 11
    kept = checkpoint.open(SIGNED[3], origin=ORIGIN, keys=[LOG.key])
    with pytest.raises(Exception, match="does not continue"):
        tree.check_consistency(
            whole.consistency(kept.size), old=(kept.size, kept.root), new=(11, whole.root())
        )
