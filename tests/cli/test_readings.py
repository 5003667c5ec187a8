"""The readings of a policy and of a place from the command line: their fixed surfaces."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

TEXTS = Path(__file__).parents[2] / "examples" / "long-range-fires"
FIRST, SECOND, DRAFT = (TEXTS / f"policy-{name}.yaml" for name in ("1", "2", "3-draft"))
SUMMER = ("--at", "2025-07-01T00:00:00Z")


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    """Return a terminal where there is no store."""
    return Terminal(tmp_path)


def facts(folder: Path, **given: object) -> Path:
    """Return a file of facts: an American missile of 305 km used in Russia, with what is given."""
    usual: dict[str, object] = {
        "article": {"id": "atacms", "range_km": 305, "suppliers": ["US"]},
        "place": {"touches": ["RU"]},
    }
    file = folder / "facts.json"
    file.write_text(json.dumps({**usual, **given}))
    return file


def test_a_verdict_needs_no_store(bare: Terminal, tmp_path: Path) -> None:
    value = bare.asks("policy", "verdict", SECOND, "--facts", facts(tmp_path), *SUMMER)
    assert value["outcome"] == "referred"
    assert value["decider"] == "secretary-of-defense"
    assert value["because"] == ["long-range-fires@2/inside-russia"]
    assert value["missing"] == []
    assert value["route"][-1]["decide"] == "secretary-of-defense"
    elsewhere = facts(tmp_path, place={"touches": ["UA"]})
    value = bare.asks("policy", "verdict", SECOND, "--facts", elsewhere, *SUMMER)
    assert (value["outcome"], value["decider"]) == ("permitted", None)


def test_what_is_not_known_never_permits_and_is_named(bare: Terminal, tmp_path: Path) -> None:
    unknown = facts(tmp_path, article={"id": "atacms", "suppliers": ["US"]})
    value = bare.asks("policy", "verdict", SECOND, "--facts", unknown, *SUMMER)
    assert value["outcome"] == "referred"
    assert value["missing"] == ["article.range_km"]


def test_only_the_secretary_is_proven_and_a_hole_is_shown(bare: Terminal) -> None:
    proven = bare.run("policy", "prove", SECOND, as_json=True)
    assert proven.status == 0
    assert proven.value["holds"] is True
    assert [each["holds"] for each in proven.value["properties"]] == [True]
    broken = bare.run("policy", "prove", DRAFT, as_json=True)
    assert broken.status == 1
    (hole,) = broken.value["properties"]
    assert (hole["id"], hole["holds"]) == ("only-the-secretary", False)
    assert hole["family"]["member"]["use"] == {"count": 1}
    assert "the use's count is at most 1" in hole["words"]
    example = bare.run("policy", "prove", DRAFT, "--as-example").out
    assert "expect: {refer: quick, decider: under-secretary-policy}" in example


def test_a_counterexample_is_an_example_that_can_be_pasted(bare: Terminal, tmp_path: Path) -> None:
    shown = bare.run("policy", "prove", DRAFT, "--as-example").out
    example = shown[shown.index("  - facts:") :]
    pasted = tmp_path / "pasted.yaml"
    pasted.write_text(DRAFT.read_text() + "examples:\n" + example)
    checked = bare.asks("policy", "check", pasted)
    assert (checked["ok"], checked["examples"]) == (True, 1)


def test_a_question_that_takes_too_long_is_not_proven(bare: Terminal) -> None:
    ran = bare.run("policy", "prove", SECOND, "--seconds", "0.001", as_json=True)
    assert ran.status in {0, 1}
    assert ran.value["holds"] == (ran.status == 0)


def test_a_property_can_be_asked_of_another_solver(bare: Terminal) -> None:
    text = bare.run("policy", "prove", SECOND, "--smt-lib", "only-the-secretary").out
    assert "(check-sat)" in text
    assert bare.run("policy", "prove", SECOND, "--smt-lib", "only-the-secretry").status == 1


def test_a_difference_is_told_as_families(bare: Terminal) -> None:
    value = bare.asks("policy", "diff", FIRST, SECOND)
    assert value["relation"] == "incomparable"
    said = [each["words"] for each in value["families"]]
    assert any("permitted becomes referred to secretary-of-defense" in each for each in said)
    same = bare.asks("policy", "diff", SECOND, SECOND)
    assert (same["relation"], same["families"]) == ("equivalent", [])


CSV = """article.id,article.range_km,article.suppliers,place.touches,use.count
atacms,305,US,RU,1
atacms,305,US,UA,2
atacms,305,US,RU;UA,9
himars,80,US,RU,1
other,,GB,RU,
"""


def test_a_rehearsal_reads_every_kind_of_table_alike(bare: Terminal, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet")
    from pyarrow import csv, parquet  # noqa: PLC0415  # optional

    (tmp_path / "past.csv").write_text(CSV)
    rows: list[dict[str, object]] = [
        {"article": {"id": "atacms", "range_km": 305, "suppliers": ["US"]}},
        {"article": {"id": "atacms", "range_km": 305, "suppliers": ["US"]}},
        {"article": {"id": "atacms", "range_km": 305, "suppliers": ["US"]}},
        {"article": {"id": "himars", "range_km": 80, "suppliers": ["US"]}},
        {"article": {"id": "other", "suppliers": ["GB"]}},
    ]
    places = (["RU"], ["UA"], ["RU", "UA"], ["RU"], ["RU"])
    counts = (1, 2, 9, 1, None)
    with (tmp_path / "past.jsonl").open("w") as file:
        for row, touches, count in zip(rows, places, counts, strict=True):
            use = {} if count is None else {"use": {"count": count}}
            file.write(json.dumps({**row, "place": {"touches": touches}, **use}) + "\n")
    flat = csv.read_csv(tmp_path / "past.csv").drop(["article.suppliers", "place.touches"])
    parquet.write_table(flat, tmp_path / "partly.parquet")

    def rehearsed(name: str) -> tuple[list[object], object]:
        words = ("policy", "rehearse", SECOND, "--against", FIRST, "--check-sql", "--requests")
        value = bare.asks(*words, tmp_path / name)
        assert value["sql_agrees"] is True
        return value["matrix"], value["load"]

    assert rehearsed("past.csv") == rehearsed("past.jsonl")
    matrix, _ = rehearsed("past.csv")
    assert {"old": "permitted", "new": "referred", "count": 1} in matrix
    assert {"old": "permitted", "new": "prohibited", "count": 1} in matrix
    rehearsed("partly.parquet")


def test_a_rehearsal_of_the_record_itself(at: Terminal) -> None:
    pytest.importorskip("pyarrow")
    value = at.asks("policy", "rehearse", SECOND, "--against", FIRST, "--history", "--check-sql")
    assert value["rows"] == len(at.asks("request", "list"))  # what is kept is not counted
    assert value["sql_agrees"] is True


@pytest.mark.parametrize("text", ["no.such,column\n1,2\n", "article.range_km\nfar\n", ""])
def test_a_table_that_cannot_be_meant_is_refused(bare: Terminal, tmp_path: Path, text: str) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "bad.csv").write_text(text)
    words = ("policy", "rehearse", SECOND, "--against", FIRST, "--requests", tmp_path / "bad.csv")
    assert bare.run(*words).status == 1


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_a_policy_is_written_in_sql(bare: Terminal, dialect: str) -> None:
    pytest.importorskip("sqlglot")
    value = bare.asks("policy", "sql", SECOND, *SUMMER, "--dialect", dialect)
    assert "secretary-of-defense" in value["sql"]


def test_a_place_is_shown_by_one_viewpoint_or_several(bare: Terminal, tmp_path: Path) -> None:
    value = bare.asks("place", "show", "Kursk")
    assert list(value) == ["certainly_in", "may_touch", "zones", "nearest", "basis"]
    assert value["certainly_in"] == value["may_touch"] == ["RU"]
    assert (value["basis"]["viewpoint"], value["basis"]["tolerance_m"]) == ("us", 1500)
    views = ("--viewpoint", "us", "--viewpoint", "ru")
    ours, theirs = bare.asks("place", "show", "Dzhankoi", *views)
    assert (ours["may_touch"], theirs["may_touch"]) == (["UA"], ["RU"])
    map_file = tmp_path / "map.svg"
    bare.asks("place", "show", "50.27, 36.30", "--within", "5km", "--svg", map_file)
    assert "OpenStreetMap" in map_file.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Donetsk", "2 places are named `Donetsk`"),
        ("51,73, 36,19", ""),
        ("95.0, 36.0", ""),
        ("nan, 36.0", ""),
        ("@no-such-file", "there is no file"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><kml>&b;</kml>", ""),
    ],
)
def test_a_place_that_means_nothing_or_two_things_is_refused(
    bare: Terminal, text: str, said: str
) -> None:
    ran = bare.run("place", "show", text)
    assert ran.status == 1
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_southern_latitude_is_no_option(bare: Terminal) -> None:
    sydney, within = "-33.86, 151.22", ("--within", "5km")
    for words in ((sydney, *within), (*within, sydney)):
        assert bare.asks("place", "show", *words)["certainly_in"] == ["AU"]
    assert "No such option" in bare.run("place", "show", sydney, "--wihtin", "5km").err


def test_a_viewpoint_of_ones_own_has_to_prove_itself(bare: Terminal, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    shipped = Path(__file__).parents[2] / "src" / "sayso" / "place" / "viewpoints" / "us.yaml"
    own.write_text(shipped.read_text("utf-8").replace("of: UA", "of: PL", 1), "utf-8")
    ran = bare.run("place", "show", "Kursk", "--viewpoint", own)
    assert ran.status == 1
    assert "Simferopol at 44.95, 34.1 is to be of `PL`, and is of `UA`" in ran.err


def test_recorded_places_are_compared_under_two_packs(at: Terminal) -> None:
    shipped = Path(__file__).parents[2] / "src" / "sayso" / "place" / "packs" / "world.pack"
    assert at.asks("place", "compare", shipped, shipped) == []


HELD = {
    "type": "Polygon",
    "coordinates": [[[35.5, 50.8], [36.5, 50.8], [36.5, 51.9], [35.5, 51.9], [35.5, 50.8]]],
}
VIEW = """
viewpoint: ours
title: as the deployment sees it
basis: a test
territories:
  RU: {minus: [+held]}
  UA: {plus: [+held, crimea, ua.oblasts4]}
  GE: {plus: [abkhazia]}
  XK: {plus: [kosovo]}
