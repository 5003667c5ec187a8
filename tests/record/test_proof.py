"""A proof in a file holds for its entry, at its place, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedProof, Untrue
from sayso.record import checkpoint, proof, tree
from sayso.record.checkpoint import Checkpoint
from sayso.record.cosignature import ED25519, Cosigner
from sayso.record.note import Signer
from sayso.record.proof import Proof
from sayso.record.tree import Tree
from sayso.record.trust import Trust

LOG = Signer.generate("log.example")
WITNESS = Cosigner.generate("witness.example", ED25519)
ENTRIES = [f"entry {number}".encode() for number in range(70)]
WHOLE = Tree.of(map(tree.leaf_hash, ENTRIES))
TRUST = Trust.parse(f"log {LOG.key}\nwitness w {WITNESS.key}\nquorum w\n".encode())


def signed(size: int) -> bytes:
    return checkpoint.sign(Checkpoint(LOG.name, size, WHOLE.root(size)), [LOG, WITNESS.at(1)])


@pytest.mark.parametrize("size", [1, 2, 3, 8, 64, 70])
def test_every_entry_can_be_proven(size: int) -> None:
    note = signed(size)
    for index in range(size):
        made = proof.prove(WHOLE, index, note)
        assert proof.read(proof.write(made)) == made
        assert proof.check(made, ENTRIES[index], TRUST).witnesses == ("w",)
        with pytest.raises(Untrue):
            proof.check(made, ENTRIES[index] + b"!", TRUST)


def test_the_file_is_the_standards() -> None:
    note = signed(3)
    file = proof.write(proof.prove(WHOLE, 0, note, extra=b"more"))
    lines = file.split(b"\n")
    assert lines[:3] == [b"c2sp.org/tlog-proof@v1", b"extra bW9yZQ==", b"index 0"]
    assert lines[5:6] == [b""]
    assert file.endswith(b"\n\n" + note)
    assert proof.read(file).extra == b"more"


def test_every_changed_byte_is_noticed() -> None:
    file = proof.write(proof.prove(WHOLE, 41, signed(70)))
    for place in range(len(file)):
        changed = bytearray(file)
        changed[place] ^= 0x01
        with pytest.raises((MalformedProof, Untrue)):
            proof.check(proof.read(bytes(changed)), ENTRIES[41], TRUST)


def test_a_proof_without_the_quorum_is_not_believed() -> None:
    bare = checkpoint.sign(Checkpoint(LOG.name, 70, WHOLE.root()), [LOG])
    with pytest.raises(Untrue, match="cosigned by 0 of 1"):
        proof.check(proof.prove(WHOLE, 1, bare), ENTRIES[1], TRUST)


def test_what_is_not_in_the_record_cannot_be_proven() -> None:
    with pytest.raises(MalformedProof):
        proof.prove(WHOLE, 70, signed(70))


GOOD = proof.write(proof.prove(WHOLE, 0, signed(2))).decode()
HASH = "A" * 43 + "="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        GOOD.replace("@v1", "@v2"),
        GOOD.replace("index 0", "index 00"),
        GOOD.replace("index 0", "index -1"),
        GOOD.replace("index 0", "index"),
        GOOD.replace("index 0\n", ""),
        GOOD.replace("index 0\n", "index 0\nindex 0\n"),
        GOOD.replace("index 0\n", "extra =\nindex 0\n"),
        GOOD.replace("index 0\n", "extra\nindex 0\n"),
        GOOD.replace("index 0\n", "index 0\nextra AAAA\n"),
        GOOD.replace("index 0\n", "index 0\nAAAA\n"),
        GOOD.replace("index 0\n", "index 0\n" + f"{HASH}\n" * 63),
        GOOD.replace("index 0\n", f"index {'9' * 20}\n"),
        GOOD.replace("\n", "\r\n"),
        "x" * 2_000_001,
    ],
)
def test_what_is_no_proof_is_malformed(text: str) -> None:
    with pytest.raises(MalformedProof):
        proof.read(text.encode())


def test_a_proof_of_the_wrong_length_or_place_is_malformed_or_untrue() -> None:
    good = proof.read(GOOD.encode())
    for index, hashes in ((1, good.hashes), (2, good.hashes), (0, ()), (0, good.hashes * 2)):
        with pytest.raises((MalformedProof, Untrue)):
            proof.check(Proof(index, hashes, good.checkpoint), ENTRIES[0], TRUST)
    with pytest.raises(MalformedProof):
        proof.check(Proof(0, good.hashes, b"no checkpoint"), ENTRIES[0], TRUST)


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_any_bytes_are_malformed_or_untrue(raw: bytes, place: int) -> None:
    whole = GOOD.encode()
    for file in (raw, whole[:place] + b"?" + raw + whole[place:]):
        with pytest.raises((MalformedProof, Untrue)):
            proof.check(proof.read(file), ENTRIES[0], TRUST)
