"""A log of two keys: both sign, both are demanded, and the file that holds them says no more."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedNote, Untrue
from sayso.record import checkpoint, keys, note
from sayso.record.cosignature import ED25519, Cosigner
from sayso.record.log import Log
from sayso.record.note import Signer
from sayso.record.tree import leaf_hash
from sayso.record.trust import Trust

ORIGIN = "log.example/two"
LOG = Log.generate(ORIGIN)
ALONE = Log.generate(ORIGIN, classical=True)
ROOT = leaf_hash(b"one")
SIGNED = LOG.sign(1, ROOT)
TEXT, LINES = note.split(SIGNED)


def with_lines(*lines: note.Line) -> bytes:
    return f"{TEXT}\n{''.join(map(str, lines))}".encode()


def held(where: str) -> keys.Held:
    secret = LOG.classical.secret
    return keys.Held(secret.public, where, secret.sign)


def test_a_log_signs_with_each_of_its_keys() -> None:
    assert [key.algorithm for key in LOG.keys] == ["Ed25519", "ML-DSA-44"]
    assert checkpoint.open(SIGNED, origin=ORIGIN, keys=LOG.keys).root == ROOT
    assert {(line.name, line.id) for line in LINES} == {(key.name, key.id) for key in LOG.keys}


@pytest.mark.parametrize("kept", [0, 1])
def test_what_one_of_two_keys_has_signed_is_no_state_of_the_log(kept: int) -> None:
    alone = with_lines(LINES[kept])
    assert checkpoint.open(alone, origin=ORIGIN, keys=[LOG.keys[kept]]).size == 1
    with pytest.raises(Untrue, match="not signed with the key"):
        checkpoint.open(alone, origin=ORIGIN, keys=LOG.keys)


@pytest.mark.parametrize("forged", [0, 1])
def test_who_can_forge_one_algorithm_forges_no_checkpoint(forged: int) -> None:
    """The other line is of another state, or of another log's key of the same name."""
    other = note.split(LOG.sign(1, leaf_hash(b"two")))[1]
    stranger = note.split(Log.generate(ORIGIN).sign(1, ROOT))[1]
    for lines in (other, stranger):
        mixed = list(LINES)
        mixed[1 - forged] = lines[1 - forged]
        with pytest.raises(Untrue):
            checkpoint.open(with_lines(*mixed), origin=ORIGIN, keys=LOG.keys)


def test_a_reader_who_knows_one_key_reads_on() -> None:
    """C2SP signed-note: lines of keys that are not known are passed over."""
    for key in LOG.keys:
        assert checkpoint.open(SIGNED, origin=ORIGIN, keys=[key]).size == 1
        policy = Trust.parse(f"log {key}\nquorum none\n".encode())
        assert policy.open(SIGNED).logs == (key,)
    both = Trust.parse("".join([*(f"log {key}\n" for key in LOG.keys), "quorum none\n"]).encode())
    assert both.open(SIGNED).logs == LOG.keys
    assert both.open(with_lines(LINES[1])).logs == LOG.keys[1:]


# --- the file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("log", [LOG, ALONE])
def test_a_file_of_keys_is_read_as_it_was_written(log: Log) -> None:
    again = Log.read(ORIGIN, log.file())
    assert (again.keys, again.file()) == (log.keys, log.file())


def test_a_file_from_before_has_one_key_and_works() -> None:
    signer = Signer.generate(ORIGIN)
    assert Log.read(ORIGIN, signer.pem()).sign(1, ROOT) == checkpoint.sign(
        checkpoint.Checkpoint(ORIGIN, 1, ROOT), [signer]
    )


def test_a_line_may_stand_for_the_key_that_a_token_holds() -> None:
    line = "pkcs11:token=office;object=log?module-path=/usr/lib/x.so"
    log = Log(Signer(ORIGIN, held(line)), LOG.quantum)
    file = log.file()
    assert file.startswith(line.encode() + b"\n")
    again = Log.read(ORIGIN, file, held)
    assert again.keys == LOG.keys
    assert checkpoint.open(again.sign(1, ROOT), origin=ORIGIN, keys=LOG.keys).root == ROOT
    with pytest.raises(MalformedNote, match="in a token"):
        Log.read(ORIGIN, file)


def p256_pem() -> bytes:
    secret = generate_private_key(SECP256R1())
    return secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


PEM = LOG.classical.pem()
QUANTUM = LOG.file().removeprefix(PEM)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\n",
        QUANTUM,
        QUANTUM + PEM,
        PEM + PEM,
        PEM + QUANTUM + QUANTUM,
        PEM + Cosigner.generate(ORIGIN, ED25519).pem(),
        PEM + p256_pem(),
        p256_pem(),
        PEM + b"\n" + QUANTUM,
        b"# the log\n" + PEM,
        PEM + b"pkcs11:token=office;object=log\n",
        PEM + QUANTUM[:-30],
        PEM.replace(b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY"),
        PEM * 200,
    ],
)
def test_a_file_of_anything_else_is_refused(file: bytes) -> None:
    with pytest.raises(MalformedNote, match=ORIGIN):
        Log.read(ORIGIN, file, held)


@given(st.integers(0, len(LOG.file()) - 1), st.integers(1, 255))
def test_a_changed_byte_gives_no_log_with_these_keys(place: int, flip: int) -> None:
    raw = bytearray(LOG.file())
    raw[place] ^= flip
    try:
        found = Log.read(ORIGIN, bytes(raw)).keys
    except MalformedNote:
        return
    assert found != LOG.keys or bytes(raw).split() == LOG.file().split()
