"""`sayso-verify`: the record verified by somebody who has an export of it, and nothing else.

It knows no store, no log key, no command of the office, and opens nothing for writing but a
temporary file of its own.
"""

from sayso.verify.command import main

__all__ = ["main"]
