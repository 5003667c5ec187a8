"""Text → tokens: the words of a condition, as CEL spells them.

What CEL has and this language has not (fractions, unsigned numbers, bytes, null, the reserved
words) is recognised and refused by its name, so that nobody has to guess.
"""

import re
import sys
from dataclasses import dataclass
from enum import Enum

from sayso.policy.source import Fault, Faults
from sayso.policy.types import INT64

LONGEST = 100_000


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a condition, from `start` up to `end`; `value` is what a number or text says."""

    kind: Kind
    text: str
    start: int
    end: int
    value: int | str = ""


_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n\f]+|//[^\n]*)
  | (?P<fraction>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+)
  | (?P<number>0[xX][0-9a-fA-F]+|\d+)(?P<unsigned>[uU]?)
  | (?P<bytes>[bB][rR]?["']|[rR][bB]["'])
  | (?P<text>[rR]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
            |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_RAW_TEXT = re.compile(r"""[rR](\"\"\"|'''|"|')(.*?)\1""", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"`?])|x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.?))",
    re.DOTALL,
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"}
    | {"package", "namespace", "return", "var", "void", "while"}
)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a condition, the last of them `END`; `Faults` at what is none."""
    if len(text) > LONGEST:
        raise Faults(
            Fault(0, 1, f"the condition is longer than {LONGEST:,} letters", "split the clause")
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        token, at = _next(text, at)
        if token is not None:
            found.append(token)
    found.append(Token(Kind.END, "", len(text), len(text)))
    return found


def _next(text: str, at: int) -> tuple[Token | None, int]:
    match = _raw(text, at) or _TOKEN.match(text, at)
    if match is None:
        raise Faults(_stray(text, at))
    start, end = match.span()
    if match.re is _RAW_TEXT:
        return Token(Kind.TEXT, match.group(), start, end, match.group(2)), end
    _refuse_foreign(match)
    spelt = match.group()
    if match.group("blank"):
        return None, end
    if match.group("number"):
        return Token(Kind.NUMBER, spelt, start, end, _number(match)), end
    if match.group("text"):
        return Token(Kind.TEXT, spelt, start, end, _unquoted(spelt, start)), end
    return Token(Kind.WORD if match.group("word") else Kind.MARK, spelt, start, end), end


def _raw(text: str, at: int) -> re.Match[str] | None:
    return _RAW_TEXT.match(text, at)


def _stray(text: str, at: int) -> Fault:
    letter = text[at]
    if letter in "\"'":
        return Fault(at, at + 1, "the text in quotes does not end", f"close it with {letter}")
    hints = {"=": "equality is `==`", "&": "and is `&&`", "|": "or is `||`"}
    return Fault(at, at + 1, f"`{letter}` means nothing here", hints.get(letter, ""))


def _refuse_foreign(match: re.Match[str]) -> None:
    start, end = match.span()
    spelt = match.group()
    if match.group("fraction"):
        raise Faults(
            Fault(start, end, f"`{spelt}` is a fraction", "use whole numbers, in a smaller unit")
        )
    if match.group("unsigned"):
        raise Faults(Fault(start, end, f"`{spelt}` is unsigned", "leave the `u` out"))
    if match.group("bytes"):
        raise Faults(Fault(start, end, "bytes are not part of the language", "use text"))
    if match.group("word") == "null":
        hint = "absence is said by leaving a fact out; ask with has()"
        raise Faults(Fault(start, end, "there is no null", hint))
    if match.group("word") in _RESERVED:
        raise Faults(Fault(start, end, f"`{spelt}` is a reserved word of CEL"))


def _number(match: re.Match[str]) -> int:
    spelt = match.group("number")
    hexadecimal = spelt[:2] in {"0x", "0X"}
    if len(spelt) <= 40:  # noqa: PLR2004  # far beyond 64 bits, and short enough to convert
        value = int(spelt, 16 if hexadecimal else 10)
        if value <= INT64 + 1:
            return value
    raise Faults(Fault(*match.span(), "the number does not fit into 64 bits"))


def _unquoted(spelt: str, start: int) -> str:
    width = 3 if spelt[:3] in {'"""', "'''"} else 1
    body = spelt[width:-width]
    if "\\" not in body:
        return body
    return _ESCAPE.sub(lambda match: _letter(match, start + width), body)


def _letter(match: re.Match[str], base: int) -> str:
    plain, short, upper, four, eight, octal, other = match.groups()
    if plain is not None:
        return _LETTERS.get(plain, plain)
    code = int(octal, 8) if octal else int(short or upper or four or eight or "-1", 16)
    if other is not None or code > sys.maxunicode or "\ud800" <= chr(code) <= "\udfff":
        at = base + match.start()
        hint = r"write a backslash as `\\`"
        raise Faults(Fault(at, at + 2, f"`{match.group()}` is no escape", hint))
    return chr(code)
