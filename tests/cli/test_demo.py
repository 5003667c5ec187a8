"""The demo shows what the program answers, says what is assumed, and fits on a screen."""

from pathlib import Path

from sayso.cli import main, story
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import WIDTH, Player
from tests.cli.terminal import Terminal

FACTS = [f"F{number}" for number in range(1, 16)]
PEOPLE = ("Biden", "Trump", "Hegseth", "Colby", "Putin", "Zelensk")


class Lied(Player):
    """A player who is told of every use that it is covered, and of every attempt that it failed."""

    def run(self, *words: str, by: str | None = None) -> Answer:
        """Run a command, and change what it answered."""
        answer = super().run(*words, by=by)
        if words[0] == "check":
            return Answer(0, {**answer.value, "covered": True})
        return answer


def test_a_point_holds_only_if_the_answers_say_so(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    player = Lied(main, tmp_path, screen=lambda _: None)
    shown = {}
    for each in story.play(player):
        shown[each.mark] = each.holds
        if each.mark == "F14":
            break
    assert {mark for mark, holds in shown.items() if holds is False} == {"5", "F14"}
    assert shown["4"] is True


def test_the_screen_tells_the_story_and_marks_what_is_assumed(tmp_path: Path) -> None:
    at = Terminal(tmp_path / "demo", now=None)
    told = at.run("demo", "--dir", at.folder, "--no-serve").out
    played, _, summary = told.partition("What the record now proves")
    for mark in (*FACTS, *"12345678"):
        lead = f"  {mark:<4} {'not yet' if mark == '5' else 'holds'}"
        assert sum(line.startswith(lead) for line in played.splitlines()) == 1, mark
        assert sum(line.startswith(lead) for line in summary.splitlines()) == 1, mark
    long = [line for line in told.splitlines() if len(line) > WIDTH and str(tmp_path) not in line]
    assert long == []
    assert "\n\n\n" not in told
    assert "ssumed" in played
    assert [each for each in PEOPLE if each in told] == []
