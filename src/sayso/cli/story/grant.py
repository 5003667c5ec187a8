"""A second request: ways to decide side by side, a grant, its use, its end (F11, F15; point 5)."""

import json
from collections.abc import Iterator

from sayso.cli.story.cast import (
    AGREEMENT,
    LIAISON,
    SECRETARY,
    USE,
    Shown,
    advise,
    consolidate,
    did,
    listed,
    window,
)
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

REPORT = "after:partner:PT24H:report the use"
OWN = "one-use"
OPTIONS = (  # the deployment's own way to decide, laid beside the usual four
    {
        "name": OWN,
        "outcome": "grant-with-conditions",
        "text": "a single use within 48 hours, watched",
        "uses": 1,
        "window": "2025-07-15T00:00:00Z/2025-07-17T00:00:00Z",
        "conditions": [REPORT],
    },
)
USUAL = ("grant", "grant-with-conditions", "refuse", "return")
ADVICE = {
    "europe-desk": ("refuse", "any use disturbs the talks"),
    "joint-staff": ("grant-with-conditions", "a single use is enough", "--condition", REPORT),
    "general-counsel": ("grant", "within the law of armed conflict", "--legal"),
}


def play(player: Player) -> Iterator[Shown]:
    """Let the request be granted, used and reported; yield what is shown of point 5, F11, F15."""
    player.chapter(
        "July 2025: a request is granted (point 5, F11, F15)",
        "Assumed throughout. The final authority reads one page: the ways to decide side by side, "
        "who advised each and who advised against, what is left of the stock. What it grants is "
        "counted: one use within 48 hours, to be reported.",
    )
    player.at("2025-07-14T08:00:00Z")
    span = window("2025-07-15", "2025-07-20")
    filed = did(player.run("request", "submit", *USE, "--place", "Kursk", *span, by=LIAISON))
    case = str(filed["case"])
    advise(player, case, ADVICE)
    player.at("2025-07-14T15:00:00Z")
    laid = player.folder / "options.json"
    laid.write_text(json.dumps(OPTIONS, indent=1) + "\n")
    beside = ("--options", str(laid))
    consolidate(player, case, "grant-with-conditions", "one use can be borne", *beside)
    page = did(player.run("brief", case))
    yield _side_by_side(page)
    player.at("2025-07-14T17:00:00Z")
    chosen = ("--option", OWN, "--reason", "as advised")
    granted = did(player.run("decide", case, *chosen, by=SECRETARY))
    covered = _covered(player, case)
    used = _used(player, case)
    yield _exhausted(granted, covered, used)
    yield _stocks(player, page)


def _side_by_side(page: Answer) -> Shown:
    ways = {each["name"]: each for each in page["options"]}
    against = [f"{name} ({listed(each['against'])} against)" for name, each in ways.items()]
    for_it = {office for each in ways.values() for office in each["advised_by"]}
    holds = tuple(ways) == (*USUAL, OWN) and "europe-desk" in ways[OWN]["against"]
    return Shown(
        "F11",
        holds and "europe-desk" in for_it,
        f"{len(ways)} ways to decide stood side by side on the page: {'; '.join(against)}.",
        assumed="the request, the advice and the options",
    )


def _covered(player: Player, case: str) -> bool:
    """Return whether just the use that was granted is covered, at its place and in its time."""
    player.at("2025-07-16T06:00:00Z")
    inside = player.run("check", *USE, "--place", "Kursk")
    elsewhere = player.run("check", *USE, "--place", "Belgorod")
    later = player.run("check", *USE, "--place", "Kursk", "--at", "2025-07-17T00:00:00Z")
    return inside.done and inside["case"] == case and not (elsewhere.done or later.done)


def _used(player: Player, case: str) -> tuple[bool, Answer]:
    """Return whether the one use, once reported, leaves nothing covered or owed; and the report."""
    player.at("2025-07-16T09:00:00Z")
    told = ("--when", "2025-07-16T07:30:00Z", "--serial", "M57-0001")
    reported = did(player.run("use", "report", case, *told, by=LIAISON))
    second = player.run("check", *USE, "--place", "Kursk")
    again = player.run("use", "report", case, "--when", "2025-07-16T08:00:00Z", by=LIAISON)
    owed = did(player.run("obligation", "list", case, "--open"))
    uncovered = not second.done and second["lack"] == reported["stage"]
    return uncovered and not again.done and owed.value == [], reported


def _exhausted(granted: Answer, covered: bool, used: tuple[bool, Answer]) -> Shown:  # noqa: FBT001  # a finding among findings
    said = granted["said"]
    nothing_left, reported = used
    conditions = listed([each["text"] for each in said["conditions"]])
    told = (
        f"{granted['case']} was decided {said['outcome']} ({conditions}), for {said['uses']} use "
        f"in {said['window']}; used at {reported['said']['used_at']}, reported, and then "
        f"{reported['stage']}: the next use was refused"
    )
    if not (covered and nothing_left):
        return Shown("5", False, f"It does not hold that {told}.", assumed="all of it")
    return Shown(
        "5",
        None,
        f"{told}. The permit that is checked offline is not there yet.",
        assumed="all of it",
    )


def _stocks(player: Player, page: Answer) -> Shown:
    before = page["stock"]
    after = did(player.run("brief", page["case"]))["stock"]
    (account,) = did(player.run("stock", "show", "--agreement", AGREEMENT)).value
    drawn = before["left"] - after["left"]
    return Shown(
        "F15",
        after["used"] == before["used"] + 1 and drawn == 1 and account["used"] == after["used"],
        f"The page before the decision said {before['left']} of {before['on_hand']} left, and "
        f"after the use {after['left']}; of {account['delivered']} delivered {account['expected']} "
        "should still be held.",
        assumed="the numbers",
    )
