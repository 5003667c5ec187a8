"""A case that is kept comes before somebody who is not cleared: by a new route, or by a new holder.

Nobody uncleared sees it or acts in it; and those who may know of it are told what it waits for.
"""

from collections.abc import Callable

import pytest

from sayso.casework.events import (
    Act,
    Adoption,
    Appointment,
    Clearance,
    Comment,
    Compartment,
    Debriefing,
    Hold,
    Marking,
    Opening,
    Query,
    Reading,
    Recusal,
    Relief,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Period
from sayso.errors import Unknown
from sayso.operations.perform import Receipt
from sayso.queries import inbox, pace, wanted
from sayso.queries.disclosure import OFFICE, Circle, Reader, view
from sayso.queries.inbox import Why
from sayso.queries.mandates import mandates
from sayso.queries.wanted import Wanted
from tests.casework.deputies import MONTHS, enrols
from tests.casework.questions import answers
from tests.casework.texts import MECHANISM, advises, asks, governed
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House

KEPT, CASE = "longshot", "ukraine-1"
REROUTED = (
    MECHANISM.replace("version: 2", "version: 3")
    .replace("supersedes: long-range-fires@1", "supersedes: long-range-fires@2")
    .replace("issuer: under-secretary-policy", "issuer: secretary-of-defense")
    .replace("[europe-desk, joint-staff, general-counsel]", "[annex]")
)


@pytest.fixture
def kept(house: House) -> House:
    """Return a record with a case that waits for three offices, and is kept in a compartment."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    house.do(OWNER, Marking(OWNER, KEPT, case=CASE))
    enrols(house, "newcomer")
    house.later()
    return house


def appointed(house: House) -> str:
    """Put somebody who is not cleared into the place of an adviser."""
    house.do("registrar", Relief("joint-staff", "joint-staff", house.now, "newcomer"))
    return "joint-staff"


def rerouted(house: House) -> str:
    """Send the case to another office, whose holder is not cleared."""
    house.do("registrar", Opening("annex", "Annex", 3, "registrar", 1))
    house.do("registrar", Appointment("annex", "newcomer", Period(house.now)))
    house.do(SECRETARY, Adoption(REROUTED))
    return "annex"


def acting(house: House) -> str:
    """Put a substitute who is not cleared beside nobody: the holder leaves."""
    house.do("registrar", Appointment("europe-desk", "newcomer", MONTHS, acting=True))
    house.do("registrar", Relief("europe-desk", "europe-desk", house.now))
    return "europe-desk"


COMES = pytest.mark.parametrize("comes", [appointed, rerouted, acting])
Comes = Callable[[House], str]


def attempt(house: House, act: Act) -> str:
    """Return in which words the newcomer is refused."""
    try:
        answer = house.tries("newcomer", act)
    except Unknown as error:
        return str(error)
    assert isinstance(answer, Refusal), answer
    return answer.words


@COMES
def test_who_is_not_cleared_neither_sees_the_case_nor_does_anything_in_it(
    kept: House, comes: Comes
) -> None:
    office = comes(kept)
    reader = Reader(Circle.OFFICE, person="newcomer", at=kept.now)
    asked = answers(kept.store, kept.state, reader, kept.now)
    named = [name for name, said in asked.items() if CASE.encode() in said]
    assert not named
    acts: tuple[Act, ...] = (
        advises(CASE, office),
        Query(CASE, office, "which unit?"),
        Comment(CASE, office, "hm"),
        Hold("stop", office, "hm", case=CASE),
        Recusal(CASE, "newcomer", "hm"),
        Reading(CASE, (KEPT,), "to advise"),
    )
    for act in acts:
        assert "no case is named" in attempt(kept, act), act


@COMES
def test_those_who_know_the_case_are_told_that_it_waits_for_who_may_not_see_it(
    kept: House, comes: Comes
) -> None:
    office = comes(kept)
    for person in (OWNER, SECRETARY):
        seen = view(kept.state, Reader(Circle.OFFICE, person=person, at=kept.now))
        (found,) = (each for each in wanted.who(seen, CASE, kept.now) if each.office == office)
        assert (found.able, [each.code for each in found.unable]) == ((), ["not-cleared"])
        assert KEPT in found.unable[0].words
        tasks = [e for e in inbox.inbox(seen, person, kept.now) if e.why is Why.UNSEEN]
        assert [each.case for each in tasks] == [CASE]
        assert office in str(tasks[0].about)
        turns = pace.awaited(seen, seen.case(CASE), kept.now)
        (turn,) = (each for each in turns if each.office == office)
        assert (turn.able, turn.why_not) == ((), (found.unable[0].words,))
        dossier = seen.case(CASE).dossier
        (chain,) = mandates(seen, "newcomer", kept.now, dossier=dossier)
        assert chain.why_not == found.unable[0].words


@COMES
def test_once_they_are_cleared_they_go_on(kept: House, comes: Comes) -> None:
    office = comes(kept)
    kept.do(OWNER, Clearance(OWNER, KEPT, "newcomer", Period(kept.now)))
    assert all(each.why is not Why.UNSEEN for each in lying(kept, OWNER))
    assert isinstance(kept.tries("newcomer", advises(CASE, office)), Receipt)


def lying(house: House, office: str) -> tuple[inbox.Task, ...]:
    """Return what lies before an office, as its holder is told."""
    seen = view(house.state, Reader(Circle.OFFICE, person=office, at=house.now))
    return inbox.inbox(seen, office, house.now)


def who(house: House, office: str) -> Wanted:
    """Return who may act for an office in the case, as the policy's owner is told."""
    seen = view(house.state, Reader(Circle.OFFICE, person=OWNER, at=house.now))
    return next(each for each in wanted.who(seen, CASE, house.now) if each.office == office)


def test_nobody_else_in_the_office_is_told_of_it(kept: House) -> None:
    appointed(kept)
    seen = view(kept.state, OFFICE)
    for office in (OWNER, SECRETARY, "joint-staff"):
        assert inbox.inbox(seen, office, kept.now) == ()
    assert inbox.inbox(view(kept.state, Reader(Circle.OFFICE)), OWNER, kept.now) == ()


def test_a_clearance_that_ends_is_told_as_well(kept: House) -> None:
    kept.do(OWNER, Debriefing(OWNER, KEPT, "joint-staff", kept.now))
    assert [each.why for each in lying(kept, OWNER)] == [Why.UNSEEN]


def test_who_is_not_cleared_is_told_apart_beside_who_is(kept: House) -> None:
    enrols(kept, "deputy")
    kept.do(OWNER, Clearance(OWNER, KEPT, "deputy", Period(kept.now)))
    appointed(kept)
    found = who(kept, "joint-staff")
    assert (found.able, found.is_unseen) == ((), True)
    kept.do("registrar", Appointment("joint-staff", "deputy", MONTHS, acting=True))
    found = who(kept, "joint-staff")
    assert ([each.person for each in found.able], found.is_unseen) == (["deputy"], False)
    assert [each.code for each in found.unable] == ["not-cleared"]
    assert all(each.why is not Why.UNSEEN for each in lying(kept, OWNER))
