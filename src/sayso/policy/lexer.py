"""Text → tokens: the words of a condition, as CEL spells them.

What CEL has and this language has not (fractions, unsigned numbers, bytes, null, the reserved
words) is recognised and refused by its name, so that nobody has to guess.
"""

import re
import sys
from enum import Enum
from typing import NamedTuple

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


class Token(NamedTuple):
    """One word of a condition, from `start` up to `end`; `value` is what a number or text says.

    `mark` is the text again if it is a word or a mark, and not a text that merely says the same.
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: int | str = ""
    mark: str = ""


_TOKEN = re.compile(
    r"""(?:[ \t\r\n\f]+|//[^\n]*)*+
  (?:(?P<fraction>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+)
  | (?P<unsigned>(?:0[xX][0-9a-fA-F]+|\d+)[uU])
  | (?P<number>0[xX][0-9a-fA-F]+|\d+)
  | (?P<raw>[rR](?P<fence>\"\"\"|'''|"|')(?P<body>.*?)(?P=fence))
  | (?P<bytes>[bB][rR]?["']|[rR][bB]["'])
  | (?P<text>[rR]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
            |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])
  | (?P<end>\Z)
  | (?P<stray>.))""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"`?])|x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.?))",
    re.DOTALL,
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FOREIGN = frozenset(
    {
        "null",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
    }
    | {"package", "namespace", "return", "var", "void", "while"}
)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a condition, the last of them `END`; `Faults` at what is none."""
    if len(text) > LONGEST:
        raise Faults(
            Fault(0, 1, f"the condition is longer than {LONGEST:,} letters", "split the clause")
        )
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        which = match.lastindex or 0
        kind = _PLAIN.get(which)
        spelt = match[which]
        if kind is None:
            found.append(_valued(match, spelt))
            if not spelt:
                break  # the pattern would find the end twice, with blanks before it and without
        elif spelt in _FOREIGN:
            raise Faults(_foreign_word(spelt, match.start(which)))
        else:
            found.append(Token(kind, spelt, match.start(which), match.end(), "", spelt))
    return found


_PLAIN = {_TOKEN.groupindex["mark"]: Kind.MARK, _TOKEN.groupindex["word"]: Kind.WORD}


def _valued(match: re.Match[str], spelt: str) -> Token:
    """Return a token that says something, or the end; `Faults` for what has no place here."""
    start, end = match.end() - len(spelt), match.end()
    match match.lastgroup:
        case "number":
            return Token(Kind.NUMBER, spelt, start, end, _number(spelt, start))
        case "text":
            return Token(Kind.TEXT, spelt, start, end, _unquoted(spelt, start))
        case "raw":
            return Token(Kind.TEXT, spelt, start, end, match["body"])
        case "end":
            return Token(Kind.END, "", start, end)
        case kind:
            raise Faults(_foreign(kind, spelt, start))


def _foreign(kind: str | None, spelt: str, start: int) -> Fault:
    """Return why something is not part of the language."""
    end = start + len(spelt)
    match kind:
        case "fraction":
            hint = "use whole numbers, in a smaller unit"
            return Fault(start, end, f"`{spelt}` is a fraction", hint)
        case "unsigned":
            return Fault(start, end, f"`{spelt}` is unsigned", "leave the `u` out")
        case "bytes":
            return Fault(start, end, "bytes are not part of the language", "use text")
        case _ if spelt in "\"'":
            hint = f"close it with {spelt}"
            return Fault(start, end, "the text in quotes does not end", hint)
        case _:
            hints = {"=": "equality is `==`", "&": "and is `&&`", "|": "or is `||`"}
            return Fault(start, end, f"`{spelt}` means nothing here", hints.get(spelt, ""))


def _foreign_word(spelt: str, start: int) -> Fault:
    if spelt == "null":
        hint = "absence is said by leaving a fact out; ask with has()"
        return Fault(start, start + len(spelt), "there is no null", hint)
    return Fault(start, start + len(spelt), f"`{spelt}` is a reserved word of CEL")


def _number(spelt: str, start: int) -> int:
    hexadecimal = spelt[:2] in {"0x", "0X"}
    if len(spelt) <= 40:  # noqa: PLR2004  # far beyond 64 bits, and short enough to convert
        value = int(spelt, 16 if hexadecimal else 10)
        if value <= INT64 + 1:
            return value
    raise Faults(Fault(start, start + len(spelt), "the number does not fit into 64 bits"))


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
