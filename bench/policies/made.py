"""Clauses and requests made up from a seed: thirteen facts, clauses of two to six conditions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sayso.dates import Instant
from sayso.policy.document import read
from sayso.policy.names import ISO_3166
from sayso.policy.policy import Policy
from sayso.policy.schema import BUILT_IN

LANDS = tuple(sorted(ISO_3166))
SUPPLIERS = LANDS[::8]
KINDS = tuple(f"kind-{number}" for number in range(21))
PURPOSES = ("training", "operations", "exercise", "maintenance", "test", "transfer", "display")
MARKINGS = ("open", "confidential", "secret", "top-secret")
TAGS = ("nuclear", "crypto", "night-vision", "stealth", "cluster", "toxic", "space", "cyber")
UNITS = ("acme-air", "border-guard", "mod-logistics", "air-wing-7", "range-2", "univ-lab")
SCHEMA = BUILT_IN.extended(
    f"""
    deal:
      supplier: {{type: enum, values: [{", ".join(map(json.dumps, SUPPLIERS))}]}}
      kind: {{type: enum, values: [{", ".join(KINDS)}]}}
      range: {{type: int, min: 0, max: 20000, optional: true}}
      payload: {{type: int, min: 0, max: 100000, optional: true}}
      tags: {{type: list, of: string}}
      marking: {{type: enum, values: [{", ".join(MARKINGS)}]}}
      land: {{type: enum, values: [{", ".join(map(json.dumps, LANDS))}]}}
      purpose: {{type: enum, values: [{", ".join(PURPOSES)}]}}
      unit: {{type: string}}
      start: {{type: int, min: 0, max: 4000000000}}
      count: {{type: int, min: 0, max: 1000000}}
      worth: {{type: int, min: 0, max: 1000000000000}}
      urgent: {{type: bool}}
    """
)
OPTIONAL = frozenset({"range", "payload"})
AT = Instant.parse("2025-07-01T00:00:00Z")
OFFICES = ("desk", "director", "under-secretary", "secretary")
RANKS = {office: len(OFFICES) - place for place, office in enumerate(OFFICES)}
ROUTES = "routes:\n" + "".join(f"  {each}: [{{decide: {each}}}]\n" for each in OFFICES)


@dataclass(frozen=True, slots=True)
class Condition:
    """`mark` is in, above, below, holds or begins."""

    mark: str
    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Conditions that must all hold, and what then follows."""

    id: str
    conditions: tuple[Condition, ...]
    effect: str


# --- clauses and requests ----------------------------------------------------------------------


def clauses(count: int, seed: int = 1) -> list[Clause]:
    """Return made-up clauses."""
    r = Random(seed)  # noqa: S311  # made-up clauses
    found = [Clause("base", (Condition("in", "marking", ("open",)),), "permit")]
    thirds = [KINDS[place::3] for place in range(3)]
    for place, kinds in enumerate(thirds):
        inside = (Condition("in", "land", ("RU",)), Condition("in", "kind", kinds))
        found.append(Clause(f"inside-{place}", inside, "secretary"))
    while len(found) < count:
        conditions = tuple(_conditions(r))
        if len(conditions) > 1:
            effect = r.choice(("permit", "prohibit", *OFFICES, *OFFICES))
            found.append(Clause(f"c{len(found)}", conditions, effect))
    return found[:count]


def _conditions(r: Random) -> Iterator[Condition]:
    for chance, field, values, most in (
        (0.7, "supplier", SUPPLIERS, 5),
        (0.75, "land", LANDS, 12),
        (0.5, "kind", KINDS, 5),
        (0.15, "purpose", PURPOSES, 3),
        (0.12, "marking", MARKINGS, 2),
    ):
        if r.random() < chance:
            yield Condition("in", field, tuple(r.sample(values, r.randint(1, most))))
    for chance, mark, field, bounds in (
        (0.3, "above", "range", (150, 300, 500, 1000, 5500)),
        (0.12, "below", "payload", (250, 500, 1000)),
        (0.2, "above", "worth", tuple(10**6 * each for each in (14, 25, 50, 93, 200))),
        (0.15, "above", "start", tuple(1_500_000_000 + 10**7 * each for each in range(20))),
        (0.05, "above", "count", (10, 100, 1000)),
        (0.25, "holds", "tags", TAGS),
        (0.04, "begins", "unit", ("acme", "mod-", "air-")),
    ):
        if r.random() < chance:
            yield Condition(mark, field, (r.choice(bounds),))


def requests(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return made-up requests."""
    r = Random(seed)  # noqa: S311  # made-up requests
    return [{"deal": _request(r)} for _ in range(count)]


def _request(r: Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "supplier": r.choice(SUPPLIERS),
        "kind": r.choice(KINDS),
        "tags": r.sample(TAGS, r.randint(0, 3)),
        "marking": r.choice(MARKINGS),
        "land": r.choice(LANDS),
        "purpose": r.choice(PURPOSES),
        "unit": r.choice(UNITS),
        "start": r.randint(1_480_000_000, 1_800_000_000),
        "count": r.randint(1, 2000),
        "worth": r.randint(1, 300 * 10**6),
        "urgent": r.choice((True, False)),
    }
    ranged = {"range": r.randint(1, 6000), "payload": r.randint(1, 2000)}
    return found | {name: value for name, value in ranged.items() if r.choice((True, True, False))}


# --- the same clauses in each tongue -----------------------------------------------------------


def cel(of: Condition, prefix: str = "deal.") -> str:
    """Return a condition in CEL."""
    name, value = prefix + of.field, of.values[0]
    match of.mark:
        case "in":
            text = f"{name} in [{', '.join(map(json.dumps, of.values))}]"
        case "above" | "below":
            text = f"{name} {'>' if of.mark == 'above' else '<='} {value}"
        case "holds":
            text = f"{json.dumps(value)} in {name}"
        case _:
            text = f"{name}.startsWith({json.dumps(value)})"
    return f"has({name}) && {text}" if of.field in OPTIONAL else text


def document(of: Sequence[Clause], *, extra: str = "", version: int = 1) -> str:
    """Return the clauses as a policy document."""
    lines = []
    for clause in of:
        when = " && ".join(cel(each) for each in clause.conditions)
        effect = f"{clause.effect}: true" if clause.effect[:1] == "p" else f"refer: {clause.effect}"
        lines.append(f"  - {{id: {clause.id}, when: {json.dumps(when)}, {effect}}}\n")
    head = f"policy: bench\nversion: {version}\ntitle: Bench\nissuer: desk\ninstrument: none\n"
    since = "in_force: {from: 2025-01-01T00:00:00Z}\n"
    return f"{head}{since}clauses:\n{''.join(lines)}{ROUTES}{extra}"


def policy(of: Sequence[Clause], *, extra: str = "", version: int = 1) -> Policy:
    """Return the clauses as a policy."""
    return read(document(of, extra=extra, version=version), schema=SCHEMA)
