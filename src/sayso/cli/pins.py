"""Where a command gets a token's PIN: from SAYSO_PIN, or from the person at the terminal.

Never from an option, which others on the machine could see. A key's URI may name a file instead,
and then nobody is asked (`sayso.tokens`).
"""

import os

import click

from sayso.tokens import Pins

_VARIABLE = "SAYSO_PIN"


def pins() -> Pins:
    """Return the PINs of this run of a command, which asks for each once."""
    kept: Pins = click.get_current_context().meta.setdefault(__name__, Pins(_asked))
    return kept


def _asked(label: str) -> str:
    given = os.environ.get(_VARIABLE)
    if given is not None:
        return given
    said: str = click.prompt(f"PIN of the token {label}", hide_input=True, err=True)
    return said
