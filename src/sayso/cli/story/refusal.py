"""The request for Belgorod: advised on, consolidated, refused (F4, F5, F7; point 4)."""

import json
from collections.abc import Iterator
from typing import Any

from sayso.cli.story.cast import (
    ADVISERS,
    LIAISON,
    OWNER,
    SECRETARY,
    USE,
    Shown,
    advise,
    consolidate,
    did,
    listed,
    signed,
    window,
)
from sayso.cli.story.player import Player

ADVICE = {
    "europe-desk": ("refuse", "talks with Moscow are sought"),
    "joint-staff": ("grant", "stocks allow one use"),
    "general-counsel": ("not-required", "no legal objection either way"),
}
SUMMED = "one against, one for; escalation weighs more"
BECAUSE = "escalation while talks are sought"


def play(player: Player) -> Iterator[Shown]:
    """Let the request go its way, and yield what is shown of point 4, F4, F5 and F7."""
    player.chapter(
        "July 2025: a request is refused (point 4, F4, F5, F7)",
        "Ukraine asks to strike inside Russia. The review mechanism sends the request to three "
        "offices (assumed), the policy's owner consolidates what they advise, and the Secretary "
        "decides. What each of them advised is assumed; that it was refused is reported.",
    )
    player.at("2025-07-02T08:00:00Z")
    span = window("2025-07-03", "2025-07-10")
    filed = did(player.run("request", "submit", *USE, "--place", "Belgorod", *span, by=LIAISON))
    case = str(filed["case"])
    advise(player, case, ADVICE)
    player.at("2025-07-02T16:00:00Z")
    consolidate(player, case, "refuse", SUMMED)
    player.at("2025-07-02T18:00:00Z")
    wanted = did(player.run("authority", "who", case)).value
    said = ("--outcome", "refuse", "--reason", BECAUSE)
    did(player.run("decide", case, *said, by=SECRETARY))
    history = did(player.run("request", "show", case)).value["history"]
    yield _mechanism(case, history)
    yield _one_authority(player, case, wanted)
    yield from _told(player, case, history)


def _mechanism(case: str, history: list[dict[str, Any]]) -> Shown:
    advised = _offices(history, "advice")
    summed = _offices(history, "consolidation")
    return Shown(
        "F4",
        (sorted(advised), summed) == (sorted(ADVISERS), [OWNER]),
        f"{case} was advised on by {listed(advised)}, and consolidated by {listed(summed)}, which "
        "issued the policy.",
        assumed="which offices advise",
    )


def _offices(history: list[dict[str, Any]], kind: str) -> list[str]:
    return [each["said"]["office"] for each in history if each["kind"] == kind]


def _one_authority(player: Player, case: str, wanted: list[dict[str, Any]]) -> Shown:
    able = [person["person"] for each in wanted for person in each["able"]]
    by, namespace = signed(player, case)
    chains = [person["chain"] for each in wanted for person in each["able"]]
    return Shown(
        "F5",
        able == [SECRETARY] and by == SECRETARY and chains == [[]],
        f"Of everybody on the record only {listed(able)} could decide {case}, by appointment and "
        f"no delegation, and signed it personally ({namespace}).",
    )


def _told(player: Player, case: str, history: list[dict[str, Any]]) -> Iterator[Shown]:
    """Yield what the partner learns of it: the refusal and nothing else."""
    seen = did(player.run("request", "show", case, "--reader", "partner:ukraine"))
    inside, told = json.dumps(history), json.dumps(seen.value)
    words = (*(each[1] for each in ADVICE.values()), SUMMED, BECAUSE, *ADVISERS, OWNER, SECRETARY)
    kept = [each for each in words if each in inside]
    leaked = [each for each in words if each in told]
    holds = seen["stage"] == "refused" and kept == list(words) and not leaked
    yield Shown(
        "4",
        holds,
        f"{case} went to {len(_offices(history, 'advice'))} offices, was consolidated and "
        f"{seen['stage']} by {listed(_offices(history, 'decision'))}. Ukraine sees that it is "
        f"{seen['stage']}, and none of the advice.",
        assumed="what each office advised",
    )
    yield Shown(
        "F7",
        holds,
        f"The refusal stays on the record with its reasons; of {len(kept)} names and texts of the "
        f"inside Ukraine is shown {len(leaked)}.",
    )
