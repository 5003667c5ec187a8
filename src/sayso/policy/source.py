"""Where a text says what: a page, faults found in it, and how they are shown.

A fault is a stretch of one condition with a message and a hint. A finding is a fault in its place
on the page: line and column (both from 1), and the line itself with a caret under what is meant.
A page with findings cannot be meant; `FaultyPolicy` carries all of them, not only the first.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from sayso.errors import MalformedPolicy

WIDEST = 100
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be meant, from `start` up to `end` of a text."""

    start: int
    end: int
    message: str
    hint: str = ""


class Faults(Exception):  # what went wrong is several faults
    """The faults of one condition; never seen outside this package."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in its place: `line` and `column` from 1, and the `snippet` that shows it."""

    source: str
    line: int
    column: int
    message: str
    hint: str
    snippet: str

    def __str__(self) -> str:
        shown = f"{self.source}:{self.line}:{self.column}: {self.message}\n{self.snippet}"
        return f"{shown}\n  hint: {self.hint}" if self.hint else shown


class FaultyPolicy(MalformedPolicy):
    """A policy, or a schema of facts, that cannot be meant, with every finding in it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda each: (each.line, each.column)))
        first = self.findings[0]
        where = f"{first.source}:{first.line}:{first.column}"
        super().__init__(f"{where}: {first.message}", hint=first.hint)

    def __str__(self) -> str:
        shown = "\n".join(str(each) for each in self.findings[:SHOWN])
        rest = len(self.findings) - SHOWN
        return f"{shown}\nand {rest} more" if rest > 0 else shown


@dataclass(frozen=True)
class Page:
    """A text and what it is called."""

    source: str
    text: str

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Return the index at which each line starts."""
        starts = [0]
        starts.extend(place + 1 for place, letter in enumerate(self.text) if letter == "\n")
        return tuple(starts)

    def finding(self, at: int, length: int, message: str, hint: str = "") -> Finding:
        """Return the finding that `length` letters from index `at` on are at fault."""
        at = min(at, len(self.text))
        line = bisect_right(self.starts, at)
        start = self.starts[line - 1]
        shown = self.text[start:].split("\n", 1)[0]
        column = at - start
        snippet = _snippet(line, shown, column, max(1, min(length, len(shown) - column)))
        return Finding(self.source, line, column + 1, message, hint, snippet)


def _snippet(line: int, shown: str, column: int, length: int) -> str:
    cut = max(0, column - WIDEST // 2)
    window = shown[cut : cut + WIDEST]
    marks = "^" + "~" * (min(length, WIDEST // 2) - 1)
    blank = "".join(letter if letter == "\t" else " " for letter in window[: column - cut])
    return f"  {line:>4} | {_visible(window)}\n       | {blank}{marks}"


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\t" else "�" for letter in text)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that names what `name` may have meant, or nothing."""
    names = sorted(set(known))
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return "did you mean " + " or ".join(f"`{each}`" for each in near) + "?"
    if names and len(names) <= 12:  # noqa: PLR2004  # more would be no help
        return "known are " + ", ".join(f"`{each}`" for each in names)
    return ""
