"""What a policy did, in numbers: equal times before and after it came into force (F12)."""

from collections.abc import Iterator
from typing import Any

from sayso.cli.story.cast import Shown, did
from sayso.cli.story.mechanism import MECHANISM
from sayso.cli.story.player import Player

DAYS = 90


def play(player: Player) -> Iterator[Shown]:
    """Measure the effect of the mechanism, and yield what is shown of F12."""
    player.chapter(
        "August 2025: the effect of the policy (F12)",
        "The restriction reduced the effectiveness of Kyiv's response. What a policy does is "
        "counted from the record: requests, outcomes, time to a decision, articles unused.",
    )
    player.at("2025-08-24T11:00:00Z")
    found = did(player.run("report", "effect", MECHANISM, "--days", str(DAYS)))
    before, after = found["before"], found["after"]
    refused = [_refusals(each) for each in (before, after)]
    yield Shown(
        "F12",
        refused[0] < refused[1] and after["time_to_first_outcome"].get("median_s", 0) > 0,
        f"In {DAYS} days before {MECHANISM}: {_told(before)}. In {DAYS} days after: "
        f"{_told(after)}.",
        assumed="all requests but the one that was refused",
    )


def _refusals(numbers: dict[str, Any]) -> int:
    """Return how many requests came to nothing because somebody, or a policy, said no."""
    outcomes: dict[str, int] = numbers["outcomes"]
    return outcomes.get("refused", 0) + outcomes.get("prohibited", 0)


def _told(numbers: dict[str, Any]) -> str:
    took = numbers["time_to_first_outcome"]
    hours = f"median {took['median_s'] / 3600:.1f} hours" if "median_s" in took else "none"
    unused = ", ".join(numbers["unused"]) or "nothing"
    return (
        f"{numbers['filed']} requests, {_refusals(numbers)} refused or prohibited, time to a "
        f"decision: {hours}, authorized and unused: {unused}"
    )
