"""The policy readings beside their peers: `python bench/policy.py [--rows N] [--only TABLE]`.

One run, one machine, one thread; conversions included; seconds are those of the processor. A peer
that is not installed, or fails, is named and left out. Clauses and requests are made up from a
seed: thirteen facts, clauses of two to six conditions, requests as nested JSON.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from sayso.dates import Instant
from sayso.policy.decide import Prepared, Verdict, verdict
from sayso.policy.document import read
from sayso.policy.facts import Facts
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
REQUESTS = 5000
FEWER = 100  # a peer is slower, and keeps nothing from request to request
PASSES = 3
TIMES = 5
MANY = 10_000  # more than any peer reads in time
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


def cedar(of: Condition) -> str:
    """Return a condition in Cedar."""
    name, value = f"context.deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            text = f"[{', '.join(map(json.dumps, of.values))}].contains({name})"
        case "above" | "below":
            text = f"{name} {'>' if of.mark == 'above' else '<='} {value}"
        case "holds":
            text = f"{name}.contains({json.dumps(value)})"
        case _:
            text = f'{name} like "{value}*"'
    return f"context.deal has {of.field} && {text}" if of.field in OPTIONAL else text


def rego(of: Condition) -> str:
    """Return a condition in Rego."""
    name, value = f"input.deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            return f"{name} in {{{', '.join(map(json.dumps, of.values))}}}"
        case "above" | "below":
            return f"{name} {'>' if of.mark == 'above' else '<='} {value}"
        case "holds":
            return f"{json.dumps(value)} in {name}"
        case _:
            return f"startswith({name}, {json.dumps(value)})"


def zen(of: Condition) -> str:
    """Return a condition in the language of zen-engine."""
    name, value = f"deal.{of.field}", of.values[0]
    match of.mark:
        case "in":
            return f"{name} in [{', '.join(map(json.dumps, of.values))}]"
        case "above" | "below":
            return f"({name} != null and {name} {'>' if of.mark == 'above' else '<='} {value})"
        case "holds":
            return f"{json.dumps(value)} in {name}"
        case _:
            return f"startsWith({name}, {json.dumps(value)})"


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


# --- verdicts ----------------------------------------------------------------------------------

Fired = Callable[[dict[str, Any]], list[str]]


def by_sayso(of: Sequence[Clause]) -> Callable[[dict[str, Any]], Any]:
    """Return how Sayso judges a request, the policies made ready as those of the peers are."""
    prepared = Prepared((policy(of),), ranks=RANKS, schema=SCHEMA)
    return lambda given: prepared.verdict(given, at=AT)


def unprepared(policies: tuple[Policy, ...], given: dict[str, Any]) -> Verdict:
    """Return the verdict on a request by itself, its facts read first."""
    return verdict(policies, Facts.read(given, SCHEMA), at=AT, ranks=RANKS)


def by_cedar(of: Sequence[Clause]) -> Fired:
    """Return how cedarpy does."""
    import cedarpy  # noqa: PLC0415  # a peer that may be missing

    text = "\n".join(
        f"permit(principal, action, resource) when {{ {' && '.join(map(cedar, c.conditions))} }};"
        for c in of
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    who = {"principal": 'U::"u"', "action": 'A::"use"', "resource": 'R::"a"'}
    names = {f"policy{place}": clause.id for place, clause in enumerate(of)}

    def fired(given: dict[str, Any]) -> list[str]:
        found = cedarpy.is_authorized({**who, "context": given}, policies, entities)
        return [names[each] for each in found.diagnostics.reasons]

    return fired


def by_zen(of: Sequence[Clause]) -> Fired:
    """Return how zen-engine does."""
    import zen as engine  # noqa: PLC0415  # a peer that may be missing

    each = (" and ".join(zen(condition) for condition in clause.conditions) for clause in of)
    compiled = engine.compile_expression(f"[{', '.join(each)}]")
    names = [clause.id for clause in of]
    return lambda given: [
        name for name, true in zip(names, compiled.evaluate(given), strict=True) if true
    ]


def by_google(of: Sequence[Clause]) -> Fired:
    """Return how cel-expr-python does."""
    from cel_expr_python import cel as engine  # noqa: PLC0415  # a peer that may be missing

    kind = engine.Type.Map(engine.Type.STRING, engine.Type.DYN)
    environment = engine.NewEnv(variables={"deal": kind})
    compiled = [
        (clause.id, environment.compile(" && ".join(cel(each) for each in clause.conditions)))
        for clause in of
    ]

    def fired(given: dict[str, Any]) -> list[str]:
        bound = environment.Activation(given)
        return [name for name, each in compiled if each.eval(bound).value() is True]

    return fired


def by_rego(of: Sequence[Clause]) -> Fired:
    """Return how regopy does."""
    import regopy  # noqa: PLC0415  # a peer that may be missing

    lines = [
        f'fired contains "{clause.id}" if {{ {"; ".join(map(rego, clause.conditions))} }}'
        for clause in of
    ]
    interpreter = regopy.Interpreter()
    interpreter.add_module("bench", "package bench\nimport rego.v1\n" + "\n".join(lines))
    bundle = interpreter.build("x = data.bench.fired")

    def fired(given: dict[str, Any]) -> list[str]:
        interpreter.set_input(given)
        output = interpreter.query_bundle(bundle)  # its parts do not keep it alive
        named: list[str] = json.loads(str(output.binding("x")))
        return named

    return fired


PEERS = {"zen-engine": by_zen, "cel-expr-python": by_google, "cedarpy": by_cedar, "regopy": by_rego}


def rate(decide: Callable[[dict[str, Any]], Any], given: Sequence[Any], seconds: float) -> float:
    """Return verdicts a second: the best of at least three passes over all the requests.

    A pass goes before, so that whatever is kept of a value is there.
    """
    for each in given:
        decide(each)
    took: list[float] = []
    end = process_time() + seconds
    while len(took) < PASSES or process_time() < end:
        start = process_time()
        for each in given:
            decide(each)
        took.append(process_time() - start)
    return len(given) / min(took)


def same(found: Any, fired: Fired, given: Sequence[dict[str, Any]]) -> bool:  # noqa: ANN401  # a verdict
    """Return whether a peer fired the clauses that the verdict rests on, and none above them."""
    for each in given:
        because = {name.partition("/")[2] for name in found(each).because}
        if not because <= set(fired(each)):
            return False
    return True


def peer_rate(name: str, count: int) -> str:
    """Return what one peer does, in a process of its own: some of them crash."""
    asked = [sys.executable, __file__, "--peer", name, "--clauses", str(count)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=240)
    except subprocess.TimeoutExpired:
        return "not done within 240 seconds"
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2][:70]
        return last or f"ended by signal {-done.returncode}"
    return done.stdout.strip()


def one_peer(name: str, count: int) -> None:
    """Print one peer's verdicts a second, and whether it fires the same clauses."""
    given, listed = requests(FEWER), clauses(count)
    fired = PEERS[name](listed)
    agreed = same(by_sayso(listed), fired, given)
    print(f"{rate(fired, given, 3):.0f}{'' if agreed else ' DISAGREES'}")


