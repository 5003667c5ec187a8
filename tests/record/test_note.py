"""Signed notes: what one signs the other opens, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedNote, Untrue
from sayso.record import note
from sayso.record.note import Signer, VerifierKey

TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know.\n"
LOG = Signer.generate("log.example/one")
OTHER = Signer.generate("log.example/two")

# From C2SP signed-note and the Go package golang.org/x/mod/sumdb/note, which both show this key.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_program_opens() -> None:
    key = VerifierKey.parse(PETER)
    assert str(key) == PETER
    assert note.open(PETERS_NOTE.encode(), [key]).text.endswith("what your problem is.\n")


def test_a_signer_survives_its_file() -> None:
    again = Signer.read(LOG.name, LOG.pem())
    assert again.key == LOG.key
    assert again.pem().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert "secret=<" in repr(again) or "Ed25519 object" in repr(again)


def test_a_key_survives_its_text() -> None:
    assert VerifierKey.parse(str(LOG.key)) == LOG.key


def test_lines_of_unknown_keys_are_ignored() -> None:
    signed = note.sign(TEXT, [OTHER, LOG])
    opened = note.open(signed, [LOG.key])
    assert opened.text == TEXT
    assert [each.key for each in opened.signatures] == [LOG.key]
    assert opened.ignored == 1


def test_a_key_of_the_same_name_is_another_key() -> None:
    twin = Signer.generate(LOG.name)
    with pytest.raises(Untrue, match="no known key"):
        note.open(note.sign(TEXT, [twin]), [LOG.key])


def test_one_bad_line_of_a_known_key_spoils_the_note() -> None:
    good = note.sign(TEXT, [LOG])
    bad = note.Line(OTHER.name, OTHER.key.id, b"\0" * 64)
    with pytest.raises(Untrue, match=OTHER.name):
        note.open(good + str(bad).encode(), [LOG.key, OTHER.key])
    assert note.open(good + str(bad).encode(), [LOG.key]).ignored == 1


def test_a_line_given_twice_counts_once() -> None:
    signed = note.sign(TEXT, [LOG, LOG])
    assert len(note.open(signed, [LOG.key]).signatures) == 1


def test_sixteen_signatures_are_accepted_and_a_hundred_and_one_are_not() -> None:
    sixteen = [Signer.generate(f"witness.example/{number}") for number in range(16)]
    assert len(note.open(note.sign(TEXT, sixteen), [each.key for each in sixteen]).signatures) == 16
    many = note.sign(TEXT, [LOG]) + note.line(TEXT, OTHER) * 100
    with pytest.raises(MalformedNote, match="more than 100"):
        note.open(many, [LOG.key])


def test_a_text_may_have_empty_lines() -> None:
    text = "one\n\n\n— not.a.signature here\n\ntwo\n"
    assert note.open(note.sign(text, [LOG]), [LOG.key]).text == text


def test_every_changed_byte_is_noticed() -> None:
    signed = note.sign(TEXT, [LOG])
    for place in range(len(signed)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(signed)
            changed[place] ^= flip
            with pytest.raises((MalformedNote, Untrue)):
                note.open(bytes(changed), [LOG.key])


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"\n",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n\nnot a signature\n",
        "text\n\n— name\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— na+me AAAAAAAA\n".encode(),
        "text\n\n—  AAAAAAAA\n".encode(),
        "text\n\n— name AAAAAAAA".encode(),
        "te\txt\n\n— name AAAAAAAA\n".encode(),
        "text\r\n\n— name AAAAAAAA\n".encode(),
        "text\n\n— name AAAAAAAB=\n".encode(),
        b"\xff\n\n",
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_malformed(bytes_: bytes) -> None:
    with pytest.raises(MalformedNote):
        note.open(bytes_, [LOG.key])


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+", "name+00000000+", "na me" + str(LOG.key)[15:], str(LOG.key)[:-4], "+" * 9,
     str(LOG.key).replace("+", "+0", 1), "name+e3b0c442+AAAA"],
)  # fmt: skip
def test_what_is_no_key_is_malformed(text: str) -> None:
    with pytest.raises(MalformedNote):
        VerifierKey.parse(text)


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "\ud800\n"])
def test_what_cannot_be_signed_is_refused(text: str) -> None:
    with pytest.raises(MalformedNote):
        note.sign(text, [LOG])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "\ud800"])
def test_what_cannot_name_a_key_is_refused(name: str) -> None:
    with pytest.raises(MalformedNote):
        Signer.generate(name)


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\n", LOG.pem()[:-40], b"\xff"])
def test_what_is_no_private_key_is_malformed(pem: bytes) -> None:
    with pytest.raises(MalformedNote):
        Signer.read("log.example/one", pem)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_note_or_malformed_or_untrue(raw: bytes) -> None:
    for tail in (b"", "\n\n— name AAAAAAAA\n".encode()):
        with pytest.raises((MalformedNote, Untrue)):
            note.open(raw + tail, [LOG.key])


@given(st.text(max_size=120))
def test_any_text_is_a_key_or_malformed(text: str) -> None:
    with pytest.raises(MalformedNote):
        VerifierKey.parse(text)
