"""Law 13 over every act: an act tells its author nothing that they may not know.

Two records that differ only in what is kept from somebody; whatever they say, of whichever kind and
naming whatever there is or is not, they are answered the same, to the byte.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from sayso.casework import judge
from sayso.casework.events import (
    KINDS,
    Acceptance,
    Act,
    Adoption,
    Advice,
    Agreement,
    Allegation,
    Answer,
    Appeal,
    Appointment,
    Article,
    Assertion,
    Breach,
    Calendar,
    Change,
    Clearance,
    Closure,
    Comment,
    Compartment,
    Confidence,
    Consolidation,
    Countersignature,
    Day,
    Debriefing,
    Delegation,
    DelegationRevocation,
    Delivery,
    EndUseCheck,
    Erasure,
    Finding,
    Founding,
    Freeze,
    Fulfilment,
    Hold,
    HoldRelease,
    Hours,
    Inventory,
    KeyRevocation,
    Loss,
    Marking,
    Objection,
    Opening,
    Outcome,
    Power,
    Query,
    Ratification,
    Reading,
    Reconsideration,
    Recusal,
    Reinstatement,
    Release,
    Relief,
    Remedy,
    Rescission,
    Retraction,
    Revocation,
    Settlement,
    Surrender,
    Suspension,
    Undertaking,
    UseReport,
    Variation,
    Vocabulary,
    Withdrawal,
)
from sayso.casework.outside import OF_A_PARTNER
from sayso.casework.state import State
from sayso.dates import Period
from sayso.errors import SaysoError
from sayso.record.entry import Entry
from tests.casework.bodies import MINISTER
from tests.casework.test_joint_consent import BRITISH
from tests.casework.texts import asks, decides, governed, to_be_decided
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

KEPT = "longshot"
CASES = ("ukraine-1", "ukraine-2", "ukraine-3")
POLICIES = ("long-range-fires@2", "far@1", "near@1")
HOLDS = ("hold-kept", "hold-none")
DOCKETS = ("violation-1", "violation-2")
ENTRIES = (0, 7, 30, 40, 44, 48, 52, 56)
DELEGATIONS = ("memo-kept", "memo-none")
WHY = "because"
DIGEST = "0" * 64
FAR = f"""
policy: far
version: 1
title: Far
issuer: {OWNER}
instrument: a cable
in_force: {{from: 2025-01-01T00:00:00Z}}
clauses:
  - {{id: far, when: 'article.range_km > 5000', prohibit: true}}
