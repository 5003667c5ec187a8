"""What is given to a reader beside the record: the words and papers they may know, no more."""

from collections.abc import Iterable, Iterator

from sayso.casework import sealing
from sayso.casework.state import State
from sayso.queries import dossier, papers, words
from sayso.queries.disclosure import Reader, view, without_cases
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
    """Return the digests of the enclosures that a reader may know; of all there are for None."""
    if reader is None:
        return map(enclosure.digest, store.enclosures())
    shown = view(state, reader)
    told = [dossier.told(each, reader) for each in shown.cases.values()]
    rest = sealing.enclosed(without_cases(shown))
    texts = map(enclosure.digest_of, words.names(told))
    return {*texts, *papers.known(shown, reader), *rest}
