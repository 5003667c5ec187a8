"""The name of a key in a token says one thing, and nothing in it is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import TokenError
from sayso.tokens.uri import KeyUri

SHOWN = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
PLACES = SHOWN.map(lambda text: f"/{text}")
URIS = st.builds(
    KeyUri,
    module=PLACES,
    object=SHOWN,
    id=st.none() | st.binary(min_size=1, max_size=20),
    token=st.none() | SHOWN,
    serial=st.none() | SHOWN,
    manufacturer=st.none() | SHOWN,
    model=st.none() | SHOWN,
    pin_source=st.none() | PLACES,
)
LIB = "?module-path=/lib/x.so"


@given(URIS)
def test_a_name_survives_its_text(uri: KeyUri) -> None:
    text = str(uri)
    assert KeyUri.parse(text) == uri
    assert text.isascii()
    assert " " not in text
    assert "\n" not in text


@given(st.text(max_size=60))
def test_whatever_else_is_said_is_refused_in_words(text: str) -> None:
    for each in (text, f"pkcs11:{text}", f"pkcs11:object={text}{LIB}"):
        try:
            found = KeyUri.parse(each)
        except TokenError:
            continue
        assert KeyUri.parse(str(found)) == found


def test_the_examples_of_the_standard_are_read() -> None:
    """RFC 7512 §3, as far as they name a private key."""
    told = "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;object=my-certificate;type=private"
    uri = KeyUri.parse(f"{told};id=%69%95%3E%5C%F4%BD%EC%91{LIB}&pin-source=file:/etc/token")
    assert uri.token == "The Software PKCS#11 Softtoken"
    assert uri.id == bytes.fromhex("69953e5cf4bdec91")
    assert uri.pin_source == "/etc/token"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pkcs11: URI"),
        ("pkcs12:object=a" + LIB, "no pkcs11: URI"),
        ("pkcs11:" + LIB, "by `object` or by `id`"),
        ("pkcs11:token=a" + LIB, "by `object` or by `id`"),
        ("pkcs11:object=" + LIB, "by `object` or by `id`"),
        ("pkcs11:object=a", "module-path"),
        ("pkcs11:object=a?module-path=x.so", "whole path"),
        ("pkcs11:object=a" + LIB + "&pin-value=1234", "not written into a URI"),
        ("pkcs11:pin-value=1234;object=a" + LIB, "not written into a URI"),
        ("pkcs11:object=a;object=b" + LIB, "twice"),
        ("pkcs11:object=a;type=cert" + LIB, "type=private"),
        ("pkcs11:object=a;slot-id=1" + LIB, "nothing that names a key"),
        ("pkcs11:object=a;module-path=/lib/x.so", "nothing that names a key"),
        ("pkcs11:object=a" + LIB + "&module-name=x", "nothing that names a key"),
        ("pkcs11:object=a" + LIB + "&pin-source=|/bin/cat", "whole path"),
        ("pkcs11:object=%ff" + LIB, "not UTF-8"),
        ("pkcs11:object=%0a" + LIB, "cannot be shown"),
        ("pkcs11:object=a%2" + LIB, "not written"),
        ("pkcs11:object=a b" + LIB, "not written"),
        ("pkcs11:object=" + "a" * 3000 + LIB, "no pkcs11: URI"),
    ],
)
def test_what_would_not_be_heeded_is_refused(text: str, said: str) -> None:
    with pytest.raises(TokenError, match=said):
        KeyUri.parse(text)


def test_a_pin_is_never_repeated() -> None:
    with pytest.raises(TokenError) as caught:
        KeyUri.parse("pkcs11:object=a;pin-value=872364" + LIB)
    assert "872364" not in str(caught.value)
