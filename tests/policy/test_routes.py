"""What a route's times and silences mean, how they join, and what of it cannot be meant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import MalformedPolicy
from sayso.policy import document, explain
from sayso.policy.routes import (
    STRICTEST_FIRST,
    Advise,
    Conflict,
    Consent,
    Consolidate,
    Decide,
    Route,
    Silence,
    join,
    value,
)
from tests.policy import writer

RANKS = {"secretary": 1, "under-secretary": 2, "desk": 3, "staff": 4}
HOURS = st.integers(1, 100).map(lambda hours: timedelta(hours=hours))
OFFICES = st.sampled_from(sorted(RANKS))


def policy(stages: str) -> str:
    """Return the text of a policy with one route of these stages."""
    text = writer.document(["  - {id: a, when: 'true', refer: low}"])
    return text.partition("routes:")[0] + f"routes:\n  low: [{stages}]\n"


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ("{decide: desk, consent: no-objection}", "silence means nothing without a time"),
        (
            "{advise: [staff], silence: no-objection}, {decide: desk}",
            "silence means nothing without a time",
        ),
        ("{decide: desk, consent: notification, within: PT1H}", "waits for nobody"),
        ("{decide: desk, consent: standing, within: PT1H}", "waits for nobody"),
        (
            "{decide: desk, reserved: true, consent: no-objection, within: PT1H}",
            "not left to silence",
        ),
        ("{advise: [staff], within: PT1H, silence: yes}, {decide: desk}", "is no meaning of"),
        ("{consolidate: staff, within: P1M}, {decide: desk}", "is not a duration"),
        ("{decide: desk, silence: none}", "one stage is wanted here"),
    ],
)
def test_a_silence_that_cannot_be_meant_is_refused(stages: str, message: str) -> None:
    with pytest.raises(MalformedPolicy, match=message):
        document.read(policy(stages))


def test_each_stage_is_read_as_it_is_written() -> None:
    text = policy(
        "{advise: [staff], within: PT2H, silence: no-objection}, "
        "{consolidate: desk, within: PT3H}, "
        "{decide: under-secretary, consent: no-objection, within: PT4H}"
    )
    route = document.read(text).routes["low"]
    hour = timedelta(hours=1)
    assert route == (
        Advise(("staff",), 2 * hour, Silence.NO_OBJECTION),
        Consolidate("desk", 3 * hour),
        Decide("under-secretary", False, Consent.NO_OBJECTION, 4 * hour),
    )
    assert [value(stage) for stage in route] == [
        {"advise": ["staff"], "within": "PT2H", "silence": "no-objection"},
        {"consolidate": "desk", "within": "PT3H"},
        {
            "decide": "under-secretary",
            "reserved": False,
            "consent": "no-objection",
            "within": "PT4H",
        },
    ]
    assert explain.route_words(route) == (
        "staff advises within 2 hours, or not at all, then desk consolidates within 3 hours, "
        "then under-secretary may object or decide, and silence grants it within 4 hours"
    )


@st.composite
def routes(draw: st.DrawFn) -> Route:
    advisers = draw(st.lists(OFFICES, unique=True, max_size=3))
    silence = draw(st.sampled_from(Silence))
    wanted = HOURS if silence is Silence.NO_OBJECTION else st.none() | HOURS
    advise = (Advise(tuple(advisers), draw(wanted), silence),) if advisers else ()
    drawing = draw(st.none() | OFFICES)
    consolidate = (Consolidate(drawing, draw(st.none() | HOURS)),) if drawing else ()
    consent = draw(st.sampled_from(Consent))
    time = {Consent.POSITIVE: st.none() | HOURS, Consent.NO_OBJECTION: HOURS}
    within = draw(time.get(consent, st.none()))
    return (*advise, *consolidate, Decide(draw(OFFICES), consent=consent, within=within))


def deciding(route: Route) -> Decide:
    return next(stage for stage in route if isinstance(stage, Decide))


def silences(route: Route) -> dict[str, tuple[Silence, timedelta | None]]:
    return {
        office: (stage.silence, stage.within)
        for stage in route
        if isinstance(stage, Advise)
        for office in stage.offices
    }


@given(st.lists(routes(), min_size=1, max_size=4))
def test_a_joined_route_is_no_laxer_than_any_of_its_parts(parts: list[Route]) -> None:
    joined = join(parts, ranks=RANKS)
    assert not isinstance(joined, Conflict)
    last = deciding(joined)
    for part in parts:
        own = deciding(part)
        assert STRICTEST_FIRST.index(last.consent) <= STRICTEST_FIRST.index(own.consent)
        if own.consent is last.consent is Consent.NO_OBJECTION:
            assert last.within is not None
            assert own.within is not None
            assert last.within >= own.within
        if own.consent is last.consent is Consent.POSITIVE and own.within is not None:
            assert last.within is not None
            assert last.within <= own.within
        for office, (silence, within) in silences(part).items():
            means, time = silences(joined)[office]
            assert means is Silence.NONE or silence is Silence.NO_OBJECTION
            if within is not None and means is Silence.NONE:
                assert time is not None
                assert time <= within
            if means is Silence.NO_OBJECTION:
                assert time is not None
                assert within is not None
                assert time >= within


@given(st.lists(routes(), min_size=1, max_size=4))
def test_the_order_of_routes_is_irrelevant_to_their_join(parts: list[Route]) -> None:
    assert join(parts, ranks=RANKS) == join(parts[::-1], ranks=RANKS)
