"""Law 14: every answer can be asked *as of* a moment and *as known at* another.

Over random small histories, and for each kind of thing: by its entry, or by its own dates. Who may
know is asked of nobody but the present.
"""

from collections.abc import Iterator
from dataclasses import fields
from random import Random

import pytest

from sayso.casework import circumstances, delegations, replay
from sayso.casework.events import (
    Adoption,
    Appointment,
    Article,
    Clearance,
    Compartment,
    Debriefing,
    Delegation,
    DelegationRevocation,
    Marking,
    Opening,
    Power,
    Release,
    Retraction,
)
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.queries import moment
from sayso.queries.disclosure import OFFICE, Circle, Reader
from sayso.queries.moment import Stood, When, as_of, marked, standing
from sayso.queries.recall import recall
from sayso.record import checkpoint
from sayso.store.memory import MemoryStore
from tests.casework.histories import KEPT, history, hours
from tests.casework.questions import answers
from tests.casework.test_circumstances import says, worded
from tests.casework.texts import GREEN_LIGHT, advises, asks, decides, governed, to_be_decided
from tests.house import ADVISERS, LIAISON, ORIGIN, OWNER, SECRETARY, House, Table

DATED = {"terms", "clearances", "claims", "retracted", "releases", "size"}
"""What of a state counts by its own dates, whenever it was recorded; and how many entries it is."""


def stood(house: House, at: Instant | None = None, known_at: Instant | None = None) -> Stood:
    """Return what stood as of one moment, as known at another."""
    present = recall(house.store)
    when, atlas = When(at, known_at), Table()
    return moment.stood(house.store, when, present=present, now=house.now, atlas=atlas)


def cut(house: House, at: Instant) -> MemoryStore:
    """Return the record as it would be if nothing had been recorded after `at`."""
    size = replay.fold(house.store.entries(), until=at).size
    store, entries = MemoryStore(), list(house.store.entries())
    for note in house.store.checkpoints(size):
        signed = checkpoint.open(note, origin=ORIGIN, keys=house.log.keys)
        store.append(entries[store.size() : signed.size], size=store.size(), checkpoint=note)
    assert store.size() == size
    return store


def pairs(house: House, seed: int, *, count: int = 12) -> Iterator[tuple[Instant, Instant]]:
    """Yield moments to ask as of, and as known at: between entries, and beyond both ends."""
    dice = Random(seed)
    began, end = _span(house)
    for _ in range(count):
        yield hours(began, dice.randint(-3, end)), hours(began, dice.randint(0, end))


def _span(house: House) -> tuple[Instant, int]:
    began = Instant.parse("2025-06-01T09:00:00Z")
    return began, (house.now.micros - began.micros) // 3_600_000_000 + 5


# --- random small histories ----------------------------------------------------------------------


@pytest.fixture(scope="module", params=range(6))
def past(request: pytest.FixtureRequest) -> House:
    """Return a house with a random history."""
    return history(request.param)


def test_as_known_then_is_what_the_record_cut_then_says(past: House) -> None:
    present = recall(past.store)
    for at, known_at in pairs(past, 1):
        found = as_of(past.store, at, until=known_at, atlas=Table())
        alone = as_of(cut(past, known_at), at, until=None, atlas=Table())
        assert marked(found, present) == marked(alone, present), (at, known_at)


def test_as_of_the_last_entry_or_later_is_now(past: House) -> None:
    last = past.state.at
    assert last is not None
    for later in (0, 1, 50):
        at = hours(last, later)
        assert as_of(past.store, at, until=None, atlas=Table()) == standing(
            past.store, at=at, atlas=Table()
        )
    assert stood(past).state == standing(past.store, at=past.now, atlas=Table())


def test_all_but_what_is_dated_is_what_the_entries_of_then_left(past: House) -> None:
    present = recall(past.store)
    for at, known_at in pairs(past, 2):
        then = replay.fold(past.store.entries(), until=min(at, known_at))
        when = When(at, known_at)
        found = moment.unmarked(past.store, when, present=present, now=past.now)
        names = {each.name for each in fields(State)}
        differing = {each for each in names if getattr(found, each) != getattr(then, each)}
        assert differing <= DATED


