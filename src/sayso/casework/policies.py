"""Policies as the record holds them: exact texts, parsed once."""

from functools import lru_cache

from sayso.policy import document
from sayso.policy.policy import Policy


@lru_cache(maxsize=256)
def parsed(text: str) -> Policy:
    """Return the policy that `text` is; the same text is parsed once."""
    return document.read(text)
