"""What is checked of an append before any store takes it; the same for all."""

from collections.abc import Sequence

from sayso.errors import MalformedCheckpoint, Overtaken, StoreError
from sayso.record import checkpoint

MOST_BYTES = 65_535


def check(entries: Sequence[bytes], *, size: int, signed: bytes) -> None:
    """Raise unless the checkpoint claims to cover `size` entries and these after them.

    What it signs is for the audit to judge; a slip of this kind would make the store useless.
    """
    if not entries:
        raise StoreError("an append needs at least one entry")
    if any(not 1 <= len(entry) <= MOST_BYTES for entry in entries):
        raise StoreError(f"an entry has 1 to {MOST_BYTES} bytes")
    try:
        claimed = checkpoint.claimed(signed)
    except MalformedCheckpoint as error:
        raise StoreError(f"the checkpoint of the append is none: {error.what}") from None
    if claimed.size != size + len(entries):
        raise StoreError(
            f"the checkpoint covers {claimed.size} entries, not {size} and {len(entries)} more"
        )


def check_place(*, size: int, found: int) -> None:
    """Raise `Overtaken` unless the store has the `size` that the append was made for."""
    if found != size:
        raise Overtaken(
            f"the store has {found} entries, not {size}",
            hint="read what was added, and try again",
        )