def test_every_question_has_an_answer_at_every_moment(past: House) -> None:
    """No reader is told of a thing of which another part of the answer knows nothing."""
    readers = (OFFICE, Reader.parse("partner:ukraine"), Reader.parse("public"))
    for at, known_at in pairs(past, 3):
        found = stood(past, at, known_at)
        for reader in readers:
            assert answers(past.store, found.state, reader, found.at)


# --- what comes into being by an entry -----------------------------------------------------------


def test_what_was_not_there_yet_is_not_listed(house: House) -> None:
    before = house.now
    house.later()
    house.do("registrar", Opening("desk", "Desk", 9, "registrar", 1))
    house.do("registrar", house.enrolment("new"))
    house.do("registrar", Article("drone", "Drone", {"range_km": 80}))
    then, now = stood(house, before).state, stood(house).state
    for name, thing in (("offices", "desk"), ("persons", "new"), ("articles", "drone")):
        assert thing in getattr(now, name)
        assert thing not in getattr(then, name)
    assert house.key("new").public.fingerprint not in then.keys
    assert not stood(house, hours(before, -1)).state.offices


def test_a_delegation_holds_until_it_is_revoked_and_before_it_was_recorded_never(
    house: House,
) -> None:
    before = house.now
    house.later()
    term = Period(hours(house.now, -9), hours(house.now, 99))
    said = Delegation("memo-7", OWNER, (Power.CONSOLIDATE,), term, "a memo", "joint-staff")
    house.do(OWNER, said)
    during = house.now
    house.later()
    house.do(OWNER, DelegationRevocation("memo-7", "back"))
    assert "memo-7" not in stood(house, before).state.delegations
    for at, over in ((during, False), (house.now, True)):
        state = stood(house, at).state
        ended = delegations.ended(state, state.delegations["memo-7"], at)
        assert (ended is not None) is over


# --- what is dated -------------------------------------------------------------------------------


def test_an_appointment_dated_back_counts_by_its_dates_from_when_it_is_known(house: House) -> None:
    house.do("registrar", Opening("desk", "Desk", 9, "registrar", 1))
    house.later()
    held = house.now
    house.later()
    house.do("registrar", Appointment("desk", "joint-staff", Period(held)))
    assert [each.person for each in stood(house, held).state.holders("desk", held)] == [
        "joint-staff"
    ]
    assert not stood(house, held, held).state.holders("desk", held)
    assert "desk" not in stood(house, hours(held, -2)).state.terms


def test_what_is_asserted_of_the_past_counts_there_and_not_before_there_were_words(
    house: House,
) -> None:
    house.do(OWNER, Adoption(GREEN_LIGHT))
    unworded = house.now
    house.later()
    worded(house)
    then = house.now
    house.later()
    entry = says(house, "europe-desk", True, holds=Period(hours(then, -9)))
    house.later()
    for at, known_at, known in ((then, None, True), (then, then, None), (unworded, None, None)):
        state = stood(house, at, known_at).state
        assert circumstances.standing(state, at).facts.get("talks_under_way") is known
    house.do("europe-desk", Retraction("europe-desk", entry, "misread"))
    assert not circumstances.standing(stood(house, then).state, then).facts


def test_what_was_released_is_known_from_when_it_was(house: House) -> None:
    governed(house)
    then = house.now
    house.later()
    whole = Release(OWNER, "public", "so it is", policy="long-range-fires@2", whole=True)
    house.do(OWNER, whole)
    public = Reader.parse("public")
    assert "long-range-fires@2" in stood(house, then).seen(public).policies
    assert "long-range-fires@2" not in stood(house, then, then).seen(public).policies


# --- time that goes on ---------------------------------------------------------------------------


def test_if_only_the_knowledge_is_named_it_is_the_record_as_it_was(house: House) -> None:
    case = to_be_decided(house)
    then = house.now
    house.later()
    house.do(SECRETARY, decides(house, case))
    found = stood(house, known_at=then)
    assert found.at == then
    assert type(found.state.case(case)).__name__ == "Deciding"
    assert stood(house, known_at=hours(house.now, 9)).at == house.now


