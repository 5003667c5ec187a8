"""Parts of a state that are the very same: what was worked out of them holds as long as they are.

States that follow one another share nearly all their parts. Whether two parts are equal would take
as long to say as the work that is to be saved; that they are the same object is told at once, and
is enough, for nothing in a state is ever changed.

>>> offices, terms = ["one"], ["two"]
>>> Same(offices, terms) == Same(offices, terms)
True
>>> Same(offices, terms) == Same(["one"], terms)
False
"""

from typing import Generic, TypeVarTuple

Parts = TypeVarTuple("Parts")


class Same(Generic[*Parts]):
    """Some parts as a key of what is kept: it equals another of the very same parts only."""

    __slots__ = ("key", "parts")

    def __init__(self, *parts: *Parts) -> None:
        self.parts = parts
        self.key = tuple(map(id, parts))  # of nothing else, as long as this is kept

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.key == other.key