def verdicts() -> None:
    """Print verdicts a second, beside the peers."""
    print(
        f"\nverdicts a second, on {REQUESTS:,} requests, no two alike; {FEWER} of them for a peer"
    )
    given = requests(REQUESTS)
    for count in (20, 1000, 10_000):
        policies = (policy(clauses(count)),)
        prepared = Prepared(policies, ranks=RANKS, schema=SCHEMA)
        mine = rate(partial(prepared.verdict, at=AT), given, 3)
        alone = rate(partial(unprepared, policies), given, 2)
        distinct = len({prepared.verdict(each, at=AT).because for each in given})
        print(f"{count:>7} clauses  sayso {mine:>20,.0f}   {1e6 / mine:.1f} µs each,", end=" ")
        print(f"{1e6 / alone:.1f} unprepared; {distinct:,} different grounds")
        for name in PEERS if count < MANY else ():
            said = peer_rate(name, count)
            times = f"   sayso is {mine / float(said):,.1f}×" if said.isdigit() else ""
            print(f"{'':>16} {name:<16} {said:>9}{times}")


# --- proofs ------------------------------------------------------------------------------------

ALWAYS = """
always:
  - id: only-the-secretary
    when: deal.land == "RU"
    then: prohibited || decided_by("secretary")
"""