def test_asking_about_now_or_what_is_to_come_reads_no_entry(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, last = recall(house.store), house.now
    monkeypatch.setattr(MemoryStore, "entries", lambda *_: pytest.fail("entries are read"))
    for when in (When(), When(last), When(hours(last, 9)), When(None, last), When(last, last)):
        found = moment.stood(house.store, when, present=present, now=last, atlas=Table())
        assert found.state == present


# --- who may know --------------------------------------------------------------------------------


@pytest.fixture
def kept(house: House) -> tuple[House, str, Instant]:
    """Return a record with a case that is kept, and a moment at which it was and was not."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    then = house.now
    house.later()
    house.do(OWNER, Marking(OWNER, KEPT, case="ukraine-1"))
    return house, "ukraine-1", then


def test_who_is_cleared_no_more_is_shown_nothing_of_when_they_were(
    kept: tuple[House, str, Instant],
) -> None:
    house, case, then = kept
    reader = Reader(Circle.OFFICE, person="joint-staff", at=house.now)
    assert case in stood(house, then).seen(reader).cases
    house.later()
    house.do(OWNER, Debriefing(OWNER, KEPT, "joint-staff", house.now))
    reader = Reader(Circle.OFFICE, person="joint-staff", at=house.now)
    for found in (stood(house, then), stood(house, then, then), stood(house, known_at=then)):
        assert case not in found.seen(reader).cases
        assert case in found.seen(Reader(Circle.OFFICE, person=OWNER, at=house.now)).cases


def test_who_speaks_for_a_partner_by_now_is_shown_nothing_of_before(
    kept: tuple[House, str, Instant],
) -> None:
    house, case, then = kept
    house.later()
    house.do(LIAISON, Opening("attache", "Attache", 9, LIAISON, 1, "ukraine"))
    house.do(LIAISON, Appointment("attache", "joint-staff", Period(house.now)))
    reader = Reader(Circle.OFFICE, person="joint-staff", at=house.now)
    assert case not in stood(house).seen(reader).cases
    assert case not in stood(house, then).seen(reader).cases
    assert case not in stood(house, then, then).seen(reader).cases


def test_a_case_that_is_kept_by_now_changes_no_answer_about_the_past(house: House) -> None:
    """Law 13, asked of a time when the case was known to everybody in the office."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    without = house.state
    case = to_be_decided(house, place="Belgorod")
    house.do(SECRETARY, decides(house, case))
    then = house.now
    open_then = stood(house, then).state
    house.later()
    house.do(OWNER, Marking(OWNER, KEPT, case=case))
    expected = answers(house.store, without, OFFICE, then)
    assert answers(house.store, open_then, OFFICE, then) != expected
    for found in (stood(house, then), stood(house, then, then), stood(house, house.now, then)):
        assert answers(house.store, found.state, OFFICE, then) == expected


def test_a_mark_on_a_later_entry_hides_nothing_that_is_foreseen(house: House) -> None:
    """What is due has the number of the entry that came next instead, which may be kept."""
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(LIAISON, asks())
    house.do(LIAISON, asks(uses=7))
    then = house.now
    house.later()
    entry = house.do(OWNER, Compartment(OWNER, KEPT, "Long shot")).index
    house.do(OWNER, Clearance(OWNER, KEPT, OWNER, Period(house.now)))
    for each in range(entry, entry + 3):
        house.do(OWNER, Marking(OWNER, KEPT, entry=each))
    late = hours(then, 24 * 365)
    whole = stood(house, late, then).state
    assert whole.cases != stood(house, then, then).state.cases
    assert stood(house, late, then).seen(OFFICE).cases == whole.cases


def test_what_is_kept_of_circumstances_is_kept_of_the_time_before_it_was_said(
    house: House,
) -> None:
    worded(house)
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    house.do(OWNER, Clearance(OWNER, KEPT, OWNER, Period(house.now)))
    then = house.now
    house.later()
    entry = says(house, "joint-staff", True, holds=Period(then))
    house.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    found = stood(house, then)
    assert circumstances.counting(found.state, "talks_under_way", then)
    assert not circumstances.counting(found.seen(OFFICE), "talks_under_way", then)


def test_what_is_said_of_a_case_is_told_up_to_then(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    for office in ADVISERS[:2]:
        house.do(office, advises("ukraine-1", office))
        house.later()
    found = stood(house, hours(house.now, -2)).seen(OFFICE).case("ukraine-1")
    assert [on.said.office for on in found.dossier.advice] == list(ADVISERS[:1])
