"""Two policies and what they say of a place: the green light, its reversal, whose borders count.

F2, F3 and F6; points 1, 3 and 2, in the order in which it happened.
"""

from collections.abc import Iterator

from sayso.cli.story.cast import LIAISON, OWNER, SECRETARY, USE, Shown, did, listed, text, window
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player

GREEN_LIGHT, MECHANISM = "long-range-fires@1", "long-range-fires@2"
OUTSIDE = "50.2700, 36.3000"  # in Ukraine, this many metres from the border:
OUTSIDE_M = range(1_500, 3_000)
BECOMES = {"suspend": "suspended", "reroute": "advising"}


def green_light(player: Player) -> Iterator[Shown]:
    """Point 1 and F2: under the policy of November 2024 a use at Kursk is permitted outright."""
    player.chapter(
        "November 2024: the green light (point 1, F2)",
        "A policy permits the use of the missiles against targets inside Russia outright: a "
        "standing authorization, with an issuer and dates. Assumed: more than six at once need a "
        "look at the stocks, so that a request is under way when the policy changes.",
    )
    player.at("2024-11-17T12:00:00Z")
    did(player.run("policy", "adopt", text("policy-1.yaml"), by=OWNER))
    player.at("2025-03-01T09:00:00Z")
    asked = player.run("check", *USE, "--place", "Kursk")
    span = window("2025-03-01", "2025-12-01")
    filed = did(player.run("request", "submit", *USE, "--place", "Kursk", *span, by=LIAISON))
    holds = asked.done and asked["by"] == "policy" and filed["stage"] == "permitted"
    clauses = listed(asked["verdict"]["because"])
    yield Shown(
        "1",
        holds,
        f"As of {asked['at']} a use at Kursk is {asked['verdict']['outcome']} by {clauses}; "
        f"{filed['case']}, filed that day, is {filed['stage']}.",
    )
    policy = _policies(player)[GREEN_LIGHT]
    yield Shown(
        "F2",
        holds and policy["binding"] == "binds",
        f"{GREEN_LIGHT} permits outright: issued by {policy['issuer']}, in force "
        f"{_since(policy)}; {filed['case']} stands on it without anybody's decision.",
        assumed="the office that keeps the text",
    )


def change(player: Player) -> Iterator[Shown]:
    """Point 3 and F3: what adopting the policy of 2025 changes is listed before, then happens."""
    player.chapter(
        "Spring 2025: the policy changes (point 3, F3)",
        "A later policy supersedes the earlier one, from a date: inside Russia a use now needs "
        "high-level approval. Before it is adopted, the record lists every request under way and "
        "every authorization whose standing it would change.",
    )
    player.at("2025-05-20T09:00:00Z")
    span = window("2025-05-20", "2025-12-01")
    asked = (*USE, "--place", "Kursk", *span, "--uses", "8")
    many = did(player.run("request", "submit", *asked, by=LIAISON))
    player.at("2025-05-30T10:00:00Z")
    policy = text("policy-2.yaml")
    foretold = _foretold(did(player.run("policy", "impact", policy)))
    did(player.run("policy", "adopt", policy, by=OWNER))
    stages = {each["case"]: each["stage"] for each in did(player.run("request", "list")).value}
    became = {case: stages[case] for case in foretold}
    told = ", ".join(f"{case}: {move}" for case, move in sorted(foretold.items()))
    so = ", ".join(f"{case} is {stage}" for case, stage in sorted(became.items()))
    came = became == {case: BECOMES[move] for case, move in foretold.items()}
    under_way = many["stage"] == "under review" and many["case"] in foretold
    yield Shown(
        "3",
        came and under_way and set(foretold.values()) == set(BECOMES),
        f"Listed before the policy was adopted: {told}. When it was: {so}.",
        assumed="both requests",
    )
    policies = _policies(player)
    old, new = policies[GREEN_LIGHT], policies[MECHANISM]
    yield Shown(
        "F3",
        (old["binding"], new["binding"]) == ("", "binds"),
        f"{MECHANISM}, of {new['issuer']}, superseded {GREEN_LIGHT} {_since(new)}; of the two "
        f"only {listed([name for name, each in policies.items() if each['binding']])} binds.",
        assumed="the day, 30 May: the reports say “late last spring”",
    )


def borders(player: Player) -> Iterator[Shown]:
    """Point 2 and F6: Kursk needs the Secretary; Dzhankoi depends on whose borders are meant."""
    player.chapter(
        "Whose borders? (point 2, F6)",
        "The place of use decides the rule, and borders are a matter of viewpoint: by the "
        "supplier's, Crimea is Ukraine. A place that may touch a territory touches it.",
    )
    player.at("2025-07-01T09:00:00Z")
    kursk = player.run("check", *USE, "--place", "Kursk")
    dzhankoi = player.run("check", *USE, "--place", "Dzhankoi")
    theirs = player.run("check", *USE, "--place", "Dzhankoi", "--viewpoint", "ru")
    edge = player.run("check", *USE, "--place", OUTSIDE, "--within", "5km")
    nearest = {each["territory"]: each["metres"] for each in edge["place"]["answer"]["nearest"]}
    outside = edge["place"]["answer"]["certainly_in"] == [] and nearest["RU"] in OUTSIDE_M
    needs = [_decider(each) == SECRETARY for each in (kursk, theirs, edge)]
    yield Shown(
        "2",
        all(needs) and dzhankoi.done and outside,
        f"Kursk: {_words(kursk)}. Dzhankoi: {_words(dzhankoi)} by the American view of the "
        f"borders, {_words(theirs)} by the Russian. A place {nearest['RU']} m from the border, "
        f"give or take 5 km: {_words(edge)}.",
    )
    clause = dzhankoi["verdict"]["because"]
    yield Shown(
        "F6",
        needs[0] and dzhankoi.done,
        f"Inside Russia {_decider(kursk)} must approve ({listed(kursk['verdict']['because'])}); "
        f"elsewhere nothing is restricted ({listed(clause)}).",
    )


def _policies(player: Player) -> dict[str, dict[str, str]]:
    return {each["policy"]: each for each in did(player.run("policy", "show")).value}


def _since(policy: dict[str, str]) -> str:
    return f"from {policy['in_force'].partition('/')[0]}"


def _foretold(listed_before: Answer) -> dict[str, str]:
    return {each["case"]: each["move"] for each in listed_before["impact"]}


def _decider(answer: Answer) -> str | None:
    found: str | None = answer["verdict"]["decider"]
    return found


def _words(answer: Answer) -> str:
    """Return a verdict in a few words: what it is, and who decides."""
    decider = _decider(answer)
    outcome: str = answer["verdict"]["outcome"]
    return outcome if decider is None else f"{outcome}, {decider} decides"
