"""Where routes join, the strictest counts: of quorum, countersignatures, emergency, report."""

from datetime import timedelta
from itertools import permutations

import pytest

from sayso.policy.routes import Decide, Emergency, Route, join, value

RANKS = {"head": 1, "board": 2, "duty": 3, "guard": 4}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def joined(*stages: Decide) -> Decide:
    """Return the one stage that they join to, in whatever order."""
    found = {join([(each,) for each in order], ranks=RANKS) for order in permutations(stages)}
    (route,) = found
    assert isinstance(route, tuple)
    (stage,) = route
    assert isinstance(stage, Decide)
    return stage


def test_the_greatest_quorum_of_the_deciding_office_counts() -> None:
    assert joined(Decide("board", quorum=2), Decide("board", quorum=3)).quorum == 3
    above = joined(Decide("board", quorum=3), Decide("head"))
    assert (above.office, above.quorum) == ("head", 1)


def test_everybody_countersigns_and_nobody_their_own() -> None:
    one, other = (
        Decide("board", countersign=("duty", "head")),
        Decide("head", countersign=("guard",)),
    )
    assert joined(one, other).countersign == ("duty", "guard")


def test_a_use_is_reported_within_the_shortest_time() -> None:
    stages = (Decide("board", report_within=DAY), Decide("board", report_within=HOUR))
    assert joined(*stages, Decide("head")).report_within == HOUR


def test_a_refusal_may_be_appealed_for_the_longest_time_that_a_route_sets() -> None:
    stages = (Decide("board", appeal=HOUR), Decide("board", appeal=DAY))
    assert joined(*stages, Decide("head")).appeal == DAY
    assert joined(Decide("board"), Decide("head")).appeal is None


@pytest.mark.parametrize(
    ("stages", "left"),
    [
        ((Emergency("duty", DAY), Emergency("guard", HOUR)), Emergency("duty", HOUR)),
        ((Emergency("duty", DAY), None), None),
    ],
)
def test_an_emergency_is_left_only_if_every_route_leaves_it(
    stages: tuple[Emergency | None, ...], left: Emergency | None
) -> None:
    found = joined(
        *(Decide(f, emergency=each) for f, each in zip(("board", "head"), stages, strict=True))
    )
    assert found.emergency == left


def test_one_reservation_takes_the_emergency_away_unless_it_means_it() -> None:
    free, kept = Emergency("duty", DAY), Emergency("duty", DAY, of_reserved=True)
    assert (
        joined(Decide("board", emergency=free), Decide("head", True, emergency=kept)).emergency
        is None
    )
    both = joined(Decide("board", emergency=kept), Decide("head", True, emergency=kept))
    assert both.emergency == kept


def test_what_is_not_asked_for_is_not_written() -> None:
    route: Route = (Decide("head"),)
    assert value(route[0]) == {"decide": "head", "reserved": False, "consent": "positive"}
    urgent = Emergency("duty", DAY)
    whole = Decide("board", quorum=2, countersign=("head",), emergency=urgent, appeal=DAY)
    assert value(whole)["emergency"] == {"by": "duty", "ratify": "PT24H"}
    assert value(whole)["appeal"] == "PT24H"
