"""A witness goes forward only, and a log that goes two ways is found out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedCheckpoint, MalformedProof, Untrue
from sayso.record import checkpoint, tree, witness
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import ED25519, MLDSA44, Cosigner
from sayso.record.note import Signer
from sayso.record.tree import Tree
from sayso.record.witness import Accepted, Answer, Request

LOG, STRANGER = Signer.generate("log.example"), Signer.generate("log.example")
OWN = [Cosigner.generate("witness.example/w", kind) for kind in (ED25519, MLDSA44)]
KEYS = [each.key for each in OWN]
WHOLE = Tree.of(tree.leaf_hash(bytes([number])) for number in range(20))
OTHER = Tree.of(tree.leaf_hash(bytes([number, 1])) for number in range(20))
LOGS = {"log.example": [LOG.key]}


def state(size: int, whole: Tree = WHOLE) -> Checkpoint:
    return Checkpoint("log.example", size, whole.root(size))


def signed(size: int, whole: Tree = WHOLE, by: Signer = LOG) -> bytes:
    return checkpoint.sign(state(size, whole), [by])


def status(request: Request, seen: Checkpoint | None) -> int:
    answer = witness.judge(request, logs=LOGS, seen=seen)
    return 200 if isinstance(answer, Accepted) else answer.status


def test_every_honest_step_is_cosigned() -> None:
    for old, new in product(range(21), repeat=2):
        if old > new:
            continue
        asked = Request(old, WHOLE.consistency(old, new), signed(new))
        judged = witness.judge(asked, logs=LOGS, seen=state(old) if old else None)
        assert judged == Accepted(state(new))
    lines = witness.cosigned(judged, [own.at(5) for own in OWN])
    assert (lines.status, lines.body.count(b"\n")) == (200, 2)
    whole = witness.added(signed(20), lines.body, known=KEYS)
    assert checkpoint.open(whole, origin="log.example", keys=[*KEYS, LOG.key]) == state(20)


def test_a_step_from_another_size_is_told_the_size_that_was_seen() -> None:
    for old in (0, 4, 6, 9):
        asked = Request(old, WHOLE.consistency(old, 9), signed(9))
        answer = witness.judge(asked, logs=LOGS, seen=state(5))
        assert answer == Answer(409, b"5\n", "text/x.tlog.size")
        assert witness.cosigned(answer, [OWN[0].at(1)]) == answer


def test_a_step_back_is_never_cosigned() -> None:
    assert status(Request(9, (), signed(5)), state(9)) == 400
    assert status(Request(5, (), signed(5)), state(9)) == 409
    assert status(Request(0, (), signed(5)), state(9)) == 409


def test_a_step_aside_is_never_cosigned() -> None:
    assert status(Request(9, (), signed(9, OTHER)), state(9)) == 409
    for proof in (WHOLE.consistency(9, 12), OTHER.consistency(9, 12), ()):
        assert status(Request(9, proof, signed(12, OTHER)), state(9)) == 422
    assert status(Request(9, (), signed(12)), state(9)) == 422
    assert status(Request(0, WHOLE.consistency(9, 12), signed(12)), None) == 422


def test_a_stranger_is_not_cosigned_for() -> None:
    assert status(Request(0, (), signed(3, by=STRANGER)), None) == 403
    other = checkpoint.sign(Checkpoint("other.example", 1, WHOLE.root(1)), [LOG])
    assert status(Request(0, (), other), None) == 404
    assert status(Request(0, (), b"no checkpoint"), None) == 400


def test_a_request_survives_its_bytes() -> None:
    asked = Request(3, WHOLE.consistency(3, 20), signed(20))
    assert Request.parse(bytes(asked)) == asked
    assert bytes(asked).startswith(b"old 3\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"old 3\n",
        b"old 03\n\nx",
        b"old -3\n\nx",
        b"old\n\nx",
        b"new 3\n\nx",
        b"old 3\nAAAA \n\nx",
        b"old 3\n" + b"AAAA\n" * 64 + b"\nx",
        b"old " + b"9" * 30 + b"\n\nx",
        b"old 3\r\n\r\nx",
        b"old 3\n\n" + b"x" * 1_100_000,
    ],
)
def test_what_is_no_request_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedProof):
        Request.parse(raw)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_are_malformed_or_refused(raw: bytes, place: int) -> None:
    whole = bytes(Request(5, WHOLE.consistency(5, 9), signed(9)))
    for body in (raw, b"old 5\n\n" + raw, whole[:place] + b"?" + raw + whole[place:]):
        try:
            assert status(Request.parse(body), state(5)) in {400, 403, 404, 409, 422}
        except MalformedProof:
            continue


def test_an_answer_with_no_line_of_a_known_witness_is_untrue() -> None:
    stranger = Cosigner.generate("witness.example/w", ED25519)
    lines = witness.cosigned(Accepted(state(3)), [stranger.at(1)]).body
    with pytest.raises(Untrue, match="no witness"):
        witness.added(signed(3), lines, known=KEYS)
    with pytest.raises(MalformedCheckpoint):
        witness.added(signed(3), b"502 Bad Gateway", known=KEYS)
    with pytest.raises(MalformedCheckpoint):
        witness.added(signed(3), b"\xff", known=KEYS)
    wrong = witness.cosigned(Accepted(state(4)), [OWN[0].at(1)]).body
    with pytest.raises(Untrue):
        witness.added(signed(3), wrong, known=KEYS)


def test_lines_of_others_are_left_out_of_the_checkpoint() -> None:
    stranger = Cosigner.generate("witness.example/x", ED25519)
    lines = witness.cosigned(Accepted(state(3)), [stranger.at(1), OWN[0].at(1)]).body
    assert b"witness.example/x" not in witness.added(signed(3), lines, known=KEYS)
