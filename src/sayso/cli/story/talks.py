"""Circumstances: a gate that opens and closes with them, and claims that conflict (F10, F13)."""

from collections.abc import Iterator

from sayso.cli.story.cast import LIAISON, OWNER, USE, Shown, did, listed, text, window
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

DESK, STAFF = "europe-desk", "joint-staff"
DEEP = ("--place", "52.6000, 39.6000", "--within", "20km")  # an area, and no target
CABLE = (
    ("--source", "cable 25-1187 (assumed)"),
    ("--quotation", "talks are sought; the track starts once guarantees are adopted (assumed)"),
)
WHO = "president_in_office"


def gate(player: Player) -> Iterator[Shown]:
    """Yield what is shown of F10: a policy's gate opens and closes with what an office asserts."""
    player.chapter(
        "July 2025: talks are sought (F10)",
        "The Department means to avoid escalating tensions while talks are sought; the political "
        "track will not start until security guarantees are adopted. Such circumstances are facts "
        "that an office asserts, with a source and dates. Assumed: a gate for uses 100 km deep "
        "and deeper, closed while talks are sought and no guarantees are adopted.",
    )
    player.at("2025-07-21T09:00:00Z")
    by = ("--asserted-by", DESK, "--asserted-by", STAFF)
    did(player.run("fact", "define", text("circumstances.yaml"), *by, by=OWNER))
    did(player.run("policy", "adopt", text("policy-gate.yaml"), by=OWNER))
    unknown = _asked(player)
    said = (*CABLE[0], *CABLE[1], "--confidence", "high")
    held = did(player.run("fact", "assert", "talks_sought", "true", *said, by=DESK))
    none_yet = (*CABLE[0], "--confidence", "high")
    did(player.run("fact", "assert", "guarantees_adopted", "false", *none_yet, by=DESK))
    closed = _asked(player)
    player.at("2025-07-23T09:00:00Z")
    until = ("--source", "a communiqué (assumed)", "--until", "2025-07-26T00:00:00Z")
    did(player.run("fact", "assert", "guarantees_adopted", "true", *until, by=DESK))
    opened = _asked(player)
    filed = did(
        player.run(
            "request", "submit", *USE, *DEEP, *window("2025-07-24", "2025-07-31"), by=LIAISON
        )
    )
    case = str(filed["case"])
    asked = did(player.run("request", "show", case))
    player.at("2025-07-26T09:00:00Z")
    ended = did(player.run("request", "show", case))
    player.at("2025-07-27T09:00:00Z")
    until = ("--source", "a second communiqué (assumed)", "--until", "2025-07-28T00:00:00Z")
    did(player.run("fact", "assert", "guarantees_adopted", "true", *until, by=DESK))
    again = did(player.run("request", "show", case))
    yield _gate(held, (unknown, closed, opened), (asked, ended, again))


def _asked(player: Player) -> Answer:
    return player.run("check", *USE, *DEEP)


def _gate(
    held: Answer, gates: tuple[Answer, Answer, Answer], case: tuple[Answer, Answer, Answer]
) -> Shown:
    unknown, closed, opened = gates
    stages = [each["stage"] for each in case]
    said = held["said"]
    outcomes = [each["verdict"]["outcome"] for each in gates]
    missing = [name for name in unknown["verdict"]["missing"] if name.startswith("circumstances.")]
    return Shown(
        "F10",
        outcomes == ["prohibited", "prohibited", "referred"]
        and bool(missing)
        and not closed["verdict"]["missing"]
        and stages == ["advising", "prohibited", "advising"],
        f"{said['office']} asserted {said['fact']} ({said['source']}, {said['confidence']} "
        f"confidence, with a quotation and from when). Nothing known, the use was "
        f"{outcomes[0]}; no guarantees: {outcomes[1]}; once they were asserted: {outcomes[2]}, "
        f"{opened['verdict']['decider']} decides. When that ended, {case[0]['case']} went from "
        f"{stages[0]} to {stages[1]}, and when it was asserted anew to {stages[2]}: nobody filed "
        "it again.",
        assumed="the gate and everything asserted",
    )


def claims(player: Player) -> Iterator[Shown]:
    """Yield what is shown of F13: two claims stand side by side until somebody settles them."""
    player.chapter(
        "August 2025: two reports disagree (F13)",
        "One report calls the President the former President, another speaks of his "
        "administration. Each claim carries its source; the fact is unknown until an office that "
        "stands above both settles it.",
    )
    player.at("2025-08-23T09:00:00Z")
    one = ("--source", "a report: “the former President” (F13)")
    other = ("--source", "another report: “his administration” (F13)")
    did(player.run("fact", "assert", WHO, "false", *one, by=DESK))
    did(player.run("fact", "assert", WHO, "true", *other, by=STAFF))
    page = did(player.run("brief", "ukraine-5"))
    before = _standing(player)
    own = player.run("fact", "settle", WHO, "false", "--reason", "my own word", by=DESK)
    said = ("--reason", "the second report speaks of acts in office")
    did(player.run("fact", "settle", WHO, "true", *said, by=OWNER))
    after = _standing(player)
    differing = [each["source"] for each in page["facts"] if each["differs"]]
    yield Shown(
        "F13",
        {each["counts"] for each in before} == {"unknown"}
        and len(differing) == len(before) == len({each["said"] for each in before})
        and not own.done
        and [each["counts"] for each in after] == ["true"],
        f"{len(before)} claims stood side by side, of {listed([each['by'] for each in before])}, "
        f"and counted as {before[0]['counts']}; the page before a decision marks both. Settled by "
        f"{after[0]['by']}, which stands above them, it counts as {after[0]['counts']}.",
        assumed="who asserts and who settles",
    )


def _standing(player: Player) -> list[dict[str, str]]:
    listed_facts: list[dict[str, str]] = did(player.run("fact", "list")).value
    return [each for each in listed_facts if each["fact"] == WHO]
