"""Who is in the story, what is asked for in it, and how what it shows is told.

Everybody is called after the post they hold. What happens beyond the facts F1 to F15 is assumed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player
from sayso.errors import SaysoError

TEXTS = files("sayso") / "examples" / "long-range-fires"

LIAISON = "ukraine-liaison"
SECRETARY = "secretary-of-defense"
OWNER = "under-secretary-policy"
ADVISERS = ("europe-desk", "joint-staff", "general-counsel")
MINISTER = "gb-defence-secretary"  # of the further supplier

AGREEMENT, ARTICLE = "aid-packages", "atacms"
PURPOSE = ("--purpose", "military-logistics")
USE = ("--agreement", AGREEMENT, "--article", ARTICLE, *PURPOSE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A point (`1` to `8`) or a fact (`F1` to `F15`) of the scenario, and what was seen of it.

    `holds` is None for what is not there yet. `assumed` says what of it no report says.
    """

    mark: str
    holds: bool | None
    says: str
    assumed: str | None = None

    @property
    def is_fact(self) -> bool:
        """Return whether it is one of the reports' facts, and not one of the points."""
        return self.mark.startswith("F")

    @property
    def number(self) -> int:
        """Return its number among its like."""
        return int(self.mark.removeprefix("F"))


def did(answer: Answer) -> Answer:
    """Return the answer; stop if a step of the story was not done, since no other would follow."""
    if not answer.done:
        raise SaysoError(f"the story cannot go on: {json.dumps(answer.value)}")
    return answer


def text(name: str) -> str:
    """Return the path of a text of the scenario."""
    return str(TEXTS / name)


def window(since: str, until: str) -> tuple[str, ...]:
    """Return the options of a window between the beginnings of two days."""
    return ("--since", f"{since}T00:00:00Z", "--until", f"{until}T00:00:00Z")


def advise(player: Player, case: str, advice: Mapping[str, tuple[str, ...]]) -> None:
    """Let each office give its advice: the outcome, why, and any options beside."""
    for office, (outcome, reason, *beside) in advice.items():
        said = ("--outcome", outcome, "--reason", reason, *beside)
        did(player.run("advise", case, *said, by=office))


def consolidate(player: Player, case: str, outcome: str, reason: str, *beside: str) -> Answer:
    """Let the policy's owner consolidate the advice."""
    said = ("--outcome", outcome, "--reason", reason, *beside)
    return did(player.run("consolidate", case, *said, by=OWNER))


def signed(player: Player, case: str) -> tuple[str, str]:
    """Return who signed the newest decision on a case, and under which namespace."""
    acts = did(player.run("record", "show")).value
    decisions = [
        each for each in acts if each["kind"] == "decision" and each["said"]["case"] == case
    ]
    return decisions[-1]["by"], decisions[-1]["namespace"]


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Return names with commas between, and `and` before the last."""
    *most, last = names or ("nobody",)
    return f"{', '.join(most)} and {last}" if most else last
