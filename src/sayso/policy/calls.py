"""The functions and macros of a condition.

CEL's own: `has`, `size`, `timestamp`, `duration`, `startsWith`, `endsWith`, `contains`, `matches`,
the accessors of moments and durations, and the macros `exists`, `all`, `exists_one` and `filter`.
The domain's, which mean:

* `place.touches("RU")`: `"RU" in place.touches`, and so for every fact that is a list: the place
  may touch the territory (law 6).
* `place.within_km("RU", 50)`: `place.distance_km.RU <= 50`, the least possible distance.
* In a property only: `decided_by("office")` and `advised_by("office")`, of the verdict's route.
"""

import re
from collections.abc import Callable

from sayso.dates import Instant
from sayso.errors import MalformedTime
from sayso.policy import pattern
from sayso.policy.moments import PARTS, part_type
from sayso.policy.scope import Scope, fail
from sayso.policy.source import nearest
from sayso.policy.syntax import Call, Literal, Node, Word, dotted
from sayso.policy.terms import (
    Affix,
    Compare,
    Const,
    Each,
    Fact,
    Filter,
    Has,
    In,
    Part,
    Size,
    Term,
    Var,
    term,
    type_of,
)
from sayso.policy.types import (
    LARGEST,
    LONGEST,
    SECOND,
    Bool,
    Int,
    Listed,
    Name,
    Span,
    Text,
    Time,
    kind,
    said,
)

Check = Callable[[Node, Scope], Term]

_MACROS = ("exists", "all", "exists_one", "filter")
_AFFIXES = ("startsWith", "endsWith", "contains", "matches")
_METHODS = (*_MACROS, *_AFFIXES, *PARTS, "size", "touches", "within_km")
_FUNCTIONS = ("has", "size", "timestamp", "duration")
_OF_VERDICTS = {"decided_by": "verdict.decider", "advised_by": "verdict.advisers"}
_DURATION_UNITS = {"h": 3600 * SECOND, "m": 60 * SECOND, "s": SECOND, "ms": 1000, "us": 1, "µs": 1}
_DURATION = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?(h|ms|m|s|us|µs|ns)", re.ASCII)
_SHIFT = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)


def meaning(call: Call, scope: Scope, check: Check) -> Term:
    """Return the term of a call."""
    if call.target is None:
        return _function(call, scope, check)
    if call.function in _MACROS:
        return _macro(call, scope, check)
    if call.function == "within_km":
        return _within(call, scope, check)
    if _is_listed(call, scope):
        return _listed(call, scope, check)
    return _method(call, scope, check)


def _function(call: Call, scope: Scope, check: Check) -> Term:
    match call.function:
        case "has":
            return _has(call, scope)
        case "size":
            (of,) = _arguments(call, scope, check, 1)
            return _size(call, of)
        case "timestamp":
            return _timestamp(call)
        case "duration":
            return _duration(call)
        case name if name in _OF_VERDICTS and "verdict.decider" in scope.schema.fields:
            return _of_verdict(call, scope)
        case name:
            hint = "it belongs into a property" if name in _OF_VERDICTS else ""
            raise fail(call, f"no function is named `{name}`", hint or nearest(name, _FUNCTIONS))


def _arguments(call: Call, scope: Scope, check: Check, count: int) -> tuple[Term, ...]:
    if len(call.arguments) != count:
        things = "one argument" if count == 1 else f"{count} arguments" if count else "no argument"
        raise fail(call, f"`{call.function}` takes {things}, not {len(call.arguments)}")
    return tuple(check(each, scope) for each in call.arguments)


def _written(call: Call, place: int = 0) -> str:
    """Return an argument that must be a text written out."""
    given = call.arguments[place] if place < len(call.arguments) else call
    if isinstance(given, Literal) and isinstance(given.value, str):
        return given.value
    raise fail(given, f"`{call.function}` needs a text written out here")


def _has(call: Call, scope: Scope) -> Term:
    path = dotted(call.arguments[0]) if len(call.arguments) == 1 else None
    field = scope.schema.field(path) if path else None
    if path is None or field is None:
        hint = nearest(path or "", scope.schema.fields)
        raise fail(call, "`has` needs the path of one fact, as in has(article.range_km)", hint)
    return term(Has, term(Fact, path, field.type, field.optional))


def _size(call: Call, of: Term) -> Term:
    if kind(type_of(of)) != "string" and not isinstance(type_of(of), Listed):
        raise fail(call, f"`size` needs a list or a text, and this is {said(type_of(of))}")
    return term(Size, of, Int(0, LARGEST))


def _timestamp(call: Call) -> Term:
    text = _written(call)
    try:
        micros = Instant.parse(text).micros
    except MalformedTime as error:
        raise fail(call, error.what, error.hint) from None
    return term(Const, micros, Time(micros, micros))


def _duration(call: Call) -> Term:
    text = _written(call)
    unsigned = text.removeprefix("-").removeprefix("+")
    nanos, at = 0, 0
    for found in _DURATION.finditer(unsigned):
        if found.start() != at:
            break
        at = found.end()
        whole, fraction, unit = found.groups()
        size = 1000 * _DURATION_UNITS[unit] if unit != "ns" else 1
        nanos += int(whole) * size + int((fraction or "0").ljust(9, "0")) * size // 10**9
    micros, rest = divmod(nanos, 1000)
    if not unsigned or at != len(unsigned) or rest or micros > LONGEST:
        hint = "write hours, minutes and seconds: 36h, 90m, 1h30m, 1.5s"
        raise fail(call, f"`{text}` is not a duration", hint)
    micros = -micros if text.startswith("-") else micros
    return term(Const, micros, Span(micros, micros))


