"""The reference scenario, point by point, in the order in which it happened.

The facts F1 to F15 are in `sayso/examples/long-range-fires/README.md`. Everybody is called after
the post they hold. What happens beyond those facts is assumed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from sayso.cli.outsiders import Outsiders
from sayso.cli.player import Answer, Player
from sayso.errors import SaysoError

_TEXTS = files("sayso") / "examples" / "long-range-fires"

LIAISON = "ukraine-liaison"
SECRETARY = "secretary-of-defense"
OWNER = "under-secretary-policy"
ADVISERS = ("europe-desk", "joint-staff", "general-counsel")

OFFICES = (  # name, title, rank, who fills it
    (SECRETARY, "Secretary of Defense", 1, SECRETARY),
    (OWNER, "Under Secretary of Defense for Policy", 2, SECRETARY),
    ("joint-staff", "Joint Staff", 3, "registrar"),
    ("general-counsel", "General Counsel", 3, "registrar"),
    ("europe-desk", "Europe desk", 4, "registrar"),
)

ONLY_THE_SECRETARY = "only-the-secretary"

OUTSIDE = "50.2700, 36.3000"  # in Ukraine, this many metres from the border:
OUTSIDE_M = range(1_500, 3_000)

USE = ("--agreement", "aid-packages", "--article", "atacms", "--purpose", "military-logistics")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the scenario: whether it holds (None: not there yet), and what it says."""

    number: int
    holds: bool | None
    says: str


def play(player: Player) -> Iterator[Point]:
    """Play the scenario and yield its points as they are reached."""
    house(player)
    yield green_light(player)
    yield change_of_policy(player)
    yield borders(player)
    yield refusal(player)
    yield grant(player)
    yield nobody_else(player)
    yield times(player)
    yield verification(player)


def house(player: Player) -> None:
    """Found the record, open the offices, enrol and appoint the people, register the article."""
    player.at("2024-11-11T09:00:00Z")
    for person in ("registrar", SECRETARY, OWNER, *ADVISERS, LIAISON, "stranger"):
        player.quietly("key", "new", player.key(person), "--json")
    origin = ("--origin", "sayso.example/long-range-fires", "--registrar", "registrar")
    _did(player.run("init", *origin, "--viewpoint", "us", "--rehearsal", by="registrar"))
    for name, title, rank, filled_by in OFFICES:
        says = ("--title", title, "--rank", str(rank), "--appointed-by", filled_by)
        _did(player.run("office", "open", name, *says, by="registrar"))
    own = ("--appointed-by", LIAISON)  # who speaks for Ukraine is for Ukraine to say
    liaison = ("--title", "Ukraine's liaison office", "--rank", "9", "--partner", "ukraine")
    _did(player.run("office", "open", LIAISON, *liaison, *own, by="registrar"))
    for person in (SECRETARY, OWNER, *ADVISERS, LIAISON):
        public = f"{player.key(person)}.pub"
        _did(player.run("person", "enrol", person, "--public", public, by="registrar"))
        fills = SECRETARY if person == OWNER else "registrar"
        _did(player.run("office", "appoint", person, person, by=fills))
    known = ("--releasable-to", "public")  # the reports name both (F1)
    article = ("--title", "ATACMS", "--range-km", "305", "--supplier", "US", *known)
    _did(player.run("article", "add", "atacms", *article, by="registrar"))
    parties = ("--supplier", "US", "--partner", "ukraine", "--article", "atacms", *known)
    called = ("--title", "Aid packages to Ukraine")
    _did(player.run("agreement", "add", "aid-packages", *called, *parties, by="registrar"))


def green_light(player: Player) -> Point:
    """Point 1: under the policy of November 2024 a use at Kursk is permitted outright (F2)."""
    player.at("2024-11-17T12:00:00Z")
    _did(player.run("policy", "adopt", _text("policy-1.yaml"), by=OWNER))
    player.at("2025-03-01T09:00:00Z")
    asked = player.run("check", *USE, "--place", "Kursk")
    window = ("--since", "2025-03-01T00:00:00Z", "--until", "2025-12-01T00:00:00Z")
    filed = player.run("request", "submit", *USE, "--place", "Kursk", *window, by=LIAISON)
    holds = asked.done and asked["by"] == "policy" and filed["stage"] == "permitted"
    because = ", ".join(asked["verdict"]["because"])
    return Point(1, holds, f"Under the policy of November 2024 Kursk is permitted: {because}.")


