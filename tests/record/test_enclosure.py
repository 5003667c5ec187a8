"""Sealed texts: one name for one disclosure, and one error for whatever is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedEnclosure
from sayso.record import b64, enclosure

SALTS = st.binary(min_size=16, max_size=16)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), max_codepoint=0x2FF))


@given(TEXTS.map(lambda text: text.encode().decode()), SALTS)
def test_what_was_sealed_is_opened(text: str, salt: bytes) -> None:
    disclosed = enclosure.seal(text, salt=salt)
    assert enclosure.opened(disclosed) == text
    name = enclosure.name(disclosed)
    assert enclosure.is_name(name)
    assert enclosure.digest_of(name) == enclosure.digest(disclosed)
    assert enclosure.read_lines(enclosure.write_lines((disclosed,))) == (disclosed,)


@given(SALTS, SALTS)
def test_the_same_words_under_other_salt_have_another_name(one: bytes, two: bytes) -> None:
    names = {enclosure.name(enclosure.seal("no", salt=each)) for each in (one, two)}
    assert len(names) == len({one, two})


@given(st.binary(max_size=200))
def test_hostile_bytes_raise_one_thing(raw: bytes) -> None:
    for each in (raw, b64.write_url(raw).encode()):
        with pytest.raises(MalformedEnclosure):
            enclosure.opened(each)


@pytest.mark.parametrize(
    "said",
    [
        b'["AAAAAAAAAAAAAAAAAAAAAA"]',
        b'["AAAAAAAAAAAAAAAAAAAAAA","name","value"]',
        b'["AAAAAAAAAAAAAAAAAAAAAB","spare bits"]',
        b'["short","words"]',
        b'["AAAAAAAAAAAAAAAAAAAAAA",7]',
        b'{"salt":"AAAAAAAAAAAAAAAAAAAAAA"}',
        b'["AAAAAAAAAAAAAAAAAAAAAA","cut',
    ],
)
def test_what_is_no_disclosure_is_not_opened(said: bytes) -> None:
    with pytest.raises(MalformedEnclosure):
        enclosure.opened(b64.write_url(said).encode())


@pytest.mark.parametrize("changed", ["", "x", "ni:///sha-256;", "ni:///sha-256;" + "A" * 42 + "B"])
def test_a_name_has_one_spelling(changed: str) -> None:
    assert not enclosure.is_name(changed)
    with pytest.raises(MalformedEnclosure):
        enclosure.digest_of(changed)
