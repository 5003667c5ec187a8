"""One entry and its proof, C2SP tlog-proof: that it is on the record which the trust names.

For whoever was handed a single decision and not the record. The proof shows that the log has taken
these very bytes in at this place, and the cosignatures who else saw so; the signature within shows
which key has signed the payload. Whether its holder might decide is shown by the record alone.
"""

from dataclasses import dataclass

from sayso.errors import MalformedEntry
from sayso.queries.report import Cosigned
from sayso.queries.trustfile import TrustFile
from sayso.record import entry as entries
from sayso.record import proof
from sayso.record.trust import Trusted
from sayso.verify import told
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry that is on the record, as it was read, and the state that vouches for it."""

    index: int
    entry: entries.Entry
    trusted: Trusted
    cosigned: Cosigned | None

    @property
    def keys(self) -> list[str]:
        """The fingerprints of the keys that have signed it."""
        return sorted(self.entry.holding)

    def value(self) -> dict[str, Value | None]:
        """Return what was found, for a program."""
        state = self.trusted.checkpoint
        found: dict[str, Value | None] = {
            "proves": True,
            "entry": self.index,
            "kind": self.entry.kind,
            "recorded_at": str(self.entry.recorded_at),
            "keys": [*self.keys],
            "origin": state.origin,
            "entries": state.size,
        }
        if self.cosigned is not None:
            found["cosigned"] = told.cosigned(self.cosigned)
        return found

    def words(self) -> str:
        """Return what was found, in words."""
        state = self.trusted.checkpoint
        signed = f"signed with {' and '.join(self.keys)}" if self.keys else "signed by nobody"
        seen = "" if self.cosigned is None else f", {self.cosigned}"
        return (
            f"It is entry {self.index} of {state.origin}, taken in at {self.entry.recorded_at}: "
            f"of kind {self.entry.kind}, {signed}.\n"
            f"The log has signed a state of {state.size} entries that has it{seen}.\n"
            "That its signer might say so shows only in the whole record: sayso-verify record."
        )


def proven(raw: bytes, entry: bytes, known: TrustFile) -> Proven:
    """Return what a file `raw` proves of the exact bytes of an `entry`, or raise."""
    read = proof.read(raw)
    trusted = proof.check(read, entry, known)
    try:
        opened = entries.opened(entry)
    except MalformedEntry as error:
        raise MalformedEntry(f"it is on the record, and no entry that is known: {error}") from None
    return Proven(read.index, opened, trusted, Cosigned.told(trusted, known.policy))
