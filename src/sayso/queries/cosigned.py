"""Which signed state of a record is to be shown: the newest that the trust believes.

The store keeps each checkpoint as the log signed it. The one that witnesses cosigned lies beside it
and may be some entries behind, for cosigning follows the acts and never holds them up.
"""

from sayso.errors import MalformedCheckpoint, MalformedNote, Untrue
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, note


def newest(head: bytes, kept: bytes | None, known: TrustFile) -> bytes:
    """Return the newest of the store's `head` and the cosigned `kept` that the trust believes."""
    found = [each for each in (merged(head, kept), kept) if each is not None]
    for each in found:
        if _believed(each, known):
            return each
    size = checkpoint.claimed(head).size
    raise Untrue(
        f"no state of the record is cosigned as the trust demands; it has {size} entries",
        hint=f"the quorum is `{known.policy.quorum}`; `sayso record witness` asks the witnesses",
    )


def merged(head: bytes, kept: bytes | None) -> bytes:
    """Return `head` with the cosignatures of `kept`, if that is the same state."""
    if kept is None:
        return head
    try:
        same = note.split(head)[0] == note.split(kept)[0]
    except MalformedNote:
        return head
    return kept if same else head


def better(made: bytes, kept: bytes | None, known: TrustFile) -> bytes:
    """Return which of two cosigned states to keep: one that is believed, and else the newer."""
    if kept is None or _believed(made, known) or not _believed(kept, known):
        return made
    return kept


def _believed(signed: bytes, known: TrustFile) -> bool:
    try:
        known.open(signed)
    except (MalformedCheckpoint, Untrue):
        return False
    return True
