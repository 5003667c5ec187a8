"""What several commands ask a person for: a use, and for whom a question is answered."""

from collections.abc import Callable
from typing import TypeVar

import click

from sayso.cli.rim import METRES

F = TypeVar("F", bound=Callable[..., object])

READER = click.option(
    "--reader",
    "reader_name",
    default="office",
    show_default=True,
    help="For whom: office, supplier:CODE, partner:NAME or public.",
)


def use_options(function: F) -> F:
    """Give a command the options that say what use is meant."""
    for option in (
        click.option("--within", "within_m", type=METRES, help="Its radius: 500m, 5km."),
        click.option("--purpose", required=True, help="The category of purpose."),
        click.option("--place", required=True, help="Where."),
        click.option("--article", required=True, help="What would be used."),
        click.option("--agreement", required=True, help="Under which agreement it is held."),
    ):
        function = option(function)
    return function