def change_of_policy(player: Player) -> Point:
    """Point 3: what adopting the policy of 2025 changes is listed before, and then happens."""
    player.at("2025-05-20T09:00:00Z")
    window = ("--since", "2025-05-20T00:00:00Z", "--until", "2025-12-01T00:00:00Z")
    many = player.run(
        "request", "submit", *USE, "--place", "Kursk", *window, "--uses", "8", by=LIAISON
    )
    player.at("2025-05-30T10:00:00Z")
    policy = _text("policy-2.yaml")
    listed = player.run("policy", "impact", policy)
    foretold = {each["case"]: each["move"] for each in listed["impact"]}
    _did(player.run("policy", "adopt", policy, by=OWNER))
    stages = {each["case"]: each["stage"] for each in player.run("request", "list").value}
    moved = foretold == {"ukraine-1": "suspend", "ukraine-2": "reroute"}
    became = stages == {"ukraine-1": "suspended", "ukraine-2": "advising"}
    told = ", ".join(f"{case}: {move}" for case, move in sorted(foretold.items()))
    return Point(
        3,
        many["stage"] == "under review" and moved and became,
        f"The change of policy listed, before it was adopted, what it would do ({told}), and did.",
    )


def borders(player: Player) -> Point:
    """Point 2: Kursk now needs the Secretary; Dzhankoi depends on whose borders are meant (F6)."""
    player.at("2025-07-01T09:00:00Z")
    kursk = player.run("check", *USE, "--place", "Kursk")
    dzhankoi = player.run("check", *USE, "--place", "Dzhankoi")
    theirs = player.run("check", *USE, "--place", "Dzhankoi", "--viewpoint", "ru")
    edge = player.run("check", *USE, "--place", OUTSIDE, "--within", "5km")
    nearest = {each["territory"]: each["metres"] for each in edge["place"]["answer"]["nearest"]}
    needs = [each["verdict"]["decider"] == SECRETARY for each in (kursk, theirs, edge)]
    outside = edge["place"]["answer"]["certainly_in"] == [] and nearest["RU"] in OUTSIDE_M
    return Point(
        2,
        all(needs) and dzhankoi.done and outside,
        "Kursk needs the Secretary; Dzhankoi does not by the American view of the borders, and "
        f"does by the Russian; {nearest['RU']} m outside the border, give or take 5 km, does too.",
    )


def refusal(player: Player) -> Point:
    """Point 4: a request for Belgorod is advised on, consolidated and refused (F4, F5, F7)."""
    player.at("2025-07-02T08:00:00Z")
    window = ("--since", "2025-07-03T00:00:00Z", "--until", "2025-07-10T00:00:00Z")
    filed = player.run("request", "submit", *USE, "--place", "Belgorod", *window, by=LIAISON)
    case = str(filed["case"])
    _advise(
        player,
        case,
        {
            "europe-desk": ("refuse", "talks with Moscow are sought"),
            "joint-staff": ("grant", "stocks allow one use"),
            "general-counsel": ("not-required", "no legal objection either way"),
        },
    )
    player.at("2025-07-02T16:00:00Z")
    summary = ("--outcome", "refuse", "--reason", "one against, one for; escalation weighs more")
    _did(player.run("consolidate", case, *summary, by=OWNER))
    player.at("2025-07-02T18:00:00Z")
    said = ("--outcome", "refuse", "--reason", "escalation while talks are sought")
    _did(player.run("decide", case, *said, by=SECRETARY))
    seen = player.run("request", "show", case, "--reader", "partner:ukraine")
    inside = json.dumps(player.run("request", "show", case).value)
    secrets = ("talks with Moscow", "stocks allow", "no legal objection", "escalation")
    told = json.dumps(seen.value)
    kept = all(each in inside for each in secrets) and not any(each in told for each in secrets)
    return Point(
        4,
        seen["stage"] == "refused" and kept,
        f"{case} went to three offices, was consolidated and refused by the Secretary; Ukraine "
        "sees the refusal and none of the advice or reasons.",
    )


def grant(player: Player) -> Point:
    """Point 5: a second request is granted with conditions, used, reported and then exhausted."""
    player.at("2025-07-14T08:00:00Z")
    window = ("--since", "2025-07-15T00:00:00Z", "--until", "2025-07-20T00:00:00Z")
    filed = player.run("request", "submit", *USE, "--place", "Kursk", *window, by=LIAISON)
    case = str(filed["case"])
    _advise(player, case, dict.fromkeys(ADVISERS, ("grant", "a single use, closely watched")))
    player.at("2025-07-14T15:00:00Z")
    summary = ("--outcome", "grant", "--reason", "all three would grant a single use")
    _did(player.run("consolidate", case, *summary, by=OWNER))
    player.at("2025-07-14T17:00:00Z")
    limits = ("--uses", "1", "--since", "2025-07-15T00:00:00Z", "--until", "2025-07-17T00:00:00Z")
    condition = ("--condition", "after:partner:PT24H:report the use")
    said = ("--outcome", "grant-with-conditions", "--reason", "as advised")
    _did(player.run("decide", case, *said, *condition, *limits, by=SECRETARY))
    player.at("2025-07-16T06:00:00Z")
    inside = player.run("check", *USE, "--place", "Kursk")
    elsewhere = player.run("check", *USE, "--place", "Belgorod")
    granted = inside.done and inside["case"] == case and not elsewhere.done
    used = _used(player, case)
    so_far = (
        f"{case} was granted on condition of a report, for one use within 48 hours, and covered "
        "Kursk then and nowhere else; once the use was reported it was exhausted, and covered no "
        "second one"
    )
    if not (granted and used):
        return Point(5, False, f"It does not hold that {so_far}.")
    return Point(5, None, f"{so_far}; the permit that is checked offline is not there yet.")