def proofs() -> None:
    """Print how long a proof, a comparison and a whole report take, beside z3 alone."""
    from sayso.policy.judge import ask  # noqa: PLC0415  # the solvers are an extra
    from sayso.policy.prove import broken, case_of, prove  # noqa: PLC0415  # the same

    print("\nproofs over 1,000 clauses, seconds of the processor, building included")
    listed = clauses(1000)
    draft = [each for each in listed if each.id != "inside-1"]
    for name, chosen in (("holds", listed), ("is broken", draft)):
        given = policy(chosen, extra=ALWAYS)
        (asked,) = given.always
        start = process_time()
        case = case_of([given], ranks=RANKS, asked=asked)
        answer = ask(case.world, broken(case, given, asked), seconds=60)
        print(f"   a property that {name}: {process_time() - start:.3f}")
        assert (answer is None) == (name == "holds")
        whole = case_of([given], ranks=RANKS)
        beside_z3(whole.world, broken(whole, given, asked))
    given = policy(listed, extra=ALWAYS)
    start = process_time()
    report = prove([given], ranks=RANKS)
    took = process_time() - start
    print(f"   the whole report, {len(report.without_effect)} clauses without effect: {took:.2f}")
    differences(listed)


def differences(listed: Sequence[Clause]) -> None:
    """Print how long it takes to tell two versions apart, by what was done to the second."""
    from sayso.policy.diff import diff  # noqa: PLC0415  # the solvers are an extra
    from sayso.policy.question import Question, world  # noqa: PLC0415  # the same

    one = policy(listed)
    turned = document(listed, version=2).replace("decide: desk}", "decide: director}")
    versions = {
        "reordered": policy(listed[::-1], version=2),
        "one bound edited": policy(_edited(listed), version=2),
        "one clause removed": policy(without(listed, [500]), version=2),
        "ten clauses removed": policy(without(listed, range(50, 1000, 100)), version=2),
        "the effects of two clauses exchanged": policy(_swapped(listed, 500, 501), version=2),
        "a route changed": read(turned, schema=SCHEMA),
        "every clause made up anew": policy(clauses(1000, seed=2), version=2),
    }
    for name, other in versions.items():
        start = process_time()
        found = diff(one, other, ranks=RANKS)
        took = process_time() - start
        said = found.relation.value if found.relation else found.words
        print(f"   {name}: {said}, {len(found.families)} families, in {took:.2f}")
    both = (one, versions["one clause removed"])
    here = world(both)
    pair = [Question(here, (each,), RANKS) for each in both]
    gates = here.gates
    asked = [gates.differ(*(each.permitted for each in pair))]
    asked.append(gates.differ(*(each.referred for each in pair)))
    beside_z3(here, gates.any_of(asked))


def without(of: Sequence[Clause], places: Iterable[int]) -> list[Clause]:
    """Return the clauses but those at these places."""
    left_out = set(places)
    return [each for place, each in enumerate(of) if place not in left_out]


def _swapped(of: Sequence[Clause], one: int, other: int) -> list[Clause]:
    found = list(of)
    for place, effect in ((one, of[other].effect), (other, of[one].effect)):
        found[place] = Clause(of[place].id, of[place].conditions, effect)
    return found


def beside_z3(here: Any, literal: int) -> None:  # noqa: ANN401  # a world
    """Ask z3 alone the same question."""
    import z3  # noqa: PLC0415  # the solvers are an extra

    from sayso.policy.smt.cone import smtlib  # noqa: PLC0415  # the same

    text = smtlib(here, literal)
    solver = z3.Solver()
    solver.set("timeout", 120_000)
    solver.from_string(text)
    start = process_time()
    said = solver.check()
    print(f"{'':>10} z3 alone: {said} in {process_time() - start:.2f}")


def _edited(of: Sequence[Clause]) -> list[Clause]:
    found = list(of)
    for place, clause in enumerate(found):
        for number, each in enumerate(clause.conditions):
            if each.field == "range" and each.values == (300,):
                edited = Condition("above", "range", (350,))
                kept = clause.conditions
                conditions = (*kept[:number], edited, *kept[number + 1 :])
                found[place] = Clause(clause.id, conditions, clause.effect)
                return found
    return found


# --- rehearsal ---------------------------------------------------------------------------------


