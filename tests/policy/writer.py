"""Random conditions, facts and policies, for Hypothesis and for the long differential runs.

Everything is written as text, so that the lexer, the parser and the checker take part. The source
of chance is anything with the methods of `random.Random`.
"""

import json
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from sayso.dates import Instant
from sayso.policy.document import read
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.schema import BUILT_IN

SCHEMA = BUILT_IN.extended(
    """
    f:
      flag: {type: bool}
      maybe: {type: bool, optional: true}
      side: {type: enum, values: [US, GB, FR, DE, IT]}
      other: {type: enum, values: [US, GB, FR, DE, IT], optional: true}
      reach: {type: int, min: 0, max: 6000}
      load: {type: int, min: -5, max: 1000000, optional: true}
      unit: {type: string}
      note: {type: string, optional: true}
      lands: {type: list, of: territory}
      marks: {type: list, of: string}
      begin: {type: timestamp}
      finish: {type: timestamp, optional: true}
      lasts: {type: duration}
    """
)
SIDES = ("US", "GB", "FR", "DE", "IT")
LANDS = ("RU", "UA", "BY", "PL")
TEXTS = (
    "",
    "a",
    "ab",
    "B",
    "é",
    "z",
    "Z",
    "ß",
    "日",
    "😀",
    "a b",
    "o'k",
    "%",
    "_x",
    'q"',
    "\\",
    "a\nb",
)
NUMBERS = (0, 1, 2, 3, 5, 300, 301, 5999, 6000, -1, 10**6)
TIMES = (
    "1970-01-01T00:00:00Z",
    "2025-05-30T00:00:00Z",
    "2025-05-30T00:00:00.000001Z",
    "2024-02-29T23:59:59Z",
    "1969-12-31T23:59:59.999999Z",
    "2025-05-30T02:00:00+02:00",
)
SPANS = (0, 1, 1_000_000, 3_600_000_000, 90_061_000_000)
ORDER = ("<", "<=", ">", ">=", "==", "!=")
OPTIONAL = ("f.maybe", "f.other", "f.load", "f.note", "f.finish")
EXPRESSIONS = ("a", "^a", "b$", "^$", "a.b", "[a-z]+", "^(a|ab)(b|$)", "a{1,2}", "\\W", "é", ".*k")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def truth(r: Random, depth: int, item: str = "") -> str:
    """Return a condition; `item` is the name of a text at hand."""
    if depth > 0 and r.random() < 0.55:
        return _joined(r, depth, item)
    if r.random() < 0.3:
        return _guarded(r, depth, item)
    if item and r.random() < 0.5:
        return f"{item} {r.choice(('==', '!='))} {quoted(r.choice(LANDS))}"
    atoms = (_sided, _numbered, _worded, _listed, _timed, _each, _flag)
    return r.choice(atoms)(r, item)


def _flag(_: Random, __: str) -> str:
    return "f.flag"


def _joined(r: Random, depth: int, item: str) -> str:
    one, other = truth(r, depth - 1, item), truth(r, depth - 1, item)
    match r.randrange(7):
        case 0 | 1:
            return f"({one} && {other})"
        case 2 | 3:
            return f"({one} || {other})"
        case 4:
            return f"!({one})"
        case 5:
            return f"({one} ? {other} : {truth(r, depth - 1, item)})"
        case _:
            return f"(({one}) == ({other}))"


def _guarded(r: Random, depth: int, item: str) -> str:
    path = r.choice(OPTIONAL)
    atom = _optional(r, path, item)
    match r.randrange(4):
        case 0:
            return f"has({path})"
        case 1:
            return f"(!has({path}) || {atom})"
        case 2:
            return f"(has({path}) ? {atom} : {truth(r, min(depth, 1) - 1, item)})"
        case _:
            return f"(has({path}) && {atom})"


def _optional(r: Random, path: str, item: str) -> str:
    match path:
        case "f.maybe":
            return path
        case "f.other":
            return f"{path} == {quoted(r.choice(SIDES))}"
        case "f.load":
            return f"{path} {r.choice(ORDER)} {number(r, 1, item)}"
        case "f.note":
            return affixed(r, path)
        case _:
            return f"{path} {r.choice(ORDER)} f.begin"


def _sided(r: Random, _: str) -> str:
    if r.random() < 0.5:
        return f"f.side {r.choice(('==', '!='))} {quoted(r.choice(SIDES))}"
    chosen = ", ".join(quoted(each) for each in r.sample(SIDES, r.randint(1, 3)))
    return f"f.side in [{chosen}]"


def number(r: Random, depth: int, item: str = "") -> str:
    """Return a whole number that stays far from overflow."""
    if depth > 0 and r.random() < 0.4:
        one, other = number(r, depth - 1, item), number(r, depth - 1, item)
        match r.randrange(5):
            case 0:
                return f"({one} / {r.choice((1, 3, -7, 100))})"
            case 1:
                return f"({one} % {r.choice((1, 3, -7, 100))})"
            case 2:
                return f"({truth(r, 0, item)} ? {one} : {other})"
            case _:
                return f"({one} {r.choice('+-*')} {other})"
    plain = (str(r.choice(NUMBERS)), "f.reach", "f.reach", "size(f.lands)", "size(f.unit)")
    return r.choice(plain)


