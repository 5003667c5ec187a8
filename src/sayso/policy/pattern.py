r"""Regular expressions in the part of RE2's syntax that means the same everywhere.

Letters, `.`, classes `[a-z]`, `[^…]`, `\d \w \s` and their opposites (ASCII, as in RE2), groups
`(…)` and `(?:…)`, `|`, the repetitions `* + ? {n} {n,} {n,m}`, and the anchors `^` and `$`, which
are the ends of the text. What is left out either means different things to different engines
(`\b`, flags, Unicode classes) or does not exist in RE2 (references, looking around).

A text is matched by following all ways through the expression at once, so the time is bounded by
the length of the text times that of the expression, whatever is asked.

>>> matches("^a(b|c)+$", "abcb"), matches("b{2}", "ab")
(True, False)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LARGEST = 1000
_MOST = 100
_TOP = 0x10FFFF


class Unmatchable(Exception):  # what cannot be matched
    """Not an expression of this part of RE2; never seen outside this package."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Letters:
    """One letter whose code lies in one of the `spans`, both ends included."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """The start of the text, or its end."""

    start: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One after another."""

    parts: "tuple[Regex, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these."""

    parts: "tuple[Regex, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """From `least` to `most` times; without end if there is no most."""

    of: "Regex"
    least: int
    most: int | None


Regex = Letters | Edge | Row | Either | Repeat

_DIGIT = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = ((9, 10), (12, 13), (32, 32))
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_SPECIAL = frozenset(r"\.+*?()|[]{}^$")


@lru_cache(maxsize=1024)
def parsed(text: str) -> Regex:
    """Return the tree of an expression; `Unmatchable` if it is none."""
    parser = _Parser(text)
    found = parser.either()
    if parser.at < len(text):
        raise Unmatchable("the `)` closes nothing", r"write a bracket itself as `\)`")
    if _size(found) > LARGEST:
        raise Unmatchable("the expression is too large", "repeat less often")
    return found


def _size(of: Regex) -> int:
    match of:
        case Row(parts) | Either(parts):
            return 1 + sum(_size(each) for each in parts)
        case Repeat(inner, least, most):
            return 1 + _size(inner) * max(1, least + 1 if most is None else most)
        case Letters() | Edge():
            return 1


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    @property
    def ahead(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        letter = self.ahead
        self.at += 1
        return letter

    def either(self) -> Regex:
        self.depth += 1
        if self.depth > 30:  # noqa: PLR2004  # brackets within brackets
            raise Unmatchable("the brackets are nested too deep")
        parts = [self.row()]
        while self.ahead == "|":
            self.take()
            parts.append(self.row())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def row(self) -> Regex:
        parts: list[Regex] = []
        while self.ahead and self.ahead not in "|)":
            parts.append(self.repeated(self.single()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def single(self) -> Regex:
        letter = self.take()
        match letter:
            case "(":
                return self.group()
            case "[":
                return self.bracketed()
            case ".":
                return Letters(_others(((10, 10),)))
            case "^" | "$":
                return Edge(letter == "^")
            case "\\":
                return Letters(self.escaped())
            case "*" | "+" | "?" | "{":
                raise Unmatchable(f"`{letter}` repeats nothing", f"write it as `\\{letter}`")
            case _:
                return Letters(((ord(letter), ord(letter)),))

    def group(self) -> Regex:
        if self.ahead == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise Unmatchable("of the special groups only `(?:` is part of the language")
            self.at += 2
        inner = self.either()
        if self.take() != ")":
            raise Unmatchable("a `(` is never closed")
        return inner

    def escaped(self) -> tuple[tuple[int, int], ...]:
        letter = self.take()
        if letter.lower() in _CLASSES and letter:
            spans = _CLASSES[letter.lower()]
            return spans if letter.islower() else _others(spans)
        plain = _CONTROLS.get(letter, letter if letter and not letter.isalnum() else "")
        if not plain or not letter.isascii():
            raise Unmatchable(f"`\\{letter}` is not part of the language")
        return ((ord(plain), ord(plain)),)

    def bracketed(self) -> Regex:
        opposite = self.ahead == "^"
        self.at += opposite
        spans: list[tuple[int, int]] = []
        first = True
        while first or self.ahead != "]":
            first = False
            spans.extend(self.range())
        self.take()
        merged = _merged(spans)
        return Letters(_others(merged) if opposite else merged)

    def range(self) -> Iterable[tuple[int, int]]:
        low = self.member()
        if self.ahead != "-" or self.text[self.at + 1 : self.at + 2] in {"]", ""}:
            return low
        self.take()
        high = self.member()
        if len(low) > 1 or len(high) > 1 or low[0][0] > high[0][1]:
            raise Unmatchable("a range within `[…]` must run from a letter to a later one")
        return ((low[0][0], high[0][1]),)

    def member(self) -> tuple[tuple[int, int], ...]:
        letter = self.take()
        if not letter:
            raise Unmatchable("a `[` is never closed")
        if letter == "[" and self.ahead == ":":
            raise Unmatchable("named classes are not part of the language", "use `[a-z]` or `\\w`")
        return self.escaped() if letter == "\\" else ((ord(letter), ord(letter)),)

    def repeated(self, of: Regex) -> Regex:
        marks = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        letter = self.ahead
        if letter not in {*marks, "{"}:
            return of
        self.take()
        least, most = marks[letter] if letter in marks else self.counted()
        if self.ahead == "?":
            self.take()
        if self.ahead in {"*", "+", "?", "{"}:
            raise Unmatchable("a repetition may not be repeated", "put brackets around it")
        return Repeat(of, least, most)

    def counted(self) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.at :].partition("}")
        low, comma, high = inside.partition(",")
        digits = [each for each in (low, high) if each]
        if not closed or not low or any(not each.isdecimal() or len(each) > 3 for each in digits):  # noqa: PLR2004  # far beyond the most
            raise Unmatchable("`{` must begin a count, as in `{2}` or `{2,5}`", r"or write `\{`")
        self.at += len(inside) + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if least > _MOST or (most is not None and not least <= most <= _MOST):
            raise Unmatchable(f"a count lies between 0 and {_MOST}, the lesser first")
        return least, most


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def _others(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    after = 0
    for low, high in spans:
        if low > after:
            found.append((after, low - 1))
        after = high + 1
    if after <= _TOP:
        found.append((after, _TOP))
    return tuple(found)


# --- matching ----------------------------------------------------------------------------------
#
# A state is a letter to be read, an edge to be at, a fork to two states, or the end. States are
# numbered; a program is a tuple of them, and the last one is the end.


@dataclass(frozen=True, slots=True)
class _Read:
    letters: Letters
    then: int


@dataclass(frozen=True, slots=True)
class _Fork:
    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _At:
    start: bool
    then: int


_State = _Read | _Fork | _At | None


@lru_cache(maxsize=1024)
def _program(text: str) -> tuple[tuple[_State, ...], int]:
    states: list[_State] = [None]
    first = _build(parsed(text), 0, states)
    return tuple(states), first


def _build(of: Regex, then: int, states: list[_State]) -> int:
    """Add the states that match `of` and go on at `then`; return where they begin."""
    match of:
        case Letters():
            states.append(_Read(of, then))
        case Edge(start):
            states.append(_At(start, then))
        case Either(parts):
            states.append(_Fork(tuple(_build(each, then, states) for each in parts)))
        case Row(parts):
            for each in reversed(parts):
                then = _build(each, then, states)
            return then
        case Repeat():
            return _build_repeat(of, then, states)
    return len(states) - 1


def _build_repeat(of: Repeat, then: int, states: list[_State]) -> int:
    if of.most is None:
        loop = len(states)
        states.append(None)
        states[loop] = _Fork((_build(of.of, loop, states), then))
        then = loop
    else:
        for _ in range(of.most - of.least):
            states.append(_Fork((_build(of.of, then, states), then)))
            then = len(states) - 1
    for _ in range(of.least):
        then = _build(of.of, then, states)
    return then


def matches(expression: str, text: str) -> bool:
    """Return whether the expression matches anywhere in the text."""
    states, first = _program(expression)
    here: set[int] = set()
    for place in range(len(text) + 1):
        _enter(states, first, here, (place == 0, place == len(text)))
        if 0 in here:
            return True
        if place < len(text):
            here = _step(states, here, ord(text[place]), (False, place + 1 == len(text)))
    return False


def _step(
    states: tuple[_State, ...], here: set[int], code: int, edges: tuple[bool, bool]
) -> set[int]:
    after: set[int] = set()
    for number in here:
        state = states[number]
        if isinstance(state, _Read) and any(a <= code <= b for a, b in state.letters.spans):
            _enter(states, state.then, after, edges)
    return after


def _enter(
    states: tuple[_State, ...], number: int, here: set[int], edges: tuple[bool, bool]
) -> None:
    waiting = [number]
    while waiting:
        found = waiting.pop()
        state = states[found]
        if found in here:
            continue
        here.add(found)
        match state:
            case _Fork(ways):
                waiting.extend(ways)
            case _At(start, then) if edges[0] if start else edges[1]:
                waiting.append(then)


# --- for other engines -------------------------------------------------------------------------


def portable(text: str) -> str:
    """Return the same expression spelt so that no engine takes it for something else.

    Only letters, bracketed spans, groups, `|`, repetitions and the two anchors are used.
    """
    return _spelt(parsed(text))


def _spelt(of: Regex) -> str:
    match of:
        case Edge(start):
            return "^" if start else "$"
        case Letters(spans):
            return _spans(spans)
        case Row(parts):
            return "".join(_spelt(each) for each in parts)
        case Either(parts):
            return f"(?:{'|'.join(_spelt(each) for each in parts)})"
        case Repeat(inner, least, most):
            return f"(?:{_spelt(inner)}){{{least},{'' if most is None else most}}}"


def _spans(spans: tuple[tuple[int, int], ...]) -> str:
    opposite = bool(spans) and spans[-1][1] == _TOP
    shown = _others(spans) if opposite else spans
    inside = "".join(
        _letter(low) if low == high else f"{_letter(low)}-{_letter(high)}" for low, high in shown
    )
    return f"[{'^' if opposite else ''}{inside}]"


def _letter(code: int) -> str:
    letter = chr(code)
    return f"\\{letter}" if letter in _SPECIAL or letter == "-" else letter
