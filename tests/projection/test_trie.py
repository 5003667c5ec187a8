"""A map in pieces says what a dictionary says, whatever was done to it, and in one shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.projection import trie
from sayso.projection.trie import Held

KEYS = st.integers(0, 200).map(str)
VALUES = st.one_of(st.integers(), st.text(max_size=5), st.just("x" * 300))
STEPS = st.lists(st.dictionaries(KEYS, st.none() | VALUES, max_size=80), max_size=6)


@given(STEPS)
def test_a_map_says_what_was_set_and_nothing_that_was_taken_away(
    steps: list[dict[str, trie.Json]],
) -> None:
    pieces: dict[str, bytes] = {}
    root, truth = None, dict[str, trie.Json]()
    for step in steps:
        made = trie.changed("map", root, step, Held(pieces))
        for name in made.dropped:
            del pieces[name]
        pieces |= made.added
        root = made.root
        truth = {key: value for key, value in (truth | step).items() if value is not None}
        assert dict(trie.items("map", root, Held(pieces))) == truth
        assert (0 if root is None else root.count) == len(truth)
        for key in {*truth, *step}:
            assert trie.get("map", root, key, Held(pieces)) == truth.get(key)
        anew = trie.changed("map", None, truth, trie.NOWHERE)
        assert (anew.root, anew.added) == (root, pieces)
        assert sorted(trie.names("map", root, Held(pieces))) == sorted(pieces)


MANY = {str(number): number for number in range(1000)}


def test_a_change_touches_few_pieces() -> None:
    whole = trie.changed("map", None, MANY, trie.NOWHERE)
    made = trie.changed("map", whole.root, {"7": 8}, Held(whole.added))
    assert len(made.added) == len(made.dropped) <= 3
    assert len(whole.added) > 50


def test_what_was_not_changed_is_not_dropped() -> None:
    whole = trie.changed("map", None, MANY, trie.NOWHERE)
    made = trie.changed("map", whole.root, {"7": 7, "8": 8}, Held(whole.added))
    assert (made.root, made.dropped) == (whole.root, frozenset())
    assert trie.changed("map", whole.root, {}, trie.NOWHERE).root == whole.root


def test_no_piece_stands_in_the_place_of_another() -> None:
    """Even one that is named rightly: of another map, at another place, of another key."""
    whole = trie.changed("map", None, MANY | {"long": "x" * 300}, trie.NOWHERE)
    for wrong in (_of_another_map(whole), _turned(whole)):
        with pytest.raises(ValueError, match="in the place of another"):
            list(trie.items("map", whole.root, Held(wrong)))


def _of_another_map(whole: trie.Changed) -> dict[str, bytes]:
    return {name: piece.replace(b'"map/', b'"pam/') for name, piece in whole.added.items()}


def _turned(whole: trie.Changed) -> dict[str, bytes]:
    """Return the pieces with two ways of the first fork turned into each other."""
    assert whole.root is not None
    first = json.loads(whole.added[whole.root.name])
    first["ways"][:2] = reversed(first["ways"][:2])
    return {**whole.added, whole.root.name: json.dumps(first).encode()}
