"""The demo's record, to be witnessed."""

from tests.cli.conftest import at, demo

__all__ = ["at", "demo"]
