"""Bulk judging is decide of every row: however clauses share bits, and however the columns lie."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from sayso import tables
from sayso.errors import MalformedValue
from sayso.policy.decide import verdict
from sayso.policy.document import read
from sayso.policy.evaluate import LACKING, Given
from sayso.policy.facts import Facts
from sayso.policy.policy import Policy
from sayso.policy.routes import advisers
from tests.policy import writer
from tests.policy.readings import FIELDS, plain
from tests.policy.test_rehearse import arrow_type

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
blocks = pytest.importorskip("sayso.policy.blocks")
columns = pytest.importorskip("sayso.policy.columns")
rehearse = pytest.importorskip("sayso.policy.rehearse")

UNITS = tuple(f"unit-{number}" for number in range(40))
LONG = "ж" * 5000
Row = dict[str, Given]


def counted(old: Policy, new: Policy, rows: list[Row]) -> dict[object, int]:
    """Return how often each pair of outcomes is what `decide` says."""
    found: dict[object, int] = {}
    for row in rows:
        one, other = (
            verdict([each], Facts(row), at=writer.AT, ranks=writer.RANKS) for each in (old, new)
        )
        pair = one.outcome, other.outcome
        found[pair] = found.get(pair, 0) + 1
    return found


def rehearsed(old: Policy, new: Policy, given: Iterable[object]) -> dict[object, int]:
    found = rehearse.rehearse([new], [old], given, at=writer.AT, ranks=writer.RANKS)
    return dict(found.matrix)


def table(rows: list[Row], paths: Iterable[str] = FIELDS) -> object:
    return pa.table(
        {
            path: pa.array([plain(row.get(path)) for row in rows], arrow_type(FIELDS[path].type))
            for path in paths
        }
    )


def thinned(r: Random, count: int) -> Policy:
    """Return clauses of which most ask for a unit: any one unit leaves but a few."""
    found = []
    for place in range(count):
        units = ", ".join(writer.quoted(each) for each in r.sample(UNITS, r.randint(1, 3)))
        parts = [f"f.unit in [{units}]"] if r.random() < 0.8 else []
        parts += [writer.truth(r, 1) for _ in range(r.randint(0 if parts else 1, 2))]
        found.append(
            f"  - {{id: c{place}, when: {writer.quoted(' && '.join(f'({p})' for p in parts))},"
            f" {r.choice(writer.EFFECTS)}}}"
        )
    return writer.policy(found)


def given(r: Random, count: int, known: float) -> list[Row]:
    rows = [writer.given(r, known) for _ in range(count)]
    return [row | ({"f.unit": r.choice(UNITS)} if "f.unit" in row else {}) for row in rows]


@pytest.mark.parametrize("seed", range(4))
def test_clauses_that_share_bits_are_judged_as_if_they_did_not(seed: int) -> None:
    r = Random(seed)
    old, new = thinned(r, 400), thinned(r, 400)
    rows = given(r, 150, r.choice((0.6, 1.0)))
    assert rehearsed(old, new, [table(rows)]) == counted(old, new, rows)


def test_clauses_that_one_fact_thins_out_share_bits() -> None:
    bits = [columns._flags([1 << place for place in range(500)], 501)]
    found = blocks.blocks(bits, [range(500)], columns._flags([0], 500)[0])
    assert [(each.anchor, each.seats.shape) for each in found] == [(0, (500, 64))]


def test_there_may_be_more_sets_of_parts_than_bits_in_a_byte() -> None:
    r = Random(5)
    offices = [f"office-{number}" for number in range(20)]
    lines = [
        f"  - {{id: c{at}, when: {writer.quoted(writer.truth(r, 2))}, refer: {office}}}\n"
        for at, office in enumerate(offices)
    ]
    routes = "".join(f"  {each}: [{{advise: [{each}]}}, {{decide: desk}}]\n" for each in offices)
    head = "policy: many\nversion: 1\nin_force: {from: 2025-01-01T00:00:00Z}\n" + writer.HEAD
    text = f"{head}clauses:\n{''.join(lines)}routes:\n{routes}"
    policy = read(text, schema=writer.SCHEMA)
    rows = [writer.given(r, 0.9) for _ in range(100)]
    found = rehearse.rehearse([policy], [policy], [table(rows)], at=writer.AT, ranks=writer.RANKS)
    verdicts = [verdict([policy], Facts(row), at=writer.AT, ranks=writer.RANKS) for row in rows]
    for office in offices:
        wanted = sum(office in advisers(each.route) for each in verdicts)
        assert found.after.get(office, rehearse.Load(0, 0)).advises == wanted


@pytest.mark.parametrize("size", [1, 7, 64])
def test_batches_may_end_anywhere(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    r = Random(size)
    old, new = thinned(r, 60), thinned(r, 60)
    rows = given(r, 100, 0.8)
    monkeypatch.setattr(rehearse, "ROWS", size)
    monkeypatch.setattr(columns, "ROWS", max(1, size // 2))
    whole = table(rows)
    halves = pa.concat_tables([table(rows[:33]), table(rows[33:])])
    for each in (whole, halves):
        assert rehearsed(old, new, [each]) == counted(old, new, rows)


def test_a_table_may_be_empty_and_a_column_all_unknown() -> None:
    r = Random(3)
    old, new = thinned(r, 60), thinned(r, 60)
    rows: list[Row] = [dict.fromkeys(writer.OPTIONAL, LACKING) for _ in range(9)]
    found = rehearsed(old, new, [table([]), table(rows), pa.table({})])
    assert found == counted(old, new, rows)
    missing = [path for path in FIELDS if path != "f.unit"]
    kept = [
        {path: value for path, value in row.items() if path != "f.unit"} for row in given(r, 50, 1)
    ]
    assert rehearsed(old, new, [table(kept, missing)]) == counted(old, new, kept)


LISTS = {
    "few": ["a", "b", "c"],
    "more than a byte": [f"m{at}" for at in range(12)],
    "more than two": [f"m{at}" for at in range(40)],
    "more than a word": [f"m{at}" for at in range(80)],
}


@pytest.mark.parametrize("members", LISTS.values(), ids=LISTS)
def test_lists_are_judged_by_what_they_hold(members: list[str]) -> None:
    r = Random(len(members))
    lines = [
        f"  - {{id: c{at}, when: '\"{each}\" in f.marks', permit: true}}"
        for at, each in enumerate(members)
    ]
    policy, none = writer.policy(lines), writer.policy([])
    lists = [r.sample([*members, "other"], r.randint(0, 3)) for _ in range(200)]
    rows: list[Row] = [{"f.marks": tuple(each)} for each in lists]
    assert rehearsed(none, policy, [table(rows)]) == counted(none, policy, rows)
    for of in (pa.large_list(pa.string()), pa.list_(pa.dictionary(pa.int8(), pa.string()))):
        given_ = pa.table({"f.marks": pa.array(lists, of)})
        assert rehearsed(none, policy, [given_]) == counted(none, policy, rows)
    fixed = [(r.choice(members), "other") for _ in range(50)]
    given_ = pa.table({"f.marks": pa.array(fixed, pa.list_(pa.string(), 2))})
    rows = [{"f.marks": each} for each in fixed]
    assert rehearsed(none, policy, [given_]) == counted(none, policy, rows)


def test_a_long_list_that_repeats_an_item_holds_it() -> None:
    policy = writer.policy(["  - {id: a, when: '\"x\" in f.marks', permit: true}"])
    lists = [["x"] * 256, ["y"] * 300, [], ["y"] * 299 + ["x"], None]
    given_ = pa.table({"f.marks": pa.array(lists, pa.list_(pa.string()))})
    rows: list[Row] = [{} if each is None else {"f.marks": tuple(each)} for each in lists]
    none = writer.policy([])
    assert rehearsed(none, policy, [given_]) == counted(none, policy, rows)
    assert sum(rehearsed(none, policy, [given_]).values()) == len(lists)


def test_different_lists_are_told_apart_by_every_item() -> None:
    r = Random(11)
    policy = writer.policy(
        ["  - {id: a, when: 'f.marks.exists_one(m, m.startsWith(\"a\"))', permit: true}"]
    )
    lists = [r.choices(["a", "ab", "b", "c"], k=r.randint(0, 5)) for _ in range(400)]
    rows: list[Row] = [{"f.marks": tuple(each)} for each in lists]
    none = writer.policy([])
    assert rehearsed(none, policy, [table(rows)]) == counted(none, policy, rows)


def test_texts_may_be_long_and_all_different() -> None:
    policy = writer.policy(
        [
            "  - {id: a, when: 'f.unit.endsWith(\"7\")', permit: true}",
            f"  - {{id: b, when: 'has(f.note) && f.note == \"{LONG}\"', prohibit: true}}",
        ]
    )
    rows: list[Row] = [
        {"f.unit": f"{LONG}{at}", "f.note": LONG if at % 3 else LACKING} for at in range(300)
    ]
    none = writer.policy([])
    assert rehearsed(none, policy, [table(rows)]) == counted(none, policy, rows)


def test_numbers_may_have_many_bounds() -> None:
    r = Random(2)
    lines = [
        f"  - {{id: c{at}, when: 'f.reach > {at * 30} && f.reach != {at * 30 + 7}', {effect}}}"
        for at in range(180)
        for effect in (r.choice(writer.EFFECTS),)
    ]
    old, new = writer.policy(lines[::2]), writer.policy(lines)
    rows: list[Row] = [{"f.reach": r.randint(0, 6000)} for _ in range(300)]
    rows += [{} for _ in range(20)]
    assert rehearsed(old, new, [table(rows)]) == counted(old, new, rows)


# --- Parquet -----------------------------------------------------------------------------------


def test_a_parquet_file_gives_the_same_by_group_and_by_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    r = Random(8)
    old, new = thinned(r, 80), thinned(r, 80)
    rows = given(r, 200, 0.8)
    path = tmp_path / "past.parquet"
    parquet.write_table(table(rows), path, row_group_size=77)
    wanted = tables.mentioned([old, new])
    by_group = list(tables.read(path, wanted, schema=writer.SCHEMA))
    assert {each.num_rows for each in by_group} == {77, 46}
    assert {name for each in by_group for name in each.column_names} == wanted & FIELDS.keys()
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    monkeypatch.setattr(tables, "ROWS", 13)
    by_batch = list(tables.read(path, schema=writer.SCHEMA))
    assert max(each.num_rows for each in by_batch) == 13
    assert rehearsed(old, new, by_group) == counted(old, new, rows)
    assert rehearsed(old, new, by_batch) == counted(old, new, rows)


def test_a_column_that_is_no_fact_is_refused_though_no_policy_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "past.parquet"
    parquet.write_table(pa.table({"article.range_km": [1], "article.rnage": [2]}), path)
    with pytest.raises(MalformedValue, match=r"`article\.rnage` is no fact"):
        list(tables.read(path, {"article.range_km"}))


def test_a_list_with_an_item_of_no_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "past.parquet"
    lists = pa.array([["US"], ["US", None]], pa.list_(pa.string()))
    parquet.write_table(pa.table({"article.suppliers": lists}), path)
    with pytest.raises(MalformedValue, match=r"`article\.suppliers` .* an item without a value"):
        list(tables.read(path))
