"""One entry, one text; and a signature over one kind of thing is none over another."""

import json
import subprocess
import unicodedata
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.dates import Instant
from sayso.errors import Malformed, MalformedEntry, MalformedSignature, Untrue
from sayso.record import b64, entry
from sayso.record.entry import Entry, Signature
from sayso.record.signature import SigningKey

ANN, BEN = SigningKey.generate(), SigningKey.generate("ecdsa-sha2-nistp256")
NONCE = entry.nonce(bytes(range(16)))
PAYLOAD = json.dumps({"outcome": "granted", "nonce": NONCE}).encode()
AT = Instant.parse("2025-05-30T12:00:00.5Z")


def made(kind: str = "decision", payload: bytes = PAYLOAD) -> Entry:
    signatures = tuple(entry.sign(key, kind, payload) for key in (ANN, BEN))
    return Entry(kind, payload, signatures, AT)


WRITTEN = entry.write(made())


def test_what_is_written_is_read() -> None:
    assert entry.read(WRITTEN) == made() or entry.read(WRITTEN).payload == PAYLOAD
    assert entry.write(entry.read(WRITTEN)) == WRITTEN


def test_an_entry_has_exactly_the_keys_that_are_documented() -> None:
    value = json.loads(WRITTEN)
    assert sorted(value) == ["payload", "payloadType", "recordedAt", "signatures"]
    assert value["payloadType"] == "application/vnd.sayso.decision.v1+json"
    assert value["recordedAt"] == "2025-05-30T12:00:00.5Z"
    assert [sorted(each) for each in value["signatures"]] == [["keyid", "sig"]] * 2


def test_each_signer_is_verified() -> None:
    read = entry.read(WRITTEN)
    entry.check(read, ANN.public)
    entry.check(read, BEN.public)
    with pytest.raises(Untrue, match="has not signed"):
        entry.check(read, SigningKey.generate().public)


def test_ssh_keygen_verifies_an_entry_with_nothing_but_its_payload(tmp_path: Path) -> None:
    read = entry.read(WRITTEN)
    (tmp_path / "allowed").write_text(f'ann namespaces="decision@sayso" {ANN.public}\n')
    (tmp_path / "sig").write_text(read.signatures[0].sig)
    for kind, status in (("decision", 0), ("advice", 255)):
        command = f"ssh-keygen -Y verify -f allowed -I ann -n {kind}@sayso -s sig"
        done = subprocess.run(
            command.split(), cwd=tmp_path, input=read.payload, capture_output=True, check=False
        )
        assert done.returncode == status


def test_a_signature_over_one_kind_is_none_over_another() -> None:
    moved = Entry("advice", PAYLOAD, made().signatures, AT)
    with pytest.raises(Untrue, match="for `decision@sayso`"):
        entry.check(moved, ANN.public)


def test_a_signature_moved_to_another_payload_is_untrue() -> None:
    other = PAYLOAD.replace(b"granted", b"refused")
    with pytest.raises(Untrue, match="does not fit"):
        entry.check(Entry("decision", other, made().signatures, AT), ANN.public)


def test_a_signature_under_anothers_name_is_untrue() -> None:
    relabelled = Signature(BEN.public.fingerprint, entry.sign(ANN, "decision", PAYLOAD).sig)
    with pytest.raises(Untrue):
        entry.check(Entry("decision", PAYLOAD, (relabelled,), AT), BEN.public)


def test_a_second_line_of_the_signer_that_does_not_hold_is_untrue() -> None:
    bad = Signature(ANN.public.fingerprint, entry.sign(BEN, "decision", PAYLOAD).sig)
    with pytest.raises(Untrue):
        entry.check(Entry("decision", PAYLOAD, (*made().signatures, bad), AT), ANN.public)
    bad = Signature(ANN.public.fingerprint, "nothing")
    with pytest.raises(MalformedSignature):
        entry.check(Entry("decision", PAYLOAD, (bad,), AT), ANN.public)


def test_the_time_of_recording_is_not_the_signers_word() -> None:
    later = Entry("decision", PAYLOAD, made().signatures, Instant.parse("2026-01-01T00:00:00Z"))
    entry.check(later, ANN.public)
    assert entry.write(later) != WRITTEN


def compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_every_other_text_of_the_same_entry_is_malformed() -> None:
    value = json.loads(WRITTEN)
    extra = {**value, "more": 1}
    padded = {**value, "payload": value["payload"] + "\n"}
    zoned = {**value, "recordedAt": "2025-05-30T12:00:00.50Z"}
    missing = {key: each for key, each in value.items() if key != "signatures"}
    assert compact(value) == WRITTEN.decode()
    for text in (
        json.dumps(value),
        json.dumps(value, indent=1),
        json.dumps(dict(reversed(value.items())), separators=(",", ":")),
        *map(compact, (extra, padded, zoned, missing, [value])),
        WRITTEN.decode().replace("decision", "decisi\\u006fn"),
        WRITTEN.decode().replace(".v1+", ".v2+"),
        WRITTEN.decode().replace(".sayso.", ".other."),
        WRITTEN.decode() + "\n",
        " " + WRITTEN.decode(),
    ):
        with pytest.raises(MalformedEntry):
            entry.read(text.encode())


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"nonce":1}',
        b'{"nonce":""}',
        b'{"nonce":"AAAA"}',
        b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAB"}',
        b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAA=="}',
        b'{"nonce":"AAAAAAAAAAAAAAAAAAAA+A"}',
        b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAA","nonce":"AAAAAAAAAAAAAAAAAAAAAA"}',
        b'{"nonce":"AAAAAAAAAAAAAAAAAAAAAA","share":0.5}',
        b"\xff",
    ],
)
def test_a_payload_that_is_not_strict_or_has_no_nonce_is_malformed(payload: bytes) -> None:
    with pytest.raises(MalformedEntry):
        Entry("decision", payload, (), AT)
    raw = WRITTEN.replace(b64.write(PAYLOAD).encode(), b64.write(payload).encode())
    with pytest.raises(MalformedEntry):
        entry.read(raw)


