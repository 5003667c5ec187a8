"""The policy readings beside their peers: `python bench/policy.py [--rows N] [--only TABLE]`.

One run, one machine, one thread; conversions included; seconds are those of the processor. A peer
that is not installed, or fails, is named and left out. Clauses and requests are made up from a
seed: thirteen facts, clauses of two to six conditions, requests as nested JSON.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from policies.made import (
    AT,
    KINDS,
    LANDS,
    MARKINGS,
    PURPOSES,
    RANKS,
    SCHEMA,
    SUPPLIERS,
    TAGS,
    UNITS,
    Clause,
    Condition,
    clauses,
    document,
    policy,
    requests,
)
from policies.peers import PEERS, Fired, by_sayso, unprepared

from sayso.policy.decide import Prepared
from sayso.policy.document import read

REQUESTS = 5000
FEWER = 100  # a peer is slower, and keeps nothing from request to request
PASSES = 3
TIMES = 5
MANY = 10_000  # more than any peer reads in time


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
