"""A record to measure casework on: a house of four offices, a partner, one place, one policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from sayso.casework import possession
from sayso.casework.decisions import grounds
from sayso.casework.dossier import Dossier
from sayso.casework.events import (
    Act,
    Adoption,
    Advice,
    Agreement,
    Appointment,
    Article,
    Clock,
    Consolidation,
    Decision,
    Item,
    Judgement,
    Opening,
    Outcome,
    Request,
    UseReport,
)
from sayso.dates import Instant, Period
from sayso.operations.clerk import Clerk
from sayso.operations.desk import Desk
from sayso.operations.found import Charter, found
from sayso.operations.perform import Receipt, Signed, draft, perform
from sayso.queries.recall import Memory
from sayso.record import entry
from sayso.record.log import Log
from sayso.record.signature import SigningKey
from sayso.wire import Value

MINISTER, HEAD, DESK, PARTNER = "minister", "head", "desk", "liaison"
WINDOW = Period.parse("2025-06-01T00:00:00Z/2026-06-01T00:00:00Z")
POLICY = """
policy: uses
version: {version}
title: Uses over there
issuer: head
instrument: a memorandum
in_force: {{from: 2025-01-01T00:00:00Z}}
{supersedes}clauses:
  - {{id: there, when: 'place.touches("RU")', refer: review}}
  - {{id: else, when: '!place.touches("RU")', permit: true}}
routes:
  review:
    - {{advise: [{advises}]}}
    - {{consolidate: head}}
    - {{decide: minister}}
"""
FIRST = POLICY.format(version=1, supersedes="", advises="desk")
SECOND = POLICY.format(
    version=2, supersedes="supersedes: uses@1\n", advises="desk, second-desk"
).replace("issuer: head", "issuer: minister")


@dataclass(frozen=True, slots=True)
class There:
    """The only place there is."""

    facts: Value
    basis: Value


@dataclass(frozen=True, slots=True)
class Atlas:
    """What knows only that place, so that no map is measured."""

    def locate(self, place: str, *, within_m: int | None, viewpoint: str) -> There:
        """Return the place."""
        basis: Value = {"place": place, "viewpoint": viewpoint, "within_m": within_m or 0}
        facts: Value = {"touches": ["RU"], "certainly_in": ["RU"]}
        return There(facts, basis)


@dataclass(slots=True)
class House:
    """A record and its people; `own` is what they took to draw up and sign, in seconds."""

    memory: Memory
    log: Log = field(default_factory=lambda: Log.generate("bench.example/cases"))
    keys: dict[str, SigningKey] = field(default_factory=dict)
    now: Instant = field(default_factory=lambda: Instant.parse("2025-06-02T00:00:00Z"))
    clerk: Clerk | None = None
    own: float = 0.0

    @property
    def desk(self) -> Desk:
        """Return where acts are done."""
        return Desk(self.memory, self.log, Atlas(), self.now)

    def key(self, person: str) -> SigningKey:
        """Return a person's key."""
        if person not in self.keys:
            self.keys[person] = SigningKey.generate()
        return self.keys[person]

    def do(self, person: str, act: Act) -> Receipt:
        """Return what it became that `person` drew `act` up, signed it and did it."""
        signed = self.signed(person, act)
        if self.clerk is None:
            answer = perform(self.desk, signed)
        else:
            answer = self.clerk.perform(signed, self.now)
        assert isinstance(answer, Receipt), answer
        return answer

    def do_together(self, acts: Sequence[tuple[str, Act]]) -> list[Receipt]:
        """Return what it became that each drew their act up and signed it: all brought at once."""
        if self.clerk is None:
            return [self.do(*each) for each in acts]
        signed = [self.signed(*each) for each in acts]
        answers = list(self.clerk.perform_all(signed, self.now))
        assert all(isinstance(each, Receipt) for each in answers), answers
        return [each for each in answers if isinstance(each, Receipt)]

    def signed(self, person: str, act: Act) -> Signed:
        """Return `act` as `person` drew it up and signed it, which they would do elsewhere."""
        start = perf_counter()  # `process_time` takes as long as the work, on some machines
        if self.clerk is None:
            made = draft(self.desk, person, act)
        else:
            made = self.clerk.draft(person, act, self.now)
        signature = entry.sign(self.key(person), made.kind, made.payload)
        signed = Signed(made.kind, made.payload, signature, made.enclosures)
        self.own += perf_counter() - start
        return signed


def furnished(memory: Memory) -> House:
    """Return a record with its offices, their people, an article and a policy."""
    house = House(memory)
    founded = found(house.desk, Charter("clerk", "us", Clock.REHEARSAL), house.key("clerk"))
    assert isinstance(founded, Receipt)
    filled = {MINISTER: MINISTER, HEAD: MINISTER}
    for rank, office in enumerate((MINISTER, HEAD, DESK, "second-desk", PARTNER), start=1):
        theirs = "ukraine" if office == PARTNER else None
        by = filled.get(office, "registrar")
        house.do("clerk", Opening(office, office, rank, by, 1, theirs))
        proven = possession.enrolment(house.key(office), origin=house.log.name, person=office)
        house.do("clerk", proven)
        filler = MINISTER if office == HEAD else "clerk"
        house.do(filler, Appointment(office, office, Period(house.now)))
    house.do("clerk", Article("atacms", "ATACMS", {"range_km": 305, "suppliers": ["US"]}))
    house.do("clerk", Agreement("aid", "Aid", "US", "ukraine", ("atacms",)))
    house.do(HEAD, Adoption(FIRST))
    return house


def request() -> Request:
    """Return a request for one use."""
    item = Item("atacms", "over there", 1)
    return Request("ukraine", "aid", (item,), "military-logistics", WINDOW)


def abreast(house: House, count: int = 1) -> None:
    """Bring `count` cases from request to use report: five acts of four people in each.

    They keep pace: what is done in all of them next is brought together.
    """
    filed = house.do_together([(PARTNER, request())] * count)
    judged = [each for on in filed for each in on.follows if isinstance(each, Judgement)]
    names = [each.case for each in judged]
    advised = [(DESK, Advice(name, DESK, Outcome.GRANT, "fit", ())) for name in names]
    state = house.do_together(advised)[-1].state
    drawn = [(HEAD, _consolidation(state.case(name).dossier)) for name in names]
    state = house.do_together(drawn)[-1].state
    house.do_together([(MINISTER, _grant(state.case(name).dossier)) for name in names])
    house.do_together([(PARTNER, UseReport(name, 1, house.now)) for name in names])


def _consolidation(dossier: Dossier) -> Consolidation:
    cites = tuple(on.stamp.index for on in dossier.current_advice)
    return Consolidation(dossier.id, HEAD, Outcome.GRANT, "all in all", cites)


def _grant(dossier: Dossier) -> Decision:
    asked, verdict = grounds(dossier)
    return Decision(
        dossier.id, MINISTER, Outcome.GRANT, "", (), asked, verdict, uses=1, window=WINDOW
    )
