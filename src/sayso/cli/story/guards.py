"""Nobody else can make that decision: tried on one case, and proven for all (point 6)."""

from collections.abc import Iterator

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
    text,
    window,
)
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

ONLY_THE_SECRETARY = "only-the-secretary"


def play(player: Player) -> Iterator[Shown]:
    """Try every way around the Secretary, prove that there is none, and yield point 6."""
    player.chapter(
        "July 2025: ways around the Secretary (point 6)",
        "A request waits for the Secretary. Others try to decide it, to become the Secretary, and "
        "to change the policy. Then the question is put for every possible request: of the policy "
        "in force, and of a draft (assumed) that has a hole.",
    )
    player.at("2025-07-18T08:00:00Z")
    span = window("2025-07-19", "2025-12-01")
    filed = did(player.run("request", "submit", *USE, "--place", "Belgorod", *span, by=LIAISON))
    case = str(filed["case"])
    advise(player, case, dict.fromkeys(ADVISERS, ("grant", "as before")))
    consolidate(player, case, "grant", "as before")
    before = _size(player)
    attempts = tuple(_attempts(player, case))
    refused = [each for each in attempts if not each.done]
    unwritten = _size(player) == before
    proven = player.run("policy", "prove", text("policy-2.yaml"))
    draft = player.run("policy", "prove", text("policy-3-draft.yaml"))
    hole = next(each for each in draft["properties"] if each["id"] == ONLY_THE_SECRETARY)
    way_around = hole["holds"] is False and hole["verdict"]["decider"] == OWNER
    words = "; ".join(each["words"] for each in proven["properties"])
    yield Shown(
        "6",
        len(refused) == len(attempts) and unwritten and proven["holds"] is True and way_around,
        f"{len(refused)} of {len(attempts)} ways around the Secretary were refused on {case}, and "
        f"nothing was written. That nobody else decides: {words}. In a draft with a hole "
        f"{hole['verdict']['decider']} would decide where {hole['family']['words']}.",
        assumed="the request and the draft",
    )


def _size(player: Player) -> int:
    return len(did(player.run("record", "show")).value)


def _attempts(player: Player, case: str) -> Iterator[Answer]:
    """Yield what came of each attempt: to decide, to be the Secretary, to change the policy."""
    for someone in (OWNER, "joint-staff", LIAISON, "registrar", "stranger"):
        said = ("--outcome", "grant", "--office", SECRETARY)
        yield player.run("decide", case, *said, by=someone)
    stranger = f"{player.key('stranger')}.pub"
    yield player.run("person", "enrol", SECRETARY, "--public", stranger, by="registrar")
    yield player.run("office", "appoint", SECRETARY, "registrar", by="registrar")
    yield player.run("policy", "adopt", text("policy-3-draft.yaml"), by=OWNER)