def _numbered(r: Random, item: str) -> str:
    return f"{number(r, 2, item)} {r.choice(ORDER)} {number(r, 1, item)}"


def affixed(r: Random, path: str) -> str:
    match r.randrange(6):
        case 0:
            return f"{path}.matches({quoted(r.choice(EXPRESSIONS))})"
        case 1:
            return f"{path} {r.choice(ORDER)} {quoted(r.choice(TEXTS))}"
        case 2:
            return f"{path} in [{quoted(r.choice(TEXTS))}, {quoted(r.choice(TEXTS))}]"
        case _:
            test = r.choice(("startsWith", "endsWith", "contains"))
            return f"{path}.{test}({quoted(r.choice(TEXTS))})"


def _worded(r: Random, _: str) -> str:
    return affixed(r, "f.unit")


def _listed(r: Random, _: str) -> str:
    if r.random() < 0.3:
        return f"{quoted(r.choice(TEXTS))} in f.marks"
    return f"{quoted(r.choice(LANDS))} in f.lands"


def _timed(r: Random, _: str) -> str:
    moment = f"timestamp({quoted(r.choice(TIMES))})"
    if r.random() < 0.3:
        part = r.choice(("getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours"))
        return f"f.begin.{part}() {r.choice(ORDER)} {r.choice((0, 1, 4, 23, 2025))}"
    if r.random() < 0.3:
        return f"f.begin + f.lasts {r.choice(ORDER)} {moment}"
    if r.random() < 0.3:
        return f"f.lasts {r.choice(ORDER)} duration({quoted(r.choice(('0s', '1h', '25h1m1s')))})"
    return f"f.begin {r.choice(ORDER)} {moment}"


def _each(r: Random, item: str) -> str:
    name = f"{item}_in" if item else "one"
    body = truth(r, 0, name)
    macro = r.choice(("exists", "all", "exists_one"))
    if r.random() < 0.2:
        return f"size(f.lands.filter({name}, {body})) {r.choice(ORDER)} {r.randrange(3)}"
    return f"f.lands.{macro}({name}, {body})"


def given(r: Random, known: float = 0.7) -> dict[str, Given]:
    """Return random facts, each known with a chance of `known`."""
    choices: dict[str, Given] = {
        "f.flag": r.random() < 0.5,
        "f.maybe": r.random() < 0.5,
        "f.side": r.choice(SIDES),
        "f.other": r.choice(SIDES),
        "f.reach": r.choice([each for each in NUMBERS if 0 <= each <= 6000]),
        "f.load": r.choice(NUMBERS),
        "f.unit": r.choice(TEXTS),
        "f.note": r.choice(TEXTS),
        "f.lands": tuple(r.sample(LANDS, r.randrange(4))),
        "f.marks": tuple(r.sample(TEXTS, r.randrange(3))),
        "f.begin": Instant.parse(r.choice(TIMES)).micros,
        "f.finish": Instant.parse(r.choice(TIMES)).micros,
        "f.lasts": r.choice(SPANS),
    }
    found = {path: value for path, value in choices.items() if r.random() < known}
    found |= {path: LACKING for path in OPTIONAL if path not in found}
    return found


def facts(r: Random, known: float = 0.7) -> Facts:
    return Facts(given(r, known))


OFFICES = ("desk", "staff", "counsel", "under-secretary", "secretary")
RANKS = {"secretary": 1, "under-secretary": 2, "desk": 3, "staff": 3}
ROUTES = """
routes:
  low: [{advise: [desk]}, {decide: under-secretary, consent: no-objection, within: PT48H}]
  high:
    - {advise: [staff, counsel], within: PT24H}
    - {consolidate: desk}
    - {decide: secretary, reserved: true}
  side: [{advise: [desk], within: PT12H}, {decide: staff}]
"""
HEAD = """
title: Random
issuer: desk
instrument: none
"""
EFFECTS = ("permit: true", "prohibit: true", "refer: low", "refer: high", "refer: side")


def clause(r: Random, place: int, depth: int = 2) -> str:
    return f"  - {{id: c{place}, when: {quoted(truth(r, depth))}, {r.choice(EFFECTS)}}}"


def document(clauses: list[str], *, name: str = "random", extra: str = "") -> str:
    listed = "\n".join(clauses) if clauses else "  []"
    since = "in_force: {from: 2025-01-01T00:00:00Z}"
    return f"policy: {name}\nversion: 1{HEAD}{since}\n{extra}clauses:\n{listed}{ROUTES}"


def policy(clauses: list[str], *, name: str = "random", extra: str = "") -> Policy:
    return read(document(clauses, name=name, extra=extra), schema=SCHEMA)


# Hypothesis draws a seed: far faster than drawing each choice, and a failure prints the seed.
chance = st.integers(0, 2**64).map(Random)
AT = Instant.parse("2025-07-01T00:00:00Z")
often = settings(max_examples=150, deadline=None)
