"""What an export sends along beside the record: proofs of single entries, and a trust.

The record holds without them, and what is trusted is what a verifier was given by another way. But
whoever passes an export on may change them too, and somebody will take one for the office's word:

1. Each `proofs/N.tlog-proof` is written as an office writes it, is of entry N, and proves that
   entry under a state that every key of the log has signed and that this record passed through.
2. `trust.json`, if it is there, is written as trust files are, and names the same record, begun by
   the same registrar and signed with the same keys. Who must cosign may have changed since, or be
   agreed with each verifier: that it names others is told, and is no fault.

A proof may be of a later state than the checkpoint, which is written last: then it is checked by
itself.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from sayso.errors import Damaged, MalformedProof, MalformedValue, SaysoError, Untrue
from sayso.queries import trustfile
from sayso.queries.report import Report, Sent
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint, proof, tree
from sayso.record.proof import Proof
from sayso.record.tiles import Fetch, Tiled

FOLDER = "proofs"
TRUST = "trust.json"

_NAME = re.compile(r"(0|[1-9][0-9]{0,18})\.tlog-proof")


def along(report: Report, fetch: Fetch, known: TrustFile, proofs: Iterable[str]) -> Report:
    """Return the report of a record with what was sent along; `proofs` names the files of proofs.

    Nothing is looked at if the record does not hold.
    """
    if not report.ok:
        return report
    whole = Tiled(fetch, report.entries)
    try:
        for count, name in enumerate(proofs, 1):
            _check_proof(name, whole, known)
            report = replace(report, sent=Sent(proofs=count))
        others = _names_others(fetch(TRUST), known)
    except SaysoError as error:
        return replace(report, problem=str(error))
    return replace(report, sent=replace(report.sent or Sent(), others=others))


def _check_proof(name: str, whole: Tiled, known: TrustFile) -> None:
    path = f"{FOLDER}/{name}"
    found, raw = _NAME.fullmatch(name), whole.fetch(path)
    if found is None or raw is None:
        raise Damaged(f"`{path}` is not named after an entry, as in `{FOLDER}/12.tlog-proof`")
    try:
        _check(_read(raw, int(found[1])), whole, known)
    except SaysoError as error:
        raise Untrue(f"`{path}` is no proof of entry {found[1]}: {error.what}") from None


def _read(raw: bytes, index: int) -> Proof:
    read = proof.read(raw)
    if proof.write(read) != raw or read.extra is not None:  # an `extra` is signed by nobody
        raise MalformedProof("it is not written as an office writes it")
    if read.index != index:
        raise Untrue(f"it is of entry {read.index}")
    return read


def _check(read: Proof, whole: Tiled, known: TrustFile) -> None:
    keys = [*known.policy.logs, *(each.key for each in known.policy.witnesses)]
    state, note = checkpoint.opened(read.checkpoint, origin=known.trust.origin, keys=keys)
    checkpoint.check_all(known.policy.logs, [each.key for each in note.signatures])
    if state.size <= whole.size and whole.root(state.size) != state.root:
        raise Untrue("its checkpoint is of another history of the record")
    if read.index < whole.size:
        tree.check_inclusion(
            whole.leaf(read.index), read.hashes, index=read.index, size=state.size, root=state.root
        )


def _names_others(raw: bytes | None, known: TrustFile) -> bool:
    """Return whether the trust that was sent names others who must cosign than the one given."""
    if raw is None or raw == trustfile.write(known):
        return False
    try:
        sent = trustfile.read(raw)
    except MalformedValue as error:
        raise Damaged(f"`{TRUST}`, sent along, cannot be read: {error.what}") from None
    if trustfile.write(sent) != raw:
        raise Damaged(f"`{TRUST}`, sent along, is not written as trust files are")
    if sent.trust != known.trust:
        raise Untrue(
            f"`{TRUST}`, sent along, names another record, registrar or log than you trust",
            hint="the record holds under what you gave; somebody put the file there",
        )
    return sent.policy != known.policy
