"""Personal signatures, against stock `ssh-keygen`."""

import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedNote, MalformedSignature, SaysoError, Untrue
from sayso.record import b64, keys, signature, sshkey
from sayso.record.cosignature import CosignerKey
from sayso.record.note import VerifierKey
from sayso.record.signature import Armored, PublicKey, SigningKey
from sayso.record.sshwire import Fields, mpint, string

NAMESPACE = "decision@sayso"
MESSAGE = b'{"outcome":"granted"}'
KINDS = [sshkey.ED25519, sshkey.P256]
OWN = {kind: SigningKey.generate(kind) for kind in KINDS}


def keygen(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ("ssh-keygen", *map(str, arguments))
    return subprocess.run(command, input=given, capture_output=True, check=False)


@pytest.fixture(params=["ed25519", "ecdsa"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a private key file that ssh-keygen made."""
    path = tmp_path / "id"
    done = keygen("-q", "-t", request.param, "-N", "", "-C", "ann@office", "-f", path)
    assert done.returncode == 0, done.stderr
    return path


def accepts(folder: Path, key: PublicKey, armored: str, *, namespace: str, message: bytes) -> bool:
    """Return whether stock `ssh-keygen -Y verify` takes the signature."""
    allowed, sig = folder / "allowed", folder / "message.sig"
    allowed.write_text(f"ann {key}\n")
    sig.write_text(armored)
    arguments = ("-Y", "verify", "-f", allowed, "-I", "ann", "-n", namespace, "-s", sig)
    return keygen(*arguments, given=message).returncode == 0


# --- with ssh-keygen ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_ssh_keygen_accepts_what_is_signed_here_and_refuses_it_altered(
    kind: str, tmp_path: Path
) -> None:
    key = OWN[kind]
    armored = signature.sign(key, NAMESPACE, MESSAGE)
    assert accepts(tmp_path, key.public, armored, namespace=NAMESPACE, message=MESSAGE)
    assert not accepts(tmp_path, key.public, armored, namespace=NAMESPACE, message=MESSAGE + b" ")
    assert not accepts(tmp_path, key.public, armored, namespace="advice@sayso", message=MESSAGE)
    other = SigningKey.generate(kind).public
    assert not accepts(tmp_path, other, armored, namespace=NAMESPACE, message=MESSAGE)


@pytest.mark.parametrize("algorithm", ["sha512", "sha256"])
def test_what_ssh_keygen_signs_is_verified_here_and_refused_altered(
    made: Path, algorithm: str
) -> None:
    done = keygen(
        "-Y", "sign", "-f", made, "-n", NAMESPACE, "-O", f"hashalg={algorithm}", given=MESSAGE
    )
    armored = done.stdout.decode()
    key = PublicKey.parse(made.with_suffix(".pub").read_text())
    signature.verify(key, NAMESPACE, MESSAGE, armored)
    assert Armored.parse(armored).hash == algorithm
    assert str(Armored.parse(armored)) == armored
    for namespace, message in (("advice@sayso", MESSAGE), (NAMESPACE, MESSAGE + b" "), ("", b"")):
        with pytest.raises(Untrue):
            signature.verify(key, namespace, message, armored)


def test_the_file_of_ssh_keygen_is_read_and_signs_as_its_owner(made: Path, tmp_path: Path) -> None:
    key = SigningKey.read(made.read_bytes())
    assert key.public == PublicKey.parse(made.with_suffix(".pub").read_text())
    armored = signature.sign(key, NAMESPACE, MESSAGE)
    assert accepts(tmp_path, key.public, armored, namespace=NAMESPACE, message=MESSAGE)


def test_a_locked_file_opens_with_its_passphrase_only(made: Path) -> None:
    assert keygen("-q", "-p", "-a", "4", "-P", "", "-N", "open sesame", "-f", made).returncode == 0
    file = made.read_bytes()
    key = SigningKey.read(file, b"open sesame")
    assert str(key.public) in made.with_suffix(".pub").read_text()
    for passphrase in (None, b"", b"wrong"):
        with pytest.raises(MalformedSignature):
            SigningKey.read(file, passphrase)


def test_a_passphrase_that_is_not_needed_does_no_harm(made: Path) -> None:
    file = made.read_bytes()
    assert SigningKey.read(file, b"not needed").public == SigningKey.read(file).public


@pytest.mark.parametrize("kind", KINDS)
def test_ssh_keygen_reads_a_key_made_here(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "id"
    path.write_bytes(OWN[kind].openssh())
    path.chmod(0o600)
    assert keygen("-y", "-f", path).stdout.decode().split() == str(OWN[kind].public).split()
    assert OWN[kind].public.fingerprint in keygen("-l", "-f", path).stdout.decode()
    assert SigningKey.read(path.read_bytes()).public == OWN[kind].public


def test_keys_of_other_kinds_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "id"
    keygen("-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", path)
    with pytest.raises(MalformedSignature, match="ssh-rsa"):
        PublicKey.parse(path.with_suffix(".pub").read_text())
    with pytest.raises(MalformedSignature, match="neither"):
        SigningKey.read(path.read_bytes())


# --- alone --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_has_one_text_and_shows_no_secret(kind: str) -> None:
    key = OWN[kind]
    assert PublicKey.parse(f"{key.public} a comment\n") == key.public
    assert "0x" in repr(key) or "object" in repr(key)
    assert key.public.fingerprint.startswith("SHA256:")


@pytest.mark.parametrize("kind", KINDS)
def test_every_changed_byte_of_a_signature_is_noticed(kind: str) -> None:
    key = OWN[kind]
    armored = signature.sign(key, NAMESPACE, MESSAGE)
    for place in range(len(armored)):
        changed = armored[:place] + chr(ord(armored[place]) ^ 1) + armored[place + 1 :]
        with pytest.raises((MalformedSignature, Untrue)):
            signature.verify(key.public, NAMESPACE, MESSAGE, changed)


def padded(armored: str, ending: str) -> str:
    """Return a text of which the first `MOST_TEXT` letters are `armored` with empty lines in it."""
    first, rest = armored.split("\n", 1)
    filling = "\n" * (signature.MOST_TEXT - len(armored))
    return f"{first}\n{filling}{rest}{ending}"


@pytest.mark.parametrize("ending", ["", "\n", "x", "anything at all"])
def test_a_signature_has_one_text_and_none_is_read_in_part(ending: str) -> None:
    key = OWN[sshkey.ED25519]
    armored = signature.sign(key, NAMESPACE, MESSAGE)
    for text in (padded(armored, ending), armored.replace("\n", "\n\n", 1), armored[:-1]):
        with pytest.raises(MalformedSignature):
            signature.verify(key.public, NAMESPACE, MESSAGE, text)
    with pytest.raises(MalformedSignature, match="16384"):
        Armored.parse(padded(armored, ending or "\n"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_another_key_is_untrue(kind: str) -> None:
    armored = signature.sign(OWN[kind], NAMESPACE, MESSAGE)
    for other in (SigningKey.generate(kind), OWN[KINDS[1 - KINDS.index(kind)]]):
        with pytest.raises(Untrue, match="SHA256:"):
            signature.verify(other.public, NAMESPACE, MESSAGE, armored)


def rebuilt(**changes: bytes) -> str:
    """Return an Ed25519 signature with some of its fields replaced."""
    key = OWN[sshkey.ED25519]
    made = key.sign(signature.signed_bytes(NAMESPACE, MESSAGE))
    parts = {
        "magic": b"SSHSIG",
        "version": b"\0\0\0\1",
        "key": string(key.public.blob),
        "namespace": string(NAMESPACE.encode()),
        "reserved": string(b""),
        "hash": string(b"sha512"),
        "signature": string(made),
        "rest": b"",
    }
    text = b64.write(b"".join({**parts, **changes}.values()))
    lines = "\n".join(text[start : start + 70] for start in range(0, len(text), 70))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n"


def test_a_signature_written_by_hand_is_one() -> None:
    signature.verify(OWN[sshkey.ED25519].public, NAMESPACE, MESSAGE, rebuilt())


@pytest.mark.parametrize(
    "changes",
    [
        {"magic": b"SSHSIH"},
        {"version": b"\0\0\0\2"},
        {"key": string(b"")},
        {"key": string(string(b"ssh-ed25519") + string(b"\0" * 31))},
        {"key": string(string(b"ssh-dss") + string(b"\0" * 32))},
        {"key": string(string(b"ecdsa-sha2-nistp256") + string(b"nistp384") + string(b"\4" * 65))},
        {"key": string(string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(b"\4" * 65))},
        {"key": string(string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(b"\2" * 33))},
        {"namespace": string(b"\xff")},
        {"reserved": string(b"x")},
        {"hash": string(b"md5")},
        {"hash": string(b"SHA512")},
        {"signature": string(string(b"ecdsa-sha2-nistp256") + string(b"\0" * 64))},
        {"signature": string(string(b"ssh-ed25519") + string(b"\0" * 64) + b"x")},
        {"signature": b"\xff\xff\xff\xff"},
        {"signature": b""},
        {"rest": b"x"},
    ],
)
def test_a_signature_with_a_wrong_field_is_malformed(changes: dict[str, bytes]) -> None:
    with pytest.raises(MalformedSignature):
        signature.verify(OWN[sshkey.ED25519].public, NAMESPACE, MESSAGE, rebuilt(**changes))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 5000])
def test_a_signature_of_the_wrong_length_is_untrue(length: int) -> None:
    made = string(string(b"ssh-ed25519") + string(b"\0" * length))
    with pytest.raises(Untrue):
        signature.verify(OWN[sshkey.ED25519].public, NAMESPACE, MESSAGE, rebuilt(signature=made))


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (2**256, 1), (1, 2**4000)])
def test_an_ecdsa_signature_of_wrong_numbers_never_holds(
    numbers: tuple[int, int],
) -> None:
    made = string(b"ecdsa-sha2-nistp256") + string(b"".join(map(mpint, numbers)))
    try:
        assert not OWN[sshkey.P256].public.holds(made, MESSAGE)
    except MalformedSignature:
        assert 0 in numbers


def test_an_integer_is_written_as_short_as_it_can_be() -> None:
    for raw in (b"\0\x7f", b"\x80", b"\xff", b"", b"\0"):
        with pytest.raises(MalformedSignature):
            Fields(string(raw)).mpint()
    assert Fields(string(b"\0\x80")).mpint() == 128


def test_a_key_that_would_take_forever_to_unlock_is_refused() -> None:
    options = string(string(b"\0" * 16) + b"\xff\xff\xff\xff")
    raw = b"openssh-key-v1\0" + string(b"aes256-ctr") + string(b"bcrypt") + options + b"\0" * 99
    file = (
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{b64.write(raw)}\n"
        "-----END OPENSSH PRIVATE KEY-----\n"
    )
    with pytest.raises(MalformedSignature, match="rounds"):
        SigningKey.read(file.encode(), b"secret")


def test_a_namespace_is_never_empty() -> None:
    with pytest.raises(MalformedSignature):
        signature.sign(OWN[sshkey.ED25519], "", MESSAGE)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: (
    f"-----BEGIN SSH SIGNATURE-----\n{b64.write(b'SSHSIG' + raw)}\n-----END SSH SIGNATURE-----\n"
)))  # fmt: skip
def test_any_text_is_malformed(text: str) -> None:
    with pytest.raises(MalformedSignature):
        Armored.parse(text)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: (
    f"ssh-ed25519 {b64.write(string(b'ssh-ed25519') + raw)}"
)))  # fmt: skip
def test_any_line_is_malformed(line: str) -> None:
    with pytest.raises(MalformedSignature):
        PublicKey.parse(line)


FILES = [OWN[kind].openssh() for kind in KINDS]


@given(st.sampled_from(FILES), st.integers(0, 300), st.binary(min_size=1, max_size=6))
def test_a_mangled_private_key_is_malformed_or_still_a_key(
    file: bytes, place: int, put: bytes
) -> None:
    head, body, tail = file.partition(b"-----\n")[0] + b"-----\n", b"", b""
    _, _, rest = file.partition(b"-----\n")
    body, _, tail = rest.partition(b"-----END")
    raw = bytearray(b64.read(body.decode().replace("\n", "")))
    raw[place % len(raw) : place % len(raw) + len(put)] = put
    mangled = head + b64.write(bytes(raw)).encode() + b"\n-----END" + tail
    try:
        SigningKey.read(mangled)
    except MalformedSignature:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_no_private_key(raw: bytes) -> None:
    for file in (raw, b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + raw + FILES[0][-36:]):
        with pytest.raises(MalformedSignature):
            SigningKey.read(file)


WEAK = [
    "00" * 32,
    "01" + "00" * 31,
    "01" + "00" * 30 + "80",
    "ec" + "ff" * 31,
    "ee" + "ff" * 30 + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


@pytest.mark.parametrize("text", WEAK)
def test_a_key_under_which_anybody_can_sign_is_refused(text: str) -> None:
    weak = bytes.fromhex(text)
    with pytest.raises(MalformedSignature, match="anybody"):
        PublicKey(sshkey.ED25519, weak)
    with pytest.raises(MalformedNote, match="anybody"):
        VerifierKey("log.example", weak)
    with pytest.raises(MalformedNote, match="anybody"):
        CosignerKey("witness.example", 0x04, weak)


def test_the_weak_keys_are_weak() -> None:
    """The signature of nothing at all holds for many messages, and nobody has the private key."""
    weak = bytes.fromhex(WEAK[1])
    forged = bytes.fromhex(WEAK[1]) + bytes(32)
    assert all(keys.ed25519_holds(weak, forged, message) for message in (b"one", b"two"))


@given(st.integers(0, 400), st.integers(0, 255), st.booleans())
def test_the_short_way_of_verifying_agrees_with_the_long(
    place: int,
    other: int,
    insert: bool,  # noqa: FBT001  # drawn
) -> None:
    key, message = SigningKey.generate(), b"granted"
    armored = signature.sign(key, "decision@sayso", message)
    place %= len(armored)
    changed = armored[:place] + chr(other) + armored[place + (not insert) :]
    for text in (armored, changed):
        outcomes: list[tuple[type[SaysoError] | None, str]] = []
        for way in (signature._plain, lambda *_: None):
            with patch.object(signature, "_plain", way):
                try:
                    signature.verify(key.public, "decision@sayso", message, text)
                except SaysoError as error:
                    outcomes.append((type(error), str(error)))
                else:
                    outcomes.append((None, ""))
        assert outcomes[0] == outcomes[1]
        assert (outcomes[0][0] is None) == (text == armored)
