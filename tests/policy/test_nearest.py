"""The nearest change alters the verdict, and no change of fewer facts does."""

from random import Random

from hypothesis import given, settings

from sayso import wire
from sayso.policy.decide import verdict
from sayso.policy.document import read
from sayso.policy.explain import explain, words
from sayso.policy.facts import Facts
from sayso.policy.nearest import nearest
from tests.policy import writer
from tests.policy.exact import simple
from tests.policy.test_document import DESIGN
from tests.policy.test_prove import draft

KURSK = Facts.read(
    wire.load(
        b'{"article": {"id": "atacms", "range_km": 301, "suppliers": ["US"]},'
        b' "place": {"touches": ["RU", "UA"]}}'
    )
)


@settings(max_examples=60, deadline=None)
@given(writer.chance)
def test_the_nearest_change_alters_the_verdict(r: Random) -> None:
    policy = draft(r, simple(r), "prohibited")
    facts = writer.facts(r)
    now = verdict([policy], facts, at=writer.AT, ranks=writer.RANKS)
    for each in nearest([policy], facts, at=writer.AT, ranks=writer.RANKS):
        after = Facts({**facts.values, **each.changed})
        found = verdict([policy], after, at=writer.AT, ranks=writer.RANKS)
        assert found == each.verdict
        assert (found.outcome, found.decider) != (now.outcome, now.decider)


def test_the_nearest_change_is_told_in_words() -> None:
    found = nearest([read(DESIGN)], KURSK, at=writer.AT, ranks={})
    assert [each.words for each in found] == [
        "if the article's range km were 300, it would be prohibited",
        "if the article's suppliers did not include US, it would be prohibited",
        "if the place's touches did not include RU, it would be permitted",
    ]


def test_a_verdict_is_told_in_words_clause_by_clause() -> None:
    policy = read(DESIGN)
    found = verdict([policy], KURSK, at=writer.AT, ranks={})
    reasons = explain([policy], KURSK, at=writer.AT)
    assert [(each.clause, each.truth) for each in reasons] == [
        ("long-range-fires@2/elsewhere", False),
        ("long-range-fires@2/inside-russia", True),
    ]
    assert words(found, reasons) == (
        "Referred: europe-desk, joint-staff and general-counsel advise within 24 hours, then "
        "under-secretary-policy consolidates, then secretary-of-defense decides, and may not "
        "delegate it.\n`long-range-fires@2/inside-russia` refers it: the article's range km is "
        "above 300, and the article's suppliers include US, and the place touches RU (the reports "
        "of August 2025, F3 to F6)."
    )
    unknown = KURSK.without("article.range_km")
    found = verdict([policy], unknown, at=writer.AT, ranks={})
    assert words(found).endswith("Not known: the article's range km.")
