"""An article in which several suppliers have a part needs the consent of each, by its own rules."""

from dataclasses import replace

import pytest

from sayso.casework import case
from sayso.casework.events import (
    Act,
    Adoption,
    Agreement,
    Allegation,
    Appointment,
    Article,
    Closure,
    Finding,
    Freeze,
    Hold,
    Item,
    Opening,
    UseReport,
    Withdrawal,
)
from sayso.casework.refusal import Refusal
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.operations.perform import Receipt
from sayso.queries.coverage import Coverage, Use, coverage
from sayso.queries.disclosure import Reader, judging, view
from sayso.wire import Value
from tests.casework.texts import (
    GREEN_LIGHT,
    MECHANISM,
    advises,
    asks,
    consolidates,
    decides,
    refuses,
)
from tests.house import ADVISERS, LIAISON, OTHERS, OWNER, SECRETARY, House, Table

MINISTER = "defence-secretary-gb"
BRITISH = f"""
policy: storm-shadow
version: 1
title: British consent
issuer: {MINISTER}
instrument: a letter
in_force: {{from: 2025-01-01T00:00:00Z}}
clauses:
  - {{id: inside-russia, when: 'place.touches("RU")', refer: minister}}
  - {{id: elsewhere, when: '!place.touches("RU")', permit: true}}
routes:
  minister:
    - {{decide: {MINISTER}}}
"""
LATER = Instant.parse("2026-06-01T00:00:00Z")
USE = Use("ukraine", "joint", "storm-shadow", "Kursk", "military-logistics")


@pytest.fixture
def joint(house: House) -> House:
    """Return a record in which an article depends on a British and on an American supplier."""
    house.do("registrar", Opening(MINISTER, "Minister", 1, MINISTER, 1, supplier="GB"))
    house.do("registrar", house.enrolment(MINISTER))
    house.do("registrar", Appointment(MINISTER, MINISTER, Period(house.now)))
    facts: dict[str, Value] = {"range_km": 305, "suppliers": ["GB"], "dependency_suppliers": ["US"]}
    house.do("registrar", Article("storm-shadow", "Storm Shadow", facts))
    house.do("registrar", Agreement("joint", "Joint", "US", "ukraine", ("storm-shadow",)))
    house.do(OWNER, Adoption(GREEN_LIGHT))
    house.do(OWNER, Adoption(MECHANISM))
    house.do(MINISTER, Adoption(BRITISH))
    return house


def covered(house: House, reader: str = "office") -> Coverage:
    """Return whether the use at Kursk is covered."""
    who = Reader.parse(reader)
    known = judging(house.state, who)
    return coverage(known, USE, at=house.now, atlas=Table(), reader=who)


def american(house: House) -> None:
    """Let the case go to the Secretary, who grants it."""
    for office in ADVISERS:
        house.do(office, advises("ukraine-1", office))
    house.do(OWNER, consolidates(house, "ukraine-1"))
    house.do(SECRETARY, decides(house, "ukraine-1"))