@pytest.mark.parametrize("kind", ["", "Decision", "a b", "-a", "a-", "a--b", "a.b", "a" * 33, "é"])
def test_what_is_no_kind_is_malformed(kind: str) -> None:
    with pytest.raises(MalformedEntry):
        Entry(kind, PAYLOAD, (), AT)


def test_a_long_entry_is_refused_with_what_to_do() -> None:
    long = json.dumps({"nonce": NONCE, "text": "x" * 50_000}).encode()
    with pytest.raises(MalformedEntry, match="SHA-256"):
        entry.write(Entry("decision", long, (), AT))
    with pytest.raises(MalformedEntry):
        entry.read(b"x" * 65_536)


def test_the_longest_entry_is_65535_bytes() -> None:
    room = 65_535 - len(entry.write(Entry("decision", PAYLOAD, (), AT)))
    longest = json.dumps({"nonce": NONCE, "outcome": "granted" + "x" * (room // 4 * 3)})
    raw = entry.write(Entry("decision", longest.encode(), (), AT))
    assert 65_530 < len(raw) <= 65_535
    assert entry.read(raw).payload == longest.encode()


def test_too_many_signatures_and_wrong_names_are_malformed() -> None:
    with pytest.raises(MalformedEntry, match="at most 16"):
        Entry("decision", PAYLOAD, made().signatures * 9, AT)
    for keyid in ("", "SHA256:short", "MD5:00", ANN.public.fingerprint + "A"):
        with pytest.raises(MalformedEntry):
            Signature(keyid, "")


def test_a_nonce_is_sixteen_bytes() -> None:
    assert len(NONCE) == 22
    with pytest.raises(MalformedEntry):
        entry.nonce(b"short")


@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)), st.integers(0, 40))
def test_any_bytes_are_malformed(raw: bytes, place: int, cut: int) -> None:
    with pytest.raises(MalformedEntry):
        entry.read(raw)
    mangled = WRITTEN[:place] + raw + WRITTEN[place + cut :]
    if mangled != WRITTEN:
        try:
            assert entry.write(entry.read(mangled)) == mangled
        except MalformedEntry:
            return


def told(raw: bytes) -> Entry | str:
    try:
        return entry.read(raw)
    except MalformedEntry as error:
        return str(error)


PLAIN = entry.write(Entry("decision", PAYLOAD, (entry.sign(ANN, "decision", PAYLOAD),), AT))
UNSIGNED = entry.write(Entry("decision", PAYLOAD, (), AT))


def both_ways(raw: bytes) -> Entry | str:
    """Return what reading tells, which must be the same without the short way."""
    quick = told(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "_plain", lambda _: None)
        assert told(raw) == quick, raw
    return quick


def test_the_short_way_of_reading_takes_what_is_written_and_nothing_else() -> None:
    for whole in (PLAIN, UNSIGNED):
        assert entry._plain(whole) == both_ways(whole)
        assert isinstance(both_ways(whole), Entry)
        for place in range(len(whole)):
            for other in (whole[place] ^ 1, whole[place] ^ 32, ord('"'), ord("\\"), ord("n")):
                both_ways(whole[:place] + bytes([other]) + whole[place + 1 :])
            both_ways(whole[:place] + whole[place + 1 :])
    assert entry._plain(WRITTEN) is None


@given(st.binary(max_size=30), st.integers(0, 1_200), st.integers(0, 40))
def test_the_short_way_agrees_with_the_long_on_any_change(raw: bytes, at: int, cut: int) -> None:
    both_ways(PLAIN[:at] + raw + PLAIN[at + cut :])


@given(st.text(max_size=40).map(lambda text: unicodedata.normalize("NFC", text)))
def test_the_short_way_agrees_with_the_long_on_any_text(text: str) -> None:
    signature = Signature(ANN.public.fingerprint, text)
    both_ways(entry.write(Entry("decision", PAYLOAD, (signature,), AT)))


@given(
    st.text(st.sampled_from('a"\\\n{}[],:é\x7f '), max_size=12),
    st.integers(0, 2),
)
def test_the_short_way_of_writing_gives_what_the_long_way_gives(sig: str, count: int) -> None:
    keyid = ANN.public.fingerprint
    one = Entry("decision", PAYLOAD, (Signature(keyid, sig),) * count, AT)
    short = entry._plainly(one)
    with suppress(Malformed):
        with patch.object(entry, "_plainly", return_value=None):
            long = entry.write(one)
        assert short in {None, long}
        assert entry.write(one) == long
    assert entry._plainly(Entry("decision", PAYLOAD, (), AT)) is not None


def test_a_signature_is_looked_at_once_and_holds_at_any_time() -> None:
    once = entry.vouched(made())
    assert once.holding == {ANN.public.fingerprint, BEN.public.fingerprint}
    later = entry.stamped(once, Instant(0))
    assert (later, later.holding) == (
        Entry("decision", PAYLOAD, once.signatures, Instant(0)),
        once.holding,
    )
    entry.check(later, ANN.public)
    other = entry.vouched(Entry("decision", PAYLOAD.replace(b"granted", b"refused"), *_rest(once)))
    assert other.holding == frozenset()


def _rest(of: Entry) -> tuple[tuple[Signature, ...], Instant]:
    return of.signatures, of.recorded_at