def _of_verdict(call: Call, scope: Scope) -> Term:
    office = _written(call)
    doubt = scope.known.doubt("office", office)
    if doubt is not None:
        raise fail(call.arguments[0], *doubt)
    path = _OF_VERDICTS[call.function]
    fact = term(Fact, path, scope.schema.fields[path].type, False)
    named = term(Const, office, Text())
    if call.function == "advised_by":
        return term(In, named, fact)
    return term(Compare, "==", fact, named)


# --- methods -----------------------------------------------------------------------------------


def _method(call: Call, scope: Scope, check: Check) -> Term:
    if call.function not in _METHODS or call.target is None:
        hint = nearest(call.function, _METHODS)
        raise fail(call, f"no method is named `{call.function}`", hint)
    of = check(call.target, scope)
    if call.function in _AFFIXES:
        return _affix(call, of)
    if call.function == "size":
        _arguments(call, scope, check, 0)
        return _size(call, of)
    found = part_type(call.function, type_of(of)) if call.function in PARTS else None
    if found is None:
        raise fail(call, f"`{call.function}` is nothing of {said(type_of(of))}")
    return term(Part, call.function, of, _shift(call, type_of(of)), found)


def _affix(call: Call, of: Term) -> Term:
    if kind(type_of(of)) != "string":
        raise fail(call, f"`{call.function}` needs a text, and this is {said(type_of(of))}")
    if len(call.arguments) != 1:
        raise fail(call, f"`{call.function}` takes one argument")
    affix = _written(call)
    if call.function == "matches":
        try:
            pattern.parsed(affix)
        except pattern.Unmatchable as error:
            raise fail(call.arguments[0], error.message, error.hint) from None
    return term(Affix, call.function, of, affix)


def _shift(call: Call, of: object) -> int:
    """Return how far east of UTC, in microseconds; named zones change with the tables of zones."""
    if not call.arguments:
        return 0
    zone = _written(call)
    found = _SHIFT.fullmatch(zone)
    if zone == "UTC" and isinstance(of, Time):
        return 0
    if found is None or not isinstance(of, Time) or len(call.arguments) > 1:
        hint = 'leave it out, or give a fixed one, as in getHours("+02:00")'
        raise fail(call, f"`{zone}` is no offset from UTC", hint)
    sign, hours, minutes = found.groups()
    return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes)) * 60 * SECOND


def _is_listed(call: Call, scope: Scope) -> bool:
    path = f"{dotted(call.target)}.{call.function}" if call.target is not None else ""
    field = scope.schema.fields.get(path)
    return field is not None and isinstance(field.type, Listed)


def _listed(call: Call, scope: Scope, check: Check) -> Term:
    """Return `item in group.function`, for `group.function(item)`."""
    path = f"{dotted(call.target) if call.target is not None else ''}.{call.function}"
    field = scope.schema.fields[path]
    (item,) = _arguments(call, scope, check, 1)
    held = field.type.item if isinstance(field.type, Listed) else field.type
    if kind(type_of(item)) != kind(held):
        raise fail(call.arguments[0], f"this must be {said(held)}, and is {said(type_of(item))}")
    if isinstance(held, Name) and isinstance(item, Const):
        doubt = scope.known.doubt(held.domain, str(item.value))
        if doubt is not None:
            raise fail(call.arguments[0], *doubt)
    return term(In, item, term(Fact, path, field.type, False))


def _within(call: Call, scope: Scope, check: Check) -> Term:
    """Return `group.distance_km.KEY <= distance`, for `group.within_km(KEY, distance)`."""
    stem = f"{dotted(call.target) if call.target is not None else ''}.distance_km"
    field = scope.schema.fields.get(stem)
    if field is None or not field.keyed:
        raise fail(call, f"no fact is named `{stem}`")
    _, distance = _arguments(call, scope, check, 2)
    code = _written(call)
    doubt = scope.known.doubt(field.keyed, code)
    if doubt is not None:
        raise fail(call.arguments[0], *doubt)
    if not isinstance(type_of(distance), Int):
        raise fail(call.arguments[1], f"a whole number is wanted, not {said(type_of(distance))}")
    fact = term(Fact, f"{stem}.{code}", field.type, False)
    return term(Compare, "<=", fact, distance)


# --- macros ------------------------------------------------------------------------------------


def _macro(call: Call, scope: Scope, check: Check) -> Term:
    if call.target is None or len(call.arguments) != 2:  # noqa: PLR2004  # a name and a condition
        raise fail(call, f'`{call.function}` takes a name and a condition, as in all(s, s != "")')
    within = check(call.target, scope)
    held = type_of(within)
    if not isinstance(held, Listed):
        raise fail(call.target, f"`{call.function}` needs a list, and this is {said(held)}")
    named, body_node = call.arguments
    if not isinstance(named, Word) or named.name in scope.items or named.name in _groups(scope):
        raise fail(named, "a plain name is wanted here, that means nothing else yet")
    var = term(Var, named.name, len(scope.items), held.item)
    body = check(body_node, scope.holding(var))
    if not isinstance(type_of(body), Bool):
        message = f"this must be true or false, and it is {said(type_of(body))}"
        raise fail(body_node, message)
    if call.function == "filter":
        return term(Filter, within, var, body, held)
    return term(Each, call.function, within, var, body)


def _groups(scope: Scope) -> tuple[str, ...]:
    return tuple(scope.schema.groups)
