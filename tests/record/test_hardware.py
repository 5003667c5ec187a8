"""Security keys and passkeys, played in software, against stock `ssh-keygen`."""

import json
import subprocess
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from sayso.dates import Instant
from sayso.errors import MalformedSignature, Untrue
from sayso.record import b64, entry, hardware, keys, signature
from sayso.record.entry import Entry, Signature
from sayso.record.hardware import SK_ED25519, SK_P256, WEBAUTHN, Touch
from sayso.record.signature import Armored, PublicKey
from sayso.record.sshkey import Made
from sayso.record.sshwire import Fields, mpint, string

NAMESPACE = "decision@sayso"
MESSAGE = b'{"outcome":"granted"}'
CHALLENGE = signature.signed_bytes(NAMESPACE, MESSAGE)
DOMAIN, ORIGIN = "office.example", "https://office.example"
EDWARDS, CURVE = keys.Ed25519.generate(), keys.P256.generate()
PUBLIC = {
    SK_ED25519: PublicKey(SK_ED25519, EDWARDS.public, "ssh:"),
    SK_P256: PublicKey(SK_P256, CURVE.public, "ssh:"),
    WEBAUTHN: PublicKey(SK_P256, CURVE.public, DOMAIN),
}
KINDS = list(PUBLIC)


def client(challenge: bytes = CHALLENGE, origin: str = ORIGIN, kind: str = "webauthn.get") -> bytes:
    said = {"type": kind, "challenge": b64.write_url(challenge), "origin": origin}
    return json.dumps({**said, "crossOrigin": False}, separators=(",", ":")).encode()


TOUCHES = {
    SK_ED25519: Touch(0x05, 7),
    SK_P256: Touch(0x01, 2**32 - 1),
    WEBAUTHN: Touch(0x1D, 0, ORIGIN, client()),
}


def statement(kind: str, touch: Touch) -> bytes:
    """Return what the hardware signs, told without the code under test."""
    application = sha256(PUBLIC[kind].application.encode()).digest()
    hashed = sha256(touch.client or CHALLENGE).digest()
    counter = touch.counter.to_bytes(4, "big")
    return application + bytes([touch.flags]) + counter + touch.extensions + hashed


def made(kind: str, touch: Touch | None = None) -> str:
    """Return the armored signature that hardware of `kind` makes over the message."""
    touch = touch or TOUCHES[kind]
    covered = statement(kind, touch)
    if kind == SK_ED25519:
        inner = EDWARDS.sign(covered)
    else:
        inner = b"".join(map(mpint, CURVE.sign(covered)))
    return str(Armored(PUBLIC[kind], NAMESPACE, "sha512", bytes(Made(kind, inner, touch))))


def accepted(folder: Path, kind: str, armored: str, message: bytes = MESSAGE) -> bool:
    """Return whether stock `ssh-keygen -Y verify` takes the signature."""
    (folder / "allowed").write_text(f'ann namespaces="{NAMESPACE}" {PUBLIC[kind]}\n')
    (folder / "sig").write_text(armored)
    command = f"ssh-keygen -Y verify -f allowed -I ann -n {NAMESPACE} -s sig"
    done = subprocess.run(
        command.split(), cwd=folder, input=message, capture_output=True, check=False
    )
    return done.returncode == 0


