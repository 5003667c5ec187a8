"""A document that cannot be meant is refused with every finding, in its place."""

from time import perf_counter

import pytest

from sayso import wire
from sayso.errors import MalformedPolicy
from sayso.policy.document import read
from sayso.policy.examples import run
from sayso.policy.facts import Facts
from sayso.policy.names import Known
from sayso.policy.outline import decoded
from sayso.policy.policy import Pending, Permits, Transition, digest
from sayso.policy.routes import Advise, Consolidate, Decide
from sayso.policy.source import FaultyPolicy
from tests.policy import writer

DESIGN = """\
policy: long-range-fires
version: 2
title: Use of long-range missiles inside Russia
issuer: under-secretary-policy
instrument: Memorandum of 30 May 2025
in_force: {from: 2025-05-30T00:00:00Z}
supersedes: long-range-fires@1
transition: {pending: reroute, permits: suspend}
releasable_to: [us]
clauses:
  - id: inside-russia
    when: article.range_km > 300 && "US" in article.suppliers && place.touches("RU")
    refer: cross-border
    source: the reports of August 2025, F3 to F6
  - id: elsewhere
    when: '"US" in article.suppliers && !place.touches("RU")'
    permit: true
routes:
  cross-border:
    - {advise: [europe-desk, joint-staff, general-counsel], within: PT24H}
    - {consolidate: under-secretary-policy}
    - {decide: secretary-of-defense, reserved: true, consent: positive}
always:                                   # proven before adoption, for every possible request
  - id: only-the-secretary
    when: place.touches("RU") && article.range_km > 300 && "US" in article.suppliers
    then: prohibited || decided_by("secretary-of-defense")
examples:                                 # run before adoption, as tests
  - given: {article: atacms, place: Kursk}
    expect: {refer: cross-border}
"""


def findings(text: str, known: Known | None = None) -> list[tuple[int, int, str, str]]:
    with pytest.raises(FaultyPolicy) as raised:
        read(text, known=known)
    found = raised.value.findings
    return [(each.line, each.column, each.message, each.hint) for each in found]


def test_the_document_of_the_design_reads_as_it_stands() -> None:
    policy = read(DESIGN)
    assert policy.name == "long-range-fires@2"
    assert policy.digest == digest(DESIGN)
    assert policy.supersedes == "long-range-fires@1"
    assert policy.transition == Transition(Pending.REROUTE, Permits.SUSPEND)
    assert policy.releasable_to == ("us",)
    assert [type(stage) for stage in policy.routes["cross-border"]] == [Advise, Consolidate, Decide]
    kursk = wire.load(
        b'{"article": {"id": "atacms", "range_km": 301, "suppliers": ["US"]},'
        b' "place": {"touches": ["RU"]}}'
    )
    (result,) = run(policy, lambda given: Facts.read(kursk if given else {}))
    assert result.passed


def test_every_fault_is_found_with_line_column_caret_and_suggestion() -> None:
    text = DESIGN.replace("article.range_km > 300 &&", "article.rang_km > 300 &&")
    text = text.replace("    refer: cross-border", "    refer: crossborder")
    text = text.replace('!place.touches("RU")', '!place.touches("RV")')
    found = findings(text)
    assert [(line, column) for line, column, _, _ in found] == [
        (12, 11),
        (13, 12),
        (16, 56),
        (25, 34),
    ]
    assert found[0][3].startswith("did you mean `article.range_km`")
    assert found[1][3] == "did you mean `cross-border`?"
    with pytest.raises(MalformedPolicy) as raised:
        read(text, source="draft.yaml")
    shown = str(raised.value)
    assert "draft.yaml:12:11: no fact is named `article.rang_km`" in shown
    assert "           ^~~~~~~~~~~~~~~\n" in shown


def test_an_unknown_office_gets_the_nearest_ones() -> None:
    offices = frozenset({"europe-desk", "joint-staff", "general-counsel", "under-secretary-policy"})
    found = findings(DESIGN, Known(offices=offices | {"secretary-of-defence"}))
    assert {(line, hint) for line, _, _, hint in found} == {
        (22, "did you mean `secretary-of-defence` or `under-secretary-policy`?"),
        (26, "did you mean `secretary-of-defence` or `under-secretary-policy`?"),
    }


