"""The record as files that anybody can keep and check (C2SP tlog-tiles), as it is and as it grows.

    tile/…                the hashes and the entries (`record.tiles`)
    trust.json            what to hold against them; a reader takes it from somebody else
    proofs/N.tlog-proof   that entry N is there, for the entries asked for (`record.proof`)
    enclosures/AB/CD…     texts and papers that the reader may know, by SHA-256, and the `list`
                          of them (`queries.enclosed`)
    checkpoint            the signed state, cosigned as far as it is; written last

A folder that has an older state gets only what was added since. What was published before stays,
byte for byte, so that whoever reads at the same time finds all that the older checkpoint promises.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sayso.errors import Damaged, SaysoError, Unknown
from sayso.queries import trustfile
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, proof, tiles
from sayso.record.checkpoint import Checkpoint
from sayso.record.tree import Tree
from sayso.store.contract import Store

CHECKPOINT = "checkpoint"
TRUST = "trust.json"

File = tuple[str, bytes]
"""A path within the folder, and the bytes of the file."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: the entries that a signed checkpoint covers, and the tree over them."""

    store: Store
    known: TrustFile
    signed: bytes
    state: Checkpoint
    whole: Tree

    @classmethod
    def of(cls, store: Store, known: TrustFile, signed: bytes) -> "Publication":
        """Return the publication of what `signed` covers; `Damaged` if the store has another."""
        state = checkpoint.open(signed, origin=known.trust.origin, keys=known.policy.logs)
        whole = Tree.of(store.leaf_hashes(0, state.size))
        if whole.root() != state.root:
            raise Damaged(
                f"the {state.size} entries stored are not those that the checkpoint signs",
                hint="`sayso record verify` names the first that differs",
            )
        return cls(store, known, signed, state, whole)

    def files(self, *, before: bytes | None, proofs: Sequence[int]) -> Iterator[File]:
        """Yield what a folder lacks whose checkpoint is `before`, and proofs of some entries."""
        start = 0 if before is None else self._continued(before)
        for index in proofs:
            if index >= self.state.size:
                hint = f"the checkpoint that is published covers 0 to {self.state.size - 1}"
                raise Unknown(f"there is no entry {index} to prove", hint=hint)
        return self._files(start, proofs)

    def _files(self, start: int, proofs: Iterable[int]) -> Iterator[File]:
        added = self.store.entries(tiles.first_entry(start), self.state.size)
        yield from tiles.write(added, self.whole, start=start)
        yield TRUST, trustfile.write(self.known)
        for index in proofs:
            proven = proof.prove(self.whole, index, self.signed)
            yield f"proofs/{index}.tlog-proof", proof.write(proven)
        yield CHECKPOINT, self.signed

    def _continued(self, before: bytes) -> int:
        """Return the size that a folder is at, which must have begun with the same entries."""
        old = checkpoint.open(before, origin=self.known.trust.origin, keys=self.known.policy.logs)
        if old.size > self.state.size:
            raise SaysoError(
                f"{old.size} entries are published there already, and this is a state of "
                f"{self.state.size}",
                hint="what is published is never taken back; export into a new folder",
            )
        if self.whole.root(old.size) != old.root:
            raise SaysoError(
                f"the {old.size} entries published there are not the first of this record",
                hint="keep both: the log's key has signed two histories",
            )
        return old.size
