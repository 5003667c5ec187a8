"""`sayso demo`: the reference scenario, played on a fresh record by the commands themselves.

Each point and each fact of the scenario is asked of the program as its users would ask it, and
holds only if the answers say so. A point that needs a part not built yet is announced as such, and
left open. What no report says is marked as assumed.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from sayso.cli import story
from sayso.cli.rim import REFUSED, Rim, command
from sayso.cli.story.cast import TEXTS, Shown
from sayso.cli.story.player import Player, filled
from sayso.errors import SaysoError

_MARK = ".sayso-demo"
_STANDS = {True: "holds", False: "FAILS", None: "not yet"}
_HANG = 15


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where to put the record and the keys; an earlier demo there is replaced.",
)
@click.option("--no-serve", is_flag=True, help="Stop when the scenario is played.")
@command
def demo(rim: Rim, folder: Path, *, no_serve: bool) -> None:
    """Play the reference scenario: long-range missiles supplied to a partner.

    Status 0 if every point and every fact that is claimed holds.

    \b
    Example: sayso demo --dir demo --no-serve
    """
    _prepare(folder)
    program = click.get_current_context().find_root().command
    player = Player(program, folder, screen=lambda line: None if rim.as_json else click.echo(line))
    player.say(_opening(folder))
    shown = tuple(_as_it_is_reached(player))
    points = sorted((each for each in shown if not each.is_fact), key=lambda each: each.number)
    facts = sorted((each for each in shown if each.is_fact), key=lambda each: each.number)
    value = {
        "points": [{"point": each.number, **_value(each)} for each in points],
        "facts": [{"fact": each.mark, **_value(each)} for each in facts],
        "store": player.store,
    }
    rim.show(value, _summary(points, facts, player))
    if not (no_serve or rim.as_json):
        click.echo("There are no pages to serve yet.")
    if any(each.holds is False for each in shown):
        click.get_current_context().exit(REFUSED)


def _prepare(folder: Path) -> None:
    """Make `folder` anew; only an earlier demo is ever removed."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise SaysoError(f"`{folder}` is not empty, and no earlier demo", hint="name another")
        shutil.rmtree(folder)
    (folder / "keys").mkdir(parents=True)
    (folder / _MARK).write_text("An earlier demo; `sayso demo` may replace it.\n")


def _opening(folder: Path) -> str:
    return (
        "Who has the say-so over the use of a supplied article, and the proof that they said so:\n"
        "public reports of August 2025, played with real commands and real signatures.\n"
        f"The record and the keys are in {folder}; the policies in\n{TEXTS}.\n"
        "F1 to F15 are what the reports say. What they do not say is assumed, and marked so."
    )


def _as_it_is_reached(player: Player) -> Iterator[Shown]:
    """Yield what is shown, and say it on the screen at once."""
    for each in story.play(player):
        player.gap()
        player.say(_told(each))
        player.gap()
        yield each


def _value(shown: Shown) -> dict[str, bool | str | None]:
    assumed: dict[str, bool | str | None] = (
        {} if shown.assumed is None else {"assumed": shown.assumed}
    )
    return {"holds": shown.holds, "says": shown.says, **assumed}


def _told(shown: Shown) -> str:
    """Return what was shown, in lines that a screen has room for."""
    assumed = "" if shown.assumed is None else f" (Assumed: {shown.assumed}.)"
    lead = f"  {shown.mark:<4} {_STANDS[shown.holds]:<8}"
    return filled(shown.says + assumed, lead, " " * _HANG)


def _summary(points: Sequence[Shown], facts: Sequence[Shown], player: Player) -> str:
    tries = (
        f"  sayso request list --store {player.store}",
        f"  sayso brief ukraine-5 --store {player.store} --now 2025-08-24T12:00:00Z",
        f"  sayso record show --store {player.store}",
        f"  sayso record verify --store {player.store}",
    )
    parts = (("What the record now proves, point by point:", points), ("and of each fact:", facts))
    told = [line for head, shown in parts for line in ("", head, *map(_told, shown))]
    return "\n".join((*told[1:], "", "Look around:", *tries))
