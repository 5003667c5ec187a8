"""Policies made ready say what they say of a request read with all care, errors included."""

import inspect
from collections.abc import Callable, Hashable
from enum import IntEnum
from random import Random
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given

from sayso.dates import Instant
from sayso.errors import MalformedValue
from sayso.policy import onepass
from sayso.policy.decide import Prepared, Ways, _missing, judged, verdict
from sayso.policy.document import read
from sayso.policy.engines import Closures
from sayso.policy.facts import Facts
from sayso.policy.facts import written as as_json
from sayso.policy.index import MOST, index
from sayso.policy.policy import Policy
from sayso.policy.rules import timeline
from sayso.policy.schema import BUILT_IN, Schema
from sayso.policy.types import LARGEST, Bool, Field, Int
from sayso.policy.verdicts import Verdict
from tests.policy import writer

SECOND = 1_000_000


class One(IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    1,
    -6,
    10**6 + 1,
    10**400,
    1.0,
    float("nan"),
    "",
    "US",
    "us",
    "\ud800",
    "\x00",
    "x" * (LARGEST + 1),
    "2025-05-30T00:00:00Z",
    "2025-05-30",
    "9999-12-31T00:00:00Z",
    "PT24H",
    "P1Y",
    [],
    [[]],
    [None],
    ["RU", "RU"],
    ["RU", 1],
    [True, 1],
    ["x" * LARGEST, "RU"],
    ["x" * (LARGEST + 1)],
    [str(place) for place in range(300)],
    {},
    {"RU": 1},
    {"RU": True, "UA": None},
    One.ONE,
    Text("US"),
    ("RU",),
)
PATHS = tuple(path for path in writer.SCHEMA.fields if path.startswith(("f.", "place.", "use.")))


def asked(r: Random) -> dict[str, Any]:
    """Return a request as it should be."""
    facts = writer.given(r, r.choice((0.5, 0.9, 1)))
    if "f.lasts" in facts:
        facts["f.lasts"] = r.choice((0, 1, 3600, 90_061)) * SECOND
    return {**as_json(facts, writer.SCHEMA), **({"use": {"count": 3}} if r.random() < 0.3 else {})}


def spoiled(r: Random, value: dict[str, Any]) -> Any:
    """Return a request in which something is odd, if only perhaps."""
    match r.randrange(8):
        case 0:
            return r.choice((None, [], "f", 1, [value]))
        case 1:
            return {**value, r.choice(("g", "F", "")): {}}
        case 2:
            return {**value, r.choice(("f", "place")): r.choice(ODD)}
        case 3:
            return {
                **value,
                "f": {**value.get("f", {}), r.choice(("sides", "sid", "")): r.choice(ODD)},
            }
        case _:
            group, _, name = r.choice(PATHS).partition(".")
            return {**value, group: {**value.get(group, {}), name: r.choice(ODD)}}


def said(judge: Any, value: Any) -> Verdict | tuple[str, str]:
    try:
        found = judge(value)
    except MalformedValue as error:
        return error.what, error.hint
    assert isinstance(found, Verdict)
    return found


def by_closures(policies: tuple[Policy, ...], value: Any) -> Verdict:
    """Judge clause by clause, and fact by fact."""
    facts = Facts.read(value, writer.SCHEMA).values
    rules = timeline(policies).at(writer.AT)
    engine = Closures(rules)
    missing = _missing(rules, engine, engine(facts), facts)
    return judged(rules, Ways(rules, writer.RANKS), engine(facts), missing)


def clauses(r: Random) -> list[str]:
    keyed = "  - {id: far, when: 'place.distance_km.RU > 300', prohibit: true}"
    several = "  - {id: both, when: 'f.flag && f.reach < size(f.unit)', refer: low}"
    extra = [each for each in (keyed, several) if r.random() < 0.5]
    return [*(writer.clause(r, place, r.choice((0, 1, 3))) for place in range(8)), *extra]


@writer.often
@given(writer.chance)
def test_policies_made_ready_say_the_same_of_any_request(r: Random) -> None:
    policies = (writer.policy(clauses(r)),)
    prepared = Prepared(policies, ranks=writer.RANKS, schema=writer.SCHEMA)
    values = [asked(r) for _ in range(8)]
    values += [spoiled(r, r.choice(values)) for _ in range(12)]
    values += values[:4]  # seen before
    for value in values:
        found = said(lambda each: prepared.verdict(each, at=writer.AT), value)
        alone = said(
            lambda each: verdict(
                policies, Facts.read(each, writer.SCHEMA), at=writer.AT, ranks=writer.RANKS
            ),
            value,
        )
        assert found == alone == said(lambda each: by_closures(policies, each), value)


@writer.often
@given(writer.chance)
def test_a_request_as_it_should_be_is_read_in_passing(r: Random) -> None:
    rules = timeline((writer.policy(clauses(r)),)).at(writer.AT)
    made = index(rules)
    read_ = onepass.onepass(made, writer.SCHEMA)
    for _ in range(10):
        value = asked(r)
        assert read_(value) == made(Facts.read(value, writer.SCHEMA).values)


