"""Who may do the next thing: holders, those who act in their place, and nobody."""

import pytest

from sayso.casework import authority
from sayso.casework.events import (
    Appointment,
    Opening,
    Outcome,
    Power,
    Relief,
    Scope,
)
from sayso.dates import Instant, Period
from sayso.errors import MalformedEntry
from tests.casework.deputies import MONTHS, enrols, grants, owner_decides, owners, refused
from tests.casework.texts import (
    WINDOW,
    decides,
    to_be_decided,
)
from tests.house import OWNER, SECRETARY, House


def test_a_reserved_power_is_not_delegated_through_acting(house: House) -> None:
    """The Secretary fills that office: whom the Secretary lets act in it would hold all of it."""
    enrols(house, "crony")
    case = to_be_decided(house)
    acting = Appointment(SECRETARY, "crony", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, acting)) == "own-substitute"
    assert refused(house.tries("registrar", acting)) == "not-appointed"
    assert refused(house.tries("crony", decides(house, case))) == "no-part"


def test_who_fills_an_office_names_who_acts_in_it_beside_its_holder(house: House) -> None:
    enrols(house, "substitute", "another")
    case = owner_decides(house)
    acting = Appointment(OWNER, "substitute", MONTHS, acting=True)
    assert refused(house.tries(OWNER, acting)) == "not-appointed"
    assert refused(house.tries(SECRETARY, Appointment(OWNER, "another", MONTHS))) == "no-seat"
    house.do(SECRETARY, acting)
    second = Appointment(OWNER, "another", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, second)) == "no-seat"
    house.do("substitute", owners(house, case))
    with pytest.raises(MalformedEntry, match="for a time"):
        Appointment(OWNER, "substitute", Period(house.now), acting=True)


def test_who_holds_an_office_and_the_one_that_fills_it_names_no_substitute(house: House) -> None:
    enrols(house, "crony")
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now, SECRETARY))
    acting = Appointment(OWNER, "crony", MONTHS, acting=True)
    assert refused(house.tries(SECRETARY, acting)) == "own-substitute"


def test_who_may_do_the_next_thing_and_by_which_chain(house: House) -> None:
    enrols(house, "deputy", "elsewhere")
    house.do(OWNER, grants())
    house.do(OWNER, grants("memo-2", "elsewhere", scope=Scope(partners=("poland",))))
    case = owner_decides(house)
    (deciding,) = authority.who(house.state, case, house.now)
    assert (deciding.office, deciding.power) == (OWNER, Power.DECIDE)
    assert [(each.person, each.chain) for each in deciding.able] == [
        (OWNER, ()),
        ("deputy", ("memo-1",)),
    ]
    assert "`ukraine`" in deciding.unable[0].words
    for each in deciding.able:
        assert (
            authority.may(house.state, owners(house, case), person=each.person, at=house.now)
            == each
        )


def test_nobody_can_go_on_where_the_office_is_vacant(house: House) -> None:
    case = owner_decides(house)
    house.later()
    house.do(SECRETARY, Relief(OWNER, OWNER, house.now))
    (deciding,) = authority.who(house.state, case, house.now)
    assert (deciding.able, deciding.unable) == ((), ())


def test_a_closed_case_waits_for_nobody(house: House) -> None:
    case = owner_decides(house)
    house.do(
        OWNER, owners(house, case, outcome=Outcome.REFUSE, reasons="no", uses=None, window=None)
    )
    assert authority.who(house.state, case, house.now) == ()
    assert WINDOW.holds(house.now)
    house.do("registrar", Opening("annex", "Annex", 9, "registrar", 1))


def self_filled(house: House) -> None:
    """Open a board that fills itself, held until the end of June."""
    enrols(house, "ann", "bob")
    house.do("registrar", Opening("board", "Board", 2, "board", 1))
    june = Period(house.now, Instant.parse("2025-07-01T00:00:00Z"))
    house.do(SECRETARY, Appointment("board", "ann", june))


def test_an_office_that_fills_itself_and_has_lapsed_is_filled_from_above(house: House) -> None:
    """Law 15: by whoever outranks it and could decide in its place; by no registrar."""
    self_filled(house)
    again = Appointment("board", "bob", Period(Instant.parse("2025-07-01T00:00:00Z")))
    assert refused(house.tries(SECRETARY, again)) == "not-appointed"
    house.later(24 * 40)
    for other in ("registrar", "ann", OWNER):
        assert refused(house.tries(other, again)) in {"not-appointed", "no-part"}
    house.do(SECRETARY, again)
    assert [term.person for term in house.state.holders("board", house.now)] == ["bob"]


def test_an_office_with_a_term_to_come_is_not_filled_from_above(house: House) -> None:
    self_filled(house)
    august = Period(Instant.parse("2025-08-01T00:00:00Z"))
    house.do("ann", Appointment("board", "bob", august))
    house.later(24 * 40)
    meanwhile = Period(house.now, august.start)
    answer = house.tries(SECRETARY, Appointment("board", SECRETARY, meanwhile))
    assert refused(answer) == "not-appointed"


def test_the_highest_office_that_fills_itself_is_held_without_an_end(house: House) -> None:
    """Nobody outranks it: once it had lapsed, nobody could ever fill it again."""
    enrols(house, "ann", "bob")
    house.do("registrar", Opening("council", "Council", 1, "council", 2))
    june = Period(house.now, Instant.parse("2025-07-01T00:00:00Z"))
    answer = house.tries("registrar", Appointment("council", "ann", june))
    assert refused(answer) == "left-vacant"
    house.do("registrar", Appointment("council", "ann", Period(house.now)))
    house.do("ann", Appointment("council", "bob", june))
