"""The words behind the names: what was sealed is opened last of all, in what a reader is shown.

Everything before this (a rule, a view, a page) handles the names of sealed texts only. So a reader
is shown the words of just those texts whose names were left for them to see; and a record without
its words gives the same answers. A text that is not in the store was erased, and the entry that
says so is named; or it was lost.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from sayso.casework.state import State
from sayso.errors import MalformedEnclosure
from sayso.record import enclosure
from sayso.record.enclosure import NAME
from sayso.store.contract import Store

LOST = "(lost)"

T = TypeVar("T")

_SHOWN = re.compile(rf"^(?P<mark>[^\w\n]*)(?P<lined>{NAME.pattern})$|{NAME.pattern}", re.MULTILINE)
"""A name; or one that fills a line but for a mark before it, whose words may fill several."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words by their names."""

    by_name: dict[str, str]

    @classmethod
    def of(cls, names: Iterable[str], store: Store, state: Callable[[], State]) -> "Words":
        """Return the words of `names` that `store` has, and what became of the others."""
        wanted = {enclosure.digest_of(each): each for each in names}
        found = {each: _words(kept) for each, kept in store.enclosed(list(wanted)).items()}
        missing = wanted.keys() - found.keys()
        erased = state().erased if missing else {}
        told = {each: _absent(erased.get(each.hex())) for each in missing}
        return cls({wanted[each]: text for each, text in (found | told).items()})

    def opened(self, thing: T) -> T:
        """Return what a query has found, with the words in it."""
        opened: T = self.value(thing) if self.by_name else thing  # type: ignore[assignment]  # of the shape it had
        return opened

    def value(self, value: object) -> object:
        """Return a value, such as is shown to a program, with the words in it."""
        if isinstance(value, str):
            return NAME.sub(lambda found: self.by_name[found[0]], value)
        if isinstance(value, list | tuple):
            return type(value)(map(self.value, value))
        if isinstance(value, dict):
            return {key: self.value(each) for key, each in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            parts = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
            return replace(value, **{name: self.value(each) for name, each in parts.items()})
        return value

    def text(self, text: str) -> str:
        """Return a text that is shown to a person, with the words in it.

        Words that have a line to themselves keep their lines, each under the same mark; elsewhere
        the ends of their lines are written out.
        """
        return _SHOWN.sub(self._shown, text)  # in one pass: a name within the words is not opened

    def _shown(self, found: re.Match[str]) -> str:
        if found["lined"] is None:
            return self.by_name[found[0]].replace("\n", "\\n")
        lines = self.by_name[found["lined"]].splitlines()
        return "\n".join(found["mark"] + each for each in lines)


def names(value: object) -> frozenset[str]:
    """Return every name in what is to be shown: a text, a value, or what a query has found."""
    if isinstance(value, str):
        return frozenset(found[0] for found in NAME.finditer(value))
    if isinstance(value, dict):
        return frozenset().union(*map(names, value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*map(names, value))
    if is_dataclass(value) and not isinstance(value, type):
        return names([getattr(value, each.name) for each in fields(value)])
    return frozenset()


def _words(kept: bytes) -> str:
    try:
        return enclosure.opened(kept)
    except MalformedEnclosure:
        return "(an attachment, and no text)"


def _absent(erased_by: int | None) -> str:
    return LOST if erased_by is None else f"(erased by entry {erased_by})"