def held(public: PublicKey, inner: bytes) -> bool:
    """Return whether a signature over the challenge holds for the key."""
    try:
        return public.holds(inner, CHALLENGE)
    except Untrue:
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_it_verifies_here_and_with_ssh_keygen_and_altered_with_neither(
    kind: str, tmp_path: Path
) -> None:
    armored = made(kind)
    signature.verify(PUBLIC[kind], NAMESPACE, MESSAGE, armored)
    assert accepted(tmp_path, kind, armored)
    with pytest.raises(Untrue):
        signature.verify(PUBLIC[kind], NAMESPACE, MESSAGE + b" ", armored)
    with pytest.raises(Untrue):
        signature.verify(PUBLIC[kind], "advice@sayso", MESSAGE, armored)
    assert not accepted(tmp_path, kind, armored, MESSAGE + b" ")


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_hardware_said_can_be_read(kind: str) -> None:
    armored = Armored.parse(made(kind))
    assert armored.touch == TOUCHES[kind]
    assert str(armored) == made(kind) or kind != SK_ED25519
    assert armored.touch is not None
    assert armored.touch.verified == (kind != SK_P256)
    assert armored.touch.passkey == (kind == WEBAUTHN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_in_hardware_has_one_text(kind: str) -> None:
    assert PublicKey.parse(f"{PUBLIC[kind]} ann@office") == PUBLIC[kind]


def test_nobody_touched_it_so_it_holds_for_nobody() -> None:
    for kind in KINDS:
        untouched = made(kind, replace(TOUCHES[kind], flags=0x04))
        with pytest.raises(Untrue):
            signature.verify(PUBLIC[kind], NAMESPACE, MESSAGE, untouched)


CHANGES = [
    {"client": client(b"something else")},
    {"client": client(origin="https://evil.example")},
    {"client": client(kind="webauthn.create")},
    {"client": client()[:-1].replace(b'{"type"', b'{ "type"')},
    {"client": b'{"challenge":"' + b64.write_url(CHALLENGE).encode() + b'"}'},
    {"origin": "https://evil.example"},
    {"origin": ""},
    {"origin": 'https://office.example","crossOrigin":false,"x":"'},
    {"flags": 0x45},
    {"flags": 0x85},
    {"extensions": b"\xa0"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_passkey_that_was_asked_something_else_holds_for_nothing(
    change: dict[str, bytes], tmp_path: Path
) -> None:
    touch = replace(TOUCHES[WEBAUTHN], **change)  # type: ignore[arg-type]  # one of its fields
    armored = made(WEBAUTHN, touch)
    with pytest.raises(Untrue):
        signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)
    assert not accepted(tmp_path, WEBAUTHN, armored)


def test_extensions_are_part_of_what_is_signed(tmp_path: Path) -> None:
    touch = replace(TOUCHES[WEBAUTHN], flags=0x85, extensions=b"\xa1\x61x\x01")
    armored = made(WEBAUTHN, touch)
    signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)
    assert accepted(tmp_path, WEBAUTHN, armored)


# --- whose passkey, and who asked ---------------------------------------------------------------


def asked(origin: str = ORIGIN, flags: int = 0x05, more: bytes = b"") -> Touch:
    """Return the touch of a passkey that a page of `origin` asked, rightly made in all else."""
    said = client(origin=origin)
    return Touch(flags, 0, origin, said[:-1] + more + b"}" if more else said)


@pytest.mark.parametrize(
    ("touch", "why"),
    [
        (asked(flags=0x01), "did not ask who signs"),
        (asked("https://evil.example"), "evil.example"),
        (asked("https://notoffice.example"), "notoffice.example"),
        (asked("https://office.example.evil.example"), "evil.example"),
        (asked("https://example"), "a page of"),
        (asked("https://office.example:0evil"), "a page of"),
        (asked("https://office.example@evil.example"), "a page of"),
        (asked("https://office.example."), "a page of"),
        (asked("https://office.example/"), "a page of"),
        (asked("http://office.example"), "a page of"),
        (asked("http://localhost"), "a page of"),
        (asked("http://localhost.office.example"), "a page of"),
        (asked("android:apk-key-hash:office.example"), "a page of"),
        (asked(""), "a page of"),
    ],
)
def test_a_passkey_counts_only_if_it_knew_who_and_its_own_domain_asked(
    touch: Touch, why: str, tmp_path: Path
) -> None:
    """Stock `ssh-keygen` takes each of these: nobody else would look."""
    armored = made(WEBAUTHN, touch)
    assert accepted(tmp_path, WEBAUTHN, armored)
    with pytest.raises(Untrue, match=why):
        signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)
    with pytest.raises(MalformedSignature, match=why):
        signature.from_passkey(PUBLIC[WEBAUTHN], CHALLENGE, **assertion(touch))


@pytest.mark.parametrize(
    "said",
    [
        client().replace(b'"crossOrigin":false', b'"crossOrigin":true'),
        client().replace(b'"crossOrigin":false', b'"crossOrigin":"true"'),
        client()[:-1] + b',"crossOrigin":true}',
        client() + b"}",
        client()[:-1],
    ],
)
def test_a_page_within_anothers_page_asks_for_nothing(said: bytes, tmp_path: Path) -> None:
    armored = made(WEBAUTHN, replace(TOUCHES[WEBAUTHN], client=said))
    assert accepted(tmp_path, WEBAUTHN, armored)
    with pytest.raises(Untrue, match=r"page within|strict JSON"):
        signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)


@pytest.mark.parametrize(
    "origin",
    ["https://office.example", "https://office.example:8443", "https://sign.office.example"],
)
def test_any_page_of_its_domain_may_ask_a_passkey(origin: str, tmp_path: Path) -> None:
    armored = made(WEBAUTHN, asked(origin))
    signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)
    assert accepted(tmp_path, WEBAUTHN, armored)


def test_on_ones_own_machine_a_passkey_may_be_tried_without_tls() -> None:
    touch = asked("http://localhost:8000")
    assert hardware.covered(touch, "localhost", CHALLENGE)


def test_a_passkey_without_its_browser_must_have_known_who_as_well() -> None:
    """Whoever has it in hand can ask it for a security key's signature."""
    covered = statement(WEBAUTHN, Touch(0x01, 0))
    inner = b"".join(map(mpint, CURVE.sign(covered)))
    with pytest.raises(Untrue, match="who signs"):
        PUBLIC[WEBAUTHN].holds(bytes(Made(SK_P256, inner, Touch(0x01, 0))), CHALLENGE)


