"""A long record that is real throughout, made without judging each entry: for what reads records.

Every case is a request, its verdict, an advice, the consolidation and a refusal: four acts, each
signed by another person, and one consequence. The first case is done by the program; the others say
the same of other cases, with their own nonces, digests and signatures, so that whoever verifies the
record finds nothing wrong with it.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice

from cases.made import DESK, HEAD, MINISTER, PARTNER, House, furnished, request

from sayso.casework import sealing, statement
from sayso.casework.events import (
    Advice,
    Consolidation,
    Decision,
    Event,
    Founding,
    Judgement,
    Outcome,
    kind_of,
)
from sayso.casework.replay import Trust
from sayso.casework.statement import Statement
from sayso.operations.desk import nonce
from sayso.queries.recall import Memory
from sayso.record import enclosure, entry
from sayso.record.entry import Entry
from sayso.record.tree import Frontier, leaf_hash
from sayso.store.contract import Store
from sayso.store.memory import MemoryStore

AT_ONCE = 1000
"""How many entries stand under one checkpoint."""


@dataclass(slots=True)
class Grown:
    """A record that grows by whole cases, from one that a few acts have begun."""

    house: House
    begun: list[bytes]
    judged: Judgement
    size: int
    number: int = 1
    last: str = field(default="", init=False)

    @classmethod
    def furnished(cls) -> "Grown":
        """Return a record with its offices and one request."""
        house = furnished(Memory(MemoryStore()))
        state = house.do(PARTNER, request()).state
        judged = state.cases["ukraine-1"].dossier.verdict.said
        begun = list(house.memory.store.entries())
        return cls(house, begun, judged, len(begun))

    @property
    def trust(self) -> Trust:
        """Return what whoever verifies the record must hold."""
        said = statement.read(entry.read(self.begun[0])).said
        assert isinstance(said, Founding)
        return Trust.of(said)

    def entries(self) -> Iterator[bytes]:
        """Yield the entries of the record, without end."""
        yield from self.begun
        while True:
            self.number += 1
            yield from self._case(f"ukraine-{self.number}")

    def _case(self, name: str) -> Iterator[bytes]:
        yield self._said(PARTNER, request())
        asked = self.last
        yield self._said(None, replace(self.judged, case=name))
        verdict = self.last
        advised = self.size
        yield self._said(DESK, Advice(name, DESK, Outcome.GRANT, "fit", ()))
        yield self._said(HEAD, Consolidation(name, HEAD, Outcome.GRANT, "all in all", (advised,)))
        yield self._said(
            MINISTER, Decision(name, MINISTER, Outcome.REFUSE, "not now", (), asked, verdict)
        )

    def _said(self, by: str | None, event: Event) -> bytes:
        kind, at = kind_of(event), self.house.now
        words = Statement(self.house.log.name, by, at, nonce(), sealing.changed(event, _sealed))
        payload = statement.write(words)
        signatures = () if by is None else (entry.sign(self.house.key(by), kind, payload),)
        self.last = sha256(payload).hexdigest()
        self.size += 1
        return entry.write(Entry(kind, payload, signatures, at))


def _sealed(text: str) -> str:
    """Return the name of words that are withheld from whoever reads the record."""
    return enclosure.name(enclosure.seal(text, salt=secrets.token_bytes(enclosure.SALT_BYTES)))


def fill(store: Store, count: int) -> Grown:
    """Put a record of at least `count` entries into an empty store, and return what made it."""
    made = Grown.furnished()
    tree = Frontier.of(())
    rest = len(made.begun)
    whole = rest + -(-(count - rest) // 5) * 5
    entries = islice(made.entries(), whole)
    while some := tuple(islice(entries, AT_ONCE)):
        tree, size = tree.extended(map(leaf_hash, some)), tree.size
        signed = made.house.log.sign(tree.size, tree.root())
        store.append(some, size=size, checkpoint=signed)
    return made
