"""Cosignatures: checkpoints with a time, by Ed25519 and by ML-DSA-44."""

import pytest

from sayso.errors import MalformedCheckpoint, MalformedNote, Untrue
from sayso.record import checkpoint, cosignature, note
from sayso.record.audit import audit
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import ED25519, LATEST, MLDSA44, Cosigner, CosignerKey
from sayso.record.note import Signer
from sayso.record.tree import leaf_hash

ORIGIN = "example.com/behind-the-sofa"
STATE = Checkpoint(ORIGIN, 1, leaf_hash(b"one"))
KINDS = (ED25519, MLDSA44)
OWN = {kind: Cosigner.generate("witness.example.com/w1", kind) for kind in KINDS}
AT = 1679315147

# C2SP tlog-cosignature shows this witness's line; the key id is all it tells of the key.
SHOWN = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
    "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)


def test_the_line_that_the_standard_shows_has_the_time_that_it_shows() -> None:
    line = note.parse_line(SHOWN)
    assert cosignature.seconds(line.signature) == 1679315147
    assert len(line.signature) == 8 + 64


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, AT, LATEST])
def test_what_is_cosigned_is_opened_with_its_time(kind: int, at: int) -> None:
    signed = checkpoint.sign(STATE, [OWN[kind].at(at)])
    state, opened = checkpoint.opened(signed, origin=ORIGIN, keys=[OWN[kind].key])
    assert state == STATE
    assert cosignature.seconds(opened.signatures[0].signature) == at


@pytest.mark.parametrize("kind", KINDS)
def test_a_cosigner_and_its_key_survive_their_texts(kind: int) -> None:
    own = OWN[kind]
    assert CosignerKey.parse(str(own.key)) == own.key
    assert Cosigner.read(own.name, own.pem()).key == own.key


@pytest.mark.parametrize("kind", KINDS)
def test_every_changed_byte_is_noticed(kind: int) -> None:
    signed = checkpoint.sign(STATE, [OWN[kind].at(AT)])
    for place in [*range(250), *range(250, len(signed), 97)]:
        changed = bytearray(signed[:-1])
        changed[place % len(changed)] ^= 0x01
        with pytest.raises((MalformedCheckpoint, Untrue)):
            checkpoint.open(bytes(changed) + b"\n", origin=ORIGIN, keys=[OWN[kind].key])


def test_a_signature_for_one_moment_is_none_for_another() -> None:
    for own in OWN.values():
        signature = own.at(AT).sign(STATE.text())
        later = (AT + 1).to_bytes(8, "big") + signature[8:]
        assert own.key.holds(STATE.text(), signature)
        assert not own.key.holds(STATE.text(), later)
        assert not own.key.holds(STATE.text(), b"\xff" * 8 + signature[8:])
        assert not own.key.holds(STATE.text(), signature[:7])


def test_a_plain_signature_is_no_cosignature_of_the_same_key() -> None:
    log = Signer.generate("witness.example.com/w1")
    twin = Cosigner(log.name, log.secret)
    assert twin.key.id != log.key.id
    assert not twin.key.holds(STATE.text(), bytes(8) + log.sign(STATE.text()))
    assert not log.key.holds(STATE.text(), twin.at(AT).sign(STATE.text())[8:])


def test_ml_dsa_signs_the_cosigners_name_and_nothing_but_checkpoints() -> None:
    own = OWN[MLDSA44]
    renamed = CosignerKey("witness.example.com/w2", MLDSA44, own.key.public)
    assert not renamed.holds(STATE.text(), own.at(AT).sign(STATE.text()))
    assert not own.key.holds("no checkpoint\n", own.at(AT).sign(STATE.text()))
    with pytest.raises(MalformedCheckpoint):
        own.at(AT).sign("no checkpoint\n")


def test_a_log_that_signs_with_both_is_audited_with_both() -> None:
    log = Signer.generate(ORIGIN)
    later = Cosigner.generate(ORIGIN, MLDSA44)
    signed = checkpoint.sign(STATE, [log, later.at(0)])
    keys: list[note.Key] = [log.key, later.key]
    found = audit([b"one"], checkpoints=[signed], origin=ORIGIN, keys=keys)
    assert found.size == 1


@pytest.mark.parametrize("at", [-1, LATEST + 1])
def test_a_time_that_cannot_be_written_is_refused(at: int) -> None:
    with pytest.raises(MalformedNote):
        OWN[ED25519].at(at)


def test_what_is_no_cosigners_key_is_malformed() -> None:
    plain = str(Signer.generate("witness.example").key)
    for text in (plain, "", "name", str(OWN[MLDSA44].key)[:-4]):
        with pytest.raises(MalformedNote):
            CosignerKey.parse(text)
    for name, kind, public in (("w", 4, b"x" * 31), ("w", 6, b"x" * 32), ("w" * 256, 4, b"x" * 32)):
        with pytest.raises(MalformedNote):
            CosignerKey(name, kind, public)
    with pytest.raises(MalformedNote):
        Cosigner.read("w", b"no key")


def test_an_origin_too_long_for_ml_dsa_is_refused() -> None:
    state = Checkpoint("o" * 256, 1, leaf_hash(b"one"))
    with pytest.raises(MalformedCheckpoint):
        checkpoint.sign(state, [OWN[MLDSA44].at(AT)])
