"""Joint consent: an ally's missile with American components needs both suppliers (F14)."""

from collections.abc import Iterator

from sayso.cli.story.cast import (
    ADVISERS,
    LIAISON,
    MINISTER,
    OWNER,
    PURPOSE,
    SECRETARY,
    Shown,
    advise,
    consolidate,
    did,
    listed,
    text,
    window,
)
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

MISSILE, AID = "british-missile", "british-aid"
USE = ("--agreement", AID, "--article", MISSILE, *PURPOSE, "--place", "Kursk")


def play(player: Player) -> Iterator[Shown]:
    """Let both suppliers decide, each by its own policies, and yield what is shown of F14."""
    player.chapter(
        "July 2025: two suppliers, two consents (F14)",
        "The mechanism also covers missiles of European allies that depend on American components. "
        "Assumed: the missile, the request, and both decisions. Each supplier decides by its own "
        "policies; of what the British say and lay down the others are told the outcome alone.",
    )
    player.at("2025-07-28T09:00:00Z")
    _supplied(player)
    span = window("2025-07-29", "2025-08-05")
    filed = did(player.run("request", "submit", *USE, *span, by=LIAISON))
    cases = sorted(each["case"] for each in filed["cases"])
    ours, theirs = cases
    player.at("2025-07-29T09:00:00Z")
    american = _granted(player, ours)
    one = player.run("check", *USE)
    british = did(player.run("decide", theirs, "--outcome", "grant", by=MINISTER))
    both = player.run("check", *USE)
    shown = [each["case"] for each in did(player.run("request", "list")).value]
    meddled = player.run("comment", theirs, "not theirs to read", by=OWNER)
    untold = ours in shown and theirs not in shown and not meddled.done
    yield _joint((american, british), (one, both), untold=untold)


def _supplied(player: Player) -> None:
    parts = ("--fact", 'dependency_suppliers=["US"]')
    about = ("--title", "A British missile", "--range-km", "305", "--supplier", "GB", *parts)
    did(player.run("article", "add", MISSILE, *about, by="registrar"))
    parties = ("--supplier", "GB", "--partner", "ukraine", "--article", MISSILE)
    did(player.run("agreement", "add", AID, "--title", "British aid", *parties, by="registrar"))
    did(player.run("policy", "adopt", text("policy-allies.yaml"), by=OWNER))
    did(player.run("policy", "adopt", text("policy-gb.yaml"), by=MINISTER))


def _granted(player: Player, case: str) -> Answer:
    advise(player, case, dict.fromkeys(ADVISERS, ("grant", "as for our own")))
    consolidate(player, case, "grant", "nobody objects")
    return did(player.run("decide", case, "--outcome", "grant", by=SECRETARY))


def _joint(
    decided: tuple[Answer, Answer], checked: tuple[Answer, Answer], *, untold: bool
) -> Shown:
    one, both = checked
    lacking = [each["supplier"] for each in one["others"] if each["by"] == "nothing"]
    told = [each["by"] for each in both["others"]]
    by = [each["said"]["office"] for each in decided]
    names = [each["case"] for each in decided]
    return Shown(
        "F14",
        not one.done and both.done and lacking == ["GB"] and told == ["consent"] and untold,
        f"One request became {listed(names)}. Granted by {by[0]} alone, the use was not covered: "
        f"the consent of {listed(lacking)} was lacking. Granted by {by[1]} as well, by its own "
        f"policy, it was. Of {names[1]} the others are told that outcome, and nothing else.",
        assumed="the missile, the request and both decisions",
    )
