"""Strict YAML → an outline of mappings, lists and scalars that knows where each thing stands.

YAML lets one text mean several things. Here it may not: no anchors, aliases, tags, merge keys,
directives or second document; a key stands once in its mapping and is plain text; nothing is
nested deeper than `DEEPEST`; and a scalar is the text that was written, never guessed to be a
number, a date or null. Control characters and those that reverse the direction of writing are
refused wherever they stand, because a text that shows one thing and says another binds nobody.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from sayso.policy.source import FaultyPolicy, Finding, Page, nearest

LARGEST = 4 * 2**20
DEEPEST = 20
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
_QUOTE = "put a condition between single quotes: '…'"
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, from index `start` up to `end` of the page; `plain` if it stood without quotes."""

    text: str
    plain: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Items in order."""

    items: "tuple[Outline, ...]"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """Keys with what stands under each."""

    entries: "tuple[tuple[Scalar, Outline], ...]"
    start: int
    end: int


Outline = Scalar | Listing | Mapped


@dataclass(frozen=True, slots=True)
class Root:
    """A whole text as an outline."""

    page: Page
    top: Mapped


def decoded(octets: bytes, *, source: str) -> str:
    """Return the text of a file; `FaultyPolicy` if it is not UTF-8."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        page = Page(source, octets[: error.start].decode("utf-8"))
        finding = page.finding(len(page.text), 1, f"byte {error.start} is not UTF-8")
        raise FaultyPolicy([finding]) from None


def outline(text: str, *, source: str) -> Root:
    """Return the outline of a YAML text; `FaultyPolicy` at the first thing it may not hold."""
    page = Page(source, text)
    if len(text) > LARGEST:
        head = Page(source, text[:80])
        message = f"the text is longer than {LARGEST // 2**20} MiB"
        raise FaultyPolicy([head.finding(0, 1, message, "split the policy into several")])
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        code = f"U+{ord(hidden.group()):04X}"
        _refuse(page, hidden.start(), f"the invisible character {code} may not stand here")
    if not unicodedata.is_normalized("NFC", text):
        at = next(
            place
            for place, letter in enumerate(unicodedata.normalize("NFC", text) + " ")
            if text[place : place + 1] != letter
        )
        _refuse(page, at, "the text is not in Unicode normal form C here")
    return Root(page, _Composer(page).compose())


def _refuse(page: Page, at: int, message: str, hint: str = "") -> NoReturn:
    raise FaultyPolicy([page.finding(at, 1, message, hint)])


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark is not None else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


_Open = tuple[int, bool, list[Outline]]


