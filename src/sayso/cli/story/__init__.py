"""The reference scenario, point by point and fact by fact, in the order in which it happened.

The facts F1 to F15 are in `sayso/examples/long-range-fires/README.md`. Each chapter is a file; it
asks the program as its users would, and holds only if the answers say so.
"""

from collections.abc import Iterator

from sayso.cli.story import (
    allies,
    grant,
    guards,
    house,
    measures,
    mechanism,
    public,
    refusal,
    talks,
)
from sayso.cli.story.cast import TEXTS, Shown
from sayso.cli.story.outsiders import Outsiders
from sayso.cli.story.player import Player


def play(player: Player) -> Iterator[Shown]:
    """Play the scenario and yield what is shown of its points and facts, as it is reached."""
    player.texts = str(TEXTS)
    yield from house.play(player)
    yield from mechanism.green_light(player)
    yield from mechanism.change(player)
    yield from mechanism.borders(player)
    yield from refusal.play(player)
    yield from grant.play(player)
    yield from guards.play(player)
    yield from talks.gate(player)
    yield from allies.play(player)
    yield from talks.claims(player)
    yield from public.play(player)
    yield from measures.play(player)
    yield from Outsiders(player).play()
