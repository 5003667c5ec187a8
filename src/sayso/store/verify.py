"""Does a store agree with itself? `sayso.record.audit`, over what a store keeps."""

from collections.abc import Iterable

from sayso.record.audit import Verified, audit
from sayso.record.note import Key
from sayso.store.contract import Store


def verify(store: Store, *, origin: str, keys: Iterable[Key]) -> Verified:
    """Return the verified record of `store`; `Damaged` names what is first found wrong.

    Others may append meanwhile: what came after the start is left out, on both sides.
    """
    size = store.size()
    return audit(
        store.entries(0, size),
        leaf_hashes=store.leaf_hashes(0, size),
        checkpoints=store.checkpoints(size),
        origin=origin,
        keys=keys,
    )