def _used(player: Player, case: str) -> bool:
    """Return whether the one use granted, once reported, leaves nothing covered or owed."""
    player.at("2025-07-16T09:00:00Z")
    told = ("--when", "2025-07-16T07:30:00Z", "--serial", "M57-0001")
    reported = player.run("use", "report", case, *told, by=LIAISON)
    second = player.run("check", *USE, "--place", "Kursk")
    again = player.run("use", "report", case, "--when", "2025-07-16T08:00:00Z", by=LIAISON)
    owed = player.run("obligation", "list", case, "--open")
    exhausted = reported.done and reported["stage"] == "exhausted"
    uncovered = not second.done and second["lack"] == "exhausted"
    return exhausted and uncovered and not again.done and owed.value == []


def nobody_else(player: Player) -> Point:
    """Point 6: nobody else can make that decision: tried on one case, and proven for all."""
    player.at("2025-07-18T08:00:00Z")
    window = ("--since", "2025-07-19T00:00:00Z", "--until", "2025-12-01T00:00:00Z")
    filed = player.run("request", "submit", *USE, "--place", "Belgorod", *window, by=LIAISON)
    case = str(filed["case"])
    _advise(player, case, dict.fromkeys(ADVISERS, ("grant", "as before")))
    summary = ("--outcome", "grant", "--reason", "as before")
    _did(player.run("consolidate", case, *summary, by=OWNER))
    before = len(player.run("record", "show").value)
    attempts = [
        player.run("decide", case, "--outcome", "grant", "--office", SECRETARY, by=someone)
        for someone in (OWNER, "joint-staff", LIAISON, "registrar", "stranger")
    ]
    stranger = f"{player.key('stranger')}.pub"
    attempts += [
        player.run("person", "enrol", SECRETARY, "--public", stranger, by="registrar"),
        player.run("office", "appoint", SECRETARY, "registrar", by="registrar"),
        player.run("policy", "adopt", _text("policy-3-draft.yaml"), by=OWNER),
    ]
    refused = [each for each in attempts if not each.done]
    unwritten = len(player.run("record", "show").value) == before
    proven = player.run("policy", "prove", _text("policy-2.yaml"))
    draft = player.run("policy", "prove", _text("policy-3-draft.yaml"))
    hole = next(each for each in draft["properties"] if each["id"] == ONLY_THE_SECRETARY)
    way_around = hole["holds"] is False and hole["verdict"]["decider"] == OWNER
    return Point(
        6,
        len(refused) == len(attempts) and unwritten and proven["holds"] is True and way_around,
        f"{len(attempts)} ways around the Secretary were tried on {case} and refused, and nothing "
        "was written; for every possible request it is proven that nobody else decides; of a draft "
        f"with a hole it is shown which get around: where {hole['family']['words']}.",
    )


def times(player: Player) -> Point:
    """Point 8: one question, three moments and readers, three right answers (F8, F9)."""
    player.at("2025-08-24T09:00:00Z")
    place = ("--place", "Belgorod")
    march = player.run("check", *USE, *place, "--at", "2025-03-01T00:00:00Z")
    july = player.run("check", *USE, *place, "--at", "2025-07-01T00:00:00Z")
    as_known = ("--at", "2025-07-01T00:00:00Z", "--known-at", "2025-08-01T00:00:00Z")
    public = player.run("check", *USE, *place, *as_known, "--reader", "public")
    holds = march.done and july.status == 1 and public.done
    return Point(
        8,
        holds and july["verdict"]["decider"] == SECRETARY,
        "As of 1 March 2025 Belgorod was permitted, as of 1 July it needed the Secretary, and as "
        "known to the public on 1 August it still seemed permitted.",
    )


def verification(player: Player) -> Point:
    """Point 7: the record verifies from its export and the trust alone, and no byte can change."""
    holds, says = Outsiders(player).play()
    return Point(7, holds, says)


def _advise(player: Player, case: str, advice: dict[str, tuple[str, str]]) -> None:
    for office, (outcome, reason) in advice.items():
        _did(player.run("advise", case, "--outcome", outcome, "--reason", reason, by=office))


def _text(name: str) -> str:
    return str(_TEXTS / name)


def _did(answer: Answer) -> None:
    """Stop if a step of the story was not done: what follows would mean nothing."""
    if not answer.done:
        raise SaysoError(f"the story cannot go on: {json.dumps(answer.value)}")