def test_an_entry_signed_by_a_passkey_that_did_not_know_who_holds_for_nobody() -> None:
    payload = b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAA"}'
    challenge = signature.signed_bytes("decision@sayso", payload)
    public = PUBLIC[WEBAUTHN]
    for flags in (0x01, 0x05):
        touch = Touch(flags, 0, ORIGIN, client(challenge))
        inner = b"".join(map(mpint, CURVE.sign(statement(WEBAUTHN, touch))))
        armored = str(Armored(public, NAMESPACE, "sha512", bytes(Made(WEBAUTHN, inner, touch))))
        signed = Signature(public.fingerprint, armored)
        made_ = Entry("decision", payload, (signed,), Instant(0))
        assert entry.vouched(made_).holding == ({public.fingerprint} if flags == 0x05 else set())
        if flags == 0x01:
            with pytest.raises(Untrue, match="who signs"):
                entry.check(made_, public)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_for_another_application_is_another_key(kind: str) -> None:
    other = replace(PUBLIC[kind], application="other.example")
    assert other.fingerprint != PUBLIC[kind].fingerprint
    inner = Armored.parse(made(kind)).signature
    assert PUBLIC[kind].holds(inner, CHALLENGE)
    assert not held(other, inner)


# --- from a browser -----------------------------------------------------------------------------


def assertion(touch: Touch | None = None) -> dict[str, bytes]:
    touch = touch or TOUCHES[WEBAUTHN]
    covered = statement(WEBAUTHN, touch)
    return {
        "authenticator": covered[:-32],
        "client": touch.client,
        "signature": encode_dss_signature(*CURVE.sign(covered)),
    }


def test_a_browsers_assertion_becomes_a_signature_that_ssh_keygen_takes(tmp_path: Path) -> None:
    for touch in (None, replace(TOUCHES[WEBAUTHN], flags=0x85, extensions=b"\xa1\x61x\x01")):
        armored = signature.from_passkey(PUBLIC[WEBAUTHN], CHALLENGE, **assertion(touch))
        signature.verify(PUBLIC[WEBAUTHN], NAMESPACE, MESSAGE, armored)
        assert accepted(tmp_path, WEBAUTHN, armored)


@pytest.mark.parametrize(
    "change",
    [
        {"authenticator": b""},
        {"authenticator": sha256(b"evil.example").digest() + b"\x05" + bytes(4)},
        {"authenticator": assertion()["authenticator"][:32] + b"\x04" + bytes(4)},
        {"authenticator": assertion()["authenticator"] + b"\xa0"},
        {"client": client(b"something else")},
        {"client": client(kind="webauthn.create")},
        {"client": client()[:150]},
        {"client": client().replace(b"office", b"\xff")},
        {"signature": b""},
        {"signature": b"\x30\x06\x02\x01\x00"},
    ],
)
def test_an_assertion_that_does_not_fit_is_malformed(change: dict[str, bytes]) -> None:
    with pytest.raises(MalformedSignature):
        signature.from_passkey(PUBLIC[WEBAUTHN], CHALLENGE, **{**assertion(), **change})


def test_only_an_es256_passkey_and_an_ssh_challenge_will_do() -> None:
    with pytest.raises(MalformedSignature, match="ES256"):
        signature.from_passkey(PUBLIC[SK_ED25519], CHALLENGE, **assertion())
    with pytest.raises(MalformedSignature):
        signature.from_passkey(PUBLIC[WEBAUTHN], b"no challenge", **assertion())


# --- hostile ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_changed_byte_is_noticed(kind: str) -> None:
    armored = made(kind)
    for place in range(len(armored)):
        changed = armored[:place] + chr(ord(armored[place]) ^ 1) + armored[place + 1 :]
        with pytest.raises((MalformedSignature, Untrue)):
            signature.verify(PUBLIC[kind], NAMESPACE, MESSAGE, changed)


def test_a_plain_signature_of_the_same_key_is_not_the_hardwares() -> None:
    plain = Made("ssh-ed25519", EDWARDS.sign(CHALLENGE))
    with pytest.raises(MalformedSignature, match="not of type"):
        PUBLIC[SK_ED25519].holds(bytes(plain), CHALLENGE)
    touched = Made(SK_P256, b"".join(map(mpint, CURVE.sign(CHALLENGE))), Touch(1, 0))
    assert not PUBLIC[SK_P256].holds(bytes(touched), CHALLENGE)


def test_a_key_is_for_an_application_exactly_when_it_is_in_hardware() -> None:
    with pytest.raises(MalformedSignature):
        PublicKey("ssh-ed25519", EDWARDS.public, "ssh:")
    with pytest.raises(MalformedSignature):
        PublicKey(SK_ED25519, EDWARDS.public)


def test_a_passkeys_signature_without_client_data_is_malformed() -> None:
    raw = b"\x05" + bytes(4) + string(b"") * 3
    with pytest.raises(MalformedSignature):
        hardware.read(Fields(raw), WEBAUTHN)


@given(st.sampled_from(KINDS), st.binary(max_size=120))
def test_any_bytes_are_malformed_or_do_not_hold(kind: str, raw: bytes) -> None:
    for given_ in (raw, string(kind.encode()) + raw, string(kind.encode()) + string(raw) + raw):
        with suppress(MalformedSignature):
            assert not held(PUBLIC[kind], given_)
