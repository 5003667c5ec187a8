"""Who is taken out of a case, and who takes them out."""

import pytest

from sayso.casework import authority
from sayso.casework.events import (
    Appointment,
    DelegationRevocation,
    Recusal,
)
from sayso.dates import Period
from sayso.errors import MalformedEntry
from tests.casework.deputies import MONTHS, enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    decides,
    to_be_decided,
)
from tests.house import OWNER, SECRETARY, House


def test_a_recused_person_has_no_further_part(house: House) -> None:
    case = to_be_decided(house)
    house.do(SECRETARY, Recusal(case, SECRETARY, "a brother serves there"))
    assert refused(house.tries(SECRETARY, decides(house, case))) == "recused"
    again = house.tries(SECRETARY, Recusal(case, SECRETARY, "twice"))
    assert refused(again) == "recused"
    (deciding,) = authority.who(house.state, case, house.now)
    assert not deciding.able
    assert "recused" in deciding.unable[0].words
    with pytest.raises(MalformedEntry, match="reason"):
        Recusal(case, SECRETARY, " ")


def test_a_recused_person_does_not_choose_who_decides_instead(house: House) -> None:
    enrols(house, "early", "crony", "pawn")
    house.do(OWNER, grants("before", "early"))
    case = owner_decides(house)
    house.do(OWNER, grants("meanwhile", "pawn", onward=True))
    house.do(OWNER, Recusal(case, OWNER, "shares in the maker"))
    house.do(OWNER, grants("after", "crony"))
    house.do("pawn", grants("onward", "crony", under="meanwhile"))
    for person in ("crony", "pawn"):
        assert refused(house.tries(person, owners(house, case))) == "beyond-delegation"
    house.do("early", owners(house, case))


def test_recusal_follows_the_person_into_every_capacity(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    assert refused(house.tries("deputy", Recusal(case, "deputy", "not yet"))) == "no-part"
    house.do(OWNER, grants())
    house.do("deputy", Recusal(case, "deputy", "a friend asks"))
    assert refused(house.tries("deputy", owners(house, case))) == "recused"
    house.do(SECRETARY, Appointment(OWNER, "deputy", MONTHS, acting=True))
    assert refused(house.tries("deputy", owners(house, case))) == "recused"


def test_only_who_stands_above_demands_a_recusal(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    for rival in ("joint-staff", "registrar", OWNER):
        unseat = Recusal(case, SECRETARY, "in my way", rival)
        assert refused(house.tries(rival, unseat)) == "no-office"
    assert refused(house.tries("registrar", Recusal(case, OWNER, "out"))) == "no-office"
    nobody = Recusal(case, "deputy", "holds nothing", SECRETARY)
    assert refused(house.tries(SECRETARY, nobody)) == "no-office"
    house.do(OWNER, grants())
    peer = Recusal(case, "deputy", "in my way", "joint-staff")
    assert refused(house.tries("joint-staff", peer)) == "no-office"
    house.do(OWNER, Recusal(case, "deputy", "a conflict", OWNER))
    house.do(SECRETARY, Recusal(case, OWNER, "a conflict", SECRETARY))
    assert house.state.case(case).dossier.recused == {"deputy", OWNER}


def test_what_was_delegated_once_and_is_over_shields_nobody_from_a_recusal(house: House) -> None:
    """A delegation of the Secretary's that has ended gives its delegate no higher standing."""
    case = owner_decides(house)
    enrols(house, "deputy")
    house.do(SECRETARY, grants("memo-0", office=SECRETARY))
    house.do(OWNER, grants())
    demanded = Recusal(case, "deputy", "a conflict", OWNER)
    assert refused(house.tries(OWNER, demanded)) == "no-office"
    house.do(SECRETARY, DelegationRevocation("memo-0", "no longer needed"))
    house.do(OWNER, demanded)


def test_what_is_delegated_from_tomorrow_counts_today(house: House) -> None:
    case = owner_decides(house)
    enrols(house, "deputy")
    later = Period.parse("2025-06-05T00:00:00Z/2025-09-01T00:00:00Z")
    house.do(SECRETARY, grants("memo-0", office=SECRETARY, term=later))
    house.do(OWNER, grants())
    demanded = Recusal(case, "deputy", "a conflict", OWNER)
    assert refused(house.tries(OWNER, demanded)) == "no-office"
