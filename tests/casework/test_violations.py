"""What was wrong: alleged, frozen, inquired into, remedied and closed."""

from typing import Any

import pytest

from sayso.casework.case import Granted, Suspended
from sayso.casework.events import (
    Allegation,
    Closure,
    Finding,
    Freeze,
    Reinstatement,
    Remedy,
)
from sayso.casework.refusal import Refusal
from sayso.errors import Unknown
from sayso.operations.perform import Receipt
from sayso.queries.disclosure import Reader, view
from sayso.queries.dossier import told
from tests.casework.texts import decides, refuses, to_be_decided
from tests.house import LIAISON, OTHERS, OWNER, SECRETARY, House

DOCKET = "violation-1"


def refused(answer: Receipt | Refusal) -> str:
    """Return the code of a refusal, which `answer` must be."""
    assert isinstance(answer, Refusal), answer
    return answer.code


def alleged(office: str = "joint-staff", **changed: Any) -> Allegation:
    """Return an allegation."""
    usual: dict[str, Any] = {
        "office": office,
        "partner": "ukraine",
        "text": "two were seen",
        "article": "atacms",
    }
    return Allegation(**{**usual, **changed})


def test_a_freeze_suspends_what_is_live_and_stops_further_grants(house: House) -> None:
    live = to_be_decided(house)
    house.do(SECRETARY, decides(house, live))
    waiting = to_be_decided(house)
    house.do("joint-staff", alleged(concerns=live))
    assert isinstance(house.state.case(live), Granted), "what is alleged stops nothing yet"
    house.do(SECRETARY, Freeze(DOCKET, SECRETARY, "until it is clear"))
    assert isinstance(house.state.case(live), Suspended)
    assert refused(house.tries(SECRETARY, decides(house, waiting))) == "frozen"
    back = Reinstatement(live, SECRETARY, "please")
    assert refused(house.tries(SECRETARY, back)) == "frozen"
    house.do(SECRETARY, refuses(house, waiting))
    house.do("europe-desk", Finding(DOCKET, "europe-desk", "one, by mistake"))
    house.do(OWNER, Remedy(DOCKET, OWNER, "crews are trained anew"))
    house.do(SECRETARY, Closure(DOCKET, SECRETARY, True, "remedied"))
    assert isinstance(house.state.case(live), Suspended), "it is for who decided to reinstate it"
    house.do(SECRETARY, back)
    again = to_be_decided(house)
    house.do(SECRETARY, decides(house, again))


def test_only_who_could_have_decided_freezes(house: House) -> None:
    to_be_decided(house)
    house.do("joint-staff", alleged())
    for office in (OWNER, "joint-staff", "europe-desk"):
        assert refused(house.tries(office, Freeze(DOCKET, office, "x"))) == "not-above"
    house.do(SECRETARY, Freeze(DOCKET, SECRETARY, "x"))
    assert refused(house.tries(SECRETARY, Freeze(DOCKET, SECRETARY, "x"))) == "frozen"


def test_a_partner_tells_of_itself_and_judges_nothing(house: House) -> None:
    other = alleged(OTHERS)
    assert refused(house.tries(OTHERS, other)) == "not-theirs"
    house.do(LIAISON, alleged(LIAISON))
    for act in (
        Freeze(DOCKET, LIAISON, "x"),
        Finding(DOCKET, LIAISON, "nothing"),
        Closure(DOCKET, LIAISON, False, "nothing"),
    ):
        assert refused(house.tries(LIAISON, act)) == "partners"


def test_a_docket_is_closed_by_who_opened_it_or_stands_above(house: House) -> None:
    house.do(SECRETARY, alleged(SECRETARY))
    low = Closure(DOCKET, "europe-desk", False, "no")
    assert refused(house.tries("europe-desk", low)) == "not-above"
    house.do(SECRETARY, Closure(DOCKET, SECRETARY, False, "no"))
    late = Remedy(DOCKET, SECRETARY, "late")
    assert refused(house.tries(SECRETARY, late)) == "closed"
    with pytest.raises(Unknown, match="violation-2"):
        house.tries(SECRETARY, Remedy("violation-2", SECRETARY, "x"))


def test_a_freeze_is_lifted_by_none_but_who_froze_or_stands_above(house: House) -> None:
    """Law 15: to let grants go on again is to decide."""
    waiting = to_be_decided(house)
    house.do("joint-staff", alleged())
    house.do(SECRETARY, Freeze(DOCKET, SECRETARY, "until it is clear"))
    for office in ("joint-staff", OWNER, "registrar"):
        lifted = Closure(DOCKET, office, False, "nothing was found")
        assert refused(house.tries(office, lifted)) == "not-above"
    assert refused(house.tries(SECRETARY, decides(house, waiting))) == "frozen"
    house.do(SECRETARY, Closure(DOCKET, SECRETARY, True, "remedied"))
    house.do(SECRETARY, decides(house, waiting))


@pytest.mark.parametrize("before", [(), (Freeze(DOCKET, SECRETARY, "until it is clear"),)])
def test_what_a_partner_tells_of_itself_is_closed_by_who_could_have_frozen_it(
    house: House, before: tuple[Freeze, ...]
) -> None:
    to_be_decided(house)
    house.do(LIAISON, alleged(LIAISON))
    for act in before:
        house.do(SECRETARY, act)
    for office in ("registrar", "joint-staff", OWNER):
        closed = Closure(DOCKET, office, False, "nothing")
        assert refused(house.tries(office, closed)) == "not-above"
    house.do(SECRETARY, Closure(DOCKET, SECRETARY, False, "nothing"))


def test_nothing_is_found_by_who_has_no_part_in_any_policy(house: House) -> None:
    """A registrar decides nothing, and inquires into nothing."""
    to_be_decided(house)
    house.do("joint-staff", alleged())
    for act in (Finding(DOCKET, "registrar", "nothing"), Remedy(DOCKET, "registrar", "none")):
        assert refused(house.tries("registrar", act)) == "no-part"
    house.do("general-counsel", Finding(DOCKET, "general-counsel", "one"))


def test_a_docket_concerns_a_case_of_its_own_partner_and_article(house: House) -> None:
    case = to_be_decided(house)
    wrong = alleged(partner="poland", concerns=case)
    assert refused(house.tries("joint-staff", wrong)) == "other-case"


def test_a_partner_is_told_that_it_is_suspended_and_of_no_docket(house: House) -> None:
    live = to_be_decided(house)
    house.do(SECRETARY, decides(house, live))
    house.do("joint-staff", alleged())
    house.do(SECRETARY, Freeze(DOCKET, SECRETARY, "until it is clear"))
    reader = Reader.parse("partner:ukraine")
    theirs = view(house.state, reader)
    assert not theirs.dockets
    shown = told(theirs.case(live), reader)
    seen = shown.value()
    assert shown.line.stage == "suspended"
    assert "until it is clear" not in str(seen)
    assert "violation" not in str(seen)