@pytest.mark.parametrize("style", ["|", ">", ">-"])
def test_a_fault_in_a_block_stands_where_it_is_written(style: str) -> None:
    block = f"when: {style}\n      article.range_km > 300\n      && article.typo == 1\n    refer"
    written = 'when: article.range_km > 300 && "US" in article.suppliers && place.touches("RU")'
    text = DESIGN.replace(f"{written}\n    refer", block)
    ((line, column, message, _),) = findings(text)
    assert (line, column, message) == (14, 10, "no fact is named `article.typo`")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 2", "version: 2\nversion: 3", "the key `version` stands twice"),
        ("version: 2", "version: two", "`two` is not a whole number"),
        ("version: 2", "version: 0", "a version counts from 1"),
        ("title: Use", "titel: Use", "the key `titel` is not known here"),
        ("releasable_to: [us]", "releasable_to: &a [us]", "anchors may not stand here"),
        ("releasable_to: [us]", "releasable_to: *a", "aliases may not stand here"),
        ("releasable_to: [us]", "releasable_to: !!set {us}", "tags may not stand here"),
        ("releasable_to: [us]", "releasable_to: [[us]]", "text is wanted here"),
        ("version: 2", "version: 2\n? [a]\n: b", "a key must be plain text"),
        (
            "policy: long-range-fires",
            "policy: Long Range",
            "`Long Range` is not of the form wanted here",
        ),
        ("from: 2025-05-30T00:00:00Z", "from: 2025-05-30", "`2025-05-30` is not an instant"),
        ("permits: suspend", "permits: burn", "`burn` is not known here"),
        ("permit: true", "permit: false", "`permit` can only be true"),
        ("permit: true", "permit: true\n    prohibit: true", "one effect is wanted here"),
        ("id: elsewhere", "id: inside-russia", "the id `inside-russia` stands twice"),
        ("within: PT24H", "within: P1M", "`P1M` is not a duration"),
        ("consent: positive", "consent: silent", "`silent` is no consent mode"),
        (
            "    - {decide: secretary-of-defense, reserved: true, consent: positive}\n",
            "",
            "these stages make no route",
        ),
        ("decided_by(", "decides_by(", "no function is named `decides_by`"),
        (
            "given: {article: atacms, place: Kursk}",
            "at: 2025-06-01T00:00:00Z",
            "either `given` or `facts` is wanted",
        ),
        ("title: Use", "title: \u202eUse", "the invisible character U+202E may not stand here"),
        ("title: Use", "title: e\u0301Use", "the text is not in Unicode normal form C here"),
        ("title: Use", "title: \x00Use", "the invisible character U+0000 may not stand here"),
        ("policy: long", "--- \n...\n---\npolicy: long", "a second document may not follow"),
        ("policy: long", "%YAML 1.2\n---\npolicy: long", "directives may not stand here"),
        ("permit: true", "permit: !x true", "tags may not stand here"),
        (
            "in_force: {from: 2025-05-30T00:00:00Z}",
            "in_force: {from: 2025-05-30T00:00:00Z, until: 2025-01-01T00:00:00Z}",
            "the period from 2025-05-30T00:00:00Z to 2025-01-01T00:00:00Z is empty",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, message: str) -> None:
    assert old in DESIGN
    assert message in [each[2] for each in findings(DESIGN.replace(old, new))]


def test_text_that_is_not_utf8_is_refused_where_it_is_not() -> None:
    with pytest.raises(FaultyPolicy, match="byte 10 is not UTF-8"):
        decoded(b"policy: ab\xff", source="p.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n" * 2_500_000,
        "[" * 100_000,
        "a: {" * 50_000,
        DESIGN.replace("article.range_km > 300", "(" * 1000 + "true" + ")" * 1000),
        DESIGN.replace("article.range_km > 300", "!" * 1000 + "request.urgent"),
        DESIGN.replace("article.range_km > 300", "1" + " + 1" * 30_000 + " > 3"),
        DESIGN.replace("article.range_km > 300", "article.range_km > 300 && " * 5_000 + "true"),
        DESIGN.replace("article.range_km > 300", "a" + ".a" * 1000),
        DESIGN.replace("when: art", "when: |\n      " + "x" * 100_001 + "\n      art"),
        "a: &x [*x]\n",
        "",
        "null",
        "- a",
    ],
)
def test_hostile_text_is_refused_within_seconds(text: str) -> None:
    start = perf_counter()
    with pytest.raises(FaultyPolicy) as raised:
        read(text)
    assert len(str(raised.value)) < 20_000
    assert perf_counter() - start < 5


def test_ten_thousand_clauses_are_read_within_seconds() -> None:
    clauses = [
        f"  - {{id: c{place}, when: f.reach > {place % 6000} && f.side == 'US', permit: true}}"
        for place in range(10_000)
    ]
    start = perf_counter()
    assert len(writer.policy(clauses).clauses) == 10_000
    assert perf_counter() - start < 20