EVERY = (
    "f.flag",
    "has(f.maybe) && f.maybe",
    'f.side == "US"',
    'has(f.other) && f.other != "US"',
    "f.reach > 1",
    'f.unit == "US"',
    'has(f.note) && f.note.startsWith("U")',
    '"RU" in f.lands',
    '!("RU" in f.marks)',
    'f.begin > timestamp("2025-05-30T00:00:00Z")',
    'f.lasts > duration("1h")',
    "place.distance_km.RU > 1",
)
WHOLE: dict[str, Any] = {
    **as_json({**writer.given(Random(1), 1), "f.lasts": SECOND}, writer.SCHEMA),
    "place": {"distance_km": {"RU": 1}},
    "use": {},
}


@pytest.fixture(scope="module", params=[EVERY, ()], ids=["asked of", "not asked of"])
def policy(request: pytest.FixtureRequest) -> Policy:
    whens = enumerate(map(writer.quoted, request.param))
    return writer.policy([f"  - {{id: c{at}, when: {when}, permit: true}}" for at, when in whens])


@pytest.mark.parametrize("path", PATHS)
def test_an_odd_value_is_refused_in_the_same_words(path: str, policy: Policy) -> None:
    prepared = Prepared([policy], ranks={}, schema=writer.SCHEMA)
    assert prepared.verdict(WHOLE, at=writer.AT).missing == ()
    group, _, name = path.partition(".")
    for odd in ODD:
        for value in ({**WHOLE, group: {**WHOLE[group], name: odd}}, {group: {name: odd}}):
            found = said(lambda each: prepared.verdict(each, at=writer.AT), value)
            alone = said(
                lambda each: verdict(
                    [policy], Facts.read(each, writer.SCHEMA), at=writer.AT, ranks={}
                ),
                value,
            )
            assert found == alone


def test_the_text_that_is_written_is_that_of_the_description() -> None:
    fields = {"number": Field(Int(0, 9)), "truth": Field(Bool(), optional=True)}
    schema = Schema({"group": fields})
    clause = "  - {id: a, when: 'group.number > 3', permit: true}"
    rules = timeline((read(writer.document([clause]), schema=schema),)).at(writer.AT)
    text, names = onepass.written(index(rules), schema)
    assert indent(text, "    ") in inspect.cleandoc(onepass.__doc__ or "")
    assert (names["group0"], names["name0"], names["name1"]) == ("group", "number", "truth")


def test_nothing_of_a_policy_or_a_schema_is_in_the_text_that_is_run() -> None:
    nasty = "'); raise SystemExit #\n"
    schema = Schema({nasty: {nasty: Field(Int()), "kind": Field(Bool())}})
    rules = timeline((writer.policy(["  - {id: a, when: 'f.unit == \"zz\"', permit: true}"]),))
    text, _ = onepass.written(index(rules.at(writer.AT)), schema)
    assert "raise" not in text
    assert "zz" not in text


def test_the_same_clauses_at_another_time_are_not_made_ready_again() -> None:
    dated = "in_force: {from: 2025-03-01T00:00:00Z, until: 2025-04-01T00:00:00Z}"
    policy = writer.policy(
        [
            "  - {id: all, when: 'f.flag', permit: true}",
            f"  - {{id: none, when: 'true', prohibit: true, {dated}}}",
        ]
    )
    prepared = Prepared([policy], ranks={}, schema=writer.SCHEMA)
    moments = [Instant.parse(f"2025-{month}-15T00:00:00Z") for month in ("02", "03", "04", "02")]
    outcomes = [prepared.verdict({"f": {"flag": True}}, at=at).outcome.value for at in moments]
    assert outcomes == ["permitted", "prohibited", "permitted", "permitted"]
    assert len(prepared.made) == 2


def test_what_strangers_write_is_not_kept_without_bound() -> None:
    policy = read(
        writer.document(
            [
                "  - {id: a, when: 'partner.id.startsWith(\"a\")', permit: true}",
                "  - {id: b, when: '\"RU\" in place.zones', permit: true}",
            ]
        )
    )
    rules = timeline((policy,)).at(writer.AT)
    _, names = onepass.written(index(rules), BUILT_IN)
    seen = [each for each in names.values() if isinstance(each, onepass.Seen)]
    assert len(seen) == 2
    long: tuple[Hashable, ...] = (frozenset(map(str, range(300))), "a" * LARGEST)
    short: tuple[Callable[[str], Hashable], ...] = (lambda text: frozenset({text}), str)
    for kept, value, of in zip(seen, long, short, strict=True):
        for number in range(MOST + 10):
            assert kept[of(f"a{number}")] in range(4)
        assert len(kept) == MOST
        kept.clear()
        assert kept[value] in range(4)
        assert not kept
