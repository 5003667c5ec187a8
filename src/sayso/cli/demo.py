"""`sayso demo`: the reference scenario, played on a fresh record by the commands themselves.

Each point is asked of the program as its users would ask it, and holds only if the answers say so.
A point that needs a part not built yet is announced as such, and left open.
"""

import shutil
from pathlib import Path

import click

from sayso.cli import story
from sayso.cli.player import Player
from sayso.cli.rim import REFUSED, Rim, command
from sayso.cli.story import Point
from sayso.errors import SaysoError

_MARK = ".sayso-demo"


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

    Status 0 if every point that is claimed holds.

    \b
    Example: sayso demo --dir demo --no-serve
    """
    _prepare(folder)
    program = click.get_current_context().find_root().command
    player = Player(program, folder, say=lambda line: None if rim.as_json else click.echo(line))
    points = sorted(story.play(player), key=lambda point: point.number)
    value = {
        "points": [
            {"point": each.number, "holds": each.holds, "says": each.says} for each in points
        ],
        "store": player.store,
    }
    rim.show(value, _summary(points, player))
    if not (no_serve or rim.as_json):
        click.echo("There are no pages to serve yet.")
    if any(each.holds is False for each in points):
        click.get_current_context().exit(REFUSED)


def _prepare(folder: Path) -> None:
    """Make `folder` anew; only an earlier demo is ever removed."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise SaysoError(f"`{folder}` is not empty, and no earlier demo", hint="name another")
        shutil.rmtree(folder)
    (folder / "keys").mkdir(parents=True)
    (folder / _MARK).write_text("An earlier demo; `sayso demo` may replace it.\n")


def _summary(points: list[Point], player: Player) -> str:
    mark = {True: "holds", False: "FAILS", None: "not yet"}
    lines = [f"  {each.number}  {mark[each.holds]:7}  {each.says}" for each in points]
    tries = (
        f"  sayso request list --store {player.store}",
        f"  sayso record show --store {player.store}",
        f"  sayso record verify --store {player.store}",
    )
    return "\n".join(("", "What the record now proves:", *lines, "", "Look around:", *tries))
