"""What the public knows, and when: two times, and a word given out on purpose (F8, F9; point 8)."""

from collections.abc import Iterator

from sayso.cli.story.cast import OWNER, SECRETARY, USE, Shown, did
from sayso.cli.story.gist import Answer
from sayso.cli.story.mechanism import MECHANISM
from sayso.cli.story.player import Player

PUBLIC = ("--reader", "public")
PLACE = ("--place", "Belgorod")
MARCH, JULY = ("--at", "2025-03-01T00:00:00Z"), ("--at", "2025-07-01T00:00:00Z")
AUGUST = ("--known-at", "2025-08-01T00:00:00Z")
SAID = "A review mechanism governs the use of long-range missiles inside Russia."


def play(player: Player) -> Iterator[Shown]:
    """Ask one question as of three moments, and give a word out; yield point 8, F8 and F9."""
    player.chapter(
        "August 2025: who knew what, and when (point 8, F8, F9)",
        "The process is discreet and was not announced: nothing goes out unless it is released. "
        "Everything has two times: when it held, and when it was recorded or disclosed.",
    )
    player.at("2025-08-24T09:00:00Z")
    yield _three(player)
    before = _public(player)
    about = ("--policy", MECHANISM, "--text", SAID)
    own = player.run("release", "say", "--to", "public", *about, by="joint-staff")
    did(player.run("release", "say", "--to", "public", *about, by=OWNER))
    player.at("2025-08-24T10:00:00Z")
    after = _public(player)
    yield _released(before, after, own)
    yield _two_times(player, after[0])


def _three(player: Player) -> Shown:
    march = player.run("check", *USE, *PLACE, *MARCH)
    july = player.run("check", *USE, *PLACE, *JULY)
    public = player.run("check", *USE, *PLACE, *JULY, *AUGUST, *PUBLIC)
    outcomes = [each["verdict"]["outcome"] for each in (march, july, public)]
    decider = july["verdict"]["decider"]
    return Shown(
        "8",
        march.done and july.status == 1 and public.done and decider == SECRETARY,
        f"Is Belgorod covered? As of 1 March 2025 it was {outcomes[0]}; as of 1 July "
        f"{outcomes[1]}, {decider} decides; as of 1 July, as the public knew it on 1 August, still "
        f"{outcomes[2]}.",
    )


def _public(player: Player) -> tuple[Answer, Answer, Answer]:
    """Return what the public is shown: the releases, the policies, the requests."""
    released = did(player.run("release", "list", *PUBLIC))
    policies = did(player.run("policy", "show", *PUBLIC))
    return released, policies, did(player.run("request", "list", *PUBLIC))


def _released(
    before: tuple[Answer, Answer, Answer], after: tuple[Answer, Answer, Answer], own: Answer
) -> Shown:
    texts = [each["text"] for each in after[0].value]
    policies = [each["policy"] for each in after[1].value]
    counts = [len(each.value) for each in before]
    return Shown(
        "F8",
        counts[0] == counts[2] == 0
        and texts == [SAID]
        and not own.done
        and MECHANISM not in policies
        and [each.value for each in after[1:]] == [each.value for each in before[1:]],
        f"Before, the public was shown {counts[0]} statements, {counts[1]} policy (the announced "
        f"one) and {counts[2]} requests. {after[0].value[0]['office']} then released one sentence; "
        f"the public is shown {len(texts)} statement, and of policies and requests the same as "
        "before. An office that does not answer for the policy could not.",
        assumed="the statement",
    )


def _two_times(player: Player, now: Answer) -> Shown:
    then = did(player.run("release", "list", *PUBLIC, *AUGUST))
    policy = next(
        each for each in did(player.run("policy", "show")).value if each["policy"] == MECHANISM
    )
    told = now.value[0]["at"]
    start = policy["in_force"].partition("/")[0]
    return Shown(
        "F9",
        then.value == [] and start < policy["adopted_at"] < told,
        f"{MECHANISM} holds from {start}, was recorded at {policy['adopted_at']}, and first told "
        f"to the public at {told}; as known on 1 August the public was told of it "
        f"{len(then.value)} times.",
        assumed="the days",
    )
