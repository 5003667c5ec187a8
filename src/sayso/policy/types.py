"""What a fact can be: the types of the policy language.

A closed union. Whole numbers, moments and durations carry the range that is declared or worked
out, so that arithmetic on them can be proven to stay within what every reading can hold. Moments
and durations are whole microseconds inside; a moment counts from 1970-01-01T00:00:00Z.

`Enum` is a closed set of texts. `Name` is an open one, for things that come and go, such as
articles and offices: a name that a policy writes is checked against those known when it is read.
"""

from dataclasses import dataclass, field

from sayso.dates import Instant
from sayso.wire import GREATEST

INT64 = 2**63 - 1
SECOND = 1_000_000
EARLIEST = Instant.parse("0001-01-01T00:00:00Z").micros
LATEST = Instant.parse("9999-12-31T23:59:59.999999Z").micros
LONGEST = 9_223_372_036 * SECOND
LARGEST = 65_535  # letters of a text, or items of a list: what fits into one entry
_FIRST_FACT = Instant.parse("1960-01-01T00:00:00Z").micros
_LAST_FACT = Instant.parse("2249-12-31T23:59:59.999999Z").micros
_LONGEST_FACT = 100 * 366 * 86_400 * SECOND


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number from `low` to `high`, both included."""

    low: int = -GREATEST
    high: int = GREATEST


@dataclass(frozen=True, slots=True)
class Text:
    """Any text; ordered and counted by Unicode code points."""


@dataclass(frozen=True, slots=True)
class Enum:
    """One of `values`, a text."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something of the `domain`: an office, an article, a territory."""

    domain: str


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, in microseconds."""

    low: int = _FIRST_FACT
    high: int = _LAST_FACT


@dataclass(frozen=True, slots=True)
class Span:
    """A duration, in microseconds."""

    low: int = -_LONGEST_FACT
    high: int = _LONGEST_FACT


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of `item`s; a list that is a fact names each thing once."""

    item: "Type"


Ranged = Int | Time | Span
Type = Bool | Int | Text | Enum | Name | Time | Span | Listed


@dataclass(frozen=True, slots=True)
class Field:
    """A fact's type and meaning.

    `optional` means that a thing may lack it, and that its absence says so; a fact that is not
    optional is unknown when absent.
    """

    type: Type
    meaning: str = ""
    optional: bool = False
    keyed: str = field(default="")


def kind(of: Type) -> str:
    """Return what CEL calls the type: `Enum` and `Name` are strings there."""
    match of:
        case Bool():
            return "bool"
        case Int():
            return "int"
        case Text() | Enum() | Name():
            return "string"
        case Time():
            return "timestamp"
        case Span():
            return "duration"
        case Listed(item):
            return f"list({kind(item)})"


def said(of: Type) -> str:  # noqa: PLR0911  # one way out a type
    """Return the type in words, for messages."""
    match of:
        case Bool():
            return "true or false"
        case Int():
            return "a whole number"
        case Text() | Enum():
            return "text"
        case Name(domain):
            return f"the name of {_article(domain)}"
        case Time():
            return "a moment"
        case Span():
            return "a duration"
        case Listed(item):
            return f"a list, each {said(item)}"


def _article(noun: str) -> str:
    noun = noun.replace("_", " ")
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
