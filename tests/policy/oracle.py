"""What a condition and a set of policies mean, said again: slowly, plainly, on the syntax tree.

It shares the parser with the package, and nothing else: no types, no terms, no closures.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sayso.policy.evaluate import LACKING, Given
from sayso.policy.parser import parse
from sayso.policy.policy import Policy
from sayso.policy.syntax import (
    Brackets,
    Call,
    Choice,
    Infix,
    Joined,
    Literal,
    Node,
    Prefix,
    Select,
    Word,
    dotted,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Facts = Mapping[str, Given]


def value(text: str, facts: Facts) -> object:
    return evaluate(parse(text), facts)


def evaluate(node: Node, facts: Facts) -> object:  # noqa: C901, PLR0911  # one way out a shape
    """Return the value of a node, or None if it is unknown."""
    match node:
        case Literal(literal):
            return literal
        case Word(name):
            return facts.get(f"#{name}")
        case Select():
            found = facts.get(str(dotted(node)))
            return None if found is LACKING else found
        case Brackets(items):
            values = [evaluate(each, facts) for each in items]
            return None if None in values else values
        case Joined(mark, parts):
            values = [evaluate(each, facts) for each in parts]
            decisive = mark == "||"
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        case Prefix(mark, of):
            inner = evaluate(of, facts)
            if inner is None:
                return None
            return not inner if mark == "!" else -inner  # type: ignore[operator]  # it is of that type, the checker said
        case Choice(test, then, otherwise):
            chosen = evaluate(test, facts)
            if chosen is None:
                return None
            return evaluate(then if chosen else otherwise, facts)
        case Infix(mark, left, right):
            one, other = evaluate(left, facts), evaluate(right, facts)
            return None if one is None or other is None else infix(mark, one, other)
        case Call():
            return call(node, facts)


def infix(mark: str, one: object, other: object) -> object:
    if mark == "in":
        return one in other  # type: ignore[operator]  # it is of that type, the checker said
    if mark in "/%":
        assert isinstance(one, int)
        assert isinstance(other, int)
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        return quotient if mark == "/" else one - other * quotient
    return eval("a " + mark + " b", {"a": one, "b": other})  # noqa: S307  # plain, and only here


def call(node: Call, facts: Facts) -> object:  # noqa: PLR0911  # one way out a function
    match node.function:
        case "has":
            found = facts.get(str(dotted(node.arguments[0])))
            return None if found is None else found is not LACKING
        case "timestamp":
            (given,) = node.arguments
            assert isinstance(given, Literal)
            moment = datetime.fromisoformat(str(given.value))
            return (moment - EPOCH) // MICROSECOND
        case "duration":
            (given,) = node.arguments
            assert isinstance(given, Literal)
            units = {"h": "hours", "m": "minutes", "s": "seconds"}
            parts = re.findall(r"(\d+)([hms])", str(given.value))
            return (
                sum((timedelta(**{units[u]: int(n)}) for n, u in parts), timedelta()) // MICROSECOND
            )
        case "size" if node.target is None:
            sized = evaluate(node.arguments[0], facts)
            return None if sized is None else len(sized)  # type: ignore[arg-type]  # it is of that type, the checker said
        case "touches":
            inside = facts.get("place.touches")
            return None if inside is None else evaluate(node.arguments[0], facts) in inside  # type: ignore[operator]  # it is of that type, the checker said
        case "exists" | "all" | "exists_one" | "filter":
            return macro(node, facts)
        case _:
            assert node.target is not None
            of = evaluate(node.target, facts)
            return None if of is None else method(node, of)


def macro(node: Call, facts: Facts) -> object:
    assert node.target is not None
    items = evaluate(node.target, facts)
    name, body = node.arguments
    assert isinstance(name, Word)
    if items is None:
        return None
    found = [(each, evaluate(body, {**facts, f"#{name.name}": each})) for each in items]  # type: ignore[attr-defined]  # a list
    values = [truth for _, truth in found]
    match node.function:
        case "exists":
            return True if True in values else None if None in values else False
        case "all":
            return False if False in values else None if None in values else True
        case "exists_one":
            return None if None in values else values.count(True) == 1
        case _:
            return None if None in values else [each for each, truth in found if truth]


METHODS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda of, part: part in of,
    "matches": lambda of, part: re.search(part.replace("$", r"\Z"), of, re.ASCII) is not None,
}
PARTS: dict[str, Callable[[datetime], int]] = {
    "getFullYear": lambda at: at.year,
    "getMonth": lambda at: at.month - 1,
    "getDate": lambda at: at.day,
    "getDayOfMonth": lambda at: at.day - 1,
    "getDayOfWeek": lambda at: at.isoweekday() % 7,
    "getDayOfYear": lambda at: at.timetuple().tm_yday - 1,
    "getHours": lambda at: at.hour,
    "getMinutes": lambda at: at.minute,
    "getSeconds": lambda at: at.second,
    "getMilliseconds": lambda at: at.microsecond // 1000,
}


def method(node: Call, of: object) -> object:
    if node.function in METHODS:
        (given,) = node.arguments
        assert isinstance(given, Literal)
        return METHODS[node.function](str(of), str(given.value))
    if node.function == "size":
        return len(of)  # type: ignore[arg-type]  # it is of that type, the checker said
    assert isinstance(of, int)
    zone = UTC if not node.arguments else datetime.strptime("+0200", "%z").tzinfo
    return PARTS[node.function]((EPOCH + of * MICROSECOND).astimezone(zone))


STRICTNESS = {"permitted": 0, "referred": 1, "prohibited": 2}


def outcome(policies: Iterable[Policy], facts: Facts) -> str:
    """Return the outcome for policies of which all are in force, none with dated clauses."""
    counted: set[int] = set()
    for policy in policies:
        for clause in policy.clauses:
            found = value(clause.text, facts)
            if found is True or (found is None and clause.level > 0):
                counted.add(int(clause.level))
    return {-1: "prohibited", 0: "permitted", 1: "referred", 2: "prohibited"}[
        max(counted, default=-1)
    ]