"""

Acts = Callable[[House, str], Iterator[Act]]


def in_cases(house: House, office: str) -> Iterator[Act]:
    """Yield all that can be said of a case, of each."""
    grounds = decides(house, "ukraine-1", office=office)
    for case in CASES:
        yield Advice(case, office, Outcome.GRANT, WHY, ())
        yield Consolidation(case, office, Outcome.GRANT, WHY, ())
        yield replace(grounds, case=case)
        yield Countersignature(case, office, DIGEST, True, WHY)
        yield Ratification(case, office, DIGEST, True, WHY)
        yield Query(case, office, WHY)
        yield Answer(case, 3, WHY)
        yield Comment(case, office, WHY)
        yield Objection(case, office, WHY)
        yield Hold("hold-new", office, WHY, case=case)
        yield Suspension(case, office, WHY)
        yield Revocation(case, office, WHY)
        yield Reinstatement(case, office, WHY)
        yield Variation(case, office, 1, Change.KEEP, WHY)
        yield Acceptance(case, office, 1)
        yield Breach(case, office, 1, WHY)
        yield Allegation(office, "ukraine", WHY, None, case)
        yield Release(office, "poland", WHY, case=case)
        yield Marking(office, KEPT, case=case)
        yield Recusal(case, office, WHY)
        yield Recusal(case, SECRETARY, WHY, office)


def by_partners(house: House, office: str) -> Iterator[Act]:
    """Yield all that partners say."""
    for case in CASES:
        yield Withdrawal(case, WHY)
        yield Undertaking(case, WHY)
        yield UseReport(case, 0)
        yield Fulfilment(case, 1, WHY)
        yield Reconsideration(case, 1, WHY)
        yield Surrender(case, WHY)
        yield Appeal(case, WHY)
        yield asks(replaces=case)
        yield asks(after=case)
        yield asks(partner="poland", replaces=case)
    yield Inventory("aid", "atacms", 1)
    yield Loss("aid", "atacms", 1, house.now, WHY)
    del office


def on_policies(house: House, office: str) -> Iterator[Act]:
    """Yield all that is said of policies, facts, dockets, holds and compartments."""
    for policy in POLICIES:
        yield Rescission(policy, office, WHY)
        yield Release(office, "poland", WHY, policy=policy)
        yield Marking(office, KEPT, policy=policy)
        yield Adoption(
            FAR.replace("far", "new").replace("version: 1", f"version: 1\nsupersedes: {policy}")
        )
    for hold in HOLDS:
        yield HoldRelease(hold, office, WHY)
    for docket in DOCKETS:
        yield Freeze(docket, office, WHY)
        yield Finding(docket, office, WHY)
        yield Remedy(docket, office, WHY)
        yield Closure(docket, office, True, WHY)
    for entry in ENTRIES:
        yield Retraction(office, entry, WHY)
    for name in DELEGATIONS:
        yield DelegationRevocation(name, WHY)
    yield Vocabulary(office, "circumstances:\n  new: {type: bool, description: new}\n", (office,))
    yield Assertion(office, "talks", True, WHY, Period(house.now), Confidence.LOW)
    yield Settlement(office, "talks", True, WHY, Period(house.now), ())
    yield Compartment(office, "another", "Another")
    yield Clearance(office, KEPT, office, Period(house.now))
    yield Debriefing(office, KEPT, SECRETARY, house.now)
    yield Erasure(office, (DIGEST,), WHY)


def on_the_house(house: House, office: str) -> Iterator[Act]:
    """Yield all that is said of persons, offices and things."""
    for person in (office, SECRETARY, "nobody"):
        yield house.enrolment(person, house.key("nobody"))
        yield KeyRevocation(person, house.key(person).public.fingerprint, WHY)
        yield Relief(SECRETARY, person, house.now, OWNER)
        yield Appointment(OWNER, person, Period(house.now))
        term = day(house)
        yield Delegation("memo-new", office, (Power.ADVISE,), term, WHY, person=person)
        yield Delegation(
            "memo-new", office, (Power.ADVISE,), term, WHY, person=person, under="memo-kept"
        )
    yield Opening("new", "New", 1, office, 1)
    yield Opening("new-liaison", "New", 9, office, 1, "poland")
    yield Article("new", "New", {"range_km": 1, "suppliers": ["US"]})
    yield Agreement("new", "New", "US", "poland", ("atacms",))
    yield Delivery("aid", "atacms", "third", 1)
    yield EndUseCheck("aid", "atacms", office, True, WHY)
    yield Calendar(office, "UTC", 0, (), (Hours(Day.MONDAY, 0, 60),))


def day(house: House) -> Period:
    """Return a day from now."""
    later = type(house.now)(house.now.micros + 86_400_000_000)
    return Period(house.now, later)


def readings(house: House, office: str) -> Iterator[Act]:
    """Yield readings of each case."""
    del house, office
    for case in CASES:
        yield Reading(case, (), WHY)
        yield Reading(case, (KEPT,), WHY)


ALL: tuple[Acts, ...] = (in_cases, by_partners, on_policies, on_the_house, readings)


def test_every_kind_of_act_is_tried(house: House) -> None:
    governed(house)
    house.do(LIAISON, asks())
    tried = {type(act) for acts in ALL for act in acts(house, OWNER)}
    assert tried == {each for each in KINDS.values() if issubclass(each, Act)} - {Founding}


# --- the authors, and what is kept from them -----------------------------------------------------

CLERK = "clerk"
"""Somebody inside who is cleared for nothing."""
BOTH = "both"
"""Who speaks for two partners."""
STRANGER = "stranger"
"""Who has no office."""


def peopled(house: House) -> House:
    """Return a record with an open case, a compartment, and all the authors."""
    governed(house)
    house.do(LIAISON, asks())
    house.do("registrar", Opening(CLERK, "Clerk", 9, OWNER, 2))
    house.do(LIAISON, Opening("second", "Second", 9, "registrar", 1, "ukraine"))
    house.do(OTHERS, Opening("third", "Third", 9, "registrar", 1, "poland"))
    house.do("registrar", Opening(MINISTER, "Minister", 1, MINISTER, 1, supplier="GB"))
    for person in (CLERK, BOTH, STRANGER, MINISTER):
        house.do("registrar", house.enrolment(person))
    house.do(OWNER, Appointment(CLERK, CLERK, Period(house.now)))
    for office, person in (("second", BOTH), ("third", BOTH), (MINISTER, MINISTER)):
        house.do("registrar", Appointment(office, person, Period(house.now)))
    words = "circumstances:\n  talks: {type: bool, description: talks}\n"
    house.do(OWNER, Vocabulary(OWNER, words, ("europe-desk", CLERK)))
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    return house


def added(house: House) -> None:
    """Let there be a case more, decided, held and alleged to be misused; and a policy."""
    case = to_be_decided(house, place="Belgorod")
    house.do(SECRETARY, decides(house, case))
    house.do(SECRETARY, Hold("hold-kept", SECRETARY, WHY, case=case))
    house.do("joint-staff", Allegation("joint-staff", "ukraine", WHY, "atacms", case))
    house.do(OWNER, Adoption(FAR))


def kept(house: House) -> None:
    """Let all of that be kept in the compartment."""
    added(house)
    house.do(OWNER, Marking(OWNER, KEPT, case="ukraine-2"))
    house.do(OWNER, Marking(OWNER, KEPT, policy="far@1"))


def british(house: House) -> None:
    """Let the British lay down a policy, and delegate."""
    house.do(
        MINISTER,
        Adoption(BRITISH.replace("defence-secretary-gb", MINISTER).replace("storm-shadow", "far")),
    )
    term = day(house)
    house.do(
        MINISTER,
        Delegation("memo-kept", MINISTER, (Power.DECIDE,), term, WHY, person="europe-desk"),
    )
    house.do(MINISTER, Hold("hold-kept", MINISTER, WHY, partner="ukraine"))
    house.do(MINISTER, Allegation(MINISTER, "ukraine", WHY))


def answered(house: House, state: State, person: str, act: Act) -> str:
    """Return in which words an act is answered on a state."""
    made = house.says(person, act)
    entry = Entry(made.kind, made.payload, (made.signature,), house.now)
    try:
        refusal = judge.judge(state, entry, Table())
    except SaysoError as error:
        return f"error {error}"
    return "done" if refusal is None else f"{refusal.code} {refusal}"


@pytest.mark.parametrize(
    ("more", "person", "office"),
    [
        (kept, CLERK, CLERK),
        (kept, "registrar", "registrar"),
        (kept, CLERK, SECRETARY),
        (kept, OTHERS, OTHERS),
        (kept, OTHERS, SECRETARY),
        (kept, STRANGER, "joint-staff"),
        (added, OTHERS, OTHERS),
        (added, OTHERS, "joint-staff"),
        (added, STRANGER, SECRETARY),
        (added, MINISTER, MINISTER),
        (added, MINISTER, SECRETARY),
        (british, SECRETARY, SECRETARY),
        (british, "joint-staff", "joint-staff"),
        (british, "registrar", "registrar"),
        (british, OTHERS, OTHERS),
        (british, LIAISON, LIAISON),
        (british, BOTH, "second"),
        (british, STRANGER, MINISTER),
    ],
)
def test_an_act_tells_its_author_nothing_that_is_kept_from_them(
    house: House, more: Callable[[House], None], person: str, office: str
) -> None:
    peopled(house)
    before = house.state
    more(house)
    after = house.state
    assert before != after
    for acts in ALL:
        for act in acts(house, office):
            one, other = (answered(house, each, person, act) for each in (before, after))
            assert one == other, act


@pytest.mark.parametrize(
    ("more", "person", "act"),
    [
        (kept, CLERK, Adoption(FAR.replace(OWNER, CLERK))),
        (british, SECRETARY, Hold("hold-kept", SECRETARY, WHY, partner="ukraine")),
    ],
)
def test_a_name_is_given_once_and_no_more_is_said_of_who_bears_it(
    house: House, more: Callable[[House], None], person: str, act: Act
) -> None:
    peopled(house)
    before = house.state
    more(house)
    assert answered(house, before, person, act) == "done"
    said = answered(house, house.state, person, act)
    assert said.startswith("kept something stands against it")


@pytest.mark.parametrize("person", [OTHERS, BOTH, STRANGER])
def test_what_is_for_nobody_outside_to_do_is_refused_in_one_way(house: House, person: str) -> None:
    peopled(house)
    added(house)
    said = {
        answered(house, house.state, person, act)
        for acts in (in_cases, on_policies, on_the_house, readings)
        for act in acts(house, SECRETARY)
        if not isinstance(act, OF_A_PARTNER | Opening)
    }
    assert len(said) == 1
    assert person in said.pop()


def test_a_delegate_who_is_not_cleared_keeps_a_case_from_being_marked(house: House) -> None:
    peopled(house)
    house.do(SECRETARY, Delegation("memo-1", SECRETARY, (Power.DECIDE,), day(house), WHY, STRANGER))
    act = Marking(OWNER, KEPT, case="ukraine-1")
    assert answered(house, house.state, OWNER, act).startswith("locked-out `stranger` acts on")
    house.do(OWNER, Clearance(OWNER, KEPT, STRANGER, Period(house.now)))
    house.do(OWNER, act)
