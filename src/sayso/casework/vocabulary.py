"""The facts there are to speak of on this record: the built-in ones, and those that were added."""

from collections.abc import Iterable
from functools import lru_cache

from sayso.casework.events import Vocabulary
from sayso.policy.schema import BUILT_IN, Schema

CIRCUMSTANCES = "circumstances"


def schema(vocabularies: Iterable[Vocabulary]) -> Schema:
    """Return the schema with what each of `vocabularies` added; the same ones give the same."""
    return _extended(tuple(each.text for each in vocabularies))


@lru_cache(maxsize=64)
def _extended(texts: tuple[str, ...]) -> Schema:
    if not texts:
        return BUILT_IN
    *before, last = texts
    return _extended(tuple(before)).extended(last, source="the vocabulary")


def added(before: Iterable[Vocabulary], said: Vocabulary) -> tuple[str, ...]:
    """Return the names of the circumstances that a vocabulary adds to those before it."""
    earlier = tuple(before)
    known = schema(earlier).groups.get(CIRCUMSTANCES, {})
    return tuple(schema((*earlier, said)).groups[CIRCUMSTANCES].keys() - known.keys())
