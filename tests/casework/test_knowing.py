"""Need to know: compartments, clearances, readings, releases; and law 13 over every query."""

from dataclasses import replace

import pytest

from sayso import wire
from sayso.casework.events import (
    Adoption,
    Advice,
    Clearance,
    Compartment,
    Condition,
    Debriefing,
    Marking,
    Outcome,
    Reading,
    Recusal,
    Release,
    Relief,
)
from sayso.casework.knowing import cleared
from sayso.casework.refusal import Refusal
from sayso.casework.state import State
from sayso.dates import Instant, Period
from sayso.errors import Unknown
from sayso.queries import dossier
from sayso.queries.coverage import Use, coverage
from sayso.queries.disclosure import Circle, Reader, judging, secrets, view
from tests.casework.signing import COUNTERSIGNED, URGENT, opened, under
from tests.casework.texts import GREEN_LIGHT, advises, asks, consolidates, decides, governed
from tests.house import ADVISERS, LIAISON, OWNER, SECRETARY, House, Table

KEPT = "longshot"
USE = Use("ukraine", "aid", "atacms", "Kursk", "military-logistics")


@pytest.fixture
def kept(house: House) -> House:
    """Return a record with a case and a compartment that the owner and the Secretary are in."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    return house


def refused(house: House, person: str, act: object) -> str:
    """Return the code with which the act is refused."""
    answer = house.tries(person, act)  # type: ignore[arg-type]  # acts only
    assert isinstance(answer, Refusal), answer
    return answer.code


def seen(state: State, reader: Reader) -> bytes:
    """Return, as bytes, the answer to every question that a reader can put to a state."""
    shown = view(state, reader)
    lines = [line.value() for line in dossier.lines(shown, reader)]
    told = [dossier.told(each, reader).value() for _, each in sorted(shown.cases.items())]
    asked = state if reader.circle is Circle.OFFICE else shown
    try:
        at = Instant.parse("2025-06-02T00:00:00Z")
        found = coverage(asked, USE, at=at, atlas=Table(), reader=reader)
        answer: object = found.withholding(secrets(state, reader).policies).value()
    except Unknown as error:
        answer = str(error)
    rest = [
        sorted(shown.policies),
        sorted(shown.articles),
        sorted(shown.agreements),
        sorted(shown.compartments),
        [wire.encode(on.said) for on in shown.releases],
        [[wire.encode(on.said) for on in said] for _, said in sorted(shown.claims.items())],
    ]
    return repr((lines, told, answer, rest)).encode()


def test_what_is_marked_is_shown_to_the_cleared_only(kept: House) -> None:
    entry = kept.do("joint-staff", advises("ukraine-1", "joint-staff")).index
    kept.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    office = view(kept.state, Reader(Circle.OFFICE)).case("ukraine-1")
    assert office.dossier.advice == ()
    cleared = Reader(Circle.OFFICE, person=SECRETARY, at=kept.now)
    assert len(view(kept.state, cleared).case("ukraine-1").dossier.advice) == 1
    stranger = Reader(Circle.OFFICE, person="europe-desk", at=kept.now)
    assert view(kept.state, stranger).case("ukraine-1").dossier.advice == ()


@pytest.mark.parametrize(
    "reader", ["office", "person", "partner:ukraine", "partner:poland", "public"]
)
def test_what_a_reader_may_not_know_does_not_change_one_byte(house: House, reader: str) -> None:
    """Law 13: with other words in what is kept, who may not know is shown the same."""
    governed(house)
    house.do(LIAISON, asks())
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    house.do(OWNER, Clearance(OWNER, KEPT, OWNER, Period(house.now)))
    entry = house.state.size
    said = Advice("ukraine-1", "joint-staff", Outcome.GRANT, "stocks allow it", ())
    house.do("joint-staff", said)
    house.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    asking = Reader.parse(reader) if reader != "person" else None
    who = asking or Reader(Circle.OFFICE, person="europe-desk", at=house.now)
    state = house.state
    case = state.cases["ukraine-1"]
    (on,) = case.dossier.advice
    others = [
        replace(said, outcome=Outcome.REFUSE, reasons="no"),
        replace(said, outcome=Outcome.GRANT_WITH_CONDITIONS, conditions=(Condition.plain("once"),)),
    ]
    for other in others:
        told = replace(case, dossier=replace(case.dossier, advice=(replace(on, said=other),)))
        assert seen(replace(state, cases=state.cases.set("ukraine-1", told)), who) == seen(
            state, who
        )
    cleared = Reader(Circle.OFFICE, person=OWNER, at=house.now)
    told = replace(case, dossier=replace(case.dossier, advice=(replace(on, said=others[0]),)))
    changed = replace(state, cases=state.cases.set("ukraine-1", told))
    assert seen(changed, cleared) != seen(state, cleared)  # the law is not kept by showing nothing


def test_a_policy_kept_in_a_compartment_still_binds_and_is_not_named(kept: House) -> None:
    kept.do(OWNER, Marking(OWNER, KEPT, policy="long-range-fires@2"))
    office = seen(kept.state, Reader(Circle.OFFICE))
    assert b"long-range-fires@2" not in office
    assert b"withheld" in office
    assert b"referred" in office
    assert b"long-range-fires@2" in seen(
        kept.state, Reader(Circle.OFFICE, person=SECRETARY, at=kept.now)
    )


ENDLESS = """
policy: endless
version: 1
title: Nothing without an end
issuer: under-secretary-policy
instrument: a memorandum
in_force: {from: 2025-01-01T00:00:00Z}
transition: {pending: keep, permits: keep}
clauses:
  - {id: endless, when: '!has(use.until)', prohibit: true}