class _Composer:
    """Builds the outline from the parser's events, without recursion."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[_Open] = []
        self.top: Outline | None = None

    def compose(self) -> Mapped:
        try:
            for event in yaml.parse(self.page.text, Loader=_PARSER):
                self.take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = mark.index if mark is not None else 0
            _refuse(self.page, at, f"not YAML: {error.problem or error.context}", _QUOTE)
        except yaml.YAMLError as error:
            _refuse(self.page, 0, f"not YAML: {error}")
        if not isinstance(self.top, Mapped):
            _refuse(self.page, 0, "a mapping of keys is wanted")
        return self.top

    def take(self, event: yaml.Event) -> None:
        start = _start(event)
        match event:
            case yaml.DocumentStartEvent() if self.top is not None:
                _refuse(self.page, start, "a second document may not follow")
            case yaml.DocumentStartEvent() if event.version or event.tags:
                _refuse(self.page, start, "directives may not stand here")
            case yaml.AliasEvent():
                _refuse(self.page, start, "aliases may not stand here", "write it out")
            case yaml.ScalarEvent():
                self.plainly(event)
                self.add(Scalar(event.value, not event.style, start, _end(event)))
            case yaml.CollectionStartEvent():
                self.plainly(event)
                self.begin(event)
            case yaml.CollectionEndEvent():
                self.close(_end(event))
            case _:
                pass  # a stream or a document begins or ends

    def plainly(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        at = _start(event)
        if event.anchor is not None:
            _refuse(self.page, at, "anchors may not stand here", "write it out where it is needed")
        if event.tag is not None:
            _refuse(self.page, at, "tags may not stand here", _QUOTE)

    def begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.open) == DEEPEST:
            _refuse(self.page, _start(event), f"nested deeper than {DEEPEST}")
        mapped = isinstance(event, yaml.MappingStartEvent)
        self.open.append((_start(event), mapped, []))

    def close(self, end: int) -> None:
        start, mapped, items = self.open.pop()
        if not mapped:
            self.add(Listing(tuple(items), start, end))
            return
        entries: list[tuple[Scalar, Outline]] = []
        seen: set[str] = set()
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                _refuse(self.page, key.start, "a key must be plain text")
            if key.text in seen:
                _refuse(self.page, key.start, f"the key `{key.text}` stands twice")
            seen.add(key.text)
            entries.append((key, value))
        self.add(Mapped(tuple(entries), start, end))

    def add(self, found: Outline) -> None:
        if self.open:
            self.open[-1][2].append(found)
        else:
            self.top = found


class Reader:
    """Reads an outline strictly and keeps every finding on the way."""

    def __init__(self, root: Root) -> None:
        self.page = root.page
        self.findings: list[Finding] = []

    def fault(self, at: Outline, message: str, hint: str = "") -> None:
        """Keep a finding."""
        shown = self.page.text[at.start : at.end].split("\n", 1)[0].rstrip()
        self.findings.append(self.page.finding(at.start, len(shown), message, hint))

    def entries(self, of: Outline) -> Iterator[tuple[Scalar, Outline]]:
        """Yield the keys of a mapping with what stands under each."""
        if isinstance(of, Mapped):
            yield from of.entries
        elif not (isinstance(of, Scalar) and of.plain and not of.text):
            self.fault(of, "a mapping of keys is wanted here")

    def items(self, of: Outline | None) -> tuple[Outline, ...]:
        """Return the items of a list; none if there is no list."""
        if of is None or isinstance(of, Listing):
            return of.items if of is not None else ()
        self.fault(of, "a list is wanted here")
        return ()

    def keys(
        self, of: Outline, *, known: Sequence[str], needed: Sequence[str] = ()
    ) -> dict[str, Outline] | None:
        """Return what stands under each key, all of them `known`, or none if one is wrong."""
        if not isinstance(of, Mapped):
            self.fault(of, "a mapping of keys is wanted here", "known are " + ", ".join(known))
            return None
        before = len(self.findings)
        found = {key.text: value for key, value in of.entries}
        for key, _ in of.entries:
            if key.text not in known:
                self.fault(key, f"the key `{key.text}` is not known here", nearest(key.text, known))
        for name in needed:
            if name not in found:
                self.fault(of, f"the key `{name}` is missing")
        return found if len(self.findings) == before else None

    def text(self, of: Outline | None) -> str | None:
        """Return a text, if there is one."""
        if of is None:
            return None
        if isinstance(of, Scalar) and of.text:
            return of.text
        self.fault(of, "text is wanted here")
        return None

    def texts(self, of: Outline | None) -> tuple[str, ...]:
        """Return a list of texts."""
        found = (self.text(each) for each in self.items(of))
        return tuple(each for each in found if each is not None)

    def number(self, of: Outline | None, *, default: int) -> int:
        """Return a whole number, or the default if there is none."""
        text = self.text(of)
        if text is None or of is None:
            return default
        if re.fullmatch(r"0|-?[1-9]\d{0,17}", text, re.ASCII) is None:
            self.fault(of, f"`{text[:30]}` is not a whole number")
            return default
        return int(text)

    def flag(self, of: Outline | None, *, default: bool = False) -> bool:
        """Return true or false, or the default if nothing is said."""
        text = self.text(of)
        if text is None or of is None:
            return default
        if text not in {"true", "false"}:
            self.fault(of, f"`{text[:30]}` is neither true nor false")
        return text == "true"
