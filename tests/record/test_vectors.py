"""What was written once is read, and written, the same for ever."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sayso.errors import Untrue
from sayso.record import checkpoint, cosignature, entry, keys, note, proof, signature, tiles, tree
from sayso.record.note import Signer
from sayso.record.signature import PublicKey, SigningKey
from sayso.record.tree import Tree
from sayso.record.trust import Trust, read_key

VECTORS = Path(__file__).parent / "vectors"
NAMESPACE = "decision@sayso"
SIZE = 300


def fixed(name: str) -> keys.Ed25519:
    """Return the private key that the README tells."""
    return keys.Ed25519(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


def fetch(path: str) -> bytes | None:
    file = VECTORS / path
    return file.read_bytes() if file.is_file() else None


TRUST = Trust.parse((VECTORS / "policy").read_bytes())
SIGNED = (VECTORS / "checkpoint").read_bytes()
STATE = TRUST.open(SIGNED).checkpoint
ENTRIES = list(tiles.read(fetch, size=SIZE, root=STATE.root))
WHOLE = Tree.of(map(tree.leaf_hash, ENTRIES))
LOG = Signer("log.example/vectors", fixed("log"))


def test_the_checkpoint_is_signed_by_all_and_says_when() -> None:
    trusted = TRUST.open(SIGNED)
    assert (trusted.checkpoint.size, trusted.witnesses) == (SIZE, ("one", "two"))
    log_keys = [read_key(line) for line in (VECTORS / "log.vkeys").read_text().splitlines()]
    known = [*log_keys, *(each.key for each in TRUST.witnesses)]
    opened = note.open(SIGNED, known)
    assert [key.name for key in log_keys] == [LOG.name] * 2
    assert len(opened.signatures) == 4
    times = [cosignature.seconds(each.signature) for each in opened.signatures[1:]]
    assert times == [0, 1748570000, 1748570000]


def test_the_checkpoint_is_written_the_same_again() -> None:
    assert str(LOG.key) == (VECTORS / "log.vkeys").read_text().splitlines()[0]
    assert SIGNED.startswith(checkpoint.sign(STATE, [LOG]))


def test_the_entries_are_written_the_same_again() -> None:
    ann = SigningKey(fixed("ann"))
    for number, raw in enumerate(ENTRIES):
        read = entry.read(raw)
        entry.check(read, ann.public)
        assert entry.write(read) == raw
        assert entry.sign(ann, "decision", read.payload) == read.signatures[0]
        assert json.loads(read.payload)["case"] == f"case-{number}"
    assert len(entry.read(ENTRIES[0]).signatures) == 2


def test_the_files_are_written_the_same_again() -> None:
    files = dict(tiles.write(ENTRIES, WHOLE))
    kept = {str(file.relative_to(VECTORS)) for file in VECTORS.rglob("tile/**/*") if file.is_file()}
    assert files.keys() == kept
    assert all(fetch(path) == raw for path, raw in files.items())
    assert WHOLE.root() == STATE.root


@pytest.mark.parametrize("index", [0, 255, 256, 299])
def test_the_proofs_hold_and_are_written_the_same_again(index: int) -> None:
    raw = (VECTORS / "proofs" / f"{index}.tlog-proof").read_bytes()
    assert proof.check(proof.read(raw), ENTRIES[index], TRUST).checkpoint == STATE
    assert proof.write(proof.prove(WHOLE, index, SIGNED)) == raw
    with pytest.raises(Untrue):
        proof.check(proof.read(raw), ENTRIES[index - 1], TRUST)


def test_the_consistency_proof_holds() -> None:
    told = json.loads((VECTORS / "consistency.json").read_text())
    hashes = tuple(map(bytes.fromhex, told["proof"]))
    old, new = ((told[each], bytes.fromhex(told[f"{each}_root"])) for each in ("old", "new"))
    tree.check_consistency(hashes, old=old, new=new)
    assert WHOLE.consistency(told["old"], told["new"]) == hashes


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "sk-ed25519", "sk-ecdsa", "passkey"])
def test_the_signature_of_each_kind_of_key_holds_here_and_in_ssh_keygen(
    kind: str, tmp_path: Path
) -> None:
    line = (VECTORS / f"{kind}.pub").read_text()
    message = (VECTORS / "message").read_bytes()
    public = PublicKey.parse(line)
    assert f"{public}\n" == line
    signature.verify(public, NAMESPACE, message, (VECTORS / f"{kind}.sig").read_text())
    (tmp_path / "allowed").write_text(f"ann {line}")
    command = ("ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "ann")
    more = ("-n", NAMESPACE, "-s", VECTORS / f"{kind}.sig")
    done = subprocess.run((*command, *more), input=message, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_ed25519_signature_is_written_the_same_again() -> None:
    made = signature.sign(SigningKey(fixed("ann")), NAMESPACE, (VECTORS / "message").read_bytes())
    assert made == (VECTORS / "ed25519.sig").read_text()
