"""Papers that are handed over: kept beside the record, and given back to those who may know them."""

from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from sayso import store as stores
from tests.cli.conftest import founded
from tests.cli.terminal import LIAISON, SECRETARY, SPAN, USE, Terminal

ANNEX = b"%PDF-1.7 the annex, of which nobody else need know\n"
PLACE = ("--place", "Belgorod")


def digest(paper: bytes) -> str:
    return sha256(paper).hexdigest()