def rehearsal(rows: int) -> None:
    """Print how long a rehearsal takes, beside reading the same file.

    *Reading* is decoding into Arrow every column that the policies read, row group by row group, in
    one thread: once as Arrow does it by default, and once as the rehearsal itself asks for it, with
    the texts in lists as dictionaries too. (The texts that stand alone are dictionaries either way,
    for the file's own Arrow schema says so.) A rehearsal includes its reading, and making its
    tables from the policies.
    """
    head = f"rehearsal of {rows:,} requests × 1,000 clauses, best of {TIMES} in a fresh process"
    print(f"\n{head}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests.parquet"
        _write(path, rows)
        done = subprocess.run([sys.executable, __file__, "--past", path], check=False)
    assert done.returncode == 0


def rehearse_once(path: Path) -> None:
    """Print how long the rehearsal of one file takes; the peak of memory is this process's own."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # the columns are an extra

    from sayso import tables  # noqa: PLC0415  # the same

    listed = clauses(1000)
    one, other = policy(listed), policy(_edited(listed), version=2)
    wanted = tables.mentioned((one, other))

    def plainly() -> None:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                file.read_row_group(group, columns=sorted(wanted), use_threads=False)

    def coded() -> None:
        for _ in tables.read(path, wanted, schema=SCHEMA):
            pass

    def rehearsed() -> Any:  # noqa: ANN401  # a rehearsal
        given = tables.read(path, wanted, schema=SCHEMA)
        return tables.rehearse([other], [one], given, at=AT, ranks=RANKS)

    found = rehearsed()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    timed = timings((plainly, coded, rehearsed))
    (plain, _), (fast, _), (took, _) = timed
    names = ("reading the file", "reading it with all texts coded", "rehearsing two versions")
    for name, (processor, wall) in zip(names, timed, strict=True):
        print(f"   {name:<32} {processor:6.2f} s of the processor, {wall:6.2f} s of the clock")
    print(f"   {took / plain:.1f}× reading, {took / fast:.1f}× reading coded; peak {peak} MiB")
    print("  ", {f"{a.value}→{b.value}": n for (a, b), n in found.matrix.items()})


def timings(works: Sequence[Callable[[], Any]]) -> list[tuple[float, float]]:
    """Return the seconds of the processor and of the clock that each work takes, at best."""
    best = [(float("inf"), float("inf"))] * len(works)
    for _ in range(TIMES):
        for place, work in enumerate(works):
            processor, wall = process_time(), perf_counter()
            work()
            taken = process_time() - processor, perf_counter() - wall
            best[place] = min(best[place][0], taken[0]), min(best[place][1], taken[1])
    return best


def _write(path: Path, rows: int) -> None:
    import numpy as np  # noqa: PLC0415  # the columns are an extra
    import pyarrow as pa  # noqa: PLC0415  # the same
    import pyarrow.parquet as pq  # noqa: PLC0415  # the same

    r = np.random.default_rng(5)
    lists = [
        [],
        *([tag] for tag in TAGS),
        *([one, two] for one in TAGS for two in TAGS if one < two),
    ]

    def chosen(values: Sequence[Any], count: int) -> Any:  # noqa: ANN401  # Arrow has no types
        indices = pa.array(r.integers(0, len(values), count).astype("int32"))
        return pa.DictionaryArray.from_arrays(indices, pa.array(values))

    writer = None
    for first in range(0, rows, 500_000):
        count = min(500_000, rows - first)
        columns = {
            "deal.supplier": chosen(SUPPLIERS, count),
            "deal.kind": chosen(KINDS, count),
            "deal.range": pa.array(r.integers(1, 6000, count), mask=r.integers(0, 5, count) == 0),
            "deal.payload": pa.array(r.integers(1, 2000, count), mask=r.integers(0, 3, count) == 0),
            "deal.tags": pa.array(lists, pa.list_(pa.string())).take(
                pa.array(r.integers(0, len(lists), count))
            ),
            "deal.marking": chosen(MARKINGS, count),
            "deal.land": chosen(LANDS, count),
            "deal.purpose": chosen(PURPOSES, count),
            "deal.unit": chosen(UNITS, count),
            "deal.start": pa.array(r.integers(1_480_000_000, 1_800_000_000, count)),
            "deal.count": pa.array(r.integers(1, 2000, count)),
            "deal.worth": pa.array(r.integers(1, 300 * 10**6, count)),
            "deal.urgent": pa.array(r.integers(0, 2, count) == 0),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--only", choices=("rehearsal", "verdicts", "proofs"))
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--clauses", type=int, default=20, help=argparse.SUPPRESS)
    parser.add_argument("--past", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.past:
        rehearse_once(asked.past)
        return
    if asked.peer:
        one_peer(asked.peer, asked.clauses)
        return
    if asked.only in {None, "rehearsal"}:
        rehearsal(asked.rows)
    if asked.only in {None, "verdicts"}:
        verdicts()
    if asked.only in {None, "proofs"}:
        proofs()


if __name__ == "__main__":
    main()