"""


def test_a_deployment_lays_its_own_ground_and_sees_it_its_own_way(
    bare: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "held.geojson").write_text(json.dumps(HELD))
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "ours.yaml").write_text(VIEW)
    origin = ("--name", "held", "--source", "a test", "--licence", "none", "--date", "2026-01-01")
    ours = tmp_path / "ours.pack"
    laid = bare.asks("place", "lay", tmp_path / "held.geojson", *origin, "--out", ours)
    assert laid["atoms"] == ["ru.core+held"]
    monkeypatch.setenv("SAYSO_PACK", str(ours))
    monkeypatch.setenv("SAYSO_VIEWPOINTS", str(tmp_path / "views"))
    assert bare.asks("place", "show", "Kursk")["may_touch"] == ["RU"]
    seen = bare.asks("place", "show", "Kursk", "--viewpoint", "ours")
    assert seen["may_touch"] == ["UA"]
    assert seen["basis"]["sha256"] == laid["sha256"]


def test_a_record_judged_by_another_map_is_told_and_not_believed(
    at: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "held.geojson").write_text(json.dumps(HELD))
    origin = ("--name", "held", "--source", "a test", "--licence", "none", "--date", "2026-01-01")
    ours = tmp_path / "ours.pack"
    at.asks("place", "lay", tmp_path / "held.geojson", *origin, "--out", ours)
    monkeypatch.setenv("SAYSO_PACK", str(ours))
    verified = at.run("record", "verify", as_json=True)
    assert verified.status == 1
    assert "`place` would be otherwise" in verified.value["problem"]
