"""What is given to a reader beside the record: the words and papers they may know, no more."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from immutables import Map

from sayso.casework import sealing
from sayso.casework.state import State
from sayso.queries import dossier, words
from sayso.queries.disclosure import Circle, Reader, view
from sayso.queries.enclosed import LIST, path
from sayso.record import enclosure
from sayso.store.contract import Store


def files(store: Store, digests: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each enclosure that `store` has of these, and of the list of them."""
    listed = []
    for digest in sorted(set(digests)):
        for kept in store.enclosed((digest,)).values():
            listed.append(digest.hex() + "\n")
            yield path(digest), kept
    yield LIST, "".join(listed).encode()


def readable(store: Store, state: State, reader: Reader | None) -> Iterable[bytes]:
    """Return the digests of the enclosures that a reader may know; of all there are for None.

    Outside the office a case is what `queries.dossier` tells of it, and not what was said inside.
    """
    if reader is None:
        return map(enclosure.digest, store.enclosures())
    seen = view(state, reader)
    if reader.circle is Circle.OFFICE:
        return sealing.enclosed(seen)
    told = [dossier.told(each, reader) for each in seen.cases.values()]
    names = words.names([each.value() for each in told])
    besides = sealing.enclosed(replace(seen, cases=Map()))
    return {*map(enclosure.digest_of, names), *sealing.papers(told), *besides}
