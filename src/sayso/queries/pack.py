"""The overseer's pack: a period's numbers, its decisions, and the record that proves them.

    report.json           the numbers of the period (`queries.numbers`)
    decisions.json        every decision of the period, with its entry
    proofs/N.tlog-proof   that entry N, each of those decisions, is in the record
    tile/… trust.json checkpoint    the record itself (`queries.publication`)

It is made of the record as it was at a moment and of nothing else, so that whoever makes it again
from the same record gets the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sayso import wire
from sayso.casework import replay
from sayso.casework.events import Decision
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.queries.disclosure import OFFICE, Reader, view
from sayso.queries.moment import marked
from sayso.queries.numbers import numbers
from sayso.queries.publication import File, Publication
from sayso.queries.recall import recall
from sayso.queries.trustfile import TrustFile
from sayso.record import checkpoint
from sayso.store.contract import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """Which period is reported on, by the record of when (None: as it is), and for whom.

    `reader` is somebody inside the office. Of what is kept from them the numbers and the decisions
    tell nothing; the record that proves them is whole.
    """

    period: Period
    until: Instant | None = None
    reader: Reader = OFFICE


def pack(store: Store, known: TrustFile, asked: Asked) -> Iterator[File]:
    """Yield the files of the pack; `Unknown` if the record did not exist by then."""
    then, signed = _standing(store, known, asked.until)
    present = recall(store)
    state = view(marked(then, present), asked.reader, by=present)
    decisions = tuple(_decisions(state, asked.period))
    yield "report.json", _written(numbers(state, asked.period).value())
    yield "decisions.json", _written([said for _, said in decisions])
    made = Publication.of(store, known, signed)
    yield from made.files(before=None, proofs=[index for index, _ in decisions])


def _standing(store: Store, known: TrustFile, until: Instant | None) -> tuple[State, bytes]:
    """Return the state at the newest checkpoint whose entries were all recorded by `until`."""
    found: tuple[State, bytes] | None = None
    state, entries = State(), store.entries()
    for note in store.checkpoints():
        signed = checkpoint.open(note, origin=known.trust.origin, keys=known.policy.logs)
        added = [next(entries) for _ in range(signed.size - state.size)]
        state = replay.fold(added, start=state)
        if until is not None and state.at is not None and state.at > until:
            break
        found = state, note
    if found is None:
        raise Unknown(f"nothing was on the record at {until}")
    return found


def _decisions(state: State, period: Period) -> Iterator[tuple[int, wire.Value]]:
    said = [
        (on.stamp, each.dossier.id, on.said)
        for each in state.cases.values()
        for on in each.dossier.matters()
        if isinstance(on.said, Decision) and period.holds(on.stamp.at)
    ]
    for stamp, name, decision in sorted(said, key=lambda each: each[0].index):
        told: dict[str, wire.Value] = {
            "entry": stamp.index,
            "at": str(stamp.at),
            "case": name,
            "office": decision.office,
            "outcome": decision.outcome.value,
        }
        yield stamp.index, told


def _written(value: wire.Value) -> bytes:
    return wire.dump(value) + b"\n"
