"""Policies as the record holds them: exact texts, parsed once."""

from functools import lru_cache

from sayso.policy import document
from sayso.policy.policy import Policy
from sayso.policy.schema import BUILT_IN, Schema


@lru_cache(maxsize=256)
def parsed(text: str, schema: Schema = BUILT_IN) -> Policy:
    """Return the policy that `text` is by the facts of `schema`; the same is parsed once."""
    return document.read(text, schema=schema)