def test_each_supplier_is_asked_by_its_own_policies(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    found = {name: each.dossier.verdict.said for name, each in joint.state.cases.items()}
    assert {name: verdict.decider for name, verdict in found.items()} == {
        "ukraine-1": SECRETARY,
        "ukraine-1@GB": MINISTER,
    }
    assert found["ukraine-1@GB"].because == ("storm-shadow@1/inside-russia",)
    assert found["ukraine-1"].because == ("long-range-fires@2/inside",)


def test_it_is_authorized_only_when_every_supplier_has_consented(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    assert not covered(joint).covered
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    assert not covered(joint).covered
    american(joint)
    answer = covered(joint)
    assert answer.covered
    assert [(each.supplier, each.case) for each in (answer, *answer.others)] == [
        (None, "ukraine-1"),
        ("GB", None),
    ]
    whole = covered(joint, "partner:ukraine")
    assert (whole.covered, whole.others[0].case) == (True, "ukraine-1@GB")


def test_one_use_is_reported_once_and_draws_down_every_suppliers_grant(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    american(joint)
    joint.do(LIAISON, UseReport("ukraine-1", 1, joint.now))
    stages = {name: case.name(each) for name, each in joint.state.cases.items()}
    assert stages == {"ukraine-1": "exhausted", "ukraine-1@GB": "exhausted"}
    twice = joint.tries(LIAISON, UseReport("ukraine-1@GB", 1, joint.now))
    assert isinstance(twice, Refusal)
    assert twice.code == "exhausted"


def test_the_refusal_of_one_supplier_is_not_made_good_by_another(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    american(joint)
    joint.do(MINISTER, refuses(joint, "ukraine-1@GB", office=MINISTER))
    assert not covered(joint).covered
    assert not covered(joint, "partner:ukraine").covered


def test_nobody_decides_for_another_supplier(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    for person, office in ((MINISTER, SECRETARY), (SECRETARY, MINISTER), (SECRETARY, SECRETARY)):
        theirs = decides(joint, "ukraine-1@GB", office=office)
        assert code(tried(joint, person, theirs)) in {"unknown", "not-appointed"}
    foreign = BRITISH.replace(f"decide: {MINISTER}", f"decide: {SECRETARY}")
    refusal = joint.tries(MINISTER, Adoption(foreign.replace("version: 1", "version: 2")))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "another-supplier"


def test_what_one_supplier_lays_down_does_nothing_to_the_consent_of_another(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    before = joint.state.cases["ukraine-1"]
    stricter = BRITISH.replace("refer: minister", "prohibit: true").replace(
        "version: 1", "version: 2\nsupersedes: storm-shadow@1"
    )
    joint.do(MINISTER, Adoption(stricter))
    assert joint.state.cases["ukraine-1"] == before
    assert case.name(joint.state.cases["ukraine-1@GB"]) == "prohibited"


def test_what_no_second_supplier_has_a_part_in_needs_no_second_consent(joint: House) -> None:
    joint.do(LIAISON, asks())
    assert tuple(joint.state.cases) == ("ukraine-1",)


def test_every_item_is_a_case_of_each_supplier(joint: House) -> None:
    items = tuple(Item("storm-shadow", place, 1) for place in ("Kursk", "Dzhankoi"))
    joint.do(LIAISON, replace(asks(agreement="joint", article="storm-shadow"), items=items))
    assert {name: case.name(each) for name, each in joint.state.cases.items()} == {
        "ukraine-1.1": "advising",
        "ukraine-1.1@GB": "deciding",
        "ukraine-1.2": "permitted",
        "ukraine-1.2@GB": "permitted",
    }
    joint.do(LIAISON, Withdrawal("ukraine-1", "not needed"))
    assert {name: case.name(each) for name, each in joint.state.cases.items()} == {
        "ukraine-1.1": "withdrawn",
        "ukraine-1.1@GB": "withdrawn",
        "ukraine-1.2": "permitted",
        "ukraine-1.2@GB": "permitted",
    }


QUIET = """
policy: quiet
version: 1
title: None of it inside Russia
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-01-01T00:00:00Z}
clauses:
  - {id: quiet, when: 'place.touches("RU")', prohibit: true}
"""


def tried(house: House, person: str, act: Act) -> Receipt | Refusal:
    """Return the answer to an act; one that names what is not known to its author is refused."""
    try:
        return house.tries(person, act)
    except Unknown as error:
        return Refusal("unknown", str(error))


def code(answer: object) -> str:
    """Return the code of a refusal, which it must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_no_supplier_supersedes_the_policy_of_another(joint: House) -> None:
    """Law 15: ranks order the offices of one supplier, and no minister outranks another's."""
    joint.do(OWNER, Adoption(QUIET))
    theirs = QUIET.replace("version: 1", "version: 2\nsupersedes: quiet@1")
    ended = Adoption(theirs.replace(OWNER, MINISTER).replace("prohibit: true", "permit: true"))
    assert code(tried(joint, MINISTER, ended)) == "unknown"
    over = BRITISH.replace("version: 1", "version: 2\nsupersedes: storm-shadow@1")
    american = Adoption(over.replace(MINISTER, SECRETARY))
    assert code(tried(joint, SECRETARY, american)) == "unknown"


def test_no_supplier_stops_the_consent_of_another(joint: House) -> None:
    elsewhere = Item("storm-shadow", "Dzhankoi", 1)
    asked = asks(agreement="joint", article="storm-shadow")
    joint.do(LIAISON, replace(asked, items=(elsewhere,)))
    ours, theirs = "ukraine-1", "ukraine-1@GB"
    for person, office, each in (
        (SECRETARY, SECRETARY, theirs),
        ("joint-staff", "joint-staff", theirs),
        (MINISTER, MINISTER, ours),
    ):
        held = Hold("pause", office, "talks are on", case=each)
        assert code(tried(joint, person, held)) == "unknown"
    joint.do(MINISTER, Hold("pause", MINISTER, "talks are on", case=theirs))


def test_a_blanket_hold_reaches_what_its_own_supplier_has_a_part_in(joint: House) -> None:
    joint.do(MINISTER, Hold("pause", MINISTER, "talks are on", partner="ukraine"))
    alone = Use("ukraine", "aid", "atacms", "Dzhankoi", "military-logistics")
    both = Use("ukraine", "joint", "storm-shadow", "Dzhankoi", "military-logistics")
    found = {
        use.article: coverage(joint.state, use, at=joint.now, atlas=Table())
        for use in (alone, both)
    }
    assert {name: each.covered for name, each in found.items()} == {
        "atacms": True,
        "storm-shadow": False,
    }
    assert not found["storm-shadow"].held, "it stops their consent, and not ours"
    reader = Reader.parse("partner:ukraine")
    seen = coverage(view(joint.state, reader), both, at=joint.now, atlas=Table(), reader=reader)
    assert seen.held
    seen = coverage(view(joint.state, reader), alone, at=joint.now, atlas=Table(), reader=reader)
    assert not seen.held


def test_a_blanket_hold_of_another_supplier_stops_no_use_that_ours_granted(joint: House) -> None:
    """What the decider may still grant the field may still use."""
    joint.do(LIAISON, asks())
    american(joint)
    joint.do(MINISTER, Hold("pause", MINISTER, "talks are on", partner="ukraine"))
    use = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")
    for who in ("office", "partner:ukraine"):
        reader = Reader.parse(who)
        seen = view(joint.state, reader)
        found = coverage(seen, use, at=joint.now, atlas=Table(), reader=reader)
        assert (found.covered, found.held) == (True, False)


def test_a_freeze_stops_the_grants_of_its_own_supplier_alone(joint: House) -> None:
    """Law 15: another supplier could not have decided our grants, and so stops none."""
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    american(joint)
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    joint.do(MINISTER, Allegation(MINISTER, "ukraine", "alleged"))
    assert code(tried(joint, SECRETARY, Freeze("violation-1", SECRETARY, "x"))) == "unknown"
    joint.do(MINISTER, Freeze("violation-1", MINISTER, "stop"))
    stages = {name: case.name(each) for name, each in joint.state.cases.items()}
    assert stages == {"ukraine-1": "granted", "ukraine-1@GB": "suspended"}
    joint.do(LIAISON, asks())
    for office in ADVISERS:
        joint.do(office, advises("ukraine-2", office))
    joint.do(OWNER, consolidates(joint, "ukraine-2"))
    joint.do(SECRETARY, decides(joint, "ukraine-2"))
    for act in (Finding("violation-1", OWNER, "x"), Closure("violation-1", OWNER, False, "x")):
        assert code(tried(joint, OWNER, act)) == "unknown"


def test_each_supplier_opens_a_docket_on_its_own_cases(joint: House) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    for office, concerns in ((MINISTER, "ukraine-1"), (SECRETARY, "ukraine-1@GB")):
        alleged = Allegation(office, "ukraine", "alleged", concerns=concerns)
        assert code(tried(joint, office, alleged)) == "unknown"
    joint.do(LIAISON, Allegation(LIAISON, "ukraine", "we erred", concerns="ukraine-1@GB"))
    joint.do(MINISTER, Freeze("violation-1", MINISTER, "stop"))
    joint.do(MINISTER, Closure("violation-1", MINISTER, True, "told at once"))


def test_a_partner_stops_nobodys_consent(house: House) -> None:
    """Nobody inside could let it go on: no office stands above a partner's."""
    held = Hold("pause", OTHERS, "not theirs", partner="ukraine")
    assert code(house.tries(OTHERS, held)) == "partners"


def test_what_one_supplier_granted_more_of_is_accounted_for_when_the_other_is_used_up(
    joint: House,
) -> None:
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow", uses=3))
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER, uses=1))
    american(joint)
    joint.do(LIAISON, UseReport("ukraine-1", 1, joint.now))
    more = UseReport("ukraine-1", 1, joint.now)
    assert code(joint.tries(LIAISON, more)) == "exhausted"
    joint.later(24 * 200)
    joint.do(LIAISON, UseReport("ukraine-1", 0))
    again = asks(agreement="joint", article="storm-shadow", window=Period(joint.now, LATER))
    joint.do(LIAISON, again)


def test_a_use_reported_on_a_consent_that_is_kept_is_shown_on_the_other(joint: House) -> None:
    """Law 13: it draws down both, and the one that is shown does not name the other."""
    joint.do(LIAISON, asks(agreement="joint", article="storm-shadow"))
    joint.do(MINISTER, decides(joint, "ukraine-1@GB", office=MINISTER))
    american(joint)
    joint.do(LIAISON, UseReport("ukraine-1", 1, joint.now))
    seen = view(joint.state, Reader.parse("supplier:GB")).case("ukraine-1@GB")
    (report,) = seen.dossier.since(UseReport)
    assert (report.said.case, report.said.uses) == ("ukraine-1@GB", 1)


def test_a_suppliers_offices_are_opened_beside_its_own_heads_alone(joint: House) -> None:
    ours = Opening("deputy-secretary", "Deputy", 1, SECRETARY, 1)
    theirs = Opening("first-minister", "First", 1, MINISTER, 1, supplier="GB")
    for person, act in ((MINISTER, ours), (SECRETARY, theirs)):
        assert code(joint.tries(person, act)) == "not-appointed"
    joint.do(SECRETARY, ours)
    joint.do(MINISTER, theirs)


def test_who_decides_for_a_supplier_is_appointed_by_none_of_another(joint: House) -> None:
    """Law 15: whoever fills the office could decide."""
    joint.do("registrar", Opening("under-minister", "Under", 2, SECRETARY, 1, supplier="GB"))
    filled = BRITISH.replace("policy: storm-shadow", "policy: second").replace(
        f"decide: {MINISTER}", "decide: under-minister"
    )
    assert code(joint.tries(MINISTER, Adoption(filled))) == "filled-from-below"
