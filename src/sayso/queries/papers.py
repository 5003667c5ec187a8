"""Papers that were handed over, as far as a reader may know them.

A reader may know a paper by its digest if they are told of what names it: of a case, what
`queries.dossier` tells; of all else, what `queries.disclosure` leaves for them to see.
"""

from dataclasses import dataclass

from sayso.casework import sealing
from sayso.casework.case import Case
from sayso.casework.state import State
from sayso.errors import StoreError, Unknown
from sayso.queries import dossier
from sayso.queries.disclosure import Reader, view, without_cases
from sayso.store.contract import Store
from sayso.wire import Value


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is named: how many bytes it has if it is here, or what became of it."""

    digest: str
    size: int | None
    stands: str

    def value(self) -> dict[str, Value]:
        """Return the paper for a program."""
        size: dict[str, Value] = {} if self.size is None else {"bytes": self.size}
        return {"digest": self.digest, **size, "stands": self.stands}


def listed(store: Store, state: State, name: str, reader: Reader) -> tuple[Paper, ...]:
    """Return the papers of the case `name` that `reader` may know."""
    named = _of(view(state, reader).case(name), reader)
    there = here(store, state, name, reader)
    return tuple(
        Paper(each.hex(), len(there[each]) if each in there else None, _stands(state, each, there))
        for each in sorted(named)
    )


def here(store: Store, state: State, name: str, reader: Reader) -> dict[bytes, bytes]:
    """Return those papers of the case `name` that `reader` may know and that are kept."""
    return store.enclosed(_of(view(state, reader).case(name), reader))


def saved(store: Store, state: State, digest: str, reader: Reader) -> bytes:
    """Return the paper that `digest`, or the beginning of one, names among those a reader knows."""
    by_name = {each.hex(): each for each in known(view(state, reader), reader)}
    found = [name for name in by_name if digest and name.startswith(digest.lower())]
    if len(found) != 1:
        raise Unknown(
            f"`{digest}` names {'no paper' if not found else f'{len(found)} papers'}",
            hint="give its SHA-256 as `sayso attachment list CASE` does, or more of it",
        )
    (name,) = found
    kept = store.enclosed((by_name[name],))
    if not kept:
        stands = _stands(state, by_name[name], kept)
        raise StoreError(f"the paper {name} is not here: it was {stands}")
    return kept[by_name[name]]


def known(seen: State, reader: Reader) -> frozenset[bytes]:
    """Return the digests of the papers that are named in what `reader` is told of `seen`."""
    cases = frozenset[bytes]().union(*(_of(each, reader) for each in seen.cases.values()))
    return cases | sealing.papers(without_cases(seen))


def _of(case: Case, reader: Reader) -> frozenset[bytes]:
    return sealing.papers(dossier.told(case, reader))


def _stands(state: State, digest: bytes, there: dict[bytes, bytes]) -> str:
    if digest in there:
        return "here"
    erased = state.erased.get(digest.hex())
    return "never handed over" if erased is None else f"erased by entry {erased}"
