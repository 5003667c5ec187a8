"""Checkpoints: the state one signs is the state the other opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedCheckpoint, Untrue
from sayso.record import checkpoint, note
from sayso.record.checkpoint import Checkpoint
from sayso.record.note import Signer
from sayso.record.tree import EMPTY_ROOT

ORIGIN = "log.example/test"
LOG = Signer.generate(ORIGIN)
ROOT = bytes(range(32))
STATE = Checkpoint(ORIGIN, 20852163, ROOT)


def test_a_checkpoint_is_the_text_of_the_standard() -> None:
    assert STATE.text() == (
        "log.example/test\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


@given(size=st.integers(1, 2**63 - 1), root=st.binary(min_size=32, max_size=32))
def test_what_is_signed_is_opened(size: int, root: bytes) -> None:
    state = Checkpoint(ORIGIN, size, root)
    signed = checkpoint.sign(state, [LOG])
    assert checkpoint.open(signed, origin=ORIGIN, keys=[LOG.key]) == state
    assert checkpoint.claimed(signed) == state


def test_lines_that_others_added_are_kept_and_signed() -> None:
    state = Checkpoint(ORIGIN, 1, ROOT, ("more", "and more"))
    signed = checkpoint.sign(state, [LOG])
    assert checkpoint.open(signed, origin=ORIGIN, keys=[LOG.key]) == state


def test_a_checkpoint_of_another_record_is_untrue() -> None:
    signed = checkpoint.sign(Checkpoint("log.example/other", 1, ROOT), [LOG])
    with pytest.raises(Untrue, match="not of"):
        checkpoint.open(signed, origin=ORIGIN, keys=[LOG.key])


def test_a_checkpoint_that_no_known_key_signed_is_untrue() -> None:
    with pytest.raises(Untrue):
        checkpoint.open(
            checkpoint.sign(STATE, [Signer.generate(ORIGIN)]), origin=ORIGIN, keys=[LOG.key]
        )


def test_every_changed_byte_is_noticed() -> None:
    signed = checkpoint.sign(STATE, [LOG])
    for place in range(len(signed)):
        changed = bytearray(signed)
        changed[place] ^= 0x01
        with pytest.raises((MalformedCheckpoint, Untrue)):
            checkpoint.open(bytes(changed), origin=ORIGIN, keys=[LOG.key])


@pytest.mark.parametrize(
    "text",
    [
        "one line\n",
        "origin\n1\n",
        "\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n01\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n+1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n1_0\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n١\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n9223372036854775808\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n" + "9" * 5000 + "\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
        "origin\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        "origin\n1\nAAEC\n",
        "origin\n0\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "origin\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\nmore\n",
    ],
)
def test_a_signed_note_that_is_no_checkpoint_is_malformed(text: str) -> None:
    with pytest.raises(MalformedCheckpoint):
        checkpoint.open(note.sign(text, [LOG]), origin="origin", keys=[LOG.key])


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 1, ROOT), ("a\nb", 1, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 2**63, ROOT), (ORIGIN, 1, b""),
     (ORIGIN, 0, ROOT)],
)  # fmt: skip
def test_what_is_no_state_cannot_be_made(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        Checkpoint(origin, size, root)


def test_an_origin_that_no_note_can_hold_cannot_be_signed() -> None:
    with pytest.raises(MalformedCheckpoint):
        checkpoint.sign(Checkpoint("a\tb", 0, EMPTY_ROOT), [LOG])


@given(st.binary(max_size=300))
def test_any_bytes_are_malformed_or_untrue(raw: bytes) -> None:
    with pytest.raises((MalformedCheckpoint, Untrue)):
        checkpoint.open(raw, origin=ORIGIN, keys=[LOG.key])
    with pytest.raises(MalformedCheckpoint):
        checkpoint.claimed(raw)
