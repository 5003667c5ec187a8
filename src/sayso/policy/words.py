"""A term in plain English.

>>> from sayso.policy.checker import condition
>>> from sayso.policy.schema import BUILT_IN
>>> words(condition('article.range_km > 300 && !place.touches("RU")', schema=BUILT_IN))
"the article's range km is above 300, and the place does not touch RU"
"""

from sayso.dates import Instant
from sayso.policy.terms import (
    Affix,
    And,
    Arith,
    Choose,
    Compare,
    Const,
    Each,
    Fact,
    Filter,
    Has,
    In,
    Items,
    Not,
    Or,
    Part,
    Size,
    Term,
    Var,
    type_of,
)
from sayso.policy.types import Bool, Span, Time

_SAID = {
    "==": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
_SAID_OF_TIME = {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_AFFIX = {
    "startsWith": ("starts with", "does not start with"),
    "endsWith": ("ends with", "does not end with"),
    "contains": ("contains", "does not contain"),
    "matches": ("matches", "does not match"),
}
_ARITH = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "%": "modulo"}
_EACH = {"exists": "for some", "all": "for every", "exists_one": "for exactly one"}
_VERBS = {
    "place.touches": ("touches", "does not touch"),
    "place.certainly_in": ("certainly lies in", "does not certainly lie in"),
}
_UNITS = (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000))


def words(of: Term, *, negated: bool = False) -> str:  # noqa: C901, PLR0911  # one way out a shape
    """Return a condition, or its opposite, in words."""
    match of:
        case Not(inner):
            return words(inner, negated=not negated)
        case And(parts) | Or(parts):
            return _joined(parts, isinstance(of, And) != negated, negated)
        case Has(fact):
            return f"{noun(fact)} is {'not ' if negated else ''}given"
        case Compare():
            return _compared(of, negated)
        case In():
            return _member(of, negated)
        case Affix(test, inner, affix):
            return f"{value(inner)} {_AFFIX[test][negated]} {_quoted(affix)}"
        case Each(macro, within, var, body):
            lead = "it is not so that " if negated else ""
            return f"{lead}{_EACH[macro]} {var.name} of {value(within)}, {words(body)}"
        case Const(bool(truth)):
            return "always" if truth != negated else "never"
        case Choose(test, then, otherwise):
            yes, no = words(then, negated=negated), words(otherwise, negated=negated)
            return f"if {words(test)}, then {yes}, and otherwise {no}"
        case _:
            return f"{'not ' if negated else ''}{value(of)}"


def _joined(parts: tuple[Term, ...], all_of: bool, negated: bool) -> str:  # noqa: FBT001  # private, and named in the one call
    said = [words(part, negated=negated) for part in parts]
    simple = all(not isinstance(part, And | Or | Not | Choose) for part in parts)
    said = [text if simple or "," not in text else f"({text})" for text in said]
    return (", and " if all_of else ", or ").join(said)


def _compared(of: Compare, negated: bool) -> str:  # noqa: FBT001  # private
    mark = _OPPOSITE[of.mark] if negated else of.mark
    if of.left == of.right or isinstance(of.right, Const) or not isinstance(of.left, Const):
        left, right = of.left, of.right
    else:
        left, right = of.right, of.left
        mark = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(mark, mark)
    timed = isinstance(type_of(left), Time)
    said = _SAID_OF_TIME.get(mark, _SAID[mark]) if timed else _SAID[mark]
    if isinstance(left, Fact) and left.path.startswith("place.distance_km."):
        return (
            f"the place's least distance to {left.path.rpartition('.')[2]} {said} {value(right)} km"
        )
    return f"{value(left)} {said} {value(right)}"


def _member(of: In, negated: bool) -> str:  # noqa: FBT001  # private
    item, within = of.item, of.within
    if isinstance(within, Items):
        listed = [value(each) for each in within.items]
        among = listed[0] if len(listed) == 1 else f"one of {', '.join(listed)}"
        return f"{value(item)} is {'not ' if negated else ''}{among if listed else 'one of none'}"
    if isinstance(within, Fact) and within.path in _VERBS:
        return f"the place {_VERBS[within.path][negated]} {value(item)}"
    return f"{value(within)} {'do not include' if negated else 'include'} {value(item)}"


def noun(fact: Fact) -> str:
    """Return what a fact is called."""
    return called(fact.path)


def called(path: str) -> str:
    """Return what the fact of a path is called."""
    group, _, name = path.partition(".")
    if path.startswith("place.distance_km."):
        return f"the place's least distance to {path.rpartition('.')[2]}"
    plain = name.replace("_", " ")
    return plain if group == "circumstances" else f"the {group.replace('_', ' ')}'s {plain}"


def value(of: Term) -> str:  # noqa: C901, PLR0911  # one way out a shape
    """Return a value in words."""
    match of:
        case Const(found, type_):
            return constant(found, type_)
        case Fact():
            return noun(of)
        case Var(name):
            return name
        case Items(items):
            return "[" + ", ".join(value(each) for each in items) + "]"
        case Arith(mark, left, right):
            return f"({value(left)} {_ARITH[mark]} {value(right)})"
        case Size(inner):
            return f"the size of {value(inner)}"
        case Filter(within, var, body):
            return f"those {var.name} of {value(within)} for which {words(body)}"
        case Part(part, inner):
            return f"the {part.removeprefix('get').lower()} of {value(inner)}"
        case Choose(test, then, otherwise) if not isinstance(of.type, Bool):
            return f"({value(then)} if {words(test)}, else {value(otherwise)})"
        case _:
            return f"({words(of)})"


def constant(found: bool | int | str, of: object) -> str:  # noqa: FBT001  # a value of the language
    """Return a value written out, in words."""
    match of, found:
        case Time(), int():
            return str(Instant(found))
        case Span(), int():
            return _span(found)
        case _, bool():
            return "true" if found else "false"
        case _, int():
            return f"{found:,}"
        case _:
            return _quoted(str(found))


def _quoted(text: str) -> str:
    plain = text and all(letter.isalnum() or letter in "-_." for letter in text)
    return text if plain else f"“{text}”"


def _span(micros: int) -> str:
    for unit, size in _UNITS:
        if micros and micros % size == 0:
            count = micros // size
            return f"{count:,} {unit}{'' if abs(count) == 1 else 's'}"
    seconds, rest = divmod(micros, 1_000_000)
    return f"{seconds:,}{f'.{rest:06d}'.rstrip('0') if rest else ''} seconds"
