"""A whole record to try things on: real keys, real signatures, a real store, and nothing between.

`House` opens the offices of the reference scenario and lets its people act. After each test that
acts, `House.verified` re-verifies the whole record.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from sayso.casework import possession, sealing
from sayso.casework.events import (
    Act,
    Agreement,
    Appointment,
    Article,
    Clock,
    Enrolment,
    Opening,
)
from sayso.casework.refusal import Refusal
from sayso.casework.replay import Trust
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.operations.desk import Desk
from sayso.operations.found import Charter, found
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.projection import written
from sayso.projection.ease import Ease
from sayso.projection.library import Library
from sayso.queries import verification
from sayso.queries.recall import Memory
from sayso.queries.report import Report
from sayso.queries.words import Words, names
from sayso.record import enclosure, entry
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from sayso.store.contract import Store
from sayso.store.memory import MemoryStore
from sayso.wire import Value

T = TypeVar("T")

LAG = 5
"""Projections are kept after every few entries, so that all that is tried is tried on them too."""

ORIGIN = "sayso.example/test"
SECRETARY = "secretary-of-defense"
OWNER = "under-secretary-policy"
ADVISERS = ("europe-desk", "joint-staff", "general-counsel")
LIAISON = "ukraine-liaison"
OTHERS = "poland-liaison"

TERRITORIES = {
    ("us", "Kursk"): ("RU",),
    ("us", "Belgorod"): ("RU",),
    ("us", "Dzhankoi"): ("UA",),
    ("ru", "Dzhankoi"): ("RU",),
}


def check_written(state: State) -> None:
    """Check that a state is written in pieces, or put aside, and read back from there, exactly."""
    made = written.encode(state)
    library = Library(lambda names: {name: made.added[name] for name in names}, State)
    assert written.decode(made.roots, library) == state
    assert library.sound
    assert Ease(1, 0).eased(state) == state


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the table."""

    facts: Value
    basis: Value


@dataclass(frozen=True, slots=True)
class Table:
    """An atlas of a few places, so that tests of casework need no map."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> Found:
        """Return the place, or raise `Unknown`."""
        touches = TERRITORIES.get((viewpoint, place))
        if touches is None:
            raise Unknown.named("place", place, {name for _, name in TERRITORIES})
        return Found(
            {"touches": list(touches), "certainly_in": list(touches)},
            {"table": "tests", "viewpoint": viewpoint, "within_m": within_m or 0},
        )


@dataclass(slots=True)
class House:
    """A record with its people; `now` is moved on by hand."""

    memory: Memory = field(default_factory=lambda: Memory(MemoryStore(), lag=LAG))
    log: Log = field(default_factory=lambda: Log.generate(ORIGIN, classical=True))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    papers: list[bytes] = field(default_factory=list)
    now: Instant = field(default_factory=lambda: Instant.parse("2025-06-01T09:00:00Z"))

    @classmethod
    def founded(cls, store: Store | None = None, *, clock: Clock = Clock.REHEARSAL) -> "House":
        """Return a record with a registrar, and nothing else."""
        house = cls() if store is None else cls(Memory(store, lag=LAG))
        charter = Charter("registrar", "us", clock)
        done = found(house.desk, charter, house.key("registrar"))
        assert isinstance(done, Receipt), done
        return house

    @classmethod
    def furnished(cls, store: Store | None = None) -> "House":
        """Return a record with the scenario's offices, people, article and agreement."""
        house = cls.founded(store)
        for rank, office in enumerate((SECRETARY, OWNER, *ADVISERS, LIAISON, OTHERS), start=1):
            filled_by = office if office == SECRETARY else "registrar"
            filled_by = SECRETARY if office == OWNER else filled_by
            partner = office.removesuffix("-liaison") if "liaison" in office else None
            house.do("registrar", Opening(office, office, rank, filled_by, 1, partner))
        for office in (SECRETARY, OWNER, *ADVISERS, LIAISON, OTHERS):
            house.do("registrar", house.enrolment(office))
            filler = SECRETARY if office == OWNER else "registrar"
            house.do(filler, Appointment(office, office, Period(house.now)))
        facts: dict[str, Value] = {"range_km": 305, "suppliers": ["US"]}
        house.do("registrar", Article("atacms", "ATACMS", facts))
        house.do("registrar", Agreement("aid", "Aid", "US", "ukraine", ("atacms",)))
        return house

    @property
    def desk(self) -> Desk:
        """Return a desk at the time it is."""
        return Desk(self.memory, self.log, Table(), self.now)

    @property
    def store(self) -> Store:
        """Return the store."""
        return self.memory.store

    @property
    def state(self) -> State:
        """Return what stands."""
        return self.memory.recall().state

    def worded(self, thing: T) -> T:
        """Return what a query has found, with the words it names."""
        return Words.of(names(thing), self.store, lambda: self.state).opened(thing)

    def key(self, person: str) -> SigningKey:
        """Return the person's key, made when first asked for."""
        return self.keys.setdefault(person, SigningKey.generate())

    def enrolment(self, person: str, key: SigningKey | None = None) -> Enrolment:
        """Return the enrolment of the person's key, or of another, with its proof."""
        return possession.enrolment(key or self.key(person), origin=self.log.name, person=person)

    def later(self, hours: int = 1) -> None:
        """Let time pass."""
        self.now += timedelta(hours=hours)

    def says(self, person: str, act: Act, *, key: SigningKey | None = None) -> Signed:
        """Return `act` as `person` says it, signed with their key or with another."""
        made = draft(self.desk, person, act)
        signature = entry.sign(key or self.key(person), made.kind, made.payload)
        named = sealing.papers(act)
        handed = (each for each in self.papers if enclosure.digest(each) in named)
        return Signed(made.kind, made.payload, signature, (*made.enclosures, *handed))

    def paper(self, content: bytes) -> str:
        """Return the digest of a paper, which goes with every act that names it."""
        self.papers.append(content)
        return enclosure.digest(content).hex()

    def tries(self, person: str, act: Act) -> Receipt | Refusal:
        """Return the answer to `person` doing `act`."""
        return perform(self.desk, self.says(person, act))

    def do(self, person: str, act: Act) -> Receipt:
        """Return the receipt of `person` doing `act`, which must not be refused."""
        answer = self.tries(person, act)
        assert isinstance(answer, Receipt), answer
        return answer

    @property
    def trust(self) -> Trust:
        """Return what whoever verifies this record must hold."""
        return Trust(ORIGIN, str(self.log.keys[0]), str(self.key("registrar").public))

    def report(self) -> Report:
        """Return what verifying the whole record finds."""
        return verification.verify_store(
            self.store, self.trust, atlas=Table(), progress=lambda _: None
        )

    def verified(self) -> State:
        """Return the state of the whole record, verified from its first entry on."""
        report = self.report()
        assert report.problem is None, report.problem
        assert report.state == self.state
        assert report.state is not None
        check_written(report.state)
        return report.state
