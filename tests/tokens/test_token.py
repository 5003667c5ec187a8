"""What a token signs is what a key from a file would have signed, for everybody who verifies."""

import subprocess
from pathlib import Path

import pytest

from sayso import tokens
from sayso.errors import TokenError, Untrue
from sayso.record import checkpoint, keys, note, signature
from sayso.record.cosignature import MLDSA44, Cosigner
from sayso.record.log import Log
from sayso.record.note import Signer
from sayso.record.signature import SigningKey
from sayso.record.tree import EMPTY_ROOT
from sayso.tokens import KeyUri, Pins
from tests.cli.terminal import keygen
from tests.tokens.conftest import PIN, PINS, Hsm, said

NAMESPACE = "decision@sayso"


@pytest.fixture(params=[False, True], ids=["ed25519", "ecdsa"])
def held(softhsm: Hsm, request: pytest.FixtureRequest) -> SigningKey:
    name = f"{request.node.name}"
    return SigningKey(tokens.held(softhsm.key(name, ecdsa=request.param), PINS))


def test_what_a_token_signs_holds_and_nothing_else_does(held: SigningKey) -> None:
    armored = signature.sign(held, NAMESPACE, b"granted")
    signature.verify(held.public, NAMESPACE, b"granted", armored)
    with pytest.raises(Untrue):
        signature.verify(held.public, NAMESPACE, b"refused", armored)


def test_stock_openssh_verifies_what_a_token_signs(held: SigningKey, tmp_path: Path) -> None:
    allowed, sig = tmp_path / "allowed", tmp_path / "sig"
    allowed.write_text(f'ann namespaces="{NAMESPACE}" {held.public}\n')
    sig.write_text(signature.sign(held, NAMESPACE, b"granted"))
    verify = ("-Y", "verify", "-f", allowed, "-I", "ann", "-n", NAMESPACE, "-s", sig)
    assert b"Good" in keygen(*verify, given=b"granted").stdout
    with pytest.raises(subprocess.CalledProcessError):
        keygen(*verify, given=b"refused")


def test_a_key_in_a_token_is_not_given_out(held: SigningKey) -> None:
    with pytest.raises(Exception, match="does not give it out"):
        held.openssh()
    assert "Held" not in repr(held)


def test_a_checkpoint_signed_in_a_token_is_one_as_any_other(softhsm: Hsm) -> None:
    secret = tokens.held(softhsm.key("log"), PINS)
    assert isinstance(secret, keys.Held)
    name = "log.example/token"
    log = Log(Signer(name, secret), Cosigner.generate(name, MLDSA44))
    signed = log.sign(0, EMPTY_ROOT)
    assert checkpoint.open(signed, origin=name, keys=log.keys).size == 0
    again = Log.read(name, log.file(), lambda line: _ed25519(KeyUri.parse(line)))
    assert again.keys == log.keys
    assert note.VerifierKey.parse(str(log.keys[0])) == log.keys[0]


def _ed25519(uri: KeyUri) -> keys.Held:
    found = tokens.held(uri, PINS)
    assert isinstance(found, keys.Held)
    return found


def test_a_key_is_found_by_its_id_and_by_its_token(softhsm: Hsm) -> None:
    module = str(softhsm.module)
    both = KeyUri(module, object="twin", id=b"\x01", token="office")
    other = KeyUri(module, object="twin", id=b"\x01", token="other")
    for each in (both, other):
        tokens.make(each, PINS)
    first, second = (tokens.held(each, PINS).public for each in (both, other))
    assert first != second
    assert tokens.held(KeyUri(module, id=b"\x01", token="office"), PINS).public == first
    with pytest.raises(TokenError, match="2 tokens fit"):
        tokens.held(KeyUri(module, object="twin"), PINS)


def test_a_key_is_never_replaced(softhsm: Hsm) -> None:
    one = KeyUri(str(softhsm.module), object="same", id=b"\x0a", token="office")
    tokens.make(one, PINS)
    with pytest.raises(TokenError, match="already"):
        tokens.make(KeyUri(one.module, object="same", id=b"\x0b", token="office"), PINS)


def test_of_two_keys_that_are_named_alike_none_is_taken(softhsm: Hsm) -> None:
    module = str(softhsm.module)
    for name in ("first", "second"):
        tokens.make(KeyUri(module, object=name, id=b"\x0c", token="office"), PINS)
    with pytest.raises(TokenError, match="has 2 public keys named `0c`"):
        tokens.held(KeyUri(module, id=b"\x0c", token="office"), PINS)


def test_a_pin_is_asked_for_once_a_token(softhsm: Hsm) -> None:
    asked: list[str] = []
    uri = softhsm.key("asked")

    def ask(label: str) -> str:
        asked.append(label)
        return PIN

    pins = Pins(ask)
    for _ in range(3):
        tokens.held(uri, pins)
    assert asked == ["office"]


def test_a_pin_may_stand_in_a_file_of_its_owner(softhsm: Hsm, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    file.chmod(0o600)
    module = str(softhsm.module)
    uri = KeyUri(module, object="filed", token="office", pin_source=str(file))
    nobody = Pins(said(""))
    tokens.make(uri, nobody)
    assert tokens.held(uri, nobody).public
    file.chmod(0o644)
    with pytest.raises(TokenError, match="open to others"):
        tokens.held(uri, nobody)
    file.chmod(0o600)
    for raw in (b"", b"\n", b"\xff\n", b"1" * 300):
        file.write_bytes(raw)
        with pytest.raises(TokenError, match="does not hold a PIN"):
            tokens.held(uri, nobody)
    file.unlink()
    with pytest.raises(TokenError, match="cannot be read"):
        tokens.held(uri, nobody)


def test_what_is_not_there_is_said(softhsm: Hsm) -> None:
    module = str(softhsm.module)
    for uri, words in (
        (KeyUri("/no/such.so", object="a"), "no PKCS#11 module"),
        (KeyUri("/etc/passwd", object="a"), "no PKCS#11 module"),
        (KeyUri(module, object="a", token="vault"), "no token fits `vault`.*`office`, `other`"),
        (KeyUri(module, object="a", token="office", serial="0"), "no token fits"),
        (softhsm.uri("nothing"), "no public key named `nothing`"),
    ):
        with pytest.raises(TokenError, match=words):
            tokens.held(uri, PINS)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "find_spec", lambda _: None)
    with pytest.raises(TokenError, match=r"pip install sayso\[hsm\]"):
        tokens.held(KeyUri("/x.so", object="a"), PINS)