"""


def test_a_grant_answers_to_a_policy_that_is_kept_from_who_asks(kept: House) -> None:
    """It bound when the grant was decided, and to be kept from a reader makes it no weaker."""
    kept.do(OWNER, Adoption(ENDLESS))
    kept.do(OWNER, Marking(OWNER, KEPT, policy="endless@1"))
    kept.do(LIAISON, asks())
    for office in ADVISERS:
        kept.do(office, advises("ukraine-2", office))
    kept.do(OWNER, consolidates(kept, "ukraine-2"))
    kept.do(SECRETARY, decides(kept, "ukraine-2"))
    told = []
    for person in (SECRETARY, "europe-desk"):
        reader = Reader(Circle.OFFICE, person=person, at=kept.now)
        state = judging(kept.state, reader)
        answer = coverage(state, USE, at=kept.now, atlas=Table(), reader=reader)
        told.append((answer.covered, answer.verdict.because))
    assert told == [(False, ("endless@1/endless",))] * 2
    shown = view(kept.state, Reader(Circle.OFFICE, person="europe-desk", at=kept.now))
    bound = shown.case("ukraine-2").dossier.verdict.said.policies
    assert [each.policy for each in bound] == ["long-range-fires@2"]


@pytest.mark.parametrize(
    ("stage", "office"), [(COUNTERSIGNED, "chief-counsel"), (URGENT, "duty-officer")]
)
def test_a_case_is_not_kept_from_who_signs_it_second_or_at_once(
    house: House, stage: str, office: str
) -> None:
    opened(house, office, "carol")
    case = under(house, stage)
    house.do(OWNER, Compartment(OWNER, KEPT, "Long shot"))
    for person in (OWNER, SECRETARY, *ADVISERS):
        house.do(OWNER, Clearance(OWNER, KEPT, person, Period(house.now)))
    assert refused(house, OWNER, Marking(OWNER, KEPT, case=case)) == "locked-out"
    house.do(OWNER, Clearance(OWNER, KEPT, "carol", Period(house.now)))
    house.do(OWNER, Marking(OWNER, KEPT, case=case))


def test_who_goes_over_to_a_partner_marks_nothing_any_more(kept: House) -> None:
    entry = kept.do("joint-staff", advises("ukraine-1", "joint-staff")).index
    kept.later()
    kept.do("registrar", Relief("poland-liaison", "poland-liaison", kept.now, SECRETARY))
    assert refused(kept, SECRETARY, Marking(SECRETARY, KEPT, entry=entry)) == "not-cleared"


def test_the_clearance_of_who_goes_over_to_a_partner_can_still_be_ended(kept: House) -> None:
    """Else it would count again as soon as they come back."""
    kept.later()
    kept.do("registrar", Relief("poland-liaison", "poland-liaison", kept.now, SECRETARY))
    kept.do(OWNER, Debriefing(OWNER, KEPT, SECRETARY, kept.now))
    kept.later()
    kept.do("registrar", Relief("poland-liaison", SECRETARY, kept.now, "poland-liaison"))
    assert not cleared(kept.state, KEPT, SECRETARY, kept.now)


def test_a_case_is_not_kept_from_who_must_act_on_it(kept: House) -> None:
    assert refused(kept, OWNER, Marking(OWNER, KEPT, case="ukraine-1")) == "locked-out"
    for person in ADVISERS:
        kept.do(OWNER, Clearance(OWNER, KEPT, person, Period(kept.now)))
    kept.do(OWNER, Marking(OWNER, KEPT, case="ukraine-1"))
    with pytest.raises(Unknown):
        view(kept.state, Reader(Circle.OFFICE)).case("ukraine-1")
    assert "ukraine-1" in view(kept.state, Reader(Circle.PARTNER, "ukraine")).cases


def test_only_who_is_cleared_marks_and_reads_and_the_reading_is_on_the_record(kept: House) -> None:
    assert refused(kept, "joint-staff", Marking("joint-staff", KEPT, entry=3)) == "not-cleared"
    entry = kept.do("joint-staff", advises("ukraine-1", "joint-staff")).index
    kept.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    wanted = Reading("ukraine-1", (KEPT,), "to decide it")
    assert refused(kept, "europe-desk", wanted) == "other-compartments"
    assert refused(kept, SECRETARY, Reading("ukraine-1", (), "x")) == "other-compartments"
    done = kept.do(SECRETARY, wanted)
    assert done.entry.kind == "reading"
    kept.do(OWNER, Debriefing(OWNER, KEPT, SECRETARY, kept.now))
    assert refused(kept, SECRETARY, wanted) == "other-compartments"


def test_whoever_is_recused_or_goes_over_to_a_partner_reads_no_more(kept: House) -> None:
    entry = kept.do("joint-staff", advises("ukraine-1", "joint-staff")).index
    kept.do(OWNER, Marking(OWNER, KEPT, entry=entry))
    wanted = Reading("ukraine-1", (KEPT,), "to decide it")
    kept.later()
    kept.do("registrar", Relief("poland-liaison", "poland-liaison", kept.now, SECRETARY))
    assert refused(kept, SECRETARY, wanted) == "other-compartments"
    kept.do(OWNER, Recusal("ukraine-1", OWNER, "a brother there"))
    assert refused(kept, OWNER, wanted) == "recused"


def test_only_the_office_that_answers_for_a_compartment_clears_for_it(kept: House) -> None:
    own = Clearance("joint-staff", KEPT, "joint-staff", Period(kept.now))
    assert refused(kept, "joint-staff", own) == "another's"
    kept.do(SECRETARY, Clearance(SECRETARY, KEPT, "joint-staff", Period(kept.now)))
    outside = Clearance(OWNER, KEPT, LIAISON, Period(kept.now))
    assert refused(kept, OWNER, outside) == "partners"


def test_nothing_goes_out_unless_the_office_that_answers_for_it_releases_it(kept: House) -> None:
    public = Reader(Circle.PUBLIC)
    assert "long-range-fires@2" not in view(kept.state, public).policies
    said = Release("joint-staff", "public", "There is a mechanism.", policy="long-range-fires@2")
    assert refused(kept, "joint-staff", said) == "another's"
    kept.do(OWNER, replace(said, office=OWNER))
    assert "long-range-fires@2" not in view(kept.state, public).policies
    kept.do(OWNER, replace(said, office=OWNER, whole=True))
    assert "long-range-fires@2" in view(kept.state, public).policies
    assert [on.said.text for on in view(kept.state, public).releases] == [said.text] * 2
    to_poland = Release(SECRETARY, "poland", "Refused.", case="ukraine-1")
    with pytest.raises(Unknown, match="ukraine"):
        kept.tries(SECRETARY, to_poland)  # who has no agreement here is no partner


def test_a_green_light_kept_secret_does_not_show_in_the_public_answer(house: House) -> None:
    secret = GREEN_LIGHT.replace("releasable_to: [public]", "releasable_to: []")
    before = seen(house.state, Reader(Circle.PUBLIC))
    house.do(OWNER, Adoption(secret))
    assert seen(house.state, Reader(Circle.PUBLIC)) == before
